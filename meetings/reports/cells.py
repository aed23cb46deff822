"""What a standing consists of: columns of rules, rows of branches, cells with their parts."""

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from meetings.models import Obligation
from meetings.rules import Span, State, Why


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
