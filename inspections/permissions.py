"""Who may raise, answer, return, close and extend an issue; reading follows `visible_to`."""

from typing import TYPE_CHECKING

from branches.leaders import linked_branches
from branches.models import DutyKind
from branches.permissions import STEERING, acts_for, has_duty
from meetings.checks.base import CheckClass, registry
from meetings.models import CheckResult, CommentKind, Problem

if TYPE_CHECKING:
    from accounts.models import User
    from branches.models import Organization
    from inspections.models import Issue
    from meetings.models import Comment

ANSWERING = {DutyKind.SECRETARY, DutyKind.COMMITTEE}


def can_raise_issue(user: "User", branch: "Organization") -> bool:
    """Staff and the township secretary anywhere below them, a leader at the branches he is linked to.

    Those of a leader he stands in for are among them.
    """
    return acts_for(user, branch, STEERING) or (
        acts_for(user, branch, {DutyKind.LEADER}) and branch.pk in linked_branches(user)
    )


def can_make_issue(user: "User", row: "Comment | Problem | CheckResult") -> bool:
    """Make an issue of something said or found at a meeting.

    Of a shortcoming, who may raise issues. Of a problem the branch found in itself its secretary
    too; what one member was criticised for stays in the branch. Of a check's result only where it
    is a finding and still holds: a suspicion is a hint.
    """
    if isinstance(row, CheckResult):
        is_finding = row.code in registry and registry[row.code].kind is not CheckClass.SUSPICION
        is_open = row.is_current and row.explained_at is None
        return is_finding and is_open and can_raise_issue(user, row.branch)
    branch = row.meeting.branch
    if isinstance(row, Problem):
        may = can_raise_issue(user, branch) or acts_for(user, branch, {DutyKind.SECRETARY})
        return may and row.member_id is None
    return row.kind != CommentKind.GOOD and can_raise_issue(user, branch)


def can_answer_issue(user: "User", issue: "Issue") -> bool:
    return acts_for(user, issue.branch, ANSWERING)


def can_return_issue(user: "User", issue: "Issue") -> bool:
    return can_raise_issue(user, issue.branch)


def can_close_issue(user: "User", issue: "Issue") -> bool:
    """That nobody closes what they answered themselves is said by the service, with a reason."""
    return can_raise_issue(user, issue.branch)


def can_extend_issue(user: "User", issue: "Issue") -> bool:
    return can_raise_issue(user, issue.branch)


def raises_issues(user: "User") -> bool:
    """Say whether the user can raise an issue on some branch; which one is decided there."""
    return has_duty(user, STEERING | {DutyKind.LEADER})
