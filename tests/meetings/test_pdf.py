"""The minutes as a PDF: read back, rendered, looked at."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from branches.models import Exemption
from meetings.documents import CannotMake, fonts, pdf
from meetings.documents.minutes_pdf import minutes_pdf
from meetings.documents.official import for_records, official_records
from meetings.documents.pieces import numeral
from meetings.models import Meeting
from tests.meetings import papers

pytestmark = pytest.mark.django_db


@pytest.fixture
def branch():
    return papers.branch()


def text_of(meeting, *, with_reasons=False) -> str:
    return "".join(papers.pages(minutes_pdf(meeting, with_reasons=with_reasons).content))


def test_the_text_of_an_assembly_is_read_back(branch):
    meeting = papers.record(branch, ("assembly", "theme_day"), "十一月支部党员大会")
    papers.decision(meeting, in_favour=55, against=1)
    made = minutes_pdf(meeting, with_reasons=False)
    text = "".join(papers.pages(made.content))
    assert made.name == "2026-11-10 上峰村第一党支部 支部党员大会、主题党日（5+X）记录.pdf"
    for said in (
        "中共上峰村第一党支部",
        "支部党员大会、主题党日（5+X）记录",
        "主题：十一月支部党员大会",
        "时间：2026年11月10日（星期二）19:00—20:30",
        "主持人：赵建明（书记）",
        "记录人：钱建强",
        "应到：60人（应到会有表决权的60人）",
        "实到：56人（实到会有表决权的56人）",
        "列席：汪诚（乡党委组织委员）",
        "一、第一议题：学习习近平总书记关于基层党建的重要论述",
        "贯彻措施：由组织委员牵头",
        "决议：由组织委员牵头",
        "赞成55票，反对1票，弃权0票",
        "应到会有表决权 60 人，过半数为 31 人；赞成 55，通过",
        "主持人总结",
        "主持人（签名）：",
        "— 1 —",
    ):
        assert said in text, said


def test_a_reason_for_leave_is_printed_only_for_who_keeps_the_record(branch):
    meeting = papers.record(branch, ("assembly",), "十一月支部党员大会")
    assert "病假" not in text_of(meeting)
    assert "请假" in text_of(meeting)
    assert "病假" in text_of(meeting, with_reasons=True)


def test_whom_article_23_excuses_is_named_and_not_counted(branch):
    meeting = papers.record(branch, ("assembly",), "十一月支部党员大会")
    excused = meeting.attendance.filter(state="absent")
    excused.update(excuse="old_or_ill")
    text = text_of(meeting)
    assert "应到：59人（应到会有表决权的60人）" in text
    assert f"不计入应到：{excused.get().member.name}" in text
    assert "不作要求" in text
    assert not Exemption.objects.exists(), "that day's roster, not today's"


def test_each_kind_has_its_own_parts(branch):
    texts = {kind: text_of(meeting) for kind, meeting in papers.one_of_each(branch).items()}
    for kind, said in {
        "committee": ("候选人", "周建强40得票过半数", "吴建华16未过半数", "无记名投票"),
        "lecture": ("接收预备党员许小满，无记名投票", "入党介绍人：赵建明、钱建强"),
        "org_life": ("批评与自我批评", "钱建强自我批评：", "查摆问题和整改措施", "2026-12-31"),
        "evaluation": ("民主评议结果", "评定等次", "优秀"),
        "talk": ("参加人员：", "谈话要点", "谈话人（签名）："),
    }.items():
        for words in said:
            assert words in texts[kind].replace(" ", ""), (kind, words)
    assert "应到" not in texts["talk"]


def test_the_page_is_the_official_one(branch):
    meeting = papers.record(branch, ("assembly",), "十一月支部党员大会")
    content = minutes_pdf(meeting, with_reasons=False).content
    page = papers.first_page(content, scale=25.4 / 72)  # a pixel a millimetre
    assert (page.width - 210, page.height - 297) in {(0, 0), (0, 1), (1, 1)}
    inked = page.convert("L").point(lambda value: 255 if value < 200 else 0)
    left, top, right, _bottom = inked.getbbox()
    assert 27 <= left <= 30
    assert 36 <= top <= 41
    assert right <= 184 + 1
    assert inked.crop((28, 262, 184, 290)).getbbox(), "the page number stands below the text"


def test_twenty_eight_characters_make_a_line_and_twenty_two_lines_a_page(branch):
    meeting = papers.record(branch, ("committee",), "满页")
    meeting.agenda.all().delete()
    meeting.attendance.all().delete()
    meeting.summary = "国" * (26 + 28 * 60)
    meeting.save()
    content = minutes_pdf(meeting, with_reasons=False).content
    lines = papers.lines(content, page=1)
    full = [line for line in lines if set(line) == {"国"}]
    assert {len(line) for line in full} == {28}
    assert len(full) == 22


def test_fonts_are_embedded_so_that_it_prints_the_same_anywhere(branch):
    content = minutes_pdf(
        papers.record(branch, ("committee",), "支委会"), with_reasons=False
    ).content
    assert papers.has_its_fonts(content)


def test_four_photos_to_a_page_and_none_too_heavy(branch):
    meeting = papers.record(branch, ("committee",), "支委会")
    without = papers.pages(minutes_pdf(meeting, with_reasons=False).content)
    papers.add_photos(meeting, 5)
    made = minutes_pdf(meeting, with_reasons=False).content
    assert len(papers.pages(made)) == len(without) + 2
    assert len(made) < 500_000


def test_markup_in_a_record_stays_text_and_fetches_nothing(branch):
    meeting = papers.record(branch, ("committee",), "<b>支委会</b>")
    meeting.summary = (
        '<img src="file:///etc/passwd"><link rel="attachment" href="file:///etc/passwd">'
    )
    meeting.save()
    text = text_of(meeting)
    assert "<b>支委会</b>" in text
    assert 'src="file:///etc/passwd"' in text.replace("”", '"').replace("“", '"')


def test_nothing_but_the_records_own_pictures_is_fetched():
    with pytest.raises(ValueError, match="file"):
        pdf._fetcher(()).fetch("file:///etc/passwd")


def test_without_a_chinese_font_it_says_what_to_install(branch, monkeypatch):
    meeting = papers.record(branch, ("committee",), "支委会")
    monkeypatch.setattr(fonts, "_has_chinese", lambda: False)
    with pytest.raises(CannotMake, match="fonts-wqy-microhei"):
        minutes_pdf(meeting, with_reasons=False)


def test_records_of_a_year_cost_the_statements_of_one(branch):
    def cost() -> int:
        with CaptureQueriesContext(connection) as statements:
            list(official_records(for_records(Meeting.objects.all()), with_reasons=True))
        return len(statements)

    papers.one_of_each(branch)
    few = cost()
    papers.one_of_each(papers.branch(20, "五阳村第一党支部"))
    assert cost() == few <= 12


@pytest.mark.parametrize(
    ("number", "said"),
    [(1, "一"), (10, "十"), (12, "十二"), (20, "二十"), (31, "三十一"), (99, "九十九")],
)
def test_numbers_of_headings(number, said):
    assert numeral(number) == said
