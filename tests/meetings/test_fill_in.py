"""The fill-in sheet: the upper platform's fields in its order, each to be copied."""

import re
from datetime import date, time

import pytest
from django.test import Client

from meetings.models import AgendaItem, Attendance, FillInField, Guest, MeetingState, Vote
from meetings.reports.fill_in import DEFAULT_CODES, LABELS, VALUES, fields_of, numeral
from meetings.texts import notice_text, summary_text
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def branch():
    return factories.branch("上峰村党支部")


def signed_in(kind, organization) -> Client:
    client = Client()
    client.force_login(
        factories.person(kind, organization), backend="branches.backends.DutyBackend"
    )
    return client


@pytest.fixture
def meeting(branch):
    people = [factories.member(branch, name) for name in ("王芳", "张伟", "李强")]
    it = factories.meeting(
        branch,
        kinds=("assembly",),
        day=date(2026, 11, 10),
        title="十一月党员大会",
        starts_at=time(19, 30),
        ends_at=time(21, 0),
        chair=people[0],
        recorder=people[1],
        summary="抓好落实",
        present=tuple(people[:2]),
    )
    Attendance.objects.create(meeting=it, member=people[2], state="leave", reason="sick")
    AgendaItem.objects.create(
        meeting=it,
        position=1,
        kind="first_topic",
        title="全会公报",
        source_on=date(2026, 10, 23),
        speaker="王芳",
        minutes="逐段学习",
        resolution="办三件实事",
    )
    item = AgendaItem.objects.create(
        meeting=it, position=2, kind="decision", title="活动经费", resolution="同意"
    )
    Vote.objects.create(item=item, rule="ordinary", in_favour=2)
    Guest.objects.create(meeting=it, name="陈立新", position="组织委员")
    return it


def sheet(client, meeting) -> list[tuple[str, str]]:
    """What each field shows, in the order of the page."""
    page = client.get(f"/meetings/{meeting.pk}/fill-in/").content.decode()
    found = re.findall(
        r'id="field-(\w+)"(?: value="([^"]*)"| rows="\d+") readonly>(?:([^<]*)</textarea>)?', page
    )
    return [(code, value or text) for code, value, text in found]


def test_the_ten_fields_stand_in_the_platforms_order_with_their_values(branch, meeting):
    client = signed_in("secretary", branch)
    found = dict(sheet(client, meeting))
    assert tuple(found) == DEFAULT_CODES
    assert [str(LABELS[code]) for code in DEFAULT_CODES] == [
        "主题", "党组织", "类型", "主持人", "记录人", "开始时间", "结束时间", "地点", "参会人员", "正文",
    ]  # fmt: skip
    assert found["title"] == "十一月党员大会"
    assert found["organization"] == "中共上峰村党支部"
    assert found["kinds"] == "支部党员大会"
    assert (found["starts"], found["ends"]) == ("2026-11-10 19:30", "2026-11-10 21:00")
    assert found["present_names"] == "王芳、张伟"
    body = found["body"].split("\n")
    assert body[0] == "一、第一议题：全会公报（2026年10月23日）（领学人：王芳）"
    assert body[1:4] == ["逐段学习", "贯彻措施：办三件实事", "二、活动经费"]
    assert "赞成 2 票，反对 0 票，弃权 0 票" in found["body"]
    assert body[-1] == "主持人总结：抓好落实"


def test_every_field_has_its_own_button_that_goes_on_to_the_next(branch, meeting):
    page = signed_in("secretary", branch).get(f"/meetings/{meeting.pk}/fill-in/").content.decode()
    buttons = re.findall(r'data-copy="field-(\w+)" data-copy-next', page)
    assert tuple(buttons) == DEFAULT_CODES
    assert 'data-copy="everything"' in page


def test_nothing_on_the_sheet_says_why_somebody_was_away(branch, meeting):
    client = signed_in("staff", branch.township)
    for position, code in enumerate(LABELS, start=1):
        FillInField.objects.create(
            township=branch.township, code=code, label=str(LABELS[code]), position=position
        )
    found = dict(sheet(client, meeting))
    assert set(found) == set(LABELS) == set(VALUES)
    assert found["away_names"] == "李强（请假）"
    assert (found["expected"], found["present"], found["away_count"]) == ("3", "2", "1")
    assert "病" not in str(found)
    assert found["guests"] == "陈立新（组织委员）"


def rows(*fields) -> dict:
    data = {"field-TOTAL_FORMS": len(fields), "field-INITIAL_FORMS": 0}
    for n, (code, label) in enumerate(fields):
        data |= {f"field-{n}-code": code, f"field-{n}-label": label, f"field-{n}-ORDER": n + 1}
    return data


def test_staff_order_and_name_the_fields_for_their_township(branch, meeting):
    staff = signed_in("staff", branch.township)
    sent = rows(("day", "活动日期"), ("title", ""), ("body", "活动内容"))
    assert staff.post("/meetings/fill-in/fields/", sent).status_code == 302
    assert fields_of(branch.township) == [
        ("day", "活动日期"),
        ("title", "主题"),
        ("body", "活动内容"),
    ]
    page = signed_in("secretary", branch).get(f"/meetings/{meeting.pk}/fill-in/").content.decode()
    assert page.index("活动日期") < page.index("活动内容")
    assert "记录人" not in page[page.index('class="fill-in"') : page.index('id="everything"')]
    other = factories.township("木镇镇党委")
    assert [code for code, _label in fields_of(other)] == list(DEFAULT_CODES)


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        (rows(), "请至少保留一栏"),
        (rows(("title", "甲"), ("title", "乙")), "同一内容只能用一次"),
    ],
)
def test_an_order_that_makes_no_sense_is_refused(branch, sent, said):
    staff = signed_in("staff", branch.township)
    assert said in staff.post("/meetings/fill-in/fields/", sent).content.decode()
    assert not FillInField.objects.exists()


@pytest.mark.parametrize(
    ("number", "text"),
    [(1, "一"), (10, "十"), (11, "十一"), (20, "二十"), (21, "二十一"), (90, "九十")],
)
def test_headings_are_numbered_as_documents_do(number, text):
    assert numeral(number) == text


def test_the_notice_names_the_first_topic_and_the_place(branch, meeting):
    meeting.state = MeetingState.PLANNED
    text = notice_text(meeting, ("assembly",), list(meeting.agenda.all()))
    assert "第一议题：全会公报" in text
    assert "1. 活动经费" in text
    assert "地点：党群服务中心" in text


def test_the_summary_for_the_group_names_nobody_who_was_away(branch, meeting):
    text = summary_text(meeting, ("assembly",), list(meeting.agenda.all()), present=2)
    assert "2名党员参加" in text
    assert "2. 活动经费：同意" in text
    assert "李强" not in text
    page = signed_in("secretary", branch).get(f"/meetings/{meeting.pk}/fill-in/").content.decode()
    assert "会后小结" in page
