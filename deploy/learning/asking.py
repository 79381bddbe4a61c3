"""Learns what to ask: trees for what a question is worth, and a regression for when a first message tells all."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression
from sklearn.preprocessing import StandardScaler

from deploy.clients.scripts import Client
from deploy.learning import folds, matters
from orchestrator import asking
from orchestrator.domains import packs
from orchestrator.domains.pack import Domain
from orchestrator.services import Services
from orchestrator.worth import FEATURES, Told, features
from retrievers.trees import lightgbm

HELD = 0.5  # what a fact counts that a lawyer asks for though it does not decide
ASKED = 6  # questions of a consultation: two a turn, three turns
TREES = 150
OPTIONS = {
    "objective": "cross_entropy", "num_leaves": 7, "learning_rate": 0.05, "min_data_in_leaf": 60, "seed": 0,
    "feature_fraction": 0.6, "bagging_fraction": 0.8, "bagging_freq": 1, "num_threads": 1, "deterministic": True,
    "force_row_wise": True, "verbose": -1,
}  # fmt: skip


@dataclass(frozen=True)
class Opening:
    """A client's first message: the rows of the questions that may be put (FEATURES), which held-back facts each is
    about and whether it asks for what was told; what Fullness looks at, and what it would see if the client had told
    much more at once, though not all (None of a story that is complete). `weight`: what it counts in learning.
    """

    client: Client
    rows: NDArray[np.float64]
    about: tuple[frozenset[str], ...]
    told: tuple[bool, ...]
    full: tuple[float, int, int]
    longer: tuple[float, int, int] | None
    weight: float

    @property
    def decisive(self) -> frozenset[str]:
        """The facts that decide."""
        return frozenset(held.fact for held in self.client.holds_back if held.decisive)

    @property
    def targets(self) -> list[float]:
        """What each question is worth: 1 for a fact that decides, HELD for another held back, else 0."""
        return [
            0.0 if told or not about else 1.0 if about & self.decisive else HELD
            for about, told in zip(self.about, self.told, strict=True)
        ]


@dataclass(frozen=True)
class Scores:
    """Over clients not learned: decisive facts among the first six questions, questions about told facts, and complete
    and incomplete stories that were taken to tell all.
    """

    decisive: float
    told: float
    quiet: float
    wrongly_quiet: float


async def openings(services: Services, clients: Iterable[tuple[Client, float]]) -> list[Opening]:
    """The consultations among them with a field of ours, each with its weight. Raises RetrievalError."""
    made = []
    for client, weight in clients:
        pack = packs().get(client.field)
        if pack is None or client.route != "consult":
            continue
        told, full = await _told(services, pack, client.opening)
        longer = None if client.complete else (await _told(services, pack, _longer(client)))[1]
        rows = features(told)
        questions = [pack.element(id).question for id in rows]
        made.append(
            Opening(
                client,
                np.array(list(rows.values()), np.float64).reshape(-1, len(FEATURES)),
                tuple(frozenset(one.fact for one in client.holds_back if one.meant_by(text)) for text in questions),
                tuple(any(one.meant_by(text) for one in client.tells) for text in questions),
                full,
                longer,
                weight,
            )
        )
    return made


async def _told(services: Services, pack: Domain, story: str) -> tuple[Told, tuple[float, int, int]]:
    matter = await matters.read(services, pack, story)
    left = asking.listed(pack, matter.causes, matter.decision, matter.facts, story)
    listed, spoken = [element.id for element in left], matter.story
    told = Told(matter.causes, matter.facts, spoken, spoken, matter.votes, listed, matter.decision)
    return told, asking.full(matter.causes, left, matter.facts, story)


def _longer(client: Client) -> str:
    """A long first message that still leaves open the first and the last of the facts that decide."""
    decisive = [held for held in client.holds_back if held.decisive]
    kept = {decisive[0].fact, decisive[-1].fact}
    return "\n".join([client.opening, *(held.says for held in client.holds_back if held.fact not in kept)])


def trees(learned: Sequence[Opening]) -> str:
    """What a question is worth, as LightGBM's text."""
    return str(_booster(learned).model_to_string())


def fullness(learned: Sequence[Opening], about: str) -> asking.Fullness:
    """When a first message tells all."""
    seen = [(one.full, one.client.complete) for one in learned]
    seen += [(one.longer, False) for one in learned if one.longer is not None]
    rows = np.array([(left, facts, min(length, asking.LONG)) for (left, facts, length), _ in seen])
    scale = StandardScaler().fit(rows)
    model = LogisticRegression().fit(scale.transform(rows), [complete for _, complete in seen])
    left, facts, length = model.coef_[0] / scale.scale_
    bias = float(model.intercept_[0] - (model.coef_[0] / scale.scale_) @ scale.mean_)
    return asking.Fullness(about=about, bias=bias, left=left, facts=facts, length=length)


def cross_validated(openings: Sequence[Opening]) -> Scores:
    """The scores, counting only clients of full weight: with the others in view the fields were written."""
    fold = folds.drawn(len(openings))
    got = wanted = asked = told = 0
    quiet: dict[bool, list[bool]] = {True: [], False: []}
    for out in range(folds.FOLDS):
        others = [one for one, of in zip(openings, fold, strict=True) if of != out]
        booster, full = _booster(others), fullness(others, "")
        for one in (one for one, of in zip(openings, fold, strict=True) if of == out and one.weight == 1):
            silent = full.probability(*one.full) >= asking.FULL
            quiet[one.client.complete].append(silent)
            if silent or not len(one.rows):
                continue
            best = np.argsort(-np.asarray(booster.predict(one.rows)), kind="stable")[:ASKED]
            told += sum(one.told[at] for at in best)
            asked += len(best)
            if not one.client.complete:
                got += len(frozenset().union(*(one.about[at] for at in best)) & one.decisive)
                wanted += len(one.decisive)
    return Scores(
        got / max(1, wanted), told / max(1, asked), float(np.mean(quiet[True] or 0)), float(np.mean(quiet[False] or 0))
    )


def _booster(learned: Sequence[Opening]) -> Any:
    library = lightgbm()
    kept = [one for one in learned if len(one.rows)]
    data = library.Dataset(
        np.vstack([one.rows for one in kept]),
        np.concatenate([one.targets for one in kept]),
        weight=np.concatenate([np.full(len(one.rows), one.weight) for one in kept]),
        feature_name=list(FEATURES),
    )
    return library.train(OPTIONS, data, TREES)
