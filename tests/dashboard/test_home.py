"""Each duty's first page answers its first question, at the same cost for any number of branches."""

import re
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from branches.models import Duty, DutyKind
from curriculum.models import ItemKind, ItemState
from inspections import services
from meetings.models import Explanation, MeetingKind, MeetingState
from tests import factories

pytestmark = pytest.mark.django_db
NOVEMBER_24 = datetime(2026, 11, 24, 4, 0, tzinfo=UTC)
HOME = "/"


@pytest.fixture(autouse=True)
def late_november():
    with time_machine.travel(NOVEMBER_24, tick=False):
        yield


@pytest.fixture
def township():
    return factories.township()


@pytest.fixture
def branch(township):
    return factories.branch("上峰村第一党支部", parent=township)


def sign_in(client, user):
    client.force_login(user, backend="branches.backends.DutyBackend")
    return client


def meet(branch, day=date(2026, 11, 10), kinds=(MeetingKind.THEME_DAY,), **fields):
    return factories.meeting(branch, kinds=kinds, day=day, **fields)


def test_staff_see_who_is_missing_this_month_without_a_click(client, township, branch):
    done = factories.branch("五阳村第一党支部", parent=township)
    meet(done)
    page = sign_in(client, factories.person(DutyKind.STAFF, township)).get(HOME)
    assert [b.row.name for b in page.context["behind"]] == [branch.short_name]
    [owed] = page.context["behind"]
    assert [(m.label, m.due_on) for m in owed.matters] == [("主题党日（5+X）", date(2026, 11, 30))]
    assert branch.short_name in page.text


def test_another_month_is_one_link_away(client, township, branch):
    meet(branch)
    page = sign_in(client, factories.person(DutyKind.STAFF, township)).get(HOME)
    assert "month=2026-10" in page.text
    october = client.get(HOME, {"month": "2026-10"})
    [owed] = october.context["behind"]
    assert owed.overdue >= 1


def test_an_explained_gap_is_nobodys_gap(client, township, branch):
    staff = factories.person(DutyKind.STAFF, township)
    Explanation.objects.create(
        branch=branch,
        code="theme_day",
        period_start=date(2026, 11, 1),
        kind="not_held",
        reason="防汛",
        by=staff,
        at=NOVEMBER_24,
    )
    assert sign_in(client, staff).get(HOME).context["behind"] == []


def test_those_who_owe_most_come_first_then_the_order_of_the_tree(client, township):
    first, second, third = (factories.branch(parent=township) for _ in range(3))
    factories.group(second)
    page = sign_in(client, factories.person(DutyKind.STAFF, township)).get(
        HOME, {"month": "2026-10"}
    )
    assert [(b.row.branch_id, b.overdue) for b in page.context["behind"]] == [
        (second.pk, 2),
        (first.pk, 1),
        (third.pk, 1),
    ]


def test_staff_see_how_far_the_week_is_and_what_is_overdue(client, township, branch):
    staff = factories.person(DutyKind.STAFF, township)
    checklist = factories.checklist(branch)
    factories.checklist_item(checklist)
    factories.checklist_item(checklist, state=ItemState.DONE, settled_at=NOVEMBER_24)
    factories.checklist_item(checklist, kind=ItemKind.OFFERED)
    factories.issue(branch, raised_by=staff, due_on=date(2026, 11, 1))
    factories.menu(township, published_at=NOVEMBER_24, state="published")
    context = sign_in(client, staff).get(HOME).context
    assert (context["settled"], context["required"]) == (1, 2)
    assert context["issues"] == {"overdue": 1}
    assert context["menus"][0].state == "published"


def test_a_planned_meeting_is_shown_beside_the_gap(client, township, branch):
    meet(branch, day=date(2026, 11, 28), state=MeetingState.PLANNED)
    page = sign_in(client, factories.person(DutyKind.STAFF, township)).get(HOME)
    assert "已计划11月28日" in page.text


def test_a_secretary_sees_this_week_what_is_owed_and_why(client, branch):
    secretary = factories.person(DutyKind.SECRETARY, branch)
    checklist = factories.checklist(branch)
    item = factories.checklist_item(
        checklist, title="召开11月主题党日", url="/meetings/new/?branch={branch}&kind=theme_day"
    )
    factories.checklist_item(checklist, state=ItemState.DONE, settled_at=NOVEMBER_24)
    planned = meet(branch, day=date(2026, 12, 10), state=MeetingState.PLANNED)
    services.raise_issue(
        branch,
        category="record",
        title="会议记录缺请假人员",
        by=factories.person(DutyKind.STAFF, branch.township),
        at=NOVEMBER_24,
    )
    secretary.notices.update(delivered_at=NOVEMBER_24)
    page = sign_in(client, secretary).get(HOME)
    assert "本周还有1项要办" in page.text
    assert f"/meetings/new/?branch={branch.pk}&amp;kind=theme_day" in page.text
    assert item.title in page.text
    assert f"/meetings/{planned.pk}/" in page.text
    assert "会议记录缺请假人员" in page.text
    assert "条例" in page.context["owed"][0].matters[0].why
    assert [n.title for n in page.context["notices"]] == ["请整改：会议记录缺请假人员"]
    main = page.text.partition("<main")[2].partition("</main>")[0]
    assert main.count("btn-primary") == 1


