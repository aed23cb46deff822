"""联合召开: entered once, recorded for each branch with its own attendance and its own votes."""

from datetime import UTC, date, datetime, time

import pytest
import time_machine
from django.test import Client

from branches.models import Exemption
from meetings import services
from meetings.models import (
    Attendance,
    Guest,
    JointMeeting,
    Meeting,
    MeetingState,
    MeetingType,
    Vote,
)
from meetings.record import Ballots, Entry, Record, Seat, Visitor
from meetings.services import joint
from notifications.models import Notice
from tests import factories

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 11, 2, 0, tzinfo=UTC)
DAY = date(2026, 11, 10)
AGENDA = (
    Entry(kind="first_topic", title="全会精神", minutes="逐段学习", resolution="办实事"),
    Entry(kind="decision", title="共建活动室", ballots=Ballots("ordinary", 3)),
)


@pytest.fixture(autouse=True)
def _today():
    with time_machine.travel("2026-11-11T10:00:00+08:00", tick=False):
        yield


@pytest.fixture
def branch():
    return factories.branch("上峰村党支部")


@pytest.fixture
def other(branch):
    it = factories.branch("五阳村党支部", parent=branch.parent)
    for name in ("赵一", "钱二", "孙三"):
        factories.member(it, name)
    return it


@pytest.fixture
def people(branch):
    return factories.members(branch, 3)


@pytest.fixture
def secretary(branch):
    return factories.person("secretary", branch)


@pytest.fixture
def neighbour(other):
    return factories.person("secretary", other, "五阳书记")


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user, backend="branches.backends.DutyBackend")
    return client


def record(people, **fields) -> Record:
    values = {
        "kinds": ("assembly", "theme_day"),
        "title": "联合主题党日",
        "day": DAY,
        "starts_at": time(19, 0),
        "ends_at": time(20, 30),
        "place": "上峰村党群服务中心",
        "chair_id": people[0].pk,
        "recorder_id": people[1].pk,
        "agenda": AGENDA,
        "seats": tuple(Seat(m.pk, name=m.name) for m in people),
        "guests": (Visitor("陈立新", "联系领导"),),
    }
    return Record(**(values | fields))


def draft(branch, people, secretary, **fields) -> Meeting:
    meeting = services.save_record(
        Meeting(branch=branch), record(people, **fields), by=secretary, at=NOW
    )
    meeting.held_as = ("assembly", "theme_day")
    return meeting


def held_with(meeting, *branches, by):
    return joint.hold_jointly(meeting, branches, by=by, at=NOW)


def test_each_branch_gets_what_all_share_and_its_own_roster(
    branch, people, secretary, other, neighbour
):
    away = factories.member(other, "老党员")
    Exemption.objects.create(member=away, kind="old_or_ill", from_on=factories.LONG_AGO)
    meeting = draft(branch, people, secretary)
    (copy,) = held_with(meeting, other, by=secretary)
    copy.refresh_from_db()
    assert (copy.title, copy.day, copy.place, copy.state) == (
        "联合主题党日",
        DAY,
        "上峰村党群服务中心",
        MeetingState.DRAFT,
    )
    assert copy.chair_id == people[0].pk
    assert copy.chair_note == "与上峰村党支部联合召开"
    assert copy.joint == Meeting.objects.get(pk=meeting.pk).joint
    assert {row.kind for row in copy.types.all()} == {"assembly", "theme_day"}
    assert [item.minutes for item in copy.agenda.all()] == ["逐段学习", ""]
    assert copy.guests.get().name == "陈立新"
    seats = dict(copy.attendance.values_list("member__name", "state"))
    assert seats == {"赵一": "present", "钱二": "present", "孙三": "present", "老党员": "leave"}


def test_votes_are_each_branchs_own(branch, people, secretary, other):
    meeting = draft(branch, people, secretary)
    (copy,) = held_with(meeting, other, by=secretary)
    assert copy.agenda.get(kind="decision").title == "共建活动室"
    assert Vote.objects.get().item.meeting == meeting


def test_the_other_secretary_is_told_once(branch, people, secretary, other, neighbour):
    meeting = draft(branch, people, secretary)
    (copy,) = held_with(meeting, other, by=secretary)
    assert held_with(meeting, other, by=secretary) == []
    notice = Notice.objects.get(recipient=neighbour)
    assert notice.url == copy.get_absolute_url()
    assert "上峰村党支部" in notice.text
    assert JointMeeting.objects.count() == 1


def test_a_planned_meeting_of_the_kind_becomes_the_draft(branch, people, secretary, other):
    planned = factories.meeting(
        other, kinds=("theme_day",), day=date(2026, 11, 12), state=MeetingState.PLANNED
    )
    (copy,) = held_with(draft(branch, people, secretary), other, by=secretary)
    assert copy.pk == planned.pk
    assert Meeting.objects.filter(branch=other).count() == 1
    assert Meeting.objects.get(pk=planned.pk).state == MeetingState.DRAFT


def test_before_its_day_it_is_planned_for_all(branch, people, secretary, other):
    meeting = draft(branch, people, secretary, day=date(2026, 12, 10))
    (copy,) = held_with(meeting, other, by=secretary)
    assert copy.state == MeetingState.PLANNED
    assert not Attendance.objects.exists()


def test_a_change_is_brought_over_and_keeps_who_was_away(branch, people, secretary, other):
    meeting = draft(branch, people, secretary)
    (copy,) = held_with(meeting, other, by=secretary)
    copy.attendance.filter(member__name="赵一").update(state="absent")
    changed = (Entry(kind="first_topic", title="全会精神", minutes="补充了讨论"), AGENDA[1])
    services.save_record(
        meeting,
        record(people, agenda=changed, place="大礼堂"),
        version=meeting.version,
        by=secretary,
        at=NOW,
    )
    copy = Meeting.objects.get(pk=copy.pk)
    assert copy.place == "大礼堂"
    assert copy.agenda.first().minutes == "补充了讨论"
    assert copy.attendance.get(member__name="赵一").state == "absent"
    assert copy.version == 2


