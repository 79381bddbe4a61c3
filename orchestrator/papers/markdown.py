"""A paper in Markdown (CommonMark with tables), the AIGC label in its YAML front matter.

Every text of a paper is text: whatever Markdown or HTML it holds is shown, and takes no effect.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

import yaml

from orchestrator.papers import text
from orchestrator.papers.label import SHORT, VISIBLE, aigc_json
from orchestrator.papers.paper import Block, Heading, Items, Paper, Paragraph, Quote, Rule, Table

_MARKS = re.compile(
    r"[\\`*_\[\]<~|]|&(?=#?\w+;)|(?<=\S)@(?=\S)|(?<=http):|(?<=https):|(?<=www)\.|(?<=[A-Za-z0-9])\.(?=[A-Za-z]{2})"
)
# What begins a heading, a quotation, a rule, or a list: there the mark itself, or the point after a number.
_START = re.compile(r"(?P<before>^\s*(?:\d{1,9}(?=[.)]))?)(?P<mark>[#>=+-]|(?<=\d)[.)])", re.MULTILINE)
_ACTIVE = re.compile(rf"{_MARKS.pattern}|^\s*(?:[#>=+-]|\d+[.)])|^(?: {{4}}|\t)| $", re.MULTILINE)
_TICKS = re.compile(r"`+")
_APART = "<!-- -->"  # keeps two lists from becoming one


def render(paper: Paper) -> str:
    """The paper as Markdown, the visible label at its head and foot."""
    shown = text.prepared(paper)
    title = yaml.safe_dump({"title": shown.title}, allow_unicode=True, width=float("inf")).strip()
    front = ["---", title, f"date: {shown.on.isoformat()}", f"AIGC: {aigc_json(shown.producer, shown.id)}", "---"]
    body = [f"# {_one_line(shown.title)}", f"> **{SHORT}** {VISIBLE}", *_parts(shown.blocks), "---", VISIBLE]
    return "\n".join(front) + "\n\n" + "\n\n".join(part for part in body if part) + "\n"


def escaped(words: str) -> str:
    """The words with every mark of Markdown made plain; lines are kept by hard breaks."""
    plain = _START.sub(r"\g<before>\\\g<mark>", _MARKS.sub(r"\\\g<0>", words))
    return "  \n".join(line.strip(" \t") for line in plain.split("\n") if line.strip())


def _one_line(words: str) -> str:
    return escaped(" ".join(words.split("\n")))


def _parts(blocks: tuple[Block, ...]) -> Iterator[str]:
    for before, block in pairwise((None, *blocks)):
        if isinstance(before, Items) and isinstance(block, Items):
            yield _APART
        assert block is not None
        yield "\n".join(_lines(block))


def _lines(block: Block) -> Iterator[str]:
    match block:
        case Heading():
            yield f"{'#' * (block.level + 1)} {_one_line(block.text)}"
        case Paragraph():
            words = escaped(block.text)
            yield f"**{words}**" if block.strong and words else words
        case Quote():
            yield from _quotation(block.text)
        case Items():
            yield from _items(block)
        case Table():
            yield from _table(block)
        case Rule():
            yield "---"


def _quotation(words: str) -> Iterator[str]:
    """A quotation; as a block of code where Markdown would act on it, so that it stays as it is byte for byte."""
    if _ACTIVE.search(words) is None:
        lines = words.split("\n")
        yield "\n>\n".join(f"> {line}" if line else ">" for line in lines)
        return
    fence = "`" * max(3, 1 + max((len(run) for run in _TICKS.findall(words)), default=0))
    yield f"{fence}text"
    yield words
    yield fence


def _items(items: Items) -> Iterator[str]:
    marks = {"bullet": "-", "box": "- [ ]"}
    for at, row in enumerate(items.rows, 1):
        mark = marks.get(items.marks, f"{at}.")
        hanging = " " * (len(mark) + 1 if mark[0] != "-" else 2)
        yield f"{mark} {escaped(row)}".replace("\n", f"\n{hanging}")


def _table(table: Table) -> Iterator[str]:
    rows = text.rectangle(table)
    if not rows:
        return
    if not table.header:
        rows.insert(0, ("",) * len(rows[0]))  # Markdown has no table without a header
    yield _row(rows[0])
    yield "|" + "---|" * len(rows[0])
    yield from (_row(row) for row in rows[1:])


def _row(cells: tuple[str, ...]) -> str:
    return "| " + " | ".join(_cell(cell) for cell in cells) + " |"


def _cell(words: str) -> str:
    # A cell is one line of the file; its line ends are the one mark of HTML that tables have for them.
    return "<br>".join(escaped(line) for line in words.split("\n") if line.strip())
