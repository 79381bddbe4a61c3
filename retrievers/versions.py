"""When the versions of a law hold: from, to, repealed by what; and the status of a text on a given day.

Reads the laws' own closing clauses and the checked tables `repealed.yaml`, `effective.yaml`, `superseded.yaml`.
What neither tells stays null. Knows nothing of files, indexes or storage.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from retrievers import digests, numerals
from retrievers.contracts import Status, plain_title
from retrievers.lawrefbook import Article, Document, Event, title

HERE = Path(__file__).parent
_DAY = rf"([{numerals.DIGITS}○]{{4}})\s*年\s*([{numerals.DIGITS}]{{1,3}})\s*月\s*([{numerals.DIGITS}]{{1,3}})\s*日"
_MADE = "(?:修订|修改)?(?:公布|发布|颁布|印发|通过)之日"
_STARTS = re.compile(rf"自\s*(?:{_DAY}|{_MADE})\s*(?:零时)?\s*起?(?:施行|实施|生效|执行)")
_OURSELVES = re.compile(
    "本(?:法|条例|规定|解释|办法|细则|规则|决定|修正案|批复|安排|规范|意见|标准|程序|通知|实施|暂行|制度|补充)"
)
_SENTENCE = re.compile(r"[^。;；\n]+")
_ENDED = re.compile(r"(?:同时|即行|即|予以|自行|相应|一并|均)废止")
_NAMED = re.compile(r"《((?:[^《》]|《[^《》]*》)+)》")
_ISSUER = re.compile(r"(最高人民法院[、和]?\s*最高人民检察院|最高人民法院|最高人民检察院)[^《》。；]{0,30}$")
_PARTLY = re.compile(rf"^\s*(?:（[^）]*）|\([^)]*\))?\s*(?:的?第[{numerals.DIGITS}]+[章节条款]|中)")
_AMENDED = re.compile(r"修正|修改|决定》")
_DIGIT = str.maketrans("〇○零一二三四五六七八九０１２３４５６７８９", "000123456789" + "0123456789")


@dataclass(frozen=True, slots=True)
class Repeal:
    """A closing clause: the instrument `title` ends on `day`, by this law."""

    title: str
    day: date


@dataclass(frozen=True, slots=True)
class Edition:
    """One version of one law with its articles. `starts` is what its own text or a table tells, else null.

    `effective_to`, `ended`, `ended_by` and `current` are filled in by `arrange`: `ended` is the day from which the
    text no longer holds, `repealed` whether the law itself was done away with and not just this version. `last` is
    the number of the last article where `articles` are only some of them (0: the last of them is the last).
    """

    law: str
    version: str
    category: str
    source: str
    articles: tuple[Article, ...]
    kind: str = "official"
    starts: date | None = None
    repeals: tuple[Repeal, ...] = ()
    effective_to: date | None = None
    ended: date | None = None
    ended_by: str = ""
    repealed: bool = False
    current: bool = True
    last: int = 0


@dataclass(frozen=True, slots=True)
class Validity:
    """What `standing` needs to know of a version; stored beside its articles."""

    law: str
    version: str
    starts: date | None
    ended: date | None
    ended_by: str
    repealed: bool
    official: bool = True
    last: int = 0


def editions(documents: Iterable[Document]) -> list[Edition]:
    """One edition for each law and version, the parts (编) of a law that comes in several files put together."""
    groups: dict[tuple[str, str], list[Document]] = {}
    for document in documents:
        groups.setdefault((plain_title(document.law), document.version), []).append(document)
    return [_edition(group) for group in groups.values()]


def _edition(group: Sequence[Document]) -> Edition:
    first = group[0]
    articles: dict[tuple[int, int], Article] = {}
    for document in group:
        for article in document.articles:
            articles.setdefault((article.number, article.sub), replace(article, part=document.part))
    ordered = tuple(articles[key] for key in sorted(articles))
    events = tuple(sorted({event for document in group for event in document.events}, key=lambda event: event.day))
    source = first.source if len(group) == 1 else first.source.rpartition("/")[0]
    edition = Edition(first.law, first.version, first.category, source, ordered)
    return replace(edition, starts=starts(edition, events), repeals=repeals(edition, events))


def starts(edition: Edition, events: Sequence[Event]) -> date | None:
    """The day this version takes effect, null when neither table, head nor closing clause tells.

    The closing clause of an amended law usually still tells of its first version; it counts only if it is not
    earlier than the adoption of this version.
    """
    adopted = _iso(edition.version)
    amended = _is_amended(edition, events)
    if (known := _tabled_start(edition, amended)) is not None:
        return known
    told = [event.day for event in events if "施行" in event.what and "通过" not in event.what]
    if told and (adopted is None or max(told) >= adopted):
        return max(told)
    clause = _closing(edition)
    if clause is None:
        return None
    if clause[0] is not None:
        return clause[0] if adopted is None or clause[0] >= adopted or not amended else None
    if amended:
        return None
    published = [event.day for event in events if re.search("公布|发布", event.what)]
    return max([*published, adopted]) if adopted else max(published, default=None)


def _is_amended(edition: Edition, events: Sequence[Event]) -> bool:
    """Whether this version only changes articles of an older one: its closing clause is then the older one's."""
    made = [event for event in events if "施行" not in event.what or "通过" in event.what]
    if not made:
        return False
    if edition.category == "司法解释":
        return len({event.day for event in made if "通过" in event.what}) > 1 or bool(_AMENDED.search(made[-1].what))
    return len(made) > 1 and bool(_AMENDED.search(made[-1].what))


