"""What a branch owes by the calendar: gaps, theme days, talks, hours, the year's plan."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, timedelta

from django.db.models import Count, Exists, Min, OuterRef, Q
from django.urls import reverse

from branches.models import Member, PartyGroup, Post, PostRole
from branches.rules import add_months
from meetings import rules
from meetings.checks.branch_facts import (
    FrequencyFacts,
    Gap,
    HoursFacts,
    Learner,
    Person,
    PlanFacts,
    TalkFacts,
    ThemeDay,
    ThemeDayFacts,
    year_in_question,
)
from meetings.models import (
    ActivityPolicy,
    AgendaItem,
    AgendaKind,
    Attendance,
    Explanation,
    Meeting,
    MeetingKind,
    MeetingType,
    YearPlan,
)
from meetings.models.attendance import PRESENT_STATES
from meetings.models.meeting import COUNTED_STATES
from meetings.reports.cells import Cell, Part
from meetings.reports.hours import hours_by_branch
from meetings.reports.standing import standing
from meetings.rules import Span, State
from notifications.workdays import Workdays

from .base import Branches, keys, sources, year_of

# Nobody is asked about what lies further back, nor about the time before a branch's first record
# but for the last quarter: to write that up now would be back-filling.
LOOK_BACK_MONTHS = 12
BEFORE_FIRST_RECORD_MONTHS = 3


@sources.register("frequency")
def frequency(branches: Branches, on: date) -> dict[int, FrequencyFacts]:
    """Gaps whose time is over, of this year and the last; whether the secretary taught."""
    first_records = _first_records(branches)
    gaps: dict[int, list[Gap]] = defaultdict(list)
    # A year's rule may be due in the next one (民主评议), so the last year is looked at as well.
    for year in (on.year - 1, on.year):
        for row in standing(branches, view=year_of(year), on=on).rows:
            since = _asked_since(first_records.get(row.branch_id), on)
            gaps[row.branch_id] += _gaps(row.overdue, since, on)
    _name_groups(branches, gaps)
    taught = _taught(branches, on)
    return {
        branch_id: FrequencyFacts(on, tuple(found), *taught.get(branch_id, ("", None)))
        for branch_id, found in gaps.items()
    }


def _first_records(branches: Branches) -> dict[int, date]:
    rows = MeetingType.objects.filter(branch__in=keys(branches), counted_on__isnull=False)
    return dict(rows.order_by().values_list("branch").annotate(first=Min("counted_on")))


def _asked_since(first_record: date | None, on: date) -> date:
    recent = add_months(on, -BEFORE_FIRST_RECORD_MONTHS)
    begun = min(first_record or recent, recent)
    return max(begun, add_months(on, -LOOK_BACK_MONTHS))


def _gaps(cells: Iterable[Cell], since: date, on: date) -> Iterable[Gap]:
    for cell in cells:
        for part in cell.parts:
            if part.state == State.OVERDUE and since <= part.due_on < on:
                yield _gap(cell, part)


def _gap(cell: Cell, part: Part) -> Gap:
    rule = cell.rule
    return Gap(rule.code, rule.kind, part.span, part.held, part.needed)


def _name_groups(branches: Branches, gaps: dict[int, list[Gap]]) -> None:
    """Say which groups a gap of 党小组会 is about, in two statements."""
    groups: dict[int, list[tuple]] = defaultdict(list)
    rows = PartyGroup.objects.filter(branch__in=keys(branches)).order_by("name", "pk")
    for branch_id, *group in rows.values_list(
        "branch", "pk", "name", "established_on", "dissolved_on"
    ):
        groups[branch_id].append(tuple(group))
    spans = [gap.span for found in gaps.values() for gap in found if gap.kind == MeetingKind.GROUP]
    since = min((span.start for span in spans), default=date.max)
    held: dict[int, list[date]] = defaultdict(list)
    types = MeetingType.objects.filter(
        branch__in=keys(branches), kind=MeetingKind.GROUP, counted_on__gte=since
    )
    for group_id, day in types.order_by().values_list("group", "counted_on"):
        held[group_id].append(day)
    for branch_id, found in gaps.items():
        for index, gap in enumerate(found):
            if gap.kind == MeetingKind.GROUP:
                names = tuple(
                    name
                    for pk, name, begun, ended in groups[branch_id]
                    if (begun is None or begun <= gap.span.end)
                    and (ended is None or ended > gap.span.end)
                    and not any(day in gap.span for day in held[pk])
                )
                found[index] = replace(gap, groups=names)


def _taught(branches: Branches, on: date) -> dict[int, tuple[str, bool | None]]:
    """Return per branch its secretary and whether a lecture of the year names him, in two.

    A lecture without a named speaker counts for whoever chaired it.
    """
    year = year_in_question(on)
    if year is None:
        return {}
    span = year_of(year)
    posts = Post.objects.in_force(min(on, span.end)).filter(
        organization__in=keys(branches), role=PostRole.SECRETARY
    )
    # Who took office in the fourth quarter is not asked for the year.
    posts = posts.filter(from_on__lt=date(year, 10, 1)).order_by("from_on")
    names = dict(posts.values_list("organization", "member__name"))
    speakers: dict[int, set[str]] = defaultdict(set)
    lectures = Meeting.objects.counted().filter(
        branch__in=keys(branches),
        types__kind=MeetingKind.LECTURE,
        day__gte=span.start,
        day__lte=span.end,
    )
    spoken = (
        AgendaItem.objects.filter(meeting=OuterRef("pk"), kind=AgendaKind.LECTURE)
        .exclude(speaker="")
        .order_by("position")
    )
    rows = lectures.annotate(is_named=Exists(spoken)).order_by()
    for branch_id, is_named, speaker, kind, chair in rows.values_list(
        "branch", "is_named", "agenda__speaker", "agenda__kind", "chair__name"
    ):
        if not is_named:
            speakers[branch_id].add(chair or "")
        elif kind == AgendaKind.LECTURE:
            speakers[branch_id].add(speaker or "")
    return {
        branch_id: (name, any(name in said for said in speakers[branch_id]))
        for branch_id, name in names.items()
    }


@sources.register("theme_days")
def theme_days(branches: Branches, on: date) -> dict[int, ThemeDayFacts]:
    """The theme day of each of the last twelve months that came nearest to the fixed day."""
    first = Span.containing(add_months(on, -LOOK_BACK_MONTHS), "month").next
    policies = {policy.township_id: policy for policy in ActivityPolicy.objects.all()}
    workdays = Workdays.between(first.start, Span.containing(on, "month").end)
    explained = set(
        Explanation.objects.filter(
            branch__in=keys(branches), code=MeetingKind.THEME_DAY, period_start__gte=first.start
        ).values_list("branch", "period_start")
    )
    rows = MeetingType.objects.filter(
        branch__in=keys(branches),
        kind=MeetingKind.THEME_DAY,
        counted_on__gte=first.start,
        counted_on__lte=on,
    ).order_by("counted_on", "meeting")
    fixed: dict[tuple[int | None, date], rules.FixedDay] = {}
    nearest: dict[tuple[int, date], tuple[int, ThemeDay]] = {}
    for branch_id, township_id, pk, day in rows.values_list(
        "branch", "branch__township", "meeting", "counted_on"
    ):
        month = day.replace(day=1)
        if (township_id, month) not in fixed:
            policy = policies.get(township_id) or ActivityPolicy()
            fixed[township_id, month] = policy.fixed_day(Span(month, "month"), workdays)
        planned = fixed[township_id, month]
        found = ThemeDay(pk, day, planned.day, planned.window_ends, (branch_id, month) in explained)
        distance = _distance(found)
        if (branch_id, month) not in nearest or distance < nearest[branch_id, month][0]:
            nearest[branch_id, month] = distance, found
    days: dict[int, list[ThemeDay]] = defaultdict(list)
    for (branch_id, _month), (_days_off, found) in nearest.items():
        days[branch_id].append(found)
    return {branch_id: ThemeDayFacts(tuple(found)) for branch_id, found in days.items()}


def _distance(day: ThemeDay) -> int:
    outside = max(day.fixed_on - day.day, day.day - day.ends_on, timedelta(0))
    return outside.days


# Whom no talk can reach.
UNREACHABLE = ("cannot_express", "custody")


@sources.register("talks")
def talks(branches: Branches, on: date) -> dict[int, TalkFacts]:
    """Who had no 谈心谈话 in the year, and between whom there were some; five statements."""
    year = year_in_question(on)
    if year is None:
        return {}
    span = year_of(year)
    day = min(on, span.end)
    in_office = Post.objects.in_force(day).filter(
        organization=OuterRef("meeting__branch"), member=OuterRef("member")
    )
    present = Attendance.objects.filter(
        meeting__branch__in=keys(branches),
        meeting__types__kind=MeetingKind.TALK,
        meeting__state__in=COUNTED_STATES,
        meeting__day__gte=span.start,
        meeting__day__lte=span.end,
        state__in=PRESENT_STATES,
    ).order_by()
    pairs: dict[int, set[tuple[bool, bool, bool]]] = defaultdict(set)
    for branch_id, _meeting, committee, everyone in (
        present.annotate(leads=Exists(in_office))
        .values_list("meeting__branch", "meeting")
        .annotate(committee=Count("pk", filter=Q(leads=True)), everyone=Count("pk"))
    ):
        ordinary = everyone - committee
        pairs[branch_id].add((committee > 1, committee > 0 and ordinary > 0, ordinary > 1))
    without: dict[int, list[Person]] = defaultdict(list)
    belonging = _members(branches, day).filter(joined_on__lt=span.start)
    # Not as a NOT EXISTS: without statistics PostgreSQL walks all attendance for each member.
    talked = set(present.values_list("member", flat=True).distinct())
    unreachable = Q(exemptions__kind__in=UNREACHABLE, exemptions__from_on__lte=day) & (
        Q(exemptions__to_on=None) | Q(exemptions__to_on__gt=day)
    )
    for branch_id, pk, name in (
        belonging.exclude(pk__in=Member.objects.filter(unreachable).values("pk"))
        .order_by("initials", "pk")
        .values_list("memberships__branch", "pk", "name")
    ):
        if pk not in talked:
            without[branch_id].append(Person(pk, name))
    return {
        branch_id: TalkFacts(
            year,
            tuple(without[branch_id]),
            committee,
            everyone - committee,
            *(any(kind) for kind in zip(*pairs[branch_id] or {(False,) * 3}, strict=True)),
        )
        for branch_id, everyone, committee in _numbers(branches, day)
    }


def _members(branches: Branches, day: date):
    """Return who belonged to one of the branches on that day."""
    return Member.objects.filter(
        Q(memberships__to_on=None) | Q(memberships__to_on__gt=day),
        memberships__branch__in=keys(branches),
        memberships__from_on__lte=day,
    )


def _numbers(branches: Branches, day: date) -> Iterable[tuple[int, int, int]]:
    in_office = Post.objects.in_force(day).filter(
        organization=OuterRef("memberships__branch"), member=OuterRef("pk")
    )
    return (
        _members(branches, day)
        .annotate(leads=Exists(in_office))
        .order_by()
        .values_list("memberships__branch")
        .annotate(everyone=Count("pk"), committee=Count("pk", filter=Q(leads=True)))
    )


@sources.register("hours")
def hours(branches: Branches, on: date) -> dict[int, HoursFacts]:
    """学时 of those of whom they are asked, in the fourth quarter and after the year."""
    year = year_in_question(on)
    if year is None:
        return {}
    return {
        branch_id: HoursFacts(
            on,
            year,
            tuple(
                Learner(row.name, row.learned.minutes, row.is_leading) for row in rows if row.needed
            ),
        )
        for branch_id, rows in hours_by_branch(branches, year, on=on).items()
    }


@sources.register("plans")
def plans(branches: Branches, on: date) -> dict[int, PlanFacts]:
    """The state of the year's plan; a branch set up this year made none."""
    states = dict(
        YearPlan.objects.filter(branch__in=keys(branches), year=on.year).values_list(
            "branch", "state"
        )
    )
    asked = branches.order_by().filter(
        Q(established_on=None) | Q(established_on__lt=date(on.year, 1, 1))
    )
    return {pk: PlanFacts(on, states.get(pk, "")) for pk in asked.values_list("pk", flat=True)}


# --- Where it is mended ---------------------------------------------------------------------------


@sources.mended_at("gap")
def _explain(branch_id: int, rest: str) -> str:
    """Lead to the way out of a gap, which is also where a record is begun from."""
    code, _colon, span = rest.partition(":")
    return reverse("meetings:explanation_create", args=[branch_id, code, span])


@sources.mended_at("meeting")
def _meeting(_branch_id: int, rest: str) -> str:
    return reverse("meetings:meeting_detail", args=[rest.partition(":")[0]])


@sources.mended_at("lecture")
@sources.mended_at("talk")
def _records(_branch_id: int, _rest: str) -> str:
    return reverse("meetings:meeting_create")


@sources.mended_at("plan")
def _plans(_branch_id: int, rest: str) -> str:
    return f"{reverse('meetings:year_plan_list')}?year={rest}"
