"""A paper in Markdown as HTML for the page, with what is still to be filled in marked.

The papers' Markdown holds two marks of HTML of its own (a line end in a table cell, a comment between lists); every
other one was written by somebody and is shown as text. Links and images are text too.
"""

import re
from collections.abc import Sequence
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.common.utils import escapeHtml
from markdown_it.token import Token

_FRONT = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
_OPEN = re.compile(r"【待填[:：][^】<]*】")
_OWN = {"<br>": "<br>", "<!-- -->": ""}


def _html(tokens: Sequence[Token], at: int, *_: Any) -> str:
    words = tokens[at].content
    return _OWN.get(words.strip(), escapeHtml(words))


def _reader() -> MarkdownIt:
    reader = MarkdownIt("commonmark", {"html": True}).enable("table").disable(["link", "image", "autolink"])
    reader.add_render_rule("html_inline", lambda _, *given: _html(*given))
    reader.add_render_rule("html_block", lambda _, *given: _html(*given))
    return reader


def shown(markdown: str) -> str:
    """The paper's HTML, without its front matter."""
    return _OPEN.sub(r'<mark class="lx-open-gap">\g<0></mark>', str(_reader().render(_FRONT.sub("", markdown))))


def gaps(markdown: str) -> int:
    """How many different places are still to be filled in."""
    return len(set(_OPEN.findall(markdown)))
