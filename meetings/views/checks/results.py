"""What the checks found and what a branch says about it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from branches.models import Organization
from branches.permissions import READING, has_duty
from config.http import next_url, paginate, require
from meetings import permissions
from meetings.followups import follow_ups
from meetings.forms.checks import CheckFilterForm, ReasonForm
from meetings.models import CheckResult
from meetings.reports.check_results import grouped, in_order, may_be_raised, results_for
from meetings.services import checks


@require_GET
def check_list(request: HttpRequest) -> HttpResponse:
    """What is left to mend or explain; suspicions and what was explained each in their own part."""
    branches = Organization.objects.visible_to(request.user).branches().order_by("path")
    parts = _parts(request)
    asked = request.GET.get("show", "")
    show = asked if asked in dict(parts) else CheckFilterForm.OPEN
    form = CheckFilterForm(branches, data=request.GET, show=show)
    page = paginate(request, in_order(form.narrow(results_for(request.user))))
    offers = follow_ups(request.user, may_be_raised(page.object_list))
    context = {
        "page": page,
        "branches": grouped(page.object_list, request.user, offers),
        "form": form,
        "parts": parts,
        "show": show,
        "may_set": permissions.can_set_checks(request.user),
    }
    return render(request, "meetings/check_list.html", context)


def _parts(request: HttpRequest) -> list[tuple[str, str]]:
    parts = [(CheckFilterForm.OPEN, _("可改正或说明"))]
    if has_duty(request.user, READING - {"observer"}):
        parts.append((CheckFilterForm.SUSPICIONS, _("线索")))
    return [*parts, (CheckFilterForm.EXPLAINED, _("已说明"))]


@require_POST
def check_explain(request: HttpRequest, pk: int) -> HttpResponse:
    """Close one result with a reason."""
    result = _result(request, pk)
    form = ReasonForm(request.POST)
    if not form.is_valid():
        messages.error(request, form.errors["reason"][0])
    elif checks.explain_result(
        result, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now()
    ):
        messages.success(request, _("已说明，这一项不再提示。"))
    else:
        messages.warning(request, _("这一项已经说明过了。"))
    return redirect(next_url(request, reverse("meetings:check_list")))


@require_POST
def check_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    """Take a reason back."""
    result = _result(request, pk)
    if checks.withdraw_reason(result, by=request.user, at=timezone.now()):
        messages.success(request, _("说明已撤回。"))
    return redirect(next_url(request, reverse("meetings:check_list")))


def _result(request: HttpRequest, pk: int) -> CheckResult:
    results = results_for(request.user).select_related("branch")
    result = get_object_or_404(results, pk=pk)
    require(permissions.can_explain_result(request.user, result))
    return result
