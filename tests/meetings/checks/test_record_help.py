"""The checks beside a record: while it is written, and on the page of what was handed in."""

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from branches.models import DutyKind, Exemption, PostRole
from meetings.checks.running import run_record_checks
from meetings.models import (
    AgendaItem,
    Appraisal,
    Attendance,
    CheckResult,
    CheckSetting,
    Comment,
    DatedDocument,
    Guest,
    JointMeeting,
    Meeting,
    MeetingState,
    Vote,
)
from meetings.reports.attendance import roster, rosters
from meetings.reports.check_facts import facts_of_each
from meetings.reports.check_settings import settings_for
from tests import factories

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 20, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
TODAY = NOW.date()


@pytest.fixture
def branch():
    return factories.branch("西河村第一党支部")


@pytest.fixture
def people(branch):
    names = ("王建国", "李明", "陈秀英", "赵强", "孙丽", "周军", "吴艳", "郑勇")
    found = [factories.member(branch, name) for name in names]
    for person, role in zip(found, (PostRole.SECRETARY, "deputy", "organization"), strict=False):
        factories.post(person, role)
    return found


def held(branch, people, kinds=("assembly",), day=date(2026, 11, 10), **fields):
    fields = {"chair": people[0], "recorder": people[-1], "signed_on": day} | fields
    fields.setdefault("submit_by", TODAY)
    meeting = factories.meeting(branch, kinds=kinds, day=day, present=tuple(people), **fields)
    AgendaItem.objects.create(
        meeting=meeting,
        position=1,
        kind="first_topic",
        title="学习党的二十届四中全会精神",
        source_on=date(2025, 10, 23),
        speaker="王建国",
    )
    return meeting


def add(meeting, title, **fields):
    position = meeting.agenda.count() + 1
    return AgendaItem.objects.create(
        meeting=meeting, position=position, **({"kind": "topic", "title": title} | fields)
    )


def codes(*meetings, on=TODAY) -> list[str]:
    found = facts_of_each(Meeting.objects.filter(pk__in=[m.pk for m in meetings]), on=on)
    settings = settings_for(meetings[0].township_id)
    return [
        f"{check.code} {hit.subject}"
        for meeting in meetings
        for check, hit in run_record_checks(found[meeting.pk], settings)
    ]


# --- What is read ---------------------------------------------------------------------------------


def test_a_sound_record_has_nothing_to_say(branch, people):
    assert codes(held(branch, people, title="支部党员大会")) == []


def test_rosters_of_many_days_are_the_roster_of_each(branch, people):
    other = factories.branch("东馆村党支部")
    moved = people[7].memberships.get()
    moved.to_on = date(2026, 6, 1)
    moved.save()
    moved.pk, moved.branch, moved.from_on, moved.to_on = None, other, date(2026, 6, 1), None
    moved.save()
    Exemption.objects.create(
        member=people[3], kind="bedridden", from_on=date(2026, 3, 1), to_on=date(2026, 9, 1)
    )
    factories.member(branch, "新党员", from_on=date(2026, 8, 1), full_on=None)
    asked = [(one, date(2026, month, 1)) for one in (branch, other) for month in range(1, 13)]
    found = rosters((one.pk, day) for one, day in asked)
    for one, day in asked:
        assert found[one.pk, day] == roster(one, day)


def test_who_is_missing_from_the_list_or_does_not_belong(branch, people):
    stranger = factories.member(factories.branch("东馆村党支部"), "钱涛")
    late = factories.member(branch, "何平", from_on=date(2026, 11, 20))
    meeting = held(branch, [*people[:7], stranger, late])
    assert codes(meeting) == ["B04 missing", "B06 outsiders", f"C07 away:{late.pk}"]


def test_a_member_away_by_registration_is_not_there_in_person(branch, people):
    Exemption.objects.create(member=people[4], kind="away", from_on=date(2026, 1, 1))
    meeting = held(branch, people)
    assert codes(meeting) == [f"C07 away:{people[4].pk}"]
    Attendance.objects.filter(member=people[4]).update(state="remote")
    assert codes(meeting) == []


