"""The two ledgers: counted from attendance, month by month, and never a formula."""

import io
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from meetings.documents.ledgers import activity_ledger, attendance_ledger
from meetings.models import AgendaItem, Explanation, MeetingState
from tests import factories
from tests.meetings import papers

pytestmark = pytest.mark.django_db

ON = date(2026, 11, 24)


def book(made):
    return load_workbook(io.BytesIO(made.content))


def rows(sheet) -> list[tuple]:
    return list(sheet.iter_rows(values_only=True))


def test_members_by_meetings_with_what_they_add_up_to():
    branch = factories.branch("上峰村第一党支部")
    coming, ill, missing, excused = (
        factories.member(branch, name, initials=name) for name in ("甲", "乙", "丙", "丁")
    )
    everyone = (coming, ill, missing, excused)
    for day in (date(2026, 3, 10), date(2026, 6, 10)):
        meeting = factories.meeting(branch, kinds=("theme_day",), day=day, present=everyone)
        meeting.attendance.filter(member=ill).update(state="leave", reason="sick")
        meeting.attendance.filter(member=excused).update(state="absent", excuse="old_or_ill")
    meeting.attendance.filter(member=missing).update(state="absent", made_up_on=ON)
    factories.meeting(branch, kinds=("talk",), day=date(2026, 5, 1), present=everyone[:2])
    factories.meeting(branch, kinds=("theme_day",), state=MeetingState.DRAFT, present=everyone)

    made = attendance_ledger(branch, 2026, with_reasons=False)
    assert made.name == "上峰村第一党支部2026年出席台账.xlsx"
    [sheet] = book(made).worksheets
    head, *lines = rows(sheet)
    assert head[-2:] == ("03-10 主题党日（5+X）", "06-10 主题党日（5+X）")
    table = {line[1]: line[2:] for line in lines}
    assert table["甲"] == (2, 2, 0, 0, 0, "√", "√")
    assert table["乙"] == (2, 0, 2, 0, 0, "请假", "请假")
    assert table["丙"] == (2, 1, 0, 1, 1, "√", "缺席（已补课）")
    assert table["丁"] == (0, 0, 0, 0, 0, "—", "—")
    assert table["应到"][0] == 6
    assert table["应到"][-2:] == (3, 3)
    assert table["实到"][1] == 3
    assert table["实到"][-2:] == (2, 1)

    [kept] = book(attendance_ledger(branch, 2026, with_reasons=True)).worksheets
    assert "病假" in {cell for line in rows(kept) for cell in line}


def test_a_township_has_a_sheet_for_each_branch():
    township = factories.township()
    for name in ("上峰[一]支部", "五阳支部"):
        factories.meeting(factories.branch(name, parent=township))
    sheets = book(attendance_ledger(township, 2026, with_reasons=False)).sheetnames
    assert sheets == ["上峰 一 支部", "五阳支部"]


def test_a_name_that_looks_like_a_formula_stays_text():
    branch = factories.branch()
    member = factories.member(branch, '=HYPERLINK("http://x","y")')
    factories.meeting(branch, present=(member,))
    [sheet] = book(attendance_ledger(branch, 2026, with_reasons=False)).worksheets
    assert sheet["B2"].data_type == "s"
    assert sheet["B2"].value.startswith("'=")


def test_the_5x_ledger_says_month_by_month_what_was_held_or_why_it_was_not():
    branch = factories.branch("上峰村第一党支部", established_on=date(2026, 9, 1))
    people = tuple(factories.members(branch, 3))
    held = factories.meeting(
        branch,
        kinds=("theme_day",),
        day=date(2026, 9, 10),
        title="走访困难党员",
        present=people,
        submit_by=date(2026, 11, 20),
        late_note="停电",
    )
    held.attendance.filter(member=people[0]).update(state="leave", reason="duty")
    for position, (kind, title, is_done) in enumerate(
        (("fixed", "集中学习", True), ("fixed", "交纳党费", False), ("optional", "环境整治", True))
    ):
        AgendaItem.objects.create(
            meeting=held, position=position, kind=kind, title=title, is_done=is_done
        )
    Explanation.objects.create(
        branch=branch,
        code="theme_day",
        period_start=date(2026, 10, 1),
        kind="not_held",
        reason="防汛值守",
        by=factories.user(),
        at=factories.NOON,
    )
    [sheet] = book(activity_ledger(branch, 2026, on=ON)).worksheets
    head, *lines = rows(sheet)
    assert [line[0] for line in lines] == ["2026-09", "2026-10", "2026-11"]
    september = dict(zip(head, lines[0], strict=True))
    assert september["开展情况"] == "已开展"
    assert september["日期"] == "2026-09-10"
    assert september["主题"] == "走访困难党员"
    assert september["固定动作"] == "1/2 集中学习"
    assert september["自选动作（X）"] == "环境整治"
    assert [september[name] for name in ("应到", "实到", "请假", "缺席")] == [3, 2, 1, 0]
    assert september["说明"] == "迟交4天；停电"
    assert lines[1][2] == "已说明"
    assert "防汛值守" in lines[1][-1]
    assert lines[2][2] == "未开展"


@pytest.mark.parametrize("ledger", ["attendance", "activity"])
def test_ten_branches_cost_the_statements_of_one(ledger):
    township = factories.township()

    def cost() -> int:
        with CaptureQueriesContext(connection) as statements:
            if ledger == "attendance":
                attendance_ledger(township, 2026, with_reasons=False)
            else:
                activity_ledger(township, 2026, on=ON)
        return len(statements)

    def fill(name: str) -> None:
        branch = papers.branch(4, name)
        papers.record(branch, ("theme_day",), "主题党日")
        papers.record(branch, ("theme_day",), "主题党日", day=date(2026, 10, 10))

    fill("第一支部")
    few = cost()
    for number in range(9):
        fill(f"支部{number}")
    assert cost() == few
