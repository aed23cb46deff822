"""The logging form: a new meeting, a plan, a draft or a correction, all on one page."""

import re
from datetime import date, datetime

from django.contrib import messages
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import time_format
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from branches.models import Organization
from config.http import require, wants_fragment
from meetings import permissions, services
from meetings.forms.fields import parse_day
from meetings.forms.record import RecordForm
from meetings.forms.record.merging import DECIDING, Conflict, decided, merged, rows_kept, served
from meetings.models import Meeting, MeetingKind, MeetingState
from meetings.reports.decisions import decision_to_follow
from meetings.reports.minutes import last_change
from meetings.reports.sheet import Sheet, new_sheet, sheet_of
from meetings.rules import Span

from .fetching import branch_asked, choose_branch, fetch_meeting, number_in


@require_http_methods(["GET", "POST"])
def meeting_create(request: HttpRequest) -> HttpResponse:
    """Log a meeting that was not planned; one that was is opened instead."""
    branch = branch_asked(request)
    if branch is None:
        return choose_branch(request)
    require(permissions.can_record_meetings(request.user, branch))
    asked = asked_in(
        request.POST,
        kinds=tuple(k for k in MeetingKind.values if k in request.GET.getlist("kind")),
        day=parse_day(request.GET.get("day")) or timezone.localdate(),
        group_id=number_in(request.GET.get("group")),
    )
    if request.method == "GET" and (planned := _planned(branch, asked)) is not None:
        return redirect("meetings:meeting_record", planned)
    if request.method == "POST" and (known := _sent_before(request, branch)) is not None:
        return _go_on(request, fetch_meeting(request, known))
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
    meeting = fetch_meeting(request, pk)
    require(permissions.can_record_meetings(request.user, meeting.branch))
    if not _is_open(request, meeting):
        messages.warning(request, _("这次会议已归档或取消，不能再修改。"))
        return redirect(meeting)
    return _record(request, sheet_asked(request, meeting, request.POST))


def _is_open(request: HttpRequest, meeting: Meeting) -> bool:
    """Say whether the record may be written: what is archived only by who may correct it."""
    if meeting.state == MeetingState.ARCHIVED:
        return permissions.can_correct_archived(request.user, meeting)
    return meeting.state != MeetingState.CANCELLED


def _go_on(request: HttpRequest, meeting: Meeting) -> HttpResponse:
    """Answer a form that was saved already, though its sender never heard: nothing is doubled."""
    if meeting.state in (MeetingState.PLANNED, MeetingState.DRAFT):
        return _record(request, sheet_asked(request, meeting, request.POST))
    messages.success(request, _("这份记录已经提交过了。"), extra_tags=_sent_draft_key(request))
    return redirect(meeting)


# --- New or known -------------------------------------------------------------------------------


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


# --- The form -----------------------------------------------------------------------------------


def asked_in(data: QueryDict, *, kinds: tuple[str, ...], day: date, group_id: int | None) -> dict:
    """Return the kinds, day and group that decide who is expected: as sent, else as given."""
    if data:
        sent = data.getlist("kinds")
        kinds = tuple(kind for kind in MeetingKind.values if kind in sent)
        day = parse_day(data.get("day")) or day
        group_id = number_in(data.get("group")) if MeetingKind.GROUP in kinds else None
    return {"kinds": kinds, "day": day, "group_id": group_id}


def sheet_asked(request: HttpRequest, meeting: Meeting, data: QueryDict | None = None) -> Sheet:
    """Return the meeting as of the kinds and the day that were sent, or that are stored."""
    asked = {"kinds": meeting.held_as, "day": meeting.day, "group_id": meeting.group_id}
    asked = asked_in(data, **asked) if data else asked
    return sheet_of(meeting, **asked, user_id=request.user.pk)


def _record(request: HttpRequest, sheet: Sheet) -> HttpResponse:
    if request.method == "GET":
        return _show(request, RecordForm(sheet, suggested=_suggested(request, sheet)))
    form = RecordForm(sheet, request.POST, request.FILES)
    action = request.POST.get("action")
    if action == "refresh":
        return _show(request, form)
    if action == "autosave":
        return _autosave(request, form)
    if sheet.meeting.pk and form["version"].value() != str(sheet.meeting.version):
        return _merge(request, form)
    return _keep(request, _as_decided(request, form))


def _keep(request: HttpRequest, form: RecordForm) -> HttpResponse:
    """Save what is valid and go to the meeting, or show the form again."""
    meeting = form.sheet.meeting
    if not form.is_valid():
        return _show(request, form)
    try:
        saved = _save(request, form)
    except services.StaleRecord:
        return _merge(request, form)
    if not saved:
        return _show(request, form)
    messages.success(request, saved, extra_tags=_sent_draft_key(request))
    return redirect(meeting)


def _save(request: HttpRequest, form: RecordForm) -> str:
    """Save as asked and return what to tell; empty when the form has to be shown again."""
    meeting, by, at = form.sheet.meeting, request.user, timezone.now()
    record = form.record()
    said = {"version": form.cleaned_data["version"], "by": by, "at": at}
    is_amendment = meeting.is_counted
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
    for refused in form.refused_photos:
        messages.warning(request, refused)
    if form.has_errors:
        # What is there is kept as a draft; the page says what handing it in still needs.
        told = _("已存为草稿。补齐下面标出的内容后再提交。")
        messages.warning(request, told, extra_tags=_sent_draft_key(request))
        form.data = form.data.copy()
        form.data.update(_as_stored(request, form))
        form.take_rows()
        return ""
    return told or _("草稿已保存。")


