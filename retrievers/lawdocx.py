"""One DOCX of the national law database to a law: what such files hold, in the terms of `lawrefbook`.

A file has the title (often over several lines), a line in brackets that tells what happened when, a table of contents,
and the text with 编, 章 and 节. Its name is the title and the day of publication: 某法_20231229.docx. Knows nothing of
ids, validity, storage or other files. The texts come out as they stand.
"""

import re
from collections.abc import Sequence
from itertools import pairwise

from retrievers import lawrefbook, titles
from retrievers.contracts import BadSource
from retrievers.documents import word
from retrievers.lawrefbook import ARTICLE, BLANK, DATE, Document, Event

_N = "[0-9０-９〇○零一二两三四五六七八九十百千]+"
# Depths of headings, from the outermost: a level ends all deeper ones.
_LEVELS = (
    (2, re.compile(rf"第{_N}编(?:之{_N})?(?![0-9])")),
    (3, re.compile(rf"第{_N}分编")),
    (4, re.compile(rf"第{_N}章(?:之{_N})?")),
    (5, re.compile(rf"第{_N}节(?:之{_N})?")),
    (4, re.compile(r"(?:总|附|罚)[\s\u3000]*则$|序[\s\u3000]*言$")),
    (4, re.compile(r"[一二三四五六七八九十]+、[^。；：,，]{1,30}$")),
)
_LONGEST_HEADING = 60
_LONGEST_TITLE = 120
_KIND = re.compile(r"(?:法典?|条例|规定|办法|解释|决定|细则|规则|批复|意见|通知|规范|标准|纲要|章程)(?:（[^）]*）)?$")
_SENTENCE_END = "。；：;:，,"
_CONTENTS = re.compile(r"目[\s\u3000]*[录次]$")
_LEADERS = re.compile(r"[\s\u3000.…·]*\d*$")  # of a line in a table of contents
_STAMPED = re.compile(r"_(\d{4})(\d\d)(\d\d)$")
_YEAR = re.compile(r"[(（]\s*((?:19|20)\d\d)\s*年?(?:[^()（）]{0,4})[)）]\s*$")
_HAPPENED = re.compile("通过|批准|公布|发布|颁布|修正|修订|修改|施行|废止")
_BEFORE_EVENT = re.compile(r"[\s\u3000，,；;、（(]*(?:根据|自|已于|于|经|并自)?[\s\u3000]*$")
_PREAMBLE = re.compile("制定本|作如下|解释如下|规定如下|批复如下|决定如下")
_ANNOUNCED = re.compile(
    r"主席令|国务院令|公告$|第?[一二三四五六七八九十百〇零\d]+号$|^法释|^法发|^高检发|现予公布|^主\s*席|^总\s*理"
)
_DATED = re.compile(r"[（(]\s*(?:根据|自)?\s*\d{4}\s*年")  # how the line that tells of adoption begins
_NAMED = re.compile(r"[\s\u3000\u200b]+")


def parse(content: bytes, path: str) -> Document:
    """The law in the file's `content`; `path` is relative to the folder and gives category, version and title.

    Raises BadSource with the reason: no DOCX, encrypted, damaged, too large, no title, no text.
    """
    lines = _lines(content)
    begins = _begin(lines)
    head, body = lines[:begins], _without_contents(lines[begins:])
    numbered = any(ARTICLE.match(line) for line in body)
    name, version = _named(path)
    events = _events(head)
    law = _title(head, name, path)
    version = version or _in_year(events, path)
    if not numbered and not body:  # a text without headings and articles begins after what tells its dates
        body = head[_after_events(head) :]
    return Document(
        law=law,
        version=version,
        category=lawrefbook.category(path.split("/")[:-1]) or _category(law, head),
        source=path,
        events=events,
        articles=lawrefbook.articles([_marked(line, numbered) for line in body], law, version, path),
    )


def _lines(content: bytes) -> list[str]:
    """The lines of all paragraphs and rows, without blanks around them, otherwise as they stand."""
    parts = word.read(content, lambda text: "\n".join(filter(None, (one.strip(BLANK) for one in text.split("\n")))))
    return [line for part in parts for line in part.text.split("\n") if line]


def _begin(lines: Sequence[str]) -> int:
    """Where the head ends: at the table of contents, the first heading or the first article."""
    marks = (bool(_CONTENTS.match(line) or ARTICLE.match(line) or _depth(line, False)) for line in lines)
    begins = next((at for at, mark in enumerate(marks) if mark), len(lines))
    if begins < len(lines) and begins and _depth(lines[begins - 1], True):  # 一、一般规定
        return begins - 1
    return begins


