"""From the parts of a file to its passages: by clause or section, 200 to 500 characters where the text allows.

A passage's place is the path of headings and clauses above it. What looks like a heading (第三章, 二、付款, 4.2 验收)
is taken for one also where no style says so. Knows no file format.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from retrievers.documents.parts import Part

MOST = 500  # characters of a passage
ENOUGH = 250  # characters from which the next paragraph begins a new passage
LONGEST_TITLE = 40
_N = r"[零〇一二两三四五六七八九十百千\d]+"
_CHAPTER = re.compile(rf"第{_N}(?P<unit>[编篇章节部])(?![部分])|附件{_N}?(?=[::\s]|$)|附则$|总则$")
_CLAUSE = re.compile(rf"(?P<name>第{_N}条(?:之{_N})?)[\s::、.]*(?P<title>[^。;；,，::]*)")
_COUNTED = re.compile(r"(?P<hand>[一二三四五六七八九十]+、)|(?P<number>\d+(?:\.\d+)*)(?:[.、)）]|\s|(?=[^\d\s.%]))")
_RANKS = {"编": 11, "篇": 11, "部": 11, "章": 12, "节": 13}
_HAND, _NUMBER, _CLAUSE_RANK = 14, 15, 30  # ranks after those of styles (1 to 10); deeper is more
_RUNS_ON = "。;；:：,，、!！?？"
_SENTENCE = re.compile(r"[^。;；!！?？\n]*[。;；!！?？\n]?")


@dataclass(frozen=True, slots=True)
class Piece:
    """A passage before it has a corpus and a file: where it stands, and its text."""

    place: str
    text: str


@dataclass(frozen=True, slots=True)
class _Title:
    rank: int
    text: str


def passages(parts: Sequence[Part]) -> list[Piece]:
    """The passages in the order of reading; no text of the parts is lost but a heading's, which is in the places."""
    made: list[Piece] = []
    path: list[_Title] = []
    unit: list[Part] = []
    bare: Part | None = None  # a heading that nothing stands under yet

    def close() -> None:
        made.extend(_packed(unit, [title.text for title in path]))
        unit.clear()

    for part, after in zip(parts, [*parts[1:], None], strict=True):
        rank, title = _heading(part, after)
        if not rank:
            if unit and unit[-1].table != part.table:
                close()
            unit.append(part)
            bare = None
            continue
        close()
        if bare is not None and rank <= path[-1].rank:
            made.append(Piece(_place([one.text for one in path[:-1]], bare), bare.text))
        while path and path[-1].rank >= rank:
            path.pop()
        path.append(_Title(rank, title))
        bare = part
        if rank == _CLAUSE_RANK:
            unit.append(part)
            bare = None
    close()
    if bare is not None:
        made.append(Piece(_place([one.text for one in path[:-1]], bare), bare.text))
    return made


def _heading(part: Part, after: Part | None) -> tuple[int, str]:
    """The rank of a heading and how a place names it; rank 0 for text."""
    text = part.text
    if part.table:
        return 0, ""
    if part.level and len(text) <= 2 * LONGEST_TITLE:
        return part.level, _short(text)
    if clause := _CLAUSE.match(text):
        named = clause["title"].strip()
        titled = named and len(named) <= 20 and clause.end() == len(text)
        return _CLAUSE_RANK, f"{clause['name']} {named}" if titled else clause["name"]
    if len(text) > LONGEST_TITLE or text[-1] in _RUNS_ON or "\n" in text:
        return 0, ""
    if chapter := _CHAPTER.match(text):
        return _RANKS.get(chapter["unit"] or "", 11), text
    counted = _counted(text)
    # A list of short lines is no row of headings: under a heading something else must stand.
    return (counted, text) if counted and after is not None and _counted(after.text) != counted else (0, "")


def _counted(text: str) -> int:
    if (match := _COUNTED.match(text)) is None or match.end() == len(text):
        return 0
    return _HAND if match["hand"] else _NUMBER + match["number"].count(".")


def _packed(unit: Sequence[Part], path: Sequence[str]) -> Iterator[Piece]:
    """The parts of one unit in passages of at most MOST characters."""
    held: list[Part] = []
    size = 0
    for part in (piece for whole in unit for piece in _cut(whole)):
        if held and (size + len(part.text) + 1 > MOST or size >= ENOUGH):
            yield Piece(_place(path, held[0]), "\n".join(one.text for one in held))
            held, size = [], 0
        held.append(part)
        size += len(part.text) + 1
    if held:
        yield Piece(_place(path, held[0]), "\n".join(one.text for one in held))


def _cut(part: Part) -> Iterator[Part]:
    """The part itself, or a long one in pieces that end with a sentence where they can."""
    if len(part.text) <= MOST:
        yield part
        return
    held = ""
    for sentence in _sentences(part.text):
        if held and len(held) + len(sentence) > MOST:
            yield Part(held.strip(), table=part.table, page=part.page)
            held = ""
        held += sentence
    if held.strip():
        yield Part(held.strip(), table=part.table, page=part.page)


def _sentences(text: str) -> Iterable[str]:
    for match in _SENTENCE.finditer(text):
        for start in range(0, len(match[0]), MOST):
            yield match[0][start : start + MOST]


def _place(path: Sequence[str], part: Part) -> str:
    where = " > ".join(path)
    beside = [*([f"表{part.table}"] if part.table else []), *([f"第{part.page}页"] if part.page else [])]
    return "，".join([where, *beside] if where else beside)


def _short(title: str) -> str:
    line = " ".join(title.split("\n"))
    return line if len(line) <= LONGEST_TITLE else f"{line[: LONGEST_TITLE - 1]}…"
