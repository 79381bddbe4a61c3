"""Facts from what the client wrote: recognised, corrected, read from replies. Knows the pack, not the graph.

A later message overrides an earlier one, so that a correction (不对,是去年三月) needs no rule of its own.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cache

from orchestrator import interest_rates, payments, quantities, ranges
from orchestrator.contracts import AND, UNCLEAR, Fact
from orchestrator.domains.pack import Choice, Element
from orchestrator.wording import pattern as compiled
from orchestrator.wording import plain

ASKED = "◇"  # stands for the characters of a 有没有: what follows is asked, not said
BLANK = "○"  # stands for a character that is not to be read; no pattern has it
COMMA = 10  # what a comma between a quantity and its cue counts: it usually begins another matter
TOLD = 40  # characters of a reply that is kept as told
REACH = 12  # characters between a quantity and the cue it belongs to
# 不是我借给他 denies what follows as 不是 does; 是不是我 asks, and states no more.
_NEGATION = re.compile(r"(没有?|未|并?不|无|别|并非|不是|从未|尚未|(?:不是|并非|没有?)(?:我们?|他们?|她|对方)|◇)$")
# Neither says which: 有没有借条, 签没签合同.
_ASKED = re.compile(r"有没有|有无|是否|是不是(?=有|没)|([签写打交买过借还立办领])没\1(?:过)?")
# What a clause tells of the client's or another's life before the matter: its date is not the matter's.
_FORMER = re.compile(r"前科|出生|[判罚坐拘]过|(?<!撤)离过")
_IGNORANT = re.compile(
    r"(?<![他她方司板位])(?:不知道|不清楚|不确定|记不[清得住]|不记得|忘了|忘记了?|说不[清准]|没弄清)"
)
_WHICH = {
    "date": re.compile(r"哪[天年月]|什么时候|几[号月]|时间|日期|日子|何时"),
    "amount": re.compile(r"多少|金额|数额|几[块千万]"),
    "duration": re.compile(r"多久|多长|几[年个]|时间"),
    "number": re.compile(r"几|多少"),
}
_NEGATED_PATTERN = re.compile(r"^[\(\?:]*(没|未|不|无|别|非|否|尚|从)")
_UNCLEAR = re.compile(
    r"^(我|真的?|实在|也|都|这个|有点)*(不太?(清楚|知道|确定|记得|晓得|懂|了解)|记不(清|得|起).*|跳过|说不(清|准|好).*|不好说|难说|忘(记|了|记了)|没印象)[了啊呀呢吧]*[。.!]?$"
)
_YES = re.compile(r"^(是的?|对的?|嗯+|有的?|有过|好的?|可以|确实|没错|当然)[。.!啊呀]*$")
_NO = re.compile(r"^(不是的?|没有的?|没|否|不对?|无|不可以|从来没有)[。.!啊呀]*$")


def extract(
    elements: Iterable[Element], text: str, today: date, source: str = "story", sole: bool = True
) -> dict[str, Fact]:
    """The facts that `text` states about these elements, by element id.

    Without `sole` a quantity needs a cue to be an element's: a lone sum in a reply to a question belongs to that.
    """
    told = plain(text)
    text = stated(told)
    found: dict[str, Fact] = {}
    members = list(elements)
    quantities_of = cache(lambda kind: ranges.stated(kind, text, today))  # many elements are of one kind
    for element in members:
        if element.kind == "choice":
            if chosen_ := _choices(element, text):
                found[element.id] = _fact(element, _value(chosen_), source=source)
        elif element.kind == "payments":
            if made := payments.find(text, element.near, today):
                found[element.id] = _fact(element, payments.shown(made), source=source)
        elif (quantity := _quantity(element, members, quantities_of(element.kind), text, sole)) is not None:
            found[element.id] = quantity_fact(element, quantity, source)
        elif element.for_months and (share := _for_one_month(element, text, today)) is not None:
            found[element.id] = measured_fact(element, share, source)
    if _IGNORANT.search(told):
        unknown = [element for element in members if element.id not in found and _not_known(element, told)]
        found |= {element.id: _fact(element, UNCLEAR, source=source) for element in unknown}
    return found


def stated(text: str) -> str:
    """The plain text, with a mark in place of what asks rather than states (有没有)."""
    return _ASKED.sub(lambda match: ASKED * len(match[0]), text)


def together(elements: Iterable[Element], texts: Sequence[str], today: date) -> dict[str, Fact]:
    """The choices that only several messages state together (没签合同, then: 干了三个月), by element id."""
    if len(texts) < 2:
        return {}
    return extract((element for element in elements if element.kind == "choice"), joined(texts), today)


def joined(texts: Iterable[str]) -> str:
    """Several messages as one text, so that a pattern may reach from one into the next."""
    return ",".join(text.rstrip(",，、;；\n ") for text in texts)


def read_reply(element: Element, text: str, today: date, source: str = "reply") -> Fact | None:
    """The fact in a reply to the question about `element`; None when the reply does not answer it."""
    bare = plain(text).strip()
    if _UNCLEAR.match(bare):
        return _fact(element, UNCLEAR, source=source)
    if element.kind == "choice":
        chosen = _named(element, bare) or _choices(element, bare) or _polar(element, bare)
        return _fact(element, _value(chosen), source=source) if chosen else None
    if element.kind == "payments":
        made = payments.find(bare, ("",), today)  # the question has said that these are payments
        return _fact(element, payments.shown(made), source=source) if made else None
    found = ranges.stated(element.kind, bare, today)
    if not found and element.kind == "rate" and (percent := interest_rates.percent(bare)) is not None:
        return measured_fact(element, percent, source)
    if not found and element.kind in ("amount", "number") and (value := quantities.number(bare)) is not None:
        return measured_fact(element, value, source)
    if len(found) > 1 and (owned := _quantity(element, [element], found, bare)) is not None:
        return quantity_fact(element, owned, source)
    if found:
        return quantity_fact(element, found[-1], source)
    # 哪天? 两年了 / 多久? 去年三月: one is said by the other.
    if element.kind == "date" and (spans := quantities.find("duration", bare, today)):
        return measured_fact(element, quantities.ago(float(spans[-1].value), today), source)
    if element.kind == "duration" and (days := quantities.find("date", bare, today)):
        return measured_fact(element, max(0.0, quantities.months_since(str(days[-1].value), today)), source)
    return None


def unread(element: Element, text: str) -> Fact:
    """A reply that fits none of the element's values, as it was told."""
    told = " ".join(text.split())
    shown = told if len(told) <= TOLD else f"{told[: TOLD - 2]}……"
    return Fact(id=element.id, label=element.label, value=shown, source="reply", read=False)


