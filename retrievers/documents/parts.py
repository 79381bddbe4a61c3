"""What every reader of files gives: headings, paragraphs and table rows in the order of reading, as clean text.

Knows no file format, and nothing of passages.
"""

import re
import unicodedata
from dataclasses import dataclass

LARGEST_TEXT = 5_000_000  # characters of one file: a contract has 50,000, the longest manuals a million
_SPACES = re.compile(r"[ \u00a0\u2000-\u200a\u3000]+")


@dataclass(frozen=True, slots=True)
class Part:
    """One paragraph, heading or table row. `level` is 1 to 10 for a heading, 0 for text.

    `table` counts the tables of a file from 1, 0 outside of them; `page` from 1, 0 where the format has none.
    """

    text: str
    level: int = 0
    table: int = 0
    page: int = 0


def clean(text: str) -> str:
    """The text without characters that are not seen (controls, marks of direction, zero widths), blanks made single.

    What is left can neither move a terminal's cursor nor make a text read differently from how it is stored.
    """
    unified = text.replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ").replace("\v", "\n").replace("\f", "\n")
    seen = "".join(c for c in unified if c == "\n" or unicodedata.category(c) not in ("Cc", "Cf", "Cs", "Co", "Cn"))
    lines = (_SPACES.sub(" ", line).strip() for line in seen.split("\n"))
    return "\n".join(line for line in lines if line)


def row(heads: list[str], cells: list[str]) -> str:
    """A table's row as one line: each cell behind the name of its column; a row without any is left empty."""
    if len(heads) == len(cells) and any(heads):
        said = [f"{head}：{cell}" if head else cell for head, cell in zip(heads, cells, strict=True) if cell]
    else:
        said = [cell for cell in cells if cell]
    return "；".join(" ".join(text.split("\n")) for text in said)
