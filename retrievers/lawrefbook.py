"""One Markdown file of a LawRefBook folder to a law: title, version, dates, and its articles.

Knows the file format only: nothing of ids, validity, storage or other files. The texts come out as they stand.
"""

import re
from dataclasses import dataclass
from datetime import date

from retrievers import numerals
from retrievers.contracts import BadSource

_STATE = "中华人民共和国"
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
_HEAD_END = re.compile(r"<!--\s*INFO END\s*-->")
_FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
_NAMED_DATE = re.compile(r"[(（](\d{4})-(\d\d)-(\d\d)[)）]\s*$")
DATE = re.compile(r"(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*日")
_N = "[0-9０-９〇○零一二两三四五六七八九十百千]+"
ARTICLE = re.compile(rf"第({_N})条(?:之({_N}))?(?=[\s\u3000]|$|[^\s\u3000、，。第款项的至和规之》”])[\s\u3000]*")
_POINT = re.compile(r"([一二三四五六七八九十百]+)、[\s\u3000]*")
_ANNEX = re.compile(r"#*\s*附(?!\s*则)\s*[件表录]?\s*(?:[一二三四五六七八九十0-9]+)?\s*(?:[：:\s]|$)")
BLANK = " \t\r\u3000\u200b\ufeff\xa0"
_CASES = "案例"

CATEGORIES = frozenset(("宪法", "宪法相关法", "民法典", "民法商法", "行政法", "经济法", "社会法", "刑法", "其他")) | {
    *("诉讼与非诉讼程序法", "行政法规", "司法解释", "部门规章", "地方性法规")
}


@dataclass(frozen=True, slots=True)
class Article:
    """One article. `number` 0 is the whole of a text that has no articles; `sub` is N of 之N, else 0."""

    number: int
    sub: int
    name: str
    text: str
    chapter: str = ""
    part: str = ""


@dataclass(frozen=True, slots=True)
class Event:
    """A line of the file's head: what happened on that day (通过, 修订, 施行 …)."""

    day: date
    what: str


@dataclass(frozen=True, slots=True)
class Document:
    """A law, or one part (编) of it, as one file tells it. `version` is the adoption date, empty when not told."""

    law: str
    version: str
    category: str
    source: str
    events: tuple[Event, ...]
    articles: tuple[Article, ...]
    part: str = ""


def kind(path: str) -> str:
    """What the file at this path inside the folder is: "law", or the Chinese name of what it is instead."""
    folders, name = path.split("/")[:-1], path.split("/")[-1]
    if name == "_index.md":
        return "目录页"
    if _CASES in folders:
        return "案例"
    if name.casefold() in ("readme.md", "dlcreadme.md", "contributing.md", "changelog.md"):
        return "说明"
    return "模版" if "模版" in name or "模板" in name else "law"


def title(heading: str) -> str:
    """The law's title as ids write it: without 中华人民共和国, outer 《》 and blanks, with full-width brackets."""
    plain = re.sub(r"[\s\u3000\u200b]+", "", _COMMENT.sub("", heading)).replace(_STATE, "")
    plain = plain.replace("(", "（").replace(")", "）")
    outer = plain.startswith("《") and plain.endswith("》") and plain.count("《") == 1
    return plain[1:-1] if outer else plain


def parse(content: bytes, path: str) -> Document:
    """The law in the file's `content`; `path` is relative to the folder and gives category and version.

    Raises BadSource with the reason: not UTF-8, NUL bytes, no heading, no date and no article, nothing in it.
    """
    head, body = _split(_decoded(content, path), path)
    headings = [title(line.lstrip("#")) for line in head if line.startswith("# ")]
    if not headings or not headings[0]:
        raise BadSource(f"{path}: no heading that names the law")
    events = tuple(event(line) for line in head if not line.startswith("#") and DATE.search(line))
    version = named_version(path) or last(events)
    return Document(
        law=headings[0],
        version=version,
        category=category(path.split("/")[:-1]),
        source=path,
        events=events,
        articles=articles(body, headings[0], version, path),
        part=headings[1] if len(headings) > 1 else "",
    )


def category(folders: list[str]) -> str:
    """The first folder with a known name, else the first folder."""
    return next((name for name in folders if name in CATEGORIES), folders[0] if folders else "")


