"""Who may plan, record and hand in meetings; reading follows `visible_to`."""

from typing import TYPE_CHECKING

from branches.leaders import linked_branches
from branches.permissions import (
    READING,
    RECORDING,
    ROSTER_READING,
    STEERING,
    acts_for,
    duties_of,
)
from meetings.models import DocumentKind, MeetingState

if TYPE_CHECKING:
    from accounts.models import User
    from branches.models import Organization
    from meetings.models import CheckResult, Comment, Document, Meeting


def can_record_meetings(user: "User", branch: "Organization") -> bool:
    """Plan meetings of the branch, write them down, hand them in and cancel them."""
    return acts_for(user, branch, RECORDING)


def can_withdraw_record(user: "User", meeting: "Meeting") -> bool:
    """Take a record back to work on it; what is archived only staff take out again."""
    kinds = {"staff"} if meeting.state == MeetingState.ARCHIVED else RECORDING
    return acts_for(user, meeting.branch, kinds)


def can_correct_archived(user: "User", meeting: "Meeting") -> bool:
    """Correct an archived record, with a reason: staff or the branch's secretary."""
    return acts_for(user, meeting.branch, {"staff", "secretary"})


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


def can_explain_result(user: "User", result: "CheckResult") -> bool:
    """Say why what a check found is as it is; of what leaders owe, the staff say it."""
    kinds = {"staff"} if result.subject.startswith("leader:") else RECORDING
    return acts_for(user, result.branch, kinds)


def can_waive_obligation(user: "User", branch: "Organization") -> bool:
    """Excuse a branch from a rule for a period; a branch does not excuse itself."""
    return acts_for(user, branch, {"staff"})


def can_keep_rules(user: "User", township: "Organization") -> bool:
    """Keep the township's own rules, its fixed day and its fixed actions."""
    return acts_for(user, township, {"staff"})


def can_keep_plan(user: "User", branch: "Organization") -> bool:
    """Draft, change and send up the branch's plan of the year."""
    return acts_for(user, branch, RECORDING)


def can_decide_plan(user: "User", branch: "Organization") -> bool:
    """Approve a branch's plan or return it; a branch does not approve its own."""
    return acts_for(user, branch, {"staff"})


def can_send_topic(user: "User", meeting: "Meeting") -> bool:
    """Send a planned meeting's topic up for review."""
    return can_record_meetings(user, meeting.branch)


def can_review_topic(user: "User", branch: "Organization") -> bool:
    """Approve a topic or return it: who looks after the branch, or its township in his stead."""
    return acts_for(user, branch, STEERING) or (
        acts_for(user, branch, {"leader"}) and branch.pk in linked_branches(user)
    )


def can_comment(user: "User", branch: "Organization") -> bool:
    """Say what was lacking and what was good."""
    return can_review_topic(user, branch)


def can_note_visit(user: "User", branch: "Organization") -> bool:
    """Note that one attends oneself: only who looks after the branch."""
    return branch.pk in linked_branches(user)


def can_answer_comment(user: "User", branch: "Organization") -> bool:
    """Answer for the branch; nobody above it answers in its name."""
    return acts_for(user, branch, {"secretary", "committee"})


def can_withdraw_comment(user: "User", comment: "Comment") -> bool:
    """Take back what one said oneself."""
    return comment.by_id == user.pk


def can_set_checks(user: "User") -> bool:
    """Keep switches, numbers and lists of the automatic checks of the own township."""
    township = township_of(user)
    return township is not None and can_keep_rules(user, township)


# Lists of members by name are for those who may see the roster.
NAMES_MEMBERS = {DocumentKind.HANDBOOK, DocumentKind.ATTENDANCE}


def can_ask_document(user: "User", kind: str, organization: "Organization") -> bool:
    """Have a document of this kind made of what one may read on the pages."""
    return acts_for(user, organization, ROSTER_READING if kind in NAMES_MEMBERS else READING)


def can_take_document(user: "User", document: "Document") -> bool:
    """Take one's own document, as long as one may read what it is made of."""
    return document.asked_by_id == user.pk and can_ask_document(
        user, document.kind, document.branch
    )


def township_of(user: "User") -> "Organization | None":
    """Return the township that the person's first duty in one lies in, from what is loaded."""
    for duty in duties_of(user):
        if duty.organization.township_id:
            return duty.organization.township
    return None
