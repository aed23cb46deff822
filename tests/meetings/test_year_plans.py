"""The year's plan: drafted in one tap, sent up, decided, changed with a reason, beside what was held."""

from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import pytest
import time_machine
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from branches.models import DutyKind
from curriculum.models import ChecklistItem, ItemState
from curriculum.services import ensure_checklists
from curriculum.weekly import Week
from meetings import services as meeting_services
from meetings.models import (
    Explanation,
    Meeting,
    PlanState,
    YearPlan,
    YearTemplate,
)
from meetings.reports import Rulebook
from meetings.reports.plan_pages import history_of
from meetings.reports.plan_proposals import Line, from_rules, proposal
from meetings.reports.plans import LineState, beside, differs, flat, theme_of, themes_of
from meetings.services import plans, year_templates
from notifications.models import Notice
from tests import factories

pytestmark = pytest.mark.django_db

NOW = factories.NOON  # 24 November 2026, noon in Shanghai
TODAY = date(2026, 11, 24)


def shanghai(year, month, day, hour=9):
    return datetime(year, month, day, hour, tzinfo=UTC) - timedelta(hours=8)


@pytest.fixture
def branch():
    return factories.branch("上峰村党支部")


@pytest.fixture
def secretary(branch):
    return factories.person(DutyKind.SECRETARY, branch)


@pytest.fixture
def staff(branch):
    return factories.person(DutyKind.STAFF, branch.township)


@pytest.fixture(autouse=True)
def _noon():
    with time_machine.travel(NOW, tick=False):
        yield


def signed_in(user) -> Client:
    client = Client()
    client.force_login(user, backend="branches.backends.DutyBackend")
    return client


def kinds(lines, kind) -> list[int]:
    return [line.month for line in lines if line.kind == kind]


def table(lines, *, initial: int | None = None, **more) -> dict:
    """What the form of lines sends."""
    sent = {"line-TOTAL_FORMS": str(len(lines)), "line-INITIAL_FORMS": str(initial or 0)} | more
    for n, line in enumerate(lines):
        sent |= {f"line-{n}-{name}": str(value) for name, value in line.items()}
    return sent


def approved(branch, secretary, *lines: tuple, year: int = 2026) -> YearPlan:
    plan = factories.year_plan(branch, year, by=secretary, state=PlanState.APPROVED)
    for month, kind, *theme in lines:
        factories.plan_line(plan, month, kind, *theme)
    return plan


def one_line(plan, *, on=TODAY):
    (line,) = flat(beside([plan], on=on)[plan.pk])
    return line


# --- What it begins with ------------------------------------------------------------------------


def test_the_rules_propose_as_many_meetings_as_they_ask_for(branch):
    lines = from_rules(Rulebook.load(), branch.township_id, 2027)
    assert kinds(lines, "theme_day") == list(range(1, 13))
    assert kinds(lines, "committee") == list(range(1, 13))
    assert kinds(lines, "assembly") == kinds(lines, "lecture") == [3, 6, 9, 12]
    assert kinds(lines, "org_life") == kinds(lines, "evaluation") == [12]
    assert kinds(lines, "talk") == [11]
    assert [line.month for line in lines] == sorted(line.month for line in lines)


def test_a_rule_that_asks_twice_a_quarter_is_spread_over_it(branch):
    rule = Rulebook.load().in_force(None, TODAY)[0]
    rule.times = 2
    lines = from_rules(Rulebook([rule]), branch.township_id, 2027)
    assert kinds(lines, rule.kind) == [2, 3, 5, 6, 8, 9, 11, 12]


@pytest.mark.parametrize(
    ("full_members", "groups", "has_committee", "has_group"),
    [(6, 0, False, False), (7, 0, True, False), (7, 1, True, True), (6, 1, False, True)],
)
def test_a_branch_is_proposed_only_what_applies_to_it(
    branch, full_members, groups, has_committee, has_group
):
    factories.members(branch, full_members)
    for n in range(groups):
        factories.group(branch, f"第{n}党小组")
    lines = proposal(branch, 2027, source="rules", on=TODAY)
    assert bool(kinds(lines, "committee")) is has_committee
    assert bool(kinds(lines, "group")) is has_group
    assert len(kinds(lines, "theme_day")) == 12


