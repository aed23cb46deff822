"""From a plan to an archived record; `writing` puts it into rows."""

from collections.abc import Collection, Iterable
from datetime import date, datetime, time

from auditlog.models import LogEntry
from django.db import transaction
from django.db.models import F
from django.utils import timezone

from accounts.models import User
from branches.models import Organization, PartyGroup
from meetings.models import ActivityPolicy, Meeting, MeetingState, YearPlanItem
from meetings.record import Lack, Record, lacks
from meetings.reports.versions import record_text
from notifications.services import add_working_days

from . import joint
from .archive import keep_version
from .obligations import settle_checklists
from .writing import write_record


class IncompleteRecord(Exception):
    """The record lacks what `lacks` names and was not handed in."""

    def __init__(self, lacks: list[Lack]) -> None:
        super().__init__(", ".join(lack.what for lack in lacks))
        self.lacks = lacks


@transaction.atomic
def plan_meeting(
    branch: Organization,
    *,
    kinds: Iterable[str],
    title: str,
    day: date,
    starts_at: time | None = None,
    place: str = "",
    group: PartyGroup | None = None,
    plan_item: YearPlanItem | None = None,
    by: User,
    at: datetime,
) -> Meeting:
    """Put a meeting on the branch's calendar and return it.

    `plan_item` is the line of the year's plan that it starts from.
    """
    meeting = Meeting(branch=branch)
    record = Record(
        kinds=tuple(kinds),
        title=title,
        day=day,
        starts_at=starts_at,
        place=place,
        group_id=group.pk if group else None,
    )
    fields: dict = {"state": MeetingState.PLANNED}
    if plan_item is not None:
        fields["plan_item_id"] = plan_item.pk
    write_record(meeting, record, fields, version=None, by=by, at=at)
    return meeting


@transaction.atomic
def save_record(
    meeting: Meeting, record: Record, *, version: int | None = None, by: User, at: datetime
) -> Meeting:
    """Keep what has been written so far; nothing has to be complete.

    `meeting` may be new. `version` is the one the form was made from; raises StaleRecord when it
    is no longer the newest. Before its day the meeting stays planned, and nobody has come yet.
    """
    fields: dict = {}
    if record.day > timezone.localdate(at):
        fields["state"] = MeetingState.PLANNED
    else:
        fields |= {"state": MeetingState.DRAFT, "written_at": meeting.written_at or at}
    shared = joint.shared_with_others(meeting)
    write_record(meeting, record, fields, version=version, by=by, at=at)
    joint.bring_over(meeting, shared, by=by, at=at)
    return meeting


@transaction.atomic
def submit_record(
    meeting: Meeting,
    record: Record,
    *,
    version: int | None = None,
    rightful_chair_id: int | None,
    by: User,
    at: datetime,
) -> Meeting:
    """Hand in the record, so that it counts, and settle the checklists that waited for it.

    Raises IncompleteRecord with all that is missing. Handed in again after a withdrawal it keeps
    the first date of submission and says when it was amended.
    """
    _refuse_incomplete(meeting, record, rightful_chair_id, at)
    was_submitted = meeting.submitted_at is not None
    fields = {
        "state": MeetingState.RECORDED,
        "written_at": meeting.written_at or at,
        "submitted_at": meeting.submitted_at or at,
        "submitted_by_id": meeting.submitted_by_id or by.pk,
        "submit_by": meeting.submit_by or _submit_by(meeting, record.day),
        "amended_at": at if was_submitted else None,
    }
    shared = joint.shared_with_others(meeting)
    write_record(meeting, record, fields, version=version, by=by, at=at)
    joint.bring_over(meeting, shared, by=by, at=at)
    _settle(meeting, at, record.kinds)
    return meeting