def test_whoever_wrote_something_of_their_own_keeps_it(branch, people, secretary, other):
    meeting = draft(branch, people, secretary)
    (copy,) = held_with(meeting, other, by=secretary)
    copy.agenda.filter(kind="first_topic").update(minutes="本支部的讨论")
    services.save_record(
        meeting, record(people, place="大礼堂"), version=meeting.version, by=secretary, at=NOW
    )
    copy.refresh_from_db()
    assert copy.place == "上峰村党群服务中心"
    assert copy.agenda.first().minutes == "本支部的讨论"


def test_what_was_handed_in_is_left_alone(branch, people, secretary, other):
    meeting = draft(branch, people, secretary, agenda=AGENDA[:1])
    (copy,) = held_with(meeting, other, by=secretary)
    staff = signed_in(factories.person("staff", branch.township))
    staff.post(f"/meetings/{copy.pk}/joint/submit/")
    it = record(people, agenda=AGENDA[:1], place="大礼堂")
    services.save_record(meeting, it, version=meeting.version, by=secretary, at=NOW)
    copy.refresh_from_db()
    assert (copy.state, copy.place) == (MeetingState.RECORDED, "上峰村党群服务中心")


def test_a_copy_changed_by_its_own_secretary_changes_nobody_else(
    branch, people, secretary, other, neighbour
):
    meeting = draft(branch, people, secretary)
    (copy,) = held_with(meeting, other, by=secretary)
    mine = Meeting.objects.get(pk=copy.pk)
    it = record(people, place="五阳村", seats=())
    services.save_record(mine, it, version=mine.version, by=neighbour, at=NOW)
    meeting.refresh_from_db()
    assert meeting.place == "上峰村党群服务中心"


def test_a_branch_is_chosen_on_a_page_and_the_records_listed(
    branch, people, secretary, other, neighbour
):
    meeting = draft(branch, people, secretary)
    client = signed_in(secretary)
    page = client.get(f"/meetings/{meeting.pk}/joint/new/").content.decode()
    assert "五阳村党支部" in page
    assert f'value="{branch.pk}"' not in page
    assert client.post(f"/meetings/{meeting.pk}/joint/new/", {}).status_code == 200
    client.post(f"/meetings/{meeting.pk}/joint/new/", {"branches": [other.pk]})
    copy = Meeting.objects.get(branch=other)
    page = client.get(meeting.get_absolute_url()).content.decode()
    assert f'hx-get="/meetings/{meeting.pk}/joint/"' in page
    page = client.get(f"/meetings/{meeting.pk}/joint/").content.decode()
    assert "五阳村党支部" in page
    assert copy.get_absolute_url() not in page  # named, and no link to what one may not see
    page = signed_in(neighbour).get(f"/meetings/{copy.pk}/joint/").content.decode()
    assert copy.get_absolute_url() in page
    assert meeting.get_absolute_url() not in page


def test_staff_hand_all_in_from_one_page(branch, people, secretary, other):
    meeting = draft(branch, people, secretary, agenda=AGENDA[:1])
    (copy,) = held_with(meeting, other, by=secretary)
    staff = signed_in(factories.person("staff", branch.township))
    page = staff.get(f"/meetings/{meeting.pk}/joint/").content.decode()
    for one in (meeting, copy):
        url = f"/meetings/{one.pk}/joint/submit/"
        assert url in page
        staff.post(url)
    assert set(Meeting.objects.values_list("state", flat=True)) == {MeetingState.RECORDED}
    assert set(MeetingType.objects.values_list("counted_on", flat=True)) == {DAY}


def test_a_branch_that_has_not_voted_is_told_what_is_missing(branch, people, secretary, other):
    (copy,) = held_with(draft(branch, people, secretary), other, by=secretary)
    staff = signed_in(factories.person("staff", branch.township))
    page = staff.post(f"/meetings/{copy.pk}/joint/submit/", follow=True).content.decode()
    assert "表决事项请填写表决类型和票数" in page
    copy.refresh_from_db()
    assert copy.state == MeetingState.DRAFT


def test_one_branch_cannot_hand_in_for_another(branch, people, secretary, other):
    (copy,) = held_with(draft(branch, people, secretary), other, by=secretary)
    assert signed_in(secretary).post(f"/meetings/{copy.pk}/joint/submit/").status_code == 404


@pytest.mark.parametrize(
    ("kinds", "state"),
    [(("talk",), "draft"), (("group",), "draft"), (("theme_day",), "archived")],
)
def test_what_cannot_be_joint(branch, secretary, other, kinds, state):
    group = factories.group(branch) if kinds == ("group",) else None
    meeting = factories.meeting(
        branch,
        kinds=kinds,
        group=group,
        state=state,
        chair=factories.member(branch),
        recorder=factories.member(branch),
        starts_at=time(19),
        submitted_at=NOW,
        submit_by=DAY,
    )
    response = signed_in(secretary).post(
        f"/meetings/{meeting.pk}/joint/new/", {"branches": [other.pk]}
    )
    assert response.url == meeting.get_absolute_url()
    assert not JointMeeting.objects.exists()


def test_a_meeting_held_alone_asks_nothing_of_others(branch, people, secretary, other):
    meeting = draft(branch, people, secretary)
    Guest.objects.all().delete()
    assert joint.shared_with_others(meeting) is None
    assert joint.bring_over(meeting, None, by=secretary, at=NOW) == 0
