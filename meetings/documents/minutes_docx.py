"""The minutes of one meeting as a Word document, to edit: styles, real tables, a page field.

The same blocks, page and line pitch as the PDF's (templates/meetings/print/official.css), so that
both have the same pages.
"""

from io import BytesIO

from docx import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.table import WD_CELL_VERTICAL_ALIGNMENT, WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH, WD_LINE_SPACING
from docx.opc.constants import RELATIONSHIP_TYPE as RT
from docx.opc.oxml import serialize_part_xml
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from meetings.models import Meeting

from . import Made, fonts
from .official import OfficialRecord, for_records, official_records
from .pieces import Grid, Heading

TYPE_AREA_MM = 156
LINE_PT = 28.95
TABLE_LINE_PT = 20
TWIPS_A_POINT = 20
# 28 characters of 16 pt are wider than 156 mm by a hair.
TIGHTER_TWIPS = -5
CENTRED, JUSTIFIED = WD_ALIGN_PARAGRAPH.CENTER, WD_ALIGN_PARAGRAPH.JUSTIFY
LEFT, RIGHT = WD_ALIGN_PARAGRAPH.LEFT, WD_ALIGN_PARAGRAPH.RIGHT
# A cell with more text than this reads better from the left.
LONG_TEXT = 12
PHOTO_MM, PHOTO_HEIGHT_MM = 73, 90


def minutes_docx(meeting: Meeting, *, with_reasons: bool) -> Made:
    [record] = official_records(
        for_records(Meeting.objects.filter(pk=meeting.pk)), with_reasons=with_reasons
    )
    return Made(f"{record.file_name}.docx", docx(record))


def docx(record: OfficialRecord) -> bytes:
    """Return the record as a .docx file."""
    document = Document()
    document.core_properties.title = record.title
    document.core_properties.author = record.organization
    document.core_properties.comments = ""
    _set_page(document)
    _make_styles(document)
    _list_faces(document)
    for line in (record.organization, record.form):
        document.add_paragraph(line, style="Title")
    document.paragraphs[-1].paragraph_format.space_after = Pt(LINE_PT)
    for label, text in record.facts:
        _labelled(document.add_paragraph(style="Fact"), label, text, "Label")
    for block in record.blocks:
        _add(document, block)
    _keep_with_next(document)
    signing = document.add_paragraph("\t".join(record.signatures), style="Fact")
    signing.paragraph_format.space_before = Pt(LINE_PT)
    signing.paragraph_format.tab_stops.add_tab_stop(Mm(TYPE_AREA_MM / 2))
    for pairs in record.photo_pages:
        _add_photos(document, pairs)
    file = BytesIO()
    document.save(file)
    return file.getvalue()


def _keep_with_next(document) -> None:
    """Let the signatures never stand on a page alone."""
    last = document.element.body.findall(qn("w:p"))[-1:]
    if rows := document.element.body.xpath("./w:tbl[last()]/w:tr[last()]"):
        last += rows[0].findall(f".//{qn('w:p')}")
    for paragraph in last:
        properties = paragraph.get_or_add_pPr()
        if properties.find(qn("w:keepNext")) is None:
            properties.get_or_add_keepNext()


def _add(document, block) -> None:
    if isinstance(block, Heading):
        document.add_paragraph(block.text, style="Heading 1")
    elif isinstance(block, Grid):
        _add_grid(document, block)
    else:
        for number, line in enumerate(block.lines):
            paragraph = document.add_paragraph(style="Normal")
            _labelled(paragraph, block.label if number == 0 else "", line, "Lead")


def _labelled(paragraph, label: str, text: str, style: str) -> None:
    if label:
        paragraph.add_run(f"{label}：", style=style)
    paragraph.add_run(text)


# --- Page and styles ----------------------------------------------------------------------------


def _set_page(document) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(37), Mm(35)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    section.header_distance, section.footer_distance = Mm(15), Mm(24)
    document.settings.odd_and_even_pages_header_footer = True
    for footer, side in ((section.footer, RIGHT), (section.even_page_footer, LEFT)):
        _number_pages(footer.paragraphs[0], side)


def _number_pages(paragraph, side) -> None:
    """Write — 1 — with a field that counts, a character away from the outer edge."""
    paragraph.alignment = side
    edge = {"right_indent" if side == RIGHT else "left_indent": Pt(16)}
    for name, value in edge.items():
        setattr(paragraph.paragraph_format, name, value)
    for part in ("— ", "PAGE", " —"):
        run = paragraph.add_run("" if part == "PAGE" else part)
        _set_face(run.element.get_or_add_rPr(), fonts.PAGE_NUMBER)
        run.font.size = Pt(14)
        if part == "PAGE":
            for kind, text in (("begin", ""), ("", " PAGE "), ("separate", ""), ("end", "")):
                run.element.append(_field_part(kind, text))


def _field_part(kind: str, text: str):
    if kind:
        mark = OxmlElement("w:fldChar")
        mark.set(qn("w:fldCharType"), kind)
        return mark
    code = OxmlElement("w:instrText")
    code.set(qn("xml:space"), "preserve")
    code.text = text
    return code


