"""Learns what words, examples and law each say of a cause: a conditional logit over the fields' examples."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize

from deploy import curriculum
from deploy.learning import folds
from orchestrator import examples, recognition
from orchestrator.domains import packs
from orchestrator.recognition import FEATURES, Spoken, features
from orchestrator.services import Services

RIDGE = 1e-3


@dataclass(frozen=True)
class Seen:
    """An example as a consultation would see it that has not learned from it: `rows` [causes, FEATURES], its cause."""

    rows: NDArray[np.float64]
    cause: int


async def seen(services: Services) -> list[Seen]:
    """The examples of all fields that the encoder did not learn from: the search knows the others too well. Raises
    RetrievalError.
    """
    made = []
    for name, pack in packs().items():
        rows = examples.read(name)
        ids = [cause.id for cause in pack.causes]
        fold = folds.drawn(len(rows))
        for out in range(folds.FOLDS):
            learned = examples.Learned([row for row, of in zip(rows, fold, strict=True) if of != out])
            for row in (
                row for row, of in zip(rows, fold, strict=True) if of == out and curriculum.is_spared(row.text)
            ):
                story = Spoken(pack, row.text, learned.like(row.text))
                values = features(story, await recognition.votes(services.library, story, None))
                made.append(Seen(np.array(list(values.values())), ids.index(row.cause)))
    return made


def fitted(rows: Sequence[Seen]) -> dict[str, float]:
    """The weight of each feature."""
    most = max(len(row.rows) for row in rows)
    values = np.zeros((len(rows), most, len(FEATURES)))
    absent = np.full((len(rows), most), -1e9)
    for at, row in enumerate(rows):
        values[at, : len(row.rows)] = row.rows
        absent[at, : len(row.rows)] = 0
    right = np.array([row.cause for row in rows])
    each = np.arange(len(rows))

    def loss(weights: NDArray[np.float64]) -> tuple[float, NDArray[np.float64]]:
        scores = values @ weights + absent
        odds = np.exp(scores - scores.max(axis=1, keepdims=True))
        chances = odds / odds.sum(axis=1, keepdims=True)
        slope = (np.einsum("ij,ijk->ik", chances, values) - values[each, right]).mean(axis=0)
        missed = -np.log(chances[each, right] + 1e-12).mean()
        return float(missed + RIDGE * weights @ weights), slope + 2 * RIDGE * weights

    found = minimize(loss, np.zeros(len(FEATURES)), jac=True, method="L-BFGS-B").x
    return {name: round(float(weight), 4) for name, weight in zip(FEATURES, found, strict=True)}


def cross_validated(rows: Sequence[Seen]) -> tuple[float, float]:
    """The share of the examples whose cause comes out first, and among the first three."""
    fold = folds.drawn(len(rows))
    first = three = 0
    for out in range(folds.FOLDS):
        weights = np.array(list(fitted([row for row, of in zip(rows, fold, strict=True) if of != out]).values()))
        for row in (row for row, of in zip(rows, fold, strict=True) if of == out):
            best = np.argsort(-(row.rows @ weights), kind="stable")[:3]
            first += best[0] == row.cause
            three += row.cause in best
    return first / len(rows), three / len(rows)
