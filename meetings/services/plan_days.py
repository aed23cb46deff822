"""The planned 5+X days take their theme from the branch's approved plan."""

from collections.abc import Collection
from datetime import date, datetime

from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from config.language import in_source_script
from meetings.models import (
    ActivityPolicy,
    Meeting,
    MeetingKind,
    MeetingState,
    PlanState,
    YearPlanItem,
)
from meetings.rules import Span
from notifications.workdays import Workdays

BATCH_ROWS = 500


def generated_title(month: Span) -> str:
    """Name of a planned 5+X day that nobody named yet."""
    return _("%(month)s月主题党日") % {"month": month.start.month}


def started_from(item: YearPlanItem) -> Meeting | None:
    """Return the meeting that was planned from the line and not called off."""
    return Meeting.objects.filter(plan_item=item).exclude(state=MeetingState.CANCELLED).first()


def beginning(item: YearPlanItem, policy: ActivityPolicy, *, on: date) -> dict:
    """Return what a meeting started from the line begins with: its kind, group, theme and day.

    The day is the fixed day of its month while that lies ahead, else today in this month, else
    for the person to say.
    """
    month = Span(date(item.plan.year, item.month, 1), "month")
    day: date | None = None
    if month.end >= on:
        workdays = Workdays.between(month.start, month.end)
        day = max(policy.fixed_day(month, workdays).day, on)
    return {"kinds": [item.kind], "group": item.group, "title": item.theme, "day": day}


@in_source_script
def tie_theme_days(branch_ids: Collection[int] | None = None, *, at: datetime) -> int:
    """Give the generated days that lie ahead their line of the approved plan and its theme.

    Level-triggered: a day that somebody named, or that has its line already, is left alone.
    `branch_ids` narrows it to plans just approved. Returns the number of meetings tied.
    """
    today = timezone.localdate(at)
    lines = YearPlanItem.objects.filter(
        kind=MeetingKind.THEME_DAY, plan__state=PlanState.APPROVED, plan__year__gte=today.year
    )
    waiting = Meeting.objects.filter(
        plan_key__startswith=f"{MeetingKind.THEME_DAY}:",
        state=MeetingState.PLANNED,
        plan_item=None,
        day__gte=today,
        branch__in=lines.order_by().values("plan__branch"),
    )
    if branch_ids is not None:
        lines = lines.filter(plan__branch__in=branch_ids)
        waiting = waiting.filter(branch__in=branch_ids)
    meetings = list(waiting.only("pk", "branch_id", "day", "title", "plan_key", "version"))
    if not meetings:
        return 0
    lines = lines.filter(month__in={meeting.day.month for meeting in meetings})
    by_month: dict[tuple[int, int, int], YearPlanItem] = {}
    for line in lines.select_related("plan").order_by("-pk"):
        # The first of several in a month is the one on the fixed day.
        by_month[line.plan.branch_id, line.plan.year, line.month] = line
    tied = []
    for meeting in meetings:
        month = Span.containing(meeting.day, "month")
        found = by_month.get((meeting.branch_id, meeting.day.year, meeting.day.month))
        if found is None or meeting.title != generated_title(month):
            continue
        meeting.plan_item = found
        meeting.title = found.theme or meeting.title
        # As any writing: a form that was open before is told.
        meeting.version = F("version") + 1
        tied.append(meeting)
    Meeting.objects.bulk_update(tied, ("plan_item", "title", "version"), batch_size=BATCH_ROWS)
    return len(tied)