def read_replies(asked: Sequence[Sequence[Element]], text: str, today: date) -> dict[str, Fact]:
    """The facts in one free text that replies to several questions at once, in their order: 没有,催过 / 都不清楚.

    `asked`: by question, the elements that it asks for.
    """
    bare = plain(text).strip()
    elements = [element for group in asked for element in group]
    alike = re.fullmatch(r"(?:这?[两几]个?|两样|全)?都(.+)", bare)
    if _UNCLEAR.match(bare) or alike:
        parts = [alike[1] if alike else bare] * len(elements)
    else:
        numbered = re.sub(r"(?:^|(?<=[\s,;。]))[(]?[1-9一二三][).、:]\s*", "\n", bare)
        parts = _parts(numbered)
        if len(parts) == len(asked) < len(elements):
            read_ = (read_breath(group, part, today) for group, part in zip(asked, parts, strict=True))
            return {id: fact for found in read_ for id, fact in found.items()}
    if len(parts) != len(elements):
        return {}
    read = ((element, read_reply(element, part, today)) for element, part in zip(elements, parts, strict=True))
    return {element.id: fact for element, fact in read if fact is not None}


def read_breath(asked: Sequence[Element], text: str, today: date, source: str = "reply") -> dict[str, Fact]:
    """The facts in the reply to one question, which asks for one element or for two in the same breath.

    Of two parts (一直没签,2021年3月) each is read for its own first; what only one of the two can be (a sum, a day) is
    read wherever it stands.
    """
    if len(asked) == 1:
        fact = read_reply(asked[0], text, today, source)
        return {} if fact is None else {fact.id: fact}
    first, beside = asked
    parts = _parts(plain(text))
    apart = parts if len(parts) == 2 else (None, None)
    own, other = (part and read_reply(element, part, today, source) for element, part in zip(asked, apart, strict=True))
    own = own or read_reply(first, text, today, source)
    if not other and beside.kind in ("choice", first.kind):
        other = extract([beside], text, today, source, sole=False).get(beside.id)
    elif not other:
        other = read_reply(beside, text, today, source)
    return {fact.id: fact for fact in (own, other) if fact}


