"""The compliance matrix as HTML: one row a branch, one cell an obligation, each cell a link.

Joined in Python and not by template tags: five hundred branches are four thousand cells. What a
cell looks like depends on few things, so each look is made once and only the branch is put in.
"""

from collections.abc import Collection, Iterable

from django.urls import reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from dashboard.boards import Share, TownshipRow
from meetings.models import Period
from meetings.reports import Cell, Row, Standing
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
# States that a planned meeting says more about; what is overdue stays so, planned or not.
MAY_BE_PLANNED = {State.DUE, State.AHEAD}


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


def look(branch_id: int, cell: Cell, planned: Collection[tuple[int | None, str]]) -> str:
    """Return the class of a cell of that branch."""
    if cell.state in MAY_BE_PLANNED and (branch_id, cell.rule.kind) in planned:
        return "planned"
    return LOOKS[cell.state]


def branch_matrix(table: Standing, planned: Collection[tuple[int | None, str]]) -> SafeString:
    """Return head and body of the matrix of branches."""
    cells = _Cells(table.view, planned)
    before, after = reverse("branches:organization_detail", args=[0]).split("0")
    body = format_html_join(
        "\n",
        '<tr><th scope="row"><a href="{}{}{}">{}</a></th>{}</tr>',
        ((before, row.branch_id, after, row.name, cells.of(row)) for row in table.rows),
    )
    return format_html("{}<tbody>{}</tbody>", _head(_("党支部"), table), body)


class _Cells:
    """The cells of one view; each look is made once, escaped, with room for the branch's number."""

    def __init__(self, view: Span, planned: Collection[tuple[int | None, str]]) -> None:
        self._view = str(view)
        self._planned = planned
        self._words = words()
        self._known: dict[tuple[str, str, int, int], tuple[str, str]] = {}
        self._nothing = format_html(
            '<td class="none"><span><span class="visually-hidden">{}</span></span></td>',
            _("无此要求"),
        )

    def of(self, row: Row) -> SafeString:
        number = str(row.branch_id)
        pieces: list[str] = []
        for cell in row.cells:
            if cell is None:
                pieces.append(self._nothing)
                continue
            key = (cell.rule.code, look(row.branch_id, cell, self._planned), cell.held, cell.needed)
            before, after = self._known.get(key) or self._make(*key)
            pieces += (before, number, after)
        # Every piece was escaped when it was made; the numbers between them are integers.
        return SafeString("".join(pieces))

    def _make(self, code: str, css: str, held: int, needed: int) -> tuple[str, str]:
        """Return a cell's HTML before and after the branch's number in its address."""
        before, after = reverse("dashboard:cell", args=[0, code, self._view]).split("/0/", 1)
        figure = f"{held}/{needed}" if needed > 1 and css != "exempt" else ""
        made = (
            format_html('<td class="{}"><a href="{}/', css, before),
            format_html(
                '/{}">{}<span class="visually-hidden">{}</span></a></td>',
                after,
                figure,
                self._words[css],
            ),
        )
        self._known[code, css, held, needed] = made
        return made


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
                f"{named[look(row.branch_id, cell, planned)]} {cell.held}/{cell.needed}"
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
