"""Small spreadsheets for tests of the import."""

from collections.abc import Iterable
from io import BytesIO
from pathlib import Path
from typing import Any

from openpyxl import Workbook

SAMPLES = Path(__file__).parents[2] / "branches" / "sample"
ROSTER = SAMPLES / "ducun-roster.xlsx"
ORGANIZATIONS = SAMPLES / "ducun-organizations.xlsx"

HEADERS = ("姓名", "出生日期", "入党日期", "转正日期", "人员类别", "所在党支部")


def workbook(*sheets: tuple[str, Iterable[Iterable[Any]]], merge: str = "") -> BytesIO:
    """Return a book of (title, rows); `merge` is a range of the first sheet."""
    book = Workbook()
    book.remove(book.active)
    for title, rows in sheets:
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    if merge:
        book.worksheets[0].merge_cells(merge)
    file = BytesIO()
    book.save(file)
    file.seek(0)
    return file


def roster(*rows: Iterable[Any], headers: Iterable[str] = HEADERS) -> BytesIO:
    return workbook(("党员花名册", [headers, *rows]))


def person(name: str = "李明", branch: str = "上峰村第一党支部", **cells: Any) -> dict[str, Any]:
    """One full member by field name of HEADERS, to be changed by keyword."""
    return (
        dict(
            zip(
                HEADERS,
                (name, "1970-01-01", "2000-07-01", "2001-07-01", "正式党员", branch),
                strict=True,
            )
        )
        | cells
    )


def people(*persons: dict[str, Any]) -> BytesIO:
    """A roster of persons; columns beyond HEADERS come from the persons themselves."""
    headers = list(dict.fromkeys([*HEADERS, *(name for one in persons for name in one)]))
    return roster(*([one.get(name) for name in headers] for one in persons), headers=headers)
