"""Files of every kind, down to those that are no spreadsheet."""

from datetime import datetime
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from openpyxl import load_workbook

from branches.roster import reading
from branches.roster.columns import ORGANIZATIONS, ROSTER
from branches.roster.reading import Unreadable, read_table
from tests.branches import sheets

ROW = ("李明", "1970-01-01", "2000-07-01", "2001-07-01", "正式党员", "上峰村第一党支部")
CSV = "姓名,入党日期,转正日期,所在党支部\n李明,2000-07-01,2001-07-01,上峰村第一党支部\n"
BIG5_CSV = "姓名,入黨日期,轉正日期,所在黨支部\n李明,2000-07-01,2001-07-01,上峰村第一黨支部\n"


def texts(file, kind=ROSTER, *fields):
    found = [row.texts(kind) for row in read_table(file, kind).rows]
    return [tuple(row.text(field) for field in fields or ("name", "joined_on")) for row in found]


def test_the_header_is_found_below_title_rows():
    rows = [("党员花名册",), ("填报单位：",), (), sheets.HEADERS, ROW]
    table = read_table(sheets.workbook(("表", rows)), ROSTER)
    assert [row.number for row in table.rows] == [5]


def test_columns_may_stand_in_any_order():
    headers = ("所在支部", "备注", "入党时间", "名字")
    file = sheets.roster(("上峰村党支部", "", "2000-07-01", "李明"), headers=headers)
    assert texts(file, ROSTER, "name", "joined_on", "branch") == [
        ("李明", "2000-07-01", "上峰村党支部")
    ]


def test_totals_signatures_repeated_headers_and_empty_rows_are_skipped():
    file = sheets.roster(
        ROW, (), sheets.HEADERS, ("王强", *ROW[1:]), ("合　计", 2), ("填表人：", "审核人：")
    )
    assert texts(file) == [("李明", "2000-07-01"), ("王强", "2000-07-01")]


def test_a_row_without_a_name_is_a_row():
    file = sheets.roster((None, *ROW[1:]))
    assert texts(file) == [("", "2000-07-01")]


def test_numbered_lines_left_empty_are_skipped():
    headers = ("序号", *sheets.HEADERS)
    assert len(texts(sheets.roster((1, *ROW), (2,), (3,), headers=headers))) == 1


def test_merged_cells_count_for_every_row_they_cover():
    rows = [sheets.HEADERS, ROW, ("王强", *ROW[1:5], None), ("赵丽", *ROW[1:5], None)]
    file = sheets.workbook(("表", rows), merge="F2:F3")
    assert texts(file, ROSTER, "name", "branch") == [
        ("李明", "上峰村第一党支部"),
        ("王强", "上峰村第一党支部"),
        ("赵丽", ""),
    ]


def test_a_header_of_two_rows_is_read_from_the_lower():
    rows = [
        ("姓名", "日期", None, "所在党支部"),
        ("姓名", "入党日期", "转正日期", "所在党支部"),
        ("李明", "2000-07-01", "2001-07-01", "上峰村"),
    ]
    assert texts(sheets.workbook(("表", rows))) == [("李明", "2000-07-01")]


def test_all_sheets_with_the_header_are_read_and_told_apart():
    file = sheets.workbook(
        ("正式党员", [sheets.HEADERS, ROW]),
        ("说明", [("本表由组织委员填写",)]),
        ("预备党员", [sheets.HEADERS, ROW]),
    )
    rows = read_table(file, ROSTER).rows
    assert [(row.sheet, row.number) for row in rows] == [("正式党员", 2), ("预备党员", 2)]


def test_hidden_sheets_are_left_alone():
    file = sheets.workbook(("现在", [sheets.HEADERS, ROW]), ("去年", [sheets.HEADERS, ROW]))
    book = load_workbook(file)
    book["去年"].sheet_state = "hidden"
    file = BytesIO()
    book.save(file)
    assert len(read_table(file, ROSTER).rows) == 1


def test_cells_of_every_type_become_text():
    row = ("李明", datetime(1970, 1, 1), 36708, 20010701.0, "正式党员", "上峰村")  # noqa: DTZ001
    assert texts(sheets.roster(row), ROSTER, "born_on", "joined_on", "full_on") == [
        ("1970-01-01", "36708", "20010701")
    ]


