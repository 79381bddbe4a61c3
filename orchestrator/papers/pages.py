"""The pages of a PDF as they are written: paragraphs and tables, label and number on every page."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from pathlib import Path

from fpdf import FPDF
from fpdf.enums import TextMode, XPos, YPos
from fpdf.fonts import TTFFont

from orchestrator.papers.label import SHORT, VISIBLE
from orchestrator.papers.lines import broken

FAMILY = "paper"
MARGIN, FOOT = 25.0, 25.0  # millimetres
BODY, CELL, SMALL, TITLE = 11.0, 9.5, 8.5, 18.0  # points
HEADINGS = {1: 14.0, 2: 12.5, 3: 11.5}
LEADING = 1.55  # of the size of the letters
POINT = 25.4 / 72  # millimetres
STROKE = 0.007  # millimetres of outline around strong letters, for each point of their size
PAD = 1.3  # millimetres around the words of a cell
FOLLOWING = 6  # lines of text that must fit under a heading of level 1, which another heading may follow
WHOLE = 8  # a row of a table with at most so many lines stays on one page
REPEATED = 4  # a header of at most so many lines stands again on every page of its table
PAGES = "\ue000" * 3  # stands for the number of pages until it is known; no text holds it (fonts.shown)
Cells = list[list[str]]  # the lines of each cell of one row


class Pages(FPDF):
    """A4 pages, written top to bottom in one font. All texts must be in characters of the font (fonts.shown)."""

    def __init__(self, name: str, font: Path, face: int = 0) -> None:
        """`name` heads every page; `face` is the number of the face in the font's file."""
        super().__init__(format="A4")
        self.name = name
        self.widths: dict[str, float] = {}  # of characters, in millimetres at one point
        self.add_font(FAMILY, fname=font, collection_font_number=face)
        self.set_font(FAMILY, size=BODY)
        self.set_margin(MARGIN)
        self.c_margin = 0
        self.set_auto_page_break(True, FOOT)
        self.alias_nb_pages(PAGES)
        self.set_draw_color(127)
        self.set_line_width(0.2)
        self.add_page()

    def describe(self, title: str, author: str, on: date, xmp: str) -> None:
        """Write what the file says about itself."""
        self.set_title(title)
        self.set_author(author)
        self.set_lang("zh-CN")
        self.set_creation_date(datetime.combine(on, time(), UTC))
        self.set_xmp_metadata(xmp)

    @property
    def lacking(self) -> str:
        """The characters that were written although the font lacks them; they are not in the file."""
        font = self.fonts[FAMILY]
        return "".join(map(chr, font.missing_glyphs)) if isinstance(font, TTFFont) else ""

    def header(self) -> None:
        """The short label over every page."""
        self.set_y(12)
        self._small(f"{SHORT} | {self.name[:40]}")
        self.set_y(MARGIN)

    def footer(self) -> None:
        """The label and the number under every page."""
        self.set_y(-20)
        self._small(VISIBLE)
        self._small(f"第 {self.page_no()} 页 / 共 {PAGES} 页")

    def heading(self, words: str, level: int) -> None:
        """A heading with its bookmark, never alone at the foot of a page."""
        size = HEADINGS[level]
        self.ln(2)
        self._keep(_high(size) + (FOLLOWING if level == 1 else FOLLOWING / 2) * _high(BODY))
        self.start_section(words or SHORT, level - 1, strict=False)
        self.paragraph(words, size, strong=True)

    def rule(self) -> None:
        """A line across the page."""
        self._keep(4)
        self.line(self.l_margin, self.y + 2, self.l_margin + self.epw, self.y + 2)
        self.ln(4)

    def paragraph(
        self,
        words: str,
        size: float = BODY,
        *,
        align: str = "L",
        strong: bool = False,
        inset: float = 0,
        mark: str = "",
        bar: bool = False,
    ) -> None:
        """Running text: `size` in points, `inset` in millimetres, a `mark` or a `bar` in the space that it leaves."""
        high = _high(size)
        for at, line in enumerate(self._lines(words, self.epw - inset, size)):
            self._keep(high)
            if bar:
                self.line(self.l_margin + 2, self.y, self.l_margin + 2, self.y + high)
            with self._letters(size, strong):
                if mark and at == 0:
                    self.cell(inset, high, mark)
                self.set_x(self.l_margin + inset)
                self.cell(self.epw - inset, high, line, align=align, new_x=XPos.LMARGIN, new_y=YPos.NEXT)
        self.ln(2)

    def grid(self, rows: Sequence[Sequence[str]], shares: Sequence[float], *, header: bool) -> None:
        """A table whose columns take `shares` of the width; without a header the first column names the row.

        A row that does not fit goes on on the next page, where the header stands again.
        """
        widths = [self.epw * share for share in shares]
        cells = [
            [self._lines(cell, width - 2 * PAD, CELL) for cell, width in zip(row, widths, strict=True)] for row in rows
        ]
        head = cells[0] if header and _longest(cells[0]) <= REPEATED else None
        for at, row in enumerate(cells):
            names = range(len(widths) if header and at == 0 else 0) if header else range(min(1, len(widths) - 1))
            self._row(row, widths, names, head if at else None)
        self.ln(3)

    def _row(self, row: Cells, widths: Sequence[float], names: range, head: Cells | None) -> None:
        high = _high(CELL)
        left = _longest(row)
        while left > 0:
            room = int((self.page_break_trigger - self.y - 2 * PAD) / high)
            if room < min(left, WHOLE) and self.y > MARGIN:
                self.add_page()
                if head is not None:
                    self._part(head, widths, range(len(widths)), _longest(head))
                room = int((self.page_break_trigger - self.y - 2 * PAD) / high)
            count = min(left, max(1, room))
            self._part(row, widths, names, count)
            row = [lines[count:] for lines in row]
            left -= count

    def _part(self, row: Cells, widths: Sequence[float], names: range, count: int) -> None:
        """The first `count` lines of each cell, with borders around them."""
        high = _high(CELL)
        top, at = self.y, self.l_margin
        for column, (lines, width) in enumerate(zip(row, widths, strict=True)):
            self.rect(at, top, width, count * high + 2 * PAD)
            with self._letters(CELL, column in names):
                for number, line in enumerate(lines[:count]):
                    self.set_xy(at + PAD, top + PAD + number * high)
                    self.cell(width - 2 * PAD, high, line)
            at += width
        self.set_xy(self.l_margin, top + count * high + 2 * PAD)

    @contextmanager
    def _letters(self, size: float, strong: bool) -> Iterator[None]:
        """Letters of a size; strong ones are the same font with its outlines drawn, as there is one font only."""
        self.set_font_size(size)
        if not strong:
            yield
            return
        with self.local_context(text_mode=TextMode.FILL_STROKE, line_width=size * STROKE, draw_color=0):
            yield

    def _small(self, words: str) -> None:
        self.set_font_size(SMALL)
        self.cell(self.epw, _high(SMALL), words, align="C", new_x=XPos.LMARGIN, new_y=YPos.NEXT)

    def _keep(self, high: float) -> None:
        """Begin a new page unless `high` millimetres are left on this one."""
        if self.y + high > self.page_break_trigger and self.y > MARGIN:
            self.add_page()

    def _lines(self, words: str, width: float, size: float) -> list[str]:
        return broken(words, width / size, self._width)

    def _width(self, char: str) -> float:
        """The width of a character in millimetres at one point."""
        if char not in self.widths:
            self.set_font_size(100)
            self.widths[char] = self.get_string_width(char) / 100
        return self.widths[char]


def _high(size: float) -> float:
    """The height of a line in millimetres."""
    return size * POINT * LEADING


def _longest(row: Cells) -> int:
    return max(map(len, row))
