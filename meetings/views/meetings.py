"""The list of meetings, one meeting, planning it, and its steps after it was recorded."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django.views.decorators.vary import vary_on_headers

from branches.models import Organization
from branches.search import containing
from config.http import paginate, require, wants_fragment
from meetings import permissions, services
from meetings.forms.attendance import ArchiveForm
from meetings.forms.fields import parse_day
from meetings.forms.meetings import MeetingFilterForm, PhotosForm, PlanForm, ReasonForm
from meetings.models import Meeting, MeetingState
from meetings.reports.minutes import history_of, minutes_of
from meetings.reports.sheet import policy_of
from meetings.rules import Span
from meetings.services import plan_days, reviews
from meetings.texts import notice_text

from .fetching import (
    branch_asked,
    choose_branch,
    fetch_meeting,
    plan_item_asked,
    records_anywhere,
)


@require_GET
@vary_on_headers("HX-Request")
def meeting_list(request: HttpRequest) -> HttpResponse:
    meetings = Meeting.objects.visible_to(request.user)
    branches = Organization.objects.visible_to(request.user).branches()
    form = MeetingFilterForm(branches.values_list("pk", "short_name"), request.GET)
    # Next month's fixed day of every branch would push aside what staff come to read.
    is_about_past = "branch" in form.fields and not form.has_changed()
    if is_about_past:
        meetings = meetings.exclude(state=MeetingState.PLANNED, day__gt=timezone.localdate())
    page = paginate(
        request,
        _filtered(meetings, form)
        .newest_first()
        .with_attendance()
        .select_related("branch", "group")
        .prefetch_related("types"),
    )
    template = "_meeting_rows" if wants_fragment(request) else "meeting_list"
    context = {
        "page": page,
        "form": form,
        "can_record": records_anywhere(request.user),
        "is_about_past": is_about_past,
    }
    return render(request, f"meetings/{template}.html", context)


def _filtered(meetings, form: MeetingFilterForm):
    if not form.is_valid():
        return meetings.none()
    said = form.cleaned_data
    if said["q"]:
        meetings = meetings.filter(containing(said["q"], "title"))
    if said.get("branch"):
        meetings = meetings.filter(branch=said["branch"])
    if said["kind"]:
        meetings = meetings.filter(types__kind=said["kind"])
    if said["state"] == "late":
        meetings = meetings.late()
    elif said["state"]:
        meetings = meetings.filter(state=said["state"])
    if said["month"]:
        month = Span.parse(said["month"])
        meetings = meetings.filter(day__gte=month.start, day__lte=month.end)
    return meetings


@require_GET
def meeting_detail(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = fetch_meeting(request, pk)
    minutes = minutes_of(meeting)
    context = {
        "meeting": meeting,
        "minutes": minutes,
        "is_future": meeting.day > timezone.localdate(),
        "notice": notice_text(meeting, meeting.held_as, minutes.agenda),
        "can_record": permissions.can_record_meetings(request.user, meeting.branch),
        "can_keep_photos": permissions.can_keep_photos(request.user, meeting),
        "can_withdraw": permissions.can_withdraw_record(request.user, meeting),
        "can_archive": permissions.can_archive_meeting(request.user, meeting),
        "can_correct": permissions.can_correct_archived(request.user, meeting),
        "reason_form": ReasonForm(),
        "archive_form": ArchiveForm(),
        "photos_form": PhotosForm(),
    }
    return render(request, "meetings/meeting_detail.html", context)


@require_GET
@vary_on_headers("HX-Request")
def meeting_history(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = fetch_meeting(request, pk)
    template = "_meeting_history" if wants_fragment(request) else "meeting_history"
    context = {"meeting": meeting, "history": history_of(meeting)}
    return render(request, f"meetings/{template}.html", context)


@require_http_methods(["GET", "POST"])
def meeting_plan(request: HttpRequest) -> HttpResponse:
    item = plan_item_asked(request)
    branch = item.plan.branch if item else branch_asked(request)
    if branch is None:
        return choose_branch(request)
    require(permissions.can_record_meetings(request.user, branch))
    if item and (started := plan_days.started_from(item)):
        return redirect(started)
    initial = {
        "kinds": request.GET.getlist("kind"),
        "day": parse_day(request.GET.get("day")),
        "starts_at": policy_of(branch).starts_at,
        "place": Meeting.objects.usual_place(branch),
    }
    if item:
        initial |= plan_days.beginning(item, policy_of(branch), on=timezone.localdate())
    form = PlanForm(branch, request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        by, at = request.user, timezone.now()
        meeting = services.plan_meeting(branch, **form.cleaned_data, plan_item=item, by=by, at=at)
        if reviews.send_plan(meeting, kinds=form.cleaned_data["kinds"], by=by, at=at):
            messages.success(request, _("计划已保存，主题已送联系领导审核。"))
        return redirect(meeting)
    return render(request, "meetings/meeting_plan.html", {"form": form, "branch": branch})


@require_POST
def meeting_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = fetch_meeting(request, pk)
    require(permissions.can_withdraw_record(request.user, meeting))
    return _with_reason(request, meeting, services.withdraw_record, _("记录已退回修改。"))


@require_POST
def meeting_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = fetch_meeting(request, pk)
    require(permissions.can_record_meetings(request.user, meeting.branch))
    return _with_reason(request, meeting, services.cancel_meeting, _("会议已取消。"))


@require_POST
def meeting_archive(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = fetch_meeting(request, pk)
    require(permissions.can_archive_meeting(request.user, meeting))
    form = ArchiveForm(request.POST)
    if form.is_valid():
        signed_on = form.cleaned_data["signed_on"]
        services.archive_meeting(meeting, signed_on=signed_on, by=request.user, at=timezone.now())
    else:
        messages.error(request, _("请核对签字日期，记录还没有归档。"))
    return redirect(meeting)


def _with_reason(request: HttpRequest, meeting: Meeting, act, done: str) -> HttpResponse:
    form = ReasonForm(request.POST)
    if not form.is_valid():
        for error in form.errors["reason"]:
            messages.error(request, error)
    elif act(meeting, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now()):
        messages.success(request, done)
    return redirect(meeting)
