"""When the versions of a law hold: from, to, ended by what; and the status of a text on a given day.

Reads the laws' own closing clauses and the checked tables (retrievers/tables.py). What neither tells stays null.
Ends are worked out when a corpus is loaded, so that a corrected table counts at once. Knows nothing of files, indexes
or storage.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from retrievers import numerals, tables
from retrievers.contracts import Status, plain_title
from retrievers.lawrefbook import Article, Document, Event, title

_DAY = rf"([{numerals.DIGITS}○]{{4}})\s*年\s*([{numerals.DIGITS}]{{1,3}})\s*月\s*([{numerals.DIGITS}]{{1,3}})\s*日"
_MADE = "(?:修订|修改)?(?:公布|发布|颁布|印发|通过)之日"
_STARTS = re.compile(rf"自\s*(?:{_DAY}|{_MADE})\s*(?:零时)?\s*起?(?:施行|实施|生效|执行)")
_OURSELVES = re.compile(
    "本(?:法|条例|规定|解释|办法|细则|规则|决定|修正案|批复|安排|规范|意见|标准|程序|通知|实施|暂行|制度|补充)"
)
_SENTENCE = re.compile(r"[^。;；\n]+")
_BEGINS = re.compile("施行|生效")
_ENDED = re.compile(r"(?:同时|即行|即|予以|自行|相应|一并|均)废止")
_NAMED = re.compile(r"《((?:[^《》]|《[^《》]*》)+)》")
_ISSUER = re.compile(r"(最高人民法院[、和]?\s*最高人民检察院|最高人民法院|最高人民检察院)[^《》。；]{0,30}$")
_PARTLY = re.compile(rf"^\s*(?:（[^）]*）|\([^)]*\))?\s*(?:的?第[{numerals.DIGITS}]+[章节条款]|中)")
_SOON = timedelta(days=180)  # from the adoption that a head tells of to the publication that names the file
_RETROACTIVE = timedelta(days=366)  # the most by which a first text takes effect before it is published
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

    `current` is filled in by `arrange`: no newer version is known. `last` is the number of the last article where
    `articles` are only some of them (0: the last of them is the last).
    """

    law: str
    version: str
    category: str
    source: str
    articles: tuple[Article, ...]
    kind: str = "official"
    starts: date | None = None
    repeals: tuple[Repeal, ...] = ()
    current: bool = True
    last: int = 0


@dataclass(frozen=True, slots=True)
class End:
    """Why a version does not hold from `day` on; `said` says it in Chinese.

    `law` governs instead, in its `version` where that is known (of the same law); both may be empty. `repealed`: the
    law itself was done away with, and not just this version. `exact`: `day` is told, not taken from an adoption.
    """

    day: date
    said: str
    law: str = ""
    version: str = ""
    repealed: bool = False
    exact: bool = True


@dataclass(frozen=True, slots=True)
class Validity:
    """What `standing` needs to know of a version."""

    law: str
    version: str
    starts: date | None = None
    end: End | None = None
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
    adopted, law = _iso(edition.version), plain_title(edition.law)
    if (known := tables.start(law, adopted)) is not None:
        return known
    clause = _closing(edition)
    amended = _is_amended(edition, events, clause[0] if clause else None)
    if clause is None:  # interpretations often leave it to the announcement that comes with them
        older = edition.category == "司法解释"
    else:
        older = clause[0] is not None and adopted is not None and clause[0] < adopted
    if (amended or older) and (known := tables.package_start(law, adopted, edition.category)) is not None:
        return known
    told = [event.day for event in events if _BEGINS.search(event.what) and "通过" not in event.what]
    if told and (adopted is None or max(told) >= adopted):
        return max(told)
    if clause is None:
        return None
    if clause[0] is not None:
        return clause[0] if adopted is None or clause[0] >= adopted or not amended else None
    if amended:
        return None
    published = [event.day for event in events if re.search("公布|发布", event.what)]
    return max([*published, adopted]) if adopted else max(published, default=None)


def _is_amended(edition: Edition, events: Sequence[Event], clause: date | None) -> bool:
    """Whether this version only changes articles of an older one: its closing clause is then the older one's.

    Many heads tell of the first version alone: a text adopted long after all that its head or its clause tells of is
    amended too.
    """
    adopted = _iso(edition.version)
    made = [event for event in events if not _BEGINS.search(event.what) or "通过" in event.what]
    told = [*(event.day + _SOON for event in made), *([clause + _RETROACTIVE] if clause else ())]
    if adopted and told and adopted > max(told):
        return True
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
    made = [event for event in events if not _BEGINS.search(event.what)]
    published = [event.day for event in made if re.search("公布|发布", event.what)]
    first = min(published or [event.day for event in made], default=None)  # 自公布之日起: the first version's day
    day = (closing[0] if closing else None) or first or _iso(edition.version)
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
    """All editions, law by law and oldest first: one writing of each title, the newest of a law is `current`."""
    arranged: list[Edition] = []
    for _, versions in sorted(_laws(known).items()):
        newest = versions[-1]
        arranged += (
            replace(edition, law=newest.law, current=edition.version == newest.version) for edition in versions
        )
    return arranged


