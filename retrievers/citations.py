"""Citations in a text: where they are, what they name, in any notation, and what the corpus has under that name.

Knows no corpus: the caller hands in a look-up. `retrievers.notation` reads the numbers, this module finds their law.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from retrievers import numerals
from retrievers.contracts import Mention, Passage, Resolution
from retrievers.notation import HASH, Compact, Item, N, chains, compact, number, usable
from retrievers.titles import STATE, Titles

_FILLER = re.compile(
    rf"(?:（[^（）]{{0,40}}(?:（[^（）]*）[^（）]*)?）|[”」』\"]|第{N}[编章节]"
    r"|(?:总则|分则|物权|合同|人格权|婚姻家庭|继承|侵权责任)?分?编|规定的?"
    r"|当中的?|之?中的?|里面?的?|上的?|的|之|[：:，,]|——?)$"
)
_PARTICLE = re.compile(r"(?:当中的?|中的?|里的?|的|之|[：:])$")
_OLD_VERSION = re.compile(r"(?:(?P<year>(?:19|20)\d{2})年?(?:版|修正|修订)?的?|(?P<old>原|旧))$")
_YEAR_NOTE = re.compile(r"^（((?:19|20)\d{2})年?(?:版|修正|修订|修改)?[版本]*）")
_SAME_ARTICLE = re.compile(r"(?:本|该|同|此|上述|前述)条(?:规定)?的?$")
_SAME_LAW = re.compile(
    r"(?:本|该|同|此|上述|前述|这部|这个|那部)"
    r"(?:法律|法规|司法解释|实施条例|(?P<kind>条例|解释|规定|办法|细则|规则)|法)(?:的|中的?|之)?$"
)
_KINDS = (
    "法|法典|条例|规定|办法|解释|细则|规则|决定|意见|批复|通知|纪要|公约|条约|规程|规范|标准|修正案|解答|答复|安排"
    "|准则|命令"
)
_UNKNOWN = re.compile(rf"[一-龥A-Za-z0-9（）]{{0,40}}(?:{_KINDS})(?:（[一二三四五六七八九十]+）)?$")
_LEAD = re.compile(
    "根据|依据|依照|按照|参照|适用|违反|符合|参见|参考|详见|援引|引用|触犯|构成|属于|结合|关于|有关|相关|请问|以及|或者|因为|所以"
    "|我国|[依按照据见和与及或对了在是从即如说查看问的由把将被跟为以]"
)
_NO_LAW = re.compile(
    r"(?:做|看|说|想|方|用|语|算|司|执|违|合|非|依|立|手|写|打|普|无|没)法$"
    rf"|^(?:{_KINDS}|法律|有关规定|相关规定|实施条例)$"
)
_PRIVATE = re.compile(
    r"(?:合同书?|协议书?|手册|章程|制度|守则|条款|保单|契约|约定|判决书?|裁定书?|调解书|裁决书|通知书|告知书|承诺书"
    r"|声明|遗嘱|须知)$"
)
_COUNTED = re.compile(  # 第二条路 counts roads, not articles
    r"路|途径|建议|理由|线索|证据|消息|微信|短信|信息|意见|原因|出路|评论|狗|鱼|船|是[^《]{0,2}[，,：:]"
)
_NOT_AN_ARTICLE = re.compile(r"[年月日号修版万亿元块个%％天次届岁周倍小分级编章节部.]|-[0-9]{2}")
_REACH = 120  # characters before an article in which its law is looked for
_CARRIES = 1000  # characters over which a law named without an article carries to a bare 第N条
_LONGEST_NAME = 45
_FIRST_YEAR = 1900
_ITEM_LINE = re.compile(rf"[（(]{N}[）)]|[0-9]{{1,2}}[.．、](?![0-9])")
_ITEM_MARK = re.compile(rf"(?:^|(?<=[\n：:；;。]))\s*[（(]({N})[）)]")

Lookup = Callable[[str, int, int], Passage | None]
Versions = Callable[[str, int, int], Sequence[Passage]]


@dataclass(frozen=True)
class _Law:
    """What stands before a chain: the law named there, from `start` on. `known`: its name was read there."""

    law: str
    start: int
    version: str = ""
    known: bool = True


def mentions(text: str, titles: Titles) -> list[Mention]:
    """Every citation written in `text`, in order.

    A law once named carries on: to the rest of a list, to 该法/本法 and to a bare 第N条. Of a range both ends are
    mentions. Clauses of contracts and the like (劳动合同第八条) are none. A number that cannot be read is 0.
    """
    plain = compact(text)
    found: list[Mention] = []
    end = 0
    for written in chains(plain.text):
        last = found[-1] if found else None
        chain = _spoken(plain.text, written, titles)
        law = _law_before(plain.text, end, chain, titles, found)
        if law is None:
            continue
        rows = _numbered(usable(chain, law.known), law, last)
        for place, (row, first, final) in enumerate(rows):
            start, stop = plain.span(law.start if place == 0 else first, final)
            if text[:start].endswith(STATE):
                start -= len(STATE)
            found.append(row.model_copy(update={"text": text[start:stop], "start": start, "end": stop}))
        if rows:
            end = rows[-1][2]
    return sorted([*found, *_identifiers(text, plain, titles)], key=lambda row: row.start)


def _law_before(text: str, end: int, chain: list[Item], titles: Titles, found: list[Mention]) -> _Law | None:
    """The law that the chain belongs to; None if the chain is no citation."""
    last = found[-1] if found else None
    start = chain[0].start
    before = text[max(0, start - _REACH, end) : start]
    offset = start - len(before)
    if (same := _SAME_ARTICLE.search(before)) and chain[0].unit in ("款", "项"):
        return None if last is None else _Law(last.law, offset + same.start(), last.version, known=False)
    if all(item.unit != "条" for item in chain):
        return None
    if (named := _named(before, titles)) is not None:
        law, place, version = named
        return None if _private(law, titles) else _Law(law, offset + place, version)
    same_law = _SAME_LAW.search(before)
    first = next((item for item in chain if item.di), None)
    if same_law is None and (first is None or _PRIVATE.search(_PARTICLE.sub("", before))):
        return None
    final = max(item.end for item in chain if item.unit)
    if same_law is None and _COUNTED.match(text, final):
        return None
    before_it = ("", "") if last is None else (last.law, last.version)
    law, version = _last_named(text[:start], end, titles) or before_it
    if same_law and (kind := same_law["kind"]) and kind not in law:  # 本解释 is not the code named just before
        alike = next((row for row in reversed(found) if kind in row.law), None)
        law, version = (law, version) if alike is None else (alike.law, alike.version)
    if _private(law, titles):
        return None
    begin = offset + same_law.start() if same_law else start if first is None else first.start
    return _Law(law, begin, version, known=same_law is not None)


def _private(law: str, titles: Titles) -> bool:
    return bool(_PRIVATE.search(law)) and titles.canonical(law) is None


def _spoken(text: str, chain: list[Item], titles: Titles) -> list[Item]:
    """The chain; the number of 民法典1079 or 民法典1079第二款, right after a loaded law, is read as an article."""
    item, others = chain[0], chain[1:]
    digits = text[item.start : item.end]
    if item.unit or not (item.di or digits.isascii()) or not 0 < item.number < _FIRST_YEAR:
        return chain
    if any(other.unit not in ("款", "项") for other in others) or (others and others[0].sep):
        return chain
    before = text[max(0, item.start - _REACH) : item.start]
    named = _bracketed(before, titles) or titles.ending(before)
    if named is None or named[0] not in titles or _NOT_AN_ARTICLE.match(text, item.end):
        return chain
    return [replace(item, unit="条"), *others]


def _named(before: str, titles: Titles) -> tuple[str, int, str] | None:
    """(law, where its name starts, version) of the name with which `before` ends, particles aside."""
    rests, version = [before], ""
    while (filler := _FILLER.search(rests[-1])) is not None:
        rests.append(rests[-1][: filler.start()])
        if year := _YEAR_NOTE.match(filler.group()):
            version = year.group(1)
    for rest in rests:
        if rest.endswith("》）"):  # （以下简称《劳动合同法》）: the name before the note is meant
            continue
        if known := _bracketed(rest, titles) or titles.ending(rest):
            return _versioned(rest, *known, version or _written_version(rest, known[1], titles))
    for rest in rests:
        if unknown := _unknown(rest, titles):
            return _versioned(rest, *unknown, version)
    return None


def _written_version(rest: str, start: int, titles: Titles) -> str:
    inside = rest[start:]
    return titles.version(inside) if inside.endswith("》") else ""


def _versioned(rest: str, law: str, start: int, version: str) -> tuple[str, int, str]:
    older = _OLD_VERSION.search(rest[:start])
    if older is None:
        return law, start, version
    return law, older.start(), version or older["year"] or "旧"


def _bracketed(rest: str, titles: Titles) -> tuple[str, int] | None:
    if not rest.endswith("》"):
        return None
    depth = 0
    for place in range(len(rest) - 1, -1, -1):
        depth += {"》": 1, "《": -1}.get(rest[place], 0)
        if depth == 0:
            name = rest[place + 1 : -1]
            return titles.canonical(name) or name, place
    return None


def _unknown(rest: str, titles: Titles) -> tuple[str, int] | None:
    """A name that looks like a law's but is not listed: as written, or the interpretation that it describes."""
    run = _UNKNOWN.search(rest, max(0, len(rest) - _LONGEST_NAME))
    if run is None:
        return None
    name, start = run.group(), run.start()
    kind = len(name) - 1
    cuts = [match.end() for match in _LEAD.finditer(name) if match.end() < kind]
    for cut in (0, *cuts):
        if name[cut:].endswith(("解释", "规定", "解释）", "规定）", "）")) and (title := titles.canonical(name[cut:])):
            return title, start + cut
    cut = cuts[-1] if cuts else 0
    name = name[cut:]
    return None if len(name) < 2 or _NO_LAW.search(name) or _SAME_LAW.search(name) else (name, start + cut)


