"""The compliance matrix, the page behind each of its cells, and how the months went."""

from datetime import date
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from branches.exports import workbook_response
from branches.models import Organization
from dashboard import boards, lines
from dashboard import matrix as html
from dashboard.forms import MatrixFilter, read_span
from meetings import permissions
from meetings.models import ExplanationKind
from meetings.reports import Cell, Row, Standing, sentence, standing
from meetings.rules import Span, State

# Beyond this many branches the next level of the tree is shown instead.
MOST_BRANCHES = 500


@require_GET
def matrix(request: HttpRequest) -> HttpResponse:
    """Branches by obligations in a month, quarter or year; townships where there are too many."""
    today = timezone.localdate()
    view = read_span(request.GET.get("period", ""), today)
    form = MatrixFilter(request.GET)
    branches = form.narrow(_visible(request, view, today))
    table = standing(branches, view=view, on=today)
    context: dict[str, Any] = {
        "form": form,
        "view": view,
        "view_text": str(view),
        "today": today,
        "periods": [(p, Span.containing(min(today, view.end), p)) for p in PERIODS],
        "total": len(table.rows),
    }
    if len(table.rows) > MOST_BRANCHES and not form.wanted("within"):
        townships = Organization.objects.visible_to(request.user).townships()
        names = lines.read(lines.organization_names(townships))["name"]
        context["matrix"] = html.township_matrix(boards.by_township(table, names), table)
        context["legend"] = html.legend("met", "due", "overdue", "exempt")
    else:
        planned, context["township"] = _plans(request, branches, form, view)
        shown = _only_behind(table) if form.wanted("behind") else table
        context["rows"] = len(shown.rows)
        context["matrix"] = html.branch_matrix(shown, planned)
        context["legend"] = html.legend(*html.words())
    return render(request, "dashboard/matrix.html", context)


PERIODS = ("month", "quarter", "year")


def _visible(request: HttpRequest, view: Span, today: date) -> "QuerySet[Organization]":
    branches = Organization.objects.visible_to(request.user).branches()
    return branches.existing(max(view.start, min(today, view.end)))


def _plans(
    request: HttpRequest, branches: "QuerySet[Organization]", form: MatrixFilter, view: Span
) -> tuple[dict, str]:
    """Return what is planned and the name of the township shown alone, in one statement."""
    township = Organization.objects.visible_to(request.user).filter(pk=form.wanted("within"))
    found = lines.read(lines.planned_kinds(branches, view), lines.organization_names(township))
    name = found["name"][0].title if found["name"] else ""
    return boards.planned_days(found["planned"]), name


def _only_behind(table: Standing) -> Standing:
    rows = tuple(row for row in table.rows if row.behind)
    return Standing(view=table.view, on=table.on, columns=table.columns, rows=rows)


@require_GET
def matrix_export(request: HttpRequest) -> HttpResponse:
    today = timezone.localdate()
    view = read_span(request.GET.get("period", ""), today)
    form = MatrixFilter(request.GET)
    branches = form.narrow(_visible(request, view, today))
    table = standing(branches, view=view, on=today)
    if form.wanted("behind"):
        table = _only_behind(table)
    planned, _township = _plans(request, branches, form, view)
    headers, rows = html.sheet(table, planned)
    return workbook_response(_("组织生活对照表%(view)s") % {"view": view}, headers, rows)


@require_GET
def cell(request: HttpRequest, pk: int, code: str, span: str) -> HttpResponse:
    """Why a cell looks as it does, and what would settle it."""
    today = timezone.localdate()
    view = read_span(span, today)
    branches = Organization.objects.visible_to(request.user).branches().filter(pk=pk)
    row, found = _cell_or_404(standing(branches, view=view, on=today), code)
    trail = _trail(row, found)
    branch = Organization(pk=pk, path=trail["name"][0].url, short_name=row.name)
    explained = {line.day: line for line in trail["explanation"]}
    named = html.words()
    parts = [
        {
            "part": part,
            "word": named[html.LOOKS[part.state]],
            "sentence": sentence(found, part),
            "is_behind": part.state in (State.OVERDUE, State.DUE),
            "is_first": part == found.telling,
            "meetings": [m for m in trail["meeting"] if _counts_in(m.day, found, part.span)],
            "explanation": explained.get(part.span.start),
        }
        for part in found.parts
    ]
    context = {
        "row": row,
        "cell": found,
        "rule": found.rule,
        "view": view,
        "parts": parts,
        "kinds": dict(ExplanationKind.choices),
        "looks": html.LOOKS,
        "word": named[html.LOOKS[found.state]],
        "view_text": str(view),
        "may_record": permissions.can_record_meetings(request.user, branch),
        "may_explain": permissions.can_explain_gap(request.user, branch),
    }
    return render(request, "dashboard/cell.html", context)


def _cell_or_404(table: Standing, code: str) -> tuple[Row, Cell]:
    for row in table.rows:
        for found in row.cells:
            if found and found.rule.code == code:
                return row, found
    raise Http404


def _trail(row: Row, found: Cell) -> dict[str, list[lines.Line]]:
    windows = [found.rule.window(part.span) for part in found.parts]
    return lines.read(
        *lines.trail(
            row.branch_id,
            kind=found.rule.kind,
            code=found.rule.code,
            first=min(window.start for window in windows),
            last=max(window.deadline for window in windows),
            spans=[part.span.start for part in found.parts],
        )
    )


def _counts_in(day: date | None, found: Cell, span: Span) -> bool:
    window = found.rule.window(span)
    return day is not None and window.start <= day <= window.deadline


@require_GET
def trend(request: HttpRequest) -> HttpResponse:
    """Month by month: how much of what fell due was done, and how many records came late."""
    today = timezone.localdate()
    branches = Organization.objects.visible_to(request.user).branches().existing(today)
    view = boards.last_year(today)
    table = standing(branches, view=view, on=today)
    months = boards.months(table, boards.late_records(branches, view))
    context = {
        "months": months,
        "total": len(table.rows),
        "rate_points": [(_month_name(row), row.percent, row.is_running) for row in months],
        "late_points": [(_month_name(row), row.late, row.is_running) for row in months],
        "late_top": max(row.late for row in months),
        "has_late": any(row.late for row in months),
    }
    return render(request, "dashboard/trend.html", context)


def _month_name(row: boards.MonthRow) -> str:
    return date_format(row.month.start, "n月")
