"""The matrix: what each cell says, where it leads, what it costs."""

import re
from datetime import UTC, date, datetime
from io import BytesIO

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from branches.models import BranchType, DutyKind, Organization
from dashboard import boards, matrix
from dashboard.views import matrix as views
from meetings.models import Explanation, MeetingKind, MeetingState, Obligation
from meetings.reports import standing
from meetings.rules import Span
from tests import factories

pytestmark = pytest.mark.django_db
NOVEMBER_24 = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
TODAY = date(2026, 11, 24)
NOVEMBER = Span.parse("2026-11")


@pytest.fixture(autouse=True)
def late_november():
    with time_machine.travel(NOVEMBER_24, tick=False):
        yield


@pytest.fixture
def township():
    return factories.township()


@pytest.fixture
def branch(township):
    return factories.branch("上峰村<第一>党支部", parent=township)


@pytest.fixture
def staff(client, township):
    staff = factories.person(DutyKind.STAFF, township)
    client.force_login(staff, backend="branches.backends.DutyBackend")
    return staff


def table(view: Span = NOVEMBER):
    return standing(Organization.objects.branches(), view=view, on=TODAY)


def cells(html: str, branch) -> dict[str, tuple[str, str]]:
    """Return class and text of each of the branch's cells by code."""
    found = re.findall(
        rf'<td class="([a-z]+)"><a href="/matrix/{branch.pk}/([a-z_]+)/[^"]+">(.*?)</a>', html
    )
    return {code: (css, re.sub(r"<[^>]+>", "", text)) for css, code, text in found}


def test_each_state_has_its_class_and_its_word(branch, staff):
    factories.group(branch)
    factories.meeting(branch, kinds=(MeetingKind.THEME_DAY,), day=date(2026, 11, 10))
    Explanation.objects.create(
        branch=branch,
        code="assembly",
        period_start=date(2026, 10, 1),
        kind="not_held",
        reason="防汛",
        by=staff,
        at=NOVEMBER_24,
    )
    found = cells(matrix.branch_matrix(table(), {}), branch)
    assert found["theme_day"] == ("met", "已完成")
    assert found["committee"] == ("exempt", "不作要求")
    assert found["assembly"] == ("explained", "已说明")
    assert found["group"] == ("due", "待完成")


def test_a_past_gap_is_overdue_and_a_plan_does_not_hide_it(branch):
    october = table(Span.parse("2026-10"))
    planned = {(branch.pk, "theme_day"): date(2026, 10, 28)}
    assert cells(matrix.branch_matrix(october, planned), branch)["theme_day"][0] == "overdue"


def test_a_gap_with_a_plan_is_planned(branch):
    planned = {(branch.pk, "theme_day"): date(2026, 11, 28)}
    assert cells(matrix.branch_matrix(table(), planned), branch)["theme_day"][0] == "planned"


def test_a_year_shows_how_many_of_how_many(branch):
    for month in (1, 2, 3):
        factories.meeting(branch, kinds=(MeetingKind.THEME_DAY,), day=date(2026, month, 10))
    found = cells(matrix.branch_matrix(table(Span.parse("2026")), {}), branch)
    assert found["theme_day"] == ("overdue", "3/12逾期")


def test_names_are_escaped(branch):
    html = matrix.branch_matrix(table(), {})
    assert "上峰村&lt;第一&gt;党支部" in html
    assert "<第一>" not in html


def test_every_cell_of_every_row_is_a_link_to_its_own_branch(client, township, branch, staff):
    other = factories.branch(parent=township)
    html = client.get(reverse("dashboard:matrix")).text
    for one in (branch, other):
        for code in cells(html, one):
            url = reverse("dashboard:cell", args=[one.pk, code, "2026-11"])
            assert url in html
            assert client.get(url).status_code == 200
    assert set(cells(html, branch)) == set(cells(html, other)) != set()


@pytest.mark.parametrize("period", ["2026-11", "2026-Q4", "2026-H2", "2026", "2027-01"])
def test_every_period_can_be_shown_and_exported(client, branch, staff, period):
    asked = {"period": period}
    assert client.get(reverse("dashboard:matrix"), asked).status_code == 200
    response = client.get(reverse("dashboard:matrix_export"), asked)
    sheet = load_workbook(BytesIO(response.getvalue())).active
    headers, line = list(sheet.values)
    assert headers[0] == "党支部"
    assert line[0] == branch.short_name
    assert len(line) == len(headers)


