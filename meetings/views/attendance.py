"""Who missed what and made it up, and the sheet to sign in on."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from django.views.decorators.vary import vary_on_headers

from branches.models import Organization
from branches.permissions import RECORDING, can_see_members, has_duty, scope_q
from config.http import next_url, paginate, require, wants_fragment
from meetings import permissions
from meetings.forms.attendance import BranchFilterForm, MakeUpForm
from meetings.models import Attendance, Meeting
from meetings.reports import make_ups as reports
from meetings.reports.sign_in import sign_in_sheet_of
from meetings.services import make_ups as services

from .fetching import fetch_meeting

RECENT = 20


@require_GET
def make_up_list(request: HttpRequest) -> HttpResponse:
    """Who could still make up what; apart from them, whom one may visit (art. 23)."""
    today = timezone.localdate()
    branches = Organization.objects.visible_to(request.user).branches().order_by("path")
    filter_form = BranchFilterForm(branches.values_list("pk", "short_name"), request.GET)
    rows = reports.missed(request.user, on=today)
    if branch_id := filter_form.branch_id:
        rows = rows.filter(meeting__branch=branch_id)
    context = {
        "filter_form": filter_form,
        "page": paginate(request, reports.open_rows(rows)),
        "made_up": reports.made_up_rows(rows)[:RECENT],
        # A township's worth of them would bury the list: shown once one branch is looked at.
        "care": reports.care(rows) if branch_id else [],
        "form": MakeUpForm(today=today),
        "can_record": has_duty(request.user, RECORDING),
    }
    return render(request, "meetings/make_up_list.html", context)


@require_GET
@vary_on_headers("HX-Request")
def meeting_make_ups(request: HttpRequest, pk: int) -> HttpResponse:
    """The same for one meeting: a part of its page, and a page of its own."""
    meeting = fetch_meeting(request, pk)
    today = timezone.localdate()
    missed = reports.missed(request.user, on=today).filter(meeting=meeting)
    context = {
        "meeting": meeting,
        **reports.parted(missed),
        "form": MakeUpForm(today=today),
        "is_learning": reports.is_learning(meeting.held_as),
        "can_record": permissions.can_record_meetings(request.user, meeting.branch),
    }
    template = "_meeting_make_ups" if wants_fragment(request) else "meeting_make_ups"
    return render(request, f"meetings/{template}.html", context)


@require_POST
def make_up_note(request: HttpRequest) -> HttpResponse:
    """Note that one or several made up what they missed."""
    require(has_duty(request.user, RECORDING))
    back = next_url(request, reverse("meetings:make_up_list"))
    today = timezone.localdate()
    form = MakeUpForm(request.POST, today=today)
    if not form.is_valid():
        for errors in form.errors.values():
            messages.error(request, errors[0])
        return redirect(back)
    said = form.cleaned_data
    rows = _kept(request, reports.missed(request.user, on=today)).filter(pk__in=said["row"])
    noted = services.note_make_ups(
        rows, how=said["how"], on=said["on"], by=request.user, at=timezone.now()
    )
    if noted:
        messages.success(request, _("已记录%(count)s人补学。") % {"count": len(noted)})
    else:
        messages.warning(request, _("没有需要记录的：可能已记过，或补学日期早于会议。"))
    return redirect(back)


@require_POST
def make_up_undo(request: HttpRequest, pk: int) -> HttpResponse:
    rows = Attendance.objects.filter(meeting__in=Meeting.objects.visible_to(request.user))
    row = get_object_or_404(rows.select_related("member", "meeting__branch"), pk=pk)
    require(permissions.can_record_meetings(request.user, row.meeting.branch))
    if services.undo_make_up(row, by=request.user, at=timezone.now()):
        messages.success(request, _("已撤销%(name)s的补学记录。") % {"name": row.member})
    return redirect(next_url(request, reverse("meetings:make_up_list")))


def _kept(request: HttpRequest, rows: QuerySet[Attendance]) -> QuerySet[Attendance]:
    """Keep rows of branches for which the person keeps records."""
    return rows.filter(scope_q(request.user, prefix="meeting__branch__", kinds=RECORDING))


@require_GET
def make_up_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """What was taught, on one sheet for those who missed it."""
    meeting = fetch_meeting(request, pk)
    if not reports.is_learning(meeting.held_as):
        raise Http404
    items, fixed = reports.lessons(meeting)
    context = {"meeting": meeting, "items": items, "fixed": fixed}
    return render(request, "meetings/make_up_sheet.html", context)


@require_GET
def sign_in_sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """The list for the wall, to sign; after the meeting, who came."""
    meeting = fetch_meeting(request, pk)
    require(can_see_members(request.user, meeting.branch))
    context = {"meeting": meeting, "sheet": sign_in_sheet_of(meeting)}
    return render(request, "meetings/sign_in_sheet.html", context)