def test_a_plan_made_in_november_does_not_ask_for_the_months_before(branch):
    lines = proposal(branch, 2026, source="rules", on=TODAY)
    assert {line.month for line in lines} == {11, 12}


def test_last_years_plan_comes_over_without_groups_that_are_no_more(branch, secretary):
    plan = approved(branch, secretary, (3, "assembly", "改选"))
    gone = factories.group(branch, "老党小组", dissolved_on=date(2026, 6, 1))
    factories.group(branch, "第一党小组")
    factories.plan_line(plan, 4, "group", group=gone)
    lines = proposal(branch, 2027, source="last_year", on=TODAY)
    assert [(line.month, line.kind, line.theme, line.group_id) for line in lines] == [
        (3, "assembly", "改选", None),
        (4, "group", "", None),
    ]


# --- The township's template --------------------------------------------------------------------


def test_staff_publish_a_template_and_the_secretaries_are_told_once(branch, secretary, staff):
    client = signed_in(staff)
    url = reverse("meetings:year_template_edit", args=[2027])
    page = client.get(url)
    assert len(page.context["form"].table.initial) > 40  # the rules in force
    lines = [{"month": 3, "kind": "assembly", "theme": "春季大会"}, {"month": "", "kind": ""}]
    client.post(url, table(lines, action="publish", note="请于月底前报送"))
    template = YearTemplate.objects.get()
    assert template.published_at == NOW
    assert [str(item) for item in template.items.all()] == ["3 支部党员大会 春季大会"]
    again = client.get(url).context["form"]
    more = [*lines[:1], {"month": 6, "kind": "lecture"}]
    client.post(url, table(more, action="publish", note="", seen=again.initial["seen"]))
    assert template.items.count() == 2
    notice = Notice.objects.get(recipient=secretary)
    assert "2027年度计划模板已发布" in notice.title


def test_a_template_saved_by_somebody_else_meanwhile_is_shown_beside_ones_own(branch, staff):
    template = factories.year_template(branch.township, 2027)
    factories.template_line(template, 3, "assembly", "先存的")
    client = signed_in(staff)
    url = reverse("meetings:year_template_edit", args=[2027])
    lines = [{"month": 3, "kind": "assembly", "theme": "后存的"}]
    page = client.post(url, table(lines, seen="older", note=""))
    assert page.context["mine"] == ["3月 支部党员大会 后存的"]
    assert page.context["theirs"] == ["3月 支部党员大会 先存的"]
    assert template.items.get().theme == "先存的"
    # Sent once more from that page, it is saved.
    client.post(url, table(lines, seen=page.context["form"]["seen"].value(), note=""))
    assert template.items.get().theme == "后存的"


def test_a_new_template_may_begin_empty_or_with_last_years(branch, staff):
    last = factories.year_template(branch.township, 2026)
    factories.template_line(last, 7, "lecture", "七一专题党课")
    client = signed_in(staff)
    url = reverse("meetings:year_template_edit", args=[2027])
    assert client.get(url, {"from": "empty"}).context["form"].table.initial == []
    (row,) = client.get(url, {"from": "last_year"}).context["form"].table.initial
    assert row["theme"] == "七一专题党课"


def test_a_template_is_of_this_year_or_the_next(branch, staff):
    client = signed_in(staff)
    for year, status in ((2025, 404), (2026, 200), (2027, 200), (2028, 404)):
        url = reverse("meetings:year_template_edit", args=[year])
        assert client.get(url).status_code == status


# --- From draft to approval ---------------------------------------------------------------------


def test_a_branch_drafts_from_the_template_in_one_tap(branch, secretary):
    template = factories.year_template(branch.township, 2027)
    factories.template_line(template, 3, "assembly", "春季大会")
    factories.template_line(template, 3, "committee")
    client = signed_in(secretary)
    assert client.get(reverse("meetings:year_plan_list"), {"year": 2027}).status_code == 302
    url = reverse("meetings:year_plan_start", args=[branch.pk, 2027])
    assert client.get(url).context["sources"] == ["template", "rules"]
    for _twice in range(2):
        client.post(url, {"source": "template"})
    plan = YearPlan.objects.get()
    assert plan.state == PlanState.DRAFT
    # No committee under seven full members.
    assert [str(item) for item in plan.items.all()] == ["3 支部党员大会 春季大会"]


