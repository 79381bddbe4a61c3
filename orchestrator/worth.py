"""What a question is worth: the probability that its answer decides, learned from scripted clients.

LightGBM trees over what the field's lists and examples, the likely causes and the story say of an element. Learned by
`lexhub train asking` from openings of clients and the facts that a lawyer would ask them for (deploy/learning/).
Pure: no search, no graph.
"""

import math
import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from orchestrator import recognition
from orchestrator.domains import packs
from orchestrator.domains.pack import Cause, Domain, Element
from orchestrator.reasoning import Decision
from orchestrator.recognition import Spoken
from orchestrator.wording import pattern, plain
from retrievers.trees import lightgbm

TREES = Path(__file__).parent / "asking.txt"
FEATURES = (
    "place", "listed", "asks_words", "asks_law", "asks_like", "asks_all", "asked", "places_words", "places_law",
    "places_like", "places_all", "elements", "likely", "weight", "topic", "topics", "said", "overlap", "active",
    "first", "common", "common_place", "conditioned", "pivotal", "length", "patterns",
)  # fmt: skip
LIKELY = 0.05  # the share of all evidence from which on a cause's elements are looked at
_LETTERS = re.compile(r"[^\u4e00-\u9fff0-9a-z]")


@dataclass(frozen=True)
class Told:
    """What a consultation knows when it asks: the causes recognised, the elements known, the story, what of it was told
    unasked (the same object where that is all), the votes of the articles found for each cause of the field
    (recognition.py), what the lists would ask, in order (asking.py), and the findings still open.
    """

    causes: Sequence[Cause]
    known: Collection[str]
    story: Spoken
    unasked: Spoken
    votes: Mapping[str, float]
    listed: Sequence[str]
    decision: Decision


def worth(told: Told) -> dict[str, float]:
    """By element not known yet that a likely cause has: the probability that a lawyer would ask for it now."""
    rows = features(told)
    if not rows:
        return {}
    values = _trees().predict(np.array(list(rows.values()), np.float64), num_threads=1)
    return dict(zip(rows, map(float, values), strict=True))


def features(told: Told) -> dict[str, tuple[float, ...]]:
    """By element, the values of FEATURES.

    place: 1 over its place in what the lists would ask, listed: whether it is there; asks_words, asks_law, asks_like:
    how likely the causes are that ask for it, by their patterns in the story, by the articles found, by the examples
    that the story is like, asks_all: by all of them (recognition.py); asked: in which share of the examples of these a
    lawyer asks for it; places_…: how likely, by its place in their lists; elements, likely: how likely those causes are
    that have it, by the mean of the three and by all; weight: times the greatest weight of their findings on it; topic,
    topics: whether, and by how many patterns, the story deals with it; said: how sure a clause tells it, by the
    examples; overlap: how much of its question stands in the story; active, first: whether a recognised cause, and the
    first of them, has it; common, common_place: how many of the field's causes ask for it, and how early; conditioned:
    whether a finding of a recognised cause hangs on it; pivotal: the greatest weight of the open findings that it alone
    decides; length, patterns: characters of its question, patterns of its topic.
    """
    domain, story, like, said = told.story.pack, plain(told.story.text), told.unasked.like, told.story.like.said
    words, law = _by_words(told.unasked), _by_law(domain, told.votes)
    liking = _by(domain, like.shares(len(told.unasked.text), recognition.LONG))
    chances = _by(domain, recognition.probabilities(told.unasked, told.votes))
    mean = (words + law + liking) / 3
    grams = Counter(_grams(story))
    active = {id for cause in told.causes for id in cause.elements}
    first = set(told.causes[0].elements) if told.causes else set()
    conditioned = {
        condition.element for cause in told.causes for finding in cause.findings for condition in finding.when
    }
    pivotal: dict[str, int] = {}
    for _, finding, undecided in told.decision.open_:
        if len(undecided) == 1:
            pivotal[undecided[0]] = max(finding.weight, pivotal.get(undecided[0], 0))
    shape = _shape(domain.name)
    asked = [like.asked.get(cause.id, {}) for cause in domain.causes]
    several = np.stack((words, law, liking, chances))
    elements, likely, weights = mean @ shape.has, chances @ shape.has, mean @ shape.weights
    asks, places = (several @ shape.asks).T, (several @ shape.places).T
    common, common_place = shape.asks.mean(axis=0), shape.places.mean(axis=0)
    rows: dict[str, tuple[float, ...]] = {}
    for at, element in enumerate(domain.elements):
        if element.id in told.known or max(elements[at], likely[at]) <= LIKELY:
            continue
        topics = sum(bool(pattern(words_).search(story)) for words_ in element.topic)
        place = told.listed.index(element.id) + 1 if element.id in told.listed else 0
        rows[element.id] = (
            1 / place if place else 0.0,
            float(place > 0),
            *asks[at].tolist(),
            float(chances @ [rates.get(element.id, 0.0) for rates in asked]),
            *places[at].tolist(),
            float(elements[at]),
            float(likely[at]),
            float(weights[at]),
            float(topics > 0),
            float(topics),
            said.get(element.id, 0.0),
            _overlap(domain.name, element, grams),
            float(element.id in active),
            float(element.id in first),
            float(common[at]),
            float(common_place[at]),
            float(element.id in conditioned),
            float(pivotal.get(element.id, 0)),
            float(len(element.question)),
            float(len(element.topic)),
        )
    return rows


