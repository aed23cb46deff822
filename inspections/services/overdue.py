"""Saying once per deadline that it has passed. Level-triggered: safe late, twice, side by side."""

from collections.abc import Iterable, Iterator
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, F, OuterRef, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from inspections import recipients
from inspections.models import Issue, IssueAction, IssueEvent
from notifications.services import Message, notify_each

BATCH_SIZE = 250


def mark_overdue_issues(*, at: datetime) -> int:
    """Log every deadline that has passed and tell the branch, the staff and the linked leader.

    An issue is marked again when a later deadline passes too. Returns how many were marked.
    """
    keys = list(_unmarked(at).order_by("pk").values_list("pk", flat=True))
    batches = (keys[start : start + BATCH_SIZE] for start in range(0, len(keys), BATCH_SIZE))
    return sum(_mark(batch, at) for batch in batches)


@transaction.atomic
def _mark(keys: list[int], at: datetime) -> int:
    # Writing a row holds it until the end: another worker waits here and then finds it marked.
    Issue.objects.filter(pk__in=keys).update(state=F("state"))
    issues = list(_unmarked(at).filter(pk__in=keys).select_related("branch").order_by("pk"))
    IssueEvent.objects.bulk_create(
        IssueEvent(
            issue=issue,
            action=IssueAction.OVERDUE,
            at=at,
            note=_("整改时限：%(day)s") % {"day": date_format(issue.due_on)},
        )
        for issue in issues
    )
    people = recipients.people_by_branch((issue.branch for issue in issues), at)
    notify_each(_messages(issues, people), at=at)
    return len(issues)


def _unmarked(at: datetime) -> "QuerySet[Issue]":
    """Keep the overdue ones whose present deadline has not been said to have passed."""
    marked = IssueEvent.objects.filter(
        issue=OuterRef("pk"), action=IssueAction.OVERDUE, at__date__gt=OuterRef("due_on")
    )
    return Issue.objects.overdue(timezone.localdate(at)).exclude(Exists(marked))


def _messages(issues: Iterable[Issue], people: dict[int, list[User]]) -> Iterator[Message]:
    for issue in issues:
        for person in people.get(issue.branch_id, ()):
            yield Message(
                person,
                f"inspections.overdue:{issue.pk}:{issue.due_on:%Y-%m-%d}",
                _("整改逾期：%(title)s") % {"title": issue.title},
                _("%(branch)s，整改时限%(day)s。请答复，或说明情况申请延期。")
                % {"branch": issue.branch.short_name, "day": date_format(issue.due_on)},
                issue.get_absolute_url(),
            )
