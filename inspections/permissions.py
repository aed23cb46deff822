"""Who may raise, answer, return, close and extend an issue; reading follows `visible_to`."""

from typing import TYPE_CHECKING

from django.utils import timezone

from branches.models import ContactPoint, DutyKind
from branches.permissions import STEERING, acts_for, has_duty

if TYPE_CHECKING:
    from accounts.models import User
    from branches.models import Organization
    from inspections.models import Issue

ANSWERING = {DutyKind.SECRETARY, DutyKind.COMMITTEE}


def can_raise_issue(user: "User", branch: "Organization") -> bool:
    """Staff and the township secretary anywhere below them, a leader at the own contact points."""
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


def linked_branches(user: "User") -> set[int]:
    """Return the branches the user is linked to today (联系点)."""
    points = ContactPoint.objects.in_force(timezone.localdate()).filter(leader=user.pk)
    return set(points.values_list("branch", flat=True))
