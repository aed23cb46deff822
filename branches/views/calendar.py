"""Public holidays and make-up working days of a year."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from branches import permissions
from branches.forms.calendar import CalendarFormSet
from config.http import require
from notifications.holidays import NotPublishedError
from notifications.services import import_year

YEARS = range(2004, 2100)


def _check(request: HttpRequest, year: int) -> None:
    require(permissions.can_keep_calendar(request.user))
    if year not in YEARS:
        raise Http404


@require_http_methods(["GET", "HEAD", "POST"])
def calendar_edit(request: HttpRequest, year: int) -> HttpResponse:
    _check(request, year)
    formset = CalendarFormSet(request.POST or None, year=year)
    if request.method == "POST" and formset.is_valid():
        formset.save()
        messages.success(request, _("已保存。此后推算的期限按新的安排。"))
        return redirect("branches:calendar_edit", year=year)
    return render(request, "branches/calendar_edit.html", {"year": year, "formset": formset})


@require_POST
def calendar_import(request: HttpRequest, year: int) -> HttpResponse:
    _check(request, year)
    try:
        count = import_year(year)
    except NotPublishedError:
        messages.warning(
            request,
            _("程序中还没有%(year)s年的安排。请按国务院办公厅的通知逐日录入，或升级程序后再导入。")
            % {"year": year},
        )
    else:
        messages.success(request, _("已导入%(count)s天。") % {"count": count})
    return redirect("branches:calendar_edit", year=year)
