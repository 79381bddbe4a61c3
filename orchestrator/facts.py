"""Facts from what the client wrote: recognised, corrected, read from replies. Knows the pack, not the graph.

A later message overrides an earlier one, so that a correction (不对,是去年三月) needs no rule of its own.
"""

import re
from collections.abc import Iterable, Mapping
from datetime import date

from orchestrator import interest_rates, payments, quantities
from orchestrator.contracts import UNCLEAR, Fact
from orchestrator.domains.pack import Choice, Element, Kind
from orchestrator.wording import pattern as compiled
from orchestrator.wording import plain

COMMA = 10  # what a comma between a quantity and its cue counts: it usually begins another matter
REACH = 12  # characters between a quantity and the cue it belongs to
_NEGATION = re.compile(r"(没有?|未|并?不|无|别|并非|不是|从未|尚未)$")
_NEGATED_PATTERN = re.compile(r"^[\(\?:]*(没|未|不|无|别|非|否|尚|从)")
_UNCLEAR = re.compile(
    r"^(我|真的?|实在|也|都|这个|有点)*(不太?(清楚|知道|确定|记得|晓得|懂|了解)|记不(清|得|起).*|跳过|说不(清|准|好).*|不好说|难说|忘(记|了|记了)|没印象)[了啊呀呢吧]*[。.!]?$"
)
_YES = re.compile(r"^(是的?|对的?|嗯+|有的?|有过|好的?|可以|确实|没错|当然)[。.!啊呀]*$")
_NO = re.compile(r"^(不是的?|没有的?|没|否|不对?|无|不可以|从来没有)[。.!啊呀]*$")


def extract(elements: Iterable[Element], text: str, today: date, source: str = "story") -> dict[str, Fact]:
    """The facts that `text` states about these elements, by element id."""
    text = plain(text)
    found: dict[str, Fact] = {}
    members = list(elements)
    for element in members:
        if element.kind == "choice":
            if (choice := _choice(element, text)) is not None:
                found[element.id] = _fact(element, choice.value, source=source)
        elif element.kind == "payments":
            if made := payments.find(text, element.near, today):
                found[element.id] = _fact(element, payments.shown(made), source=source)
        elif (quantity := _quantity(element, members, text, today)) is not None:
            found[element.id] = _measured(element, quantity.value, source)
    return found


def read_reply(element: Element, text: str, today: date, source: str = "reply") -> Fact | None:
    """The fact in a reply to the question about `element`; None when the reply does not answer it."""
    bare = plain(text).strip()
    if _UNCLEAR.match(bare):
        return _fact(element, UNCLEAR, source=source)
    if element.kind == "choice":
        chosen = _named(element, bare) or _choice(element, bare) or _polar(element, bare)
        return None if chosen is None else _fact(element, chosen.value, source=source)
    if element.kind == "payments":
        made = payments.find(bare, ("",), today)  # the question has said that these are payments
        return _fact(element, payments.shown(made), source=source) if made else None
    found = _quantities(element.kind, bare, today)
    if not found and element.kind == "rate" and (percent := interest_rates.percent(bare)) is not None:
        return _measured(element, percent, source)
    if not found and element.kind in ("amount", "number") and (value := quantities.number(bare)) is not None:
        return _measured(element, value, source)
    if len(found) > 1 and (owned := _quantity(element, [element], bare, today)) is not None:
        return _measured(element, owned.value, source)
    if found:
        return _measured(element, found[-1].value, source)
    # 哪天? 两年了 / 多久? 去年三月: one is said by the other.
    if element.kind == "date" and (spans := quantities.find("duration", bare, today)):
        return _measured(element, quantities.ago(float(spans[-1].value), today), source)
    if element.kind == "duration" and (days := quantities.find("date", bare, today)):
        return _measured(element, max(0.0, quantities.months_since(str(days[-1].value), today)), source)
    return None


def merge(known: Mapping[str, Fact], new: Mapping[str, Fact]) -> dict[str, Fact]:
    """`known` overridden by `new`; a value that differs from a known clear one is marked changed."""
    merged = dict(known)
    for id, fact in new.items():
        before = known.get(id)
        differs = before is not None and before.value != fact.value and not before.unclear
        if before is not None and before.value == fact.value:
            continue
        merged[id] = fact.model_copy(update={"changed": differs})
    return merged