def _last_named(text: str, end: int, titles: Titles) -> tuple[str, str] | None:
    """The law (and version) named last in `text` after place `end`, with or without an article."""
    for place in range(len(text), max(end, len(text) - _CARRIES), -1):
        before = text[max(0, place - _REACH) : place]
        if found := (_bracketed(before, titles) if before[-1] == "》" else titles.ending(before)):
            law, _, version = _versioned(before, *found, _written_version(before, found[1], titles))
            return law, version
    return None


def _numbered(items: list[Item], law: _Law, last: Mention | None) -> list[tuple[Mention, int, int]]:
    """The chain as mentions, each with where it starts and ends in the compact text."""
    rows: list[tuple[Mention, int, int]] = []
    current = last if items and items[0].unit != "条" else None
    begun = False
    for item in items:
        if item.unit == "目":
            continue
        if item.unit == "条":
            article, sub = (item.number, item.sub)
            if item.more and current is not None:
                article, sub = current.number, item.number
            current = Mention(text="", start=0, end=0, law=law.law, number=article, sub=sub, version=law.version)
            rows.append((current, item.start, item.end))
        elif current is not None:
            part = "paragraph" if item.unit == "款" else "item"
            fresh = begun and getattr(current, part) is None and current.item is None
            if part == "paragraph":
                current = current.model_copy(update={"paragraph": item.number, "item": None})
            else:
                paragraph = current.paragraph if begun else None
                current = current.model_copy(update={"paragraph": paragraph, "item": item.number})
            if fresh:
                rows[-1] = (current, rows[-1][1], item.end)
            else:
                rows.append((current, item.start, item.end))
        begun = True
    return rows


