"""Calendar addresses: opening, renewing and closing one's own; the calendar itself is public."""

from typing import NamedTuple

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.cache import get_conditional_response
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from branches.models import Organization
from branches.permissions import has_duty
from config.http import require
from meetings import feeds
from meetings.forms.documents import FeedForm
from meetings.models import CalendarFeed
from meetings.services import feeds as services


class Address(NamedTuple):
    """Where a calendar is read: to copy, and to tap on a telephone."""

    https: str
    webcal: str


def address(request: HttpRequest, feed: CalendarFeed) -> Address:
    whole = request.build_absolute_uri(reverse("meetings:feed_show", args=[feed.token]))
    return Address(whole, f"webcal:{whole.partition(':')[2]}")


def feed_form(request: HttpRequest, branches, data=None) -> FeedForm:
    named = [(branch.pk, str(branch)) for branch in branches]
    return FeedForm(named, data, is_concerned=has_duty(request.user, feeds.CONCERNED))


@require_POST
def feed_open(request: HttpRequest) -> HttpResponse:
    branches = Organization.objects.visible_to(request.user).branches()
    known = {branch.pk: branch for branch in branches}
    require(bool(known))
    form = feed_form(request, known.values(), request.POST)
    if form.is_valid():
        branch = known.get(form.cleaned_data["branch"])
        services.open_feed(branch, by=request.user, at=timezone.now())
        messages.success(request, _("日历地址已生成。"))
    return redirect("meetings:document_list")


@require_POST
def feed_renew(request: HttpRequest, pk: int) -> HttpResponse:
    services.renew_feed(_fetch(request, pk), at=timezone.now())
    messages.success(request, _("已换成新地址，旧地址不能再用。"))
    return redirect("meetings:document_list")


@require_POST
def feed_revoke(request: HttpRequest, pk: int) -> HttpResponse:
    services.revoke_feed(_fetch(request, pk), at=timezone.now())
    messages.success(request, _("日历地址已停用。"))
    return redirect("meetings:document_list")


@login_not_required
@require_safe
def feed_show(request: HttpRequest, token: str) -> HttpResponse:
    """Answer a phone's calendar, which cannot sign in: the address is the key."""
    feed = get_object_or_404(
        CalendarFeed.objects.select_related("owner", "branch"), token=token, revoked_at=None
    )
    if not feeds.is_alive(feed):
        raise Http404
    on = timezone.localdate()
    with translation.override(feed.owner.script):
        meetings = feeds.meetings_of(feed, on=on)
        content = feeds.calendar(feed, meetings, absolute=request.build_absolute_uri)
    response = HttpResponse(content, content_type="text/calendar; charset=utf-8")
    response["ETag"] = feeds.entity_tag(content)
    response["Cache-Control"] = "private, no-cache"
    response["Content-Disposition"] = 'inline; filename="badu.ics"'
    return get_conditional_response(request, etag=response["ETag"], response=response) or response


def _fetch(request: HttpRequest, pk: int) -> CalendarFeed:
    return get_object_or_404(CalendarFeed, pk=pk, owner=request.user, revoked_at=None)
