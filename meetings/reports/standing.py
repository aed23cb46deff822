"""Standing: for any set of branches and any month, quarter or year, who owes what and why.

A constant number of statements (five): rules, branches with their full members on the days in
question, groups, meetings counted per window, explanations. The judging itself is in rules.py.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db.models import Count, Q, QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from branches.models import Organization, PartyGroup
from meetings import rules
from meetings.models import Body, Explanation, MeetingKind, MeetingType, Obligation, Period
from meetings.rules import Facts, Span, State, Why, Window

from .rulebook import Rulebook


class Column(NamedTuple):
    """One obligation as a column of the matrix."""

    code: str
    kind: str
    label: str


class Part(NamedTuple):
    """One rule in one of its own spans, e.g. 支委会 in 2026-11."""

    span: Span
    state: State
    why: Why
    held: int
    needed: int
    due_on: date


class Cell(NamedTuple):
    """One branch × one rule over the whole view; `parts` are the rule's own spans in it."""

    branch_id: int
    rule: Obligation
    state: State
    held: int
    needed: int
    parts: tuple[Part, ...]

    @property
    def telling(self) -> Part:
        """The part that decides the state: the earliest of the worst."""
        return next(part for part in self.parts if part.state == self.state)

    @property
    def is_behind(self) -> bool:
        return self.state in (State.OVERDUE, State.DUE)


class Row(NamedTuple):
    """One branch with its cells, in the order of the columns; None where no rule binds it."""

    branch_id: int
    name: str
    township_id: int | None
    branch_type: str
    cells: tuple[Cell | None, ...]

    @property
    def overdue(self) -> list[Cell]:
        return [cell for cell in self.cells if cell and cell.state == State.OVERDUE]

    @property
    def behind(self) -> list[Cell]:
        return [cell for cell in self.cells if cell and cell.is_behind]


@dataclass(frozen=True, slots=True)
class Standing:
    """The matrix of a view; rows follow the order of the branches given."""

    view: Span
    on: date
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]

    def row(self, branch_id: int) -> Row | None:
        return next((row for row in self.rows if row.branch_id == branch_id), None)

    def rates(self) -> dict[str, tuple[int, int]]:
        """Return per code how many branches have met or explained it, of how many it binds."""
        tally: dict[str, list[int]] = {column.code: [0, 0] for column in self.columns}
        for row in self.rows:
            for cell in row.cells:
                if cell and cell.state not in (State.EXEMPT, State.AHEAD):
                    tally[cell.rule.code][0] += not cell.is_behind
                    tally[cell.rule.code][1] += 1
        return {code: (settled, bound) for code, (settled, bound) in tally.items()}


def standing(branches: "QuerySet[Organization]", *, view: Span, on: date) -> Standing:
    """Judge every rule for every branch in `view`, as things stood by the end of day `on`."""
    rulebook = Rulebook.load(branches)
    bindings = _Bindings(rulebook, view, on)
    rows = _branch_rows(branches, bindings.judging_days)
    for township_id in {row.township_id for row in rows}:
        bindings.bind(township_id)
    groups = _groups(branches)
    held = _held(branches, bindings.windows)
    explained = set(
        Explanation.objects.filter(branch__in=branches.order_by().values("pk"))
        .filter(period_start__in={span.start for span, _window in bindings.spans})
        .values_list("branch", "code", "period_start")
    )
    columns = bindings.columns()
    return Standing(
        view=view,
        on=on,
        columns=columns,
        rows=tuple(
            Row(
                row.pk,
                row.name,
                row.township_id,
                row.branch_type,
                tuple(
                    _cell(
                        row, bindings.of(row.township_id, column.code), groups, held, explained, on
                    )
                    for column in columns
                ),
            )
            for row in rows
        ),
    )


def cell_of(branch: Organization, code: str, span: Span, *, on: date) -> Cell | None:
    """Return one cell: a branch, a rule, a span; None where the rule does not bind it."""
    table = standing(Organization.objects.filter(pk=branch.pk), view=span, on=on)
    cells = [cell for row in table.rows for cell in row.cells if cell]
    return next((cell for cell in cells if cell.rule.code == code), None)


