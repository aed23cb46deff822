"""Reads over many issues: the list with what stands out, the counts on top, the ledger."""

from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import Case, Count, Exists, F, OuterRef, Q, QuerySet, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _

from inspections import rules
from inspections.models import BRANCH_STATES, Issue, IssueAction, IssueEvent, IssueState


def worst_first(issues: "QuerySet[Issue]", on: date) -> "QuerySet[Issue]":
    """Order: overdue, then what waits for the branch, then what waits for a check, then closed."""
    waiting = Q(state__in=BRANCH_STATES)
    rank = Case(
        When(waiting & Q(due_on__lt=on), then=Value(0)),
        When(waiting, then=Value(1)),
        When(state=IssueState.ANSWERED, then=Value(2)),
        default=Value(3),
    )
    return issues.order_by(rank, "due_on", "pk")


def with_recurrence(issues: "QuerySet[Issue]") -> "QuerySet[Issue]":
    """Add `is_repeated`: the branch was told the same within the year before."""
    before = Issue.objects.filter(
        branch=OuterRef("branch"),
        title=OuterRef("title"),
        raised_at__lt=OuterRef("raised_at"),
        raised_at__gte=OuterRef("raised_at") - timedelta(days=rules.RECURRENCE_DAYS),
    )
    return issues.annotate(is_repeated=Exists(before))


def board(issues: "QuerySet[Issue]", on: date) -> dict[str, int]:
    """Count what is open, overdue, waiting for a check, and closed since the year began."""
    waiting = Q(state__in=BRANCH_STATES)
    return issues.order_by().aggregate(
        waiting=Count("pk", filter=waiting),
        overdue=Count("pk", filter=waiting & Q(due_on__lt=on)),
        answered=Count("pk", filter=Q(state=IssueState.ANSWERED)),
        closed=Count("pk", filter=Q(state=IssueState.CLOSED, closed_at__year=on.year)),
    )


def for_ledger(issues: "QuerySet[Issue]") -> "QuerySet[Issue]":
    """Load all that a line of the ledger shows."""
    extended = IssueEvent.objects.filter(issue=OuterRef("pk"), action=IssueAction.EXTENDED)
    return (
        with_recurrence(issues)
        .annotate(is_extended=Exists(extended), township_name=F("branch__township__short_name"))
        .select_related("branch", "responsible", "raised_by", "answered_by", "closed_by")
    )


def ledger_sheet(issues: Iterable[Issue]) -> tuple[list[str], Iterable[tuple]]:
    """Return header and lines of the 整改台账, in the columns that inspections use."""
    headers = [
        _("序号"),
        _("乡镇"),
        _("党支部"),
        _("问题类别"),
        _("程度"),
        _("问题"),
        _("具体情况"),
        _("依据"),
        _("发现人"),
        _("发现日期"),
        _("整改要求"),
        _("责任人"),
        _("整改时限"),
        _("整改情况"),
        _("答复人"),
        _("答复日期"),
        _("复核人"),
        _("复核日期"),
        _("结论"),
        _("是否延期"),
        _("是否反复"),
    ]
    yes, no = _("是"), _("否")
    lines = (
        (
            number,
            issue.township_name or "",
            issue.branch.name,
            issue.get_category_display(),
            issue.get_severity_display(),
            issue.title,
            issue.detail,
            issue.basis,
            issue.raised_by.full_name,
            _day(issue.raised_at),
            issue.demand,
            issue.responsible.name if issue.responsible else "",
            issue.due_on,
            issue.answer,
            issue.answered_by.full_name if issue.answered_by else "",
            _day(issue.answered_at),
            issue.closed_by.full_name if issue.closed_by else "",
            _day(issue.closed_at),
            issue.get_state_display(),
            yes if issue.is_extended else no,
            yes if issue.is_repeated else no,
        )
        for number, issue in enumerate(issues, start=1)
    )
    return headers, lines


def _day(moment) -> date | None:
    return timezone.localdate(moment) if moment else None
