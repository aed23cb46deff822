"""The questions beside the minutes: the township's own where it has some, else the system's."""

from collections import defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from meetings.models import MeetingKind, Prompt

FIELDS = {
    "title": _("常用议题"),
    "first_minutes": _("第一议题的讨论"),
    "minutes": _("发言要点"),
    "resolution": _("决定、决议"),
    "lecture_minutes": _("党课要点"),
    "remark": _("批评与自我批评"),
    "problem": _("查摆问题"),
    "summary": _("总结"),
}
# Asked together: a person who writes what was said writes what was decided, too.
TOGETHER = {"minutes": ("minutes", "resolution")}
# Which kinds have which field; the others have no place for it on the form.
ONLY_FOR = {
    "lecture_minutes": {MeetingKind.LECTURE},
    "remark": {MeetingKind.ORG_LIFE},
    "problem": {MeetingKind.ORG_LIFE},
}


class Prompts(NamedTuple):
    """What is asked of one field of one kind; `is_own` where the township says so."""

    kind: str
    field: str
    texts: tuple[str, ...]
    is_own: bool

    @property
    def kind_label(self) -> str:
        return str(MeetingKind(self.kind).label)

    @property
    def field_label(self) -> str:
        return str(FIELDS[self.field])


def fields_of(kind: str) -> list[str]:
    """Return the fields that questions may stand beside on the form of a kind."""
    if kind == MeetingKind.TALK:
        return ["summary"]
    return [field for field in FIELDS if kind in ONLY_FOR.get(field, {kind})]


def prompts_of(
    township_id: int | None, kinds: Iterable[str], fields: Iterable[str] = tuple(FIELDS)
) -> list[Prompts]:
    """Return the questions of these kinds and fields in one statement, in the order of the form."""
    fields = list(fields)
    rows = Prompt.objects.filter(
        Q(township=None) | Q(township=township_id), kind__in=kinds, field__in=fields
    )
    found: dict[tuple, list[str]] = defaultdict(list)
    for row in rows:
        found[row.kind, row.field, row.township_id is not None].append(row.text)
    return [
        Prompts(kind, field, tuple(found[kind, field, is_own]), is_own)
        for kind in MeetingKind.values
        for field in fields
        for is_own in [(kind, field, True) in found]
        if (kind, field, is_own) in found
    ]