@pytest.mark.parametrize(
    "period", ["2026-13", "2026-Q5", "x", "1899", "2030", "2026-Q", "2026-10-10"]
)
def test_a_period_that_no_calendar_has_is_a_404(client, branch, staff, period):
    assert client.get(reverse("dashboard:matrix"), {"period": period}).status_code == 404


def test_it_is_narrowed_by_type_and_to_those_behind(client, township, branch, staff):
    done = factories.branch(parent=township, branch_type=BranchType.OFFICE)
    factories.meeting(
        done, kinds=(MeetingKind.THEME_DAY, MeetingKind.ASSEMBLY), day=date(2026, 11, 10)
    )
    for kind in (
        MeetingKind.ORG_LIFE,
        MeetingKind.EVALUATION,
        MeetingKind.TALK,
        MeetingKind.LECTURE,
    ):
        factories.meeting(done, kinds=(kind,), day=date(2026, 11, 11))
    url = reverse("dashboard:matrix")
    behind = client.get(url, {"behind": "on"}).text
    assert cells(behind, branch)
    assert not cells(behind, done)
    offices = client.get(url, {"type": BranchType.OFFICE}).text
    assert cells(offices, done)
    assert not cells(offices, branch)


def test_too_many_branches_are_shown_as_townships(client, township, branch, monkeypatch):
    monkeypatch.setattr(views, "MOST_BRANCHES", 1)
    observer = factories.person(DutyKind.OBSERVER, township.parent)
    factories.branch(parent=factories.township("木镇镇党委", parent=township.parent))
    client.force_login(observer, backend="branches.backends.DutyBackend")
    url = reverse("dashboard:matrix")
    page = client.get(url).text
    assert f"within={township.pk}" in page
    assert not cells(page, branch)
    below = client.get(url, {"within": township.pk})
    assert below.context["township"] == township.short_name
    assert cells(below.text, branch)


def test_townships_count_those_who_have_settled_it(township, branch):
    factories.meeting(
        factories.branch(parent=township), kinds=(MeetingKind.THEME_DAY,), day=date(2026, 11, 10)
    )
    found = boards.shares(table().columns, table().rows, NOVEMBER)
    shares = {share.column.code: share for share in found}
    assert (shares["theme_day"].settled, shares["theme_day"].bound) == (1, 2)
    # Nobody has seven full members: a committee is not asked for, and spoils no share.
    assert shares["committee"].bound == 0
    assert shares["theme_day"].is_due
    assert not shares["org_life"].is_due


# --- A cell -------------------------------------------------------------------------------------


def ask_cell(client, branch, code="theme_day", span="2026-11"):
    return client.get(reverse("dashboard:cell", args=[branch.pk, code, span]))


def test_a_cell_says_rule_article_and_what_would_settle_it(client, branch, staff):
    page = ask_cell(client, branch).text
    rule = Obligation.objects.get(code="theme_day", township=None)
    assert rule.article in page
    assert "还差1次，请于11月30日前完成" in page
    assert reverse("meetings:explanation_create", args=[branch.pk, "theme_day", "2026-11"]) in page
    assert f"/meetings/new/?branch={branch.pk}&amp;kind=theme_day" in page


def test_a_cell_names_the_meetings_that_count_and_those_that_will(client, branch, staff):
    held = factories.meeting(branch, kinds=(MeetingKind.THEME_DAY,), day=date(2026, 11, 10))
    planned = factories.meeting(
        branch,
        kinds=(MeetingKind.THEME_DAY,),
        day=date(2026, 11, 28),
        state=MeetingState.PLANNED,
    )
    other = factories.meeting(branch, kinds=(MeetingKind.LECTURE,), day=date(2026, 11, 11))
    cancelled = factories.meeting(
        branch,
        kinds=(MeetingKind.THEME_DAY,),
        day=date(2026, 11, 12),
        state=MeetingState.CANCELLED,
        cancel_reason="防汛",
    )
    page = ask_cell(client, branch).text
    assert f"/meetings/{held.pk}/" in page
    assert f"/meetings/{planned.pk}/" in page
    assert f"/meetings/{other.pk}/" not in page
    assert f"/meetings/{cancelled.pk}/" not in page


