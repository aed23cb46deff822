"""An issue made in one tap of what was said or found at a meeting; each is made once."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from config.language import in_source_script
from inspections import rules
from inspections.models import Issue, IssueCategory
from meetings.checks.base import registry
from meetings.models import CheckResult, Comment, Meeting, Problem
from meetings.services.comments import settle_comment

from .issues import raise_issue

TITLE_LENGTH = 100


@in_source_script
@transaction.atomic
def make_of_comment(comment: Comment, *, by: User, at: datetime) -> Issue | None:
    """Put what a leader found lacking on the problem list; return None if it is there already.

    The branch answers the issue from then on, so the comment itself waits no longer.
    """
    said = _("%(name)s在%(meeting)s：%(text)s") % {
        "name": comment.by,
        "meeting": _of(comment.meeting),
        "text": comment.text,
    }
    issue = _raise_once(
        comment.meeting.branch,
        origin={"comment": comment},
        category=IssueCategory.OTHER,
        title=_short(comment.text),
        detail=said,
        meeting=comment.meeting,
        by=by,
        at=at,
    )
    if issue:
        day = date_format(issue.due_on, "n月j日")
        text = _("已列入问题清单，整改时限%(day)s。") % {"day": day}
        settle_comment(comment, text=text, by=by, at=at)
    return issue


@in_source_script
@transaction.atomic
def make_of_problem(problem: Problem, *, by: User, at: datetime) -> Issue | None:
    """Carry a problem found at an 组织生活会 to the list, with its remedy and its own deadline."""
    due_on = problem.due_on
    if due_on and due_on < timezone.localdate(at):
        due_on = None
    return _raise_once(
        problem.meeting.branch,
        origin={"problem": problem},
        category=IssueCategory.OTHER,
        title=_short(problem.text),
        detail=_("%(meeting)s查摆的问题：%(text)s")
        % {"meeting": _of(problem.meeting), "text": problem.text},
        demand=problem.remedy,
        responsible=problem.responsible,
        due_on=due_on,
        meeting=problem.meeting,
        by=by,
        at=at,
    )


@in_source_script
@transaction.atomic
def make_of_check(result: CheckResult, *, by: User, at: datetime) -> Issue | None:
    """Make an issue of a check's finding, in the words of the check."""
    check = registry[result.code]
    return _raise_once(
        result.branch,
        origin={"check_result": result},
        category=rules.category_of(result.code),
        title=_short(check.title),
        detail=result.text,
        basis=check.article[:TITLE_LENGTH],
        demand=check.advice[:300],
        meeting=result.meeting,
        by=by,
        at=at,
    )


def _raise_once(branch, **said) -> Issue | None:
    try:
        return raise_issue(branch, **said)
    except IntegrityError:
        # One to one: there is an issue of it, perhaps of this very moment.
        return None


def _of(meeting: Meeting) -> str:
    return _("%(day)s“%(title)s”") % {
        "day": date_format(meeting.day, "Y年n月j日"),
        "title": meeting.title,
    }


def _short(text: str) -> str:
    return text if len(text) <= TITLE_LENGTH else f"{text[: TITLE_LENGTH - 1]}…"
