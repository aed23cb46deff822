"""What the pages of the plans show around them: the list of branches, the history, the sheet."""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, NamedTuple

from auditlog.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from branches.models import Organization
from meetings.models import PlanState, YearPlan

from .plans import PlanLine, beside, flat

HISTORY_ROWS = 30
# Under this name the log keeps the lines before and after; see services.plans.
LINES_CHANGED = "计划事项"
# The mark of each state, by the name the stylesheet knows.
LOOKS = {
    PlanState.DRAFT: "draft",
    PlanState.SUBMITTED: "open",
    PlanState.RETURNED: "returned",
    PlanState.APPROVED: "done",
}


class PlanRow(NamedTuple):
    """A branch in the list with its plan of the year, if there is one."""

    branch: Organization
    plan: YearPlan | None

    @property
    def look(self) -> str:
        return LOOKS[PlanState(self.plan.state)] if self.plan else "none"


def with_state(
    branches: "QuerySet[Organization]", year: int, state: str
) -> "QuerySet[Organization]":
    """Keep the branches whose plan of the year is in the state; 'none' keeps those without."""
    if not state:
        return branches
    plans = YearPlan.objects.filter(year=year)
    if state == "none":
        return branches.exclude(pk__in=plans.values("branch"))
    return branches.filter(pk__in=plans.filter(state=state).values("branch"))


def plan_rows(branches: Iterable[Organization], year: int) -> list[PlanRow]:
    """Pair branches with their plans of the year, in one statement."""
    branches = list(branches)
    plans = YearPlan.objects.filter(branch__in=[b.pk for b in branches], year=year)
    by_branch = {plan.branch_id: plan for plan in plans.order_by()}
    return [PlanRow(branch, by_branch.get(branch.pk)) for branch in branches]


@dataclass(frozen=True)
class PlanEvent:
    """One step of a plan: when, who, what, why; the lines it took out, and the whole before it."""

    at: datetime
    who: str
    what: str
    reason: str
    gone: list[str]
    new: list[str]
    before: list[str]


def history_of(plan: YearPlan) -> list[PlanEvent]:
    """Return the latest steps of the plan, newest first."""
    entries = LogEntry.objects.filter(
        content_type=ContentType.objects.get_for_model(YearPlan), object_id=plan.pk
    )
    newest = entries.select_related("actor").order_by("-timestamp", "-pk")
    return [_event(entry) for entry in newest[:HISTORY_ROWS]]


def _event(entry: LogEntry) -> PlanEvent:
    changes = entry.changes or {}
    before, after = (side.splitlines() for side in changes.get(LINES_CHANGED, ("", "")))
    state = changes.get("state")
    if entry.action == LogEntry.Action.CREATE:
        what = _("起草")
    elif LINES_CHANGED in changes:
        what = _("修改并重新报送") if state else _("修改")
    elif state and state[1] in PlanState.values:
        what = {
            PlanState.SUBMITTED: _("报送"),
            PlanState.APPROVED: _("批准"),
            PlanState.RETURNED: _("退回"),
        }.get(PlanState(state[1]), _("修改"))
    else:
        what = _("修改")
    return PlanEvent(
        at=entry.timestamp,
        who=str(entry.actor or _("系统")),
        what=what,
        reason=(entry.additional_data or {}).get("reason", ""),
        gone=list((Counter(before) - Counter(after)).elements()),
        new=list((Counter(after) - Counter(before)).elements()),
        before=before,
    )


def plan_sheet(
    plans: Sequence[YearPlan], *, on: date
) -> tuple[list[str], Iterator[tuple[Any, ...]]]:
    """Return header and lines: every plan's lines beside what was held."""
    headers = [
        _("党支部"),
        _("计划状态"),
        _("月份"),
        _("类型"),
        _("党小组"),
        _("计划主题"),
        _("安排"),
        _("落实情况"),
        _("开展日期"),
        _("实际主题"),
        _("说明"),
    ]
    months = beside(plans, on=on)
    rows = (_sheet_row(plan, line) for plan in plans for line in flat(months.get(plan.pk, ())))
    return headers, rows


def _sheet_row(plan: YearPlan, line: PlanLine) -> tuple[Any, ...]:
    return (
        plan.branch.short_name,
        plan.get_state_display(),
        line.item.month,
        line.item.get_kind_display(),
        line.group,
        line.item.theme,
        line.item.note,
        line.word,
        "、".join(f"{held.day:%Y-%m-%d}" for held in line.meetings),
        "、".join(dict.fromkeys(held.title for held in line.meetings)),
        line.explanation,
    )