def test_an_unpublished_template_is_no_source(branch, secretary):
    factories.year_template(branch.township, 2027, published=False)
    url = reverse("meetings:year_plan_start", args=[branch.pk, 2027])
    assert signed_in(secretary).get(url).context["sources"] == ["rules"]


def test_no_plan_is_drafted_for_a_year_that_is_over(branch, secretary):
    url = reverse("meetings:year_plan_start", args=[branch.pk, 2025])
    client = signed_in(secretary)
    assert client.get(url).context["sources"] == []
    assert client.post(url, {"source": "rules"}).status_code == 404
    assert not YearPlan.objects.exists()


def test_a_plan_goes_from_its_branch_to_staff_and_back(branch, secretary, staff):
    plan = factories.year_plan(branch, 2027, by=secretary)
    ours, theirs = signed_in(secretary), signed_in(staff)
    edit = reverse("meetings:year_plan_edit", args=[plan.pk])
    lines = [{"month": 5, "kind": "lecture", "theme": "五月党课", "note": "书记讲"}]
    ours.post(edit, table(lines, seen="1", action="submit"))
    plan.refresh_from_db()
    assert plan.state == PlanState.SUBMITTED
    assert Notice.objects.filter(recipient=staff).count() == 1
    sent_back = reverse("meetings:year_plan_return", args=[plan.pk])
    theirs.post(sent_back, {"version": plan.version, "remark": ""})
    plan.refresh_from_db()
    assert plan.state == PlanState.SUBMITTED  # a return says why
    theirs.post(sent_back, {"version": plan.version, "remark": "请补六月"})
    plan.refresh_from_db()
    assert (plan.state, plan.remark) == (PlanState.RETURNED, "请补六月")
    assert "请补六月" in ours.get(plan.get_absolute_url()).text
    ours.post(reverse("meetings:year_plan_submit", args=[plan.pk]))
    plan.refresh_from_db()
    theirs.post(reverse("meetings:year_plan_approve", args=[plan.pk]), {"version": plan.version})
    plan.refresh_from_db()
    assert plan.state == PlanState.APPROVED
    assert plan.decided_by == staff
    titles = Notice.objects.filter(recipient=secretary).order_by("pk")
    assert [n.title for n in titles] == ["2027年度计划退回修改", "2027年度计划已批准"]
    assert [event.what for event in history_of(plan)] == [
        "批准",
        "报送",
        "退回",
        "报送",
        "修改",
        "起草",
    ]


def test_an_empty_plan_is_not_sent_up(branch, secretary):
    plan = factories.year_plan(branch, 2027, by=secretary)
    signed_in(secretary).post(reverse("meetings:year_plan_submit", args=[plan.pk]))
    plan.refresh_from_db()
    assert plan.state == PlanState.DRAFT


def test_staff_do_not_approve_a_version_they_have_not_read(branch, secretary, staff):
    plan = factories.year_plan(branch, 2027, by=secretary, state=PlanState.SUBMITTED)
    plans.save_plan(plan, [Line(3, "lecture")], version=1, by=secretary, is_staff=False, at=NOW)
    url = reverse("meetings:year_plan_approve", args=[plan.pk])
    page = signed_in(staff).post(url, {"version": 1}, follow=True)
    plan.refresh_from_db()
    assert plan.state == PlanState.SUBMITTED
    assert "已有新的版本" in page.text


def test_ticked_plans_are_approved_together_each_in_the_version_shown(branch, secretary, staff):
    other = factories.branch("五阳村党支部", parent=branch.township)
    mine = factories.year_plan(branch, 2026, by=secretary, state=PlanState.SUBMITTED)
    newer = factories.year_plan(other, 2026, by=secretary, state=PlanState.SUBMITTED, version=4)
    client = signed_in(staff)
    page = client.get(reverse("meetings:year_plan_list")).text
    assert f'value="{mine.pk}:1"' in page
    assert f'value="{newer.pk}:4"' in page
    client.post(
        reverse("meetings:year_plan_approve_many"),
        {"plan": [f"{mine.pk}:1", f"{newer.pk}:3", "x:y"]},
    )
    states = YearPlan.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == [PlanState.APPROVED, PlanState.SUBMITTED]


