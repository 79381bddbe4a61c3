"""Plain text files: every line a paragraph. Knows the encodings that Chinese text comes in, nothing of passages."""

import codecs

from retrievers.contracts import BadSource
from retrievers.documents.parts import Part, clean

_MARKED = {codecs.BOM_UTF8: "utf-8-sig", codecs.BOM_UTF16_LE: "utf-16", codecs.BOM_UTF16_BE: "utf-16"}


def read(content: bytes) -> list[Part]:
    """The lines of the file. Raises BadSource for what is no text."""
    return [Part(line) for line in clean(decoded(content)).split("\n") if line]


def decoded(content: bytes) -> str:
    """The text in UTF-8, UTF-16 with its mark, or GB 18030. Raises BadSource."""
    marked = next((name for mark, name in _MARKED.items() if content.startswith(mark)), None)
    if marked is None and b"\0" in content:
        raise BadSource("不是文本文件")
    for encoding in (marked,) if marked else ("utf-8", "gb18030"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise BadSource("不是文本文件,或者文字编码无法识别(可用 UTF-8、UTF-16、GB18030)")
