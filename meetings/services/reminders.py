"""Reminders of the fixed day: three days before, that morning, two days after, then the list.

Each is a row in the outbox under a key that names month and step, so any number of ticks sends it
once. The steps are windows, not moments: a worker that was down sends what still makes sense.
"""

from collections import defaultdict
from datetime import date, datetime, time, timedelta

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from accounts.models import User
from branches.models import Duty, DutyKind
from meetings.models import Explanation, Meeting, MeetingKind, MeetingState, MeetingType
from meetings.rules import Span
from notifications.services import notify

BEFORE = timedelta(days=3)
AFTER = timedelta(days=2)
MORNING = time(8, 30)
# Nobody is reminded of a day that is longer past than this.
STALE = timedelta(days=7)


def send_activity_reminders(*, at: datetime) -> int:
    """Send what is due now about the planned days around today; return the number of notices."""
    today = timezone.localdate(at)
    now = timezone.localtime(at).time()
    meetings = list(
        Meeting.objects.filter(
            plan_key__startswith=f"{MeetingKind.THEME_DAY}:",
            day__gte=today - STALE,
            day__lte=today + BEFORE,
        )
        .select_related("branch")
        .order_by("day", "pk")
    )
    unsettled = _unsettled([m for m in meetings if m.day + AFTER <= today])
    sent = 0
    missing_by_township: dict[tuple[int, str], list[Meeting]] = defaultdict(list)
    people = _branch_people({meeting.branch_id for meeting in meetings}, today)
    for meeting in meetings:
        who = people.get(meeting.branch_id, [])
        if meeting.state == MeetingState.PLANNED and today < meeting.day:
            sent += _remind(meeting, who, "before", at=at)
        elif meeting.state == MeetingState.PLANNED and today == meeting.day and now >= MORNING:
            sent += _remind(meeting, who, "today", at=at)
        elif meeting.pk in unsettled:
            sent += _remind(meeting, who, "after", at=at)
            place = (meeting.township_id, meeting.plan_key)
            missing_by_township[place].append(meeting)  # type: ignore[index]  # planned: both set
    for (township_id, key), missing in missing_by_township.items():
        sent += _tell_staff(township_id, key, missing, at=at)
    return sent


def _unsettled(meetings: list[Meeting]) -> set[int]:
    """Which of these planned days were neither logged nor explained."""
    found: set[int] = set()
    by_month: dict[Span, list[int]] = defaultdict(list)
    for meeting in meetings:
        by_month[Span.containing(meeting.day, "month")].append(meeting.pk)
    for month, pks in by_month.items():
        held = MeetingType.objects.filter(
            branch=OuterRef("branch"),
            kind=MeetingKind.THEME_DAY,
            counted_on__gte=month.start,
            counted_on__lte=month.end,
        )
        explained = Explanation.objects.filter(
            branch=OuterRef("branch"), code=MeetingKind.THEME_DAY, period_start=month.start
        )
        found.update(
            Meeting.objects.filter(pk__in=pks, state__in=[MeetingState.PLANNED, MeetingState.DRAFT])
            .exclude(Exists(held))
            .exclude(Exists(explained))
            .values_list("pk", flat=True)
        )
    return found


def _branch_people(branch_ids: set[int], today: date) -> dict[int, list[User]]:
    people: dict[int, list[User]] = defaultdict(list)
    duties = Duty.objects.in_force(today).filter(
        organization__in=branch_ids, kind__in=[DutyKind.SECRETARY, DutyKind.COMMITTEE]
    )
    for duty in duties.select_related("user").order_by("pk"):
        people[duty.organization_id].append(duty.user)
    return people


def _remind(meeting: Meeting, people: list[User], step: str, *, at: datetime) -> int:
    day = date_format(meeting.day, "n月j日")
    title = {
        "before": _("%(day)s是主题党日，请提前安排"),
        "today": _("今天（%(day)s）是主题党日"),
        "after": _("%(day)s的主题党日尚未记录，也可说明未开展的原因"),
    }[step] % {"day": day}
    return notify(
        people,
        key=f"meetings.theme_day.{step}:{meeting.pk}",
        title=title,
        url=meeting.get_absolute_url(),
        at=at,
        urgent=step == "today",
    )


def _tell_staff(township_id: int, key: str, missing: list[Meeting], *, at: datetime) -> int:
    duties = Duty.objects.in_force(timezone.localdate(at)).filter(
        organization=township_id, kind=DutyKind.STAFF
    )
    names = "、".join(meeting.branch.short_name for meeting in missing)
    month = key.partition(":")[2]
    return notify(
        [duty.user for duty in duties.select_related("user").order_by("pk")],
        key=f"meetings.theme_day.missing:{township_id}:{month}",
        title=_("主题党日后两天，%(count)s个支部尚未记录或说明") % {"count": len(missing)},
        text=names,
        url=f"{reverse('meetings:activity_month')}?month={month}",
        at=at,
    )
