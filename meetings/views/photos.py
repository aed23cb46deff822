"""Pictures are handed out only to those who may see their meeting; no address leads to the files."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_GET, require_POST

from config.http import require
from meetings import permissions, services
from meetings.forms.meetings import PhotosForm
from meetings.models import Meeting, MeetingPhoto


def _fetch(request: HttpRequest, pk: int) -> MeetingPhoto:
    photos = MeetingPhoto.objects.filter(meeting__in=Meeting.objects.visible_to(request.user))
    return get_object_or_404(photos.select_related("meeting__branch"), pk=pk)


@require_GET
@cache_control(private=True, max_age=3600)
def photo_show(request: HttpRequest, pk: int) -> HttpResponse:
    """Send one picture, always a JPEG of our own making."""
    with _fetch(request, pk).image.open("rb") as picture:
        return HttpResponse(picture.read(), content_type="image/jpeg")


@require_POST
def photo_add(request: HttpRequest, pk: int) -> HttpResponse:
    meeting = get_object_or_404(
        Meeting.objects.visible_to(request.user).select_related("branch"), pk=pk
    )
    require(permissions.can_keep_photos(request.user, meeting))
    form = PhotosForm(request.POST, request.FILES)
    if form.is_valid():
        pictures = form.cleaned_data["photos"]
        services.add_photos(meeting, pictures, by=request.user, at=timezone.now())
    else:
        for error in form.errors["photos"]:
            messages.error(request, error)
    return redirect(meeting)


@require_POST
def photo_remove(request: HttpRequest, pk: int) -> HttpResponse:
    photo = _fetch(request, pk)
    require(permissions.can_keep_photos(request.user, photo.meeting))
    services.remove_photo(photo, by=request.user, at=timezone.now())
    return redirect(photo.meeting)
