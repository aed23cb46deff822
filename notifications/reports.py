"""Reads of the inbox."""

from django.db.models import Q

from accounts.models import User
from notifications.models import Notice, NoticeQuerySet


def inbox(owner: User) -> NoticeQuerySet:
    """Return what was delivered to `owner`, unread first, then newest first."""
    return (
        Notice.objects.visible_to(owner)
        .annotate(is_unread=Q(read_at=None))
        .order_by("-is_unread", "-created_at", "-pk")
    )