def test_staff_of_another_township_approve_nothing_here(branch, secretary):
    plan = factories.year_plan(branch, 2026, by=secretary, state=PlanState.SUBMITTED)
    stranger = factories.person(DutyKind.STAFF, factories.township("木镇镇党委"))
    url = reverse("meetings:year_plan_approve_many")
    signed_in(stranger).post(url, {"plan": [f"{plan.pk}:1"]})
    plan.refresh_from_db()
    assert plan.state == PlanState.SUBMITTED


# --- Changing it --------------------------------------------------------------------------------


def test_two_people_editing_at_once_lose_nothing(branch, secretary, staff):
    plan = factories.year_plan(branch, 2027, by=secretary)
    line = factories.plan_line(plan, 3, "assembly", "春季大会")
    client, url = signed_in(secretary), reverse("meetings:year_plan_edit", args=[plan.pk])
    plans.save_plan(
        plan,
        [Line(3, "assembly", "换届大会", pk=line.pk)],
        version=1,
        by=staff,
        is_staff=True,
        at=NOW,
    )
    mine = [{"pk": line.pk, "month": 3, "kind": "assembly", "theme": "我的大会"}]
    page = client.post(url, table(mine, initial=1, seen="1"))
    assert page.status_code == 200
    assert page.context["mine"] == ["3月 支部党员大会 我的大会"]
    assert page.context["theirs"] == ["3月 支部党员大会 换届大会"]
    assert plan.items.get().theme == "换届大会"
    assert 'value="我的大会"' in page.text
    client.post(url, table(mine, initial=1, seen=page.context["form"]["seen"].value()))
    assert (plan.items.get().pk, plan.items.get().theme) == (line.pk, "我的大会")


def test_an_approved_plan_changes_with_a_reason_and_is_approved_anew(branch, secretary, staff):
    plan = approved(branch, secretary, (12, "lecture", "冬训"), (12, "assembly"))
    kept, gone = plan.items.all()
    client, url = signed_in(secretary), reverse("meetings:year_plan_edit", args=[plan.pk])
    lines = [
        {"pk": kept.pk, "month": 11, "kind": "lecture", "theme": "冬训"},
        {"pk": gone.pk, "month": 12, "kind": "assembly", "DELETE": "on"},
    ]
    page = client.post(url, table(lines, initial=2, seen="1"))
    assert "请写明修改原因" in page.text
    assert plan.items.count() == 2
    client.post(url, table(lines, initial=2, seen="1", reason="讲课人出差"))
    plan.refresh_from_db()
    assert plan.state == PlanState.SUBMITTED
    assert [item.pk for item in plan.items.all()] == [kept.pk]
    (event, *_rest) = history_of(plan)
    assert (event.what, event.reason) == ("修改并重新报送", "讲课人出差")
    assert event.before == ["12月 支部党员大会", "12月 党课 冬训"]
    assert event.gone == ["12月 支部党员大会", "12月 党课 冬训"]
    assert event.new == ["11月 党课 冬训"]
    assert "讲课人出差" in client.get(reverse("meetings:year_plan_history", args=[plan.pk])).text


def test_what_staff_change_stays_approved(branch, secretary, staff):
    plan = approved(branch, secretary, (12, "lecture", "冬训"))
    lines = [{"month": 12, "kind": "lecture", "theme": "统一冬训"}]
    url = reverse("meetings:year_plan_edit", args=[plan.pk])
    signed_in(staff).post(url, table(lines, seen="1", reason="全乡统一"))
    plan.refresh_from_db()
    assert plan.state == PlanState.APPROVED
    assert plan.items.get().theme == "统一冬训"


def test_saving_without_a_change_changes_nothing(branch, secretary):
    plan = approved(branch, secretary, (12, "lecture", "冬训"))
    stored = [Line.of(item) for item in plan.items.all()]
    said = {"version": 1, "by": secretary, "is_staff": False, "at": NOW}
    assert plans.save_plan(plan, stored, **said) is False
    assert plan.state == PlanState.APPROVED


