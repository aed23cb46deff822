"""签到表: blank for the wall before, filled from the record after."""

from datetime import date

import pytest
import time_machine
from django.test import Client

from branches.models import Exemption
from meetings.models import Attendance, Guest, MeetingState
from meetings.reports.sign_in import sign_in_sheet_of
from tests import factories

pytestmark = pytest.mark.django_db
DAY = date(2026, 12, 10)


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel("2026-11-24T10:00:00+08:00", tick=False):
        yield


@pytest.fixture
def branch():
    return factories.branch()


@pytest.fixture
def secretary(branch):
    client = Client()
    client.force_login(
        factories.person("secretary", branch), backend="branches.backends.DutyBackend"
    )
    return client


def planned(branch, kinds=("theme_day",), **fields):
    meeting = factories.meeting(branch, kinds=kinds, day=DAY, state=MeetingState.PLANNED, **fields)
    meeting.held_as = kinds
    return meeting


def names(sheet) -> list[str]:
    columns = zip(*sheet.lines, strict=True)
    return [row.name for column in columns for row in column if row]


def test_the_roster_of_that_day_is_listed_with_room_to_sign(branch, secretary):
    factories.member(branch, "王芳")
    factories.member(branch, "后来的", from_on=date(2026, 12, 11))
    meeting = planned(branch, place="党群服务中心")
    page = secretary.get(f"/meetings/{meeting.pk}/sign-in/").content.decode()
    assert "王芳" in page
    assert "签名" in page
    assert "党群服务中心" in page
    assert "后来的" not in page


@pytest.mark.parametrize(
    ("members", "columns", "lines"),
    [(1, 1, 1), (20, 1, 20), (21, 2, 11), (60, 3, 20), (61, 3, 21)],
)
def test_sixty_names_stand_in_three_columns(branch, members, columns, lines):
    factories.members(branch, members)
    sheet = sign_in_sheet_of(planned(branch))
    assert (sheet.columns, len(sheet.lines)) == (columns, lines)
    assert len(names(sheet)) == members
    numbers = [row.number for column in zip(*sheet.lines, strict=True) for row in column if row]
    assert numbers == list(range(1, members + 1))


def test_whom_nothing_obliges_stands_apart_and_guests_have_lines(branch):
    old = factories.member(branch, "老党员")
    Exemption.objects.create(member=old, kind="old_or_ill", from_on=factories.LONG_AGO)
    factories.member(branch, "王芳")
    sheet = sign_in_sheet_of(planned(branch))
    assert names(sheet) == ["王芳"]
    assert [row.name for line in sheet.excused for row in line] == ["老党员"]
    assert sheet.guests == [None] * 3


def test_a_committee_signs_for_itself(branch):
    factories.post(factories.member(branch, "书记员"))
    factories.member(branch, "普通党员")
    assert names(sign_in_sheet_of(planned(branch, ("committee",)))) == ["书记员"]


def test_afterwards_it_says_who_came_and_not_why_others_did_not(branch, secretary):
    meeting = factories.meeting(branch, kinds=("theme_day",), day=date(2026, 11, 10))
    for name, fields in (
        ("王芳", {"state": "present"}),
        ("张伟", {"state": "late"}),
        ("李强", {"state": "leave", "reason": "sick"}),
        ("老党员", {"state": "leave", "reason": "old_or_ill", "excuse": "old_or_ill"}),
    ):
        Attendance.objects.create(meeting=meeting, member=factories.member(branch, name), **fields)
    Guest.objects.create(meeting=meeting, name="陈立新", position="组织委员")
    meeting.held_as = ("theme_day",)
    sheet = sign_in_sheet_of(meeting)
    told = {row.name: row.told for line in (*sheet.lines, *sheet.excused) for row in line}
    # Whom nothing obliges to come was not on leave.
    assert told == {"王芳": "到会", "张伟": "迟到", "李强": "请假", "老党员": "—"}
    page = secretary.get(f"/meetings/{meeting.pk}/sign-in/").content.decode()
    for word in ("到会", "迟到", "请假", "陈立新", "应到 3 人，实到 2 人"):
        assert word in page
    assert "病假" not in page
    assert "年老体弱" not in page


def test_leaders_do_not_get_the_roster(branch):
    meeting = planned(branch)
    client = Client()
    leader = factories.person("leader", branch.township)
    client.force_login(leader, backend="branches.backends.DutyBackend")
    assert client.get(f"/meetings/{meeting.pk}/sign-in/").status_code == 403
