"""Standing: for any set of branches and any month, quarter or year, who owes what and why.

A constant number of statements (five): rules, branches with their full members on the days in
question, groups, meetings counted per window, explanations. The judging itself is in rules.py.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from django.db.models import Count, Q, QuerySet

from branches.models import Organization, PartyGroup
from meetings import rules
from meetings.models import Body, Explanation, MeetingType, Obligation
from meetings.rules import Facts, Span, State, Why, Window

from .binding import Binding, Bindings, Entry
from .cells import Cell, Part, Row, Standing
from .rulebook import Rulebook


def standing(
    branches: "QuerySet[Organization]", *, view: Span, on: date, only: str = ""
) -> Standing:
    """Judge every rule for every branch in `view`, as things stood by the end of day `on`.

    `only` is the code of a rule, where the others are of no interest.
    """
    rulebook = Rulebook.load(branches, only=only)
    bindings = Bindings(rulebook, view, on)
    rows = _branch_rows(branches, bindings.judging_days)
    townships = {row.township_id for row in rows}
    for township_id in townships:
        bindings.bind(township_id)
    columns = bindings.columns()
    judge = _Judge(
        on=on,
        groups=_groups(branches) if bindings.bind_groups else {},
        held=_held(branches, bindings.windows),
        explained=_explained(branches, bindings.spans),
    )
    binding = {township_id: bindings.of(township_id, columns) for township_id in townships}
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
                judge.cells(row, binding[row.township_id]),
            )
            for row in rows
        ),
    )


def cell_of(branch: Organization, code: str, span: Span, *, on: date) -> Cell | None:
    """Return one cell: a branch, a rule, a span; None where the rule does not bind it."""
    table = standing(Organization.objects.filter(pk=branch.pk), view=span, on=on, only=code)
    return next((cell for row in table.rows for cell in row.cells), None)


# --- Inside -------------------------------------------------------------------------------------


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
        self, row: _BranchRow, bindings: tuple[Binding | None, ...]
    ) -> tuple[Cell | None, ...]:
        return tuple(binding and self._cell(row, binding) for binding in bindings)

    def _cell(self, row: _BranchRow, binding: Binding) -> Cell:
        seen = tuple([self._see(row, binding.rule, entry) for entry in binding.entries])
        key = (binding.rule.pk, seen)
        cell = self._known.get(key)
        if cell is None:
            cell = self._known[key] = _judged(binding, seen, self._on)
        return cell

    def _see(self, row: _BranchRow, rule: Obligation, entry: Entry) -> _Seen:
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

    def _count(self, row: _BranchRow, rule: Obligation, group: int | None, entry: Entry) -> int:
        held = self._held.get((row.pk, rule.kind, group))
        return held[entry.window_slot] if held else 0


def _judged(binding: Binding, seen: tuple[_Seen, ...], on: date) -> Cell:
    parts = tuple(_part(entry, it, on) for entry, it in zip(binding.entries, seen, strict=True))
    return Cell(
        rule=binding.rule,
        state=rules.worst({part.state for part in parts}),
        held=sum(part.held for part in parts),
        needed=sum(part.needed for part in parts),
        parts=parts,
    )


def _part(entry: Entry, seen: _Seen, on: date) -> Part:
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