def articles(body: list[str], law: str, version: str, path: str) -> tuple[Article, ...]:
    """The articles of a text whose headings begin with #: 第N条, else the points 一、二、…, else the whole as one.

    Raises BadSource.
    """
    if found := _numbered(body, ARTICLE, path):
        return tuple(found)
    points = _numbered(body, _POINT, path, unit="条" if "修正案" in law else "点")
    if points and points[0].number == 1:
        return tuple(points)
    if not version:
        raise BadSource(f"{path}: neither articles nor a date: not a statute")
    whole = "\n".join(line for line in body if not line.startswith("#"))
    if not whole:
        raise BadSource(f"{path}: no text")
    return (Article(0, 0, "全文", whole),)


def _decoded(content: bytes, path: str) -> str:
    if b"\0" in content:
        raise BadSource(f"{path}: NUL bytes: not a text file")
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise BadSource(f"{path}: not UTF-8 (byte {error.start})") from error
    return _FRONT_MATTER.sub("", text.replace("\r\n", "\n"))


def _split(text: str, path: str) -> tuple[list[str], list[str]]:
    """Head and body as stripped lines without blanks; a file without the INFO END mark has its heading as head."""
    halves = _HEAD_END.split(text, maxsplit=1)
    if len(halves) == 1:
        lines = _lines(text)
        first = next((i for i, line in enumerate(lines) if line.startswith("## ") or ARTICLE.match(line)), None)
        if first is None:
            raise BadSource(f"{path}: neither the INFO END mark nor an article")
        return lines[:first], lines[first:]
    return _lines(halves[0]), _lines(halves[1])


def _lines(text: str) -> list[str]:
    stripped = (line.strip(BLANK) for line in _COMMENT.sub("", text).split("\n"))
    return [line for line in stripped if line]


def event(line: str) -> Event:
    """What a line of a head tells of its first date. Raises BadSource for a day that there is not."""
    year, month, day = (int(group) for group in DATE.search(line).groups())  # type: ignore[union-attr]
    try:
        return Event(date(year, month, day), DATE.sub("", line, count=1).strip(BLANK))
    except ValueError as error:
        raise BadSource(f"no such day in the head: {line!r}") from error


def named_version(path: str) -> str:
    """The date in the file's name, else empty."""
    match = _NAMED_DATE.search(path.removesuffix(".md"))
    return "-".join(match.groups()) if match else ""


def last(events: tuple[Event, ...]) -> str:
    """The day of the last event that is not 施行, else empty."""
    days = [one.day for one in events if "施行" not in one.what or "通过" in one.what]
    return max(days).isoformat() if days else ""


def _numbered(body: list[str], mark: re.Pattern[str], path: str, unit: str = "") -> list[Article]:
    """The articles whose first lines match `mark`; empty when none does. A repeated number keeps the first text.

    `unit`: articles are called 第一点 after it, whatever their mark.

    What follows an annex (附件, 附表) belongs to no article.
    """
    found: list[tuple[int, int, str, str, list[str]]] = []
    levels: dict[int, str] = {}
    annexed = False
    for line in body:
        if found and _ANNEX.match(line):
            annexed = True
        elif line.startswith("#"):
            depth = len(line) - len(line.lstrip("#"))
            levels = {level: name for level, name in levels.items() if level < depth}
            if name := re.sub(r"[\s\u3000\u200b]+", " ", line.lstrip("#")).strip():
                levels[depth] = name
        elif match := mark.match(line):
            chapter = " / ".join(levels[depth] for depth in sorted(levels))
            number, sub = _number(match, path)
            name = f"第{match.group(1)}{unit}" if unit else match.group(0).strip(BLANK)
            found.append((number, sub, name, chapter, [line[match.end() :]]))
            annexed = False
        elif found and not annexed:
            found[-1][4].append(line)
    seen: set[tuple[int, int]] = set()
    kept: list[Article] = []
    for number, sub, name, chapter, lines in found:
        text = "\n".join(line for line in lines if line)
        if (number, sub) not in seen and text:
            seen.add((number, sub))
            kept.append(Article(number, sub, name, text, chapter))
    return kept


def _number(match: re.Match[str], path: str) -> tuple[int, int]:
    groups = [group for group in match.groups() if group]
    try:
        number, sub = numerals.to_int(groups[0]), numerals.to_int(groups[1]) if len(groups) > 1 else 0
    except ValueError as error:
        raise BadSource(f"{path}: not a number: {match.group(0)!r}") from error
    return number, sub
