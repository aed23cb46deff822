"""What is said in meetings, in words: one reading for search, likeness and the checks."""

from collections.abc import Collection
from dataclasses import dataclass, field

from django.db.models import Value

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
    """Read the words of these meetings in one statement, however many they are."""
    spoken = {meeting.pk: Spoken(lines=[meeting.title]) for meeting in meetings}
    of_these = {"meeting__in": list(spoken)}
    order, nothing = ("meeting", "part", "position", "pk"), Value("")
    rows = AgendaItem.objects.filter(**of_these).annotate(part=Value(1))
    remarks = Criticism.objects.filter(**of_these).annotate(part=Value(2))
    problems = Problem.objects.filter(**of_these).annotate(part=Value(3))
    rows = (
        rows.order_by()
        .values_list(*order, "title", "minutes", "resolution")
        .union(
            remarks.order_by().values_list(*order, nothing, "text", nothing),
            problems.order_by().values_list(*order, nothing, "text", "remedy"),
            all=True,
        )
    )
    for pk, _part, _position, _row, title, *parts in sorted(rows):
        if title:
            spoken[pk].lines.append(title)
        spoken[pk].add(*parts)
    for meeting in meetings:
        spoken[meeting.pk].add(meeting.summary)
    return spoken
