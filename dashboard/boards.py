"""Standing turned into what a page shows: who is behind, how townships stand, how months went."""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import NamedTuple

from django.db.models import Count, F, QuerySet
from django.db.models.functions import TruncDate, TruncMonth
from django.urls import reverse
from django.utils.translation import gettext as _

from branches.models import Organization
from dashboard.lines import Line, counts
from meetings.checks.base import registry
from meetings.models import Meeting
from meetings.reports import Cell, Column, Row, Standing, sentence
from meetings.reports.leaders import Waiting, in_order
from meetings.rules import Span, State


class Matter(NamedTuple):
    """One thing a branch owes, by when, and the day it is planned for."""

    cell: Cell
    due_on: date
    is_overdue: bool
    planned_on: date | None
    url: str

    @property
    def label(self) -> str:
        return self.cell.rule.label

    @property
    def why(self) -> str:
        return sentence(self.cell)


class Behind(NamedTuple):
    """One branch with what it owes, overdue first."""

    row: Row
    matters: list[Matter]

    @property
    def overdue(self) -> int:
        return sum(matter.is_overdue for matter in self.matters)

    @property
    def due(self) -> int:
        return len(self.matters) - self.overdue


def planned_days(planned: Iterable[Line]) -> dict[tuple[int | None, str], date | None]:
    """Return the first planned day of each kind at each branch."""
    days: dict[tuple[int | None, str], date | None] = {}
    for line in planned:
        days.setdefault((line.branch_id, line.kind), line.day)
    return days


def matters(
    row: Row, view: Span, planned: Mapping[tuple[int | None, str], date | None]
) -> list[Matter]:
    """Return what the branch owes in `view`: overdue, or due before its end."""
    end = view.end
    found = [
        Matter(
            cell,
            cell.telling.due_on,
            cell.state == State.OVERDUE,
            planned.get((row.branch_id, cell.rule.kind)),
            reverse("dashboard:cell", args=[row.branch_id, cell.rule.code, str(view)]),
        )
        for cell in row.behind
        if cell.state == State.OVERDUE or cell.telling.due_on <= end
    ]
    return sorted(found, key=lambda matter: (not matter.is_overdue, matter.due_on))


def behind(table: Standing, planned: Mapping[tuple[int | None, str], date | None]) -> list[Behind]:
    """Return the branches that owe something, those that owe most first, then in tree order.

    By what is owed, never by a score: it is a list of work, not of ranks.
    """
    found = [Behind(row, matters(row, table.view, planned)) for row in table.rows]
    found = [branch for branch in found if branch.matters]
    return sorted(found, key=lambda b: (-b.overdue, -len(b.matters)))


def waits_of(lines: Iterable[Line]) -> list[Waiting]:
    """Return what waits for a leader from the lines of `lines.waits`, oldest first."""
    return in_order(
        Waiting(
            what=line.kind,
            title=line.title,
            day=line.day or date.max,
            meeting_id=line.number,
            meeting_day=date.fromisoformat(line.state),
            branch_id=line.branch_id or 0,
            branch=line.url,
        )
        for line in lines
    )


class Errand(NamedTuple):
    """One line of a leader's first page: something at a meeting, or an answer to check."""

    day: date
    line: Waiting | None
    issue: Line | None


def leader_list(waits: Iterable[Waiting], answered: Iterable[Line]) -> list[Errand]:
    """Return what waits for a leader, oldest first; an answer stands by its deadline."""
    errands = [Errand(line.day, line, None) for line in waits if line.what != "held"]
    errands += [Errand(issue.day or date.max, None, issue) for issue in answered]
    return sorted(errands, key=lambda errand: errand.day)


# --- Shares -------------------------------------------------------------------------------------


class Share(NamedTuple):
    """How many branches have settled one obligation, of how many it binds.

    `is_due`: it falls due within the view, so that the figure is an answer and not a preview.
    """

    column: Column
    settled: int
    bound: int
    overdue: int
    is_due: bool


def checks_by_name(lines: Iterable[Line]) -> list[tuple[str, str]]:
    """Return code and title of each check that found something, in their order: no numbers."""
    found = counts(lines)
    return [(check.code, _(check.title)) for check in registry if check.code in found]


def shares(columns: Iterable[Column], rows: Iterable[Row], view: Span) -> list[Share]:
    """Count per column; what is not asked for, or not begun, is left out."""
    rows, end = list(rows), view.end
    found = []
    for index, column in enumerate(columns):
        bound = [
            cell
            for row in rows
            if (cell := row.cells[index]) and cell.state not in (State.EXEMPT, State.AHEAD)
        ]
        found.append(
            Share(
                column,
                settled=sum(not cell.is_behind for cell in bound),
                bound=len(bound),
                overdue=sum(cell.state is State.OVERDUE for cell in bound),
                is_due=any(cell.telling.due_on <= end for cell in bound),
            )
        )
    return found


class TownshipRow(NamedTuple):
    """One township with its shares, one for each column."""

    pk: int
    name: str
    branches: int
    shares: list[Share]


def by_township(table: Standing, names: Iterable[Line]) -> list[TownshipRow]:
    """Roll the branches up to their townships, in tree order."""
    rows: dict[int | None, list[Row]] = {}
    for row in table.rows:
        rows.setdefault(row.township_id, []).append(row)
    return [
        TownshipRow(line.number, line.title, len(own), shares(table.columns, own, table.view))
        for line in sorted(names, key=lambda line: line.url)
        if (own := rows.get(line.number))
    ]


# --- Months -------------------------------------------------------------------------------------

MONTHS = 12


class MonthRow(NamedTuple):
    """What fell due in one month over all branches, what became of it, and records handed in late."""

    month: Span
    due: int
    held: int
    explained: int
    late: int
    is_running: bool

    @property
    def missed(self) -> int:
        return self.due - self.held - self.explained

    @property
    def percent(self) -> int | None:
        return round(100 * (self.held + self.explained) / self.due) if self.due else None


def last_year(on: date) -> Span:
    """Return the twelve months that end with the one of `on`."""
    first = Span.containing(on, "month")
    for _month in range(MONTHS - 1):
        first = first.previous
    return Span(first.start, "year")


def months(table: Standing, late: Mapping[date, int]) -> list[MonthRow]:
    """Sort every judged part of every cell into the month of its deadline."""
    tally = {month.start: dict.fromkeys(State, 0) for month in table.view.parts("month")}
    for row in table.rows:
        for cell in row.cells:
            for part in cell.parts if cell else ():
                counted = tally.get(part.due_on.replace(day=1))
                if counted is not None:
                    counted[part.state] += 1
    return [
        MonthRow(
            month=Span(start, "month"),
            due=sum(counted[state] for state in State if state not in (State.EXEMPT, State.AHEAD)),
            held=counted[State.MET],
            explained=counted[State.EXPLAINED],
            late=late.get(start, 0),
            is_running=table.on in Span(start, "month"),
        )
        for start, counted in tally.items()
    ]


def late_records(branches: "QuerySet[Organization]", view: Span) -> dict[date, int]:
    """Count the records handed in after their time, by the month the meeting was held in."""
    rows = (
        Meeting.objects.counted()
        .filter(branch__in=branches.order_by().values("pk"), day__gte=view.start, day__lte=view.end)
        .annotate(handed_in_on=TruncDate("submitted_at"))
        .filter(handed_in_on__gt=F("submit_by"))
        .order_by()
        .annotate(month=TruncMonth("day"))
        .values_list("month")
        .annotate(n=Count("pk"))
    )
    return dict(rows)
