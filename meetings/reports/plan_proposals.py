"""What a plan or a template may begin with: the rules, the township's template, last year's plan."""

from collections.abc import Iterable, Iterator
from datetime import date
from typing import NamedTuple

from branches.models import Membership, Organization, PartyGroup
from meetings import rules
from meetings.models import (
    Body,
    MeetingKind,
    Obligation,
    Period,
    YearPlan,
    YearPlanItem,
    YearTemplate,
    YearTemplateItem,
)
from meetings.rules import MONTHS_IN, Facts, Span

from .rulebook import Rulebook

# Whose meeting it is: without such a body a branch plans none (支部工作条例 arts. 5, 20).
BODIES = {MeetingKind.COMMITTEE: Body.COMMITTEE, MeetingKind.GROUP: Body.GROUP}
# 谈心谈话 comes before the 组织生活会 at the year's end, for which it is held (art. 19).
TALK_MONTH = 11


class Line(NamedTuple):
    """One meeting of a plan or a template; `pk` is the stored line that it was read from."""

    month: int
    kind: str
    theme: str = ""
    note: str = ""
    group_id: int | None = None
    pk: int | None = None

    @classmethod
    def of(cls, item: YearPlanItem | YearTemplateItem) -> "Line":
        group_id = getattr(item, "group_id", None)
        return cls(item.month, item.kind, item.theme, item.note, group_id, item.pk)


def from_rules(rulebook: Rulebook, township_id: int | None, year: int) -> list[Line]:
    """Propose as many meetings as the rules in force ask for, each late in its period."""
    view = Span(date(year, 1, 1), Period.YEAR)
    found = [
        Line(month, rule.kind)
        for period in Period.values
        for span in view.parts(period)
        for rule in rulebook.in_force(township_id, span.start)
        if rule.period == period
        for month in _months(rule, span)
    ]
    return in_order(found)


def _months(rule: Obligation, span: Span) -> Iterator[int]:
    if rule.kind == MeetingKind.TALK and rule.period == Period.YEAR:
        last = TALK_MONTH
    elif rule.due_month and not rule.due_next_year:
        last = rule.due_month
    else:
        last = span.end.month
    length = MONTHS_IN[rule.period]
    for nth in reversed(range(rule.times)):
        yield max(span.start.month, last - nth * length // rule.times)


def from_template(year: int, township_id: int | None) -> list[Line]:
    """Return the lines of the township's published template of the year, if there is one."""
    rows = YearTemplateItem.objects.filter(
        template__township=township_id,
        template__year=year,
        template__in=YearTemplate.objects.published(),
    )
    return [Line.of(row)._replace(pk=None) for row in rows]


def from_earlier_template(year: int, township_id: int) -> list[Line]:
    """Return last year's template as lines of a new one."""
    rows = YearTemplateItem.objects.filter(template__township=township_id, template__year=year - 1)
    return [Line.of(row)._replace(pk=None) for row in rows]


def from_earlier_plan(branch: Organization, year: int) -> list[Line]:
    """Return the branch's plan of the year before, without groups that are no more."""
    rows = YearPlanItem.objects.filter(plan__branch=branch, plan__year=year - 1).select_related(
        "group"
    )
    lines = []
    for row in rows:
        is_gone = row.group is not None and row.group.dissolved_on is not None
        line = Line.of(row)._replace(pk=None)
        lines.append(line._replace(group_id=None) if is_gone else line)
    return list(dict.fromkeys(lines))


def sources_for(branch: Organization, year: int) -> list[str]:
    """Name what the branch's plan may begin with, the best first."""
    found = []
    templates = YearTemplate.objects.published().filter(township=branch.township_id, year=year)
    if templates.exists():
        found.append("template")
    if YearPlan.objects.filter(branch=branch, year=year - 1, items__isnull=False).exists():
        found.append("last_year")
    return [*found, "rules"]


def proposal(branch: Organization, year: int, *, source: str, on: date) -> list[Line]:
    """Return what the branch may begin its plan with: only what applies to it, from `on` on.

    A plan is made for what lies ahead: months that are over are left out.
    """
    if source == "template":
        lines = from_template(year, branch.township_id)
    elif source == "last_year":
        lines = from_earlier_plan(branch, year)
    else:
        rulebook = Rulebook.load(Organization.objects.filter(pk=branch.pk))
        lines = from_rules(rulebook, branch.township_id, year)
    facts = facts_of(branch, on=on)
    first = on.month if on.year == year else 1
    return [
        line
        for line in lines
        if line.month >= first
        and rules.exemption(BODIES.get(line.kind, Body.BRANCH), facts) is None
    ]


def facts_of(branch: Organization, *, on: date) -> Facts:
    """Say how many full members and groups the branch has: what it owes depends on them."""
    belonging = Membership.objects.in_force(on).filter(branch=branch, member__full_on__lte=on)
    groups = PartyGroup.objects.filter(branch=branch, dissolved_on=None)
    return Facts(exists=True, full_members=belonging.count(), groups=groups.count())


def in_order(lines: Iterable[Line]) -> list[Line]:
    """Sort by month, then as the regulation names the kinds."""
    return sorted(lines, key=lambda line: (line.month, MeetingKind.values.index(line.kind)))
