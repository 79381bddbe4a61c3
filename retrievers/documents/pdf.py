"""PDF files: the text layer page by page, lines joined to paragraphs, running heads and page numbers left out.

A file of scanned pages has no text layer and is refused; nothing is recognised from images. Tables come as the lines
that they are printed in. Knows nothing of passages.
"""

import logging
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from io import BytesIO
from statistics import median

from pypdf import PasswordType, PdfReader
from pypdf.errors import DependencyError, PyPdfError

from retrievers.contracts import BadSource
from retrievers.documents.parts import LARGEST_TEXT, Part, clean

MOST_PAGES = 5_000
SCANNED = 10  # characters a page on average below which a file is taken for scanned pages
_EDGE = 2  # lines at head and foot of a page that may be running heads
_NUMBER = re.compile(r"[-—–·\s]*(?:第\s*)?\d{1,4}\s*(?:页)?(?:\s*[/／,,]?\s*共?\s*\d{1,4}\s*页?)?[-—–·\s]*")
_BEGINS = re.compile(
    r"第[零〇一二两三四五六七八九十百千\d]+[编章节条款]|[一二三四五六七八九十]+、|[(（][一二三四五六七八九十\d]+[)）]"
    r"|\d+(?:\.\d+)*[.、.)）\s]|[●•■◆※]|附件|注[::]"
)
_ENDS = "。;；:：!！?？.”』」》"

logging.getLogger("pypdf").setLevel(logging.ERROR)  # it warns of every oddity of a file it can read none the less


def read(content: bytes) -> list[Part]:
    """The parts of the file. Raises BadSource for a file that is encrypted, damaged, scanned, or too large."""
    try:
        reader = PdfReader(BytesIO(content))
        if reader.is_encrypted and reader.decrypt("") == PasswordType.NOT_DECRYPTED:
            raise BadSource("文件有密码,请先去掉密码")
        if len(reader.pages) > MOST_PAGES:
            raise BadSource(f"超过 {MOST_PAGES} 页")
        pages = list(_pages(reader))
    except (PyPdfError, DependencyError, ValueError, KeyError, IndexError, TypeError, AttributeError, OSError) as error:
        # pypdf walks whatever objects the file holds, and meets the wrong kinds in damaged ones.
        raise BadSource(f"不是完好的 PDF 文件({type(error).__name__})") from error
    except RecursionError as error:
        raise BadSource("不是完好的 PDF 文件(嵌套过深)") from error
    if sum(len(line) for page in pages for line in page) < SCANNED * max(1, len(pages)):
        raise BadSource("没有文字层,可能是扫描件;请先做文字识别(OCR)")
    return list(_paragraphs(_without_heads(pages)))


def _pages(reader: PdfReader) -> Iterator[list[str]]:
    total = 0
    for page in reader.pages:
        text = clean(page.extract_text())
        total += len(text)
        if total > LARGEST_TEXT:
            raise BadSource(f"文字超过 {LARGEST_TEXT // 10_000} 万字")
        yield text.split("\n") if text else []


def _without_heads(pages: Sequence[Sequence[str]]) -> list[list[str]]:
    """The pages without page numbers and without what stands at the head or foot of most of them."""
    edges = Counter(
        line
        for page in pages
        for line in {_shape(line) for line in (*page[:_EDGE], *page[max(_EDGE, len(page) - _EDGE) :])}
    )
    running = {line for line, count in edges.items() if len(pages) > 2 and count * 2 > len(pages)}
    kept = []
    for page in pages:
        last = len(page) - _EDGE
        inner = [
            line
            for at, line in enumerate(page)
            if not ((at < _EDGE or at >= last) and (_NUMBER.fullmatch(line) or _shape(line) in running))
        ]
        kept.append(inner)
    return kept


def _shape(line: str) -> str:
    """The line with its numbers made equal: 第3页 and 第4页 are the same running foot."""
    return re.sub(r"\d+", "0", line)


def _paragraphs(pages: Sequence[Sequence[str]]) -> Iterator[Part]:
    """Lines joined where the printing broke them: a full line that ends no sentence goes on in the next one."""
    lengths = [len(line) for page in pages for line in page]
    full = 0.8 * median(sorted(lengths)[len(lengths) // 2 :]) if lengths else 0
    text, began, before = "", 0, ""
    for number, page in enumerate(pages, 1):
        for line in page:
            if text and (len(before) < full or before[-1] in _ENDS or _BEGINS.match(line)):
                yield Part(text, page=began)
                text = ""
            if not text:
                began = number
            text += (" " if text and _latin(text[-1]) and _latin(line[0]) else "") + line
            before = line
    if text:
        yield Part(text, page=began)


def _latin(char: str) -> bool:
    return char.isascii() and (char.isalnum() or char in ".,;:")