def _closing(edition: Edition) -> tuple[date | None] | None:
    """The closing clause's day, a null day for 自公布之日起施行, or nothing where there is no such clause."""
    for article in list(reversed(edition.articles))[:6]:
        for sentence in _SENTENCE.findall(article.text):
            match = _STARTS.search(sentence)
            if match and (_OURSELVES.search(sentence[: match.start()]) or match.start() == 0):
                return (_day(match.groups()) if match.group(1) else None,)
    return None


def repeals(edition: Edition, events: Sequence[Event]) -> tuple[Repeal, ...]:
    """The instruments that this text itself says it ends: 《…》同时废止. Parts (第三条, …中) do not count."""
    closing = _closing(edition)
    made = [event.day for event in events if "施行" not in event.what]
    day = (closing[0] if closing else None) or min(made, default=None) or _iso(edition.version)
    if day is None:
        return ()
    found: dict[str, Repeal] = {}
    for article in edition.articles[-12:]:
        for sentence in re.findall(r"[^。;；]+", article.text):
            if not (end := _ENDED.search(sentence)):
                continue
            for match in _NAMED.finditer(sentence, 0, end.start()):
                if _PARTLY.match(sentence[match.end() : end.start()]):
                    continue
                name = match.group(1)
                issuer = _ISSUER.search(sentence[: match.start()])
                for written in (name, re.sub(r"\s", "", issuer.group(1)) + name if issuer else name):
                    if _key(written) != _key(edition.law):
                        found[_key(written)] = Repeal(title(written), day)
    return tuple(found.values())


def arrange(known: Iterable[Edition]) -> list[Edition]:
    """All editions with their ends filled in: the newest of a law is `current`, others end when the next starts.

    A law ends when a later text of the corpus or `repealed.yaml` says so; a （试行） text when its final form comes.
    """
    laws: dict[str, list[Edition]] = {}
    for edition in known:
        laws.setdefault(plain_title(edition.law), []).append(edition)
    for law, versions in laws.items():
        versions.sort(key=lambda edition: edition.version)
        laws[law] = [replace(edition, law=versions[-1].law) for edition in versions]
    ends = _ends(laws)
    arranged: list[Edition] = []
    for _, versions in sorted(laws.items()):
        law = versions[-1].law
        for place, edition in enumerate(versions):
            end = min((e for e in ends.get(_key(law), ()) if _before(edition, e[0])), default=None)
            if place + 1 < len(versions):
                newer = versions[place + 1]
                day = newer.starts or _iso(newer.version)
                told = f",自{newer.starts}起施行" if newer.starts else ""
                said = f"《{law}》已有{newer.version}通过的新版本{told}"
                edition = replace(edition, effective_to=newer.starts, ended=day, ended_by=said, current=False)
            elif end is not None:
                edition = replace(edition, effective_to=end[0], ended=end[0], ended_by=end[1], repealed=end[2])
            arranged.append(edition)
    return arranged


