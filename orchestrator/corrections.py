"""What a message takes back: 不对,是去年三月 / 是5万不是3万 / 刚才写错了,是借款人.

A correction with a cue (不对,船费是350元) is read like any other message, and overrides. Here is the rest: which fact a
correction without a cue means, and what is denied without saying what holds instead.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from orchestrator import facts, ranges
from orchestrator.contracts import Fact
from orchestrator.domains.pack import Element
from orchestrator.wording import plain

_MARK = re.compile(
    r"(?:(?:我|刚才|刚刚|前面|之前|上面|那个)*(?:说|写|记|打|搞|弄|讲|填)错了?|口误|笔误|更正一?下?|纠正一?下?|修改一?下?|补充更正"
    r"|^\s*(?:不对|不是|错了)(?!.{0,2}(?:起|劲))|应该是|应为|准确地?说|其实是|实际上?是)"
)
_FILLER = re.compile(
    r"^(?:[,。!:;、\s]|是|的|应该|应|为|改成|改为|而|其实|实际上?|我|那|了|啊|呀|哦)+|[,。!;\s了的啊呀哦]+$"
)
KINDS = ("amount", "duration", "date", "number")


@dataclass
class Correction:
    """What a message corrects: `facts` now known, `reopened` ones that are only known to be wrong.

    `rest` is the message as it is left to be read for other facts, with what was used here blanked out.
    """

    facts: dict[str, Fact] = field(default_factory=dict)
    reopened: set[str] = field(default_factory=set)
    rest: str = ""


def read(
    elements: Sequence[Element], known: Mapping[str, Fact], recent: Sequence[str], text: str, today: date
) -> Correction:
    """The corrections of `known` in `text`. `recent`: ids of the facts told, asked or shown last, newest last."""
    made = Correction(rest=plain(text))
    order = [id for id in known if id not in recent] + [id for id in recent if id in known]
    newest = [element for id in reversed(order) for element in elements if element.id == id]
    for kind in KINDS:
        for old, new in _exchanged(kind, made.rest, today):
            meant = next((one for one in newest if one.kind == kind and _says(known[one.id], old)), None)
            if meant is not None and new is not None:
                made.facts[meant.id] = facts.quantity_fact(meant, new)
                made.rest = _blanked(made.rest, new)
            elif meant is not None:
                made.reopened.add(meant.id)
            made.rest = _blanked(made.rest, old)
    if mark := _MARK.search(made.rest):
        _without_cue(made, newest, elements, mark, today)
        _denied_choices(made, newest, known, today)
    return made


def marked(text: str) -> bool:
    """Whether the message says that something said before was wrong."""
    return bool(_MARK.search(plain(text)))


def _exchanged(kind: str, text: str, today: date) -> Iterator[tuple[ranges.Measure, ranges.Measure | None]]:
    """Each denied quantity with the one said in its place, None where none is said in the same sentence."""
    every = ranges.measured(kind, text, today)
    denied = [one for one in every if ranges.denied(one, text)]
    affirmed = [one for one in every if one not in denied]
    for one in denied:
        near = [
            other
            for other in affirmed
            if not re.search(r"[。!?\n]", text[min(one.end, other.end) : max(one.start, other.start)])
        ]
        new = min(near, key=lambda other: abs(other.start - one.start), default=None)
        yield one, new


def _without_cue(
    made: Correction, newest: Sequence[Element], elements: Sequence[Element], mark: re.Match[str], today: date
) -> None:
    """Give a quantity that no cue claims, or a bare choice, to the newest fact of its kind."""
    for kind in KINDS:
        for one in ranges.stated(kind, made.rest, today):
            if kind == "number" and not re.fullmatch(r"[\d.]+", made.rest[one.start : one.end]):
                continue
            claimed = any(facts.cued(other, one, made.rest) for other in elements if other.kind == kind)
            meant = next((other for other in newest if other.kind == kind and other.id not in made.facts), None)
            if one.start >= mark.start() and not claimed and meant is not None:
                made.facts[meant.id] = facts.quantity_fact(meant, one)
                made.rest = _blanked(made.rest, one)
    bare = _FILLER.sub("", made.rest[mark.end() :])
    for element in newest if bare else ():
        if element.kind == "choice" and (fact := facts.chosen(element, bare)) is not None:
            made.facts[element.id] = fact
            return


def _denied_choices(made: Correction, newest: Sequence[Element], known: Mapping[str, Fact], today: date) -> None:
    """A choice that the text denies, without another said, is the other one of two, else open again."""
    told = facts.extract(newest, made.rest, today)
    for element in newest:
        if element.kind != "choice" or element.id in made.facts or element.id in told:
            continue
        if facts.denies(element, known[element.id].value, made.rest):
            others = [choice.value for choice in element.choices if choice.value != known[element.id].value]
            if len(others) == 1 and (fact := facts.chosen(element, others[0])) is not None:
                made.facts[element.id] = fact
            else:
                made.reopened.add(element.id)


def _says(fact: Fact, one: ranges.Measure) -> bool:
    """Whether the fact has the value of the quantity; a date less exact than the fact's says it too."""
    if isinstance(one, ranges.Range):
        return (fact.low, fact.high) == (one.low, one.high)
    if isinstance(one.value, str):
        return bool(fact.iso) and str(fact.iso).startswith(one.value)
    return fact.number is not None and abs(fact.number - one.value) < 0.01


def _blanked(text: str, one: ranges.Measure) -> str:
    return text[: one.start] + facts.BLANK * (one.end - one.start) + text[one.end :]
