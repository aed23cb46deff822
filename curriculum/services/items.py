"""What a branch says about the items of its week; records tick theirs through `settle_items`.

Each is one conditional UPDATE, so that two people on two phones leave one outcome.
"""

from datetime import datetime

from django.db import transaction

from accounts.models import User
from curriculum.models import ChecklistItem, ItemState

from .trace import trace


def finish_item(item: ChecklistItem, *, note: str, by: User, at: datetime) -> bool:
    """Mark an open item done by hand; return False if it was not open any more."""
    return _settle(item, ItemState.DONE, note=note, by=by, at=at)


def mark_not_applicable(item: ChecklistItem, *, reason: str, by: User, at: datetime) -> bool:
    """Set an open item aside with the reason why it does not apply; False if it was not open."""
    return _settle(item, ItemState.NOT_APPLICABLE, note=reason, by=by, at=at)


@transaction.atomic
def reopen_item(item: ChecklistItem, *, by: User) -> bool:
    """Undo what a person settled; False if nobody had. What a record ticked follows the record."""
    before = item.state
    reopened = ChecklistItem.objects.filter(
        pk=item.pk,
        state__in=(ItemState.DONE, ItemState.NOT_APPLICABLE),
        settled_by__isnull=False,
    ).update(state=ItemState.OPEN, settled_at=None, settled_by=None, note="")
    if not reopened:
        return False
    trace(item, by=by, state=(before, ItemState.OPEN), note=(item.note, ""))
    item.state, item.settled_at, item.settled_by, item.note = ItemState.OPEN, None, None, ""
    return True


@transaction.atomic
def _settle(item: ChecklistItem, state: str, *, note: str, by: User, at: datetime) -> bool:
    settled = ChecklistItem.objects.filter(pk=item.pk, state=ItemState.OPEN).update(
        state=state, settled_at=at, settled_by=by, note=note
    )
    if not settled:
        return False
    trace(item, by=by, state=(ItemState.OPEN, state), note=("", note))
    item.state, item.settled_at, item.settled_by, item.note = state, at, by, note
    return True