@transaction.atomic
def amend_record(
    meeting: Meeting,
    record: Record,
    *,
    version: int,
    reason: str,
    rightful_chair_id: int | None,
    by: User,
    at: datetime,
) -> Meeting:
    """Correct a record that was handed in, archived or not; the old text stays readable.

    An archived record stays archived. Who, when and why stand with the version it replaces.
    """
    _refuse_incomplete(meeting, record, rightful_chair_id, at)
    was_archived, text = meeting.state == MeetingState.ARCHIVED, record_text(meeting)
    shared = joint.shared_with_others(meeting)
    write_record(
        meeting,
        record,
        {"amended_at": at},
        version=version,
        writable=(meeting.state,) if meeting.is_counted else (),
        reason=reason,
        by=by,
        at=at,
    )
    keep_version(meeting, text, was_archived=was_archived, reason=reason, by=by, at=at)
    joint.bring_over(meeting, shared, by=by, at=at)
    _settle(meeting, at)
    return meeting


@transaction.atomic
def withdraw_record(meeting: Meeting, *, reason: str, by: User, at: datetime) -> bool:
    """Take a record back to work on it; it no longer counts. Return False if it was not handed in.

    What was handed in stays readable as a version.
    """
    before = meeting.state
    taken = (
        Meeting.objects.filter(pk=meeting.pk, state=before)
        .counted()
        .update(state=MeetingState.DRAFT, version=F("version") + 1)
    )
    if not taken:
        return False
    meeting.types.update(counted_on=None)
    text, was_archived = record_text(meeting), before == MeetingState.ARCHIVED
    keep_version(meeting, text, was_archived=was_archived, reason=reason, by=by, at=at)
    _log_state(meeting, before, MeetingState.DRAFT, reason=reason, by=by, at=at)
    _settle(meeting, at)
    return True


@transaction.atomic
def cancel_meeting(meeting: Meeting, *, reason: str, by: User, at: datetime) -> bool:
    """Call off a meeting that was not handed in; return False if it was, or was off already."""
    before = meeting.state
    cancelled = Meeting.objects.filter(
        pk=meeting.pk, state__in=(MeetingState.PLANNED, MeetingState.DRAFT)
    ).update(state=MeetingState.CANCELLED, cancel_reason=reason, version=F("version") + 1)
    if not cancelled:
        return False
    meeting.types.update(counted_on=None)
    _log_state(meeting, before, MeetingState.CANCELLED, reason=reason, by=by, at=at)
    _settle(meeting, at)
    return True


@transaction.atomic
def archive_meeting(
    meeting: Meeting, *, signed_on: date | None = None, by: User, at: datetime
) -> bool:
    """Close the record; return False unless it had been handed in and was still open.

    `signed_on` is the day on which chair and recorder signed the printed copy, where they did.
    """
    archived = Meeting.objects.filter(pk=meeting.pk, state=MeetingState.RECORDED).update(
        state=MeetingState.ARCHIVED, signed_on=signed_on, version=F("version") + 1
    )
    if archived:
        _log_state(meeting, MeetingState.RECORDED, MeetingState.ARCHIVED, by=by, at=at)
    return bool(archived)


# --- Checking -----------------------------------------------------------------------------------


def _refuse_incomplete(
    meeting: Meeting, record: Record, rightful_chair_id: int | None, at: datetime
) -> None:
    found = list(
        lacks(
            record,
            on=timezone.localdate(at),
            branch_since=meeting.branch.established_on,
            rightful_chair_id=rightful_chair_id,
        )
    )
    if found:
        raise IncompleteRecord(found)


def _submit_by(meeting: Meeting, day: date) -> date:
    policy = ActivityPolicy.objects.filter(township=meeting.branch.township_id).first()
    return add_working_days(day, (policy or ActivityPolicy()).submit_within)


def _settle(meeting: Meeting, at: datetime, kinds: Collection[str] | None = None) -> None:
    branch = Organization.objects.filter(pk=meeting.branch_id)
    settle_checklists(branch, kinds=kinds, at=at)


def _log_state(
    meeting: Meeting, before: str, after: str, *, reason: str = "", by: User, at: datetime
) -> None:
    meeting.state = after
    LogEntry.objects.log_create(
        meeting,
        action=LogEntry.Action.UPDATE,
        changes={"state": [str(before), str(after)]},
        additional_data={"reason": reason} if reason else None,
        actor=by,
        timestamp=at,
    )
