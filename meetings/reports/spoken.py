"""What is said in meetings, in words: one reading for search, likeness and the checks."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass, field

from meetings.models import AgendaItem, Criticism, Meeting, Problem


@dataclass(slots=True)
class Spoken:
    """`lines` is everything that can be searched, part by part; `said` what was said of it.

    Titles of items are shared by many branches; what was said is each branch's own.
    """

    lines: list[str] = field(default_factory=list)
    parts: list[str] = field(default_factory=list)

    @property
    def said(self) -> str:
        return "\n".join(self.parts)

    def add(self, *parts: str) -> None:
        told = [part for part in parts if part]
        self.lines += told
        self.parts += told


def spoken_in(meetings: Collection[Meeting]) -> dict[int, Spoken]:
    """Read the words of these meetings in three statements, however many they are."""
    spoken: dict[int, Spoken] = defaultdict(Spoken)
    for meeting in meetings:
        spoken[meeting.pk].lines.append(meeting.title)
    pks = list(spoken)
    items = AgendaItem.objects.filter(meeting__in=pks).order_by("meeting", "position", "pk")
    for pk, title, *parts in items.values_list("meeting", "title", "minutes", "resolution"):
        spoken[pk].lines.append(title)
        spoken[pk].add(*parts)
    remarks = Criticism.objects.filter(meeting__in=pks).order_by("meeting", "position")
    for pk, text in remarks.values_list("meeting", "text"):
        spoken[pk].add(text)
    problems = Problem.objects.filter(meeting__in=pks).order_by("meeting", "position")
    for pk, *parts in problems.values_list("meeting", "text", "remedy"):
        spoken[pk].add(*parts)
    for meeting in meetings:
        spoken[meeting.pk].add(meeting.summary)
    return spoken