def test_identity_numbers_are_not_read():
    headers = ("姓名", "公民身份号码", "入党日期", "所在党支部", "家庭住址")
    file = sheets.roster(
        ("李明", "342923197001010011", "2000-07-01", "上峰村", "某处"), headers=headers
    )
    table = read_table(file, ROSTER)
    assert table.identity == ["公民身份号码"]
    assert table.ignored == ["家庭住址"]
    assert "342923" not in str(table.rows)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_text_is_read_in_every_usual_encoding(encoding):
    assert texts(BytesIO(CSV.encode(encoding))) == [("李明", "2000-07-01")]


def test_text_of_a_traditional_office_is_read():
    assert texts(BytesIO(BIG5_CSV.encode("cp950")), ROSTER, "name", "branch") == [
        ("李明", "上峰村第一黨支部")
    ]


@pytest.mark.parametrize("delimiter", ["\t", ";"])
def test_text_may_be_divided_otherwise(delimiter):
    assert texts(BytesIO(CSV.replace(",", delimiter).encode())) == [("李明", "2000-07-01")]


def ole(stream: str) -> bytes:
    return (
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500) + stream.encode("utf-16-le") + bytes(500)
    )


def package(**parts: bytes) -> bytes:
    file = BytesIO()
    with ZipFile(file, "w", ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_", "."), content)
    return file.getvalue()


BROKEN = {
    "empty": (b"", "空的"),
    "picture": (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)), "不是电子表格"),
    "protected": (ole("EncryptedPackage"), "密码"),
    "old": (ole("Workbook"), "旧版 .xls"),
    "word": (ole("WordDocument"), "Word"),
    "docx": (package(word__document_xml=b"<a/>"), "不是电子表格"),
    "binary": (package(xl__workbook_bin=b"x"), "xlsb"),
    "half": (sheets.ROSTER.read_bytes()[:20_000], "损坏"),
    "nonsense": (package(xl__workbook_xml=b"<workbook", Content_xml=b""), "损坏"),
    "web page": ("<html><table><tr><td>姓名</td></tr></table></html>".encode(), "网页"),
    "letter": ("各支部：请于本周内报送。".encode(), "不是电子表格"),
    "other table": ("品名,单价\n大米,3\n".encode(), "没有找到表头"),
    "header only": (CSV.splitlines()[0].encode(), "没有一行数据"),
    "no joining": ("姓名,性别,民族,所在党支部\n李明,男,汉,上峰村\n".encode(), "入党日期"),
    "wrong kind": (sheets.ORGANIZATIONS.read_bytes(), "党组织信息"),
}


@pytest.mark.parametrize("name", BROKEN)
def test_a_file_that_cannot_be_read_says_why_in_one_sentence(name):
    content, words = BROKEN[name]
    with pytest.raises(Unreadable, match=words):
        read_table(BytesIO(content), ROSTER)


def test_a_roster_is_no_list_of_organizations():
    with sheets.ROSTER.open("rb") as file, pytest.raises(Unreadable, match="党员花名册"):
        read_table(file, ORGANIZATIONS)


def test_what_unpacks_beyond_measure_is_not_unpacked(monkeypatch):
    monkeypatch.setattr(reading, "MAX_UNPACKED_BYTES", 10_000)
    bomb = package(xl__workbook_xml=bytes(1_000_000))
    assert len(bomb) < 10_000
    with pytest.raises(Unreadable, match="过大"):
        read_table(BytesIO(bomb), ROSTER)


def test_too_many_rows_are_refused(monkeypatch):
    monkeypatch.setattr(reading, "MAX_ROWS", 3)
    with pytest.raises(Unreadable, match="超过3行"):
        read_table(sheets.roster(*[ROW] * 4), ROSTER)
    assert len(read_table(sheets.roster(*[ROW] * 3), ROSTER).rows) == 3


def test_a_file_too_large_is_refused(monkeypatch):
    monkeypatch.setattr(reading, "MAX_BYTES", 1000)
    with pytest.raises(Unreadable, match="20 MB"):
        read_table(BytesIO(bytes(1001)), ROSTER)


def test_a_sheet_ends_where_a_thousand_rows_are_empty():
    book = load_workbook(sheets.roster(ROW))
    book.active.cell(900, 1, "王强")
    book.active.cell(900, 3, "2000-07-01")
    book.active["XFD1048576"] = "x"
    book.active["A1048576"] = "赵丽"
    file = BytesIO()
    book.save(file)
    assert [row.number for row in read_table(file, ROSTER).rows] == [2, 900]
