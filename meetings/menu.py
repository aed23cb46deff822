"""What a branch still owes, on its week: the rules' own contribution to the weekly menu."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.db.models import Case, DateField, F, OuterRef, Q, QuerySet, Subquery, Value, When
from django.urls import reverse
from django.utils.translation import gettext as _

from branches.models import Organization
from curriculum.models import ItemKind
from curriculum.weekly import Week, item_rows, weekly_menu
from meetings.models import Meeting, MeetingKind, MeetingState, Period, PlanState, YearPlan
from meetings.reports import Rulebook
from meetings.reports.owed import Owed, owed
from meetings.services.plans import item_key

# A matter is offered this long before its deadline, and required from so near on: what is owed
# once a year must not crowd every week of it.
OFFERED_WITHIN = timedelta(days=62)
REQUIRED_WITHIN = {
    Period.MONTH: timedelta(days=31),
    Period.QUARTER: timedelta(days=24),
    Period.HALF_YEAR: timedelta(days=24),
    Period.YEAR: timedelta(days=17),
}


def _excuse(key: str, branch_id: int) -> str:
    """Where a matter named like 'meetings.owed:committee:2026-11' is explained."""
    _source, code, span = key.split(":")
    return reverse("meetings:explanation_create", args=[branch_id, code, span])


@weekly_menu.register("meetings", excuse=_excuse)
def owed_meetings(branches: "QuerySet[Organization]", week: Week) -> Iterator[QuerySet]:
    known = set()
    rulebook = Rulebook.load(branches)
    for matter in owed(branches, on=week.monday, rulebook=rulebook):
        known.add(matter.key)
        left = matter.window.deadline - week.monday
        if left > OFFERED_WITHIN:
            continue
        rows, due_on = matter.branches, _due(matter, week)
        if matter.rule.kind == MeetingKind.THEME_DAY:
            rows, due_on = _by_its_day(matter, week)
        yield _items(rows, matter, _kind(matter, left), due_on)
    # A week may run into a month whose fixed day it holds already.
    for matter in owed(branches, on=week.sunday, rulebook=rulebook):
        if matter.key not in known and matter.rule.kind == MeetingKind.THEME_DAY:
            rows, due_on = _by_its_day(matter, week)
            yield _items(rows.exclude(planned_on=None), matter, ItemKind.REQUIRED, due_on)


@weekly_menu.register("year_plan")
def missing_plans(branches: "QuerySet[Organization]", week: Week) -> Iterator[QuerySet]:
    """Offer the year's plan in its first quarter until it is sent up; later nobody is asked."""
    year = week.sunday.year
    last = date(year, 3, 31)
    if week.monday > last:
        return
    sent = YearPlan.objects.filter(year=year, state__in=(PlanState.SUBMITTED, PlanState.APPROVED))
    missing = branches.filter(
        Q(established_on=None) | Q(established_on__lt=date(year, 1, 1))
    ).exclude(pk__in=sent.order_by().values("branch"))
    yield item_rows(
        missing,
        key=item_key(year),
        kind=ItemKind.OFFERED,
        title=_("起草并报送%(year)s年度组织生活计划") % {"year": year},
        detail=_("报送后自动勾选；已经过去的月份不用补"),
        basis=_("年初报送三会一课年度计划"),
        due_on=min(max(date(year, 1, 31), week.sunday), last),
        url=f"/meetings/plans/new/{{branch}}/{year}/",
    )


def _items(rows: QuerySet, matter: Owed, kind: str, due_on: Any) -> QuerySet:
    return item_rows(
        rows,
        key=matter.key,
        kind=kind,
        title=_title(matter),
        detail=_("提交会议记录后自动勾选；未召开的可说明原因"),
        basis=matter.rule.article,
        due_on=due_on,
        url=f"/meetings/new/?branch={{branch}}&kind={matter.rule.kind}",
    )


def _kind(matter: Owed, left: timedelta) -> str:
    is_near = left <= REQUIRED_WITHIN[Period(matter.rule.period)]
    return ItemKind.REQUIRED if is_near else ItemKind.OFFERED


def _due(matter: Owed, week: Week) -> date:
    """The week's end or the deadline, whichever comes first."""
    return min(matter.window.deadline, week.sunday)


def _by_its_day(matter: Owed, week: Week) -> "tuple[QuerySet[Organization], Case]":
    """A 主题党日 is asked in the week that holds its planned day, and afterwards while it is owed.

    Returns the branches, annotated with `planned_on`, and the due day as an expression.
    """
    planned = Meeting.objects.filter(
        branch=OuterRef("pk"),
        types__kind=MeetingKind.THEME_DAY,
        day__gte=matter.span.start,
        day__lte=matter.span.end,
        state__in=[MeetingState.PLANNED, MeetingState.DRAFT],
    ).order_by("day", "pk")
    branches = matter.branches.annotate(planned_on=Subquery(planned.values("day")[:1]))
    due_on = Case(
        When(planned_on__gte=week.monday, then=F("planned_on")),
        default=Value(_due(matter, week), output_field=DateField()),
    )
    return branches.filter(Q(planned_on=None) | Q(planned_on__lte=week.sunday)), due_on


def _title(matter: Owed) -> str:
    kind = MeetingKind(matter.rule.kind).label
    if matter.rule.period == Period.MONTH:
        return _("%(month)s月%(kind)s") % {"month": matter.span.start.month, "kind": kind}
    period = {
        Period.QUARTER: _("%(number)s季度") % {"number": (matter.span.start.month + 2) // 3},
        Period.HALF_YEAR: _("上半年") if matter.span.start.month == 1 else _("下半年"),
        Period.YEAR: _("%(year)s年度") % {"year": matter.span.start.year},
    }[Period(matter.rule.period)]
    return f"{period}{kind}"
