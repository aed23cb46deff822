"""The year's plan beside what was held: each line with its meeting, its state, its way out.

A constant number of statements for any number of plans: lines, meetings, explanations, rules,
groups. Nothing is counted and no percentage is made of it.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from typing import NamedTuple

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from branches.models import Organization, PartyGroup
from meetings.models import (
    COUNTED_STATES,
    Explanation,
    Meeting,
    MeetingKind,
    MeetingState,
    MeetingType,
    Obligation,
    PlanState,
    YearPlan,
    YearPlanItem,
)
from meetings.rules import Span

from .rulebook import Rulebook


class LineState(StrEnum):
    """Where one line of a plan stands."""

    HELD = "met"
    ARRANGED = "planned"
    NOW = "due"
    AHEAD = "none"
    EXPLAINED = "explained"
    LATER = "soon"
    OPEN = "overdue"


STATE_WORDS = {
    LineState.HELD: gettext_lazy("已开展"),
    LineState.ARRANGED: gettext_lazy("已排定"),
    LineState.NOW: gettext_lazy("本月"),
    LineState.AHEAD: gettext_lazy("未到月份"),
    LineState.EXPLAINED: gettext_lazy("已说明"),
    LineState.LATER: gettext_lazy("本周期内仍可开展"),
    LineState.OPEN: gettext_lazy("未记录"),
}


class Held(NamedTuple):
    """One meeting as one of its kinds."""

    meeting_id: int
    kind: str
    group_id: int | None
    day: date
    title: str
    state: str
    plan_item_id: int | None

    @property
    def kind_label(self) -> str:
        return str(MeetingKind(self.kind).label)

    @property
    def is_counted(self) -> bool:
        return self.state in COUNTED_STATES


@dataclass
class PlanLine:
    """One line of a plan with what came of it."""

    item: YearPlanItem
    state: LineState = LineState.AHEAD
    meetings: list[Held] = field(default_factory=list)
    explanation: str = ""
    # The rule and the span whose gap may be explained, where a rule asks for it.
    code: str = ""
    span: Span | None = None
    deadline: date | None = None

    @property
    def word(self) -> str:
        return str(STATE_WORDS[self.state])

    @property
    def name(self) -> str:
        """Month and kind, for those who hear a link without seeing its row."""
        month = _("%(month)s月") % {"month": self.item.month}
        return f"{month}{self.item.get_kind_display()}{self.group}"

    @property
    def group(self) -> str:
        """The group named, or that a line of 党小组会 without one is about all of them."""
        if self.item.group is not None:
            return str(self.item.group)
        return _("各党小组") if self.item.kind == MeetingKind.GROUP else ""

    @property
    def differing(self) -> list[Held]:
        """Meetings whose title says something else than the plan; a generated one says nothing."""
        theme = plain(self.item.theme)
        return [it for it in self.meetings if theme and not _same_theme(theme, it)]

    @property
    def can_begin(self) -> bool:
        """Nothing is arranged or written of it yet."""
        begins = (LineState.NOW, LineState.AHEAD, LineState.LATER, LineState.OPEN)
        return self.state in begins and not self.meetings

    @property
    def can_explain(self) -> bool:
        return bool(self.code) and self.state in (LineState.OPEN, LineState.NOW)


class PlanMonth(NamedTuple):
    """A month of the plan: its lines, and what was held besides."""

    start: date
    lines: list[PlanLine]
    unplanned: list[Held]


def plans_of(branch: Organization, year: int) -> "QuerySet[YearPlan]":
    """Return the branch's plan of the year, at most one, with its lines and their groups."""
    return YearPlan.objects.filter(branch=branch, year=year).prefetch_related("items__group")


def theme_of(meeting: Meeting) -> str:
    """Return the theme that an approved plan has for the meeting; nothing where it has none."""
    return themes_of([meeting])[meeting.pk]