def test_a_secretary_sees_nothing_of_the_neighbour(client, branch):
    neighbour = factories.branch("五阳村第一党支部", parent=branch.parent)
    factories.checklist_item(factories.checklist(neighbour), title="邻支部的事")
    meet(neighbour, day=date(2026, 12, 10), state=MeetingState.PLANNED, title="邻支部的会")
    page = sign_in(client, factories.person(DutyKind.SECRETARY, branch)).get(HOME).text
    assert "五阳村" not in page
    assert "邻支部" not in page


def test_a_leader_sees_the_linked_branches_first(client, township, branch):
    other = factories.branch("五阳村第一党支部", parent=township)
    leader = factories.person(DutyKind.LEADER, township)
    factories.contact_point(leader, branch)
    secretary = factories.person(DutyKind.SECRETARY, branch)
    issue = services.raise_issue(
        branch, category="record", title="待复核的问题", by=leader, at=NOVEMBER_24
    )
    services.answer_issue(issue, text="已补记。", by=secretary, at=NOVEMBER_24)
    page = sign_in(client, leader).get(HOME)
    assert [entry["row"].branch_id for entry in page.context["linked"]] == [branch.pk]
    assert "待复核的问题" in page.text
    assert f"/issues/new/?branch={branch.pk}" in page.text
    assert f"/issues/new/?branch={other.pk}" not in page.text


def test_an_observer_sees_townships_side_by_side(client, township, branch):
    other = factories.township("木镇镇党委", parent=township.parent)
    meet(factories.branch(parent=other))
    page = sign_in(client, factories.person(DutyKind.OBSERVER, township.parent)).get(HOME)
    assert township.short_name in page.text
    assert other.short_name in page.text
    assert f"within={township.pk}" in page.text


def test_an_administrator_sees_accounts_and_no_party_data(client, township, branch):
    page = sign_in(client, factories.person(DutyKind.ADMINISTRATOR, township)).get(HOME).text
    assert reverse("branches:account_list") in page
    assert reverse("branches:audit_list") not in page
    assert branch.short_name not in page


def test_without_a_duty_a_page_says_whom_to_ask(client, branch):
    page = sign_in(client, factories.user()).get(HOME)
    assert page.status_code == 200
    assert "党务工作者或系统管理员" in page.text


def test_several_duties_are_several_desks(client, township, branch):
    both = factories.person(DutyKind.STAFF, township)
    Duty.objects.create(
        user=both, kind=DutyKind.SECRETARY, organization=branch, from_on=factories.LONG_AGO
    )
    sign_in(client, both)
    assert client.get(HOME).context["desk"].name == "township"
    assert client.get(HOME, {"desk": "branch"}).context["desk"].name == "branch"
    assert client.get(HOME, {"desk": "county"}).context["desk"].name == "township"


def test_a_month_that_no_calendar_has_is_a_404(client, township):
    sign_in(client, factories.person(DutyKind.STAFF, township))
    for nonsense in ("2026-13", "abc", "9999-12", "2026-"):
        status = client.get(HOME, {"month": nonsense}).status_code
        assert status == (200 if nonsense == "2026-" else 404)


@pytest.mark.parametrize(
    ("kind", "where"),
    [
        (DutyKind.SECRETARY, "branch"),
        (DutyKind.STAFF, "township"),
        (DutyKind.TOWNSHIP_SECRETARY, "township"),
        (DutyKind.LEADER, "township"),
        (DutyKind.OBSERVER, "county"),
        (DutyKind.ADMINISTRATOR, "township"),
    ],
)
def test_a_first_page_costs_the_same_for_one_branch_and_for_twenty(
    client, township, branch, kind, where
):
    where = {"branch": branch, "township": township, "county": township.parent}[where]
    person = factories.person(kind, where)
    sign_in(client, person)

    def fill(one) -> None:
        factories.checklist_item(factories.checklist(one))
        meet(one, day=date(2026, 11, 28), state=MeetingState.PLANNED)
        factories.issue(one, raised_by=person)
        factories.group(one)
        if kind == DutyKind.LEADER:
            factories.contact_point(person, one)
        if kind == DutyKind.SECRETARY and one != branch:
            Duty.objects.create(user=person, kind=kind, organization=one, from_on=date(2020, 1, 1))

    def cost() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert client.get(HOME).status_code == 200
        return len(captured)

    fill(branch)
    cost()  # the first page of a session writes it
    few = cost()
    for _ in range(20):
        fill(factories.branch(parent=township))
    assert cost() == few <= 8


@pytest.mark.parametrize(
    ("kind", "shown"),
    [
        ("secretary", ["首页", "本周清单", "组织生活", "问题整改"]),
        ("staff", ["首页", "每周菜单", "组织生活", "问题整改"]),
        ("leader", ["首页", "组织生活", "对照表", "问题整改"]),
        ("administrator", ["首页", "账号"]),
        ("auditor", ["首页", "审计日志"]),
    ],
)
def test_a_phone_shows_at_most_four_places_at_its_foot(client, kind, shown):
    place = factories.branch() if kind == "secretary" else factories.township()
    client.force_login(factories.person(kind, place), backend="branches.backends.DutyBackend")
    html = client.get("/about/").content.decode()
    foot = html[html.index('class="tabbar"') :]
    assert re.findall(r"</svg>([^<]+)</a>", foot) == shown
