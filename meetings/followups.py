"""What apps above can do with something said at a meeting: asked here, offered there.

A registry, as the weekly menu is one: `inspections` offers to make an issue of a leader's comment,
of a problem found at an 组织生活会, or of a check's result, and this app need not know of it.
"""

from collections.abc import Callable, Iterable
from typing import NamedTuple

from django.db.models import Model

from accounts.models import User


class FollowUp(NamedTuple):
    """One tap offered beside a row: POST to `url` while `is_done` is false, else a link."""

    url: str
    label: str
    is_done: bool


# Rows of one model to what may be done with each; at most two statements for any number of rows.
Provider = Callable[[User, list[Model]], dict[int, FollowUp]]
_providers: list[Provider] = []


def register(provider: Provider) -> Provider:
    _providers.append(provider)
    return provider


def follow_ups(user: User, rows: Iterable[Model]) -> dict[int, FollowUp]:
    """Return what the user may do with each row, by its key; all rows are of one model."""
    rows = list(rows)
    found: dict[int, FollowUp] = {}
    if rows:
        for provider in _providers:
            found |= provider(user, rows)
    return found