def test_a_row_half_filled_is_pointed_at_and_kept(branch, secretary):
    plan = factories.year_plan(branch, 2027, by=secretary)
    url = reverse("meetings:year_plan_edit", args=[plan.pk])
    page = signed_in(secretary).post(url, table([{"theme": "没有月份"}], seen="1"))
    assert "请选择月份。" in page.text
    assert "请选择类型。" in page.text
    assert 'value="没有月份"' in page.text


def test_saving_costs_the_same_for_two_lines_as_for_forty(branch, secretary):
    plan = factories.year_plan(branch, 2027, by=secretary)

    def cost(lines):
        with CaptureQueriesContext(connection) as statements:
            plans.save_plan(plan, lines, version=plan.version, by=secretary, is_staff=False, at=NOW)
        return len(statements)

    cost([Line(1, "assembly")])
    few = cost([Line(1, "lecture"), Line(2, "lecture")])
    assert cost([Line(n % 12 + 1, "assembly", f"主题{n}") for n in range(40)]) == few


# --- Beside what was held -----------------------------------------------------------------------


def held(branch, kind, day, **fields) -> Meeting:
    return factories.meeting(branch, kinds=(kind,), day=day, **fields)


@pytest.mark.parametrize(
    ("month", "kind", "meeting", "state"),
    [
        (12, "assembly", None, LineState.AHEAD),
        (11, "assembly", None, LineState.NOW),
        (10, "assembly", None, LineState.LATER),  # the quarter is not over
        (9, "assembly", None, LineState.OPEN),
        (10, "theme_day", None, LineState.OPEN),
        (10, "theme_day", ("theme_day", date(2026, 10, 10)), LineState.HELD),
        (9, "assembly", ("assembly", date(2026, 8, 20)), LineState.HELD),  # a month early
        (9, "assembly", ("assembly", date(2026, 6, 20)), LineState.OPEN),  # another quarter
        (12, "assembly", ("assembly", date(2026, 10, 20)), LineState.AHEAD),
        (9, "assembly", ("lecture", date(2026, 9, 20)), LineState.OPEN),
    ],
)
def test_a_line_stands_where_the_records_say(branch, secretary, month, kind, meeting, state):
    plan = approved(branch, secretary, (month, kind))
    if meeting:
        held(branch, *meeting)
    assert one_line(plan).state == state


def test_a_line_is_matched_first_by_the_meeting_that_started_from_it(branch, secretary):
    plan = approved(branch, secretary, (10, "assembly", "甲"), (10, "assembly", "乙"))
    _first, second = plan.items.all()
    of_second = held(branch, "assembly", date(2026, 10, 8), title="乙", plan_item=second)
    other = held(branch, "assembly", date(2026, 10, 20), title="甲")
    lines = list(flat(beside([plan], on=TODAY)[plan.pk]))
    assert [line.meetings[0].meeting_id for line in lines] == [other.pk, of_second.pk]


def test_a_meeting_of_two_kinds_serves_a_line_of_each(branch, secretary):
    plan = approved(branch, secretary, (10, "assembly"), (10, "lecture"))
    factories.meeting(branch, kinds=("assembly", "lecture"), day=date(2026, 10, 20))
    (month,) = beside([plan], on=TODAY)[plan.pk]
    assert [line.state for line in month.lines] == [LineState.HELD, LineState.HELD]
    assert month.unplanned == []


def test_what_was_held_besides_the_plan_is_shown_in_its_month(branch, secretary):
    plan = approved(branch, secretary, (10, "lecture"))
    extra = held(branch, "assembly", date(2026, 5, 20))
    months = beside([plan], on=TODAY)[plan.pk]
    assert [(m.start.month, [it.meeting_id for it in m.unplanned]) for m in months] == [
        (5, [extra.pk]),
        (10, []),
    ]


def test_a_line_for_all_groups_is_held_when_each_has_met(branch, secretary):
    one, two = factories.group(branch, "第一党小组"), factories.group(branch, "第二党小组")
    plan = approved(branch, secretary, (10, "group"))
    held(branch, "group", date(2026, 10, 8), group=one)
    assert one_line(plan).state == LineState.OPEN
    held(branch, "group", date(2026, 10, 9), group=two)
    line = one_line(plan)
    assert line.state == LineState.HELD
    assert len(line.meetings) == 2
    assert line.group == "各党小组"