def _parts(bare: str) -> list[str]:
    return [part for part in re.split(r"[,;。\n]\s*", bare) if part.strip()]


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


def reconciled(known: Mapping[str, Fact], new: Mapping[str, Fact], jointly: Mapping[str, Fact]) -> dict[str, Fact]:
    """`new` as all messages together read it where it goes against what a story told before.

    A part of a story read alone is easily misread (who 要我赔 is plain only with what went before); where the later
    words do change the fact, they decide the joint reading too.
    """
    return {
        id: jointly.get(id, fact)
        if id in known and known[id].value != fact.value and known[id].source == fact.source == "story"
        else fact
        for id, fact in new.items()
    }


def settled(facts: Mapping[str, Fact]) -> dict[str, Fact]:
    """The facts with their marks of change cleared, once the client has seen them."""
    return {id: fact.model_copy(update={"changed": False}) for id, fact in facts.items()}


def chosen(element: Element, bare: str) -> Fact | None:
    """The fact in a bare phrase that is one of the element's choices, word for word."""
    named = _named(element, bare)
    return _fact(element, _value(named)) if named else None


def denies(element: Element, value: str, text: str) -> bool:
    """Whether the text has words for this choice of the element, all of them denied."""
    patterns = next((choice.says for choice in element.choices if choice.value == value), ())
    return any(compiled(pattern).search(text) for pattern in patterns) and not _choices(element, text)


def _named(element: Element, bare: str) -> tuple[Choice, ...]:
    """The choice that the phrase is, word for word; of an element with several values, all that it lists."""
    lists = ([bare], bare.split(AND), re.split(r"[;、,和]", bare)) if element.several else ([bare],)
    for parts in lists:  # a choice may itself hold what stands between two of them
        found = [_choice(element, part.strip().rstrip("。.!")) for part in parts]
        if None not in found:
            return tuple(choice for choice in found if choice is not None)
    return ()


def _choice(element: Element, phrase: str) -> Choice | None:
    return next((one for one in element.choices if phrase == plain(one.value) or phrase in one.short), None)


def _polar(element: Element, bare: str) -> tuple[Choice, ...]:
    """A bare yes or no, where exactly one choice reads as that."""
    for said, sign in ((_YES, r"^(是|有|已|会|能|签|愿|同意)"), (_NO, r"^(否|不|没|无|未)")):
        if said.match(bare):
            fitting = tuple(choice for choice in element.choices if re.match(sign, choice.value))
            if len(fitting) == 1:
                return fitting
    return ()


def _choices(element: Element, text: str) -> tuple[Choice, ...]:
    """The choice whose pattern matches last in the text, since people correct themselves as they go.

    Of an element with several values, all whose patterns match, but for a last one that excludes the others.
    """
    found = spans(element, text)
    if not found:
        return ()
    order = [choice.value for choice in element.choices]
    rank = {value: max((end, end - start) for start, end in places) for value, places in found.items()}
    last = max(found, key=lambda value: (rank[value], -order.index(value)))
    if not element.several or element.choices[order.index(last)].alone:
        return (element.choices[order.index(last)],)
    return tuple(choice for choice in element.choices if choice.value in found and not choice.alone)


