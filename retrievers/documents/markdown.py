"""Markdown files: headings, paragraphs, lists and tables by markdown-it; links and images are left with their words.

Raw HTML stays as text, since nothing here is ever shown as HTML. Knows nothing of passages.
"""

import re
from collections.abc import Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

from retrievers.documents import plain
from retrievers.documents.parts import Part, clean, row

_FRONT = re.compile(r"\A---\n(?:.*\n){0,100}?---\n")


def read(content: bytes) -> list[Part]:
    """The parts of the file; front matter is left out. Raises BadSource for what is no text."""
    text = plain.decoded(content).replace("\r\n", "\n")
    tokens = MarkdownIt("commonmark", {"html": False}).enable("table").parse(_FRONT.sub("", text, count=1))
    return [part for part in _parts(tokens) if part.text]


def _parts(tokens: Sequence[Token]) -> Iterator[Part]:
    level, table, marks = 0, 0, 0
    in_table, heads, cells = False, list[str](), list[str]()
    for token in tokens:
        if token.type == "heading_open":
            level = int(token.tag[1])
        elif token.type == "heading_close":
            level = 0
        elif token.type == "table_open":
            in_table, table, heads = True, table + 1, []
        elif token.type == "table_close":
            in_table = False
        elif token.type == "tr_open":
            cells = []
        elif token.type == "tr_close" and not heads:
            heads = cells
        elif token.type == "tr_close":
            yield Part(row(heads, cells), table=table)
        elif token.type == "list_item_open":
            marks = int(token.info) if token.info.isdigit() else 0
        elif token.type == "inline":
            said = clean(_words(token.children or ()))
            if in_table:
                cells.append(said)
            else:
                yield Part(f"{marks}. {said}" if marks and said else said, level)
                marks = 0
        elif token.type in ("fence", "code_block", "html_block"):
            yield Part(clean(token.content))


def _words(tokens: Sequence[Token]) -> str:
    said = []
    for token in tokens:
        if token.type in ("text", "code_inline", "html_inline"):
            said.append(token.content)
        elif token.type in ("softbreak", "hardbreak"):
            said.append("\n")
        elif token.type == "image":
            said.append(token.content)
    return "".join(said)