def test_a_gap_shows_its_explanation_or_the_way_to_one(branch, secretary):
    plan = approved(branch, secretary, (10, "theme_day"))
    client = signed_in(secretary)
    way_out = reverse("meetings:explanation_create", args=[branch.pk, "theme_day", "2026-10"])
    assert way_out in client.get(plan.get_absolute_url()).text
    Explanation.objects.create(
        branch=branch,
        code="theme_day",
        period_start=date(2026, 10, 1),
        kind="not_held",
        reason="防汛抢险",
        by=secretary,
        at=NOW,
    )
    assert one_line(plan).state == LineState.EXPLAINED
    page = client.get(plan.get_absolute_url()).text
    assert "防汛抢险" in page
    assert way_out not in page


@pytest.mark.parametrize(
    ("theme", "title", "differ"),
    [
        ("防汛备汛", "防汛备汛", False),
        ("防汛备汛", "10月主题党日：防汛、备汛", False),
        ("防汛备汛", "人居环境整治", True),
        ("", "人居环境整治", False),
    ],
)
def test_a_theme_that_differs_from_the_plan_is_told(theme, title, differ):
    assert differs(theme, title) is differ


def test_the_page_says_what_the_meeting_was_really_about(branch, secretary):
    plan = approved(branch, secretary, (10, "theme_day", "防汛备汛"))
    held(branch, "theme_day", date(2026, 10, 10), title="人居环境整治")
    assert "实际主题：人居环境整治" in signed_in(secretary).get(plan.get_absolute_url()).text


def test_the_planned_theme_of_a_meeting_is_that_of_its_line_or_its_month(branch, secretary):
    plan = approved(
        branch, secretary, (10, "theme_day", "防汛"), (9, "lecture", "甲"), (9, "lecture", "乙")
    )
    direct = held(branch, "lecture", date(2026, 9, 3), plan_item=plan.items.get(theme="乙"))
    by_month = held(branch, "theme_day", date(2026, 10, 12))
    unclear = held(branch, "lecture", date(2026, 9, 20))
    assert theme_of(direct) == "乙"
    assert themes_of([direct, by_month, unclear]) == {
        direct.pk: "乙",
        by_month.pk: "防汛",
        unclear.pk: "",
    }
    YearPlan.objects.update(state=PlanState.RETURNED, remark="改")
    assert theme_of(by_month) == ""


# --- Starting a meeting from it -----------------------------------------------------------------


def test_a_meeting_starts_from_a_line_of_the_plan(branch, secretary):
    plan = approved(branch, secretary, (12, "lecture", "冬训第一课"))
    line = plan.items.get()
    client = signed_in(secretary)
    url = reverse("meetings:meeting_plan") + f"?item={line.pk}"
    assert url in client.get(plan.get_absolute_url()).text
    form = client.get(url).context["form"]
    assert form.initial["kinds"] == ["lecture"]
    assert form.initial["title"] == "冬训第一课"
    assert form.initial["day"] == date(2026, 12, 10)
    client.post(url, {"kinds": ["lecture"], "title": "冬训第一课", "day": "2026-12-12"})
    meeting = Meeting.objects.get()
    assert meeting.plan_item == line
    assert one_line(plan).state == LineState.ARRANGED
    # Started once; the second time leads to it.
    assert client.get(url).url == meeting.get_absolute_url()


def test_a_line_of_another_branch_starts_nothing(branch, secretary):
    plan = approved(branch, secretary, (12, "lecture"))
    neighbour = factories.person(
        DutyKind.SECRETARY, factories.branch("五阳村党支部", parent=branch.township)
    )
    url = reverse("meetings:meeting_plan") + f"?item={plan.items.get().pk}"
    assert signed_in(neighbour).get(url).status_code == 404


def test_the_fixed_day_takes_its_theme_from_the_approved_plan(branch, secretary):
    plan = factories.year_plan(branch, 2026, by=secretary, state=PlanState.SUBMITTED)
    line = factories.plan_line(plan, 12, "theme_day", "慰问困难党员")
    meeting_services.ensure_activity_days(at=NOW)
    day = Meeting.objects.get()
    assert (day.title, day.plan_item) == ("12月主题党日", None)
    plans.approve_plan(plan, version=1, by=secretary, at=NOW)
    day.refresh_from_db()
    assert (day.title, day.plan_item, day.version) == ("慰问困难党员", line, 2)