def _identifiers(text: str, plain: Compact, titles: Titles) -> Iterator[Mention]:
    """民法典#1079, 刑法#133-1."""
    for match in HASH.finditer(plain.text):
        before = plain.text[max(0, match.start() - _REACH) : match.start()]
        if (named := titles.ending(before)) is not None:
            start, end = plain.span(match.start() - len(before) + named[1], match.end())
            yield Mention(
                text=text[start:end], start=start, end=end, law=named[0], number=int(match[1]), sub=int(match[2] or 0)
            )


def resolve(
    text: str,
    titles: Titles,
    lookup: Lookup,
    last_article: Callable[[str], int | None] = lambda law: None,
    versions: Versions = lambda law, number, sub: (),
    day: date | None = None,
) -> list[Resolution]:
    """Every citation of `text`, looked up, in order.

    `lookup(law, number, sub)` gives the passage or None. `last_article(law)` gives the number of the law's last
    article, None where the whole law is not loaded; only with it is an article said not to exist.
    `versions(law, number, sub)` gives the article in all versions, newest first, for a text that names one of them.
    `day` is the one whose law counts; null: a law that is gone is gone.
    """
    return [_resolved(mention, titles, lookup, last_article, versions, day) for mention in mentions(text, titles)]


def paragraphs(passage: Passage) -> list[str]:
    """The 款 of an official text, in order; items （一）… belong to the 款 before them. A digest is one."""
    if passage.kind == "digest":
        return [passage.text]
    found: list[str] = []
    for line in filter(None, map(str.strip, passage.text.split("\n"))):
        if found and _ITEM_LINE.match(line):
            found[-1] += "\n" + line
        else:
            found.append(line)
    return found


