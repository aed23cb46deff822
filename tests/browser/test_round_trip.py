"""The day's main round trip, on the sample roster, with the very processes that script/server starts.

staff import the roster → beat publishes the week to every branch → a secretary on a phone logs the
5+X and a 支委会 → the checklist ticks itself → the matrix turns → the leader sees who is behind,
raises an issue, the branch answers it, the leader closes it.
"""

import re
import time
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import DESKTOP, PHONE
from tests.servers import ROOT, Installation

pytestmark = pytest.mark.services

BRANCH = "杜村村第一党支部"
PASSWORD = "Badu-2026-own"
ROSTER = ROOT / "branches" / "sample" / "ducun-roster.xlsx"

# What stands before the day begins: the tree, its staff and leader, the fixed day: today.
BEFORE = f"""
from datetime import date, timedelta
from django.utils import timezone
from branches.models import ContactPoint, Organization
from curriculum.models import WeeklyPolicy
from meetings.models import ActivityPolicy, Meeting, MeetingType
from tests import factories
today = timezone.localdate()
township = Organization.objects.townships().get()
branch = Organization.objects.get(short_name="{BRANCH}")
other = Organization.objects.get(short_name="四峰村党支部")
people = {{
    "staff": factories.person("staff", township, "杜小梅"),
    "leader": factories.person("leader", township, "方志远"),
    "reminded": factories.person("secretary", other, "四峰书记"),
}}
factories.contact_point(people["leader"], branch)
WeeklyPolicy.objects.create(township=township, publish_hour=0)
ActivityPolicy.objects.create(township=township, day=min(today.day, 28), roll="none")
# One branch has set its own day, the day after tomorrow: its secretary is to be reminded.
soon = Meeting.objects.create(
    branch=other, township=township, title="主题党日", day=today + timedelta(days=2),
    plan_key=f"theme_day:{{today + timedelta(days=2):%Y-%m}}",
)
MeetingType.objects.create(meeting=soon, kind="theme_day", branch=other)
result = {{name: user.username for name, user in people.items()}}
"""
# The branch's committee, as its secretary would have put it in: five at home.
COMMITTEE = f"""
from branches.models import Organization, Post
from tests import factories
branch = Organization.objects.get(short_name="{BRANCH}")
members = branch.members.filter(is_floating=False, full_on__isnull=False).order_by("pk")[:5]
roles = ["secretary", "deputy", "organization", "publicity", "discipline"]
for member, role in zip(members, roles):
    Post.objects.create(organization=branch, member=member, role=role, from_on=factories.LONG_AGO)
result = [member.name for member in members]
"""
STATE = f"""
from branches.models import Organization
from curriculum.models import ChecklistItem, WeeklyChecklist
from curriculum.weekly import Week
from django.utils import timezone
from notifications.models import Notice
today = timezone.localdate()
items = ChecklistItem.objects.filter(
    checklist__monday=Week.containing(today).monday, checklist__branch__short_name="{BRANCH}"
)
result = {{
    "lists": WeeklyChecklist.objects.filter(monday=Week.containing(today).monday).count(),
    "items": dict(items.values_list("key", "state")),
    "reminders": Notice.objects.filter(key__startswith="meetings.theme_day.before").count(),
    "monday": Week.containing(today).monday,
    "today": today,
}}
"""


@pytest.fixture
def base_url() -> str:
    """Not the live server: every page here comes from the installation's own web process."""
    return ""


@pytest.fixture(autouse=True)
def rows_of_migrations() -> None:
    """The test process's own database is not touched."""


@pytest.fixture
def open_page(browser: Browser, port: int) -> Iterator[Callable[[dict], Page]]:
    contexts = []

    def make(size: dict) -> Page:
        context = browser.new_context(
            base_url=f"http://127.0.0.1:{port}",
            viewport=size,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            has_touch=size is PHONE,
        )
        context.set_default_timeout(20_000)
        contexts.append(context)
        return context.new_page()

    yield make
    for context in contexts:
        context.close()


def sign_in(page: Page, username: str, password: str) -> None:
    page.goto("/sign-in/")
    page.get_by_label("登录名").fill(username)
    page.get_by_label("密码").fill(password)
    page.get_by_role("button", name="登录").click()


