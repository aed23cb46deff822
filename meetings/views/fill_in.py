"""The sheet from which a meeting is copied into the upper platform, and how it is laid out."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from config.http import require
from meetings import permissions
from meetings.forms.fill_in import FillInFormSet
from meetings.reports.fill_in import everything, fields_of, filled_in
from meetings.reports.minutes import minutes_of
from meetings.services.fill_in import replace_fill_in_fields
from meetings.texts import summary_text

from .fetching import fetch_meeting


@require_GET
def fill_in_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = fetch_meeting(request, pk)
    require(permissions.can_record_meetings(request.user, meeting.branch))
    minutes = minutes_of(meeting, words_only=True)
    township = meeting.branch.township
    fields = filled_in(minutes, fields_of(township))
    context = {
        "meeting": meeting,
        "fields": fields,
        "everything": everything(fields),
        "summary": ""
        if minutes.is_pair
        else summary_text(meeting, meeting.held_as, minutes.items, present=minutes.tally.present),
        "can_keep": township is not None and permissions.can_keep_rules(request.user, township),
    }
    return render(request, "meetings/fill_in_sheet.html", context)


@require_http_methods(["GET", "POST"])
def fill_in_edit(request: HttpRequest) -> HttpResponse:
    """Staff order the fields as their platform has them."""
    township = permissions.township_of(request.user)
    require(township is not None and permissions.can_keep_rules(request.user, township))
    if township is None:
        raise Http404
    rows = [{"code": code, "label": label} for code, label in fields_of(township)]
    formset = FillInFormSet(request.POST or None, initial=rows, prefix="field")
    if request.method == "POST" and formset.is_valid():
        replace_fill_in_fields(
            township, formset.fields_wanted(), by=request.user, at=timezone.now()
        )
        messages.success(request, _("填报栏目已保存。"))
        return redirect("meetings:fill_in_edit")
    return render(request, "meetings/fill_in_edit.html", {"formset": formset})
