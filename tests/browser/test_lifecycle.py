"""Each type of meeting from its plan to the archive, with the leader's three duties and its PDF.

The secretary plans and sends the topic up → the leader approves it on a phone → the leader is there
and says so → the secretary writes the record → the leader names a shortcoming, which becomes an
issue in one tap → the record is archived → its PDF is made, read back and drawn.
"""

from collections.abc import Callable
from typing import NamedTuple

import pypdfium2
import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from inspections.models import Issue
from meetings.models import (
    ActivityPolicy,
    Comment,
    FixedAction,
    LeaderVisit,
    Meeting,
    MeetingKind,
    MeetingState,
    ReviewDecision,
    TopicReview,
)
from meetings.services import documents
from tests import factories
from tests.browser.conftest import DESKTOP, PHONE

pytestmark = pytest.mark.django_db(transaction=True)

NAMES = ("李建国", "王秀英", "张明远", "陈光华", "赵立强", "孙丽华", "周永平", "吴芳菲", "郑小满")
A4_POINTS = (595, 842)


@pytest.fixture
def branch():
    it = factories.branch("上峰村第一党支部")
    ActivityPolicy.objects.create(township=it.township)
    FixedAction.objects.create(
        township=it.township, name="诵读党章", position=1, valid_from=factories.LONG_AGO
    )
    group = factories.group(it)
    it.people = [factories.member(it, name, group=group) for name in NAMES[:-1]]
    # The last one is on probation: takes part, has no vote and gets no grade.
    it.people.append(
        factories.member(
            it,
            NAMES[-1],
            group=group,
            joined_on=timezone.localdate(),
            full_on=None,
            from_on=factories.LONG_AGO,
        )
    )
    group.leader = it.people[0]
    group.save()
    for person, role in zip(it.people[:3], ("secretary", "organization", "publicity"), strict=True):
        factories.post(person, role)
    return it


@pytest.fixture
def people(branch):
    found = {
        "secretary": factories.person("secretary", branch, "李建国"),
        "leader": factories.person("leader", branch.township, "方志远"),
    }
    factories.contact_point(found["leader"], branch)
    return found


# --- What each type asks beyond the rest ---------------------------------------------------------


def item(page: Page, kind: str, title: str, **texts: str) -> None:
    """Fill the first row of the further items."""
    fold = page.locator("section[aria-labelledby=more-items] details").first
    if fold.get_attribute("open") is None:
        fold.locator("summary").first.click()
    row = page.locator("[data-prefix=item] .rows-row").first
    row.get_by_label("类别").select_option(label=kind)
    row.get_by_label("议题", exact=True).fill(title)
    for label, text in texts.items():
        row.get_by_label(label).first.fill(text)


def ballots(page: Page, rule: str, in_favour: int) -> None:
    row = page.locator("[data-prefix=item] .rows-row").first
    row.get_by_label("表决类型").select_option(label=rule)
    row.get_by_label("赞成").fill(str(in_favour))


def study(page: Page) -> None:
    page.get_by_label("学习的文件或讲话").fill("关于基层减负的重要论述")


def assembly(page: Page) -> None:
    study(page)
    item(page, "表决事项", "年度工作计划", 发言要点="王秀英提出增加茶园清淤。", 决定="同意")
    ballots(page, "一般决议", 8)


def committee(page: Page) -> None:
    study(page)
    item(page, "议题", "研究茶园灌溉渠清淤", 发言要点="张明远主张先勘察。")


def group(page: Page) -> None:
    study(page)


def lecture(page: Page) -> None:
    page.get_by_label("党课题目").fill("身边人讲身边事")
    page.get_by_label("授课人").fill("李建国")


def theme_day(page: Page) -> None:
    study(page)
    page.get_by_label("自选动作（X）").fill("清理河道")


def org_life(page: Page) -> None:
    row = page.locator("[data-prefix=remark] .rows-row").first
    row.get_by_label("发言人").select_option(label="王秀英")
    row.get_by_label("批评对象").select_option(label="张明远")
    row.locator("textarea").fill("走访农户少，遇事爱拖。")
    row = page.locator("[data-prefix=problem] .rows-row").first
    row.get_by_label("问题", exact=True).fill("入户走访不够")
    row.get_by_label("整改措施").fill("每月走访五户")


