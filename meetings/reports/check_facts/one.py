"""The facts of one record, out of what was read around many."""

import re
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from django.utils import timezone

from branches.models import BranchType, Organization, PostRole
from meetings.checks.facts import Earlier, Elsewhere, Named, RecordFacts
from meetings.models import DatedDocument, FixedAction, Meeting, MeetingKind
from meetings.models.meeting import COUNTED_STATES
from meetings.record import Gathering, Record

from .around import IN_THE_ROOM, LOOK_BACK_DAYS, SAME_SITTING, Around, Item

# 杜村村第一党支部 is of 杜村村, and 四峰村党支部 of 四峰村.
VILLAGE = re.compile("(.+?(?:村|社区))(?=第|党|支部|总支|联合)")


def facts_around(meeting: Meeting, record: Record, around: Around, on: date) -> RecordFacts:
    branch = meeting.branch
    people = around.rosters[meeting.branch_id, record.day]
    record = replace(record, probationary=people.probationary)
    among = record.gathering
    names = {person.seat.member_id: person.seat.name for person in people.people}
    names |= {seat.member_id: seat.name for seat in record.seats if seat.name}
    versions = around.versions.get(meeting.pk, 0)
    submitted = timezone.localdate(meeting.submitted_at) if meeting.submitted_at else None
    return RecordFacts(
        record=record,
        on=on,
        meeting_id=meeting.pk,
        is_submitted=meeting.state in COUNTED_STATES,
        branch_name=branch.short_name,
        own_names=(branch.short_name, branch.name),
        other_names=_other_names(meeting, around),
        branch_since=branch.established_on,
        roster=() if among is Gathering.PAIR else people.seats_for(among, record.group_id),
        full_members=sum(person.is_full for person in people.people),
        committee=people.committee(),
        deputies=frozenset({people.holder(PostRole.DEPUTY)} - {None}),
        rightful_chair_id=people.rightful_chair(among, record.group_id),
        names=names,
        fixed_actions=_fixed(record, around.fixed.get(branch.township_id, ())),
        written_at=timezone.localtime(meeting.written_at) if meeting.written_at else None,
        submitted_on=submitted,
        submit_by=meeting.submit_by,
        written_together=_together(meeting, around),
        amended_unexplained=bool(meeting.amended_at) and not versions,
        versions=versions,
        signed_on=meeting.signed_on,
        asks_signature=_has_begun(around.signed_since, meeting, submitted),
        plan_theme=around.themes.get(meeting.plan_item_id, ""),
        is_village=branch.branch_type in (BranchType.VILLAGE, BranchType.COMMUNITY),
        guest_members=_guest_members(record, names),
        outsiders=frozenset(
            pk for pk in _seated(record) if around.branch_of.get(pk) not in (None, branch.pk)
        ),
        away=frozenset(person.seat.member_id for person in people.people if person.away),
        not_made_up=frozenset(around.not_made_up.get(meeting.pk, ())),
        elsewhere=_elsewhere(meeting, record, around),
        documents=_documents(branch, record, around.documents),
        **_leaders(meeting, record, around),
        **_before(meeting, record, around),
    )


def _has_begun(since: dict[int, date], meeting: Meeting, on: date | None) -> bool:
    """Say whether the township did so by that day."""
    began = since.get(meeting.branch.township_id)
    return began is not None and on is not None and began <= on


def _seated(record: Record) -> set[int]:
    return {seat.member_id for seat in record.seats}


def _other_names(meeting: Meeting, around: Around) -> tuple[str, ...]:
    """Return the names of the township's other branches and of their villages, but of those that
    held this meeting together with the branch."""
    together = around.partners.get(meeting.joint_id, {meeting.branch_id})
    known = around.names.get(meeting.branch.township_id, ())
    found = {name for _pk, name in known}
    ours = [meeting.branch.short_name, *(name for pk, name in known if pk in together)]
    found |= {village[1] for name in found if (village := VILLAGE.match(name))}
    return tuple(sorted(name for name in found if not any(name in own for own in ours)))


def _fixed(record: Record, actions: Iterable[FixedAction]) -> tuple[tuple[int, str], ...]:
    return tuple(
        (action.pk, action.name)
        for action in actions
        if action.valid_from <= record.day
        and (action.valid_to is None or action.valid_to >= record.day)
    )