# --- Inside -------------------------------------------------------------------------------------


class _Binding(NamedTuple):
    """One version of a rule with those of its spans that lie in the view."""

    rule: Obligation
    spans: tuple[tuple[Span, Window, date], ...]


class _Bindings:
    """The rules of each township in the view, and every window and day that they need."""

    def __init__(self, rulebook: Rulebook, view: Span, on: date) -> None:
        self._rulebook, self._view, self._on = rulebook, view, on
        self._by_township: dict[int | None, dict[str, _Binding]] = {}
        self._columns: dict[str, Column] = {}
        for rule in rulebook.every():
            self._columns.setdefault(rule.code, Column(rule.code, rule.kind, rule.label))

    def bind(self, township_id: int | None) -> None:
        found: dict[str, _Binding] = {}
        for period in Period.values:
            for span in self._view.parts(period):
                for rule in self._rulebook.in_force(township_id, span.start):
                    if rule.period == period:
                        entry = (span, *self._window(rule, span))
                        known = found.get(rule.code)
                        spans = (*known.spans, entry) if known else (entry,)
                        found[rule.code] = _Binding(rule, spans)
        self._by_township[township_id] = found

    def _window(self, rule: Obligation, span: Span) -> tuple[Window, date]:
        window = rule.window(span)
        return window, max(window.start, min(window.deadline, self._on))

    def of(self, township_id: int | None, code: str) -> _Binding | None:
        return self._by_township[township_id].get(code)

    def columns(self) -> tuple[Column, ...]:
        used = {code for found in self._by_township.values() for code in found}
        return tuple(column for code, column in self._columns.items() if code in used)

    @property
    def spans(self) -> set[tuple[Span, Window]]:
        return {
            (span, window)
            for found in self._by_township.values()
            for binding in found.values()
            for span, window, _day in binding.spans
        }

    @property
    def windows(self) -> list[Window]:
        return sorted({window for _span, window in self.spans})

    @property
    def judging_days(self) -> list[date]:
        """Days on which facts are needed; read before any township is known."""
        days = {
            self._window(rule, span)[1]
            for rule in self._rulebook.every()
            for span in self._view.parts(rule.period)
        }
        return sorted(days)


class _BranchRow(NamedTuple):
    pk: int
    name: str
    township_id: int | None
    branch_type: str
    established_on: date | None
    dissolved_on: date | None
    full_members: dict[date, int]

    def exists(self, day: date) -> bool:
        begun = self.established_on is None or self.established_on <= day
        return begun and (self.dissolved_on is None or self.dissolved_on > day)


def _branch_rows(branches: "QuerySet[Organization]", days: list[date]) -> list[_BranchRow]:
    counted = {
        f"full_{i}": Count(
            "memberships",
            filter=Q(memberships__from_on__lte=day, memberships__member__full_on__lte=day)
            & (Q(memberships__to_on=None) | Q(memberships__to_on__gt=day)),
        )
        for i, day in enumerate(days)
    }
    fields = ("pk", "short_name", "township", "branch_type", "established_on", "dissolved_on")
    return [
        _BranchRow(*row[:6], dict(zip(days, row[6:], strict=True)))
        for row in branches.annotate(**counted).order_by("path").values_list(*fields, *counted)
    ]


def _groups(branches: "QuerySet[Organization]") -> dict[int, list[tuple]]:
    found: dict[int, list[tuple]] = defaultdict(list)
    rows = PartyGroup.objects.filter(branch__in=branches.order_by().values("pk"))
    for branch_id, *group in rows.order_by("pk").values_list(
        "branch", "pk", "established_on", "dissolved_on"
    ):
        found[branch_id].append(tuple(group))
    return found


