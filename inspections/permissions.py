"""Who may raise, answer, return, close and extend an issue; reading follows `visible_to`."""

from typing import TYPE_CHECKING

from branches.leaders import linked_branches
from branches.models import DutyKind
from branches.permissions import STEERING, acts_for, has_duty

if TYPE_CHECKING:
    from accounts.models import User
    from branches.models import Organization
    from inspections.models import Issue

ANSWERING = {DutyKind.SECRETARY, DutyKind.COMMITTEE}


def can_raise_issue(user: "User", branch: "Organization") -> bool:
    """Staff and the township secretary anywhere below them, a leader at the branches he is linked to.

    Those of a leader he stands in for are among them.
    """
    return acts_for(user, branch, STEERING) or (
        acts_for(user, branch, {DutyKind.LEADER}) and branch.pk in linked_branches(user)
    )


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