def test_a_fixed_day_that_somebody_named_keeps_its_name(branch, secretary):
    meeting_services.ensure_activity_days(at=NOW)
    Meeting.objects.update(title="我们自己的主题")
    approved(branch, secretary, (12, "theme_day", "慰问困难党员"))
    meeting_services.ensure_activity_days(at=NOW)
    assert Meeting.objects.get().title == "我们自己的主题"


# --- Lists, week, reminders ---------------------------------------------------------------------


def test_staff_see_every_branch_with_the_state_of_its_plan(branch, secretary, staff):
    factories.branch("五阳村党支部", parent=branch.township)
    approved(branch, secretary, (12, "lecture"))
    client, url = signed_in(staff), reverse("meetings:year_plan_list")
    page = client.get(url)
    assert [(r.branch.short_name, r.plan and r.plan.state) for r in page.context["rows"]] == [
        ("上峰村党支部", "approved"),
        ("五阳村党支部", None),
    ]
    for state, names in (("none", ["五阳村党支部"]), ("approved", ["上峰村党支部"])):
        rows = client.get(url, {"state": state}).context["rows"]
        assert [row.branch.short_name for row in rows] == names
    rows = client.get(url, {"year": 2025}).context["rows"]
    assert [row.plan for row in rows] == [None, None]


def test_the_sheet_has_a_row_for_each_line(branch, secretary, staff):
    approved(branch, secretary, (10, "theme_day", "=防汛"), (12, "lecture"))
    held(branch, "theme_day", date(2026, 10, 10), title="防汛")
    answer = signed_in(staff).get(reverse("meetings:year_plan_export"))
    sheet = load_workbook(BytesIO(answer.getvalue())).active
    rows = list(sheet.values)
    assert rows[1][:4] == ("上峰村党支部", "已批准", 10, "主题党日（5+X）")
    assert rows[1][5] == "'=防汛"
    assert rows[1][7:10] == ("已开展", "2026-10-10", "防汛")
    assert rows[2][7] == "未到月份"


def test_secretaries_without_a_plan_are_told_once_from_mid_january(branch, secretary):
    young = factories.branch("新党支部", parent=branch.township, established_on=date(2027, 1, 5))
    factories.person(DutyKind.SECRETARY, young)
    assert year_templates.remind_of_plans(at=shanghai(2027, 1, 14)) == 0
    assert year_templates.remind_of_plans(at=shanghai(2027, 1, 15)) == 1
    assert year_templates.remind_of_plans(at=shanghai(2027, 2, 15)) == 0
    assert Notice.objects.get().recipient == secretary


def test_nobody_is_told_who_has_a_plan_nor_after_the_quarter(branch, secretary):
    assert year_templates.remind_of_plans(at=shanghai(2027, 4, 1)) == 0
    factories.year_plan(branch, 2027, by=secretary)
    assert year_templates.remind_of_plans(at=shanghai(2027, 1, 20)) == 0


def test_the_week_offers_the_plan_until_it_is_sent_up(branch, secretary):
    now = shanghai(2027, 1, 12)
    ensure_checklists(Week.containing(date(2027, 1, 12)), at=now)
    item = ChecklistItem.objects.get(key="year_plan.missing:2027")
    assert item.kind == "offered"
    plan, _is_new = plans.draft_plan(branch, 2027, source="rules", by=secretary, at=now)
    plans.submit_plan(plan, by=secretary, at=now)
    item.refresh_from_db()
    assert item.state == ItemState.DONE
    assert item.evidence_url == plan.get_absolute_url()
    ensure_checklists(Week.containing(date(2027, 1, 19)), at=shanghai(2027, 1, 19))
    assert ChecklistItem.objects.filter(key="year_plan.missing:2027").count() == 1


def test_the_week_offers_no_plan_after_the_first_quarter(branch):
    ensure_checklists(Week.containing(TODAY), at=NOW)
    assert not ChecklistItem.objects.filter(key__startswith="year_plan.").exists()
