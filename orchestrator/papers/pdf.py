"""A paper as PDF: A4, one embedded Chinese font, bookmarks, the AI label on every page and in the metadata."""

from collections.abc import Callable, Iterator, Set
from contextlib import contextmanager
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.sax.saxutils import escape

from pypdf import PdfReader, PdfWriter

from orchestrator.papers import fonts, text
from orchestrator.papers.label import NAMESPACE, SHORT, VISIBLE, aigc_json
from orchestrator.papers.outlines import truetype
from orchestrator.papers.pages import SMALL, TITLE, Pages
from orchestrator.papers.paper import Block, Heading, Items, Paper, Paragraph, Quote, Rule, Table
from orchestrator.wording import typeset

PRINTED = f"{SHORT}{VISIBLE} |•□.第页/共0123456789"  # what pages hold beside the paper's own words
ALIGN = {"left": "L", "center": "C", "right": "R"}
INDENT = "\u3000\u3000"
LOST = typeset(f"注:{text.UNSHOWN}处是不能显示的符号(例如表情);表情等可以在同一内容的 md 或 docx 格式中看到。")


def render(paper: Paper, font: Path) -> bytes:
    """The paper as the bytes of a PDF file, set in `font` (fonts.find).

    Raises NoFont where the font cannot serve, MissingCharacters where it lacks letters of the paper.
    """
    clean = text.prepared(paper)
    has = fonts.characters(font)

    def fit(words: str) -> str:
        return fonts.shown(words, has)

    printed = fit(PRINTED + LOST + INDENT)
    shown = text.mapped(clean, ours=fit, theirs=fit)
    label = aigc_json(clean.producer, clean.id)
    with _embeddable(font, has & {*map(ord, shown.model_dump_json() + printed)}) as (file, face):
        pages = Pages(" ".join(shown.title.split()), file, face)
        pages.describe(clean.title, clean.producer, clean.on, _xmp(label))
        _write(pages, shown, fit)
        made = bytes(pages.output())
    if pages.lacking:  # fpdf2 leaves such characters out, with a line in the log
        raise fonts.MissingCharacters(f"PDF 所用的字体缺少这些文字:{pages.lacking}。")
    return _informed(made, label)


@contextmanager
def _embeddable(font: Path, used: Set[int]) -> Iterator[tuple[Path, int]]:
    """A TrueType file with the characters in use, and the number of its face, for as long as the pages are made."""
    face = fonts.face(font)
    if fonts.quadratic(font):
        yield font, face
        return
    with TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        made = Path(folder) / "font.ttf"
        made.write_bytes(truetype(font, face, used))
        yield made, 0


def _write(pages: Pages, paper: Paper, fit: Callable[[str], str]) -> None:
    pages.paragraph(pages.name, TITLE, align="C", strong=True)
    pages.paragraph(f"{SHORT} {VISIBLE}", SMALL)
    for block in paper.blocks:
        _add(pages, block, fit)
    pages.rule()
    if text.UNSHOWN in paper.model_dump_json():
        pages.paragraph(LOST, SMALL)
    pages.paragraph(f"{SHORT} {VISIBLE}", SMALL)


def _add(pages: Pages, block: Block, fit: Callable[[str], str]) -> None:
    match block:
        case Heading():
            if block.new_page:
                pages.add_page()
            pages.heading(" ".join(block.text.split("\n")), block.level)
        case Paragraph():
            indent = fit(INDENT) if block.indent else ""
            pages.paragraph(indent + block.text, align=ALIGN[block.align], strong=block.strong)
        case Quote():
            pages.paragraph(block.text, inset=6, bar=True)
        case Items():
            for mark, row in zip(text.marks(block), block.rows, strict=True):
                pages.paragraph(row, inset=8, mark=fit(mark))
        case Table():
            if rows := text.rectangle(block):
                pages.grid(rows, text.shares(block, len(rows[0])), header=bool(block.header))
        case Rule():
            pages.rule()


def _xmp(label: str) -> str:
    """The AIGC label in XMP, in the namespace of the standard's committee."""
    return (
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        f'<rdf:Description rdf:about="" xmlns:TC260="{NAMESPACE}"><TC260:AIGC>{escape(label)}</TC260:AIGC>'
        "</rdf:Description></rdf:RDF></x:xmpmeta>"
    )


def _informed(file: bytes, label: str) -> bytes:
    """The file with the label among its document information too, for which fpdf2 has no call."""
    writer = PdfWriter(clone_from=PdfReader(BytesIO(file)))
    writer.add_metadata({"/AIGC": label})
    out = BytesIO()
    writer.write(out)
    return out.getvalue()