def _ends(laws: dict[str, list[Edition]]) -> dict[str, list[tuple[date, str, bool]]]:
    """Key of a title → the days on which something ended it, the sentence that says so, and whether it is gone."""
    ends: dict[str, list[tuple[date, str, bool]]] = {}
    for row in _table("repealed.yaml"):
        gone = row.get("change", "repealed") == "repealed"
        said = f"已被《{row['by']}》废止" if gone else f"已由《{row['by']}》修改"
        said = f"《{row['law']}》{said},自{row['from']}起{'失效' if gone else '以新文本为准'}"
        ends.setdefault(_key(row["law"]), []).append((row["from"], said, gone))
    for versions in laws.values():
        law = versions[-1].law
        for edition in versions:
            for repeal in edition.repeals:
                said = f"《{repeal.title}》已被《{law}》废止,自{repeal.day}起失效"
                ends.setdefault(_key(repeal.title), []).append((repeal.day, said, True))
        final = laws.get(re.sub(r"（(?:试行|暂行)）$", "", plain_title(law)))
        if final and final[-1].law != law and final[-1].version > versions[-1].version:
            day = final[-1].starts or _iso(final[-1].version)
            if day:
                said = f"《{law}》已被《{final[-1].law}》取代,自{day}起失效"
                ends.setdefault(_key(law), []).append((day, said, True))
    return ends


def _before(edition: Edition, day: date) -> bool:
    """Whether the version is older than the repeal: a later law of the same name is not what was repealed."""
    adopted = _iso(edition.version)
    return adopted is None or adopted < day


def standing(text: Validity, day: date) -> tuple[Status, str]:
    """The status of a version on `day`, and the Chinese sentence that says what changed it (else empty)."""
    changed = _changed(day).get(text.law)
    if changed is not None and text.version < changed["adopted"].isoformat():
        return "superseded", _told(text.law, changed)
    if text.ended is not None and text.ended <= day:
        return ("repealed" if text.repealed else "superseded"), text.ended_by
    first = text.starts or _iso(text.version)
    if first is not None and day < first:
        return "not_yet", f"《{text.law}》的这一文本自{first}起{'施行' if text.starts else '才通过'}"
    return "in_force", ""


@lru_cache(maxsize=64)
def _changed(day: date) -> dict[str, dict[str, Any]]:
    return digests.superseded(day)


def _told(law: str, row: dict[str, Any]) -> str:
    if row["law"] != law:
        return f"《{law}》已由《{row['law']}》取代,自{row['from']}起失效"
    verb = {"amended": "修改", "revised": "修订"}.get(row["change"], "修订")
    return f"《{law}》已于{row['adopted']}{verb},自{row['from']}起施行"


def _tabled_start(edition: Edition, amended: bool) -> date | None:
    """What effective.yaml says; a package speaks only of the laws that it amended."""
    table, adopted = _table("effective.yaml"), _iso(edition.version)
    exact: date | None = table["laws"].get(edition.law, {}).get(adopted)
    if exact is not None or not amended:
        return exact
    for row in table["packages"]:
        if row["adopted"] == adopted and edition.category in row["categories"]:
            start: date = row["from"]
            return start if edition.law not in row.get("except", ()) else None
    return None


@lru_cache(maxsize=8)
def _table(name: str) -> Any:
    return yaml.safe_load((HERE / name).read_text(encoding="utf-8"))


def _key(name: str) -> str:
    """A title without brackets, blanks and marks, in which clauses and headings often differ."""
    return re.sub(r"[\s《》〈〉<>、，,（）()]|的$", "", title(name))


def _iso(text: str) -> date | None:
    return date.fromisoformat(text) if text else None


def _day(groups: Sequence[str | None]) -> date | None:
    year, month, day = (group or "" for group in groups)
    try:
        return date(int(year.translate(_DIGIT)), numerals.to_int(month), numerals.to_int(day))
    except ValueError:
        return None