def _make_styles(document) -> None:
    styles = document.styles
    normal = styles["Normal"]
    _shape(normal, fonts.TEXT, 16, tighter=True)
    normal.paragraph_format.alignment = JUSTIFIED
    normal.paragraph_format.first_line_indent = Pt(32)
    _shape(styles["Title"], fonts.TITLE, 22)
    _without_border(styles["Title"])
    styles["Title"].paragraph_format.alignment = CENTRED
    styles["Title"].paragraph_format.first_line_indent = Pt(0)
    heading = styles["Heading 1"]
    _shape(heading, fonts.LABEL, 16, tighter=True)
    heading.paragraph_format.first_line_indent = Pt(32)
    heading.paragraph_format.keep_with_next = True
    fact = styles.add_style("Fact", WD_STYLE_TYPE.PARAGRAPH)
    fact.base_style = normal
    fact.paragraph_format.first_line_indent = Pt(0)
    cell = styles.add_style("Cell", WD_STYLE_TYPE.PARAGRAPH)
    _shape(cell, fonts.TEXT, 12, line_pt=TABLE_LINE_PT)
    for name, face in (("Label", fonts.LABEL), ("Lead", fonts.SUBHEAD)):
        _set_face(styles.add_style(name, WD_STYLE_TYPE.CHARACTER).element.get_or_add_rPr(), face)


def _shape(style, face: str, size: int, *, line_pt: float = LINE_PT, tighter: bool = False) -> None:
    style.font.size = Pt(size)
    style.font.bold = style.font.italic = False
    properties = style.element.get_or_add_rPr()
    for color in properties.findall(qn("w:color")):
        properties.remove(color)
    _set_face(properties, face)
    _set_spacing(properties, TIGHTER_TWIPS if tighter else 0)
    form = style.paragraph_format
    form.space_before = form.space_after = Pt(0)
    form.line_spacing_rule = WD_LINE_SPACING.EXACTLY
    form.line_spacing = Pt(line_pt)
    form.widow_control = False
    _without_gaps(style)


def _set_face(properties, face: str) -> None:
    """Name the face for every script: without w:eastAsia Word falls back to a Latin one."""
    faces = properties.find(qn("w:rFonts"))
    if faces is None:
        faces = OxmlElement("w:rFonts")
        properties.insert(0, faces)
    for name in list(faces.attrib):
        del faces.attrib[name]
    for name in ("w:ascii", "w:hAnsi", "w:eastAsia", "w:cs"):
        faces.set(qn(name), face)


def _set_spacing(properties, twips: int) -> None:
    for old in properties.findall(qn("w:spacing")):
        properties.remove(old)
    spacing = OxmlElement("w:spacing")
    spacing.set(qn("w:val"), str(twips))
    size = properties.find(qn("w:sz"))
    size.addprevious(spacing)


def _without_gaps(style) -> None:
    """Set figures and letters without the extra space that Word puts between them and Chinese."""
    paragraph = style.element.get_or_add_pPr()
    for name in ("w:autoSpaceDE", "w:autoSpaceDN"):
        off = OxmlElement(name)
        off.set(qn("w:val"), "0")
        # The schema wants them before the spacing of lines.
        paragraph.find(qn("w:spacing")).addprevious(off)


def _without_border(style) -> None:
    paragraph = style.element.get_or_add_pPr()
    for border in paragraph.findall(qn("w:pBdr")):
        paragraph.remove(border)


def _list_faces(document) -> None:
    """Tell under which other names a computer may have the faces, before it takes any other."""
    table = OxmlElement("w:fonts")
    for face, others in fonts.ALSO_KNOWN_AS.items():
        font, names = OxmlElement("w:font"), OxmlElement("w:altName")
        font.set(qn("w:name"), face)
        names.set(qn("w:val"), others)
        font.append(names)
        table.append(font)
    [part] = (
        rel.target_part for rel in document.part.rels.values() if rel.reltype == RT.FONT_TABLE
    )
    part._blob = serialize_part_xml(table)


# --- Tables and pictures ------------------------------------------------------------------------


def _add_grid(document, grid: Grid) -> None:
    table = document.add_table(rows=0, cols=len(grid.headers), style="Table Grid")
    table.alignment, table.autofit = WD_TABLE_ALIGNMENT.CENTER, False
    widths = [Mm(TYPE_AREA_MM * width / sum(grid.widths)) for width in grid.widths]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    _add_row(table, grid.headers, widths, is_head=True)
    for row in grid.rows:
        _add_row(table, row, widths)


def _add_row(table, texts: tuple[str, ...], widths: list, *, is_head: bool = False) -> None:
    row = table.add_row()
    properties = row._tr.get_or_add_trPr()
    for name in ("w:cantSplit", *(["w:tblHeader"] if is_head else [])):
        properties.append(OxmlElement(name))
    for cell, text, width in zip(row.cells, texts, widths, strict=True):
        cell.width = width
        cell.vertical_alignment = WD_CELL_VERTICAL_ALIGNMENT.CENTER
        paragraph = cell.paragraphs[0]
        paragraph.style = "Cell"
        paragraph.alignment = LEFT if len(text) > LONG_TEXT else CENTRED
        run = paragraph.add_run(text)
        if is_head:
            run.style = "Label"


def _add_photos(document, pairs: list) -> None:
    """Begin a page with a line too thin to see: a table cannot begin one itself."""
    breaking = document.add_paragraph(style="Fact")
    breaking.paragraph_format.page_break_before = True
    breaking.paragraph_format.line_spacing = Pt(1)
    table = document.add_table(rows=0, cols=2)
    for pair in pairs:
        row = table.add_row()
        for cell, photo in zip(row.cells, pair, strict=False):
            paragraph = cell.paragraphs[0]
            paragraph.paragraph_format.first_line_indent = Pt(0)
            paragraph.paragraph_format.line_spacing_rule = WD_LINE_SPACING.SINGLE
            with photo.image.open("rb") as picture:
                shape = paragraph.add_run().add_picture(picture)
            scale = min(Mm(PHOTO_MM) / shape.width, Mm(PHOTO_HEIGHT_MM) / shape.height)
            shape.width, shape.height = int(shape.width * scale), int(shape.height * scale)
