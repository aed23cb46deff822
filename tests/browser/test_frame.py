"""What every page's scripts do, and that the pages do without them."""

import re

import pytest
from playwright.sync_api import expect

from tests import factories
from tests.browser.conftest import DESKTOP

pytestmark = pytest.mark.django_db(transaction=True)

NARROWEST = {"width": 320, "height": 640}


@pytest.fixture
def branch():
    return factories.branch("上峰村第一党支部")


@pytest.fixture
def secretary(branch):
    return factories.person("secretary", branch)


@pytest.fixture
def page(open_browser, secretary):
    return open_browser(secretary)


@pytest.fixture
def record(page, branch):
    """The page a new meeting is recorded on, with the fold of further items open."""
    page.goto(f"/meetings/new/?branch={branch.pk}&kind=assembly")
    page.get_by_text("其他议题、表决").tap()
    return page


def titles(page) -> list[str]:
    return [field.input_value() for field in page.locator(".rows [name$=-title]").all()]


def drafts(page) -> int:
    return page.evaluate("Object.keys(localStorage).filter((key) => key.includes('draft')).length")


def test_the_list_of_places_opens_and_gives_the_focus_back(page):
    page.goto("/members/")
    expect(page.locator("#nav")).to_be_hidden()
    page.locator("[data-nav-open]").tap()
    expect(page.locator("#nav").get_by_role("link", name="对照表")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#nav")).to_be_hidden()
    expect(page.locator("[data-nav-open]")).to_be_focused()


def test_the_list_of_places_opens_without_scripts(open_browser, secretary):
    page = open_browser(secretary, java_script_enabled=False)
    page.goto("/members/")
    page.locator("[data-nav-open]").tap()
    expect(page.locator("#nav").get_by_role("link", name="对照表")).to_be_visible()
    page.locator("[data-nav-close]").tap()
    expect(page.locator("#nav")).to_be_hidden()


def test_rows_are_added_moved_and_put_back_by_the_draft(record):
    before = titles(record)
    record.locator("[data-prefix=item] [data-row-add]").tap()
    added = record.locator("[data-prefix=item] .rows-row").last
    added.locator("[name$=-title]").fill("茶园改造")
    if before:
        added.locator("[data-row=up]").tap()
    wanted = titles(record)
    assert "茶园改造" in wanted
    record.reload()
    expect(record.locator("[data-draft-bar]")).to_be_visible()
    assert titles(record) == wanted
    record.get_by_role("button", name="撤销恢复").tap()
    assert titles(record) == before
    record.get_by_role("button", name="丢弃").tap()
    record.reload()
    expect(record.locator("[data-draft-bar]")).to_be_hidden()


def test_a_draft_of_an_older_record_waits_to_be_asked_for(page, branch):
    meeting = factories.meeting(branch, state="draft", kinds=("assembly",))
    address = f"/meetings/{meeting.pk}/record/"
    page.goto(address)
    title = page.get_by_label("学习的文件或讲话")
    served = title.input_value()
    title.fill("写在旧记录上的内容")
    type(meeting).objects.filter(pk=meeting.pk).update(version=meeting.version + 1)
    page.reload()
    expect(page.locator("[data-draft-bar]")).to_contain_text("核对")
    expect(title).to_have_value(served)
    page.get_by_role("button", name="恢复", exact=True).tap()
    expect(title).to_have_value("写在旧记录上的内容")


def test_signing_out_leaves_no_draft_on_a_shared_computer(record):
    record.get_by_label("学习的文件或讲话").fill("没有提交的内容")
    for _ in range(40):
        if drafts(record):
            break
        record.wait_for_timeout(50)
    record.locator("[data-nav-open]").tap()
    record.get_by_role("button", name="退出").tap()
    record.locator("#confirm").get_by_role("button", name="返回").tap()
    assert drafts(record) == 1
    record.get_by_role("button", name="退出").tap()
    # What is about to be kept must not come after the leaving.
    record.locator("#id_place").dispatch_event("change")
    record.locator("#confirm").get_by_role("button", name="确定").tap()
    expect(record).to_have_url(re.compile("/sign-in/"))
    assert drafts(record) == 0


@pytest.mark.parametrize("size", [NARROWEST, DESKTOP], ids=["320", "1440"])
@pytest.mark.parametrize("address", ["/", "/members/", "/meetings/", "/meetings/new/", "/about/"])
def test_nothing_is_wider_than_the_page(open_browser, secretary, size, address):
    page = open_browser(secretary, size)
    page.goto(address)
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
