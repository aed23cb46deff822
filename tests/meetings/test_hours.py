"""学时: only what was held counts, at most four hours a half-day."""

from datetime import date, time

import pytest

from branches.models import Exemption
from meetings.hours import Learned, Session, learned
from meetings.models import Attendance, MakeUp, MeetingKind, MeetingState
from meetings.reports.hours import hours_by_branch, hours_of
from tests import factories

DAY, NEXT = date(2026, 3, 10), date(2026, 3, 11)


@pytest.mark.parametrize(
    ("sessions", "minutes", "estimated"),
    [
        ([], 0, 0),
        ([(DAY, time(9), time(10, 30))], 90, 0),
        ([(DAY, time(9), None)], 90, 1),
        ([(DAY, None, None)], 90, 1),
        # Half a day is four hours, a whole one eight.
        ([(DAY, time(7), time(12))], 240, 0),
        ([(DAY, time(8), time(18))], 480, 0),
        ([(DAY, time(11), time(13))], 120, 0),
        ([(DAY, time(14), time(17)), (DAY, time(17), time(19))], 240, 0),
        ([(DAY, time(9), time(12)), (DAY, time(14), time(17))], 360, 0),
        ([(DAY, time(14), time(17)), (NEXT, time(14), time(17))], 360, 0),
    ],
)
def test_sessions_add_up(sessions, minutes, estimated):
    found = learned(Session(*session) for session in sessions)
    assert found == Learned(minutes, len(sessions), estimated)


@pytest.mark.django_db
def test_hours_come_from_held_learning_alone_and_from_what_was_made_up():
    branch = factories.branch()
    member, absent, old = factories.members(branch, 3)
    new = factories.member(branch, joined_on=date(2026, 2, 1), full_on=None)
    Exemption.objects.create(member=old, kind="old_or_ill", from_on=factories.LONG_AGO)
    factories.post(member)

    def hold(*kinds, **fields):
        return factories.meeting(branch, kinds=kinds, present=(member,), **fields)

    theme = hold(MeetingKind.THEME_DAY, MeetingKind.LECTURE, day=DAY)
    hold(MeetingKind.COMMITTEE, day=DAY)
    hold(MeetingKind.LECTURE, day=date(2025, 12, 31))
    hold(MeetingKind.LECTURE, day=NEXT, state=MeetingState.DRAFT)
    Attendance.objects.create(
        meeting=theme,
        member=absent,
        state="leave",
        reason="duty",
        made_up_on=NEXT,
        made_up_how=MakeUp.SESSION,
    )
    found = {row.member_id: row for row in hours_of(branch, 2026, on=date(2026, 11, 24))}
    assert found[member.pk].learned == Learned(90, 1, 0)
    assert found[absent.pk].learned == Learned(90, 1, 0)
    assert found[old.pk].learned == Learned()
    assert {pk: row.needed for pk, row in found.items()} == {
        member.pk: 56,
        absent.pk: 32,
        old.pk: 0,
        new.pk: 0,
    }


@pytest.mark.django_db
def test_many_branches_cost_as_much_as_one(django_assert_num_queries):
    branches = [factories.branch() for _ in range(5)]
    for branch in branches:
        factories.meeting(
            branch, kinds=("theme_day",), day=DAY, present=tuple(factories.members(branch, 3))
        )
    wanted = type(branches[0]).objects.filter(pk__in=[branch.pk for branch in branches])
    with django_assert_num_queries(4):
        found = hours_by_branch(wanted, 2026, on=NEXT)
    assert {pk: len(rows) for pk, rows in found.items()} == {
        branch.pk: len(branch.members.all()) for branch in branches
    }
