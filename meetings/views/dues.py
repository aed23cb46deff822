"""The months of 党费: ticks for who has not paid, numbers for those above."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from branches.models import Organization
from branches.permissions import ROSTER_KEEPING, can_keep_roster, scope_q
from config.http import paginate, require
from meetings.models import DuesArrear, DuesMonth
from meetings.reports import dues as reports
from meetings.rules import Span
from meetings.services import dues as services


@require_GET
def dues_list(request: HttpRequest) -> HttpResponse:
    """Branches and months with how many have not paid: no names, no amounts."""
    today = timezone.localdate()
    branches = Organization.objects.visible_to(request.user).branches().existing(today)
    page = paginate(request, branches.order_by("path"))
    months = reports.months_before(today)
    rows = reports.dues_table(page.object_list, months)
    context = {
        "page": page,
        "months": months,
        "rows": [(row, can_keep_roster(request.user, row.branch)) for row in rows],
    }
    return render(request, "meetings/dues_list.html", context)


@require_http_methods(["GET", "POST"])
def dues_month(request: HttpRequest, pk: int, month: str) -> HttpResponse:
    """One branch's month: all have paid but those ticked."""
    branch = get_object_or_404(Organization.objects.visible_to(request.user).branches(), pk=pk)
    require(can_keep_roster(request.user, branch))
    today = timezone.localdate()
    span = _month(month)
    if span is None or span.start > today:
        raise Http404
    payers = reports.payers(branch, span, on=today)
    if request.method == "POST":
        sent = set(request.POST.getlist("unpaid"))
        unpaid = [p.member for p in payers if str(p.member.pk) in sent and not p.settled_on]
        services.note_dues(branch, span, unpaid=unpaid, by=request.user, at=timezone.now())
        messages.success(request, _("党费情况已登记。"))
        return redirect("meetings:dues_month", branch.pk, span)
    context = {
        "branch": branch,
        "month": span,
        "next_month": span.next if span.next.start <= today else None,
        "payers": payers,
        "open": [payer for payer in payers if payer.is_open],
        "settled": [payer for payer in payers if payer.settled_on],
        "noted": DuesMonth.objects.filter(branch=branch, month=span.start).first(),
    }
    return render(request, "meetings/dues_month.html", context)


def _month(text: str) -> Span | None:
    try:
        span = Span.parse(text)
    except ValueError:
        return None
    return span if span.period == "month" else None


@require_POST
def dues_settle(request: HttpRequest, pk: int) -> HttpResponse:
    """One tap: paid later."""
    arrear = _arrear(request, pk)
    services.settle_arrear(arrear, on=timezone.localdate(), by=request.user, at=timezone.now())
    return _back(arrear)


@require_POST
def dues_reopen(request: HttpRequest, pk: int) -> HttpResponse:
    arrear = _arrear(request, pk)
    services.reopen_arrear(arrear, by=request.user, at=timezone.now())
    return _back(arrear)


def _arrear(request: HttpRequest, pk: int) -> DuesArrear:
    """Fetch one for whom the person keeps the roster; names are nobody else's."""
    kept = scope_q(request.user, prefix="month__branch__", kinds=ROSTER_KEEPING)
    arrears = DuesArrear.objects.filter(kept).select_related("month__branch", "member")
    return get_object_or_404(arrears, pk=pk)


def _back(arrear: DuesArrear) -> HttpResponse:
    month = Span.containing(arrear.month.month, "month")
    return redirect("meetings:dues_month", arrear.month.branch_id, month)
