"""Learns which articles to show beside the grounds: for every client, what field and search say once all was told."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from deploy.clients.scripts import Client
from deploy.learning import folds, matters
from orchestrator import citing, finding, recognition
from orchestrator.domains import packs
from orchestrator.services import Services

MORE = 12  # articles beside the grounds, at which the choice is scored


@dataclass(frozen=True)
class Told:
    """A client who has told everything: the articles that may be cited with their features, those that carry the
    conclusions anyway, and those that a lawyer names.
    """

    client: Client
    rows: dict[str, tuple[float, ...]]
    grounds: frozenset[str]

    @property
    def wanted(self) -> frozenset[str]:
        """The articles that a lawyer names beyond the grounds."""
        return frozenset(self.client.must_cite) - self.grounds


async def told(services: Services, clients: Iterable[Client]) -> list[Told]:
    """The clients with a field of ours, each with the whole of their story. Raises ModelError, RetrievalError."""
    made = []
    for client in clients:
        pack = packs().get(client.field)
        if pack is None or client.route != "consult":
            continue
        story = "\n".join([client.opening, *(held.says for held in client.holds_back)])
        matter = await matters.read(services, pack, story)
        found = (await finding.ranking(services, story, top=citing.FOUND, domain=pack.name)).scores
        chances = recognition.probabilities(matter.story, matter.votes)
        rows = citing.features(pack, matter.causes, matter.decision, list(found), chances)
        grounds = {id for _, held in matter.decision.held for ground in held.grounds for id in ground.articles}
        made.append(Told(client, rows, frozenset(grounds)))
    return made


def fitted(clients: Iterable[Told]) -> dict[str, float]:
    """The weights of a logistic regression: which articles beyond the grounds a lawyer names (numbers of FEATURES)."""
    rows, named = _table(clients)
    scale = StandardScaler().fit(rows)
    model = LogisticRegression(max_iter=1000).fit(scale.transform(rows), named)
    weights = model.coef_[0] / scale.scale_
    return {name: round(float(weight), 4) for name, weight in zip(citing.FEATURES, weights, strict=True)}


def cross_validated(clients: list[Told]) -> float:
    """The share of the articles named by lawyers that stand among the grounds and MORE others; clients not learned."""
    drawn = folds.drawn(len(clients))
    right = total = 0
    for fold in range(folds.FOLDS):
        weights = fitted(one for one, of in zip(clients, drawn, strict=True) if of != fold)
        for one, of in zip(clients, drawn, strict=True):
            if of == fold:
                shown = one.grounds | set(_best(one, weights))
                right += len(shown & set(one.client.must_cite))
                total += len(one.client.must_cite)
    return right / total


def _best(one: Told, weights: dict[str, float]) -> list[str]:
    rows = {id: row for id, row in one.rows.items() if id not in one.grounds}
    return citing.by_worth(rows, weights)[:MORE]


def _table(clients: Iterable[Told]) -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    rows, named = [], []
    for one in clients:
        for id, row in one.rows.items():
            if id not in one.grounds:
                rows.append(row)
                named.append(int(id in one.wanted))
    return np.array(rows, np.float64), np.array(named, np.int64)
