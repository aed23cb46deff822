"""A branch's year in one volume: complete, numbered, and read at the price of one meeting."""

import re
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from meetings.documents.handbook import handbook
from meetings.models import DuesArrear, DuesMonth, MeetingState, YearPlan, YearPlanItem
from tests import factories
from tests.meetings import papers

pytestmark = pytest.mark.django_db

ON = date(2026, 11, 24)
PARTS = (
    "一、支部情况",
    "二、支部委员会名单",
    "三、党小组",
    "四、党员名册",
    "五、党员组织关系变动",
    "六、年度计划",
    "七、会议记录",
    "八、出席台账",
    "九、党员学习学时",
    "十、民主评议",
    "十一、发展党员",
    "十二、谈心谈话",
    "十三、党费交纳登记",
)


def silent(percent: int) -> None:
    pass


def volume(branch, *, year=2026, with_reasons=False) -> list[str]:
    made = handbook(branch, year, on=ON, with_reasons=with_reasons, tell=silent)
    return papers.pages(made.content)


def test_it_has_every_part_and_every_meeting_in_order():
    branch = papers.branch(30)
    meetings = papers.one_of_each(branch)
    factories.meeting(branch, kinds=("committee",), state=MeetingState.DRAFT, title="没写完的")
    factories.meeting(branch, kinds=("committee",), day=date(2025, 3, 1), title="去年的支委会")
    pages = volume(branch)
    text = "".join(pages)
    assert "党支部工作手册" in pages[0]
    assert "2026年度" in pages[0]
    for part in PARTS:
        assert part in pages[1] or part in pages[2], part
    starts = [
        text.index(f"主题：{m.title}") for m in sorted(meetings.values(), key=lambda m: m.day)
    ]
    assert starts == sorted(starts)
    assert "没写完的" not in text
    assert "去年的支委会" not in text
    assert "许小满接收预备党员55/1/0" in text.replace(" ", "")


def test_the_contents_say_the_page_on_which_each_part_stands():
    branch = papers.branch(30)
    papers.one_of_each(branch)
    content = handbook(branch, 2026, on=ON, with_reasons=False, tell=silent).content
    pages = papers.pages(content)
    lines = papers.lines(content, page=1) + papers.lines(content, page=2)
    told = dict(
        found.groups() for line in lines if (found := re.fullmatch(r"(.+?) ?·+ ?(\d+)", line))
    )
    assert set(PARTS) <= set(told)
    assert len(told) == len(PARTS) + 6
    for part in PARTS:
        page = pages[int(told[part]) - 1]
        assert part in page
        assert f"— {told[part]} —" in page


def test_members_are_listed_without_their_telephones():
    branch = papers.branch(5)
    branch.members.update(phone="13812345678", is_floating=True, floating_to="合肥")
    text = "".join(volume(branch))
    assert "赵建明" in text
    assert "流动" in text
    assert "138" not in text
    assert "合肥" not in text


def test_plan_dues_and_hours_are_in_it():
    branch = papers.branch(5)
    staff = factories.person("staff", branch.township)
    plan = YearPlan.objects.create(
        branch=branch, year=2026, drafted_by=staff, drafted_at=factories.NOON
    )
    YearPlanItem.objects.create(plan=plan, month=7, kind="lecture", theme="七一专题党课")
    for month in (10, 11):
        DuesMonth.objects.create(
            branch=branch, month=date(2026, month, 1), noted_by=staff, noted_at=factories.NOON
        )
    DuesArrear.objects.create(month=DuesMonth.objects.last(), member=branch.members.first())
    text = "".join(volume(branch))
    assert "七一专题党课" in text
    assert "已交清" in text
    assert "尚有1人未交" in text
    assert "年度要求" in text


def test_an_empty_year_says_so_part_by_part():
    text = "".join(volume(papers.branch(3), year=2024))
    assert text.count("本年度没有这项记录。") >= 6


def test_reasons_for_leave_only_for_who_keeps_the_records():
    branch = papers.branch(10)
    papers.record(branch, ("assembly",), "党员大会")
    assert "病假" not in "".join(volume(branch))
    assert "病假" in "".join(volume(branch, with_reasons=True))


def test_it_costs_the_same_statements_for_six_meetings_and_for_sixty():
    branch = papers.branch(10)

    def cost() -> int:
        with CaptureQueriesContext(connection) as statements:
            volume(branch)
        return len(statements)

    papers.one_of_each(branch)
    few = cost()
    for number in range(20):
        papers.decision(papers.record(branch, ("committee",), f"支委会{number}"))
    assert cost() == few <= 40


def test_progress_only_grows_and_stays_below_a_hundred():
    branch = papers.branch(10)
    papers.one_of_each(branch)
    told: list[int] = []
    handbook(branch, 2026, on=ON, with_reasons=False, tell=told.append)
    assert told[0] == 10
    assert len(set(told)) > 5
    assert max(told) <= 95