def themes_of(meetings: Sequence[Meeting]) -> dict[int, str]:
    """Return the planned theme of each meeting, in two statements.

    It is that of the line it started from, else of the only line of the same kind in its month.
    """
    lines = YearPlanItem.objects.filter(plan__state=PlanState.APPROVED).exclude(theme="")
    direct = lines.in_bulk({m.plan_item_id for m in meetings if m.plan_item_id})
    rest = [m for m in meetings if m.plan_item_id not in direct]
    found = {m.pk: direct[m.plan_item_id].theme for m in meetings if m.plan_item_id in direct}
    if rest:
        found |= _themes_by_month(lines, rest)
    return {meeting.pk: found.get(meeting.pk, "") for meeting in meetings}


def _themes_by_month(lines: QuerySet, meetings: Sequence[Meeting]) -> dict[int, str]:
    kinds: dict[int, set[str]] = defaultdict(set)
    types = MeetingType.objects.filter(meeting__in=[m.pk for m in meetings])
    for pk, kind in types.values_list("meeting", "kind"):
        kinds[pk].add(kind)
    planned: dict[tuple, list[tuple]] = defaultdict(list)
    rows = lines.filter(
        plan__branch__in={m.branch_id for m in meetings},
        plan__year__in={m.day.year for m in meetings},
    ).values_list("plan__branch", "plan__year", "month", "kind", "group", "theme")
    for *place, kind, group_id, theme in rows:
        planned[tuple(place)].append((kind, group_id, theme))
    found = {}
    for meeting in meetings:
        themes = {
            theme
            for kind, group_id, theme in planned[
                meeting.branch_id, meeting.day.year, meeting.day.month
            ]
            if kind in kinds[meeting.pk] and group_id in (None, meeting.group_id)
        }
        if len(themes) == 1:
            found[meeting.pk] = themes.pop()
    return found


def beside(plans: Sequence[YearPlan], *, on: date) -> dict[int, list[PlanMonth]]:
    """Return the months of each plan with their lines, beside what was held by the day `on`."""
    if not plans:
        return {}
    branch_ids = {plan.branch_id for plan in plans}
    branches = Organization.objects.filter(pk__in=branch_ids)
    rulebook = Rulebook.load(branches)
    known = _Known(branch_ids, {plan.year for plan in plans}, rulebook)
    by_plan: dict[int, list[YearPlanItem]] = defaultdict(list)
    items = YearPlanItem.objects.filter(plan__in=[plan.pk for plan in plans])
    for item in items.select_related("group").order_by("month", "pk"):
        by_plan[item.plan_id].append(item)
    return {plan.pk: _months(plan, by_plan[plan.pk], known, on) for plan in plans}


def differs(theme: str, title: str) -> bool:
    """Say whether a title is about something else than the theme."""
    theme, title = plain(theme), plain(title)
    return bool(theme and title) and theme not in title and title not in theme


def plain(text: str) -> str:
    """Take away what does not tell two themes apart."""
    return "".join(char for char in text if char.isalnum())


# --- Inside -------------------------------------------------------------------------------------


def _same_theme(theme: str, held: Held) -> bool:
    return not differs(theme, held.title)


class _Known:
    """What the rows say of the branches of some plans."""

    def __init__(
        self, branch_ids: Collection[int], years: Collection[int], rulebook: Rulebook
    ) -> None:
        self.rulebook = rulebook
        first, last = date(min(years), 1, 1), date(max(years) + 1, 12, 31)
        self.held: dict[int, list[Held]] = defaultdict(list)
        types = (
            MeetingType.objects.filter(
                Q(meeting__day__gte=first, meeting__day__lte=last)
                | Q(meeting__plan_item__isnull=False),
                branch__in=branch_ids,
            )
            .exclude(meeting__state=MeetingState.CANCELLED)
            .order_by("meeting__day", "meeting__pk")
        )
        for branch_id, *held in types.values_list(
            "branch",
            "meeting",
            "kind",
            "group",
            "meeting__day",
            "meeting__title",
            "meeting__state",
            "meeting__plan_item",
        ):
            self.held[branch_id].append(Held(*held))
        rows = Explanation.objects.filter(branch__in=branch_ids, period_start__gte=first)
        self.explained = {
            row[:3]: row[3] for row in rows.values_list("branch", "code", "period_start", "reason")
        }
        self.groups: dict[int, set[int]] = defaultdict(set)
        groups = PartyGroup.objects.filter(branch__in=branch_ids, dissolved_on=None)
        for pk, branch_id in groups.values_list("pk", "branch"):
            self.groups[branch_id].add(pk)

    def rule(self, township_id: int | None, kind: str, month: Span) -> Obligation | None:
        """Return the rule that asks for the kind in that month."""
        found = [
            rule for rule in self.rulebook.in_force(township_id, month.start) if rule.kind == kind
        ]
        return found[0] if found else None