def validities(known: Sequence[Edition]) -> list[Validity]:
    """When each of these editions holds, in their order; of the editions no articles are needed.

    A version ends when the next one starts, and when a later text or a table says that its law does; a （试行） text
    when its final form comes. The earliest counts.
    """
    known = [replace(e, starts=tables.start(plain_title(e.law), _iso(e.version)) or e.starts) for e in known]
    laws = _laws(known)
    ends = _ends(laws)
    return [
        Validity(
            edition.law,
            edition.version,
            edition.starts,
            _end(edition, laws[plain_title(edition.law)], ends.get(_key(edition.law), ())),
            edition.kind == "official",
            edition.last,
        )
        for edition in known
    ]


def _laws(known: Iterable[Edition]) -> dict[str, list[Edition]]:
    laws: dict[str, list[Edition]] = {}
    for edition in known:
        laws.setdefault(plain_title(edition.law), []).append(edition)
    return {law: sorted(versions, key=lambda edition: edition.version) for law, versions in laws.items()}


def _end(edition: Edition, versions: Sequence[Edition], ends: Iterable["_Ending"]) -> End | None:
    found = [row.end for row in ends if _is_older(edition, row)]
    newer = next((other for other in versions if other.version > edition.version), None)
    if newer is not None and (day := newer.starts or _iso(newer.version)) is not None:
        told = f",自{newer.starts}起施行" if newer.starts else ""
        said = f"《{newer.law}》已有{newer.version}通过的新版本{told}"
        found.insert(0, End(day, said, newer.law, newer.version, exact=newer.starts is not None))
    return min(found, key=lambda end: end.day, default=None)


@dataclass(frozen=True, slots=True)
class _Ending:
    """An end for all texts of a law that were adopted before `before`."""

    before: date
    end: End


def _ends(laws: dict[str, list[Edition]]) -> dict[str, list[_Ending]]:
    """Key of a title → what ends its texts: the tables first, then what other texts say."""
    found: dict[str, list[_Ending]] = {}

    def add(law: str, before: date, end: End) -> None:
        found.setdefault(_key(law), []).append(_Ending(before, end))

    for row in tables.gone():
        told = f"修改,自{row.since}起以新文本为准" if row.amended else f"废止,自{row.since}起失效"
        said = f"《{row.law}》已{'由' if row.amended else '被'}《{row.by}》{told}"
        add(row.law, row.adopted, End(row.since, said, row.now, repealed=not row.amended))
    for new in tables.changed():
        version = new.adopted.isoformat() if new.law == new.ended else ""
        add(new.ended, new.adopted, End(new.since, _told(new), new.law, version, repealed=new.law != new.ended))
    for versions in laws.values():
        law = versions[-1].law
        for edition in versions:
            for repeal in edition.repeals:
                said = f"《{repeal.title}》已被《{law}》废止,自{repeal.day}起失效"
                add(repeal.title, repeal.day, End(repeal.day, said, law, repealed=True))
        final = laws.get(re.sub(r"（(?:试行|暂行)）$", "", plain_title(law)))
        if final and final[-1].law != law and final[-1].version > versions[-1].version:
            day = final[-1].starts or _iso(final[-1].version)
            if day:
                said = f"《{law}》已被《{final[-1].law}》取代,自{day}起失效"
                add(law, day, End(day, said, final[-1].law, repealed=True, exact=final[-1].starts is not None))
    return found


def _is_older(edition: Edition, row: _Ending) -> bool:
    """Whether the version is one of those that were ended: a later text of the same name is not."""
    adopted = _iso(edition.version)
    return (adopted is None or adopted < row.before) and (edition.starts is None or edition.starts < row.end.day)


def standing(text: Validity, day: date) -> tuple[Status, str]:
    """The status of a version on `day`, and the Chinese sentence that says what changed it (else empty)."""
    if text.end is not None and text.end.day <= day:
        return ("repealed" if text.end.repealed else "superseded"), text.end.said
    first = text.starts or _iso(text.version)
    if first is not None and day < first:
        return "not_yet", f"《{text.law}》的这一文本自{first}起{'施行' if text.starts else '才通过'}"
    return "in_force", ""


class Heirs:
    """What governs in place of a text, however many texts came between. Immutable."""

    def __init__(self, known: Iterable[Validity]) -> None:
        """`known` are all texts of a corpus."""
        self._texts: dict[tuple[str, str], Validity] = {}
        self._titles: dict[str, str] = {}
        for text in sorted(known, key=lambda text: text.version):
            law = plain_title(text.law)
            self._texts[law, text.version] = self._texts[law, ""] = text
            self._titles[law] = text.law

    def of(self, text: Validity, day: date) -> End | None:
        """The end whose successor holds on `day`: of a text, of the text after it, and so on; null before it ends.

        The successor may be a law that is not here. Its title is written as in the corpus where it is.
        """
        end, last, seen = text.end, None, set[tuple[str, str]]()
        while end is not None and end.day <= day and (end.law, end.version) not in seen:
            seen.add((end.law, end.version))
            last = replace(end, law=self._titles.get(plain_title(end.law), end.law))
            heir = self._texts.get((plain_title(end.law), end.version)) if end.law else None
            end = heir.end if heir is not None else None
        return last


def _told(row: tables.Changed) -> str:
    if row.law != row.ended:
        return f"《{row.ended}》已由《{row.law}》取代,自{row.since}起失效"
    verb = {"amended": "修改", "revised": "修订"}.get(row.change, "修订")
    return f"《{row.law}》已于{row.adopted}{verb},自{row.since}起施行"


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