def _depth(line: str, points: bool) -> int:
    """The depth of a heading, 0 for what is none; `points`: 一、… is one too."""
    if len(line) > _LONGEST_HEADING or line[-1] in _SENTENCE_END:
        return 0
    known = _LEVELS if points else _LEVELS[:-1]
    return next((depth for depth, pattern in known if pattern.match(line)), 0)


def _marked(line: str, numbered: bool) -> str:
    """The line as `lawrefbook.articles` takes it: headings begin with #."""
    depth = _depth(line, numbered)
    return f"{'#' * depth} {line}" if depth and not ARTICLE.match(line) else line.lstrip("#")


def _without_contents(lines: list[str]) -> list[str]:
    """The text from its beginning: the first line of a table of contents is also the first line after it."""
    if not lines or not _CONTENTS.match(lines[0]):
        return lines
    rest = lines[1:]
    article = next((at for at, line in enumerate(rest) if ARTICLE.match(line)), len(rest))
    first = _entry(rest[0]) if rest else ""
    if (again := next((at for at in range(1, article) if _entry(rest[at]) == first), None)) is not None:
        return rest[again:]
    depths = [_depth(line, True) for line in rest[:article]]
    if all(before < after for before, after in pairwise([0, *depths])):  # no entries here: headings of the text itself
        return rest
    return rest[article:]


def _entry(line: str) -> str:
    return _NAMED.sub("", _LEADERS.sub("", line))


def _named(path: str) -> tuple[str, str]:
    """Title and version as the file's name tells them; the version is empty where it has no day."""
    stem = path.rsplit("/", 1)[-1].rsplit(".", 1)[0].strip(BLANK)
    if (stamp := _STAMPED.search(stem)) is not None:
        return lawrefbook.title(_YEAR.sub("", stem[: stamp.start()])), "-".join(stamp.groups())
    version = lawrefbook.named_version(stem)
    bare = stem[: stem.rindex("(" if "(" in stem else "（")] if version else _YEAR.sub("", stem)
    return lawrefbook.title(bare), version


def _in_year(events: tuple[Event, ...], path: str) -> str:
    """The day of the last event, of the year in the file's name where it has one."""
    named = _YEAR.search(path.rsplit(".", 1)[0])
    wanted = tuple(one for one in events if named is None or one.day.year == int(named[1]))
    return lawrefbook.last(wanted)


def _title(head: Sequence[str], named: str, path: str) -> str:
    """The law's title: the lines of the head that make up what the file is called, else those before its dates."""
    for start in range(len(head)):
        for end in range(start + 1, min(start + 6, len(head)) + 1):
            joined = lawrefbook.title("".join(head[start:end]))
            if titles.key(joined) == titles.key(named):
                return joined
    before = [line for line in head[: _first_event(head)] if not _ANNOUNCED.search(line) and not DATE.search(line)]
    joined = lawrefbook.title("".join(before[:6]))
    if not joined and _KIND.search(named):
        return named
    if not joined or len(joined) > _LONGEST_TITLE:
        raise BadSource(f"{path}: no title")
    return joined


def _first_event(head: Sequence[str]) -> int:
    return next((at for at, line in enumerate(head) if _DATED.match(line)), len(head))


def _after_events(head: Sequence[str]) -> int:
    """Where the text begins: after the brackets that tell the dates, else after the last announcement."""
    begins = _first_event(head)
    if begins < len(head):
        return next((at + 1 for at in range(begins, len(head)) if head[at][-1] in "）)"), begins + 1)
    return max((at + 1 for at, line in enumerate(head) if _ANNOUNCED.search(line)), default=1)


def _events(head: Sequence[str]) -> tuple[Event, ...]:
    """What happened on each day that the head tells of, but for the preamble of the text."""
    found: list[Event] = []
    for line in _joined(head):
        if _PREAMBLE.search(line) or not _HAPPENED.search(line):
            continue
        days = list(DATE.finditer(line))
        for at, day in enumerate(days):
            end = days[at + 1].start() if at + 1 < len(days) else len(line)
            what = _BEFORE_EVENT.sub("", line[day.end() : end]).rstrip("）)")
            if _HAPPENED.search(what):
                found.append(lawrefbook.event(f"{day.group()} {what}"))
    return tuple(found)


def _joined(head: Sequence[str]) -> list[str]:
    """The lines of the head, with what stands in brackets over several lines as one."""
    joined: list[str] = []
    inside = False
    for line in head:
        if inside:
            joined[-1] += line
        else:
            joined.append(line)
        inside = joined[-1][0] in "（(" and line[-1] not in "）)"
    return joined


def _category(law: str, head: Sequence[str]) -> str:
    """What kind of text it is, where no folder says so: interpretations and regulations have rules of their own."""
    if law.startswith(("最高人民法院", "最高人民检察院")):
        return "司法解释"
    return "行政法规" if any("国务院令" in line for line in head) else ""
