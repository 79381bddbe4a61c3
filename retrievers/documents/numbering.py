"""The numbers that Word writes before paragraphs itself (第一条, 1.2, (三)): they stand in no paragraph's text.

Counts as Word does, level by level; rare formats are written as plain digits. Knows nothing of headings.
"""

import string
from collections import defaultdict
from typing import Any

from docx.document import Document
from docx.oxml.ns import qn

from retrievers import numerals

_CHINESE = {
    "chineseCounting", "chineseCountingThousand", "chineseLegalSimplified", "japaneseCounting", "taiwaneseCounting",
    "taiwaneseCountingThousand", "ideographDigital",
}  # fmt: skip
_ROMAN = ((100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


class Numbering:
    """The running numbers of one document; ask for every paragraph once, in order."""

    def __init__(self, document: Document) -> None:
        self._levels: dict[str, dict[int, Any]] = {}  # abstract list → level → its definition
        self._lists: dict[str, str] = {}  # list → abstract list
        self._restarts: dict[str, dict[int, int]] = {}
        self._counts: dict[str, dict[int, int]] = defaultdict(dict)
        self._styles = {style.style_id: style.element for style in document.styles}
        part = next(
            (rel.target_part for rel in document.part.rels.values() if rel.reltype.endswith("/numbering")), None
        )
        if part is None:
            return
        root: Any = part.element
        for abstract in root.findall(qn("w:abstractNum")):
            levels = {int(level.get(qn("w:ilvl"))): level for level in abstract.findall(qn("w:lvl"))}
            self._levels[abstract.get(qn("w:abstractNumId"))] = levels
        for number in root.findall(qn("w:num")):
            id_ = number.get(qn("w:numId"))
            self._lists[id_] = _value(number, "w:abstractNumId") or ""
            for override in number.findall(qn("w:lvlOverride")):
                if (start := _value(override, "w:startOverride")) is not None:
                    self._restarts.setdefault(id_, {})[int(override.get(qn("w:ilvl")))] = int(start)

    def label(self, paragraph: Any) -> str:
        """The number before this paragraph (a `w:p` element), empty when it has none or only a bullet."""
        list_, level = self._place(paragraph)
        levels = self._levels.get(self._lists.get(list_, ""), {})
        if level not in levels:
            return ""
        counts = self._counts[self._lists[list_]]
        for at, start in self._restarts.pop(list_, {}).items():
            counts[at] = start - 1
        counts[level] = counts.get(level, int(_value(levels[level], "w:start") or 1) - 1) + 1
        for deeper in [at for at in counts if at > level]:
            del counts[deeper]
        if _value(levels[level], "w:numFmt") in ("bullet", "none"):
            return ""
        text = _value(levels[level], "w:lvlText") or ""
        for at in range(level + 1):
            if at in levels:
                number = counts.get(at, int(_value(levels[at], "w:start") or 1))
                text = text.replace(f"%{at + 1}", _written(number, _value(levels[at], "w:numFmt") or "decimal"))
        return text.strip()

    def _place(self, paragraph: Any) -> tuple[str, int]:
        """The list and the level of a paragraph: its own, else its style's or that of the style it is based on."""
        properties = paragraph.find(qn("w:pPr"))
        list_, level = _listed(properties)
        style = _value(properties, "w:pStyle") if properties is not None else None
        for _ in range(10):  # styles that are based on each other in a circle
            if (list_ is not None and level is not None) or style not in self._styles:
                break
            element = self._styles[style]
            inherited = _listed(element.find(qn("w:pPr")))
            list_, level = list_ or inherited[0], level if level is not None else inherited[1]
            style = _value(element, "w:basedOn")
        return list_ or "", level or 0


def _listed(properties: Any) -> tuple[str | None, int | None]:
    numbered = properties.find(qn("w:numPr")) if properties is not None else None
    if numbered is None:
        return None, None
    level = _value(numbered, "w:ilvl")
    return _value(numbered, "w:numId"), int(level) if level is not None else None


def _value(element: Any, name: str) -> str | None:
    found = element.find(qn(name))
    return None if found is None else found.get(qn("w:val"))


def _written(number: int, form: str) -> str:
    if form in _CHINESE:
        return numerals.to_chinese(number)
    if form in ("lowerLetter", "upperLetter") and number > 0:
        letter = string.ascii_lowercase[(number - 1) % 26] * ((number - 1) // 26 + 1)
        return letter if form == "lowerLetter" else letter.upper()
    if form in ("lowerRoman", "upperRoman"):
        roman, rest = "", number
        for value, sign in _ROMAN:
            roman, rest = roman + sign * (rest // value), rest % value
        return roman if form == "lowerRoman" else roman.upper()
    return str(number)
