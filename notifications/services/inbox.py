"""What the owner of an inbox does with it. Nobody else ever learns what was read."""

from datetime import datetime

from accounts.models import User
from notifications.models import Notice


def read_notice(notice: Notice, *, at: datetime) -> bool:
    """Mark the notice read; return False if it was already."""
    return bool(Notice.objects.filter(pk=notice.pk, read_at=None).update(read_at=at))


def read_all(*, by: User, at: datetime) -> int:
    """Mark everything in the person's inbox read and return how many were not."""
    return Notice.objects.visible_to(by).filter(read_at=None).update(read_at=at)
