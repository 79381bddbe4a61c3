"""Which articles are worth showing beside those that carry the conclusions.

A logistic regression over what the field and the search say of an article, learned from scripted clients for whom a
lawyer named the articles (`lexhub train citing`). Pure: no search, no store.
"""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from math import log1p
from pathlib import Path

from orchestrator import weights
from orchestrator.domains.pack import Cause, Domain
from orchestrator.reasoning import Decision

WEIGHTS = Path(__file__).parent / "citing.json"
FOUND = 30  # articles of the search that count
LIKELY = 0.05  # the probability from which on the articles of a cause are looked at
FEATURES = ("place", "found", "listed", "order", "findings", "weight", "resting", "active", "out", "common")


def features(
    domain: Domain,
    causes: Sequence[Cause],
    decision: Decision,
    found: Sequence[str],
    chances: Mapping[str, float],
) -> dict[str, tuple[float, ...]]:
    """By article, the values of FEATURES: of all that likely causes rest on and all that the search found (best first).

    `chances`: how likely the story is about each cause (recognition.py). place: 1 over its place among those found;
    found: whether it is among them; listed: how likely a cause is that lists it as governing; order: the same by 1 over
    its place in that list; findings: how many findings of likely causes rest on it (log); weight: how likely a cause
    is, by the greatest weight of these, of 9; resting: how likely a cause is that rests on it; active: whether a
    recognised one does; out: the facts exclude all findings of these that do; common: the share of the field's causes
    that rest on it.
    """
    places = {id: place for place, id in enumerate(found[:FOUND], 1)}
    alive = {id for _, finding in decision.held for ground in finding.grounds for id in ground.articles}
    alive |= {id for _, finding, _ in decision.open_ for ground in finding.grounds for id in ground.articles}
    active = {id for cause in causes for id in cause.articles}
    grounded = {id for cause in causes for id in _weights_of(cause)}
    sums: dict[str, defaultdict[str, float]]
    sums = {name: defaultdict(float) for name in ("listed", "order", "findings", "weight", "resting")}
    for cause in likely(domain, causes, chances):
        chance = chances.get(cause.id, 0.0)
        for order, id in enumerate(cause.governing, 1):
            sums["listed"][id] += chance
            sums["order"][id] += chance / order
        for id, heavy in _weights_of(cause).items():
            sums["findings"][id] += chance * len(heavy)
            sums["weight"][id] += chance * max(heavy) / 9
        for id in cause.articles:
            sums["resting"][id] += chance
    common = _common(domain)
    return {
        id: (
            1 / places[id] if id in places else 0.0,
            float(id in places),
            sums["listed"][id],
            sums["order"][id],
            log1p(sums["findings"][id]),
            sums["weight"][id],
            sums["resting"][id],
            float(id in active),
            float(id in grounded and id not in alive),
            common[id] / len(domain.causes),
        )
        for id in sorted({*places, *sums["resting"], *active})
    }


def likely(domain: Domain, causes: Sequence[Cause], chances: Mapping[str, float]) -> list[Cause]:
    """The causes whose articles are looked at: those recognised, and others that the story may be about."""
    return [cause for cause in domain.causes if cause in causes or chances.get(cause.id, 0.0) >= LIKELY]


def ranked(
    domain: Domain,
    causes: Sequence[Cause],
    decision: Decision,
    found: Sequence[str],
    chances: Mapping[str, float],
) -> list[str]:
    """The articles, the one first that a lawyer would most likely name. `found`: those of the search, best first."""
    return by_worth(features(domain, causes, decision, found, chances), weights.read(WEIGHTS))


def by_worth(rows: Mapping[str, Sequence[float]], weights: Mapping[str, float]) -> list[str]:
    """The articles of these rows (FEATURES), the one first that the weights prefer."""
    worth = {
        id: sum(weights[name] * value for name, value in zip(FEATURES, row, strict=True)) for id, row in rows.items()
    }
    return sorted(worth, key=lambda id: (-worth[id], id))


def _weights_of(cause: Cause) -> dict[str, list[int]]:
    """By article, the weights of the findings of the cause that rest on it."""
    resting: dict[str, list[int]] = {}
    for finding in cause.findings:
        for id in dict.fromkeys(id for ground in finding.grounds for id in ground.articles):
            resting.setdefault(id, []).append(finding.weight)
    return resting


def _common(domain: Domain) -> Counter[str]:
    """How many causes of the field rest on each article."""
    return Counter(id for cause in domain.causes for id in cause.articles)
