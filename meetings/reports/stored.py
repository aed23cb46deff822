"""Records as they stand in the database, as the values that the logging form would send."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import replace

from django.db.models import Model

from meetings.models import (
    AgendaItem,
    Appraisal,
    Candidate,
    Criticism,
    Guest,
    Meeting,
    MeetingType,
    Problem,
    Vote,
)
from meetings.record import (
    Assessed,
    Ballots,
    Choice,
    Entry,
    Record,
    Remark,
    Seat,
    Shortcoming,
    Visitor,
)

from .attendance import seats_of_each

PLAIN = (
    "title",
    "day",
    "group_id",
    "starts_at",
    "ends_at",
    "place",
    "chair_id",
    "recorder_id",
    "chair_note",
    "summary",
    "late_note",
)


def kinds_of(meeting: Meeting) -> tuple[str, ...]:
    """Return the meeting's kinds, read once and kept on it as `held_as`."""
    if not hasattr(meeting, "held_as"):
        meeting.held_as = tuple(meeting.types.order_by("pk").values_list("kind", flat=True))
    return meeting.held_as


def stored_record(meeting: Meeting, *, seats: tuple[Seat, ...]) -> Record:
    """Return the record of one meeting as it stands, but with these seats."""
    return replace(stored_records([meeting])[meeting.pk], seats=seats)


def stored_records(meetings: Collection[Meeting]) -> dict[int, Record]:
    """Return the record of each meeting by its id, in eight statements."""
    pks = [meeting.pk for meeting in meetings]
    kinds = _each(MeetingType.objects.filter(meeting__in=pks).values_list("meeting", "kind"))
    seats: dict[int, tuple[Seat, ...]] = seats_of_each(meetings)
    guests = _each(
        Guest.objects.filter(meeting__in=pks).values_list("meeting", "name", "position", "leader")
    )
    choices = defaultdict(list)
    candidates = Candidate.objects.filter(vote__item__meeting__in=pks)
    for vote_id, *row in candidates.values_list("vote", "name", "in_favour"):
        choices[vote_id].append(Choice(*row))
    agenda = defaultdict(list)
    for item in AgendaItem.objects.filter(meeting__in=pks).select_related("vote"):
        vote = getattr(item, "vote", None)
        agenda[item.meeting_id].append(_entry(item, tuple(choices[vote.pk]) if vote else ()))
    parts = {model: defaultdict(list) for model in (Criticism, Problem, Appraisal)}
    for model, found in parts.items():
        for row in model.objects.filter(meeting__in=pks):
            found[row.meeting_id].append(row)
    return {
        meeting.pk: Record(
            kinds=tuple(kind for (kind,) in kinds[meeting.pk]),
            agenda=tuple(agenda[meeting.pk]),
            seats=seats.get(meeting.pk, ()),
            guests=tuple(Visitor(*guest) for guest in guests[meeting.pk]),
            **{
                part: _rows(part, parts[model][meeting.pk])
                for model, part in (
                    (Criticism, "remarks"),
                    (Problem, "shortcomings"),
                    (Appraisal, "assessed"),
                )
            },
            **{name: getattr(meeting, name) for name in PLAIN},
        )
        for meeting in meetings
    }


def _each(rows: Iterable[tuple]) -> dict[int, list[tuple]]:
    found = defaultdict(list)
    for pk, *row in rows:
        found[pk].append(tuple(row))
    return found


def _entry(item: AgendaItem, choices: tuple[Choice, ...]) -> Entry:
    """Return an agenda item, its vote loaded, as the form would send it."""
    vote = getattr(item, "vote", None)
    return Entry(
        **{name: getattr(item, name) for name in Entry.__dataclass_fields__ if name != "ballots"},
        ballots=_ballots(vote, choices) if vote else None,
    )


def _ballots(vote: Vote, choices: tuple[Choice, ...]) -> Ballots:
    names = (name for name in Ballots.__dataclass_fields__ if name != "choices")
    return Ballots(**{name: getattr(vote, name) for name in names}, choices=choices)


PARTS = {"remarks": Remark, "shortcomings": Shortcoming, "assessed": Assessed}


def _rows(part: str, rows: Iterable[Model]) -> tuple:
    """Return the rows of one part as its values, field by field."""
    value = PARTS[part]
    return tuple(
        value(**{name: getattr(row, name) for name in value.__dataclass_fields__}) for row in rows
    )