def _months(plan: YearPlan, items: list[YearPlanItem], known: _Known, on: date) -> list[PlanMonth]:
    lines = []
    for item in items:
        item.plan = plan
        lines.append(PlanLine(item))
    held = known.held[plan.branch_id]
    taken = _match(lines, held, known, plan, on)
    for line in lines:
        _judge(line, known, plan, on)
    months = []
    for month in Span(date(plan.year, 1, 1), "year").parts("month"):
        besides = [it for it in held if it.day in month and it.is_counted and it not in taken]
        of_month = [line for line in lines if line.item.month == month.start.month]
        if of_month or besides:
            months.append(PlanMonth(month.start, of_month, besides))
    return months


def _match(
    lines: list[PlanLine], held: list[Held], known: _Known, plan: YearPlan, on: date
) -> set[Held]:
    """Give each line its meetings; a meeting serves one line for each of its kinds.

    First what was started from the line, then the same kind (and group) in the month; for a month
    that has come, then in the rule's period: what was held a month early is not missing.
    """
    taken: set[Held] = set()
    for line in lines:
        started = [it for it in held if it.plan_item_id == line.item.pk]
        exact = [it for it in started if it.kind == line.item.kind] or started[:1]
        line.meetings += exact
        taken.update(exact)
    everyone = known.groups[plan.branch_id]
    for line in lines:
        month = Span(date(plan.year, line.item.month, 1), "month")
        _take(line, [it for it in held if it.day in month], taken, everyone)
    for line in lines:
        month = Span(date(plan.year, line.item.month, 1), "month")
        rule = known.rule(plan.branch.township_id, line.item.kind, month)
        if rule is None:
            continue
        line.code, line.span = rule.code, Span.containing(month.start, rule.period)
        window = rule.window(line.span)
        line.deadline = window.deadline
        if month.start <= on:
            near = [it for it in held if window.start <= it.day <= window.deadline]
            _take(line, near, taken, everyone)
    return taken


def _take(line: PlanLine, held: Iterable[Held], taken: set[Held], groups: set[int]) -> None:
    """Let the line have what it lacks of these; one for each group where it is about all."""
    of_all_groups = line.item.kind == MeetingKind.GROUP and line.item.group_id is None
    for it in held:
        if it in taken or it.kind != line.item.kind or it.plan_item_id not in (None, line.item.pk):
            continue
        if line.item.group_id not in (None, it.group_id):
            continue
        if of_all_groups:
            if it.group_id in {known.group_id for known in line.meetings}:
                continue
        elif line.meetings:
            return
        line.meetings.append(it)
        taken.add(it)


def _judge(line: PlanLine, known: _Known, plan: YearPlan, on: date) -> None:
    month = Span(date(plan.year, line.item.month, 1), "month")
    counted = {it.group_id for it in line.meetings if it.is_counted}
    if line.item.kind == MeetingKind.GROUP and line.item.group_id is None:
        is_held = bool(counted) and known.groups[plan.branch_id] <= counted
    else:
        is_held = bool(counted)
    if line.span is not None:
        place = (plan.branch_id, line.code, line.span.start)
        line.explanation = known.explained.get(place, "")
    if is_held:
        line.state = LineState.HELD
    elif line.explanation:
        line.state = LineState.EXPLAINED
    elif line.meetings and any(it.day >= on for it in line.meetings):
        line.state = LineState.ARRANGED
    elif month.start > on:
        line.state = LineState.AHEAD
    elif on in month:
        line.state = LineState.NOW
    elif line.deadline is not None and on <= line.deadline:
        line.state = LineState.LATER
    else:
        line.state = LineState.OPEN


def flat(months: Iterable[PlanMonth]) -> Iterator[PlanLine]:
    """Yield the lines of all months in order."""
    for month in months:
        yield from month.lines