def test_two_meetings_at_once_and_a_joint_one(branch, people):
    """Two rooms at one time speak of each other; a joint meeting is one."""
    other = factories.branch("东馆村党支部")
    meeting = held(branch, people)
    guest = held(other, [factories.member(other, "钱涛")])
    Attendance.objects.create(meeting=guest, member=people[3])
    found = codes(meeting)
    assert found == [f"C06 elsewhere:{people[3].pk}:0:{guest.title}"]
    joint = JointMeeting.objects.create(
        created_by=factories.person(DutyKind.SECRETARY, branch), created_at=factories.NOON
    )
    Meeting.objects.update(joint=joint)
    assert codes(meeting) == []


def test_the_name_of_another_village_but_not_of_a_partner(branch, people):
    other = factories.branch("东馆村党支部")
    meeting = held(branch, people)
    add(meeting, "研究冬修水利", minutes="李明说东馆村全体党员要带头清淤。")
    assert codes(meeting) == ["C10 name:东馆村"]
    joint = JointMeeting.objects.create(
        created_by=factories.person(DutyKind.SECRETARY, branch), created_at=factories.NOON
    )
    Meeting.objects.update(joint=joint)
    held(other, factories.members(other, 2), joint=joint)
    assert codes(meeting) == []


def test_the_townships_own_name_is_no_other_village():
    """杜村村 is a village of 杜村乡."""
    branch = factories.branch("西河村第一党支部")
    factories.branch("杜村村第一党支部")
    people = factories.members(branch, 3)
    meeting = held(branch, people)
    add(meeting, "研究冬修水利", minutes=f"{people[0].name}传达杜村乡党委通知。")
    assert not [code for code in codes(meeting) if code.startswith("C10")]


def test_a_vote_goes_through_the_committee_first(branch, people):
    meeting = held(branch, people)
    item = add(
        meeting, "茶园灌溉渠清淤方案", kind="decision", resolution="通过，由李明负责，月底前完成。"
    )
    Vote.objects.create(item=item, rule="ordinary", in_favour=8)
    assert codes(meeting) == [f"B21 item:{item.pk}"]
    earlier = held(branch, people[:3], kinds=("committee",), day=date(2026, 11, 2))
    add(earlier, "研究茶园灌溉渠清淤", minutes="陈秀英说先勘察。")
    assert codes(meeting) == []


def test_a_matter_of_the_village_may_come_to_the_assembly_afterwards(branch, people):
    meeting = held(branch, people[:3], kinds=("committee",), day=date(2026, 10, 20))
    item = add(
        meeting,
        "集体资产承包方案",
        minutes="陈秀英说先公示。",
        resolution="同意，由李明负责，月底前办。",
    )
    assert codes(meeting) == [f"B22 item:{item.pk}"]
    later = held(branch, people, day=date(2026, 11, 10))
    add(later, "审议集体资产承包方案", minutes="赵强说期限要写明。")
    assert codes(meeting) == []


def test_what_the_last_meeting_left_is_taken_up_or_asked_for(branch, people):
    before = held(branch, people, day=date(2026, 9, 10))
    decided = add(
        before,
        "茶园灌溉渠清淤",
        minutes="李明说先勘察。",
        resolution="由赵强负责。",
        responsible="赵强",
        due_on=date(2026, 10, 31),
    )
    remark = Comment.objects.create(
        meeting=before,
        text="请假人员没有写类别",
        by=factories.person(DutyKind.LEADER, branch.township),
        at=factories.NOON,
    )
    meeting = held(branch, people)
    assert codes(meeting) == [f"C20 comment:{remark.pk}", f"C21 decided:{decided.pk}"]
    add(meeting, "上次决议落实情况", follows=decided)
    add(meeting, "请假人员类别已补齐")
    assert codes(meeting) == []


