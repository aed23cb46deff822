"""Each duty's first page: what the person came for stands on the first screen.

Whoever has several duties has several desks and goes from one to the other by a tab.
"""

from collections.abc import Callable
from datetime import date
from typing import Any, NamedTuple

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from accounts.models import User
from branches.leaders import points_of
from branches.models import DutyKind, Organization
from branches.permissions import STEERING, duties_of, scope_q
from curriculum.models import ItemKind, ItemState
from curriculum.weekly import Week
from dashboard import boards, lines, matrix
from dashboard.boards import MONTHS
from dashboard.forms import read_span
from inspections.models import BRANCH_STATES, IssueState
from meetings.reports import standing
from meetings.rules import Span

MOST_NOTICES = 5
MOST_PLANNED = 6


class Desk(NamedTuple):
    """One first page: for which duties, and what fills it."""

    name: str
    label: str | Promise
    duties: set[str]
    fill: Callable[[HttpRequest, date], dict[str, Any]]


@require_GET
def home(request: HttpRequest) -> HttpResponse:
    kinds = {duty.kind for duty in duties_of(request.user)}
    desks = [desk for desk in DESKS if kinds & desk.duties]
    if not desks:
        return render(request, "dashboard/home_nobody.html")
    asked = request.GET.get("desk")
    desk = next((desk for desk in desks if desk.name == asked), desks[0])
    today = timezone.localdate()
    context = {"desk": desk, "desks": desks, "today": today, **desk.fill(request, today)}
    return render(request, f"dashboard/home_{desk.name}.html", context)


def _branches(user: User, duties: set[str], on: date) -> "QuerySet[Organization]":
    branches = Organization.objects.filter(scope_q(user, prefix="", kinds=duties)).branches()
    return branches.existing(on)


def _branch(request: HttpRequest, today: date) -> dict[str, Any]:
    """Secretary and committee: this week, what is planned, what is owed, issues, notices."""
    user, week, month = request.user, Week.containing(today), Span.containing(today, "month")
    branches = _branches(user, BRANCH, today)
    table = standing(branches, view=month, on=today)
    found = lines.read(
        lines.week_items(branches, week),
        lines.planned_meetings(branches, today),
        lines.issues(branches, *BRANCH_STATES, IssueState.ANSWERED),
        lines.notices(user, today),
        lines.found_by_checks(user, branches),
    )
    names = {row.branch_id: row.name for row in table.rows}
    required = [item for item in found["item"] if item.kind == ItemKind.REQUIRED]
    is_open = ItemState.OPEN
    return {
        "week": week,
        "open_items": [item for item in required if item.state == is_open],
        "required": len(required),
        "settled": sum(item.state != is_open for item in required),
        "offered": sum(i.kind == ItemKind.OFFERED and i.state == is_open for i in found["item"]),
        "meetings": found["meeting"][:MOST_PLANNED],
        "month": month,
        "owed": boards.behind(table, {}),
        "issues": found["issue"],
        "notices": found["notice"][: -MOST_NOTICES - 1 : -1],
        "checks": boards.checks_by_name(found["check"]),
        # Names are told apart only where there is more than one branch.
        "names": names if len(names) > 1 else {},
    }


def _township(request: HttpRequest, today: date) -> dict[str, Any]:
    """Staff and township secretary: who is missing, this week, overdue issues, next week's menu."""
    user, week = request.user, Week.containing(today)
    month = read_span(request.GET.get("month", ""), today)
    branches = _branches(user, STEERING, min(today, month.end))
    table = standing(branches, view=month, on=today)
    found = lines.read(
        lines.week_counts(branches, week),
        lines.issue_counts(branches, today),
        lines.menus(user, week.next),
        lines.planned_kinds(branches, month),
        lines.found_by_checks(user, branches),
    )
    weekly = lines.counts(found["week"])
    return {
        "month": month,
        "months": _last_months(today),
        "table": table,
        "behind": boards.behind(table, boards.planned_days(found["planned"])),
        "shares": boards.shares(table.columns, table.rows, table.view),
        "week": week,
        "settled": weekly.get("settled", 0),
        "required": sum(weekly.values()),
        "issues": lines.counts(found["issues"]),
        "menus": found["menu"],
        "checks": boards.checks_by_name(found["check"]),
    }


def _leader(request: HttpRequest, today: date) -> dict[str, Any]:
    """Leader: what waits, oldest first; the linked branches; then the township."""
    user, month = request.user, Span.containing(today, "month")
    branches = _branches(user, {DutyKind.LEADER}, today)
    table = standing(branches, view=month, on=today)
    linked_branches = branches.filter(contact_points__in=points_of(user, on=today)).distinct()
    found = lines.read(
        lines.linked_branches(user, today),
        lines.planned_meetings(linked_branches, today),
        lines.issues(linked_branches, IssueState.ANSWERED),
        *lines.waits(user, today),
    )
    waits = boards.waits_of(found["wait"])
    linked = {line.branch_id for line in found["link"]}
    rows = [row for row in table.rows if row.branch_id in linked]
    return {
        "month": month,
        "linked": [
            {
                "row": row,
                "matters": boards.matters(row, month, {}),
                "meetings": [m for m in found["meeting"] if m.branch_id == row.branch_id],
            }
            for row in rows
        ],
        "names": {row.branch_id: row.name for row in table.rows},
        "waiting": boards.leader_list(waits, found["issue"]),
        "held": [line for line in waits if line.what == "held"],
        "has_points": any(line.number == user.pk for line in found["link"]),
        "table": table,
        "behind": boards.behind(table, {}),
        "shares": boards.shares(table.columns, table.rows, table.view),
    }


def _county(request: HttpRequest, today: date) -> dict[str, Any]:
    """Observer: townships side by side, read-only."""
    month = read_span(request.GET.get("month", ""), today)
    branches = _branches(request.user, {DutyKind.OBSERVER}, min(today, month.end))
    table = standing(branches, view=month, on=today)
    townships = Organization.objects.filter(
        scope_q(request.user, prefix="", kinds={DutyKind.OBSERVER})
    ).townships()
    names = lines.read(lines.organization_names(townships))["name"]
    return {
        "month": month,
        "months": _last_months(today),
        "table": table,
        "matrix": matrix.township_matrix(boards.by_township(table, names), table),
        "shares": boards.shares(table.columns, table.rows, table.view),
        "legend": matrix.legend("met", "due", "overdue", "exempt"),
    }


def _keeper(request: HttpRequest, today: date) -> dict[str, Any]:
    """Administrator and auditor: their entrances; they see no Party data."""
    kinds = {duty.kind for duty in duties_of(request.user)}
    return {
        "keeps_accounts": DutyKind.ADMINISTRATOR in kinds,
        "reads_audit": DutyKind.AUDITOR in kinds,
    }


def _last_months(today: date) -> list[Span]:
    """Return the last twelve months, the present one first: each is one tap away."""
    months = [Span.containing(today, "month")]
    while len(months) < MONTHS:
        months.append(months[-1].previous)
    return months


BRANCH = {DutyKind.SECRETARY, DutyKind.COMMITTEE}
DESKS = [
    Desk("township", _("全乡情况"), STEERING, _township),
    Desk("leader", _("我的联系点"), {DutyKind.LEADER}, _leader),
    Desk("branch", _("本支部"), BRANCH, _branch),
    Desk("county", _("全县情况"), {DutyKind.OBSERVER}, _county),
    Desk("keeper", _("管理"), {DutyKind.ADMINISTRATOR, DutyKind.AUDITOR}, _keeper),
]
