"""Search over everything that was planned, said and decided, as far as the person may read it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from branches.models import Organization
from meetings.forms.search import SearchForm
from meetings.reports.excerpts import excerpt
from meetings.reports.search import Wanted, newest

from .fetching import number_in

PAGE_SIZE = 20


@require_GET
def search(request: HttpRequest) -> HttpResponse:
    """Show the newest twenty, and a link to the next: nothing is counted."""
    branches = Organization.objects.visible_to(request.user).branches()
    form = SearchForm(branches, request.GET or None)
    found, wanted = [], None
    if form.is_valid():
        said = form.cleaned_data
        wanted = Wanted.read(request.user, said["q"], branch=said["branch"], year=said["year"])
        found = newest(
            request.user, wanted, before=number_in(request.GET.get("before")), limit=PAGE_SIZE + 1
        )
    results = [(meeting, excerpt(meeting.body, wanted.words)) for meeting in found[:PAGE_SIZE]]
    after = found[PAGE_SIZE - 1].place_in_time if len(found) > PAGE_SIZE else None
    context = {"form": form, "results": results, "wanted": wanted, "after": after}
    return render(request, "meetings/search.html", context)