def test_a_leader_who_came_is_owed_no_silence(branch, people):
    leader = factories.person(DutyKind.LEADER, branch.township, "方志远")
    meeting = held(branch, people)
    Guest.objects.create(meeting=meeting, name="方志远", leader=leader)
    assert codes(meeting) == ["C19 comment"]
    assert codes(meeting, on=meeting.day + timedelta(days=7)) == []


def test_documents_are_the_townships_and_the_national_ones(branch, people):
    meeting = held(branch, people, title="学习冬修水利实施方案")
    day = date(2026, 11, 20)
    township = factories.township("庙前镇党委")
    DatedDocument.objects.create(township=township, title="冬修水利实施方案", issued_on=day)
    assert codes(meeting) == []
    DatedDocument.objects.create(
        township=branch.township, title="《冬修水利实施方案》", issued_on=day
    )
    assert codes(meeting) == ["C05 document:《冬修水利实施方案》"]


def test_national_documents_come_with_the_system(branch, people):
    """发展党员工作细则 was revised on 18 May 2026: studied in April it was not."""
    title = "学习《中国共产党发展党员工作细则》（2026年修订）"
    early = held(branch, people, title=title, day=date(2026, 5, 17))
    late = held(branch, people, title=title, day=date(2026, 5, 18))
    assert [c for c in codes(early, late) if c.startswith("C05")] == [
        "C05 document:《中国共产党发展党员工作细则》（2026年修订）"
    ]


def test_who_was_probationary_that_day_is_read_from_the_roster(branch, people):
    young = factories.member(branch, "沈涛", joined_on=date(2026, 3, 1), full_on=None)
    meeting = held(branch, [*people, young], kinds=("evaluation",))
    for person in (*people, young):
        Appraisal.objects.create(meeting=meeting, member=person, grade="qualified")
    assert codes(meeting) == ["A10 probationary"]
    Appraisal.objects.filter(member=young).update(grade="")
    assert codes(meeting) == []


def test_many_records_cost_as_many_statements_as_few(branch, people):
    def cost(n: int) -> int:
        meetings = Meeting.objects.filter(pk__in=[m.pk for m in rows[:n]]).select_related("branch")
        with CaptureQueriesContext(connection) as statements:
            facts_of_each(list(meetings), on=TODAY)
        # One walk down the index of bands for each record with a text worth comparing.
        return sum("meetings_textband" not in row["sql"] for row in statements)

    rows = []
    for n in range(12):
        other = factories.branch(f"第{n}村党支部")
        rows.append(held(other, factories.members(other, 4), day=date(2026, 11, 1 + n)))
    assert cost(2) == cost(12)


# --- While it is written --------------------------------------------------------------------------


@pytest.fixture
def secretary(client, branch):
    who = factories.person(DutyKind.SECRETARY, branch)
    client.force_login(who, backend="branches.backends.DutyBackend")
    return who


def page(people, **said):
    return {
        "kinds": ["assembly"],
        "day": "2026-11-10",
        "title": "支部党员大会",
        "starts_at": "19:00",
        "ends_at": "20:30",
        "place": "党群服务中心",
        "chair": people[0].pk,
        "recorder": people[1].pk,
        "seat": [p.pk for p in people],
        "first_title": "学习党的二十届四中全会精神",
        "first_source_on": "2025-10-23",
        "first_speaker": "王建国",
        "item-TOTAL_FORMS": "0",
        "item-INITIAL_FORMS": "0",
    } | said


@time_machine.travel(NOW, tick=False)
def test_the_form_is_looked_at_as_it_stands_and_nothing_is_saved(client, secretary, branch, people):
    url = f"{reverse('meetings:record_checks')}?branch={branch.pk}"
    said = client.post(url, page(people, recorder=people[0].pk, first_speaker=""))
    told = said.content.decode()
    assert "王建国既主持又记录。" in told
    assert "“第一议题”没有写领学人。" in told
    assert 'href="#id_recorder"' in told
    assert 'href="#id_first_speaker"' in told
    assert Meeting.objects.count() == 0
    assert "没有发现需要核对的地方" in client.post(url, page(people)).content.decode()


