"""Which field of law a message belongs to: the planner's probabilities, the words of the packs, and the law found.

A log-linear model: each pattern of a field's best cause that the message matches multiplies the odds of that field.
Where that is not sure, the articles that a search finds vote, too: each for the fields whose causes rest on it. The
weights are those of a conditional logit over the examples of which the planner knew nothing (orchestrator/examples/).
"""

import math
from collections.abc import Mapping
from functools import cache

from orchestrator.domains import packs
from orchestrator.wording import pattern as compiled
from orchestrator.wording import plain
from retrievers.contracts import Library, Query

PLANNER = 0.49  # what the logarithm of the planner's probability counts of a story: of those it is too sure
SHORT, STORY = 20, 60  # characters of a message that only asks, of which it counts in full, and of one that is a story
STRONG, CUE = 0.92, 0.4  # what one strong pattern, and one cue, adds to the logarithm of the odds
MOST_STRONG, MOST_CUES = 2, 3  # further ones say the same again
MOST = STRONG * MOST_STRONG + CUE * MOST_CUES
LEAST = 1e-4  # probability of a field that the planner does not name
SURE = 0.7  # probability from which on no search is made
SEARCHED = 20  # articles
VOTE, PRIOR = 0.46, 0.1  # the weight of the articles' vote, and what every field has of it to begin with, in all


def judged(scores: Mapping[str, float], text: str, before: str = "") -> dict[str, float]:
    """The probability of every field of `scores` and every field with a pack, best first, given the text as well.

    `before` is read in place of a text that has no words of any field (那利息呢).
    """
    counts = 1 - (1 - PLANNER) * min(1.0, max(0.0, (len(text) - SHORT) / (STORY - SHORT)))
    least = counts * math.log(LEAST)
    logs = {field: counts * math.log(max(score, LEAST)) for field, score in scores.items()}
    first, second = sorted((*logs.values(), least, least), reverse=True)[:2]
    # Where no words could overturn the planner, there is no need to look for them: that is the dear part.
    said = _said(text, before) if first - second < MOST else {}
    for name in packs():
        logs[name] = logs.get(name, least) + said.get(name, 0.0)
    best = max(logs.values())
    odds = {field: math.exp(value - best) for field, value in logs.items()}
    total = sum(odds.values())
    return {field: odds[field] / total for field in sorted(odds, key=lambda field: -odds[field])}


async def searched(library: Library, judged: Mapping[str, float], text: str) -> dict[str, float]:
    """The probabilities of the fields given also the articles found for the text, best first. Raises RetrievalError."""
    query = Query(text=plain(text), top=SEARCHED, thorough=False)
    votes: dict[str, float] = {}
    for id, score in (await library.rank_articles(query)).scores.items():
        resting = _resting(id)
        for field in resting:
            votes[field] = votes.get(field, 0.0) + score / len(resting)
    total = sum(votes.values()) + PRIOR
    share = PRIOR / len(packs())
    odds = {
        field: max(judged.get(field, 0.0), LEAST) * ((votes.get(field, 0.0) + share) / total) ** VOTE
        for field in judged.keys() | votes.keys()
    }
    whole = sum(odds.values())
    return {field: odds[field] / whole for field in sorted(odds, key=lambda field: (-odds[field], field))}


def _resting(id: str) -> frozenset[str]:
    """The fields of which a cause rests on the article."""
    return _fields_by_article().get(id, frozenset())


@cache
def _fields_by_article() -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {}
    for name, domain in packs().items():
        for id in {id for cause in domain.causes for id in cause.articles}:
            found.setdefault(id, set()).add(name)
    return {id: frozenset(names) for id, names in found.items()}


def _said(text: str, before: str) -> dict[str, float]:
    found = _evidence(text)
    return found if any(found.values()) or not before else _evidence(before)


def _evidence(text: str) -> dict[str, float]:
    """What the patterns of each field's causes add to its log odds: those of the best cause of each kind."""
    said = plain(text)
    found = {}
    for name, domain in packs().items():
        strong = max(sum(bool(compiled(one).search(said)) for one in cause.strong) for cause in domain.causes)
        cues = max(sum(bool(compiled(one).search(said)) for one in cause.cues) for cause in domain.causes)
        found[name] = STRONG * min(strong, MOST_STRONG) + CUE * min(cues, MOST_CUES)
    return found
