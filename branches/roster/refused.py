"""The sheet of rows that were not imported, to be put right and handed in again."""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from django.utils.translation import gettext as _

from branches.roster.outcome import Issue


class RefusedRow(NamedTuple):
    """One refused row: where it stood, what it said, why it was refused."""

    number: int
    sheet: str
    cells: Sequence[Sequence[str]]
    issues: Sequence[Issue]


def reason(issues: Sequence[Issue]) -> str:
    """Return all reasons as one sentence, each with its column where there are several."""
    if len(issues) == 1:
        return issues[0].reason
    return "；".join(
        _("%(column)s：%(reason)s") % {"column": issue.column, "reason": issue.reason}
        for issue in issues
    )


def refused_sheet(rows: Iterable[RefusedRow]) -> tuple[list[str], list[list]]:
    """Return header and lines: number, reason, then the columns as they were in the sheet.

    Sheets of one file may order their columns differently; a column is found by its name.
    """
    rows = list(rows)
    headers = list(dict.fromkeys(header for row in rows for header, _text in row.cells))
    lines = []
    for row in rows:
        texts = dict(row.cells)
        where = f"{row.sheet} {row.number}" if row.sheet else row.number
        lines.append([where, reason(row.issues), *(texts.get(header, "") for header in headers)])
    return [_("原表行号"), _("不予导入的原因"), *headers], lines
