"""Adding and removing the pictures of a meeting: never required, never counted."""

from collections.abc import Iterable
from datetime import datetime

from auditlog.models import LogEntry
from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from accounts.models import User
from config.language import in_source_script
from meetings.models import Meeting, MeetingPhoto


@in_source_script
@transaction.atomic
def add_photos(
    meeting: Meeting, pictures: Iterable[ContentFile], *, by: User, at: datetime
) -> list[MeetingPhoto]:
    """Keep pictures that `photos.remade` has made, in the order given."""
    added = []
    for picture in pictures:
        photo = MeetingPhoto(meeting=meeting, added_by=by, added_at=at)
        photo.image.save(str(picture.name), picture, save=False)
        added.append(photo)
    MeetingPhoto.objects.bulk_create(added)
    if added:
        _log(meeting, ["", _("增加%(count)s张") % {"count": len(added)}], by, at)
    return added


@in_source_script
@transaction.atomic
def remove_photo(photo: MeetingPhoto, *, by: User, at: datetime) -> bool:
    """Take a picture away, file and row; return False if it was gone already."""
    removed, _rows = MeetingPhoto.objects.filter(pk=photo.pk).delete()
    if not removed:
        return False
    _log(photo.meeting, ["", _("删除1张")], by, at)
    photo.image.delete(save=False)
    return True


def _log(meeting: Meeting, change: list[str], by: User, at: datetime) -> None:
    LogEntry.objects.log_create(
        meeting,
        action=LogEntry.Action.UPDATE,
        changes={_("照片"): change},
        actor=by,
        timestamp=at,
    )
