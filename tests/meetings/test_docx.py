"""The minutes as a Word document: editable, and of the same pages as the PDF."""

import io
import re
import zipfile

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from meetings.documents.minutes_docx import minutes_docx
from meetings.documents.minutes_pdf import minutes_pdf
from tests.meetings import papers

pytestmark = pytest.mark.django_db


@pytest.fixture
def branch():
    return papers.branch()


def opened(meeting, *, with_reasons=False):
    return Document(io.BytesIO(minutes_docx(meeting, with_reasons=with_reasons).content))


def words(document) -> str:
    return "".join(node.text or "" for node in document.element.body.iter(qn("w:t")))


def test_libreoffice_makes_as_many_pages_of_it_as_the_pdf_has(branch, tmp_path):
    meetings = papers.one_of_each(branch)
    papers.add_photos(meetings["committee"], 5)
    long = papers.record(branch, ("assembly",), "七项议题的党员大会")
    long.summary = "\n".join(papers.TEXT * 2 for _ in range(20))
    long.save()
    meetings["long"] = long
    made = {
        name: minutes_docx(meeting, with_reasons=False).content
        for name, meeting in meetings.items()
    }
    theirs = {name: papers.pages(pdf) for name, pdf in papers.converted(tmp_path, made).items()}
    ours = {
        name: papers.pages(minutes_pdf(meeting, with_reasons=False).content)
        for name, meeting in meetings.items()
    }
    assert {n: len(pages) for n, pages in theirs.items()} == {n: len(p) for n, p in ours.items()}
    assert "赵建明（书记）" in "".join(theirs["assembly"])
    assert "— 2 —" in theirs["long"][1]


def test_whatever_it_says_the_pdf_says_too(branch):
    for meeting in papers.one_of_each(branch).values():
        pages = papers.pages(minutes_pdf(meeting, with_reasons=False).content)
        pdf = "".join(re.sub(r"— \d+ —", "", page) for page in pages).replace(" ", "")
        document = opened(meeting)
        said = [paragraph.text for paragraph in document.element.body.iter(qn("w:p"))]
        assert len(said) > 10
        for text in said:
            assert "".join(text.split()) in pdf, text


def test_the_page_is_the_official_one(branch):
    document = opened(papers.record(branch, ("assembly",), "党员大会"))
    section = document.sections[0]
    assert [round(side.mm) for side in (section.page_width, section.page_height)] == [210, 297]
    margins = (section.top_margin, section.bottom_margin, section.left_margin, section.right_margin)
    assert [round(margin.mm) for margin in margins] == [37, 35, 28, 26]
    normal = document.styles["Normal"]
    assert normal.font.size == Pt(16)
    assert normal.paragraph_format.line_spacing.pt == pytest.approx(28.95, abs=0.05)
    assert document.styles["Title"].font.size == Pt(22)


@pytest.mark.parametrize(
    ("style", "face"),
    [
        ("Normal", "仿宋_GB2312"),
        ("Title", "方正小标宋简体"),
        ("Heading 1", "黑体"),
        ("Cell", "仿宋_GB2312"),
        ("Label", "黑体"),
        ("Lead", "楷体_GB2312"),
    ],
)
def test_styles_name_the_face_for_chinese(branch, style, face):
    document = opened(papers.record(branch, ("committee",), "支委会"))
    faces = document.styles[style].element.rPr.find(qn("w:rFonts"))
    assert faces.get(qn("w:eastAsia")) == face


def test_a_computer_without_the_face_is_told_its_other_names(branch):
    meeting = papers.record(branch, ("committee",), "支委会")
    content = minutes_docx(meeting, with_reasons=False).content
    listed = zipfile.ZipFile(io.BytesIO(content)).read("word/fontTable.xml").decode()
    assert '<w:font w:name="仿宋_GB2312"><w:altName w:val="仿宋,FangSong"/>' in listed


def test_pages_are_numbered_by_a_field_right_on_odd_and_left_on_even_ones(branch):
    document = opened(papers.record(branch, ("committee",), "支委会"))
    assert document.settings.odd_and_even_pages_header_footer
    section = document.sections[0]
    sides = []
    for footer in (section.footer, section.even_page_footer):
        [paragraph] = footer.paragraphs
        assert " PAGE " in [node.text for node in paragraph._p.iter(qn("w:instrText"))]
        sides.append(paragraph.alignment)
    assert [str(side) for side in sides] == ["RIGHT (2)", "LEFT (0)"]


def test_attendance_is_a_real_table_whose_head_repeats(branch):
    document = opened(papers.record(branch, ("assembly",), "党员大会"))
    [table] = document.tables
    assert [cell.text for cell in table.rows[0].cells] == ["姓名", "到会情况"] * 3
    assert table.rows[0]._tr.trPr.find(qn("w:tblHeader")) is not None
    assert len(table.rows) == 1 + 20
    assert table.rows[1].cells[1].text == "到会"


def test_reasons_stay_with_who_keeps_the_record(branch):
    meeting = papers.record(branch, ("assembly",), "党员大会")
    assert "病假" not in words(opened(meeting))
    assert "病假" in words(opened(meeting, with_reasons=True))


def test_photos_come_last(branch):
    meeting = papers.record(branch, ("committee",), "支委会")
    papers.add_photos(meeting, 5)
    document = opened(meeting)
    assert len(document.inline_shapes) == 5
    assert all(shape.width <= Mm(73) and shape.height <= Mm(90) for shape in document.inline_shapes)
