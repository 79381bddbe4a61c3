"""What to ask back: the facts that a lawyer would want in such a matter, as far as nothing was said of them.

A cause lists them in its own order (`asks`); besides, a fact is asked about that keeps a finding of great weight open.
What was learned from clients (orchestrator/worth.py) orders these, and adds what a lawyer would ask in a cause that is
as likely. Nothing is asked that is known, and a story that tells all is asked nothing.
"""

import json
import math
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from orchestrator.contracts import Fact
from orchestrator.domains.pack import Cause, Domain, Element
from orchestrator.reasoning import Decision, absent, decide, to_ask_now
from orchestrator.recognition import Spoken
from orchestrator.suggestion import bigrams, overlap
from orchestrator.wording import pattern, plain
from orchestrator.worth import Told, worth

PRESSING = 7  # the weight from which an open finding is asked about in a cause that has a list of its own
# The probability from which on a question is worth the client's time; higher for one that no recognised cause has.
LEAST, STRANGE = 0.1, 0.2
BESIDE = 0.2  # the same for what is asked in the breath of another question
ASIDE = 0.06  # the probability from which on the answer says what an open fact would change
TWIN = 0.5  # what a question loses that another one asks in the same words
FULL = 0.3  # the probability from which on a first message is taken to tell all: the rest is said as 如果…则…
MANY = 4  # facts; a story of which fewer are known does not tell all, though nothing of its causes' lists is left
LONG = 250  # characters; further ones say no more about that
WEIGHTS = Path(__file__).parent / "asking.json"


