"""Logging a meeting under a thumb: counted taps, live numbers, and nothing typed is lost."""

from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from branches.models import Exemption
from meetings.models import ActivityPolicy, FixedAction, Meeting, MeetingState
from tests import factories

pytestmark = pytest.mark.django_db(transaction=True)

ACTIONS_AT_MOST, FIELDS_AT_MOST = 12, 6


@pytest.fixture
def branch():
    it = factories.branch("上峰村第一党支部")
    ActivityPolicy.objects.create(township=it.township)
    for position in range(1, 6):
        FixedAction.objects.create(
            township=it.township,
            name=f"固定动作{position}",
            position=position,
            valid_from=factories.LONG_AGO,
        )
    names = [f"党员{chr(0x7532 + n)}" for n in range(31)]
    people = [factories.member(it, name, initials=f"m{n:02d}") for n, name in enumerate(names)]
    factories.post(people[0], "secretary")
    factories.post(people[1], "organization")
    Exemption.objects.create(member=people[30], kind="old_or_ill", from_on=factories.LONG_AGO)
    it.people = people
    return it


@pytest.fixture
def plan(branch):
    day = timezone.localdate() - timedelta(days=1)
    fields = {"state": MeetingState.PLANNED, "day": day, "place": "党群服务中心"}
    return factories.meeting(branch, kinds=("theme_day",), title="主题党日", **fields)


@pytest.fixture
def page(open_browser, branch):
    return open_browser(factories.person("secretary", branch))


def test_a_full_5x_of_thirty_with_four_away_takes_twelve_actions_at_most(page, branch, plan):
    page.goto(f"/meetings/{plan.pk}/record/")
    needed = page.locator("form[data-draft] [required]")
    assert needed.count() <= FIELDS_AT_MOST
    expect(page.locator("[data-count=expected]")).to_have_text("30")
    taps = 0
    for member, reason in zip(
        branch.people[2:6], ("病假", "外出务工", "公差", "无故缺席"), strict=True
    ):
        person = page.locator(f".person[data-name={member.name}]")
        person.locator(".person-chip").tap()
        person.get_by_text(reason, exact=True).locator("..").tap()
        taps += 2
    expect(page.locator("[data-count=present]")).to_have_text("26")
    expect(page.locator("[data-count=leave]")).to_have_text("3")
    expect(page.locator("[data-count=absent]")).to_have_text("1")
    page.get_by_label("学习的文件或讲话").fill("全会精神")
    page.get_by_role("button", name="提交记录").tap()
    taps += 2
    expect(page.get_by_text("记录已提交。")).to_be_visible()
    assert taps <= ACTIONS_AT_MOST
    found = Meeting.objects.with_attendance().get()
    assert found.state == MeetingState.RECORDED
    assert (found.expected, found.present, found.leave, found.absent) == (30, 26, 3, 1)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_a_lost_connection_loses_nothing(page, branch, plan):
    page.goto(f"/meetings/{plan.pk}/record/")
    page.get_by_label("学习的文件或讲话").fill("写了很久的内容")
    page.locator(f".person[data-name={branch.people[3].name}] .person-chip").tap()
    page.context.set_offline(True)
    page.get_by_role("button", name="提交记录").tap()
    expect(page.locator("#offline")).to_be_visible()
    page.context.set_offline(False)
    page.reload()
    expect(page.get_by_label("学习的文件或讲话")).to_have_value("写了很久的内容")
    expect(page.locator("[data-count=present]")).to_have_text("29")
    page.get_by_role("button", name="保存草稿").tap()
    expect(page.get_by_text("草稿已保存。")).to_be_visible()
    page.goto(f"/meetings/{plan.pk}/record/")
    expect(page.locator("[data-draft-bar]")).to_be_hidden()


def test_what_was_typed_into_a_part_that_came_later_is_put_back_too(page, branch):
    page.goto(f"/meetings/new/?branch={branch.pk}")
    page.get_by_label("党课", exact=True).check()
    page.get_by_label("党课题目").fill("乡村振兴与我们村")
    page.locator(f".person[data-name={branch.people[3].name}] .person-chip").tap()
    page.wait_for_timeout(400)  # the page keeps what is typed a moment later
    page.reload()
    expect(page.get_by_label("党课题目")).to_have_value("乡村振兴与我们村")
    expect(page.locator("[data-count=present]")).to_have_text("29")
    expect(page.locator("#basics-line")).to_contain_text("党课")


def test_the_warning_comes_before_a_vote_without_a_quorum(page, branch):
    factories.member(branch)
    page.goto(f"/meetings/new/?branch={branch.pk}&kind=committee")
    warning = page.locator("[data-quorum]")
    expect(warning).to_be_hidden()
    for member in branch.people[:2]:
        page.locator(f".person[data-name={member.name}] .person-chip").tap()
    expect(warning).to_be_visible()
    page.locator("[data-roster-undo]").tap()
    expect(warning).to_be_hidden()


def test_the_list_of_names_follows_the_kinds(page, branch):
    page.goto(f"/meetings/new/?branch={branch.pk}")
    page.get_by_label("支委会").check()
    expect(page.locator("[data-count=expected]")).to_have_text("2")
    page.get_by_label("支委会").uncheck()
    page.get_by_label("支部党员大会").check()
    expect(page.locator("[data-count=expected]")).to_have_text("30")


def test_the_pages_are_accessible(page, branch, plan, assert_accessible):
    page.goto(f"/meetings/new/?branch={branch.pk}&kind=lecture&kind=assembly")
    page.get_by_text("其他议题、表决").tap()
    page.locator(f".person[data-name={branch.people[3].name}] .person-chip").tap()
    assert_accessible(page)
    page.get_by_role("button", name="提交记录").tap()
    expect(page.get_by_text("还有几处需要补充")).to_be_visible()
    assert_accessible(page)
    for url in ("/meetings/", "/meetings/plan/", plan.get_absolute_url()):
        page.goto(url)
        assert_accessible(page)
