"""The list, one meeting, planning it, and the logging form."""

import re
from datetime import date

from django.contrib import messages
from django.db import IntegrityError
from django.db.models import F
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django.views.decorators.vary import vary_on_headers

from branches.models import Organization
from branches.permissions import RECORDING, duties_of, scope_q
from branches.search import containing
from config.http import paginate, require, wants_fragment
from meetings import permissions, services
from meetings.forms.conflict import differences
from meetings.forms.fields import parse_day
from meetings.forms.meetings import MeetingFilterForm, PhotosForm, PlanForm, ReasonForm
from meetings.forms.record import RecordForm
from meetings.models import Meeting, MeetingKind, MeetingState
from meetings.reports.minutes import minutes_of
from meetings.reports.sheet import Sheet, new_sheet, policy_of, sheet_of
from meetings.rules import Span
from meetings.texts import notice_text


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
        "can_record": _records_anywhere(request.user),
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
    meeting = _fetch(request, pk)
    minutes = minutes_of(meeting)
    topics = [item.title for item in minutes.agenda]
    context = {
        "meeting": meeting,
        "minutes": minutes,
        "is_future": meeting.day > timezone.localdate(),
        "notice": notice_text(meeting, meeting.held_as, topics),
        "can_record": permissions.can_record_meetings(request.user, meeting.branch),
        "can_keep_photos": permissions.can_keep_photos(request.user, meeting),
        "can_withdraw": permissions.can_withdraw_record(request.user, meeting),
        "can_archive": permissions.can_archive_meeting(request.user, meeting),
        "reason_form": ReasonForm(),
        "photos_form": PhotosForm(),
    }
    return render(request, "meetings/meeting_detail.html", context)


