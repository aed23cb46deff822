"""What a record said before it was changed."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET
from django.views.decorators.vary import vary_on_headers

from config.http import wants_fragment
from meetings.models import Meeting, RecordVersion

from .fetching import fetch_meeting


@require_GET
@vary_on_headers("HX-Request")
def version_list(request: HttpRequest, pk: int) -> HttpResponse:
    """The versions of one record: a part of its page, and a page of its own."""
    meeting = fetch_meeting(request, pk)
    versions = meeting.versions.select_related("replaced_by").defer("content")
    template = "_version_list" if wants_fragment(request) else "version_list"
    context = {"meeting": meeting, "versions": versions}
    return render(request, f"meetings/{template}.html", context)


@require_GET
def version_detail(request: HttpRequest, pk: int) -> HttpResponse:
    versions = RecordVersion.objects.filter(meeting__in=Meeting.objects.visible_to(request.user))
    version = get_object_or_404(versions.select_related("meeting__branch", "replaced_by"), pk=pk)
    return render(request, "meetings/version_detail.html", {"version": version})
