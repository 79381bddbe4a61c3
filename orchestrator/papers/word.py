"""A paper as DOCX: A4, Chinese fonts, the visible AI label on every page and in the text, AIGC in custom properties."""

from datetime import UTC, datetime, time
from io import BytesIO
from xml.sax.saxutils import escape

import docx
from docx.document import Document
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.constants import RELATIONSHIP_TYPE
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Cm, Emu, Pt, RGBColor
from docx.styles.style import ParagraphStyle
from docx.table import Table as WordTable
from docx.text.paragraph import Paragraph as WordParagraph

from orchestrator.papers import text
from orchestrator.papers.label import SHORT, VISIBLE, aigc_json
from orchestrator.papers.paper import Block, Heading, Items, Paper, Paragraph, Quote, Rule, Table

SONG, HEI, KAI = "宋体", "黑体", "楷体"
LATIN = "Times New Roman"
PAGE = (Cm(21), Cm(29.7))
MARGIN = Cm(2.5)
WIDTH = PAGE[0] - 2 * MARGIN
ALIGN = {
    "left": WD_ALIGN_PARAGRAPH.LEFT,
    "center": WD_ALIGN_PARAGRAPH.CENTER,
    "right": WD_ALIGN_PARAGRAPH.RIGHT,
}
_PROPERTIES = "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
_VARIANTS = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
_FORMAT = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"  # the identifier of custom properties that Office prescribes


def render(paper: Paper) -> bytes:
    """The paper as the bytes of a DOCX file."""
    shown = text.prepared(paper)
    document = docx.Document()
    _styles(document)
    _pages(document, shown.title)
    _metadata(document, shown)
    document.add_paragraph(" ".join(shown.title.split("\n")), style="Title")
    _label(document)
    for block in shown.blocks:
        _add(document, block)
    _line(document)
    _label(document)
    out = BytesIO()
    document.save(out)
    return out.getvalue()


def _add(document: Document, block: Block) -> None:
    match block:
        case Heading():
            heading = document.add_heading(" ".join(block.text.split("\n")), block.level)
            heading.paragraph_format.page_break_before = block.new_page or None
        case Paragraph():
            made = document.add_paragraph()
            made.add_run(block.text).bold = block.strong
            made.alignment = ALIGN[block.align]
            if block.indent:
                made.paragraph_format.first_line_indent = Pt(24)  # two characters of 12 points
        case Quote():
            document.add_paragraph(block.text, style="Quote")
        case Items():
            for mark, row in zip(text.marks(block), block.rows, strict=True):
                made = document.add_paragraph(f"{mark} {row}")
                made.paragraph_format.left_indent = Pt(24)
                made.paragraph_format.first_line_indent = Pt(-18)
        case Table():
            _table(document, block)
        case Rule():
            _line(document)


def _table(document: Document, table: Table) -> None:
    rows = text.rectangle(table)
    if not rows:
        return
    made = document.add_table(len(rows), len(rows[0]), style="Table Grid")
    made.autofit = False
    widths = [Emu(int(WIDTH * share)) for share in text.shares(table, len(rows[0]))]
    # Rows and cells are reached once each: python-docx walks the whole table for every one that is asked for.
    for at, (row, cells) in enumerate(zip(made.rows, rows, strict=True)):
        for column, (cell, words) in enumerate(zip(row.cells, cells, strict=True)):
            cell.width = widths[column]
            named = at == 0 if table.header else column == 0
            run = cell.paragraphs[0].add_run(words)
            run.bold, run.font.size = named and len(cells) > 1, Pt(10.5)
            cell.paragraphs[0].paragraph_format.space_after = Pt(0)
    for column, width in zip(made.columns, widths, strict=True):
        column.width = width
    if table.header:
        _repeated(made)
    document.add_paragraph().paragraph_format.space_after = Pt(0)  # else two tables would grow together


def _repeated(made: WordTable) -> None:
    """The first row stands again on top of every page that the table reaches."""
    made.rows[0]._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def _line(document: Document) -> None:
    made = document.add_paragraph()
    borders = OxmlElement("w:pBdr")
    borders.append(_border("w:bottom"))
    made._p.get_or_add_pPr().append(borders)