def _as_stored(request: HttpRequest, form: RecordForm) -> dict[str, str]:
    """Return the hidden fields of a page whose content has just been saved."""
    stored = _stored(request, form)
    kept = {"version": str(stored.sheet.meeting.version), "served": served(stored)}
    return kept | rows_kept(form, stored)


def _stored(request: HttpRequest, form: RecordForm) -> RecordForm:
    """Return the form as it would show what is in the database now."""
    return RecordForm(sheet_asked(request, fetch_meeting(request, form.sheet.meeting.pk)))


def _autosave(request: HttpRequest, form: RecordForm) -> HttpResponse:
    """Keep a draft while it is written. Answers 200 with what the page has to know, 204 where there
    is nothing to keep yet, 409 with who saved meanwhile, 422 where it cannot be kept as it is."""
    meeting = form.sheet.meeting
    if meeting.is_counted or not form.is_valid():
        return JsonResponse({}, status=422)
    record = form.record()
    if meeting.pk is None and not record.says_anything:
        return HttpResponse(status=204)
    at = timezone.now()
    try:
        version = form.cleaned_data["version"]
        services.save_record(meeting, record, version=version, by=request.user, at=at)
    except services.StaleRecord:
        last = last_change(meeting)
        told = {"who": last.who, "at": _clock(last.at)} if last else {}
        return JsonResponse(told, status=409)
    url = reverse("meetings:meeting_record", args=[meeting.pk])
    fields = _as_stored(request, form)
    return JsonResponse({"url": url, "at": _clock(at), "fields": fields})


def _clock(at: datetime) -> str:
    return time_format(timezone.localtime(at), "H:i")


# --- Two at once --------------------------------------------------------------------------------


def _merge(request: HttpRequest, form: RecordForm) -> HttpResponse:
    """Somebody saved since the page was made: keep both where only one of the two changed a thing,
    ask where both did."""
    newer = fetch_meeting(request, form.sheet.meeting.pk)
    if not _is_open(request, newer):
        messages.error(request, _("这次会议已归档或取消，您的修改没有保存。"))
        return redirect(newer)
    theirs = RecordForm(sheet_asked(request, newer))
    deciding = merged(form, theirs, only=DECIDING).data
    form = RecordForm(sheet_asked(request, newer, deciding), deciding, request.FILES)
    result = merged(form, theirs)
    data = result.data
    data["version"] = str(newer.version)
    if result.conflicts:
        data["served"] = served(theirs)
    form = RecordForm(sheet_asked(request, newer, data), data, request.FILES)
    if result.conflicts:
        return _show(request, form, conflicts=result.conflicts, status=409)
    if result.taken and (last := last_change(newer)) is not None:
        told = _("%(who)s在 %(at)s 也保存过，两人的修改已经合并：%(what)s。")
        what = "、".join(dict.fromkeys(result.taken))
        messages.info(request, told % {"who": last.who, "at": _clock(last.at), "what": what})
    return _keep(request, form)


def _as_decided(request: HttpRequest, form: RecordForm) -> RecordForm:
    """Put the answers of the page that showed both texts into the form."""
    if not any(name.startswith("take-") for name in request.POST):
        return form
    meeting = form.sheet.meeting
    data = decided(form, _stored(request, form))
    if data is None:
        return form
    return RecordForm(sheet_asked(request, meeting, data), data, request.FILES)


# --- Showing ------------------------------------------------------------------------------------


def draft_key(sheet: Sheet) -> str:
    """Name the copy that the browser keeps while the form is filled in."""
    if sheet.meeting.pk:
        return f"meeting:{sheet.meeting.pk}"
    return f"meeting:new:{sheet.branch.pk}:{'+'.join(sheet.kinds)}"


def _sent_draft_key(request: HttpRequest) -> str:
    """Return the name under which the browser keeps what was just sent."""
    key = request.POST.get("draft", "")
    return key if key.startswith("meeting:") else ""


def _suggested(request: HttpRequest, sheet: Sheet) -> dict | None:
    """Return the item that a link from the suggestions begins with; without scripts they are
    links."""
    if title := request.GET.get("item"):
        return {"kind": "topic", "title": title[:200]}
    if pk := number_in(request.GET.get("follows")):
        return decision_to_follow(pk, sheet.branch)
    return None


def _show(
    request: HttpRequest,
    form: RecordForm,
    *,
    conflicts: list[Conflict] | None = None,
    status: int = 200,
) -> HttpResponse:
    meeting = form.sheet.meeting
    if meeting.pk and not form.is_bound:
        form.initial["served"] = served(form)
    form.mark_needed()
    context = {
        "form": form,
        "sheet": form.sheet,
        "meeting": meeting,
        "conflicts": conflicts,
        "last": last_change(meeting) if conflicts else None,
        "action": reverse("meetings:meeting_record", args=[meeting.pk])
        if meeting.pk
        else request.get_full_path(),
        "draft_key": draft_key(form.sheet)
        if meeting.pk
        else _sent_draft_key(request) or draft_key(form.sheet),
        "is_amendment": meeting.is_counted,
        "is_future": form.sheet.day > timezone.localdate(),
        "is_late": _is_late(meeting),
    }
    template = "_meeting_refreshed" if wants_fragment(request) else "meeting_record"
    return render(request, f"meetings/{template}.html", context, status=status)


def _is_late(meeting: Meeting) -> bool:
    """Offer the note on lateness once the usual time is clearly over; asking costs no statement."""
    return bool(meeting.late_note) or (timezone.localdate() - meeting.day).days > 3
