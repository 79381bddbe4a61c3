"""Which causes of a field a story is about: by its words, by the examples it is like, and by the law found for it.

A conditional logit (McFadden 1974, Conditional Logit Analysis of Qualitative Choice Behavior) over what the three say
of each cause, learned from the examples (`lexhub train recognition`): the patterns of a cause know their words for
certain, the examples (orchestrator/examples/) know what people tell in other words, and the search's scores are
probabilities that an article governs, so that their sum over the articles of a cause says how sure it is.
"""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache, cached_property
from math import sqrt
from pathlib import Path

import numpy as np
from cachetools import LRUCache
from numpy.typing import NDArray

from orchestrator import examples, statements, weights
from orchestrator.domains import packs
from orchestrator.domains.pack import Cause, Domain
from orchestrator.examples import Like
from orchestrator.reasoning import MAX_CAUSES, Counted, clearest, counted
from orchestrator.wording import plain
from retrievers.contracts import Library, Query

WEIGHTS = Path(__file__).parent / "recognition.json"
FEATURES = ("outright", "strong", "cues", "share", "best", "law", "log_law", "like", "log_like")
SEARCHED = 10  # articles
MOST_STRONG, MOST_CUES = 3, 4  # further patterns say the same again
LEAST_VOTES = 0.05  # what the votes of the law must add up to, before shares of them say anything
REMEMBERED = 8  # texts of a consultation, some 30 KiB each: its story grows with every turn
TELLING, LONG = 25, 60  # characters of a story that begins to tell, and of one that tells much
LIKE = 0.2  # the score of the likeliest cause by the examples from which on they alone show that there is a trouble
# The probability from which on a cause is one of the story, beside the likeliest; of one that it names outright:
# chosen on sixty openings of clients (deploy/clients) whose causes were named by reading.
ENOUGH, NAMED = 0.1, 0.001


@dataclass(frozen=True)
class Spoken:
    """What was told in a field, and what is made of it more than once in a turn. `alike`: what it is like, if known."""

    pack: Domain
    text: str
    alike: Like | None = None

    @cached_property
    def like(self) -> Like:
        """What it is like."""
        return self.alike or examples.like(self.pack.name, self.text)

    @cached_property
    def counts(self) -> list[Counted]:
        """Each cause with how many of its patterns match."""
        return counted(self.pack, self.text)

    @cached_property
    def asked(self) -> set[str]:
        """The ids of the causes that its questions name outright (孩子能判给我吗, after a story of the house)."""
        return {row.cause.id for row in counted(self.pack, statements.asking(self.text)) if row.strong}

    @property
    def named(self) -> list[Cause]:
        """The causes that its words name (reasoning.recognise)."""
        return clearest(self.counts)


class Stories:
    """What is said in one consultation, so that its steps and turns work out once what they need to know of it."""

    def __init__(self) -> None:
        self._made: LRUCache[tuple[str, str], Spoken] = LRUCache(REMEMBERED)

    def spoken(self, pack: Domain, text: str) -> Spoken:
        """This text in this field: the same object each time, of those that were asked for last."""
        return self._made.setdefault((pack.name, text), Spoken(pack, text))


@dataclass(frozen=True)
class Recognised:
    """The ids of the causes, the likeliest first, at most three; `added`: those that the story's words do not name;
    `votes`: of the articles found, for each cause of the field that has any.
    """

    ids: list[str]
    added: list[str]
    votes: dict[str, float]


async def causes(library: Library, story: Spoken, as_of: date | None) -> Recognised:
    """What the story is about. Raises RetrievalError."""
    return weighed(story, await votes(library, story, as_of))


async def votes(library: Library, story: Spoken, as_of: date | None) -> dict[str, float]:
    """What the articles found for the story say for each cause of the field, of those that have any.

    The search goes without keywords and proposals, which would ask models and add nothing here. Raises RetrievalError.
    """
    query = Query(text=plain(story.text), field=story.pack.name, as_of=as_of, top=SEARCHED, thorough=False)
    found = voted(story.pack, (await library.rank_articles(query)).scores)
    return {id: round(vote, 4) for id, vote in found.items() if vote > 0}


def weighed(story: Spoken, votes: Mapping[str, float]) -> Recognised:
    """What the story is about, given the votes of the articles that were found for it."""
    chances, rows = probabilities(story, votes), story.counts
    named, outright = {row.cause.id for row in rows if row.score}, {row.cause.id for row in rows if row.strong}
    ranked = sorted(chances, key=lambda id: (-chances[id], id))
    # A few words are like many stories: beside the likeliest they are only about what they name. Of several troubles
    # that are all told the logit knows one, since every example has one.
    told = [id for id in ranked if id in outright and chances[id] >= NAMED]
    told.sort(key=lambda id: id not in story.asked)  # what the client asks about is answered, whatever else is told
    also = [id for id in ranked if chances[id] >= ENOUGH and (len(story.text) >= LONG or id in named)]
    ids = list(dict.fromkeys([*ranked[:1], *told, *also]))[:MAX_CAUSES]
    ids.sort(key=ranked.index)
    return Recognised(ids, [id for id in ids if id not in named], dict(votes))


def probabilities(story: Spoken, votes: Mapping[str, float]) -> dict[str, float]:
    """How likely the story is about each cause; empty where it speaks of no trouble of the field."""
    rows = features(story, votes)
    speaks = any(row[3] for row in rows.values()) or sum(votes.values()) >= LEAST_VOTES
    if not speaks and (len(story.text) < LONG or max(story.like.causes.values()) < LIKE):
        return {}
    learned = weights.read(WEIGHTS)
    scores = np.array(list(rows.values())) @ [learned[name] for name in FEATURES]
    return dict(zip(rows, map(float, softmax(scores)), strict=True))


def features(story: Spoken, votes: Mapping[str, float]) -> dict[str, tuple[float, ...]]:
    """By cause, the values of FEATURES.

    outright: whether a strong pattern of it matches; strong, cues: how many; share: of what all patterns count; best:
    whether no other cause has more; law, log_law: its share of the votes of the articles found; like, log_like: what
    the examples score for it, less of a short story, and the logarithm of its share of that.
    """
    rows, like, length = story.counts, story.like, len(story.text)
    most, total = max(row.score for row in rows), max(1, sum(row.score for row in rows))
    law, shares, sure = by_law(votes), like.shares(length, TELLING), min(1.0, length / TELLING)
    return {
        row.cause.id: (
            float(row.strong > 0),
            float(min(row.strong, MOST_STRONG)),
            float(min(row.cues, MOST_CUES)),
            row.score / total,
            float(row.score == most > 0),
            law.get(row.cause.id, 0.0),
            float(np.log(law.get(row.cause.id, 0.0) + 0.02)),
            sure * like.causes.get(row.cause.id, 0.0),
            float(np.log(shares.get(row.cause.id, 0.0) + (1 - sure) / len(rows) + 1e-3)),
        )
        for row in rows
    }


def softmax(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    """The scores as probabilities."""
    odds = np.exp(scores - scores.max())
    return np.asarray(odds / odds.sum())


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
