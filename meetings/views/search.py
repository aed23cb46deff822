"""Search over everything that was planned, said and decided, as far as the person may read it."""

from django.db.models import prefetch_related_objects
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from branches.models import Organization
from meetings.forms.search import SearchForm
from meetings.models import Meeting
from meetings.reports.excerpts import Piece, excerpt, marked
from meetings.reports.search import Found, Wanted, newest

from .fetching import number_in


@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """Show the newest twenty, and a link to the next: nothing is counted."""
    branches = Organization.objects.visible_to(request.user).branches()
    form = SearchForm(branches.values_list("pk", "short_name"), request.GET or None)
    before = number_in(request.GET.get("before"))
    found, wanted = Found([]), None
    if form.is_valid() and form.cleaned_data["q"].strip():
        said = form.cleaned_data
        where = {"branch": said.get("branch"), "kind": said["kind"], "year": said["year"]}
        wanted = Wanted.read(request.user, said["q"], **where)
        found = newest(request.user, wanted, on=timezone.localdate(), before=before)
        prefetch_related_objects(found.meetings, "types")
    context = {
        "form": form,
        "results": [_shown(meeting, wanted) for meeting in found.meetings],
        "wanted": wanted,
        "before": before,
        "after": found.after,
    }
    return render(request, "meetings/search.html", context)


def _shown(meeting: Meeting, wanted: Wanted) -> tuple[Meeting, list[Piece], list[list[Piece]]]:
    """Return a find with its title and what stands around the words: the body begins with it."""
    lines = meeting.body.splitlines()[1:]
    return meeting, marked(meeting.title, wanted.words), excerpt(lines, wanted.words)
