"""Reads over the rows of an import that are kept, for its page and its file of refused rows."""

from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import Count

from branches.models import ImportOutcome, ImportRow, RosterImport
from branches.roster.outcome import Change, Issue
from branches.roster.reading import SourceRow
from branches.roster.refused import RefusedRow, refused_sheet

# The mark that goes with an outcome (templates/components/README.md, State).
_STATES = {
    ImportOutcome.CREATED: "done",
    ImportOutcome.UPDATED: "answered",
    ImportOutcome.UNCHANGED: "none",
    ImportOutcome.REFUSED: "refused",
}


class Line(NamedTuple):
    """One row of the sheet as the page shows it. `below` is the branch, or what it stands under."""

    number: int
    sheet: str
    name: str
    below: str
    outcome: ImportOutcome
    state: str
    issues: list[Issue]
    changes: list[Change]
    hints: list[str]
    added: str


def import_counts(batch: RosterImport) -> dict[ImportOutcome, int]:
    """Return how many rows have each outcome, in one statement."""
    found = batch.rows.order_by().values_list("outcome").annotate(Count("pk"))
    return dict.fromkeys(ImportOutcome, 0) | {
        ImportOutcome(outcome): count for outcome, count in found
    }


def import_lines(batch: RosterImport, rows: Iterable[ImportRow]) -> list[Line]:
    """Return rows as they are shown; runs no query of its own."""
    return [_line(batch, row) for row in rows]


def _line(batch: RosterImport, row: ImportRow) -> Line:
    texts = source_row(row).texts(batch.kind)
    values, outcome = row.values, ImportOutcome(row.outcome)
    return Line(
        number=values["number"],
        sheet=values["sheet"],
        name=texts.text("name"),
        below=texts.text("branch") or texts.text("parent"),
        outcome=outcome,
        state=_STATES[outcome],
        issues=[Issue(**issue) for issue in row.issues],
        changes=[Change(*change) for change in values["changes"]],
        hints=values["hints"],
        added=values["added"],
    )


def source_row(row: ImportRow) -> SourceRow:
    """Return the row as it was read from the sheet."""
    values = row.values
    cells = tuple((header, text) for header, text in values["cells"])
    return SourceRow(values["number"], values["sheet"], cells, values["place"])


def refused_rows(batch: RosterImport) -> tuple[list[str], list[list]]:
    """Return header and lines of the sheet of refused rows."""
    rows = batch.rows.filter(outcome=ImportOutcome.REFUSED).order_by("number")
    return refused_sheet(
        RefusedRow(
            row.values["number"],
            row.values["sheet"],
            row.values["cells"],
            [Issue(**issue) for issue in row.issues],
        )
        for row in rows.iterator()
    )
