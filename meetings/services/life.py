"""Writing what 组织生活会 and 民主评议 have beyond an agenda, row by row, only where it differs."""

from collections.abc import Iterable
from dataclasses import fields as fields_of
from operator import attrgetter
from typing import Any, NamedTuple

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from meetings.models import Appraisal, Criticism, Meeting, MeetingKind, Problem
from meetings.record import Assessed, Record, Remark, Shortcoming


class _Part(NamedTuple):
    """Where one part of the record is kept: its model, its value, which kinds have it, and what
    names a row: an issue may point at one, so that an edited row has to stay the same."""

    model: Any
    value: Any
    name: str
    kinds: frozenset[str]
    label: Promise
    key: str = "pk"


PARTS = (
    _Part(
        Criticism,
        Remark,
        "remarks",
        frozenset({MeetingKind.ORG_LIFE}),
        gettext_lazy("批评与自我批评"),
    ),
    _Part(
        Problem,
        Shortcoming,
        "shortcomings",
        frozenset({MeetingKind.ORG_LIFE}),
        gettext_lazy("查摆问题"),
    ),
    # One a member, in no order.
    _Part(
        Appraisal,
        Assessed,
        "assessed",
        frozenset({MeetingKind.EVALUATION}),
        gettext_lazy("民主评议"),
        key="member_id",
    ),
)


def write_life(meeting: Meeting, record: Record, *, is_new: bool) -> dict[str, list[str]]:
    """Write the three parts and return what changed, for the log. Kinds without them cost no
    statement."""
    changes: dict[str, list[str]] = {}
    held_as = {*record.kinds, *getattr(meeting, "held_as", ())}
    for part in PARTS:
        wanted = getattr(record, part.name)
        if wanted or (part.kinds & held_as and not is_new):
            changes |= _write(meeting, part, list(wanted), is_new=is_new)
    return changes


def _write(meeting: Meeting, part: _Part, wanted: list, *, is_new: bool) -> dict[str, list[str]]:
    names = [field.name for field in fields_of(part.value) if field.compare]
    before = [] if is_new else list(part.model.objects.filter(meeting=meeting))
    if part.key != "pk":
        wanted.sort(key=attrgetter(part.key))
        before.sort(key=attrgetter(part.key))
    if _values(before, names) == _values(wanted, names):
        return {}
    rows = {getattr(row, part.key): row for row in before}
    kept: list[Any] = []
    new: list[Any] = []
    has_place = part.key == "pk"
    for place, value in enumerate(wanted, start=1):
        row = rows.pop(getattr(value, part.key), None) or part.model(meeting=meeting)
        for name in names:
            setattr(row, name, getattr(value, name))
        if has_place:
            row.position = place
        (kept if row.pk else new).append(row)
    if rows:
        part.model.objects.filter(pk__in=[row.pk for row in rows.values()]).delete()
    if kept:
        columns = [name.removesuffix("_id") for name in names if name != part.key]
        part.model.objects.bulk_update(kept, [*columns, "position"] if has_place else columns)
    part.model.objects.bulk_create(new)
    return {str(part.label): [_("%(count)s条") % {"count": len(n)} for n in (before, wanted)]}


def _values(rows: Iterable, names: list[str]) -> list[tuple]:
    return [tuple(getattr(row, name) for name in names) for row in rows]
