"""The compliance matrix as HTML: one row a branch, one cell an obligation, each cell a link.

Joined in Python and not by template tags: five hundred branches are four thousand cells. What a
cell looks like depends on few things, so each look is made once and only the branch is put in.
"""

from collections.abc import Collection, Iterable
from functools import lru_cache

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from dashboard.boards import Share, TownshipRow
from meetings.models import Period
from meetings.reports import Cell, Column, Row, Standing
from meetings.rules import Span, State

# Class of the stylesheet (it brings the mark) by state.
LOOKS = {
    State.MET: "met",
    State.DUE: "due",
    State.OVERDUE: "overdue",
    State.EXPLAINED: "explained",
    State.EXEMPT: "exempt",
    State.AHEAD: "none",
}
# A state that a planned meeting says more about.
MAY_BE_PLANNED = (State.DUE, State.AHEAD, State.OVERDUE)


def words() -> dict[str, str]:
    """Return the word for each class, in the reader's script."""
    return {
        "met": _("已完成"),
        "due": _("待完成"),
        "planned": _("已计划"),
        "overdue": _("逾期"),
        "explained": _("已说明"),
        "exempt": _("不作要求"),
        "none": _("未开始"),
    }


def look(cell: Cell, planned: Collection[tuple[int | None, str]]) -> str:
    """Return the class of a cell; an overdue one stays overdue, planned or not."""
    if (
        cell.state in MAY_BE_PLANNED
        and cell.state is not State.OVERDUE
        and (cell.branch_id, cell.rule.kind) in planned
    ):
        return "planned"
    return LOOKS[cell.state]


def branch_matrix(table: Standing, planned: Collection[tuple[int | None, str]]) -> SafeString:
    """Return head and body of the matrix of branches."""
    anchors = _Anchors(table.view)
    body = format_html_join(
        "\n",
        '<tr><th scope="row"><a href="{}">{}</a></th>{}</tr>',
        (
            (
                anchors.branch(row.branch_id),
                row.name,
                _cells(row, table.columns, planned, anchors),
            )
            for row in table.rows
        ),
    )
    return format_html("{}<tbody>{}</tbody>", _head(_("党支部"), table), body)


def _cells(
    row: Row,
    columns: Iterable[Column],
    planned: Collection[tuple[int | None, str]],
    anchors: "_Anchors",
) -> SafeString:
    number = str(row.branch_id)
    # Every piece is escaped where it is made; the number in between is an integer.
    pieces = []
    for cell, column in zip(row.cells, columns, strict=True):
        if cell is None:
            pieces.append(_nothing(get_language()))
            continue
        before, after = anchors.cell(
            column.code, look(cell, planned), cell.held, cell.needed, column.label
        )
        pieces += (before, number, after)
    return SafeString("".join(pieces))


@lru_cache(maxsize=8)
def _nothing(_language: str) -> SafeString:
    return format_html(
        '<td class="none"><span><span class="visually-hidden">{}</span></span></td>', _("无此要求")
    )


class _Anchors:
    """Addresses and looks for one view, each made once."""

    def __init__(self, view: Span) -> None:
        self._view = str(view)
        self._words = words()
        self._looks: dict[tuple, tuple[str, str]] = {}
        self._branch = reverse("branches:organization_detail", args=[0]).split("0")

    def branch(self, pk: int) -> str:
        before, after = self._branch
        return f"{before}{pk}{after}"

    def cell(self, code: str, css: str, held: int, needed: int, label: str) -> tuple[str, str]:
        """Return the cell's HTML before and after the branch's number."""
        key = (code, css, held, needed)
        if key not in self._looks:
            # Half of the address is written by hand so that the number can stand between.
            address = reverse("dashboard:cell", args=[0, code, self._view])
            before, after = address.split("/0/", 1)
            figure = f"{held}/{needed}" if needed > 1 and css != "exempt" else ""
            self._looks[key] = (
                format_html('<td class="{}"><a href="{}/', css, before),
                format_html(
                    '/{}">{}<span class="visually-hidden">{}{}</span></a></td>',
                    after,
                    figure,
                    label,
                    self._words[css],
                ),
            )
        return self._looks[key]


def _head(first: str, table: Standing) -> SafeString:
    rules = {}
    for row in table.rows:
        for cell in row.cells:
            if cell and cell.rule.code not in rules:
                rules[cell.rule.code] = cell.rule
        if len(rules) == len(table.columns):
            break
    asked = {
        code: _("每%(period)s%(times)s次")
        % {"period": Period(rule.period).label, "times": rule.times}
        for code, rule in rules.items()
    }
    heads = format_html_join(
        "",
        '<th scope="col">{}<small>{}</small></th>',
        ((column.label, asked.get(column.code, "")) for column in table.columns),
    )
    return format_html('<thead><tr><th scope="col">{}</th>{}</tr></thead>', first, heads)


def township_matrix(rows: Iterable[TownshipRow], table: Standing) -> SafeString:
    """Return head and body of the matrix of townships; each cell leads to its branches."""
    url = reverse("dashboard:matrix")
    body = format_html_join(
        "\n",
        '<tr><th scope="row"><a href="{}?period={}&amp;within={}">{}</a></th>{}</tr>',
        (
            (url, str(table.view), row.pk, row.name, _share_cells(row, url, table.view))
            for row in rows
        ),
    )
    return format_html("{}<tbody>{}</tbody>", _head(_("乡镇"), table), body)


def _share_cells(row: TownshipRow, url: str, view: Span) -> SafeString:
    named = words()
    return format_html_join(
        "",
        '<td class="{}"><a href="{}?period={}&amp;within={}">{}/{}'
        '<span class="visually-hidden">{}{}</span></a></td>',
        (
            (
                css,
                url,
                str(view),
                row.pk,
                share.settled,
                share.bound,
                share.column.label,
                named[css],
            )
            for share in row.shares
            for css in (share_look(share),)
        ),
    )


def share_look(share: Share) -> str:
    if share.overdue:
        return "overdue"
    if not share.bound:
        return "exempt"
    return "met" if share.settled == share.bound else "due"


def sheet(table: Standing, planned: Collection[tuple[int | None, str]]) -> tuple[list, Iterable]:
    """Return header and lines of the matrix for a spreadsheet."""
    named = words()
    headers = [_("党支部"), *(column.label for column in table.columns)]
    lines = (
        (
            row.name,
            *(
                f"{named[look(cell, planned)]} {cell.held}/{cell.needed}"
                if cell and cell.state is not State.EXEMPT
                else (named["exempt"] if cell else "")
                for cell in row.cells
            ),
        )
        for row in table.rows
    )
    return headers, lines


def legend(*looks: str) -> SafeString:
    """Return the key to the marks."""
    named = words()
    items = format_html_join("", '<li class="{}">{}</li>', ((css, named[css]) for css in looks))
    return format_html('<ul class="legend">{}</ul>', items)
