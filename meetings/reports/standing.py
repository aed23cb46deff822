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
    """One rule over the whole view, as it stands at some branches; `parts` are its own spans in it.

    It names no branch: branches whose records say the same share one cell.
    """

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
    columns = bindings.columns()
    judge = _Judge(
        on=on,
        groups=_groups(branches),
        held=_held(branches, bindings.windows),
        explained=_explained(branches, bindings.spans),
    )
    by_township = {
        township_id: bindings.of(township_id, columns)
        for township_id in {row.township_id for row in rows}
    }
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
                judge.cells(row, by_township[row.township_id]),
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


class _Entry(NamedTuple):
    """One span of a rule; the slots say where its day and its window stand in what was counted."""

    span: Span
    window: Window
    day: date
    day_slot: int = 0
    window_slot: int = 0


class _Binding(NamedTuple):
    """One version of a rule with those of its spans that lie in the view."""

    rule: Obligation
    entries: tuple[_Entry, ...]


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
                        entry = _Entry(span, *self._window(rule, span))
                        known = found.get(rule.code)
                        entries = (*known.entries, entry) if known else (entry,)
                        found[rule.code] = _Binding(rule, entries)
        self._by_township[township_id] = found

    def _window(self, rule: Obligation, span: Span) -> tuple[Window, date]:
        window = rule.window(span)
        return window, max(window.start, min(window.deadline, self._on))

    def of(
        self, township_id: int | None, columns: tuple[Column, ...]
    ) -> tuple[_Binding | None, ...]:
        """Return the township's rules in the order of the columns, with their slots."""
        days = {day: slot for slot, day in enumerate(self.judging_days)}
        windows = {window: slot for slot, window in enumerate(self.windows)}
        found = self._by_township[township_id]

        def slotted(binding: _Binding) -> _Binding:
            return binding._replace(
                entries=tuple(
                    entry._replace(day_slot=days[entry.day], window_slot=windows[entry.window])
                    for entry in binding.entries
                )
            )

        return tuple(
            slotted(found[column.code]) if column.code in found else None for column in columns
        )

    def columns(self) -> tuple[Column, ...]:
        used = {code for found in self._by_township.values() for code in found}
        return tuple(column for code, column in self._columns.items() if code in used)

    @property
    def spans(self) -> set[tuple[Span, Window]]:
        return {
            (entry.span, entry.window)
            for found in self._by_township.values()
            for binding in found.values()
            for entry in binding.entries
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
    full_members: tuple[int, ...]

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
        _BranchRow(*row[:6], row[6:])
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
) -> dict[tuple[int, str, int | None], tuple[int, ...]]:
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
    return {row[:3]: row[3:] for row in rows}


def _explained(
    branches: "QuerySet[Organization]", spans: Iterable[tuple[Span, Window]]
) -> dict[int, set[tuple[str, date]]]:
    found: dict[int, set[tuple[str, date]]] = defaultdict(set)
    rows = Explanation.objects.filter(
        branch__in=branches.order_by().values("pk"),
        period_start__in={span.start for span, _window in spans},
    )
    for branch_id, code, start in rows.values_list("branch", "code", "period_start"):
        found[branch_id].add((code, start))
    return found


class _Seen(NamedTuple):
    """What the records say of one branch, one rule and one span: all that its state depends on."""

    why_exempt: Why | None
    needed: int
    held: int
    is_explained: bool


class _Judge:
    """Judges cells; what looks the same is judged once, for a county has few different cells."""

    def __init__(self, *, on: date, groups: dict, held: dict, explained: dict) -> None:
        self._on, self._groups, self._held, self._explained = on, groups, held, explained
        self._known: dict[tuple[int, tuple[_Seen, ...]], Cell] = {}

    def cells(
        self, row: _BranchRow, bindings: tuple[_Binding | None, ...]
    ) -> tuple[Cell | None, ...]:
        return tuple(binding and self._cell(row, binding) for binding in bindings)

    def _cell(self, row: _BranchRow, binding: _Binding) -> Cell:
        seen = tuple([self._see(row, binding.rule, entry) for entry in binding.entries])
        key = (binding.rule.pk, seen)
        cell = self._known.get(key)
        if cell is None:
            cell = self._known[key] = _judged(binding, seen, self._on)
        return cell

    def _see(self, row: _BranchRow, rule: Obligation, entry: _Entry) -> _Seen:
        groups = self._standing_groups(row, entry.day) if rule.body == Body.GROUP else ()
        facts = Facts(row.exists(entry.day), row.full_members[entry.day_slot], len(groups))
        if (why := rules.exemption(rule.body, facts)) is not None:
            return _Seen(why, 0, 0, False)
        if rule.body == Body.GROUP:
            # Every group holds its own: what counts is how many groups have.
            needed = len(groups)
            counts = [self._count(row, rule, group, entry) for group in groups]
            held = sum(count >= rule.times for count in counts)
        else:
            needed = rule.times
            held = self._count(row, rule, None, entry)
        is_explained = (rule.code, entry.span.start) in self._explained.get(row.pk, ())
        return _Seen(None, needed, held, is_explained)

    def _standing_groups(self, row: _BranchRow, day: date) -> list[int]:
        return [
            pk
            for pk, since, until in self._groups.get(row.pk, ())
            if (since is None or since <= day) and (until is None or until > day)
        ]

    def _count(self, row: _BranchRow, rule: Obligation, group: int | None, entry: _Entry) -> int:
        held = self._held.get((row.pk, rule.kind, group))
        return held[entry.window_slot] if held else 0


def _judged(binding: _Binding, seen: tuple[_Seen, ...], on: date) -> Cell:
    parts = tuple(_part(entry, it, on) for entry, it in zip(binding.entries, seen, strict=True))
    return Cell(
        rule=binding.rule,
        state=rules.worst({part.state for part in parts}),
        held=sum(part.held for part in parts),
        needed=sum(part.needed for part in parts),
        parts=parts,
    )


def _part(entry: _Entry, seen: _Seen, on: date) -> Part:
    deadline = entry.window.deadline
    if seen.why_exempt is not None:
        return Part(entry.span, State.EXEMPT, seen.why_exempt, 0, 0, deadline)
    state, why = rules.judge(
        needed=seen.needed,
        held=seen.held,
        is_explained=seen.is_explained,
        start=entry.window.start,
        deadline=deadline,
        on=on,
    )
    return Part(entry.span, state, why, seen.held, seen.needed, deadline)


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
