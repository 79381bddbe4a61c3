"""How a message is read by rules, and how an answer is set: one form for each mark and each character.

The client's own text is kept as written; only what rules look at passes through here, so that a pattern needs each
mark once and positions stay valid in the original.
"""

import re
from functools import cache

from models.scripts import simplified

_ASCII = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_WIDE = re.compile(r"[\uff01-\uff5e\u3000]")


@cache
def pattern(text: str) -> re.Pattern[str]:
    """The compiled pattern, kept for ever: the fields of law have far more than the 512 that `re` itself keeps."""
    return re.compile(text)


def plain(text: str) -> str:
    """The text with ASCII for full-width forms (and the wide space) and simplified for traditional characters.

    Each character is replaced by one character.
    """
    return simplified(text.translate(_ASCII) if _WIDE.search(text) else text)


_HAN = r"[\u4e00-\u9fff《》“”「」（）、。，；：！？]"
_MARKS = {",": "，", ";": "；", ":": "：", "?": "？", "!": "！"}
_MARK = re.compile(rf"(?<={_HAN})[,;:?!]|(?<=\d)[,;:?!](?!\d)|[,;:?!](?=[\u4e00-\u9fff《“「（])")
_PAIR = re.compile(r"\((?!非原文\))([^()“”\n]*[\u4e00-\u9fff][^()“”\n]*)\)")
_QUOTED = re.compile(r"“[^”]*”")


def typeset(text: str) -> str:
    """The text as Chinese readers expect it: full-width marks beside Chinese, quotations untouched byte for byte.

    The label 要旨(非原文) keeps the form that it has everywhere.
    """
    pieces: list[str] = []
    last = 0
    for quoted in _QUOTED.finditer(text):
        pieces += [_full_width(text[last : quoted.start()]), quoted[0]]
        last = quoted.end()
    return "".join([*pieces, _full_width(text[last:])])


def _full_width(text: str) -> str:
    while (paired := _PAIR.sub(lambda match: f"（{match[1]}）", text)) != text:
        text = paired  # the pair around it is the innermost now
    return _MARK.sub(lambda match: _MARKS[match[0]], text)