def settled(facts: Mapping[str, Fact]) -> dict[str, Fact]:
    """The facts with their marks of change cleared, once the client has seen them."""
    return {id: fact.model_copy(update={"changed": False}) for id, fact in facts.items()}


def _named(element: Element, bare: str) -> Choice | None:
    trimmed = bare.rstrip("。.!")
    for choice in element.choices:
        if trimmed == plain(choice.value) or trimmed in choice.short:
            return choice
    return None


def _polar(element: Element, bare: str) -> Choice | None:
    """A bare yes or no, where exactly one choice reads as that."""
    for said, sign in ((_YES, r"^(是|有|已|会|能|签|愿|同意)"), (_NO, r"^(否|不|没|无|未)")):
        if said.match(bare):
            fitting = [choice for choice in element.choices if re.match(sign, choice.value)]
            if len(fitting) == 1:
                return fitting[0]
    return None


def _choice(element: Element, text: str) -> Choice | None:
    """The choice whose pattern matches last in the text, since people correct themselves as they go."""
    best: tuple[int, int, Choice] | None = None
    for choice in element.choices:
        for pattern in choice.says:
            for match in compiled(pattern).finditer(text):
                before = text[max(0, match.start() - 3) : match.start()]
                if _NEGATION.search(before) and not _NEGATED_PATTERN.match(pattern):
                    continue
                rank = (match.end(), match.end() - match.start())
                if best is None or rank > best[:2]:
                    best = (*rank, choice)
    return best[2] if best else None


def _quantity(element: Element, members: list[Element], text: str, today: date) -> quantities.Quantity | None:
    found = _quantities(element.kind, text, today)
    owned: dict[int, tuple[int, int]] = {}  # each cue's nearest quantity: place of the cue → (distance, index)
    for index, quantity in enumerate(found):
        reached = _reached(element, quantity, text)
        if not reached:
            continue
        rivals = [
            rival
            for other in members
            if other.kind == element.kind and other.id != element.id
            if (rival := _distance(other, quantity, text)) is not None
        ]
        if rivals and min(reached.values()) > min(rivals):
            continue
        for cue, distance in reached.items():
            if cue not in owned or distance <= owned[cue][0]:
                owned[cue] = (distance, index)
    if owned:
        # People correct themselves as they go: what the last cue speaks of counts.
        return found[owned[max(owned)][1]]
    if element.sole:
        free = [
            quantity
            for quantity in found
            if not quantity.bare
            and all(_distance(other, quantity, text) is None for other in members if other.kind == element.kind)
        ]
        if len(free) == 1:
            return free[0]
    return None


def _quantities(kind: Kind, text: str, today: date) -> list[quantities.Quantity]:
    return interest_rates.find(text) if kind == "rate" else quantities.find(kind, text, today)


def _distance(element: Element, quantity: quantities.Quantity, text: str) -> int | None:
    """Characters between the nearest cue of the element and the quantity; None if out of reach."""
    return min(_reached(element, quantity, text).values(), default=None)


def _reached(element: Element, quantity: quantities.Quantity, text: str) -> dict[int, int]:
    """The cues of the element in reach of the quantity, within one clause: where each starts, and its distance."""
    low, high = max(0, quantity.start - REACH - 8), min(len(text), quantity.end + REACH + 8)
    reached: dict[int, int] = {}
    for pattern in element.near:
        for match in compiled(pattern).finditer(text[low:high]):
            start, end = match.start() + low, match.end() + low
            gap = text[end : quantity.start] if end <= quantity.start else text[quantity.end : start]
            if start < quantity.end and end > quantity.start:
                gap = ""
            if re.search(r"[。!?;\n]", gap):
                continue
            # A comma between cue and quantity usually starts another matter; a cue after the quantity is weaker.
            distance = len(gap) + COMMA * len(re.findall(r"[,、]", gap)) + (2 if end > quantity.start else 0)
            if distance <= REACH:
                reached[start] = min(distance, reached.get(start, distance))
    return reached


def _measured(element: Element, value: float | str, source: str) -> Fact:
    text = quantities.shown(element.kind, value)
    if isinstance(value, str):
        return _fact(element, text, iso=value, source=source)
    return _fact(element, text, number=float(value), source=source)


def _fact(
    element: Element, value: str, number: float | None = None, iso: str | None = None, source: str = "story"
) -> Fact:
    return Fact.model_validate(
        {"id": element.id, "label": element.label, "value": value, "number": number, "iso": iso, "source": source}
    )