def paragraph(passage: Passage, place: int) -> str | None:
    """The text of 第 `place` 款 (from 1), None if there is none. A digest has no 款: None."""
    known = [] if passage.kind == "digest" else paragraphs(passage)
    return known[place - 1] if 0 < place <= len(known) else None


def item(passage: Passage, paragraph: int | None, place: int) -> str | None:
    """The text of 第 `place` 项 of 第 `paragraph` 款 (null: of the first 款 that has it) with its mark, or None."""
    known = [] if passage.kind == "digest" else paragraphs(passage)
    if paragraph is not None:
        known = known[paragraph - 1 : paragraph] if paragraph > 0 else []
    return next((found for text in known if (found := _items(text).get(place)) is not None), None)


def _items(text: str) -> dict[int, str]:
    """The items of a 款 by number: each from its mark to the next one's; a mark opens a line or follows ：；。."""
    marks = list(_ITEM_MARK.finditer(text))
    found: dict[int, str] = {}
    for place, mark in enumerate(marks):
        end = marks[place + 1].start() if place + 1 < len(marks) else len(text)
        found.setdefault(number(mark[1]), text[mark.start() : end].strip())
    return found


def _resolved(
    mention: Mention,
    titles: Titles,
    lookup: Lookup,
    last_article: Callable[[str], int | None],
    versions: Versions,
    day: date | None,
) -> Resolution:
    if not mention.law:
        note = f"“{mention.text}”没有写明是哪一部法律。"
        return Resolution(mention=mention, outcome="no_such_law", note=note)
    place = (mention.law, mention.number, mention.sub)
    passage = lookup(*place) if mention.number else None
    if mention.version and (passage is None or not _same_version(mention.version, passage)):
        passage = _of_version(mention.version, versions(*place)) or passage
    if passage is None:
        return _missing(mention, titles, last_article(mention.law), day)
    if passage.status in ("repealed", "superseded"):
        return Resolution(mention=mention, outcome=passage.status, passage=passage, note=_gone(passage))
    if mention.version and not _same_version(mention.version, passage):
        asked = "旧版本" if mention.version == "旧" else f"{mention.version}年的版本"
        loaded = passage.version or "现行"
        note = f"文中指的是《{mention.law}》{asked},现在收录的是{loaded}版本,条文内容和序号可能不同。"
        return Resolution(mention=mention, outcome="superseded", passage=passage, note=note)
    return _excerpted(mention, passage)


