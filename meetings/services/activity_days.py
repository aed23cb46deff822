"""The 10th of every month (5+X): planned ahead for every branch, by the township's own rule."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _lazy

from branches.models import Organization
from meetings.models import (
    ActivityPolicy,
    FixedAction,
    Meeting,
    MeetingKind,
    MeetingState,
    MeetingType,
)
from meetings.rules import FixedDay, Span
from notifications.workdays import Workdays

from .plan_days import generated_title, tie_theme_days

BATCH_ROWS = 2000

# The usual five (domain: no national text defines them), until a township writes its own.
DEFAULT_ACTIONS = (
    _lazy("集中学习"),
    _lazy("诵读党章、重温入党誓词"),
    _lazy("交纳党费"),
    _lazy("党务公开、民主议事"),
    _lazy("志愿服务"),
)
# Back to the day of the regulation itself, so that records of earlier years find them too.
DEFAULTS_FROM = date(2018, 10, 28)


def plan_key(month: Span) -> str:
    return f"{MeetingKind.THEME_DAY}:{month}"


def fixed_days(policy: ActivityPolicy, year: Span) -> list[FixedDay]:
    """The days of all months of a year, to see ahead what holidays do to them."""
    workdays = Workdays.between(year.start, year.end)
    return [policy.fixed_day(month, workdays) for month in year.parts("month")]


def ensure_activity_days(*, at: datetime) -> int:
    """Plan this month's day (while it lies ahead) and next month's for every branch.

    Level-triggered: a branch that already planned, held or explained its 主题党日 is left alone.
    Where the year's plan names a theme, the day takes it.
    Returns the number of meetings planned.
    """
    _ensure_fixed_actions()
    today = timezone.localdate(at)
    month = Span.containing(today, "month")
    planned = sum(_plan_month(span, at=at) for span in (month, month.next))
    tie_theme_days(at=at)
    return planned


def _ensure_fixed_actions() -> None:
    """Give a township that has no fixed actions yet the usual five (to be replaced by its own)."""
    bare = Organization.objects.townships().filter(fixed_actions=None).values_list("pk", flat=True)
    FixedAction.objects.bulk_create(
        FixedAction(township_id=pk, name=str(name), position=position, valid_from=DEFAULTS_FROM)
        for pk in bare
        for position, name in enumerate(DEFAULT_ACTIONS, start=1)
    )


@transaction.atomic
def _plan_month(month: Span, *, at: datetime) -> int:
    workdays = Workdays.between(month.start, month.end)
    policies = {policy.township_id: policy for policy in ActivityPolicy.objects.all()}
    default = ActivityPolicy()
    days = {
        township_id: policies.get(township_id, default).fixed_day(month, workdays).day
        for township_id in Organization.objects.townships().values_list("pk", flat=True)
    }
    today = timezone.localdate(at)
    planned = 0
    for batch in _batches(_unplanned_branches(month)):
        meetings = [
            Meeting(
                branch_id=branch_id,
                township_id=township_id,
                title=generated_title(month),
                day=days[township_id],
                starts_at=policies.get(township_id, default).starts_at,
                plan_key=plan_key(month),
            )
            for branch_id, township_id in batch
            if township_id in days and days[township_id] >= today
        ]
        Meeting.objects.bulk_create(meetings, ignore_conflicts=True)
        planned += _add_types(month, [meeting.branch_id for meeting in meetings])
    return planned


def _add_types(month: Span, branch_ids: list[int]) -> int:
    """Give each planned meeting its kind; rows that lost a race belong to the winner already."""
    rows = (
        Meeting.objects.filter(branch__in=branch_ids, plan_key=plan_key(month))
        .exclude(types__kind=MeetingKind.THEME_DAY)
        .values_list("pk", "branch")
    )
    types = [
        MeetingType(meeting_id=pk, branch_id=branch_id, kind=MeetingKind.THEME_DAY)
        for pk, branch_id in rows
    ]
    MeetingType.objects.bulk_create(types, ignore_conflicts=True)
    return len(types)


def _unplanned_branches(month: Span) -> list[tuple[int, int]]:
    theme_day = MeetingType.objects.filter(
        branch=OuterRef("pk"),
        kind=MeetingKind.THEME_DAY,
        meeting__day__gte=month.start,
        meeting__day__lte=month.end,
    ).exclude(meeting__state=MeetingState.CANCELLED)
    planned = Meeting.objects.filter(branch=OuterRef("pk"), plan_key=plan_key(month))
    return list(
        Organization.objects.branches()  # type: ignore[arg-type]  # each has a township
        .existing(month.start)
        .filter(~Q(Exists(theme_day)), ~Q(Exists(planned)))
        .values_list("pk", "township")
    )


def _batches(rows: list) -> Iterable[list]:
    return (rows[i : i + BATCH_ROWS] for i in range(0, len(rows), BATCH_ROWS))
