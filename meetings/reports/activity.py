"""The fixed day of one month, branch by branch: planned, being written, held or explained."""

from datetime import date
from typing import NamedTuple

from django.db.models import Exists, F, OuterRef, QuerySet, Subquery

from branches.models import Organization
from meetings.models import Explanation, Meeting, MeetingKind, MeetingState
from meetings.models.meeting import COUNTED_STATES
from meetings.rules import Span


class ActivityRow(NamedTuple):
    """One branch's 主题党日 of the month; the meeting is None where nothing was planned."""

    branch_id: int
    name: str
    meeting_id: int | None
    day: date | None
    state: str
    is_explained: bool

    @property
    def is_open(self) -> bool:
        """Neither handed in nor explained: both ways out are still there."""
        return not self.is_explained and self.state not in COUNTED_STATES


def activity_days(branches: "QuerySet[Organization]", month: Span) -> list[ActivityRow]:
    """Read a month's theme days of all branches in one statement; a counted one goes first."""
    meetings = (
        Meeting.objects.filter(
            branch=OuterRef("pk"),
            types__kind=MeetingKind.THEME_DAY,
            day__gte=month.start,
            day__lte=month.end,
        )
        .exclude(state=MeetingState.CANCELLED)
        .order_by(F("submitted_at").asc(nulls_last=True), "day", "pk")
    )
    explained = Explanation.objects.filter(
        branch=OuterRef("pk"), code=MeetingKind.THEME_DAY, period_start=month.start
    )
    rows = branches.annotate(
        meeting=Subquery(meetings.values("pk")[:1]),
        meeting_day=Subquery(meetings.values("day")[:1]),
        meeting_state=Subquery(meetings.values("state")[:1]),
        is_explained=Exists(explained),
    )
    fields = ("pk", "short_name", "meeting", "meeting_day", "meeting_state", "is_explained")
    return [
        ActivityRow(pk, name, meeting, day, state or "", explained)
        for pk, name, meeting, day, state, explained in rows.order_by("path").values_list(*fields)
    ]
