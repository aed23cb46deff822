"""Writing a record: attendance, agenda, votes and guests in sets, only where they differ.

Everything that changed goes into one entry of the audit log, on the meeting.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from auditlog.models import LogEntry
from django.db.models import F
from django.utils.translation import gettext as _

from accounts.models import User
from config.language import in_source_script
from meetings.models import (
    AgendaItem,
    Attendance,
    AttendanceState,
    Candidate,
    Guest,
    Meeting,
    MeetingKind,
    MeetingState,
    MeetingType,
    Vote,
)
from meetings.record import (
    Ballots,
    Choice,
    Entry,
    Gathering,
    Record,
    Seat,
    Visitor,
    counts_for,
)

from .life import write_life


class StaleRecord(Exception):
    """Somebody saved the meeting since the form was made, or it is no longer to be written."""


WRITABLE = (MeetingState.PLANNED, MeetingState.DRAFT)
PLAIN_FIELDS = (
    "title",
    "day",
    "starts_at",
    "ends_at",
    "place",
    "chair_id",
    "recorder_id",
    "chair_note",
    "summary",
    "late_note",
    "group_id",
)
Changes = dict[str, list[str]]


@in_source_script
def write_record(
    meeting: Meeting,
    record: Record,
    fields: dict,
    *,
    version: int | None,
    writable: tuple[str, ...] = WRITABLE,
    reason: str = "",
    by: User,
    at: datetime,
) -> None:
    """Write the meeting and its rows, only where they differ, and log what changed."""
    fields = {name: getattr(record, name) for name in PLAIN_FIELDS} | fields
    state = fields.get("state", meeting.state)
    is_new = meeting.pk is None
    # Nobody has come to a meeting that is only planned: there is no attendance to compare with.
    is_first = is_new or meeting.state == MeetingState.PLANNED
    changes = _differences(meeting, fields, is_new=is_new)
    if is_new:
        fields |= {"township_id": meeting.branch.township_id, "planned_by": by}
        for name, value in fields.items():
            setattr(meeting, name, value)
        # Not save(): the audit log gets one entry with everything, below.
        Meeting.objects.bulk_create([meeting])
    else:
        ours = Meeting.objects.filter(pk=meeting.pk, version=version or 0, state__in=writable)
        if not ours.update(**fields, version=F("version") + 1):
            raise StaleRecord
        for name, value in fields.items():
            setattr(meeting, name, value)
        meeting.version = (version or 0) + 1
    seats = record.seats if state != MeetingState.PLANNED else ()
    _write_types(meeting, record, seats, is_new=is_new)
    changes |= _write_agenda(meeting, record.agenda, is_new=is_new)
    changes |= _write_attendance(meeting, seats, record.gathering, is_first=is_first)
    changes |= _write_guests(meeting, record.guests, is_new=is_new)
    changes |= write_life(meeting, record, is_new=is_new)
    if changes or reason:
        LogEntry.objects.log_create(
            meeting,
            force_log=True,
            action=LogEntry.Action.CREATE if is_new else LogEntry.Action.UPDATE,
            changes=changes,
            additional_data={"reason": reason} if reason else None,
            actor=by,
            timestamp=at,
        )


def _differences(meeting: Meeting, fields: dict, *, is_new: bool) -> Changes:
    """Return the changed fields by name, old and new as text."""
    changes = {}
    for name, value in fields.items():
        before = None if is_new else getattr(meeting, name)
        if (before or None) != (value or None):
            changes[name.removesuffix("_id")] = [
                "" if v is None else str(v) for v in (before, value)
            ]
    return changes


def _write_types(
    meeting: Meeting, record: Record, seats: tuple[Seat, ...], *, is_new: bool
) -> None:
    is_counted = meeting.is_counted
    wanted = {
        (kind, record.group_id if kind == MeetingKind.GROUP else None): (
            record.day if is_counted and counts_for(kind, seats) else None
        )
        for kind in sorted(record.kinds, key=MeetingKind.values.index)
    }
    if not is_new:
        known = {
            row[:2]: row[2] for row in meeting.types.values_list("kind", "group", "counted_on")
        }
        if known == wanted:
            return
        days = set(wanted.values())
        if known.keys() == wanted.keys() and len(days) == 1:
            meeting.types.update(counted_on=days.pop())
            return
        meeting.types.all().delete()
    MeetingType.objects.bulk_create(
        MeetingType(
            meeting=meeting,
            kind=kind,
            branch_id=meeting.branch_id,
            group_id=group_id,
            counted_on=counted_on,
        )
        for (kind, group_id), counted_on in wanted.items()
    )


ENTRY_FIELDS = (
    "kind",
    "title",
    "source_on",
    "speaker",
    "minutes",
    "resolution",
    "fixed_action_id",
    "course_id",
    "is_done",
    "responsible",
    "due_on",
    "follows_id",
)


def _write_agenda(meeting: Meeting, entries: tuple[Entry, ...], *, is_new: bool) -> Changes:
    """Write the agenda row by row, so that an edited item stays the same item: by its own row
    where the entry names one, else by the next of its kind."""
    before = [] if is_new else list(meeting.agenda.select_related("vote"))
    kept = _kept_items(before, entries)
    items: list[AgendaItem] = []
    new: list[AgendaItem] = []
    changed: list[AgendaItem] = []
    votes = {item.pk: getattr(item, "vote", None) for item in before}
    old = [_entry_text(item, votes[item.pk]) for item in before]
    for position, entry in enumerate(entries, start=1):
        values = {name: getattr(entry, name) for name in ENTRY_FIELDS} | {"position": position}
        item = kept[position - 1] or AgendaItem(meeting=meeting)
        is_changed = any(getattr(item, name) != value for name, value in values.items())
        for name, value in values.items():
            setattr(item, name, value)
        items.append(item)
        if item.pk is None:
            new.append(item)
        elif is_changed:
            changed.append(item)
    surplus = votes.keys() - {item.pk for item in items}
    if surplus:
        AgendaItem.objects.filter(pk__in=surplus).delete()
    if changed:
        AgendaItem.objects.bulk_create(
            changed,
            update_conflicts=True,
            unique_fields=["id"],
            update_fields=[*(n.removesuffix("_id") for n in ENTRY_FIELDS), "position"],
        )
    AgendaItem.objects.bulk_create(new)
    _write_votes(zip(items, entries, strict=True), votes)
    now = [_entry_text(item, entry.ballots) for item, entry in zip(items, entries, strict=True)]
    return {} if old == now else {_("议程"): ["\n".join(old), "\n".join(now)]}


def _kept_items(before: list[AgendaItem], entries: tuple[Entry, ...]) -> list[AgendaItem | None]:
    """Return the row of each entry, None where it is a new one."""
    rows: dict[int | None, AgendaItem] = {item.pk: item for item in before}
    kept = [rows.pop(entry.pk, None) for entry in entries]
    unmatched = defaultdict(list)
    for item in rows.values():
        unmatched[item.kind].append(item)
    for place, entry in enumerate(entries):
        if kept[place] is None and unmatched[entry.kind]:
            kept[place] = unmatched[entry.kind].pop(0)
    return kept


def _entry_text(item: AgendaItem, vote: Vote | Ballots | None) -> str:
    parts = [item.get_kind_display(), item.title, item.speaker, item.minutes, item.resolution]
    if not item.is_done:
        parts.append(_("未开展"))
    if vote is not None:
        parts.append(f"{vote.in_favour}/{vote.against}/{vote.abstaining}")
    return " · ".join(part for part in map(str, parts) if part)


BALLOT_FIELDS = (
    "rule",
    "is_secret",
    "in_favour",
    "against",
    "abstaining",
    "invalid",
    "step",
    "candidate",
    "introducers",
)


def _write_votes(pairs: Iterable[tuple[AgendaItem, Entry]], before: dict[int, Vote | None]) -> None:
    changed, dropped = [], []
    pairs = list(pairs)
    for item, entry in pairs:
        vote, ballots = before.get(item.pk), entry.ballots
        if ballots is None:
            if vote is not None:
                dropped.append(vote.pk)
        elif vote is None or any(getattr(vote, n) != getattr(ballots, n) for n in BALLOT_FIELDS):
            values = {name: getattr(ballots, name) for name in BALLOT_FIELDS}
            changed.append(Vote(item=item, **values))
    if dropped:
        Vote.objects.filter(pk__in=dropped).delete()
    if changed:
        Vote.objects.bulk_create(
            changed, update_conflicts=True, unique_fields=["item"], update_fields=BALLOT_FIELDS
        )
    if any(entry.ballots and entry.ballots.rule == "election" for _item, entry in pairs) or any(
        vote and vote.rule == "election" for vote in before.values()
    ):
        _write_candidates(pairs)


def _write_candidates(pairs: list[tuple[AgendaItem, Entry]]) -> None:
    """Write the names on the ballots of elections anew wherever they differ."""
    votes = {vote.item_id: vote for vote in Vote.objects.filter(item__in=[i.pk for i, _e in pairs])}
    known = defaultdict(list)
    for row in Candidate.objects.filter(vote__in=[vote.pk for vote in votes.values()]):
        known[row.vote_id].append(Choice(row.name, row.in_favour))
    for item, entry in pairs:
        vote = votes.get(item.pk)
        wanted = list(entry.ballots.choices) if entry.ballots else []
        if vote is None or known[vote.pk] == wanted:
            continue
        vote.candidates.all().delete()
        Candidate.objects.bulk_create(
            Candidate(vote=vote, position=place, name=one.name, in_favour=one.in_favour)
            for place, one in enumerate(wanted, start=1)
        )


def _write_attendance(
    meeting: Meeting, seats: tuple[Seat, ...], gathering: Gathering | None, *, is_first: bool
) -> Changes:
    """Keep a row for everyone expected, present or not: rows of those present alone would make
    every meeting a full one. A 谈心谈话 has only those who took part."""
    if gathering is Gathering.PAIR:
        seats = tuple(seat for seat in seats if seat.is_present)
    wanted = {seat.member_id: seat for seat in seats if seat.state}
    before = {} if is_first else {row.member_id: row for row in meeting.attendance.all()}
    changed = [
        seat
        for member_id, seat in wanted.items()
        if (row := before.get(member_id)) is None
        or (row.state, row.reason, row.excuse, row.can_vote, row.adjustment)
        != (seat.state, seat.reason, seat.excuse, seat.can_vote, seat.adjustment)
    ]
    gone = before.keys() - wanted.keys()
    if gone:
        meeting.attendance.filter(member__in=gone).delete()
    if changed:
        Attendance.objects.bulk_create(
            [
                Attendance(
                    meeting=meeting,
                    member_id=seat.member_id,
                    state=seat.state,
                    reason=seat.reason,
                    excuse=seat.excuse,
                    can_vote=seat.can_vote,
                    adjustment=seat.adjustment,
                )
                for seat in changed
            ],
            update_conflicts=True,
            unique_fields=["meeting", "member"],
            update_fields=["state", "reason", "excuse", "can_vote", "adjustment"],
        )
    return _attendance_changes(before, wanted, changed, gone)


def _attendance_changes(before: dict, wanted: dict, changed: list[Seat], gone: set) -> Changes:
    """Say who was away, and whose attendance was changed, by name; the reason of a leave, which
    may be a matter of health, stays out of the log."""
    if not (changed or gone):
        return {}
    if not before:
        away = [seat.name for seat in wanted.values() if seat.is_expected and not seat.is_present]
        told = _("%(count)s人；未到会：%(names)s") % {
            "count": len(wanted),
            "names": "、".join(away) or _("无"),
        }
        return {_("出席"): ["", told]}
    labels = dict(AttendanceState.choices)
    old = [
        f"{seat.name or seat.member_id}：{labels[before[seat.member_id].state]}"
        for seat in changed
        if seat.member_id in before
    ]
    new = [f"{seat.name or seat.member_id}：{labels[seat.state]}" for seat in changed]
    if gone:
        old.append(_("%(count)s人不再列入名单") % {"count": len(gone)})
    return {_("出席"): ["；".join(old), "；".join(new)]}


def _write_guests(meeting: Meeting, guests: tuple[Visitor, ...], *, is_new: bool) -> Changes:
    before = (
        []
        if is_new
        else [Visitor(*row) for row in meeting.guests.values_list("name", "position", "leader")]
    )
    if before == list(guests):
        return {}
    if before:
        meeting.guests.all().delete()
    Guest.objects.bulk_create(
        Guest(meeting=meeting, name=g.name, position=g.position, leader_id=g.leader_id)
        for g in guests
    )
    return {_("列席"): ["、".join(g.name for g in before), "、".join(g.name for g in guests)]}