def _missing(mention: Mention, titles: Titles, last: int | None, day: date | None) -> Resolution:
    law = mention.law
    article = f"第{mention.number}条" + (f"之{numerals.to_chinese(mention.sub)}" if mention.sub else "")
    old = titles.old(law)
    if last is None and old is not None and (day is None or old.since <= day):
        ended = f"《{law}》自{old.since.year}年{old.since.month}月{old.since.day}日起已废止"
        note = f"{ended},现在适用《{old.now}》。" if old.now else f"{ended}。"
        return Resolution(mention=mention, outcome="repealed", note=note)
    if not mention.number:
        return Resolution(mention=mention, outcome="no_such_article", note=f"“{mention.text}”的条号无法识别。")
    if last is not None and (mention.number > last or mention.sub):
        note = f"《{law}》没有{article},现行《{law}》共{last}条。"
    elif last is not None or law in titles:
        note = f"现有资料没有收录《{law}》{article},不能核对。"
    else:
        note = f"现有资料没有收录《{law}》,不能核对{article}。"
        return Resolution(mention=mention, outcome="no_such_law", note=note)
    return Resolution(mention=mention, outcome="no_such_article", note=note)


def _gone(passage: Passage) -> str:
    """The sentence for a text that is gone: what ended it, and what governs instead."""
    heir, said = passage.successor, passage.changed_by
    if heir is not None and heir.id:
        return f"{said},条文内容和序号可能不同。"
    return f"{said}。" if heir is None or f"《{heir.law}》" in said else f"{said},现在适用《{heir.law}》。"


def _of_version(asked: str, known: Sequence[Passage]) -> Passage | None:
    """The text of the version that is asked for; of 旧 the newest that is superseded."""
    if asked == "旧":
        return next((passage for passage in known if passage.status == "superseded"), None)
    by_adoption = sorted(known, key=lambda passage: not passage.version.startswith(asked))
    return next((passage for passage in by_adoption if _same_version(asked, passage)), None)


def _same_version(asked: str, passage: Passage) -> bool:
    if not passage.version:  # a digest says nothing of its version
        return asked != "旧"
    starts = str(passage.effective_from.year) if passage.effective_from else ""
    return asked in (passage.version[:4], starts)


def _excerpted(mention: Mention, passage: Passage) -> Resolution:
    note = f"{passage.changed_by}。" if passage.status == "not_yet" else ""
    if mention.paragraph is None and mention.item is None:
        return Resolution(mention=mention, outcome="found", passage=passage, excerpt=passage.text, note=note)
    if passage.kind == "digest":
        note = f"现在只收录了{passage.name}的要旨,没有官方原文,不能区分到款、项。"
        return Resolution(mention=mention, outcome="found", passage=passage, excerpt=passage.text, note=note)
    place = mention.item
    excerpt = paragraph(passage, mention.paragraph or 0) if place is None else item(passage, mention.paragraph, place)
    if excerpt is not None:
        return Resolution(mention=mention, outcome="found", passage=passage, excerpt=excerpt, note=note)
    count = len(paragraphs(passage))
    if mention.paragraph is not None and not 0 < mention.paragraph <= count:
        note = f"{passage.name}共{count}款,没有第{mention.paragraph}款。"
    else:
        within = f"第{mention.paragraph}款" if mention.paragraph is not None else ""
        note = f"{passage.name}{within}没有第{mention.item}项。"
    return Resolution(mention=mention, outcome="no_such_paragraph", passage=passage, note=note)
