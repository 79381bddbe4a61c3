"""Laws as JSONL, one article a line: {"law", "number", "text"}, and where they are known "sub" (N of 之N), "article"
(第几条, as the text calls it), "date" (of adoption, which names the version), "effective_from", "category", "part" and
"chapter".

The lines of one law and version make one text, in any order and over any number of files.
"""

import re
from collections.abc import Iterable
from datetime import date as Day
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from retrievers import lawrefbook, numerals
from retrievers.lawrefbook import Article, Document, Event

LARGEST_LINE = 1_000_000  # bytes of one article
_TEXT = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


class Row(BaseModel):
    """One line. Other members are ignored: files come with ids and notes of their own."""

    model_config = ConfigDict(extra="ignore")

    law: _TEXT
    number: int = Field(ge=0, le=9999)
    sub: int = Field(default=0, ge=0, le=99)
    text: _TEXT
    article: str = ""
    date: str = ""
    effective_from: Day | None = None
    category: str = ""
    part: str = ""
    chapter: str = ""


def parse(lines: Iterable[bytes], path: str, faults: list[tuple[str, str]]) -> list[Document]:
    """The laws in the lines of a file; what is wrong with a line goes to `faults` with its place."""
    found: dict[tuple[str, str, str], list[Row]] = {}
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            row = _row(line)
        except ValueError as error:
            faults.append((f"{path}:{number}", _reason(error)))
            continue
        found.setdefault((lawrefbook.title(row.law), row.date, row.part), []).append(row)
    return [_document(law, version, part, rows, path) for (law, version, part), rows in found.items()]


def _row(line: bytes) -> Row:
    if len(line) > LARGEST_LINE:
        raise ValueError(f"longer than {LARGEST_LINE:,} bytes")
    row = Row.model_validate_json(line)
    if row.date:
        if not _DAY.fullmatch(row.date):
            raise ValueError("date: not YYYY-MM-DD")
        Day.fromisoformat(row.date)
    if not lawrefbook.title(row.law):
        raise ValueError("law: no title")
    return row


def _document(law: str, version: str, part: str, rows: list[Row], path: str) -> Document:
    starts = next((row.effective_from for row in rows if row.effective_from is not None), None)
    return Document(
        law=law,
        version=version,
        category=next((row.category for row in rows if row.category), ""),
        source=path,
        events=(Event(starts, "施行"),) if starts is not None else (),
        articles=tuple(Article(row.number, row.sub, _name(row), row.text, row.chapter) for row in rows),
        part=part,
    )


def _name(row: Row) -> str:
    if row.article:
        return row.article
    if row.number == 0:
        return "全文"
    return f"第{numerals.to_chinese(row.number)}条" + (f"之{numerals.to_chinese(row.sub)}" if row.sub else "")


def _reason(error: ValueError) -> str:
    if isinstance(error, ValidationError):
        return "; ".join(f"{'.'.join(map(str, one['loc'])) or 'line'}: {one['msg']}" for one in error.errors()[:3])
    return str(error)