@require_http_methods(["GET", "POST"])
def meeting_plan(request: HttpRequest) -> HttpResponse:
    branch = _branch(request)
    if branch is None:
        return _choose_branch(request)
    require(permissions.can_record_meetings(request.user, branch))
    initial = {
        "kinds": request.GET.getlist("kind"),
        "day": parse_day(request.GET.get("day")),
        "starts_at": policy_of(branch).starts_at,
        "place": Meeting.objects.usual_place(branch),
    }
    form = PlanForm(branch, request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        meeting = services.plan_meeting(
            branch, **form.cleaned_data, by=request.user, at=timezone.now()
        )
        return redirect(meeting)
    return render(request, "meetings/meeting_plan.html", {"form": form, "branch": branch})


@require_http_methods(["GET", "POST"])
def meeting_create(request: HttpRequest) -> HttpResponse:
    """Log a meeting that was not planned; one that was is opened instead."""
    branch = _branch(request)
    if branch is None:
        return _choose_branch(request)
    require(permissions.can_record_meetings(request.user, branch))
    asked = _asked(
        request,
        kinds=tuple(k for k in MeetingKind.values if k in request.GET.getlist("kind")),
        day=parse_day(request.GET.get("day")) or timezone.localdate(),
        group_id=_number(request.GET.get("group")),
    )
    if request.method == "GET" and (planned := _planned(branch, asked)) is not None:
        return redirect("meetings:meeting_record", planned)
    if request.method == "POST" and (known := _sent_before(request, branch)) is not None:
        return _go_on(request, _fetch(request, known))
    sheet = new_sheet(branch, **asked, user_id=request.user.pk)
    sheet.meeting.plan_key = _form_key(request)
    try:
        return _record(request, sheet)
    except IntegrityError:
        # Sent twice at the same moment: the other one has it.
        return redirect("meetings:meeting_record", _sent_before(request, branch))


@require_http_methods(["GET", "POST"])
def meeting_record(request: HttpRequest, pk: int) -> HttpResponse:
    """Write down a planned meeting, go on with a draft, or correct what was handed in."""
    meeting = _fetch(request, pk)
    require(permissions.can_record_meetings(request.user, meeting.branch))
    if meeting.state in (MeetingState.ARCHIVED, MeetingState.CANCELLED):
        messages.warning(request, _("这次会议已归档或取消，不能再修改。"))
        return redirect(meeting)
    return _record(request, _sheet(request, meeting))


def _go_on(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """Answer a form that was saved already, though its sender never heard: nothing is doubled."""
    if meeting.state in (MeetingState.PLANNED, MeetingState.DRAFT):
        return _record(request, _sheet(request, meeting))
    messages.success(request, _("这份记录已经提交过了。"), extra_tags=_sent_draft_key(request))
    return redirect(meeting)


@require_POST
def meeting_withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = _fetch(request, pk)
    require(permissions.can_withdraw_record(request.user, meeting))
    return _with_reason(request, meeting, services.withdraw_record, _("记录已退回修改。"))


@require_POST
def meeting_cancel(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = _fetch(request, pk)
    require(permissions.can_record_meetings(request.user, meeting.branch))
    return _with_reason(request, meeting, services.cancel_meeting, _("会议已取消。"))


@require_POST
def meeting_archive(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = _fetch(request, pk)
    require(permissions.can_archive_meeting(request.user, meeting))
    services.archive_meeting(meeting, by=request.user, at=timezone.now())
    return redirect(meeting)


def _with_reason(request: HttpRequest, meeting: Meeting, act, done: str) -> HttpResponse:
    form = ReasonForm(request.POST)
    if not form.is_valid():
        for error in form.errors["reason"]:
            messages.error(request, error)
    elif act(meeting, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now()):
        messages.success(request, done)
    return redirect(meeting)


# --- Fetching -----------------------------------------------------------------------------------


def _fetch(request: HttpRequest, pk: int) -> Meeting:
    """Return the meeting with its kinds as `held_as`, in one statement: a row for each kind."""
    rows = (
        Meeting.objects.visible_to(request.user)
        .filter(pk=pk)
        .select_related(
            "branch__township__activity_policy", "group", "chair", "recorder", "submitted_by"
        )
        .annotate(kind=F("types__kind"))
        .order_by("types__pk")
    )
    if not (found := list(rows)):
        raise Http404
    found[0].held_as = tuple(row.kind for row in found if row.kind)
    return found[0]


def _branch(request: HttpRequest) -> Organization | None:
    """Return the branch of the link, or the only one the person records for."""
    branches = (
        Organization.objects.visible_to(request.user)
        .branches()
        .select_related("township__activity_policy")
    )
    if pk := _number(request.GET.get("branch")):
        return get_object_or_404(branches, pk=pk)
    own = {d.organization_id for d in duties_of(request.user) if d.kind in RECORDING}
    return branches.filter(pk=own.pop()).first() if len(own) == 1 else None


def _choose_branch(request: HttpRequest) -> HttpResponse:
    require(_records_anywhere(request.user))
    branches = Organization.objects.filter(scope_q(request.user, prefix="", kinds=RECORDING))
    branches = branches.branches().existing(timezone.localdate()).order_by("path")
    return render(request, "meetings/meeting_branch.html", {"page": paginate(request, branches)})


def _records_anywhere(user) -> bool:
    return any(duty.kind in RECORDING for duty in duties_of(user))


def _planned(branch: Organization, asked: dict) -> int | None:
    """Find the meeting of this kind that still waits for its record in the same month."""
    if len(asked["kinds"]) != 1:
        return None
    month = Span.containing(asked["day"], "month")
    waiting = Meeting.objects.filter(
        branch=branch,
        state__in=(MeetingState.PLANNED, MeetingState.DRAFT),
        day__gte=month.start,
        day__lte=month.end,
        types__kind=asked["kinds"][0],
    )
    if asked["group_id"]:
        waiting = waiting.filter(group=asked["group_id"])
    return waiting.order_by("day", "pk").values_list("pk", flat=True).first()


def _form_key(request: HttpRequest) -> str | None:
    """Name the form that a new meeting came from, so that sending it again makes no second one."""
    token = request.POST.get("token", "")
    return f"form:{token}" if re.fullmatch(r"[0-9a-f]{32}", token) else None


def _sent_before(request: HttpRequest, branch: Organization) -> int | None:
    if (key := _form_key(request)) is None:
        return None
    known = Meeting.objects.filter(branch=branch, plan_key=key)
    return known.values_list("pk", flat=True).first()


def _number(text: str | None) -> int | None:
    return int(text) if text and text.isascii() and text.isdigit() else None


# --- The logging form ---------------------------------------------------------------------------


def _asked(
    request: HttpRequest, *, kinds: tuple[str, ...], day: date, group_id: int | None
) -> dict:
    """Return the kinds, day and group that decide who is expected: as sent, else as given."""
    if request.method == "POST":
        sent = request.POST.getlist("kinds")
        kinds = tuple(kind for kind in MeetingKind.values if kind in sent)
        day = parse_day(request.POST.get("day")) or day
        group_id = _number(request.POST.get("group")) if MeetingKind.GROUP in kinds else None
    return {"kinds": kinds, "day": day, "group_id": group_id}


def _sheet(request: HttpRequest, meeting: Meeting) -> Sheet:
    asked = _asked(request, kinds=meeting.held_as, day=meeting.day, group_id=meeting.group_id)
    return sheet_of(meeting, **asked, user_id=request.user.pk)


def _record(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    if request.method == "GET":
        return _show(request, RecordForm(sheet))
    form = RecordForm(sheet, request.POST, request.FILES)
    if request.POST.get("action") == "refresh":
        return _show(request, form)
    if not form.is_valid():
        return _show(request, form)
    try:
        saved = _save(request, form)
    except services.StaleRecord:
        return _conflict(request, form)
    if not saved:
        return _show(request, form)
    messages.success(request, saved, extra_tags=_sent_draft_key(request))
    return redirect(sheet.meeting)


def _save(request: HttpRequest, form: RecordForm) -> str:
    """Save as asked and return what to tell; empty when the form has to be shown again."""
    meeting, by, at = form.sheet.meeting, request.user, timezone.now()
    record = form.record()
    said = {"version": form.cleaned_data["version"], "by": by, "at": at}
    is_amendment = meeting.state == MeetingState.RECORDED
    told = ""
    if request.POST.get("action") == "submit" or is_amendment:
        form.add_unexplained()
        if record.day <= timezone.localdate(at):
            form.add_newly_expected()
        if is_amendment and not form.cleaned_data["reason"]:
            form.add_error("reason", _("请写明修改原因。"))
        said["rightful_chair_id"] = form.sheet.rightful_chair_id
        if not form.errors:
            try:
                if is_amendment:
                    reason = form.cleaned_data["reason"]
                    services.amend_record(meeting, record, reason=reason, **said)
                    told = _("修改已保存。")
                else:
                    services.submit_record(meeting, record, **said)
                    told = _("记录已提交。")
            except services.IncompleteRecord as incomplete:
                form.add_lacks(incomplete.lacks)
        del said["rightful_chair_id"]
        if form.errors and is_amendment:
            return ""
    if not told:
        services.save_record(meeting, record, **said)
    if pictures := form.cleaned_data["photos"]:
        services.add_photos(meeting, pictures, by=by, at=at)
    if form.errors or any(form.items.errors):
        # What is there is kept as a draft; the page says what handing it in still needs.
        told = _("已存为草稿。补齐下面标出的内容后再提交。")
        messages.warning(request, told, extra_tags=_sent_draft_key(request))
        form.take_version(meeting.version)
        return ""
    return told or _("草稿已保存。")


def draft_key(sheet: Sheet) -> str:
    """Name the copy that the browser keeps while the form is filled in."""
    if sheet.meeting.pk:
        return f"meeting:{sheet.meeting.pk}"
    return f"meeting:new:{sheet.branch.pk}:{'+'.join(sheet.kinds)}"


def _sent_draft_key(request: HttpRequest) -> str:
    """Return the name under which the browser keeps what was just sent."""
    key = request.POST.get("draft", "")
    return key if key.startswith("meeting:") else ""


def _conflict(request: HttpRequest, form: RecordForm) -> HttpResponse:
    """Show both texts: what was sent, and what somebody else has saved since."""
    newer = _fetch(request, form.sheet.meeting.pk)
    if newer.state in (MeetingState.ARCHIVED, MeetingState.CANCELLED):
        messages.error(request, _("这次会议已归档或取消，您的修改没有保存。"))
        return redirect(newer)
    theirs = RecordForm(
        sheet_of(
            newer,
            kinds=newer.held_as,
            day=newer.day,
            group_id=newer.group_id,
            user_id=request.user.pk,
        )
    )
    found = differences(form, theirs)
    form.sheet.meeting.state = newer.state
    form.take_version(newer.version)
    return _show(request, form, differences=found, status=409)


def _show(
    request: HttpRequest, form: RecordForm, *, differences: list | None = None, status: int = 200
) -> HttpResponse:
    meeting = form.sheet.meeting
    form.mark_needed()
    context = {
        "form": form,
        "sheet": form.sheet,
        "meeting": meeting,
        "differences": differences,
        "action": reverse("meetings:meeting_record", args=[meeting.pk])
        if meeting.pk
        else request.get_full_path(),
        "draft_key": draft_key(form.sheet)
        if meeting.pk
        else _sent_draft_key(request) or draft_key(form.sheet),
        "is_amendment": meeting.state == MeetingState.RECORDED,
        "is_future": form.sheet.day > timezone.localdate(),
        "is_late": _is_late(meeting),
    }
    template = "_meeting_refreshed" if wants_fragment(request) else "meeting_record"
    return render(request, f"meetings/{template}.html", context, status=status)


def _is_late(meeting: Meeting) -> bool:
    """Offer the note on lateness once the usual time is clearly over; asking costs no statement."""
    return bool(meeting.late_note) or (timezone.localdate() - meeting.day).days > 3
