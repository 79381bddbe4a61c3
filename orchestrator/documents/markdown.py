"""A paper as Markdown. What stands in it is data: no character of a text begins a structure of its own."""

import json
import re
from collections.abc import Iterator

from orchestrator.papers.paper import Block, Paper, Table
from orchestrator.reports import VISIBLE, aigc

_SPECIAL = re.compile(r"([\\`*_\[\]<>|~#&])")
_START = re.compile(r"^(\s*)([-+=]|\d+[.)])(?=\s|$|-|=)")


def render(paper: Paper) -> str:
    """The whole file: front matter with the implicit label, title, visible label at head and foot, blocks."""
    label = json.dumps(aigc(paper.producer, paper.id), ensure_ascii=False)
    head = ["---", f"title: {paper.title}", f"date: {paper.on.isoformat()}", f"AIGC: {label}", "---", ""]
    shown = f"> **AI生成** {VISIBLE}"
    return "\n".join([*head, f"# {paper.title}", "", shown, "", body(paper), "", "---", "", VISIBLE, ""])


def body(paper: Paper) -> str:
    """The blocks alone."""
    return "\n\n".join("\n".join(_lines(block)) for block in paper.blocks)


def plain(text: str) -> str:
    """The text so that Markdown shows it as it is."""
    lines = (_START.sub(r"\1\\\2", _SPECIAL.sub(r"\\\1", line)) for line in text.split("\n"))
    return "  \n".join(lines)


def _lines(block: Block) -> Iterator[str]:
    if block.kind == "heading":
        yield f"{'#' * (block.level + 1)} {plain(block.text)}"
    elif block.kind == "paragraph":
        yield f"**{plain(block.text)}**" if block.strong else plain(block.text)
    elif block.kind == "quote":
        yield from (f"> {plain(line)}" for line in block.text.split("\n"))
    elif block.kind == "items":
        for at, row in enumerate(block.rows, 1):
            yield {"bullet": "- ", "number": f"{at}. ", "box": "- [ ] "}[block.marks] + plain(row)
    elif block.kind == "table":
        yield from _table(block)
    else:
        yield "---"


def _table(table: Table) -> Iterator[str]:
    columns = len(table.header or table.rows[0])
    for at, row in enumerate([table.header or ("",) * columns, *table.rows]):
        yield "| " + " | ".join(plain(cell).replace("\n", "<br>") for cell in row) + " |"
        if at == 0:
            yield "|" + "---|" * columns