@dataclass(frozen=True)
class _Shape:
    """[causes, elements] of a field: whether the cause asks, 1 over the place in its list, whether it has the element,
    the greatest weight of a finding of it that hangs on the element.
    """

    asks: NDArray[np.float64]
    places: NDArray[np.float64]
    has: NDArray[np.float64]
    weights: NDArray[np.float64]


@cache
def _shape(name: str) -> _Shape:
    domain = packs()[name]
    made = _Shape(*(np.zeros((len(domain.causes), len(domain.elements))) for _ in range(4)))
    at = {element.id: place for place, element in enumerate(domain.elements)}
    for row, cause in enumerate(domain.causes):
        for id in cause.elements:
            made.has[row, at[id]] = 1
        for place, id in enumerate(cause.asks, 1):
            made.asks[row, at[id]], made.places[row, at[id]] = 1, 1 / place
        for finding in cause.findings:
            for condition in finding.when:
                before = made.weights[row, at[condition.element]]
                made.weights[row, at[condition.element]] = max(before, finding.weight)
    return made


def _by_words(story: Spoken) -> NDArray[np.float64]:
    """How likely each cause is by its patterns: shares of what they count."""
    counts = np.array([row.score for row in story.counts], float)
    return np.asarray(counts / max(1.0, float(counts.sum())))


def _by_law(domain: Domain, votes: Mapping[str, float]) -> NDArray[np.float64]:
    """How likely each cause is by the articles found."""
    return _by(domain, recognition.by_law(votes))


def _by(domain: Domain, likely: Mapping[str, float]) -> NDArray[np.float64]:
    """The probabilities of the causes, in the order of the field."""
    return np.array([likely.get(cause.id, 0.0) for cause in domain.causes])


def _grams(text: str) -> list[str]:
    letters = _LETTERS.sub("", plain(text))
    return [letters[at : at + 2] for at in range(len(letters) - 1)]


def _overlap(name: str, element: Element, story: Counter[str]) -> float:
    weights, whole = _question(name, element.id)
    return sum(weight * min(2, story[gram]) for gram, weight in weights.items() if gram in story) / (whole or 1.0)


@cache
def _question(name: str, id: str) -> tuple[dict[str, float], float]:
    """The pairs of characters of a question, its label and its reason, with how telling each is (inverse frequency),
    and the sum of that.
    """
    frequency, total = _frequency(), sum(len(domain.elements) for domain in packs().values())
    grams = dict.fromkeys(_grams(_words(packs()[name].element(id))))
    weights = {gram: math.log((total + 1) / (frequency[gram] + 1)) for gram in grams}
    return weights, sum(weights.values())


@cache
def _frequency() -> Counter[str]:
    elements = (element for domain in packs().values() for element in domain.elements)
    return Counter(gram for element in elements for gram in set(_grams(_words(element))))


def _words(element: Element) -> str:
    return element.question + element.label + element.why


@cache
def _trees() -> Any:
    return lightgbm().Booster(model_file=str(TREES))
