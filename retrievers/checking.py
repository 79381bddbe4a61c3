"""Whether a sentence may be sent: its citations exist and are in force, and the cited texts hold what it says.

Knows no corpus and looks nothing up: the sentence comes with what its citations were resolved to.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from retrievers import figures, numerals
from retrievers.contracts import Passage, Resolution, Verdict

SHORTEST_QUOTATION = 6  # characters; shorter ones are terms, not quotations

_PAIRS = {"“": "”", "「": "」", "『": "』", "‘": "’", '"': '"'}
_CLOSING = frozenset(_PAIRS.values())
_NEGATIONS = "不未无非"
_BARE_NUMBER = re.compile(rf"[{numerals.DIGITS}]+(?:[,，][0-9]{{3}})*(?:\.[0-9]+)?")
_LEAST_AMOUNT = 100  # a number without a unit in the client's words, from here on, may be money: 工资8000
_CLAUSE = "。；;！？!?，,\n"
_ATTRIBUTED = re.compile(
    r"[条款项](?:(?:本身|原文|的?内容|的?规定|[中里])?(?:明确|也|就|已|所)?(?:规定|写明|写着|写道|写的是|载明|指出|要求|说|称|是|为|:|：|,|，))*\s*[“「『‘\"]$"
)
# What a sentence may say of a citation that cannot stand, right before it and right after it.
_ABSENT_BEFORE = re.compile(r"(?<!并非)(?<!不是)(?:没有|不存在|并无)(?:所谓的?|这样的)?[“「《]?$")
_ABSENT_AFTER = re.compile(r"^[”」》]?(?:这一?条|该条|的条文)?(?:本身|其实|实际上|根本)?并?不存在")
_UNSEEN_BEFORE = re.compile(r"(?:查无|查不到|找不到|未找到|没有查到|没有找到|未收录|没有收录)(?:所谓的?)?[“「《]?$")
_UNSEEN_AFTER = re.compile(r"^[”」》]?(?:这一?条|该条)?(?:目前|暂)?(?:查不到|找不到|未收录|没有收录|不能核对|无法核对)")
_ENDED_BEFORE = re.compile(r"已经?(?:废止|失效)的(?:原|旧)?$")
_FORMER_BEFORE = re.compile(r"(?:原|旧|当时的?|此前的?|以前的?|过去的?|代替了?|取代了?|废止了?)$")
_ENDED_AFTER = re.compile(
    r"^[”」》]?(?:现在?|目前|早|均|都)?"
    r"(?:不再(?:适用|有效)|(?:已经?|自[^,，。]{2,14}起)[^,，。]{0,24}?(?:废止|失效|取代)|已经?[^,，。]{0,16}?(?:修改|修订)(?!的))"
)
_GONE = ("repealed", "superseded")
_NOWHERE = ("no_such_law", "no_such_article", "no_such_paragraph")


@dataclass(frozen=True)
class Allowed:
    """A text whose figures, modal words and quotations need no support; read once for all sentences of an answer."""

    text: str

    @cached_property
    def figures(self) -> set[figures.Figure]:
        """Its figures, a bare number as money too."""
        return figures.figures(self.text) | set(_amounts(self.text))

    @cached_property
    def modals(self) -> set[str]:
        """Its modal words."""
        return figures.modals(self.text)


def verdict(
    sentence: str, resolutions: Sequence[Resolution], allowed: Allowed, gone: Sequence[tuple[str, int, int]] = ()
) -> Verdict:
    """The verdict on `sentence`, whose citations are `resolutions`; it names the laws `gone` (title, start, end).

    `allowed` is the client's own text. Figures and modal words are looked for in all cited articles together, whole
    articles; a quotation must be an exact part of one official text, line breaks aside. Modal words are held against
    official texts only. A sentence that says that an article does not exist, or that a law is no longer in force, is
    right where that is so. A law that is gone may be named as such alone, also without an article. A sentence without
    citation has nothing else to check.
    """
    faults: list[str] = []
    passages: dict[str, Passage] = {}
    spans = [span for span in _quoted(sentence) if _exact(sentence[slice(*span)], _texts(resolutions))]
    for resolution in resolutions:
        mention = resolution.mention
        if _within(spans, mention.start, mention.end):
            continue  # the statute's own reference, quoted with it
        fault = _fault(sentence, resolution)
        if fault:
            faults.append(fault)
        elif resolution.outcome == "found" and resolution.passage is not None:
            passages[resolution.passage.id] = resolution.passage
    cited = {resolution.mention.law for resolution in resolutions}
    faults += (
        f"《{law}》已废止"
        for law, start, end in gone
        if law not in cited and not _told_as_ended(sentence, start, end) and not _within(spans, start, end)
    )
    if passages:
        faults += _unsupported(sentence, list(passages.values()), allowed)
        faults += _misquoted(sentence, list(passages.values()), allowed)
    unique = tuple(dict.fromkeys(faults))
    return Verdict(ok=not unique, citations=tuple(passages), faults=unique)


def quotations(text: str) -> Iterator[str]:
    """What stands between quotation marks, of six characters or more, outermost first.

    A mark without its partner quotes to the end, or from the beginning: sentences are cut inside quotations.
    """
    return (text[start:end] for start, end in _quoted(text))


def _quoted(text: str) -> Iterator[tuple[int, int]]:
    """Where the quotations of `text` start and end."""
    opened: list[tuple[str, int]] = []
    for place, character in enumerate(text):
        closes = character in _CLOSING and not (character == '"' and not (opened and opened[-1][0] == '"'))
        if closes:
            while opened and opened[-1][0] != character:
                opened.pop()
            start = opened.pop()[1] if opened else 0
            if not opened and place - start >= SHORTEST_QUOTATION:
                yield start, place
        elif character in _PAIRS:
            opened.append((_PAIRS[character], place + 1))
    if opened and len(text) - opened[0][1] >= SHORTEST_QUOTATION:
        yield opened[0][1], len(text)


def _fault(sentence: str, resolution: Resolution) -> str:
    """What is wrong with the citation itself; empty if it may stand."""
    mention, outcome, passage = resolution.mention, resolution.outcome, resolution.passage
    if not mention.law:
        return f"“{mention.text}”没有写明是哪部法律"
    if _rightly_denied(sentence, resolution):
        return ""
    named = f"《{mention.law}》第{mention.number}条" + (f"之{numerals.to_chinese(mention.sub)}" if mention.sub else "")
    if outcome == "no_such_law":
        return f"查不到《{mention.law}》"
    if outcome == "no_such_article":
        return f"{named}不存在或未收录"
    if outcome == "no_such_paragraph":
        return f"{named}没有所写的款或项"
    if outcome == "repealed":
        return f"{named}已废止"
    if outcome == "superseded":
        return f"{named}已被新的规定取代"
    if passage is None or not passage.citable:
        pending = passage is not None and passage.status == "not_yet"
        return f"{named}尚未生效" if pending else f"{named}不是现行有效的条文"
    return ""


def _rightly_denied(sentence: str, resolution: Resolution) -> bool:
    """Whether the clause says of the citation what is so: it does not exist, was not found, or is no longer law."""
    mention, outcome = resolution.mention, resolution.outcome
    before, after = _around(sentence, mention.start, mention.end)
    if outcome in _GONE:
        return bool(_ENDED_BEFORE.search(before) or _ENDED_AFTER.search(after))
    if outcome not in _NOWHERE:
        return False
    if _UNSEEN_BEFORE.search(before) or _UNSEEN_AFTER.search(after):
        return True
    absent = resolution.note.startswith(f"《{mention.law}》没有")  # known to be absent, not merely not loaded
    return absent and bool(_ABSENT_BEFORE.search(before) or _ABSENT_AFTER.search(after))


def _told_as_ended(sentence: str, start: int, end: int) -> bool:
    """Whether the clause says of the law named there that it was law before: 原《合同法》, 《合同法》已经废止."""
    before, after = _around(sentence, start, end)
    return bool(_FORMER_BEFORE.search(before) or _ENDED_BEFORE.search(before) or _ENDED_AFTER.search(after))


def _around(sentence: str, start: int, end: int) -> tuple[str, str]:
    """The rest of the clause, before `start` and after `end`."""
    first = max(sentence.rfind(mark, 0, start) for mark in _CLAUSE) + 1
    return sentence[first:start], re.split(f"[{_CLAUSE}]", sentence[end:], maxsplit=1)[0]


def _within(spans: Sequence[tuple[int, int]], start: int, end: int) -> bool:
    return any(first <= start and end <= last for first, last in spans)


def _unsupported(sentence: str, passages: Sequence[Passage], allowed: Allowed) -> Iterator[str]:
    source = "\n".join(passage.text for passage in passages)
    missing = figures.figures(sentence) - allowed.figures
    missing = missing and missing - figures.figures(source)
    # A digest is in plain words (要, 能): only a statute's own 应当, 可以 and 不得 can be held against the sentence.
    official = all(passage.kind == "official" for passage in passages)
    words = figures.modals(sentence) - figures.modals(source) - allowed.modals if official else set()
    yield from (f"引用的条文里没有“{figures.shown(figure)}”" for figure in sorted(missing))
    yield from (f"引用的条文里没有“{word}”" for word in sorted(words))


def _amounts(allowed: str) -> Iterator[figures.Figure]:
    for match in _BARE_NUMBER.finditer(allowed):
        for value, unit in figures.figures(f"{match.group()}元"):
            if unit == "元" and value >= _LEAST_AMOUNT:
                yield value, unit


def _misquoted(sentence: str, passages: Sequence[Passage], allowed: Allowed) -> Iterator[str]:
    official = [passage.text for passage in passages if passage.kind == "official"]
    digests = [passage.text for passage in passages if passage.kind == "digest"]
    for start, end in _quoted(sentence):
        quotation = sentence[start:end]
        # The client's own words may be quoted, but not as what an article says.
        theirs = quotation in allowed.text and not _ATTRIBUTED.search(sentence[:start])
        if theirs or _exact(quotation, official):
            continue
        if not official or any(quotation in text for text in digests):
            yield f"要旨不是原文,不能加引号引用:“{_short(quotation)}”"
        elif any(quotation in text.replace("\n", "") for text in official):
            yield f"引文截去了前面的否定词:“{_short(quotation)}”"
        else:
            yield f"引文与原文不符:“{_short(quotation)}”"


def _texts(resolutions: Sequence[Resolution]) -> list[str]:
    """The official texts that may be quoted."""
    passages = [resolution.passage for resolution in resolutions if resolution.outcome == "found"]
    return [row.text for row in passages if row is not None and row.kind == "official" and row.citable]


def _exact(quotation: str, official: Sequence[str]) -> bool:
    return any(_holds(text, quotation) or _holds(text.replace("\n", ""), quotation) for text in official)


def _holds(text: str, quotation: str) -> bool:
    """Whether the text has the quotation, somewhere not cut off from a 不 or 未 before it."""
    place = text.find(quotation)
    while place >= 0:
        if place == 0 or text[place - 1] not in _NEGATIONS:
            return True
        place = text.find(quotation, place + 1)
    return False


def _short(quotation: str) -> str:
    return quotation if len(quotation) <= 20 else f"{quotation[:20]}…"
