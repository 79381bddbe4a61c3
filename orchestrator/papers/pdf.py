"""A paper as PDF: A4, one embedded Chinese font, bookmarks, the visible AI label on every page, AIGC in the metadata."""

from collections.abc import Iterator
from datetime import UTC, datetime, time
from functools import cache
from io import BytesIO
from pathlib import Path
from xml.sax.saxutils import escape

from fpdf import FPDF
from fpdf.enums import TextMode, XPos, YPos
from pypdf import PdfReader, PdfWriter

from orchestrator.papers import fonts, text
from orchestrator.papers.label import NAMESPACE, SHORT, VISIBLE, aigc_json
from orchestrator.papers.lines import broken
from orchestrator.papers.paper import Block, Heading, Items, Paper, Paragraph, Quote, Rule, Table

FAMILY = "paper"
MARGIN, FOOT = 25.0, 22.0  # millimetres
BODY, SMALL, TITLE = 11.0, 8.5, 18.0  # points
HEADINGS = {1: 14.0, 2: 12.5, 3: 11.5}
LEADING = 1.55  # of the size of the letters
POINT = 25.4 / 72  # millimetres
PAD = 1.2
WHOLE = 8  # a row of a table with at most so many lines is kept on one page
ALIGN = {"left": "L", "center": "C", "right": "R"}
PAGES = "\ue000"  # stands for the number of pages until it is known; no text can hold it (fonts.shown)
LOST = f"注:{text.UNSHOWN}处是本文件的字体不能显示的符号(例如表情),原文见同一内容的 md 或 docx 格式。"


def render(paper: Paper, font: Path) -> bytes:
    """The paper as the bytes of a PDF file, set in `font` (fonts.find).

    Raises NoFont where the font cannot serve, MissingCharacters where it lacks letters of the paper.
    """
    shown = _in_font(text.prepared(paper), fonts.characters(font))
    pages = _Pages(shown, font)
    pages.title(shown.title)
    pages.label()
    for block in shown.blocks:
        _add(pages, block)
    pages.rule()
    if text.UNSHOWN in shown.model_dump_json():
        pages.write(text.typeset(LOST), SMALL)
    pages.label()
    return _with_information(bytes(pages.output()), paper)


def _in_font(paper: Paper, has: frozenset[int]) -> Paper:
    """The paper in characters of the font. Raises MissingCharacters for all that it lacks at once."""
    fonts.shown("".join(_words(paper)), has)

    def fit(words: str) -> str:
        return fonts.shown(words, has)

    def fitting(block: Block) -> Block:
        match block:
            case Heading() | Paragraph() | Quote():
                return block.model_copy(update={"text": fit(block.text)})
            case Items():
                return block.model_copy(update={"rows": tuple(fit(row) for row in block.rows)})
            case Table():
                rows = tuple(tuple(fit(cell) for cell in row) for row in block.rows)
                return block.model_copy(update={"header": tuple(fit(cell) for cell in block.header), "rows": rows})
            case Rule():
                return block

    blocks = tuple(fitting(block) for block in paper.blocks)
    return paper.model_copy(update={"title": fit(paper.title), "blocks": blocks})