@time_machine.travel(NOW, tick=False)
def test_an_item_leads_to_its_own_field(client, secretary, branch, people):
    row = {
        "item-TOTAL_FORMS": "1",
        "item-0-kind": "topic",
        "item-0-title": "研究冬修水利",
        "item-0-minutes": "大家一致同意。",
        "item-0-ORDER": "1",
    }
    url = f"{reverse('meetings:record_checks')}?branch={branch.pk}"
    told = client.post(url, page(people, **row)).content.decode()
    assert "“研究冬修水利”只写了一致同意" in told
    assert 'href="#id_item-0-minutes"' in told


@time_machine.travel(NOW, tick=False)
def test_a_form_that_cannot_be_read_yet_is_told_so(client, secretary, branch, people):
    url = f"{reverse('meetings:record_checks')}?branch={branch.pk}"
    said = client.post(url, page(people, kinds=[]), headers={"HX-Request": "true"})
    assert "先选好会议类型和日期" in said.content.decode()
    assert b"<html" not in said.content


def test_nobody_looks_at_another_branchs_form(client, secretary, people):
    other = factories.branch("东馆村党支部")
    meeting = factories.meeting(other, state=MeetingState.DRAFT)
    url = reverse("meetings:record_checks")
    assert client.post(f"{url}?branch={other.pk}", page(people)).status_code == 404
    assert client.post(f"{url}?meeting={meeting.pk}", page(people)).status_code == 404


def test_who_only_reads_is_refused(client, branch, people):
    leader = factories.person(DutyKind.LEADER, branch.township)
    client.force_login(leader, backend="branches.backends.DutyBackend")
    meeting = factories.meeting(branch, state=MeetingState.DRAFT)
    for asked in (f"meeting={meeting.pk}", f"branch={branch.pk}"):
        said = client.post(f"{reverse('meetings:record_checks')}?{asked}", page(people))
        assert said.status_code == 403


@time_machine.travel(NOW, tick=False)
def test_what_a_township_switched_off_is_not_said(client, secretary, branch, people):
    CheckSetting.objects.create(township=branch.township, code="B08", is_on=False)
    url = f"{reverse('meetings:record_checks')}?branch={branch.pk}"
    told = client.post(url, page(people, recorder=people[0].pk)).content.decode()
    assert "既主持又记录" not in told


# --- Beside a record ------------------------------------------------------------------------------


@time_machine.travel(NOW, tick=False)
def test_a_draft_is_looked_at_on_demand_and_what_was_kept_is_shown(
    client, secretary, branch, people
):
    meeting = held(branch, people, state=MeetingState.DRAFT, recorder=people[0])
    Meeting.objects.update(written_at=factories.NOON)
    url = reverse("meetings:meeting_checks", args=[meeting.pk])
    assert "自查一遍" in client.get(url).content.decode()
    assert "没有写开始时间。" in client.post(url).content.decode()
    Meeting.objects.update(state=MeetingState.RECORDED, checked_version=1, submit_by=TODAY,
        starts_at="19:00", submitted_at=factories.NOON)  # fmt: skip
    CheckResult.objects.create(
        branch=branch,
        meeting=meeting,
        code="B08",
        subject=f"meeting:{meeting.pk}:recorder",
        text="王建国既主持又记录。",
        day=meeting.day,
        found_at=factories.NOON,
        reason="人少",
        explained_by=secretary,
        explained_at=factories.NOON,
    )
    told = client.get(url).content.decode()
    assert "王建国既主持又记录。" in told
    assert "人少" in told
    assert "自查一遍" not in told
    # What was explained is not said again.
    assert "既主持又记录" not in client.post(url).content.decode()


def test_who_only_reads_the_record_looks_at_no_draft(client, branch, people):
    leader = factories.person(DutyKind.LEADER, branch.township)
    client.force_login(leader, backend="branches.backends.DutyBackend")
    meeting = held(branch, people, state=MeetingState.DRAFT)
    url = reverse("meetings:meeting_checks", args=[meeting.pk])
    assert "自查一遍" not in client.get(url).content.decode()
    assert client.post(url).status_code == 403
