"""Which causes of a field a story is about: those its words name, and those whose articles the search finds for it.

The words decide (orchestrator/reasoning.py); the search adds what people tell without naming it. Its scores are
probabilities that an article governs, so that their sum over the articles of a cause says how sure it is.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from math import sqrt

from orchestrator.domains import packs
from orchestrator.domains.pack import Domain
from orchestrator.reasoning import MAX_CAUSES, recognise
from orchestrator.wording import plain
from retrievers.contracts import Library, Query

SEARCHED = 10  # articles
SURE = 0.25  # from this sum on a cause counts; of ten added in eighty stories none was beside the point


@dataclass(frozen=True)
class Recognised:
    """The ids of the causes, the clearest first, at most three; `added`: those of them that the search named; `votes`:
    of the articles found, for each cause of the field that has any.
    """

    ids: list[str]
    added: list[str]
    votes: dict[str, float]


async def causes(library: Library, pack: Domain, story: str, as_of: date | None) -> Recognised:
    """What the story is about. The search goes without keywords and proposals, which would ask models and add nothing
    here. Raises RetrievalError.
    """
    named = [cause.id for cause in recognise(pack, story)]
    query = Query(text=plain(story), field=pack.name, as_of=as_of, top=SEARCHED, explained=False)
    votes = voted(pack, {hit.passage.id: hit.score for hit in await library.search_articles(query)})
    best = max(votes, key=lambda id: votes[id], default=None)
    kept = {id: round(vote, 4) for id, vote in votes.items() if vote > 0}
    if best is None or best in named or len(named) == MAX_CAUSES or votes[best] < SURE:
        return Recognised(named, [], kept)
    return Recognised([*named, best], [best], kept)


def voted(pack: Domain, scores: Mapping[str, float]) -> dict[str, float]:
    """Of articles with these scores, how much each cause of the field has; an article of many causes says less."""
    shared = _citing()
    return {
        cause.id: sum(scores[id] / sqrt(shared[id]) for id in cause.articles & scores.keys()) for cause in pack.causes
    }


@cache
def _citing() -> Counter[str]:
    """How many causes of all fields rest on each article."""
    return Counter(id for pack in packs().values() for cause in pack.causes for id in cause.articles)
