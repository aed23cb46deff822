"""The checks of one record: while it is written, as help, and beside it afterwards."""

from dataclasses import replace

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST
from django.views.decorators.vary import vary_on_headers

from config.http import require, wants_fragment
from meetings import permissions
from meetings.followups import follow_ups
from meetings.forms.record import RecordForm
from meetings.models import AgendaKind, Meeting
from meetings.reports.check_live import LiveHit, in_store, in_text
from meetings.reports.check_results import grouped, in_order, may_be_raised, results_for
from meetings.reports.sheet import new_sheet
from meetings.views.fetching import branch_asked, choose_branch, fetch_meeting, number_in
from meetings.views.record import asked_in, sheet_asked


@require_POST
def record_checks(request: HttpRequest) -> HttpResponse:
    """Look at the logging form as it stands; nothing is saved and nothing is refused."""
    if pk := number_in(request.GET.get("meeting")):
        meeting = fetch_meeting(request, pk)
        require(permissions.can_record_meetings(request.user, meeting.branch))
        sheet = sheet_asked(request, meeting, request.POST)
    else:
        branch = branch_asked(request)
        if branch is None:
            return choose_branch(request)
        require(permissions.can_record_meetings(request.user, branch))
        asked = asked_in(request.POST, kinds=(), day=timezone.localdate(), group_id=None)
        sheet = new_sheet(branch, **asked, user_id=request.user.pk)
    form = RecordForm(sheet, request.POST)
    context = {
        "hits": _hits(form) if form.is_valid() else None,
        "meeting": sheet.meeting,
        "branch": sheet.branch,
    }
    template = "_record_checks" if wants_fragment(request) else "record_checks"
    return render(request, f"meetings/{template}.html", context)


# The fields of the page that are items of the agenda.
PAGE_ITEMS = {AgendaKind.FIRST_TOPIC: "first_", AgendaKind.LECTURE: "lecture_"}


def _hits(form: RecordForm) -> list[LiveHit]:
    """Return what is found in a valid form, each with the id of the field it speaks of."""
    record = form.record()
    found = []
    for live in in_text(form.sheet.meeting, record, on=timezone.localdate()):
        place, page, name = live.hit.entry, form, live.hit.field
        if place is not None and (row := form.entry_rows[place]) is not None:
            page = row
        elif place is not None:
            name = PAGE_ITEMS.get(record.agenda[place].kind, "") + name
        found.append(replace(live, anchor=page[name].auto_id if name in page.fields else ""))
    return found


@require_http_methods(["GET", "POST"])
@vary_on_headers("HX-Request")
def meeting_checks(request: HttpRequest, pk: int) -> HttpResponse:
    """What was found in a record that was handed in, and what a branch said of it.

    Posted, the record as it is stored now is looked at anew: a draft has not been, and one that was
    just handed in waits some minutes for it.
    """
    meeting = fetch_meeting(request, pk)
    can_look = permissions.can_record_meetings(request.user, meeting.branch)
    if request.method == "POST":
        require(can_look)
        context = {"hits": in_store(meeting, on=timezone.localdate()), "meeting": meeting}
        template = "_live_checks" if wants_fragment(request) else "record_checks"
        return render(request, f"meetings/{template}.html", context)
    results = list(in_order(results_for(request.user).filter(meeting=meeting)))
    offers = follow_ups(request.user, may_be_raised(results))
    branches = grouped(results, request.user, offers)
    context = {
        "meeting": meeting,
        "checks": branches[0].parts[0].checks if branches else [],
        "is_waiting": is_waiting(meeting),
        "can_look": can_look,
        "is_part": wants_fragment(request),
    }
    template = "_meeting_checks" if context["is_part"] else "meeting_checks"
    return render(request, f"meetings/{template}.html", context)


def is_waiting(meeting: Meeting) -> bool:
    """Say whether the record changed since the kept results were found."""
    return not meeting.is_counted or meeting.version != meeting.checked_version
