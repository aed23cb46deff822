"""Opening, renewing and closing a person's calendar addresses."""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from branches.models import Organization
from meetings.models import CalendarFeed


@transaction.atomic
def open_feed(branch: Organization | None, *, by: User, at: datetime) -> CalendarFeed:
    """Return the person's open address for the branch, or for all that concerns them."""
    feed, _is_new = CalendarFeed.objects.get_or_create(
        owner=by, branch=branch, revoked_at=None, defaults={"created_at": at}
    )
    return feed


@transaction.atomic
def revoke_feed(feed: CalendarFeed, *, at: datetime) -> bool:
    """Close an address for good; return False if it was closed already."""
    return bool(CalendarFeed.objects.filter(pk=feed.pk, revoked_at=None).update(revoked_at=at))


@transaction.atomic
def renew_feed(feed: CalendarFeed, *, at: datetime) -> CalendarFeed | None:
    """Close an address and open another in its place; return None if it was closed already."""
    if not revoke_feed(feed, at=at):
        return None
    return CalendarFeed.objects.create(owner=feed.owner, branch=feed.branch, created_at=at)