def until(is_true: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 90
    while not is_true():
        assert time.monotonic() < deadline, "the worker did not get there in time"
        time.sleep(1)


@pytest.mark.parametrize("installation", ["embedded"], indirect=True)
def test_from_the_roster_to_the_closed_issue(installation: Installation, open_page) -> None:
    sample = ROSTER.with_name("ducun-organizations.xlsx")
    installation.manage("prepare")
    installation.manage("import_organizations", str(sample))
    people = installation.run(BEFORE)
    installation.start("runall")

    desk = open_page(DESKTOP)
    sign_in(desk, people["staff"], "Badu-2026-test")
    import_the_roster(desk)
    first_password = open_an_account(desk)
    office = installation.run(COMMITTEE)

    # Web, worker and beat start again, as after a power cut, and do what is due.
    installation.stop("runall")
    installation.start("runall")
    until(lambda: "meetings.owed:committee" in str(installation.run(STATE)["items"]))
    state = installation.run(STATE)
    assert state["lists"] == 22
    until(lambda: installation.run(STATE)["reminders"] == 1)

    phone = open_page(PHONE)
    sign_in(phone, "zhishu", first_password)
    choose_an_own_password(phone, first_password)
    log_the_fixed_day(phone, office)
    log_a_committee_meeting(phone, state["monday"], office[1])
    items = installation.run(STATE)["items"]
    done = {key.split(":")[1] for key, state in items.items() if state == "done"}
    assert {"theme_day", "committee"} <= done

    board = open_page(DESKTOP)
    sign_in(board, people["leader"], "Badu-2026-test")
    see_who_is_behind(board)
    raise_an_issue(board)
    answer_it(phone)
    close_it(board)


def import_the_roster(page: Page) -> None:
    page.goto("/imports/new/")
    page.get_by_label("党员花名册").check()
    page.locator("input[type=file]").set_input_files(ROSTER)
    page.get_by_role("button", name="上传并预览").click()
    expect(page.get_by_role("main")).to_contain_text("缺少姓名")
    page.get_by_role("button", name="只导入无误的594行").click()
    expect(page.get_by_role("main")).to_contain_text("594")


def open_an_account(page: Page) -> str:
    page.goto("/accounts/new/")
    page.get_by_label("登录名").fill("zhishu")
    page.get_by_label("姓名").first.fill("村支书")
    page.get_by_label("职责").select_option(label="支部书记")
    page.get_by_label("党组织").select_option(label=BRANCH)
    page.get_by_role("button", name="建立账号").click()
    return page.locator(".secret").inner_text()


def choose_an_own_password(page: Page, first: str) -> None:
    expect(page).to_have_url("/password/", timeout=20_000)
    page.get_by_label("现在的密码").fill(first)
    for field in page.get_by_label("新密码").all():
        field.fill(PASSWORD)
    page.get_by_role("main").get_by_role("button").click()


def log_the_fixed_day(page: Page, office: list[str]) -> None:
    """Four were away; the place is asked for this once, the next record knows it."""
    page.goto("/week/")
    item = page.locator(".todo > li").filter(has_text="主题党日")
    item.get_by_role("link", name="办理").click()
    unfold_basics(page)
    page.get_by_label("地点").fill("党群服务中心")
    away = [
        row for row in page.locator(".person").all() if row.get_attribute("data-name") not in office
    ]
    for n, person in enumerate(away[:4]):
        person.locator(".person-chip input").tap()
        person.get_by_label("病假" if n else "事假").tap()
    page.get_by_label("学习的文件或讲话").fill("学习党的二十届四中全会精神")
    submit(page)


def log_a_committee_meeting(page: Page, monday: str, deputy: str) -> None:
    page.goto("/week/")
    item = page.locator(".todo > li").filter(has_text="支委会")
    item.get_by_role("link", name="办理").click()
    unfold_basics(page)
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.locator("#id_day").fill(monday)
        page.locator("#id_day").press("Tab")
    page.get_by_label("学习的文件或讲话").fill("学习《支部工作条例》")
    person = page.locator(f".person[data-name='{deputy}']")
    person.locator(".person-chip input").tap()
    person.get_by_label("公差").tap()
    submit(page)


def unfold_basics(page: Page) -> None:
    """They stand open where something is missing, else in one line."""
    if not page.locator("#id_day").is_visible():
        page.locator("details.fold summary").first.tap()


def submit(page: Page) -> None:
    page.get_by_role("button", name="提交记录").tap()
    expect(page).not_to_have_url(re.compile("/record/|/new/"))
    expect(page.get_by_role("main")).to_contain_text("已提交")


def see_who_is_behind(page: Page) -> None:
    expect(page.get_by_role("main")).to_contain_text(BRANCH)
    page.goto("/matrix/")
    row = page.locator(".matrix tbody tr").filter(has_text=BRANCH)
    assert row.locator(".met").count() >= 2
    others = page.locator(".matrix tbody tr").filter(has_text="四峰村党支部")
    assert others.locator(".due, .overdue, .planned").count() >= 3


def raise_an_issue(page: Page) -> None:
    page.goto("/")
    page.get_by_role("link", name="提出问题").first.click()
    page.get_by_label("常见问题").select_option(index=1)
    page.get_by_role("button", name="提出", exact=True).click()
    expect(page.get_by_role("main")).to_contain_text("待整改")


def answer_it(page: Page) -> None:
    page.goto("/issues/")
    page.locator("main .list a, main tbody a").first.click()
    page.get_by_label("整改情况").fill("已补写请假人员和事由，今后由组织委员把关。")
    page.get_by_role("button", name="提交答复，申请销号").click()
    expect(page.get_by_role("main")).to_contain_text("申请销号")


def close_it(page: Page) -> None:
    page.reload()
    page.get_by_role("button", name="复核通过，销号").click()
    expect(page.get_by_role("main")).to_contain_text("已销号")