def evaluation(page: Page) -> None:
    page.get_by_label("王秀英的等次").select_option(label="优秀")
    page.get_by_label("陈光华的等次").select_option(label="基本合格")


def talk(page: Page) -> None:
    for name in ("李建国", "陈光华"):
        page.locator("label.chip", has_text=name).click()
    page.get_by_label("谈话要点").fill("谈了家里的困难，愿意带头清淤。")


def admission(page: Page) -> None:
    study(page)
    item(page, "表决事项", "郑小满同志转为正式党员", 发言要点="孙丽华介绍了一年来的表现。")
    row = page.locator("[data-prefix=item] .rows-row").first
    row.get_by_label("表决类型").select_option(label="接收预备党员或转正")
    row.get_by_label("表决什么").select_option(label="按期转正")
    row.get_by_label("表决对象").fill("郑小满")
    row.get_by_label("赞成").fill("8")


class Life(NamedTuple):
    """One type: how it is planned, what its form asks, and what its PDF has to say."""

    kind: str
    title: str
    fill: Callable[[Page], None]
    says: tuple[str, ...]


LIVES = {
    "assembly": Life(
        "assembly", "讨论年度工作", assembly, ("年度工作计划", "赞成", "通过", "应到")
    ),
    "committee": Life("committee", "研究茶园清淤", committee, ("张明远主张先勘察", "王秀英")),
    "group": Life("group", "党小组学习", group, ("关于基层减负的重要论述",)),
    "lecture": Life("lecture", "第四季度党课", lecture, ("身边人讲身边事", "李建国")),
    "theme_day": Life("theme_day", "河道清理日", theme_day, ("诵读党章", "清理河道")),
    "org_life": Life(
        "org_life", "年度组织生活会", org_life, ("走访农户少", "每月走访五户", "张明远")
    ),
    "evaluation": Life("evaluation", "民主评议会", evaluation, ("优秀", "基本合格", "郑小满")),
    "talk": Life("talk", "和陈光华谈心", talk, ("愿意带头清淤", "陈光华")),
    "admission": Life("assembly", "讨论转正", admission, ("郑小满", "无记名", "按期转正")),
}


@pytest.mark.parametrize("life", LIVES.values(), ids=LIVES)
def test_a_meeting_lives_from_its_plan_to_the_archive(life, branch, people, open_browser, tmp_path):
    secretary = open_browser(people["secretary"], DESKTOP)
    leader = open_browser(people["leader"], PHONE)

    plan(secretary, life)
    meeting = Meeting.objects.get(title=life.title)
    review(secretary, leader, meeting)
    attend(leader, meeting, people["leader"])
    write(secretary, life, meeting)
    comment(leader, meeting)
    archive(secretary, meeting)
    text, first_page = read_pdf(secretary, meeting, tmp_path)

    for said in (life.title, branch.name, "方志远", *life.says):
        assert said in text, said
    assert_looks_like_a_record(first_page)


def plan(page: Page, life: Life) -> None:
    page.goto(f"/meetings/plan/?kind={life.kind}&day={timezone.localdate():%Y-%m-%d}")
    label = str(MeetingKind(life.kind).label)
    expect(page.get_by_label(label, exact=True)).to_be_checked()
    page.locator("#id_title").fill(life.title)
    if life.kind == "group":
        page.get_by_label("党小组", exact=True).select_option(index=1)
    page.get_by_label("地点").fill("党群服务中心")
    page.get_by_label("开始时间").fill("00:05")
    page.get_by_role("button", name="保存计划").click()
    expect(page.get_by_role("heading", name=life.title, level=1)).to_be_visible()


def review(secretary: Page, leader: Page, meeting: Meeting) -> None:
    """Before: the topic goes to the linked leader, who approves it."""
    if not TopicReview.objects.filter(meeting=meeting).exists():
        secretary.get_by_role("button", name="送审主题").click()
        secretary.wait_for_load_state("networkidle")
    leader.goto(meeting.get_absolute_url())
    leader.get_by_label("审核意见").fill("结合本村实际")
    leader.get_by_role("button", name="同意").tap()
    expect(leader.get_by_text("结合本村实际")).to_be_visible()
    assert TopicReview.objects.get(meeting=meeting).decision == ReviewDecision.APPROVED


