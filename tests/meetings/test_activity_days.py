"""The 10th: planned ahead once for every branch, reminded of three times, never scolded."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from branches.models import DutyKind
from curriculum.models import ChecklistItem
from curriculum.services import ensure_checklists
from curriculum.weekly import Week
from meetings import services
from meetings.models import ActivityPolicy, Meeting, MeetingKind, MeetingState
from meetings.rules import Span
from notifications.models import CalendarDay, Notice
from tests import factories

pytestmark = pytest.mark.django_db


def shanghai(year, month, day, hour=9, minute=0):
    return datetime(year, month, day, hour, minute, tzinfo=UTC) - timedelta(hours=8)


NOV_2 = shanghai(2026, 11, 2)


def theme_days(branch):
    return list(
        Meeting.objects.filter(branch=branch, types__kind=MeetingKind.THEME_DAY)
        .order_by("day")
        .values_list("day", flat=True)
    )


def test_every_branch_gets_this_months_and_next_months_day_once():
    branch = factories.branch()
    assert services.ensure_activity_days(at=NOV_2) == 2
    assert services.ensure_activity_days(at=NOV_2) == 0
    assert theme_days(branch) == [date(2026, 11, 10), date(2026, 12, 10)]


def test_a_day_that_is_past_is_not_planned_any_more():
    branch = factories.branch()
    services.ensure_activity_days(at=shanghai(2026, 11, 20))
    assert theme_days(branch) == [date(2026, 12, 10)]


def test_a_branch_that_planned_its_own_day_is_left_alone():
    branch = factories.branch()
    factories.meeting(
        branch, kinds=(MeetingKind.THEME_DAY,), day=date(2026, 11, 12), state=MeetingState.PLANNED
    )
    services.ensure_activity_days(at=NOV_2)
    assert theme_days(branch) == [date(2026, 11, 12), date(2026, 12, 10)]


def test_the_townships_own_day_and_rule_are_kept():
    branch = factories.branch()
    ActivityPolicy.objects.create(
        township=branch.township, day=8, roll="next_working", starts_at=time(15)
    )
    services.ensure_activity_days(at=NOV_2)
    first = Meeting.objects.get(branch=branch, day=date(2026, 11, 9))
    assert first.starts_at == time(15)


def test_a_public_holiday_moves_the_day():
    branch = factories.branch()
    CalendarDay.objects.update_or_create(
        day=date(2026, 11, 10), defaults={"is_working": False, "name": "放假"}
    )
    services.ensure_activity_days(at=NOV_2)
    assert theme_days(branch)[0] == date(2026, 11, 11)


def test_planning_costs_the_same_for_one_branch_and_twenty():
    township = factories.township()
    factories.branch(parent=township)
    with CaptureQueriesContext(connection) as few:
        services.ensure_activity_days(at=NOV_2)
    for _ in range(20):
        factories.branch(parent=township)
    with CaptureQueriesContext(connection) as many:
        services.ensure_activity_days(at=NOV_2)
    assert len(many) <= len(few)


def reminded(user):
    return list(Notice.objects.filter(recipient=user).order_by("pk").values_list("key", flat=True))


@pytest.fixture
def tenth():
    branch = factories.branch()
    secretary = factories.person(DutyKind.SECRETARY, branch)
    staff = factories.person(DutyKind.STAFF, branch.township)
    services.ensure_activity_days(at=NOV_2)
    return Meeting.objects.get(branch=branch, day=date(2026, 11, 10)), secretary, staff


def test_the_secretary_is_reminded_before_that_morning_and_after(tenth):
    meeting, secretary, staff = tenth
    for moment in (
        shanghai(2026, 11, 6),
        shanghai(2026, 11, 7),
        shanghai(2026, 11, 9),
        shanghai(2026, 11, 10, 8, 29),
        shanghai(2026, 11, 10, 8, 30),
        shanghai(2026, 11, 10, 20),
        shanghai(2026, 11, 11),
        shanghai(2026, 11, 12),
        shanghai(2026, 11, 13),
    ):
        services.send_activity_reminders(at=moment)
    assert reminded(secretary) == [
        f"meetings.theme_day.before:{meeting.pk}",
        f"meetings.theme_day.today:{meeting.pk}",
        f"meetings.theme_day.after:{meeting.pk}",
    ]
    assert reminded(staff) == [f"meetings.theme_day.missing:{meeting.township_id}:2026-11"]
    assert meeting.branch.short_name in Notice.objects.get(recipient=staff).text


def test_who_has_logged_it_hears_nothing_more(tenth):
    meeting, secretary, staff = tenth
    factories.meeting(meeting.branch, kinds=(MeetingKind.THEME_DAY,), day=date(2026, 11, 10))
    services.send_activity_reminders(at=shanghai(2026, 11, 12))
    assert reminded(secretary) == reminded(staff) == []


def test_who_has_explained_it_hears_nothing_more(tenth):
    meeting, secretary, staff = tenth
    services.explain_gap(
        meeting.branch,
        code="theme_day",
        span=Span.parse("2026-11"),
        kind="not_held",
        reason="防汛",
        by=secretary,
        at=shanghai(2026, 11, 11),
    )
    services.send_activity_reminders(at=shanghai(2026, 11, 12))
    assert reminded(secretary) == reminded(staff) == []


def test_the_week_asks_for_it_when_it_holds_the_day(tenth):
    meeting, _secretary, _staff = tenth
    asked = ChecklistItem.objects.filter(
        checklist__branch=meeting.branch, key="meetings.owed:theme_day:2026-11"
    )
    ensure_checklists(Week(date(2026, 11, 2)), at=NOV_2)
    assert not asked.exists()
    ensure_checklists(Week(date(2026, 11, 9)), at=NOV_2)
    assert asked.get().due_on == date(2026, 11, 10)


def test_a_week_that_runs_into_a_month_asks_for_the_day_it_holds():
    branch = factories.branch()
    ActivityPolicy.objects.create(township=branch.township, day=3)
    services.ensure_activity_days(at=shanghai(2026, 11, 25))
    ensure_checklists(Week(date(2026, 11, 30)), at=shanghai(2026, 11, 30))
    asked = ChecklistItem.objects.get(key="meetings.owed:theme_day:2026-12")
    assert (asked.kind, asked.due_on) == ("required", date(2026, 12, 3))
