"""The characters of a paper: what every format refuses, set in Chinese marks or left as others wrote it."""

import re
from collections.abc import Callable

from orchestrator.papers.paper import Block, Heading, Items, Paper, Paragraph, Quote, Rule, Table
from orchestrator.wording import typeset

UNSHOWN = "〔?〕"  # stands for a character that cannot be shown
# Controls that XML forbids, lone surrogates, non-characters, and marks that turn the direction of writing round: the
# last would let a client's text show in another order than it has.
_UNSHOWABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff"
    + "".join(f"{chr(plane * 0x10000 + 0xFFFE)}{chr(plane * 0x10000 + 0xFFFF)}" for plane in range(1, 17))
    + "]"
)
_LINE_ENDS = re.compile("\r\n|[\r\x85\u2028\u2029]")


def clean(text: str) -> str:
    """The text with line ends as \\n and UNSHOWN for each character that no file may hold."""
    return _UNSHOWABLE.sub(UNSHOWN, _LINE_ENDS.sub("\n", text))


def prepared(paper: Paper) -> Paper:
    """The paper as every format shows it: cleaned, our words in Chinese marks, quotations as they are."""
    named = paper.model_copy(update={"id": clean(paper.id), "producer": clean(paper.producer)})
    return mapped(named, ours=lambda words: typeset(clean(words)), theirs=clean)


def mapped(paper: Paper, ours: Callable[[str], str], theirs: Callable[[str], str]) -> Paper:
    """The paper with each of its texts changed: quotations by `theirs`, all else by `ours`."""
    blocks = tuple(_mapped(block, ours, theirs) for block in paper.blocks)
    return paper.model_copy(update={"title": ours(paper.title), "blocks": blocks})


def rectangle(table: Table) -> list[tuple[str, ...]]:
    """The rows of a table, its header first if it has one, all of one length."""
    rows = [table.header, *table.rows] if table.header else list(table.rows)
    wide = max((len(row) for row in rows), default=0)
    return [(*row, *[""] * (wide - len(row))) for row in rows] if wide else []


def shares(table: Table, columns: int) -> list[float]:
    """The share of the table's width that each column takes; they sum to 1."""
    widths = [max(1, width) for width in table.widths] if len(table.widths) == columns else [1] * columns
    return [width / sum(widths) for width in widths]


def marks(items: Items) -> list[str]:
    """The mark before each row of a list, with the box that every Chinese font has."""
    return [{"bullet": "•", "number": f"{at}.", "box": "□"}[items.marks] for at in range(1, len(items.rows) + 1)]


def _mapped(block: Block, ours: Callable[[str], str], theirs: Callable[[str], str]) -> Block:
    match block:
        case Heading() | Paragraph():
            return block.model_copy(update={"text": ours(block.text)})
        case Quote():
            return Quote(text=theirs(block.text))
        case Items():
            return block.model_copy(update={"rows": tuple(ours(row) for row in block.rows)})
        case Table():
            rows = tuple(tuple(ours(cell) for cell in row) for row in block.rows)
            return block.model_copy(update={"header": tuple(ours(cell) for cell in block.header), "rows": rows})
        case Rule():
            return block