def _border(side: str) -> OxmlElement:  # type: ignore[valid-type]
    made = OxmlElement(side)
    for name, value in (("val", "single"), ("sz", "4"), ("space", "6"), ("color", "7F7F7F")):
        made.set(qn(f"w:{name}"), value)
    return made


def _label(document: Document) -> None:
    made = document.add_paragraph(style="Caption")
    made.add_run(f"{SHORT} ").bold = True
    made.add_run(VISIBLE)


def _styles(document: Document) -> None:
    for name, font, points, after in (
        ("Normal", SONG, 12.0, 6), ("Title", HEI, 20.0, 12), ("Heading 1", HEI, 15.0, 6), ("Heading 2", HEI, 13.0, 6),
        ("Heading 3", HEI, 12.0, 6), ("Quote", KAI, 12.0, 6), ("Caption", SONG, 9.0, 6), ("Header", SONG, 9.0, 0),
        ("Footer", SONG, 9.0, 0),
    ):  # fmt: skip
        style = document.styles[name]
        assert isinstance(style, ParagraphStyle)
        style.font.size = Pt(points)
        style.font.color.rgb = RGBColor(0, 0, 0)
        style.font.italic = False
        style.font.bold = name.startswith("Heading")
        style.paragraph_format.space_after = Pt(after)
        _fonts(style, font)
    title, quote = document.styles["Title"], document.styles["Quote"]
    assert isinstance(title, ParagraphStyle) and isinstance(quote, ParagraphStyle)
    title.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    quote.paragraph_format.left_indent = Pt(24)
    for border in title.element.pPr.findall(qn("w:pBdr")):
        title.element.pPr.remove(border)


def _fonts(style: ParagraphStyle, east_asian: str) -> None:
    """Set both fonts of a style. The template names fonts of a theme, which would win over them."""
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for name in list(fonts.attrib):
        del fonts.attrib[name]
    for script, font in (("ascii", LATIN), ("hAnsi", LATIN), ("cs", LATIN), ("eastAsia", east_asian)):
        fonts.set(qn(f"w:{script}"), font)


def _pages(document: Document, title: str) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = PAGE
    section.left_margin = section.right_margin = section.top_margin = section.bottom_margin = MARGIN
    head, foot = section.header.paragraphs[0], section.footer.paragraphs[0]
    head.text = f"{SHORT} | {' '.join(title.split())}"
    head.alignment = foot.alignment = WD_ALIGN_PARAGRAPH.CENTER
    foot.add_run(f"{VISIBLE}\n第 ")
    _field(foot, "PAGE")
    foot.add_run(" 页 / 共 ")
    _field(foot, "NUMPAGES")
    foot.add_run(" 页")


def _field(paragraph: WordParagraph, code: str) -> None:
    """A number that Word fills in."""
    field = OxmlElement("w:fldSimple")
    field.set(qn("w:instr"), code)
    run = OxmlElement("w:r")
    shown = OxmlElement("w:t")
    shown.text = "1"
    run.append(shown)
    field.append(run)
    paragraph._p.append(field)


def _metadata(document: Document, paper: Paper) -> None:
    core = document.core_properties
    core.title, core.author, core.language = paper.title[:255], paper.producer[:255], "zh-CN"
    core.comments = VISIBLE
    for language in document.styles.element.iter(qn("w:lang")):
        language.set(qn("w:eastAsia"), "zh-CN")
    core.created = core.modified = datetime.combine(paper.on, time(), UTC)
    properties = (
        '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
        f'<Properties xmlns="{_PROPERTIES}" xmlns:vt="{_VARIANTS}">'
        f'<property fmtid="{_FORMAT}" pid="2" name="AIGC">'
        f"<vt:lpwstr>{escape(aigc_json(paper.producer, paper.id))}</vt:lpwstr></property></Properties>"
    )
    kind = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
    package = document.part.package
    part = Part(PackURI("/docProps/custom.xml"), kind, properties.encode(), package)
    package.relate_to(part, RELATIONSHIP_TYPE.CUSTOM_PROPERTIES)
