"""The records of a joint meeting as one person may see them."""

from typing import NamedTuple

from accounts.models import User
from branches.permissions import READING, RECORDING, acts_for
from meetings.models import Meeting, MeetingState


class JointRecord(NamedTuple):
    """One branch's record; named to everybody who takes part, opened by whom it concerns."""

    meeting: Meeting
    is_visible: bool
    can_submit: bool


def joint_records(meeting: Meeting, user: User) -> list[JointRecord]:
    """Return all records of the meeting's joint, the one that was written first, first."""
    if meeting.joint_id is None:
        return []
    found = (
        Meeting.objects.filter(joint=meeting.joint_id)
        .select_related("branch")
        .with_attendance()
        .order_by("pk")
    )
    return [
        JointRecord(
            one,
            is_visible=acts_for(user, one.branch, READING),
            can_submit=one.state == MeetingState.DRAFT and acts_for(user, one.branch, RECORDING),
        )
        for one in found
    ]