def attend(page: Page, meeting: Meeting, leader) -> None:
    """During: the leader's own word that he is there, with a remark on the spot."""
    page.goto(meeting.get_absolute_url())
    page.get_by_label("会上提醒").fill("请逐人发言")
    page.get_by_role("button", name="我已到会").tap()
    expect(page.get_by_text("请逐人发言")).to_be_visible()
    assert LeaderVisit.objects.get(meeting=meeting).leader == leader


def write(page: Page, life: Life, meeting: Meeting) -> None:
    page.goto(f"/meetings/{meeting.pk}/record/")
    life.fill(page)
    page.get_by_role("button", name="提交记录").click()
    expect(page.get_by_text("记录已提交。")).to_be_visible()
    meeting.refresh_from_db()
    assert meeting.state == MeetingState.RECORDED
    assert not meeting.is_late


def comment(page: Page, meeting: Meeting) -> None:
    """After: what was lacking becomes an issue with a deadline in one tap."""
    page.goto(f"/meetings/{meeting.pk}/leader/")
    page.get_by_text("点评这次会议").tap()
    page.get_by_label("其他不足").fill("记录人没有写不同意见")
    page.get_by_role("button", name="提交点评").tap()
    row = page.locator(".timeline li", has_text="记录人没有写不同意见")
    expect(row).to_be_visible()
    row.get_by_role("button", name="问题").tap()
    expect(row.get_by_role("link", name="问题")).to_be_visible()
    found = Comment.objects.get(text="记录人没有写不同意见")
    issue = Issue.objects.get(comment=found)
    assert issue.meeting == meeting
    assert issue.due_on > timezone.localdate()


def archive(page: Page, meeting: Meeting) -> None:
    page.goto(meeting.get_absolute_url())
    # The page's later parts push the button down as they arrive.
    page.wait_for_load_state("networkidle")
    box = page.locator(f"details:has(form[action='/meetings/{meeting.pk}/archive/'])")
    box.locator("summary").click()
    box.get_by_role("button", name="归档").click()
    page.wait_for_load_state("networkidle")
    meeting.refresh_from_db()
    assert meeting.state == MeetingState.ARCHIVED


def read_pdf(page: Page, meeting: Meeting, folder) -> tuple[str, object]:
    """Ask for the PDF, let the worker's verb make it, and open what the browser gets."""
    page.goto(meeting.get_absolute_url())
    page.get_by_role("button", name="PDF").click()
    page.wait_for_load_state("networkidle")
    assert documents.make_document(at=timezone.now())
    page.reload()
    link = page.get_by_role("link", name="打开").or_(page.get_by_role("link", name="下载")).first
    answer = page.request.get(link.get_attribute("href"))
    assert answer.headers["content-type"].startswith("application/pdf")
    pdf = pypdfium2.PdfDocument(answer.body())
    text = "".join(pdf[n].get_textpage().get_text_bounded() for n in range(len(pdf)))
    assert tuple(round(side) for side in pdf[0].get_size()) == A4_POINTS
    picture = pdf[0].render(scale=1).to_pil().convert("L")
    picture.save(folder / "page.png")
    # Lines are broken anywhere in Chinese.
    return "".join(text.split()), picture


def assert_looks_like_a_record(picture) -> None:
    """White margins as GB/T 9704 has them, ink in the type area, a title in the middle of the top."""
    width, height = picture.size
    left = picture.crop((0, 0, round(width * 26 / 210), height))
    top = picture.crop((0, 0, width, round(height * 34 / 297)))
    area = picture.crop((round(width * 28 / 210), round(height * 37 / 297), width, height))
    assert left.getextrema()[0] > 200
    assert top.getextrema()[0] > 200
    histogram = area.histogram()
    assert 0.005 < sum(histogram[:128]) / sum(histogram) < 0.3
