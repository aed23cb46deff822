"""The steps of an issue. Each is one conditional UPDATE: of two people at once, one has done it."""

from collections.abc import Iterable
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.core.files import File
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from branches.models import Member, Organization
from config.language import in_source_script
from curriculum.models import ChecklistItem, ItemState
from curriculum.services import settle_items
from curriculum.weekly import Week
from inspections import recipients, rules
from inspections.models import (
    BRANCH_STATES,
    Issue,
    IssueAction,
    IssueEvent,
    IssueState,
    Severity,
)
from meetings.models import CheckResult, Comment, Meeting, Problem
from notifications.services import notify


def item_key(issue: Issue) -> str:
    """Name of the issue on the branch's checklist."""
    return f"inspections.issue:{issue.pk}"


@in_source_script
@transaction.atomic
def raise_issue(
    branch: Organization,
    *,
    category: str,
    title: str,
    severity: str = Severity.LIGHT,
    due_on: date | None = None,
    detail: str = "",
    basis: str = "",
    demand: str = "",
    meeting: Meeting | None = None,
    responsible: Member | None = None,
    photo: File | None = None,
    origin: dict[str, Comment | Problem | CheckResult] | None = None,
    by: User,
    at: datetime,
) -> Issue:
    """Write the issue down and tell the branch; the deadline follows from the severity.

    `origin` names by its field what the issue was made of, see `origins`.
    """
    issue = Issue.objects.create(
        branch=branch,
        category=category,
        severity=severity,
        title=title,
        detail=detail,
        basis=basis,
        demand=demand,
        meeting=meeting,
        responsible=responsible,
        photo=photo or "",
        due_on=due_on or rules.default_due(severity, timezone.localdate(at)),
        raised_by=by,
        raised_at=at,
        **(origin or {}),
    )
    step = _log(issue, IssueAction.RAISED, by=by, at=at)
    _tell(
        issue,
        recipients.branch_people(branch, at),
        step,
        title=_("请整改：%(title)s") % {"title": title},
        text=_("整改时限：%(day)s。%(demand)s")
        % {"day": date_format(issue.due_on), "demand": demand},
    )
    return issue


@in_source_script
@transaction.atomic
def answer_issue(
    issue: Issue,
    *,
    text: str,
    responsible: Member | None = None,
    photo: File | None = None,
    by: User,
    at: datetime,
) -> bool:
    """Hand in what was done and ask for closing; return False if it was answered already."""
    claimed = Issue.objects.filter(pk=issue.pk, state__in=BRANCH_STATES).update(
        state=IssueState.ANSWERED,
        answer=text,
        answered_by=by,
        answered_at=at,
        responsible=responsible or issue.responsible_id,
    )
    if not claimed:
        return False
    issue.refresh_from_db()
    if photo:
        issue.answer_photo = photo
        issue.save(update_fields=["answer_photo"])
    step = _log(issue, IssueAction.ANSWERED, by=by, at=at, note=text)
    _tell(
        issue,
        [issue.raised_by, *recipients.staff_of(issue.branch, at)],
        step,
        title=_("%(branch)s已答复，请复核：%(title)s")
        % {"branch": issue.branch.short_name, "title": issue.title},
        text=text,
    )
    settle_items(
        [issue.branch_id],
        [item_key(issue)],
        at=at,
        evidence_url=issue.get_absolute_url(),
        evidence_title=issue.title,
    )
    return True


@in_source_script
@transaction.atomic
def return_issue(
    issue: Issue, *, note: str, due_on: date | None = None, by: User, at: datetime
) -> bool:
    """Send the answer back with what is still missing; return False if there was none to send."""
    today = timezone.localdate(at)
    due_on = due_on or rules.due_after_return(issue.due_on, today)
    claimed = Issue.objects.filter(pk=issue.pk, state=IssueState.ANSWERED).update(
        state=IssueState.RETURNED, due_on=due_on
    )
    if not claimed:
        return False
    issue.refresh_from_db()
    step = _log(issue, IssueAction.RETURNED, by=by, at=at, note=note)
    _tell(
        issue,
        recipients.branch_people(issue.branch, at),
        step,
        title=_("整改答复被退回：%(title)s") % {"title": issue.title},
        text=_("%(note)s 请于%(day)s前再次答复。") % {"note": note, "day": date_format(due_on)},
    )
    _reopen_item(issue, today)
    return True


@in_source_script
@transaction.atomic
def close_issue(issue: Issue, *, note: str = "", by: User, at: datetime) -> bool:
    """Close an answered issue (销号); return False if it was not waiting for that any more.

    Raises ValidationError when it would be closed by the one who answered it.
    """
    waiting = Issue.objects.filter(pk=issue.pk, state=IssueState.ANSWERED)
    claimed = waiting.exclude(answered_by=by).update(
        state=IssueState.CLOSED, closed_by=by, closed_at=at
    )
    if not claimed:
        if waiting.filter(answered_by=by).exists():
            raise ValidationError(gettext_lazy("销号须由整改答复人以外的人复核。"))
        return False
    issue.refresh_from_db()
    step = _log(issue, IssueAction.CLOSED, by=by, at=at, note=note)
    _tell(
        issue,
        recipients.branch_people(issue.branch, at),
        step,
        title=_("问题已销号：%(title)s") % {"title": issue.title},
        text=note,
    )
    return True


@in_source_script
@transaction.atomic
def extend_issue(issue: Issue, *, due_on: date, reason: str, by: User, at: datetime) -> bool:
    """Give a later deadline, once in an issue's life; return False if that is not possible."""
    if has_been_extended(issue):
        return False
    claimed = Issue.objects.filter(
        pk=issue.pk, state__in=BRANCH_STATES, due_on=issue.due_on, due_on__lt=due_on
    ).update(due_on=due_on)
    if not claimed:
        return False
    issue.refresh_from_db()
    step = _log(issue, IssueAction.EXTENDED, by=by, at=at, note=reason)
    _tell(
        issue,
        recipients.branch_people(issue.branch, at),
        step,
        title=_("整改时限延至%(day)s：%(title)s")
        % {"day": date_format(due_on), "title": issue.title},
        text=reason,
    )
    _items_of(issue).filter(state=ItemState.OPEN).update(due_on=due_on)
    return True


def has_been_extended(issue: Issue) -> bool:
    return issue.events.filter(action=IssueAction.EXTENDED).exists()


def _log(
    issue: Issue, action: IssueAction, *, by: User | None, at: datetime, note: str = ""
) -> IssueEvent:
    return IssueEvent.objects.create(issue=issue, action=action, by=by, at=at, note=note)


def _tell(issue: Issue, people: Iterable[User], step: IssueEvent, *, title: str, text: str) -> None:
    """Tell everybody but the one who did it; the step is part of the key, for it may come again."""
    notify(
        [person for person in people if person != step.by],
        key=f"inspections.{step.action}:{issue.pk}:{step.pk}",
        title=title,
        text=text,
        url=reverse("inspections:issue_detail", args=[issue.pk]),
        at=step.at,
    )


def _items_of(issue: Issue):
    return ChecklistItem.objects.filter(
        key=item_key(issue), checklist__branch=issue.branch_id
    ).order_by()


def _reopen_item(issue: Issue, today: date) -> None:
    """Take back this week's tick that the answer had set."""
    _items_of(issue).filter(
        checklist__monday=Week.containing(today).monday, state=ItemState.DONE, settled_by=None
    ).update(
        state=ItemState.OPEN,
        due_on=issue.due_on,
        settled_at=None,
        evidence_url="",
        evidence_title="",
    )
