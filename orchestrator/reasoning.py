"""From facts to what follows: three-valued conditions, findings that hold, open facts that would change the advice.

The method is Kleene's strong three-valued logic over the conditions of a pack: a finding holds when all its
conditions are true, is out when one is false, and is open otherwise. The undecided conditions of open findings are the
facts that could still change the advice; which of them are asked, orchestrator/asking.py decides.
"""

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from models.contracts import Branch
from orchestrator.contracts import Fact
from orchestrator.domains.pack import AtLeast, Cause, Condition, Domain, Element, Finding, Is, IsNot
from orchestrator.quantities import months_since
from orchestrator.wording import pattern as compiled
from orchestrator.wording import plain

ASKED_FROM = 4  # the weight from which an open finding is worth a question (domains/pack.py)
TOLD_ONLY = 1  # the weight of what is said only to those whose facts it is: whoever is a courier says so
ASIDES = 2
MONTH = 30  # days, where a part of a month is told
STRONG = 3
MAX_CAUSES = 3


@dataclass(frozen=True)
class Decision:
    """What the facts decide. `held` in order of weight; `open_` with the elements that keep each open."""

    held: tuple[tuple[Cause, Finding], ...]
    open_: tuple[tuple[Cause, Finding, tuple[str, ...]], ...]


@dataclass(frozen=True)
class Counted:
    """How many patterns of a cause match a story, strong ones and mere cues."""

    cause: Cause
    strong: int
    cues: int

    @property
    def score(self) -> int:
        """What the matches count together."""
        return STRONG * self.strong + self.cues


def recognise(domain: Domain, story: str) -> list[Cause]:
    """The causes that the story speaks of, the clearest first, at most three; empty when none is recognised."""
    return clearest(counted(domain, story))


def clearest(counts: Sequence[Counted]) -> list[Cause]:
    """The causes that stand out by how many of their patterns match, as `recognise` gives them."""
    scored = [row for row in counts if row.score]
    if not scored:
        return []
    best = max(row.score for row in scored)
    outright = max((row.score for row in scored if row.strong), default=0)
    # A cause named outright stands beside a better one; mere cue words do not make one that is no more likely.
    kept = [row for row in scored if row.strong or row.score == best > outright]
    kept.sort(key=lambda row: -row.score)
    return [row.cause for row in kept[:MAX_CAUSES]]


def counted(domain: Domain, story: str) -> list[Counted]:
    """Each cause with how many of its patterns match the story."""
    said = plain(story)
    return [
        Counted(
            cause,
            sum(bool(compiled(pattern).search(said)) for pattern in cause.strong),
            sum(bool(compiled(pattern).search(said)) for pattern in cause.cues),
        )
        for cause in domain.causes
    ]


def named(cause: Cause, text: str) -> bool:
    """Whether the text names the cause outright."""
    said = plain(text)
    return any(compiled(pattern).search(said) for pattern in cause.strong)


def truth(condition: Condition, facts: Mapping[str, Fact], today: date) -> bool | None:
    """Whether the condition holds; None while the fact is unknown or undecided."""
    fact = facts.get(condition.element)
    if fact is None or fact.undecided:
        return None
    if isinstance(condition, Is):
        return not set(fact.values).isdisjoint(condition.values)
    if isinstance(condition, IsNot):
        return set(fact.values).isdisjoint(condition.values)
    measure = fact.number if fact.iso is None else months_since(fact.iso, today)
    low, high = (fact.low, fact.high) if measure is None else (measure, measure)
    if low is None or high is None or low < condition.bound <= high:
        return None
    return (low >= condition.bound) == isinstance(condition, AtLeast)


def absent(unless: Iterable[Is], facts: Mapping[str, Fact]) -> bool:
    """Whether one of these holds, and with it what hangs on them makes no sense."""
    return any(truth(one, facts, date.min) for one in unless)


def decide(causes: Sequence[Cause], facts: Mapping[str, Fact], today: date) -> Decision:
    """Which findings of the causes hold and which are open, the weightiest first."""
    held: list[tuple[Cause, Finding]] = []
    open_: list[tuple[Cause, Finding, tuple[str, ...]]] = []
    for cause in causes:
        for finding in cause.findings:
            truths = [(condition.element, truth(condition, facts, today)) for condition in finding.when]
            if any(value is False for _, value in truths):
                continue
            if absent(finding.unless, facts):
                continue
            undecided = tuple(dict.fromkeys(element for element, value in truths if value is None))
            if undecided:
                open_.append((cause, finding, undecided))
            else:
                held.append((cause, finding))
    held.sort(key=lambda row: -row[1].weight)
    open_.sort(key=lambda row: -row[1].weight)
    return Decision(tuple(held), tuple(open_))


def worth_asking(domain: Domain, decision: Decision, facts: Mapping[str, Fact]) -> list[Element]:
    """The unknown elements that would change the advice, the most decisive first; never one already answered.

    An element that matters only once another unknown one is settled comes after all that matter at once.
    """
    scores, leading = _scores(decision, facts)
    order = {element.id: place for place, element in enumerate(domain.elements)}
    ranked = sorted(scores, key=lambda id: (id not in leading, -scores[id], order[id]))
    return [domain.element(id) for id in ranked]


