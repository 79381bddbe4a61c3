"""Which causes of a field a story is about: by its words, by the examples it is like, and by the law found for it.

Each gives shares to the causes: the patterns of a cause (orchestrator/reasoning.py) say for certain what they know, the
examples (orchestrator/examples/) know what people tell in other words, and the search's scores are probabilities that
an article governs, so that their sum over the articles of a cause says how sure it is.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from math import sqrt

from orchestrator import examples
from orchestrator.domains import packs
from orchestrator.domains.pack import Domain
from orchestrator.reasoning import MAX_CAUSES, recognise
from orchestrator.wording import plain
from retrievers.contracts import Library, Query

SEARCHED = 10  # articles
# What each kind of evidence counts, and the share of all of it from which on a cause is one of the story: chosen on
# clients (deploy/clients/learned) by whether the articles that lawyers named for them are among those of the causes.
WORDS, LIKENESS, LAW = 1.0, 1.5, 0.5
ENOUGH = 0.15
FLOOR = 0.3  # the least evidence, however little there is of it in all: a message may speak of no trouble
BORNE_OUT = 0.1  # the share of the law's votes that a cause needs which words do not name, beside one that they do
LEAST_VOTES = 0.05  # what the votes of the law must add up to, before shares of them say anything


@dataclass(frozen=True)
class Recognised:
    """The ids of the causes, the clearest first, at most three; `added`: those that the story's words do not name;
    `votes`: of the articles found, for each cause of the field that has any.
    """

    ids: list[str]
    added: list[str]
    votes: dict[str, float]


async def causes(library: Library, pack: Domain, story: str, as_of: date | None) -> Recognised:
    """What the story is about. The search goes without keywords and proposals, which would ask models and add nothing
    here. Raises RetrievalError.
    """
    query = Query(text=plain(story), field=pack.name, as_of=as_of, top=SEARCHED, explained=False, thorough=False)
    votes = voted(pack, {hit.passage.id: hit.score for hit in await library.search_articles(query)})
    return weighed(pack, story, {id: round(vote, 4) for id, vote in votes.items() if vote > 0})


def weighed(pack: Domain, story: str, votes: Mapping[str, float]) -> Recognised:
    """What the story is about, given the votes of the articles that were found for it."""
    named = [cause.id for cause in recognise(pack, story)]
    likely = examples.shares(pack, story)
    law = by_law(votes)
    words = WORDS if named else 0.0
    evidence = {
        cause.id: words * (cause.id in named) / max(1, len(named))
        + LIKENESS * likely.get(cause.id, 0.0)
        + LAW * law.get(cause.id, 0.0)
        for cause in pack.causes
    }
    whole = words + LIKENESS * sum(likely.values()) + LAW
    # A stranger beside what the words name misleads: examples alone, which know few of its words, do not add one.
    borne_out = {id for id, share in law.items() if share >= BORNE_OUT}
    able = set(named) | borne_out if named else evidence.keys()
    least = max(FLOOR, ENOUGH * whole)
    ids = sorted((id for id in able if evidence[id] >= least), key=lambda id: (-evidence[id], id))[:MAX_CAUSES]
    return Recognised(ids, [id for id in ids if id not in named], dict(votes))


def voted(pack: Domain, scores: Mapping[str, float]) -> dict[str, float]:
    """Of articles with these scores, how much each cause of the field has; an article of many causes says less."""
    shared = _citing()
    return {
        cause.id: sum(scores[id] / sqrt(shared[id]) for id in cause.articles & scores.keys()) for cause in pack.causes
    }


def by_law(votes: Mapping[str, float]) -> dict[str, float]:
    """How likely each cause is by the votes of the articles found: shares of all, of few votes less than one in all."""
    total = max(LEAST_VOTES, sum(votes.values()))
    return {id: vote / total for id, vote in votes.items()}


@cache
def _citing() -> Counter[str]:
    """How many causes of all fields rest on each article."""
    return Counter(id for pack in packs().values() for cause in pack.causes for id in cause.articles)