def _together(meeting: Meeting, around: Around) -> int:
    """Count the days whose records were first written within an hour of this one's."""
    if not meeting.written_at:
        return 1
    rows = around.written.get(meeting.branch_id, ())
    return (
        len({day for at, day in rows if abs(at - meeting.written_at) <= SAME_SITTING} | {None}) - 1
    )


def _guest_members(record: Record, names: dict[int, str]) -> frozenset[int]:
    guests = {guest.name for guest in record.guests}
    return frozenset(pk for pk, name in names.items() if name in guests)


def _elsewhere(meeting: Meeting, record: Record, around: Around) -> tuple[Elsewhere, ...]:
    """Return the other meetings of the day, but those held together with this one."""
    rows = []
    for seat in record.seats:
        if seat.state in IN_THE_ROOM:
            rows += around.elsewhere.get((seat.member_id, record.day), ())
    for leader_id in around.leaders.get(meeting.pk, ()):
        rows += around.leaders_elsewhere.get((leader_id, record.day), ())
    return tuple(
        other
        for pk, joint_id, other in rows
        if pk != meeting.pk and (joint_id is None or joint_id != meeting.joint_id)
    )


def _documents(
    branch: Organization, record: Record, documents: Iterable[DatedDocument]
) -> tuple[Named, ...]:
    return tuple(
        Named(
            title=document.title,
            spellings=(
                document.title,
                *filter(None, map(str.strip, document.aliases.splitlines())),
            ),
            issued_on=document.issued_on,
        )
        for document in documents
        if document.issued_on > record.day and document.township_id in (None, branch.township_id)
    )


def _leaders(meeting: Meeting, record: Record, around: Around) -> dict:
    reviews = around.reviews.get(meeting.pk, ())
    decided = [review.decided_at for review in reviews if review.decided_at]
    linked = around.contact_points.get(meeting.branch_id, ())
    return {
        "review_asked_on": timezone.localdate(reviews[0].asked_at) if reviews else None,
        "review_decided_at": timezone.localtime(decided[-1]) if decided else None,
        "has_linked_leader": _has_begun(around.reviewed_since, meeting, record.day)
        and any(
            point.from_on <= record.day and (point.to_on is None or point.to_on > record.day)
            for point in linked
        ),
        "leaders_present": tuple(sorted(around.leaders.get(meeting.pk, {}).items())),
        "comments": around.comments.get(meeting.pk, 0),
    }


def _before(meeting: Meeting, record: Record, around: Around) -> dict:
    """Return what earlier meetings of the branch leave to this one."""
    kinds = around.earlier_kinds.get(meeting.branch_id, {})
    since = record.day - timedelta(days=LOOK_BACK_DAYS)
    before = {
        pk: row
        for pk, row in kinds.items()
        if pk != meeting.pk and (since, 0) <= (row[0], pk) < (record.day, meeting.pk or 2**62)
    }
    all_items = around.earlier_items.get(meeting.branch_id, ())
    items = [item for item in all_items if item.meeting_id in before]
    until = record.day + timedelta(days=LOOK_BACK_DAYS)
    assemblies = {
        pk
        for pk, (day, of, _group_id) in kinds.items()
        if MeetingKind.ASSEMBLY in of and since <= day <= until
    }
    same = [
        (day, pk)
        for pk, (day, of, group_id) in before.items()
        if of & set(record.kinds) and group_id == record.group_id
    ]
    last = max(same)[1] if same else None
    return {
        "earlier_committee": tuple(
            _earlier(item, before)
            for item in items
            if MeetingKind.COMMITTEE in before[item.meeting_id][1]
        ),
        "assemblies": tuple(
            _earlier(item, kinds) for item in all_items if item.meeting_id in assemblies
        ),
        "open_decisions": tuple(
            _earlier(item, before)
            for item in items
            if item.meeting_id == last and item.is_decision and not item.is_followed
        ),
        "unanswered_comments": tuple(around.unanswered.get(last, ())) if last else (),
    }


def _earlier(item: Item, meetings: dict) -> Earlier:
    return Earlier(
        item_id=item.pk,
        title=item.title,
        day=item.day,
        kinds=tuple(sorted(meetings[item.meeting_id][1])),
        text=f"{item.minutes}{item.resolution}",
        due_on=item.due_on,
    )
