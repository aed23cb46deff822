"""A file into rows of text: .xlsx, or text with commas, tabs or semicolons in any usual encoding.

Finds the header below title rows, follows merged cells, skips totals and signatures, and keeps
only the columns that are imported: identity numbers never leave this module. A file that cannot
be read as a whole raises Unreadable with one sentence in Chinese.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import date, datetime, time
from itertools import chain, islice
from typing import Any, BinaryIO, NamedTuple
from zipfile import BadZipFile, ZipFile

from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.utils.cell import column_index_from_string

from branches.roster import columns

MAX_BYTES = 20 * 1024 * 1024
# An .xlsx is packed; this much of it is unpacked and no more.
MAX_UNPACKED_BYTES = 150 * 1024 * 1024
MAX_ROWS = 50_000
MAX_COLUMNS = 100
HEADER_WITHIN_ROWS = 15
# A sheet "formatted to the bottom" has a million rows; after so many empty ones it has ended.
EMPTY_ROWS_AT_THE_END = 1000
MAX_CELL_CHARACTERS = 500

_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_UTF16_MARKS = (b"\xff\xfe", b"\xfe\xff")
# Guangdong and Taiwan: what Excel writes there. UTF-8 is recognised by itself, so it comes first.
_ENCODINGS = ("utf-8-sig", "gb18030", "cp950")
_DELIMITERS = (",", "\t", ";")
_FOOTERS = re.compile(
    r"(合计|总计|小计|共计|总数|填表|制表|填报|审核|复核|负责人|经办|统计|联系人|单位负责|注[:：]|说明[:：]|备注[:：])"
)
_MERGED = re.compile(rb'<(?:\w+:)?mergeCell [^>]*?ref="([A-Z]+)(\d+):([A-Z]+)(\d+)"')


class Unreadable(Exception):
    """The file as a whole cannot be imported; str() says why."""


class SourceRow(NamedTuple):
    """One row of a sheet: `cells` are (header, text) of the imported columns, in their order.

    `sheet` is its title, empty where the file has only one that counts; `place` is what stands
    around the table and may name the branch.
    """

    number: int
    sheet: str
    cells: tuple[tuple[str, str], ...]
    place: str = ""

    def texts(self, kind: str) -> "RowTexts":
        headers = tuple(header for header, _text in self.cells)
        return RowTexts(self, columns.fields_of(kind, headers))


class RowTexts(NamedTuple):
    """The texts of a row by field."""

    row: SourceRow
    found: dict[str, int]

    def __contains__(self, name: object) -> bool:
        return name in self.found

    def text(self, name: str) -> str:
        column = self.found.get(name)
        return "" if column is None else self.row.cells[column][1]

    def header(self, name: str, default: str = "") -> str:
        column = self.found.get(name)
        return default if column is None else self.row.cells[column][0]


@dataclass(slots=True)
class Table:
    """What a file holds: the rows that count, and the headers of what was left aside."""

    rows: list[SourceRow] = field(default_factory=list)
    ignored: list[str] = field(default_factory=list)
    identity: list[str] = field(default_factory=list)


class Sheet(NamedTuple):
    title: str
    rows: Iterable[list[str]]


def read_table(file: BinaryIO, kind: str) -> Table:
    """Return the rows of the sheets whose header is that of `kind`."""
    file.seek(0, io.SEEK_END)
    size = file.tell()
    file.seek(0)
    if not size:
        raise Unreadable(_("文件是空的。"))
    if size > MAX_BYTES:
        raise Unreadable(_("文件超过20 MB，请删去图片或拆成几份。"))
    start = file.read(len(_OLE))
    file.seek(0)
    if start.startswith(_OLE):
        raise Unreadable(_old_or_locked(file.read()))
    if start.startswith(_ZIP):
        return _read_workbook(file, kind)
    return _read_text(file.read(), kind)


def _old_or_locked(content: bytes) -> str:
    if "EncryptedPackage".encode("utf-16-le") in content:
        return _("文件设有打开密码，请去掉密码后再上传。")
    if "WordDocument".encode("utf-16-le") in content:
        return _("这是Word文档，不是电子表格。")
    return _("这是旧版 .xls 文件，请在Excel或WPS里另存为 .xlsx 后再上传。")


# --- .xlsx -------------------------------------------------------------------------------------


def _read_workbook(file: BinaryIO, kind: str) -> Table:
    _check_package(file)
    try:
        with closing(load_workbook(file, read_only=True, data_only=True, keep_links=False)) as book:
            return _collect(_sheets(book), kind)
    except Unreadable:
        raise
    except Exception as error:
        # A damaged package fails anywhere inside zipfile, the XML parser or openpyxl.
        raise Unreadable(_("文件已损坏，无法读取；请用Excel或WPS打开后另存一份。")) from error


def _check_package(file: BinaryIO) -> None:
    """Refuse what only looks like a workbook, or would not fit into memory once unpacked."""
    try:
        with ZipFile(file) as package:
            parts = {part.filename: part for part in package.infolist()}
    except (BadZipFile, OSError, ValueError) as error:
        raise Unreadable(_("文件已损坏，无法读取；请用Excel或WPS打开后另存一份。")) from error
    if any(part.flag_bits & 1 for part in parts.values()):
        raise Unreadable(_("文件设有打开密码，请去掉密码后再上传。"))
    if "xl/workbook.bin" in parts:
        raise Unreadable(_("这是 .xlsb 文件，请另存为 .xlsx 后再上传。"))
    if "xl/workbook.xml" not in parts:
        raise Unreadable(_("这不是电子表格，请上传 .xlsx 或 .csv 文件。"))
    if sum(part.file_size for part in parts.values()) > MAX_UNPACKED_BYTES:
        raise Unreadable(_("文件解开后过大，请只保留名册本身再上传。"))
    file.seek(0)


def _sheets(book) -> Iterator[Sheet]:
    for sheet in book.worksheets:
        if sheet.sheet_state != "visible":
            continue
        # The written dimension may be wrong, or reach to the last row of the sheet.
        sheet.reset_dimensions()
        texts = (
            [_text(value) for value in row[:MAX_COLUMNS]]
            for row in sheet.iter_rows(values_only=True)
        )
        yield Sheet(sheet.title, _unmerge(texts, _merged_down(book, sheet)))


def _text(value: Any) -> str:
    """Return what a cell says, as text that reads back the same."""
    if value is None:
        return ""
    if isinstance(value, str):
        return value.strip()[:MAX_CELL_CHARACTERS]
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if isinstance(value, datetime):
        return f"{value:%Y-%m-%d}" if value.time() == time() else f"{value:%Y-%m-%d %H:%M}"
    if isinstance(value, date):
        return f"{value:%Y-%m-%d}"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


class Merge(NamedTuple):
    column: int
    first: int
    last: int


def _merged_down(book, sheet) -> list[Merge]:
    """Return the cells merged over several rows of one column.

    Reading row by row openpyxl leaves merges out, for they stand behind the rows; so they are
    looked up in the sheet's own XML, a piece at a time.
    """
    found, rest = [], b""
    with book._archive.open(sheet._worksheet_path) as part:
        while piece := part.read(1 << 20):
            for first_column, first, last_column, last in _MERGED.findall(rest + piece):
                if first_column == last_column and first != last:
                    column = column_index_from_string(first_column.decode()) - 1
                    found.append(Merge(column, int(first), int(last)))
            # Less than one tag, so that a tag cut in two is found and none is found twice.
            rest = piece[-60:] if not piece.endswith(b">") else b""
    return found


def _unmerge(rows: Iterable[list[str]], merges: list[Merge]) -> Iterator[list[str]]:
    """Repeat what a merged cell says in every row it covers."""
    starts: dict[int, list[Merge]] = {}
    for merge in set(merges):
        starts.setdefault(merge.first, []).append(merge)
    held: dict[int, tuple[str, int]] = {}
    for number, row in enumerate(rows, start=1):
        for column, (text, last) in list(held.items()):
            if number > last:
                del held[column]
            elif any(row):
                row.extend([""] * (column + 1 - len(row)))
                row[column] = row[column] or text
        for merge in starts.get(number, ()):
            if merge.column < len(row):
                held[merge.column] = (row[merge.column], merge.last)
        yield row


# --- Text --------------------------------------------------------------------------------------


def _read_text(content: bytes, kind: str) -> Table:
    for text in _decoded(content):
        if text.lstrip().startswith("<"):
            raise Unreadable(_("这是网页格式的表格，请用Excel或WPS打开后另存为 .xlsx。"))
        for delimiter in _DELIMITERS:
            head = "\n".join(text.split("\n", HEADER_WITHIN_ROWS + 1)[:HEADER_WITHIN_ROWS])
            if _find_header(list(_lines(head, delimiter)), kind) is not None:
                return _collect([Sheet("", _lines(text, delimiter))], kind)
    if b"\x00" in content[:4096] and not content.startswith(_UTF16_MARKS):
        raise Unreadable(_("这不是电子表格，请上传 .xlsx 或 .csv 文件。"))
    text = next(_decoded(content), None)
    if text is None or not text.strip() or "," not in text.replace("\t", ",").replace(";", ","):
        raise Unreadable(_("这不是电子表格，请上传 .xlsx 或 .csv 文件。"))
    for delimiter in _DELIMITERS:
        _collect([Sheet("", _lines(text, delimiter))], kind)  # says which other kind it is
    raise Unreadable(_no_header(kind))


def _decoded(content: bytes) -> Iterator[str]:
    """Yield the text in each encoding it may be in; GB18030 reads Big5 too, as nonsense."""
    if content.startswith(_UTF16_MARKS):
        encodings: tuple[str, ...] = ("utf-16",)
    elif b"\x00" in content:
        return
    else:
        encodings = _ENCODINGS
    for encoding in encodings:
        try:
            yield content.decode(encoding)
        except UnicodeDecodeError:
            continue


def _lines(text: str, delimiter: str) -> Iterator[list[str]]:
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
            yield [cell.strip()[:MAX_CELL_CHARACTERS] for cell in row[:MAX_COLUMNS]]
    except csv.Error as error:
        raise Unreadable(_("文件已损坏，无法读取；请用Excel或WPS打开后另存一份。")) from error


# --- The table in the sheet --------------------------------------------------------------------


def _collect(sheets: Iterable[Sheet], kind: str) -> Table:
    """Gather the rows of all sheets with the right header."""
    table, matching, is_empty, other = Table(), 0, True, False
    for sheet in sheets:
        rows = iter(sheet.rows)
        top = list(islice(rows, HEADER_WITHIN_ROWS))
        is_empty = is_empty and not any(any(row) for row in top)
        at = _find_header(top, kind)
        if at is None:
            other = other or _find_header(top, _other(kind)) is not None
            continue
        matching += 1
        headers = top[at]
        place = _place(sheet.title, top[:at])
        body = enumerate(chain(top[at + 1 :], rows), start=at + 2)
        table.rows += _rows(
            body, kind, headers, sheet.title, place, room=MAX_ROWS - len(table.rows)
        )
        table.ignored += [
            h for h in columns.ignored_headers(kind, headers) if h not in table.ignored
        ]
        table.identity += columns.identity_headers(headers)
    if not matching:
        if is_empty:
            raise Unreadable(_("表里没有内容。"))
        raise Unreadable(_wrong_kind(kind) if other else _no_header(kind))
    if not table.rows:
        raise Unreadable(_("表头下面没有一行数据。"))
    if matching == 1:
        table.rows = [row._replace(sheet="") for row in table.rows]
    return table


def _find_header(rows: list[list[str]], kind: str) -> int | None:
    """Return the row that names most fields; of a header in two equal rows the lower."""
    best, at = 0, -1
    for index, row in enumerate(rows[:HEADER_WITHIN_ROWS]):
        score = columns.header_score(kind, row)
        if score > best or (score and score == best and index == at + 1):
            best, at = score, index
    return at if best else None


def _rows(
    body: Iterable[tuple[int, list[str]]],
    kind: str,
    headers: list[str],
    title: str,
    place: str,
    *,
    room: int,
) -> list[SourceRow]:
    fields = columns.fields_of(kind, tuple(headers))
    if kind == columns.ROSTER and "joined_on" not in fields:
        raise Unreadable(_("没有“入党日期”一列，请补上后再上传。"))
    kept = sorted(fields.values())
    key = fields["name"]
    # What stands around the table matters only where the table itself does not say it.
    if {"branch", "status"} <= fields.keys():
        place = ""
    anchors = [fields[name] for name in ("joined_on", "branch", "parent", "kind") if name in fields]
    found: list[SourceRow] = []
    empty = 0
    for number, row in body:
        row = row + [""] * (len(headers) - len(row))
        if not any(row[column] for column in kept):
            empty += 1
            if empty > EMPTY_ROWS_AT_THE_END:
                break
            continue
        empty = 0
        if columns.bare_header(row[key]) in columns.SYNONYMS[kind]["name"] or (
            _is_footer(row) and not any(row[column] for column in anchors)
        ):
            continue
        if len(found) == room:
            raise Unreadable(_("超过%(limit)s行，请拆成几份导入。") % {"limit": f"{MAX_ROWS:,}"})
        cells = tuple((headers[column], row[column]) for column in kept)
        found.append(SourceRow(number, title, cells, place))
    return found


def _is_footer(row: list[str]) -> bool:
    first = next(text for text in row if text)
    return bool(_FOOTERS.match(columns.fold(first)))


def _place(title: str, rows: list[list[str]]) -> str:
    """Return what stands above the table and on its tab, where the branch may be named."""
    return "\n".join([title, *(text for row in rows for text in row if text)])[:300]


def _other(kind: str) -> str:
    return columns.ORGANIZATIONS if kind == columns.ROSTER else columns.ROSTER


def _wrong_kind(kind: str) -> str:
    if kind == columns.ROSTER:
        return _("这份表是党组织信息，不是党员花名册，请改选种类。")
    return _("这份表是党员花名册，不是党组织信息，请改选种类。")


def _no_header(kind: str) -> str:
    if kind == columns.ROSTER:
        return _("前15行里没有找到表头。表头至少要有“姓名”“入党日期”“所在党支部”。")
    return _("前15行里没有找到表头。表头至少要有“党组织全称”“组织类别”“上级党组织”。")
