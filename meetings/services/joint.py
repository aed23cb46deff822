"""Meetings that several branches hold together (联合召开): entered once, recorded for each.

The first meeting of a `JointMeeting` is the one that was written; the others got what all of them
share. Attendance and votes are each branch's own.
"""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from branches.models import DutyKind, Organization
from branches.people import holding
from config.language import in_source_script
from meetings.models import (
    JointMeeting,
    Meeting,
    MeetingKind,
    MeetingState,
    MeetingType,
)
from meetings.record import Entry, Gathering, Record, gathering
from meetings.reports.sheet import new_sheet, sheet_of
from meetings.reports.stored import kinds_of, stored_record
from meetings.rules import Span
from notifications.services import notify

from .writing import WRITABLE, StaleRecord, write_record

# What belongs to one branch alone and is not handed on.
OWN: dict = {
    "group_id": None,
    "late_note": "",
    "chair_note": "",
    "remarks": (),
    "shortcomings": (),
    "assessed": (),
}
# Who gathers where no other branch can join; None: kinds that are no one meeting.
OF_ONE_BRANCH: frozenset[Gathering | None] = frozenset({Gathering.GROUP, Gathering.PAIR, None})


def can_be_joint(meeting: Meeting) -> bool:
    """Say whether others may join: a group or a talk is of one branch's own."""
    is_open = meeting.state not in (MeetingState.ARCHIVED, MeetingState.CANCELLED)
    own = gathering(kinds_of(meeting)) in OF_ONE_BRANCH
    return is_open and not own


@in_source_script
@transaction.atomic
def hold_jointly(
    meeting: Meeting, branches: Iterable[Organization], *, by: User, at: datetime
) -> list[Meeting]:
    """Make a draft of the meeting for each of the branches and tell their secretaries.

    Each has what all share and its own roster, everyone present: it only ticks who was away, votes
    for itself, and hands in. A planned meeting of the same kind in the month becomes the draft. A
    branch that is in already is left alone.
    """
    if meeting.joint_id is None:
        made = JointMeeting.objects.create(created_by=by, created_at=at)
        if not Meeting.objects.filter(pk=meeting.pk, joint=None).update(joint=made):
            made.delete()
            meeting.refresh_from_db(fields=["joint"])
        else:
            meeting.joint = made
    known = set(Meeting.objects.filter(joint=meeting.joint_id).values_list("branch", flat=True))
    shared = _shared(meeting)
    copies = [
        _copy(meeting, shared, branch, by=by, at=at)
        for branch in branches
        if branch.pk not in known
    ]
    for copy in copies:
        _tell(copy, meeting.branch, by=by, at=at)
    return copies


def shared_with_others(meeting: Meeting) -> Record | None:
    """Return what the meeting shares with others as it stands, or None when it is not the first of
    a joint meeting: to be asked before a change, so that `bring_over` knows who kept to it."""
    if meeting.pk is None or meeting.joint_id is None or _is_copy(meeting):
        return None
    return _shared(Meeting.objects.get(pk=meeting.pk))


@in_source_script
def bring_over(meeting: Meeting, before: Record | None, *, by: User, at: datetime) -> int:
    """Hand a change of the shared content on to those who have not handed in yet.

    A branch that wrote something of its own meanwhile keeps it: its shared content is no longer
    what it was given. Returns how many were changed.
    """
    if before is None:
        return 0
    after = _shared(Meeting.objects.get(pk=meeting.pk))
    if after == before:
        return 0
    open_ones = Meeting.objects.filter(joint=meeting.joint_id, state__in=WRITABLE)
    changed = 0
    for copy in open_ones.exclude(pk=meeting.pk).select_related("branch"):
        if _shared(copy) == before:
            changed += _write(copy, after, meeting.branch, by=by, at=at)
    return changed


# --- One branch's share --------------------------------------------------------------------------


def _is_copy(meeting: Meeting) -> bool:
    return Meeting.objects.filter(joint=meeting.joint_id, pk__lt=meeting.pk).exists()


def _shared(meeting: Meeting) -> Record:
    """Return what all branches have in common: no seats, no ballots, nothing of one's members."""
    record = stored_record(meeting, seats=())
    return replace(
        record,
        **OWN,
        kinds=tuple(sorted(record.kinds, key=MeetingKind.values.index)),
        agenda=tuple(_without_votes(entry) for entry in record.agenda),
    )


def _without_votes(entry: Entry) -> Entry:
    """A decision stays a decision: the other branch puts it to its own vote."""
    return replace(entry, ballots=None, follows_id=None)


def _copy(
    meeting: Meeting, shared: Record, branch: Organization, *, by: User, at: datetime
) -> Meeting:
    copy = _waiting(branch, shared) or Meeting(branch=branch)
    copy.joint = meeting.joint
    _write(copy, shared, meeting.branch, by=by, at=at)
    return copy


def _waiting(branch: Organization, shared: Record) -> Meeting | None:
    """Find the meeting of one of these kinds that is planned and still empty in the same month."""
    month = Span.containing(shared.day, "month")
    kinds = MeetingType.objects.filter(kind__in=set(shared.kinds) - {MeetingKind.GROUP})
    return (
        Meeting.objects.filter(
            branch=branch,
            state=MeetingState.PLANNED,
            joint=None,
            agenda=None,
            day__gte=month.start,
            day__lte=month.end,
            types__in=kinds.filter(branch=branch),
        )
        .order_by("day", "pk")
        .first()
    )


def _write(copy: Meeting, shared: Record, first: Organization, *, by: User, at: datetime) -> bool:
    """Write the shared content into one branch's meeting; False if it was saved just now."""
    fields: dict = {"joint_id": copy.joint_id}
    if shared.day <= timezone.localdate(at):
        fields |= {"state": MeetingState.DRAFT, "written_at": copy.written_at or at}
    else:
        fields |= {"state": MeetingState.PLANNED}
    note = _("与%(branch)s联合召开") % {"branch": first} if shared.chair_id else ""
    record = replace(shared, chair_note=note, seats=_seats(copy, shared, by=by))
    try:
        write_record(copy, record, fields, version=copy.version, by=by, at=at)
    except StaleRecord:
        return False
    return True


def _seats(copy: Meeting, shared: Record, *, by: User) -> tuple:
    """Everyone of the branch's own roster of that day, present until told otherwise."""
    kinds, day = shared.kinds, shared.day
    if copy.pk is None:
        sheet = new_sheet(copy.branch, kinds=kinds, day=day, group_id=None, user_id=by.pk)
    else:
        kinds_of(copy)
        sheet = sheet_of(copy, kinds=kinds, day=day, group_id=None, user_id=by.pk)
    return sheet.seats


def _tell(copy: Meeting, first: Organization, *, by: User, at: datetime) -> None:
    secretaries = holding({DutyKind.SECRETARY}, copy.branch, on=timezone.localdate(at))
    notify(
        secretaries.exclude(pk=by.pk),
        key=f"meetings.joint:{copy.pk}",
        title=_("联合召开：%(title)s") % {"title": copy.title},
        text=_("%(branch)s已写好共同的内容。请核对本支部到会情况，表决事项单独表决，然后提交。")
        % {"branch": first},
        url=copy.get_absolute_url(),
        at=at,
    )
