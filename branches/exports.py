"""Lists as .xlsx files: rows are written as they come, and no cell is ever a formula."""

import re
from collections.abc import Iterable
from datetime import date, datetime
from io import BytesIO
from typing import Any

from django.http import FileResponse
from django.utils.translation import gettext as _
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

from branches.models import Member
from branches.reports import OrganizationRow

CONTENT_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# A cell that begins like this runs as a formula once the sheet is saved as text and opened again.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
SHEET_TITLE_FORBIDS = re.compile(r"[\[\]:*?/\\]")


def workbook_response(
    file_name: str, headers: list[str], rows: Iterable[Iterable[Any]], *, title: str = ""
) -> FileResponse:
    """Send a sheet with one header row as a download called `file_name`.xlsx."""
    return FileResponse(
        workbook(title or file_name, headers, rows),
        as_attachment=True,
        filename=f"{file_name}.xlsx",
        content_type=CONTENT_TYPE,
    )


def workbook(title: str, headers: list[str], rows: Iterable[Iterable[Any]]) -> BytesIO:
    """Return the file of a book with one sheet and one header row."""
    return sheets([(title, headers, rows)])


def sheets(parts: Iterable[tuple[str, list[str], Iterable[Iterable[Any]]]]) -> BytesIO:
    """Return the file of a book with a sheet for each title, its headers and its rows."""
    book = Workbook(write_only=True)
    for title, headers, rows in parts:
        sheet = book.create_sheet(SHEET_TITLE_FORBIDS.sub(" ", title)[:31])
        sheet.freeze_panes = "A2"
        for column, header in enumerate(headers, start=1):
            sheet.column_dimensions[get_column_letter(column)].width = max(10, len(header) * 2.5)
        sheet.append([_bold(sheet, str(header)) for header in headers])
        for row in rows:
            sheet.append([_plain(sheet, value) for value in row])
    file = BytesIO()
    book.save(file)
    file.seek(0)
    return file


def _bold(sheet, text: str) -> WriteOnlyCell:
    cell = WriteOnlyCell(sheet, text)
    cell.font = Font(bold=True)
    return cell


def _plain(sheet, value: Any) -> Any:
    """Return numbers and dates as they are, everything else as text that stays text."""
    if value is None or isinstance(value, (int, float)):
        return value
    if isinstance(value, (date, datetime)):
        return f"{value:%Y-%m-%d}"
    text = ILLEGAL_CHARACTERS_RE.sub("", str(value))
    if not text.startswith(FORMULA_STARTS):
        return text
    cell = WriteOnlyCell(sheet, f"'{text}")
    cell.data_type = "s"
    return cell


def organization_sheet(rows: Iterable[OrganizationRow]) -> tuple[list, Iterable[tuple]]:
    """Return header and lines of the list of organizations; `parent` has to be loaded."""
    headers = [
        _("序号"),
        _("组织编码"),
        _("党组织全称"),
        _("简称"),
        _("组织类别"),
        _("支部类型"),
        _("上级党组织"),
        _("成立日期"),
        _("书记"),
        _("党员数"),
        _("正式党员"),
        _("预备党员"),
        _("流动党员"),
        _("本届届满"),
        _("备注"),
    ]
    lines = (
        (
            number,
            row.organization.code,
            row.organization.name,
            row.organization.short_name,
            row.organization.get_kind_display(),
            row.organization.get_branch_type_display(),
            row.organization.parent.name if row.organization.parent else "",
            row.organization.established_on,
            row.organization.secretary,
            row.headcount.members,
            row.headcount.full,
            row.headcount.probationary,
            row.headcount.floating,
            row.organization.term_ends_on,
            row.organization.note,
        )
        for number, row in enumerate(rows, start=1)
    )
    return headers, lines


def member_sheet(members: Iterable[Member], on: date, *, masked: bool) -> tuple[list, Iterable]:
    """Return header and lines of the roster, under the headers that the import reads back."""
    headers = [
        _("序号"),
        _("姓名"),
        _("性别"),
        _("民族"),
        _("出生日期"),
        _("学历"),
        _("入党日期"),
        _("转正日期"),
        _("人员类别"),
        _("所在党支部"),
        _("党小组"),
        _("工作岗位"),
        _("手机号码"),
        _("是否流动党员"),
        _("流动去向"),
        _("备注"),
    ]
    yes, no = _("是"), _("否")
    lines = (
        (
            number,
            member.name,
            member.get_sex_display(),
            member.ethnicity,
            member.born_on,
            member.education,
            member.joined_on,
            member.full_on,
            member.status_on(on).label,
            member.branch.name,
            member.group.name if member.group else "",
            member.work,
            member.masked_phone if masked else member.phone,
            yes if member.is_floating else no,
            member.floating_to,
            member.note,
        )
        for number, member in enumerate(members, start=1)
    )
    return headers, lines