def to_ask_now(domain: Domain, decision: Decision, facts: Mapping[str, Fact]) -> list[Element]:
    """Of what is worth asking, what does not hang on another open question (谁弄坏的 hangs on 有没有坏).

    A finding that an unclear fact keeps open whatever else is said asks for nothing more.
    """
    _, leading = _scores(decision, facts)
    return [element for element in worth_asking(domain, decision, facts) if element.id in leading]


def _scores(decision: Decision, facts: Mapping[str, Fact]) -> tuple[dict[str, float], set[str]]:
    """How much each unknown element decides, and those that stand first in a finding that can still be decided."""
    scores: dict[str, float] = {}
    leading: set[str] = set()
    for _, finding, undecided in decision.open_:
        if finding.weight < ASKED_FROM:
            continue
        if not any(element in facts for element in undecided):
            leading.add(undecided[0])
        for element in undecided:
            if element not in facts:
                scores[element] = scores.get(element, 0.0) + finding.weight / len(undecided)
    return scores, leading


def branches(
    domain: Domain,
    decision: Decision,
    facts: Mapping[str, Fact],
    most: int = 4,
    ways: int = 4,
    *,
    among: Collection[str] | None = None,
) -> list[Branch]:
    """如果…则… for the open facts: at most `most` undecided elements, and for each the `ways` that weigh most.

    Of facts that were never worth asking (rare circumstances, small additions) only the first ASIDES are named. Where
    `among` is given, only those of its elements, and what the client was asked and does not know.
    """
    by_element: dict[str, dict[str, list[str]]] = {}
    asides: set[str] = set()
    for _, finding, undecided in decision.open_:
        outcome = finding.otherwise or finding.concludes
        if finding.weight == TOLD_ONLY and not any(element in facts for element in undecided):
            continue
        if not outcome or any(_merely_known(condition) for condition in finding.when if condition.element in undecided):
            continue
        phrase = _phrases(domain, finding, undecided, unnamed=undecided[0])
        if among is not None and undecided[0] not in among and undecided[0] not in facts:
            continue
        if undecided[0] not in by_element and finding.weight < ASKED_FROM and undecided[0] not in facts:
            if len(asides) == ASIDES:
                continue
            asides.add(undecided[0])
        by_element.setdefault(undecided[0], {}).setdefault(phrase, []).append(fill(outcome, domain, facts))
    return [
        Branch(
            question=domain.element(id).label,
            ways=tuple((phrase, _listed(outcomes)) for phrase, outcomes in list(rows.items())[:ways]),
        )
        for id, rows in list(by_element.items())[:most]
    ]


def hinges(domain: Domain, finding: Finding, undecided: Collection[str]) -> str:
    """In words, what has still to be so for the finding to hold."""
    return _phrases(domain, finding, undecided)


def _phrases(domain: Domain, finding: Finding, undecided: Collection[str], unnamed: str = "") -> str:
    """The undecided conditions in words; `unnamed` is the element of which the sentence has spoken already."""
    return "且".join(
        _phrase(domain.element(condition.element), condition, named=condition.element != unnamed)
        for condition in finding.when
        if condition.element in undecided
    )


def _listed(outcomes: Sequence[str]) -> str:
    """What follows from one condition, said in one sentence."""
    *before, last = dict.fromkeys(outcomes)
    return ";".join([*(outcome.rstrip("。;") for outcome in before), last])


def _merely_known(condition: Condition) -> bool:
    """A bound of nothing only asks whether the quantity is known: 如果…满0元 would tell nobody anything."""
    return isinstance(condition, AtLeast) and condition.bound == 0


def fill(text: str, domain: Domain, facts: Mapping[str, Fact]) -> str:
    """`text` with its `{element}` slots replaced by the fact's value, or by the element's label when unknown."""

    def shown(match: re.Match[str]) -> str:
        fact = facts.get(match[1])
        return fact.value if fact is not None and not fact.undecided else domain.element(match[1]).label

    return re.sub(r"\{([a-z][a-z0-9_]*)\}", shown, text)


def _phrase(element: Element, condition: Condition, *, named: bool) -> str:
    """The condition in words; `named`: with the element, of which the sentence has not spoken yet."""
    label = element.label if named else ""
    if isinstance(condition, Is):
        return f"{label}是「{'」或「'.join(condition.values)}」"
    if isinstance(condition, IsNot):
        return f"{label}不是「{'」或「'.join(condition.values)}」"
    unit = {"amount": "元", "duration": "个月", "date": "个月", "number": "", "rate": "%"}[element.kind]
    if element.kind in ("date", "duration") and condition.bound % 1:
        bound, unit = f"{condition.bound * MONTH:.0f}", "天"
    else:
        # A bound of 10000.5 yuan is the law's "above 10000".
        bound = f"{int(condition.bound)}" if element.kind == "amount" else f"{condition.bound:g}"
    passed = "距今" if element.kind == "date" else ""
    above = "超过" if element.kind == "amount" and condition.bound % 1 else "满"
    return f"{label}{passed}{above if isinstance(condition, AtLeast) else f'不{above}'}{bound}{unit}"