def test_a_year_names_each_month_with_its_own_meetings(client, branch, staff):
    factories.meeting(branch, kinds=(MeetingKind.THEME_DAY,), day=date(2026, 3, 10))
    parts = ask_cell(client, branch, span="2026").context["parts"]
    assert len(parts) == 12
    assert [len(entry["meetings"]) for entry in parts] == [0, 0, 1] + [0] * 9


def test_a_cell_shows_its_explanation(client, branch, staff):
    Explanation.objects.create(
        branch=branch,
        code="theme_day",
        period_start=date(2026, 11, 1),
        kind="not_held",
        reason="防汛值守",
        by=staff,
        at=NOVEMBER_24,
    )
    page = ask_cell(client, branch).text
    assert "防汛值守" in page
    assert "记录会议" not in page


def test_a_reader_gets_no_links_to_write(client, township, branch):
    observer = factories.person(DutyKind.OBSERVER, township.parent)
    client.force_login(observer, backend="branches.backends.DutyBackend")
    page = ask_cell(client, branch).text
    assert "说明未召开的原因" not in page
    assert "记录会议" not in page


@pytest.mark.parametrize(("code", "span"), [("nonsense", "2026-11"), ("theme_day", "2026-99")])
def test_a_cell_that_is_none_is_a_404(client, branch, staff, code, span):
    assert ask_cell(client, branch, code, span).status_code == 404


# --- Months -------------------------------------------------------------------------------------


def test_months_count_by_deadline_and_late_records_apart(client, branch, staff):
    for month in (9, 10):
        factories.meeting(
            branch,
            kinds=(MeetingKind.THEME_DAY,),
            day=date(2026, month, 10),
            submit_by=date(2026, month, 13) if month == 9 else date(2026, 12, 31),
        )
    rows = {str(r.month): r for r in client.get(reverse("dashboard:trend")).context["months"]}
    assert len(rows) == 12
    assert list(rows)[-1] == "2026-11"
    assert rows["2026-11"].is_running
    assert (rows["2026-10"].held, rows["2026-10"].late) == (1, 0)
    assert rows["2026-09"].late == 1
    # In September what is asked for once a quarter fell due as well.
    quarterly = Obligation.objects.filter(period="quarter").count()
    assert rows["2026-09"].due == rows["2026-10"].due + quarterly
    assert rows["2026-08"].held == 0


def test_the_chart_has_a_title_a_description_and_a_table(client, branch, staff):
    page = client.get(reverse("dashboard:trend")).text
    assert page.count('<svg class="chart"') == 1
    assert "<title>每月到期的要求中已办结的百分比</title><desc>" in page
    assert page.count("<rect") == 12
    assert "<table" in page


# --- Costs --------------------------------------------------------------------------------------


@pytest.mark.parametrize("route", ["matrix", "matrix_export", "trend"])
def test_a_board_costs_the_same_for_one_branch_and_for_twenty(
    client, township, branch, staff, route
):
    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(reverse(f"dashboard:{route}")).getvalue()
        return len(captured)

    cost()  # the first page of a session writes it
    few = cost()
    for _ in range(20):
        one = factories.branch(parent=township)
        factories.group(one)
        factories.meeting(one, kinds=(MeetingKind.THEME_DAY,), day=date(2026, 11, 10))
    assert cost() == few <= 8


def test_a_cell_costs_the_same_for_one_meeting_and_for_ten(client, branch, staff):
    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert ask_cell(client, branch, span="2026").status_code == 200
        return len(captured)

    cost()
    few = cost()
    for month in range(1, 11):
        factories.meeting(branch, kinds=(MeetingKind.THEME_DAY,), day=date(2026, month, 10))
    assert cost() == few <= 8


def test_townships_cost_the_same_for_one_and_for_ten(client, township, branch, monkeypatch):
    monkeypatch.setattr(views, "MOST_BRANCHES", 0)
    observer = factories.person(DutyKind.OBSERVER, township.parent)
    client.force_login(observer, backend="branches.backends.DutyBackend")

    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(reverse("dashboard:matrix")).status_code == 200
        return len(captured)

    cost()
    few = cost()
    for n in range(10):
        factories.branch(parent=factories.township(f"第{n}镇党委", parent=township.parent))
    assert cost() == few <= 8
