"""Which articles are worth showing beside those that carry the conclusions.

A logistic regression over what the field and the search say of an article, learned from scripted clients for whom a
lawyer named the articles (`lexhub train citing`). Pure: no search, no store.
"""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cache
from math import log1p
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from orchestrator.domains.pack import Cause, Domain
from orchestrator.reasoning import Decision

WEIGHTS = Path(__file__).parent / "citing.json"
FOUND = 30  # articles of the search that count
FEATURES = ("place", "found", "listed", "order", "findings", "weight", "out", "leading", "common")


class Weights(BaseModel):
    """The regression: for each feature its weight; `about` says what it was learned from."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    about: str
    weights: dict[str, float]


def features(
    domain: Domain, causes: Sequence[Cause], decision: Decision, found: Sequence[str]
) -> dict[str, tuple[float, ...]]:
    """By article, the values of FEATURES: of all that the causes rest on and all that the search found (best first).

    place: 1 over its place among those found; found: whether it is among them; listed: whether a cause lists it as
    governing; order: 1 over its place in that list; findings: how many findings of the causes rest on it (log);
    weight: the greatest weight of these, of 9; out: the facts exclude them all; leading: the first cause rests on it;
    common: the share of the field's causes that rest on it.
    """
    places = {id: place for place, id in enumerate(found[:FOUND], 1)}
    alive = {id for _, finding in decision.held for ground in finding.grounds for id in ground.articles}
    alive |= {id for _, finding, _ in decision.open_ for ground in finding.grounds for id in ground.articles}
    resting: dict[str, list[int]] = {}
    for cause in causes:
        for finding in cause.findings:
            for id in dict.fromkeys(id for ground in finding.grounds for id in ground.articles):
                resting.setdefault(id, []).append(finding.weight)
    orders: dict[str, int] = {}
    for cause in causes:
        for order, id in enumerate(cause.governing, 1):
            orders[id] = min(order, orders.get(id, order))
    first = causes[0].articles if causes else frozenset()
    common = _common(domain)
    return {
        id: (
            1 / places[id] if id in places else 0.0,
            float(id in places),
            float(id in orders),
            1 / orders[id] if id in orders else 0.0,
            log1p(len(resting.get(id, ()))),
            max(resting.get(id, (0,))) / 9,
            float(id in resting and id not in alive),
            float(id in first),
            common[id] / len(domain.causes),
        )
        for id in sorted({*places, *resting, *orders})
    }


def ranked(domain: Domain, causes: Sequence[Cause], decision: Decision, found: Sequence[str]) -> list[str]:
    """The articles, the one first that a lawyer would most likely name. `found`: those of the search, best first."""
    return by_worth(features(domain, causes, decision, found), _weights().weights)


def by_worth(rows: Mapping[str, Sequence[float]], weights: Mapping[str, float]) -> list[str]:
    """The articles of these rows (FEATURES), the one first that the weights prefer."""
    worth = {
        id: sum(weights[name] * value for name, value in zip(FEATURES, row, strict=True)) for id, row in rows.items()
    }
    return sorted(worth, key=lambda id: (-worth[id], id))


@cache
def _weights() -> Weights:
    return Weights.model_validate(json.loads(WEIGHTS.read_text("utf-8")))


def _common(domain: Domain) -> Counter[str]:
    """How many causes of the field rest on each article."""
    return Counter(id for cause in domain.causes for id in cause.articles)
