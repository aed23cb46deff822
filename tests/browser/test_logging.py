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


def test_what_is_typed_is_kept_by_itself_when_the_page_is_put_away(page, branch, plan):
    page.goto(f"/meetings/{plan.pk}/record/")
    page.get_by_label("学习的文件或讲话").fill("写了一半")
    page.evaluate("window.dispatchEvent(new Event('pagehide'))")
    expect(page.locator("[data-autosave-state]")).to_contain_text("已保存")
    found = Meeting.objects.get()
    assert found.agenda.get(kind="first_topic").title == "写了一半"
    assert page.evaluate("Object.keys(localStorage).length") == 0
    page.get_by_label("学习的文件或讲话").fill("写完了")
    page.get_by_role("button", name="提交记录").tap()
    expect(page.get_by_text("记录已提交。")).to_be_visible()
    assert found.agenda.get(kind="first_topic").title == "写完了"


def test_what_cannot_be_sent_stays_on_the_device_until_it_can(page, branch, plan):
    page.goto(f"/meetings/{plan.pk}/record/")
    state = page.locator("[data-autosave-state]")
    page.context.set_offline(True)
    page.get_by_label("学习的文件或讲话").fill("没有网络时写的")
    page.wait_for_timeout(400)  # the page keeps what is typed a moment later
    page.evaluate("window.dispatchEvent(new Event('pagehide'))")
    expect(state).to_have_text("未连接，已存本机")
    assert page.evaluate("Object.keys(localStorage).length") == 1
    page.context.set_offline(False)
    page.evaluate("window.dispatchEvent(new Event('pagehide'))")
    expect(state).to_contain_text("已保存")
    assert page.evaluate("Object.keys(localStorage).length") == 0


def test_two_browsers_on_one_record_lose_nothing(page, open_browser, branch, plan):
    other = open_browser(factories.person("committee", branch))
    for one in (page, other):
        one.goto(f"/meetings/{plan.pk}/record/")
        one.get_by_text("列席、总结、照片").tap()
    other.get_by_label("主持人总结").fill("他写的总结")
    other.get_by_role("button", name="保存草稿").tap()
    expect(other.get_by_text("草稿已保存。")).to_be_visible()
    page.get_by_label("主持人总结").fill("我写的总结")
    page.evaluate("window.dispatchEvent(new Event('pagehide'))")
    expect(page.locator("[data-autosave-state]")).to_contain_text("也改过")
    page.get_by_role("button", name="保存草稿").tap()
    expect(page.get_by_text("填写期间，这份记录已被别人修改")).to_be_visible()
    page.get_by_text("两份都要，接在一起").tap()
    page.get_by_role("button", name="保存草稿").tap()
    expect(page.get_by_text("草稿已保存。")).to_be_visible()
    assert Meeting.objects.get().summary == "我写的总结\n他写的总结"


def test_the_arithmetic_of_a_vote_follows_the_fingers(page, branch, assert_accessible):
    page.goto(f"/meetings/new/?branch={branch.pk}&kind=assembly")
    page.get_by_text("其他议题、表决").tap()
    page.get_by_text("听取支委会工作报告").tap()
    row = page.locator("[data-prefix=item] .rows > .rows-row").first
    expect(row.get_by_label("议题", exact=True)).to_have_value("听取支委会工作报告")
    row.get_by_label("类别").select_option("decision")
    row.get_by_label("赞成").fill("15")
    line = row.locator("[data-ballots]")
    expect(line).to_have_text("共 15 票，实到有表决权 30 人；过半数为 16 人，赞成 15，未通过")
    page.locator(f".person[data-name={branch.people[3].name}] .person-chip").tap()
    expect(line).to_contain_text("实到有表决权 29 人")
    row.get_by_label("表决类型").select_option("election")
    row.get_by_label("候选人和得票").fill("李建国 28\n王芳 9")
    expect(line).to_have_text("过半数为 15 票，当选：李建国")
    assert_accessible(page)


def test_the_share_of_the_best_is_counted_while_grading(page, branch, assert_accessible):
    page.goto(f"/meetings/new/?branch={branch.pk}&kind=org_life&kind=evaluation")
    assert_accessible(page)
    grades = page.locator("[data-grade]")
    expect(page.locator("[data-grades-allowed]")).to_have_text("10")
    for n in range(11):
        grades.nth(n).select_option("excellent")
    expect(page.locator("[data-grades-given]")).to_have_text("11")
    expect(page.locator("[data-grades-over]")).to_be_visible()
    grades.nth(0).select_option("qualified")
    expect(page.locator("[data-grades-over]")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_whom_the_meeting_leaves_out_is_no_longer_expected(page, branch):
    page.goto(f"/meetings/new/?branch={branch.pk}&kind=assembly")
    page.get_by_text("调整应到", exact=True).tap()
    page.get_by_label("不计入应到的党员").select_option(label=branch.people[5].name)
    expect(page.locator("[data-count=expected]")).to_have_text("29")
    expect(page.locator("[data-count=voters]")).to_have_text("31")
    person = page.locator(f".person[data-name={branch.people[5].name}]")
    expect(person.get_by_label("其他")).to_be_checked()