class Fullness(BaseModel):
    """A logistic regression: whether a first message tells all. `left`: the share of what its causes list that is open;
    `facts`: how many are known; `length`: its characters, LONG at most. `about` says what it was learned from.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    about: str
    bias: float
    left: float
    facts: float
    length: float

    def probability(self, left: float, facts: int, length: int) -> float:
        """That a lawyer would ask nothing."""
        log = self.bias + self.left * left + self.facts * facts + self.length * min(length, LONG)
        return 1 / (1 + math.exp(-log))


def questions(
    causes: Sequence[Cause],
    decision: Decision,
    facts: Mapping[str, Fact],
    story: Spoken,
    unasked: Spoken,
    votes: Mapping[str, float],
    today: date,
    put: Collection[str] = (),
    *,
    opening: bool = False,
) -> dict[str, float]:
    """The elements worth a question now, by id, the likeliest to decide first: the probability that they do.

    `unasked`: what of the story was told unasked; `votes`: of the articles found, by cause (recognition.py). `put`:
    what was asked already, and is not asked again. `opening`: the story is the first message alone.
    """
    domain = story.pack
    left = listed(domain, causes, decision, facts, story.text)
    told = not left and len(facts) >= MANY
    if opening and (told or fullness().probability(*full(causes, left, facts, story.text)) >= FULL):
        return {}
    listed_ = [element.id for element in left]
    chances = worth(Told(causes, facts.keys(), story, unasked, votes, listed_, decision))
    active = {id for cause in causes for id in cause.elements}
    out = {*put, *(settled(causes, decision) - set(listed_)), *moot(domain, facts, today)}
    least = {id: LEAST if id in active else STRANGE for id in chances}
    worthy = {id: chance for id, chance in chances.items() if chance >= least[id] and id not in out}
    return {element.id: worthy[element.id] for element in varied(domain, worthy, put)}


def mentioned(
    causes: Sequence[Cause],
    decision: Decision,
    facts: Mapping[str, Fact],
    story: Spoken,
    unasked: Spoken,
    votes: Mapping[str, float],
) -> set[str]:
    """The open elements that an answer says a word about: a lawyer might well ask for them."""
    left = [element.id for element in listed(story.pack, causes, decision, facts, story.text)]
    chances = worth(Told(causes, facts.keys(), story, unasked, votes, left, decision))
    return {id for id, chance in chances.items() if chance >= ASIDE}


def settled(causes: Sequence[Cause], decision: Decision) -> set[str]:
    """The elements whose answer would change nothing: their findings are all decided."""
    return _conditioned(causes) - {id for _, _, undecided in decision.open_ for id in undecided}


def moot(domain: Domain, facts: Mapping[str, Fact], today: date) -> set[str]:
    """The elements that make no sense by what is known, or that only causes have of which no finding can hold any more:
    an employee is not asked what an employer is.
    """
    decision = decide(domain.causes, facts, today)
    possible = {row[0].id for row in decision.held} | {row[0].id for row in decision.open_}
    matters = {id for cause in domain.causes if cause.id in possible for id in cause.elements}
    return {one.id for one in domain.elements if one.id not in matters or absent(one.unless, facts)}


def waiting(causes: Sequence[Cause], decision: Decision) -> set[str]:
    """The elements that are settled or hang on another open one first (whether the guarantor was sued in time, before
    it is known that there is one).
    """
    return _conditioned(causes) - {undecided[0] for _, _, undecided in decision.open_}


def _conditioned(causes: Sequence[Cause]) -> set[str]:
    return {condition.element for cause in causes for finding in cause.findings for condition in finding.when}


def varied(domain: Domain, chances: Mapping[str, float], put: Collection[str]) -> list[Element]:
    """The elements in an order in which no question resembles an earlier one more than it is worth.

    Maximal marginal relevance (Carbonell and Goldstein 1998, section 2) with the product for the difference; `put`
    are questions before the first.
    """
    words = {id: bigrams(domain.element(id).question + domain.element(id).label) for id in {*chances, *put}}
    near = {id: max((overlap(words[id], words[before]) for before in put), default=0.0) for id in chances}
    order: list[str] = []
    while len(order) < len(chances):
        left = (id for id in chances if id not in order)
        best = min(left, key=lambda id: (-chances[id] * (1 - TWIN * near[id]), id))
        order.append(best)
        near = {id: max(closest, overlap(words[id], words[best])) for id, closest in near.items()}
    return [domain.element(id) for id in order]


def breaths(domain: Domain, chances: Mapping[str, float]) -> list[tuple[Element, ...]]:
    """The elements by question, in the order of the first: each with the next one that is asked in the same breath.

    `chances`: as `questions` gives them. What hardly decides is no second thing to ask for.
    """
    left = list(chances)
    asked: list[tuple[Element, ...]] = []
    while left:
        first = left.pop(0)
        mates = domain.beside(first)
        beside = next((id for id in left if id in mates and chances[id] >= BESIDE), None)
        if beside is not None:
            left.remove(beside)
        asked.append(tuple(domain.element(id) for id in (first, beside) if id is not None))
    return asked


def listed(
    domain: Domain, causes: Sequence[Cause], decision: Decision, facts: Mapping[str, Fact], story: str
) -> list[Element]:
    """What the causes' own lists leave to ask: neither known nor dealt with (`topic`), and not without effect."""
    later = waiting(causes, decision)
    # What no finding hangs on (a sum, a day, a piece of evidence) is always of use.
    own = [id for cause in causes for id in cause.asks if id not in facts and id not in later]
    lists = {cause.id for cause in causes if cause.asks}
    pressing = {
        undecided[0]
        for cause, finding, undecided in decision.open_
        if finding.weight >= PRESSING or cause.id not in lists
    }
    others = [element.id for element in to_ask_now(domain, decision, facts) if element.id in pressing]
    wanted = [domain.element(id) for id in dict.fromkeys([*own, *others])]
    said = plain(story)
    wanted = [element for element in wanted if not absent(element.unless, facts)]
    return [element for element in wanted if not any(pattern(words).search(said) for words in element.topic)]


def full(
    causes: Sequence[Cause], left: Sequence[Element], facts: Mapping[str, Fact], story: str
) -> tuple[float, int, int]:
    """What Fullness looks at."""
    asks = {id for cause in causes for id in cause.asks}
    return len(left) / max(1, len(asks)), len(facts), len(story)


@cache
def fullness() -> Fullness:
    """The regression that ships."""
    return Fullness.model_validate(json.loads(WEIGHTS.read_text("utf-8")))
