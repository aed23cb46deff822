"""Who may plan, record and hand in meetings; reading follows `visible_to`."""

from typing import TYPE_CHECKING

from branches.permissions import RECORDING, acts_for, duties_of
from meetings.models import MeetingState

if TYPE_CHECKING:
    from accounts.models import User
    from branches.models import Organization
    from meetings.models import Meeting


def can_record_meetings(user: "User", branch: "Organization") -> bool:
    """Plan meetings of the branch, write them down, hand them in and cancel them."""
    return acts_for(user, branch, RECORDING)


def can_withdraw_record(user: "User", meeting: "Meeting") -> bool:
    """Take a record back to work on it; what is archived only staff take out again."""
    kinds = {"staff"} if meeting.state == MeetingState.ARCHIVED else RECORDING
    return acts_for(user, meeting.branch, kinds)


def can_keep_photos(user: "User", meeting: "Meeting") -> bool:
    """Add pictures and take them away, while the record is open."""
    is_open = meeting.state not in (MeetingState.ARCHIVED, MeetingState.CANCELLED)
    return is_open and acts_for(user, meeting.branch, RECORDING)


def can_archive_meeting(user: "User", meeting: "Meeting") -> bool:
    """Close a record for good, once its printed copy is signed."""
    return acts_for(user, meeting.branch, {"staff", "secretary"})


def can_explain_gap(user: "User", branch: "Organization") -> bool:
    """Say why something was not held, or take that back."""
    return acts_for(user, branch, RECORDING)


def can_waive_obligation(user: "User", branch: "Organization") -> bool:
    """Excuse a branch from a rule for a period; a branch does not excuse itself."""
    return acts_for(user, branch, {"staff"})


def can_keep_rules(user: "User", township: "Organization") -> bool:
    """Keep the township's own rules, its fixed day and its fixed actions."""
    return acts_for(user, township, {"staff"})


def township_of(user: "User") -> "Organization | None":
    """Return the township that the person's first duty in one lies in, from what is loaded."""
    for duty in duties_of(user):
        if duty.organization.township_id:
            return duty.organization.township
    return None