def spans(element: Element, text: str) -> dict[str, list[tuple[int, int]]]:
    """Where the patterns of the element's choices match and are not denied: (start, end) by the value of the choice."""
    found: dict[str, list[tuple[int, int]]] = {}
    for choice in element.choices:
        for pattern in choice.says:
            for match in compiled(pattern).finditer(text):
                before = text[max(0, match.start() - 4) : match.start()]
                if not _NEGATION.search(before) or _NEGATED_PATTERN.match(pattern):
                    found.setdefault(choice.value, []).append(match.span())
    return found


def _value(choices: Sequence[Choice]) -> str:
    """What a fact with these choices says."""
    return AND.join(choice.value for choice in dict.fromkeys(choices))


def _not_known(element: Element, text: str) -> bool:
    """Whether a clause says that the client does not know this: 记不清哪天借的, 不知道有没有签合同."""
    for clause in re.split(r"[,。;!?\n]", text):
        ignorant = _IGNORANT.search(clause)
        if ignorant is None:
            continue
        if element.kind != "choice":
            cued = any(compiled(pattern).search(clause) for pattern in element.near)
            if cued and _WHICH[element.kind].search(clause):
                return True
        elif _ASKED.search(clause):
            affirmed = clause[: ignorant.start()] + clause[ignorant.end() :]
            affirmed = re.sub("有没有|有无|是否有?|是不是有?", "有", affirmed)
            affirmed = re.sub(r"(\S)没\1过?", r"\1了", affirmed)
            if _choices(element, affirmed):
                return True
    return False


def cued(element: Element, one: ranges.Measure, text: str) -> bool:
    """Whether a cue of the element stands in reach of the quantity."""
    return _distance(element, one, text) is not None


def _quantity(
    element: Element, members: list[Element], found: Sequence[ranges.Measure], text: str, sole: bool = True
) -> ranges.Measure | None:
    """Which of the quantities of its kind that the text states is the element's, and not another member's."""
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
    if element.sole and sole:
        free = [
            quantity
            for quantity in found
            if not (isinstance(quantity, quantities.Quantity) and quantity.bare)
            and not (element.kind == "date" and _FORMER.search(_clause(text, quantity.start, quantity.end)))
            and all(_distance(other, quantity, text) is None for other in members if other.kind == element.kind)
        ]
        if len(free) == 1:
            return free[0]
    return None


def _clause(text: str, start: int, end: int) -> str:
    """What stands around text[start:end] between two marks."""
    before, after = re.split(r"[,。;!?\n]", text[:start])[-1], re.split(r"[,。;!?\n]", text[end:])[0]
    return before + text[start:end] + after


def _for_one_month(element: Element, text: str, today: date) -> float | None:
    """The sum for one month, where the text tells one for several."""
    between = compiled(element.for_months)
    for span in quantities.find("duration", text, today):
        for total in quantities.find("amount", text, today):
            if total.start >= span.end and between.fullmatch(text, span.end, total.start) and float(span.value) >= 1:
                return round(float(total.value) / float(span.value), 2)
    return None


def _distance(element: Element, quantity: ranges.Measure, text: str) -> int | None:
    """Characters between the nearest cue of the element and the quantity; None if out of reach."""
    return min(_reached(element, quantity, text).values(), default=None)


def _reached(element: Element, quantity: ranges.Measure, text: str) -> dict[int, int]:
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


def measured_fact(element: Element, value: float | str, source: str) -> Fact:
    """The fact that the element has this value: yuan, months, a number, or an ISO date."""
    text = quantities.shown(element.kind, value)
    if isinstance(value, str):
        return _fact(element, text, iso=value, source=source)
    return _fact(element, text, number=float(value), source=source)


def quantity_fact(element: Element, one: ranges.Measure, source: str = "story") -> Fact:
    """The fact that the element has the value found."""
    if isinstance(one, quantities.Quantity):
        return measured_fact(element, one.value, source)
    made = _fact(element, ranges.shown(element.kind, one.low, one.high), source=source)
    return made.model_copy(update={"low": one.low, "high": one.high})


def _fact(
    element: Element, value: str, number: float | None = None, iso: str | None = None, source: str = "story"
) -> Fact:
    return Fact.model_validate(
        {"id": element.id, "label": element.label, "value": value, "number": number, "iso": iso, "source": source}
    )