def _held(
    branches: "QuerySet[Organization]", windows: list[Window]
) -> dict[tuple[int, str, int | None], dict[Window, int]]:
    """Count the meetings per branch, kind and group in each window, in one aggregate."""
    if not windows:
        return {}
    first, last = min(w.start for w in windows), max(w.deadline for w in windows)
    counted = {
        f"n{i}": Count("pk", filter=Q(counted_on__gte=w.start, counted_on__lte=w.deadline))
        for i, w in enumerate(windows)
    }
    rows = (
        MeetingType.objects.filter(
            branch__in=branches.order_by().values("pk"),
            counted_on__gte=first,
            counted_on__lte=last,
        )
        .order_by()
        .values_list("branch", "kind", "group")
        .annotate(**counted)
    )
    return {tuple(row[:3]): dict(zip(windows, row[3:], strict=True)) for row in rows}


def _cell(
    row: _BranchRow,
    binding: _Binding | None,
    groups: dict[int, list[tuple]],
    held: dict,
    explained: set,
    on: date,
) -> Cell | None:
    if binding is None:
        return None
    rule = binding.rule
    parts = tuple(
        _part(row, rule, span, window, day, groups.get(row.pk, ()), held, explained, on)
        for span, window, day in binding.spans
    )
    return Cell(
        branch_id=row.pk,
        rule=rule,
        state=parts[0].state if len(parts) == 1 else rules.worst({p.state for p in parts}),
        held=sum(part.held for part in parts),
        needed=sum(part.needed for part in parts if part.state is not State.EXEMPT),
        parts=parts,
    )


def _part(
    row: _BranchRow,
    rule: Obligation,
    span: Span,
    window: Window,
    day: date,
    groups: Iterable[tuple],
    held: dict,
    explained: set,
    on: date,
) -> Part:
    standing_groups = [
        pk
        for pk, since, until in groups
        if (since is None or since <= day) and (until is None or until > day)
    ]
    facts = Facts(row.exists(day), row.full_members.get(day, 0), len(standing_groups))
    if (why := rules.exemption(rule.body, facts)) is not None:
        return Part(span, State.EXEMPT, why, 0, 0, window.deadline)
    if rule.body == Body.GROUP:
        # Every group holds its own: what counts is how many groups have.
        needed = len(standing_groups)
        counts = (held.get((row.pk, rule.kind, pk), {}).get(window, 0) for pk in standing_groups)
        n = sum(count >= rule.times for count in counts)
    else:
        needed = rule.times
        n = held.get((row.pk, rule.kind, None), {}).get(window, 0)
    state, why = rules.judge(
        needed=needed,
        held=n,
        is_explained=(row.pk, rule.code, span.start) in explained,
        start=window.start,
        deadline=window.deadline,
        on=on,
    )
    return Part(span, state, why, n, needed, window.deadline)


# --- Words --------------------------------------------------------------------------------------


def sentence(cell: Cell, part: Part | None = None) -> str:
    """Say in one sentence where it stands, by which article, and what would settle it."""
    part = part or cell.telling
    rule = cell.rule
    asked = _("%(kind)s%(period)s%(times)s次（%(article)s）") % {
        "kind": MeetingKind(rule.kind).label,
        "period": _("每%(period)s") % {"period": Period(rule.period).label},
        "times": rule.times,
        "article": rule.article,
    }
    due = date_format(part.due_on, "n月j日")
    missing = part.needed - part.held
    told = {
        Why.HELD: _("已开展%(held)s次，符合要求。"),
        Why.STILL_TIME: _("已开展%(held)s次，还差%(missing)s次，请于%(due)s前完成。"),
        Why.DEADLINE_PASSED: _(
            "已开展%(held)s次，差%(missing)s次，%(due)s已到期：补录实际召开的会议，或说明未召开的原因。"
        ),
        Why.EXPLANATION: _("已说明原因，无需补记录。"),
        Why.NO_COMMITTEE: _("正式党员不足7人，不设支委会，不作要求（条例第20条）。"),
        Why.NO_GROUPS: _("未划分党小组，不作要求。"),
        Why.NOT_FOUNDED: _("支部当时尚未成立或已撤销，不作要求。"),
        Why.NOT_BEGUN: _("周期尚未开始。"),
    }[part.why]
    return f"{asked}：{told % {'held': part.held, 'missing': missing, 'due': due}}"
