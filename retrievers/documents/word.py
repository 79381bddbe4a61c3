"""Word files (.docx): paragraphs with the numbers that Word shows, headings by style, tables row by row.

Read as accepted: insertions of tracked changes are there, deletions are not. Headers, footers, footnotes, comments
and text boxes are left out. Knows nothing of passages.
"""

import re
import zipfile
from collections.abc import Callable, Iterator
from io import BytesIO
from typing import Any

import docx
from docx.document import Document
from docx.opc.exceptions import OpcError
from docx.oxml.ns import qn

from retrievers.contracts import BadSource
from retrievers.documents.numbering import Numbering
from retrievers.documents.parts import Part, clean, row

LARGEST_UNPACKED = 200_000_000  # bytes of all members of the zip file that a .docx is, pictures among them
LARGEST_XML = 60_000_000  # bytes of its XML members, which take many times that in memory
MOST_MEMBERS = 10_000
_HEADING = re.compile(r"^(?:heading|标题)\s*([1-9])$", re.IGNORECASE)
_LEFT_OUT = {
    qn("w:moveFrom"),
    qn("w:txbxContent"),
    "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback",
}
_OLE = b"\xd0\xcf\x11\xe0"  # how old Word files and encrypted new ones begin


def read(content: bytes, tidied: Callable[[str], str] = clean) -> list[Part]:
    """The parts of the document, the text of each paragraph `tidied`.

    Raises BadSource for what is no .docx, encrypted, damaged, or unpacks too large.
    """
    if content.startswith(_OLE):
        raise BadSource("文件已加密,或者是旧版 .doc 格式;请去掉密码、另存为 .docx")
    _refuse_bomb(content)
    try:
        document = docx.Document(BytesIO(content))
        return list(_Reading(document, tidied).parts(document.element.body))
    except (
        OpcError,
        KeyError,
        ValueError,
        SyntaxError,
        zipfile.BadZipFile,
        NotImplementedError,
        RuntimeError,
    ) as error:
        # SyntaxError is the family of lxml's parsing errors, RuntimeError what zipfile says of encrypted members.
        raise BadSource(f"不是完好的 .docx 文件({type(error).__name__})") from error


def _refuse_bomb(content: bytes) -> None:
    """Refuse by what the directory declares; zipfile then reads no more of a member than was declared."""
    try:
        members = zipfile.ZipFile(BytesIO(content)).infolist()
    except (zipfile.BadZipFile, ValueError, NotImplementedError) as error:
        raise BadSource("不是 .docx 文件,或者已损坏") from error
    total = sum(member.file_size for member in members)
    xml = sum(member.file_size for member in members if member.filename.endswith((".xml", ".rels")))
    if len(members) > MOST_MEMBERS or total > LARGEST_UNPACKED or xml > LARGEST_XML:
        raise BadSource(f"解压后过大({total // 1_000_000} MB,{len(members)} 个部分),可能是压缩炸弹")


class _Reading:
    """One pass over a document."""

    def __init__(self, document: Document, tidied: Callable[[str], str]) -> None:
        self._tidied = tidied
        self._numbering = Numbering(document)
        self._names = {style.style_id: style.name or "" for style in document.styles}
        self._outlines = {style.style_id: _outline(style.element.find(qn("w:pPr"))) for style in document.styles}
        self._tables = 0

    def parts(self, parent: Any) -> Iterator[Part]:
        for child in parent:
            if child.tag == qn("w:p"):
                yield from self._paragraph(child)
            elif child.tag == qn("w:tbl"):
                yield from self._table(child)
            elif child.tag == qn("w:sdt") and (inside := child.find(qn("w:sdtContent"))) is not None:
                yield from self.parts(inside)
            elif child.tag in (qn("w:ins"), qn("w:moveTo"), qn("w:customXml")):
                yield from self.parts(child)

    def _paragraph(self, element: Any, table: int = 0) -> Iterator[Part]:
        label, text = self._numbering.label(element), self._tidied(_text(element))
        properties = element.find(qn("w:pPr"))
        style = properties.find(qn("w:pStyle")) if properties is not None else None
        id_ = style.get(qn("w:val")) if style is not None else ""
        if not text or self._names.get(id_, "").casefold().startswith("toc "):
            return  # a number without words says nothing; a table of contents says everything twice
        joined = f"{label}{'' if not label or label[-1] in '、.)）' else ' '}{text}"
        named = _HEADING.match(self._names.get(id_, ""))
        level = int(named[1]) + 1 if named else _outline(properties) or self._outlines.get(id_, 0)
        if self._names.get(id_, "").casefold() == "title":
            level = 1
        yield Part(joined, 0 if table else level, table)

    def _table(self, element: Any) -> Iterator[Part]:
        """The rows with the names of their columns. A table of one column is a frame around paragraphs."""
        rows = [
            [cell for cell in line.iter(qn("w:tc")) if _row_of(cell) is line] for line in element.findall(qn("w:tr"))
        ]
        if all(len(cells) < 2 for cells in rows):
            for cells in rows:
                for cell in cells:
                    yield from self.parts(cell)
            return
        self._tables += 1
        table, heads, above = self._tables, [], []  # type: ignore[var-annotated]
        for at, cells in enumerate(rows):
            texts = ["\n".join(part.text for part in self.parts(cell)) for cell in cells]
            if len(texts) == len(above):  # a cell that Word has joined with the one above it
                texts = [old if _joined_up(cell) else text for cell, text, old in zip(cells, texts, above, strict=True)]
            above = texts
            if at == 0 and len(rows) > 1 and all(len(text) <= 20 for text in texts):
                heads = texts
            elif line := row(heads, texts):
                yield Part(line, table=table)


def _text(paragraph: Any) -> str:
    """All text of a paragraph as it reads with every tracked change accepted."""
    said: list[str] = []

    def collect(element: Any) -> None:
        for child in element:
            if child.tag in _LEFT_OUT:
                continue
            if child.tag == qn("w:t"):
                said.append(child.text or "")
            elif child.tag == qn("w:tab"):
                said.append(" ")
            elif child.tag in (qn("w:br"), qn("w:cr")):
                said.append("\n")
            elif child.tag == qn("w:noBreakHyphen"):
                said.append("-")
            elif child.tag != qn("w:pPr"):
                collect(child)

    collect(paragraph)
    return "".join(said)


def _outline(properties: Any) -> int:
    """The level that a paragraph or a style gives itself, 2 to 10 (1 is the title's), 0 for text."""
    found = properties.find(qn("w:outlineLvl")) if properties is not None else None
    level = int(found.get(qn("w:val"))) if found is not None else 9
    return level + 2 if 0 <= level < 9 else 0


def _row_of(cell: Any) -> Any:
    parent = cell.getparent()
    while parent is not None and parent.tag != qn("w:tr"):
        parent = parent.getparent()
    return parent


def _joined_up(cell: Any) -> bool:
    properties = cell.find(qn("w:tcPr"))
    merged = properties.find(qn("w:vMerge")) if properties is not None else None
    return merged is not None and merged.get(qn("w:val")) != "restart"
