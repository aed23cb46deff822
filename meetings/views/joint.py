"""Holding a meeting together with other branches, and the records that follow from it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django.views.decorators.vary import vary_on_headers

from branches.models import Organization
from config.http import require, wants_fragment
from meetings import permissions, services
from meetings.forms.joint import JointForm
from meetings.forms.lacks import MISSING
from meetings.models import Meeting, MeetingState
from meetings.reports.joint import joint_records
from meetings.reports.sheet import sheet_of
from meetings.reports.stored import stored_record
from meetings.services import joint

from .fetching import fetch_meeting


@require_GET
@vary_on_headers("HX-Request")
def joint_detail(request: HttpRequest, pk: int) -> HttpResponse:
    """The records of all who held it together: a part of the meeting's page, and its own page."""
    meeting = fetch_meeting(request, pk)
    context = {"meeting": meeting, "records": joint_records(meeting, request.user)}
    template = "_joint_records" if wants_fragment(request) else "joint_detail"
    return render(request, f"meetings/{template}.html", context)


@require_http_methods(["GET", "POST"])
def joint_create(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = fetch_meeting(request, pk)
    require(permissions.can_record_meetings(request.user, meeting.branch))
    if not joint.can_be_joint(meeting):
        messages.warning(request, _("党小组会、谈心谈话和已归档、取消的会议不能联合召开。"))
        return redirect(meeting)
    form = JointForm(_others(meeting), request.POST or None)
    if request.method == "POST" and form.is_valid():
        made = joint.hold_jointly(
            meeting, form.cleaned_data["branches"], by=request.user, at=timezone.now()
        )
        messages.success(
            request, _("已为%(count)s个支部生成记录，并告知其书记。") % {"count": len(made)}
        )
        return redirect("meetings:joint_detail", meeting.pk)
    return render(request, "meetings/joint_form.html", {"meeting": meeting, "form": form})


def _others(meeting: Meeting):
    """Return the township's other branches of that day; in already, they are not asked again."""
    branches = Organization.objects.branches().existing(meeting.day)
    branches = branches.filter(township=meeting.branch.township_id).exclude(pk=meeting.branch_id)
    if meeting.joint_id:
        branches = branches.exclude(meetings__joint=meeting.joint_id)
    return branches.order_by("path")


@require_POST
def joint_submit(request: HttpRequest, pk: int) -> HttpResponse:
    """Hand in one branch's record as it stands; what it lacks is said."""
    meeting = fetch_meeting(request, pk)
    require(permissions.can_record_meetings(request.user, meeting.branch))
    back = redirect("meetings:joint_detail", meeting.pk)
    if meeting.joint_id is None or meeting.state != MeetingState.DRAFT:
        messages.warning(request, _("这份记录不在填写中，没有提交。"))
        return back
    asked = {"kinds": meeting.held_as, "day": meeting.day, "group_id": None}
    sheet = sheet_of(meeting, **asked, user_id=request.user.pk)
    try:
        services.submit_record(
            meeting,
            stored_record(meeting, seats=sheet.seats),
            version=meeting.version,
            rightful_chair_id=sheet.rightful_chair_id,
            by=request.user,
            at=timezone.now(),
        )
    except services.IncompleteRecord as incomplete:
        _say_lacks(request, meeting, incomplete.lacks)
    except services.StaleRecord:
        messages.warning(request, _("这份记录刚被别人修改，请再看一遍。"))
    else:
        messages.success(request, _("已提交%(branch)s的记录。") % {"branch": meeting.branch})
    return back


def _say_lacks(request: HttpRequest, meeting: Meeting, lacks: list) -> None:
    told = [
        str(MISSING[lack.what][1]) % {"cast": lack.cast, "present": lack.present} for lack in lacks
    ]
    messages.error(
        request,
        _("%(branch)s的记录还不能提交：%(lacks)s")
        % {"branch": meeting.branch, "lacks": " ".join(told)},
    )
