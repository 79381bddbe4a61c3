"""Learns how sure it is that a story tells what was read in it: from the examples that were gone through."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from deploy.learning import folds
from orchestrator import examples, reading, recognition
from orchestrator.contracts import AND
from orchestrator.domains import packs
from orchestrator.domains.pack import Domain
from orchestrator.examples import Example
from orchestrator.facts import extract
from orchestrator.reading import FEATURES, Counts, Reading, counted
from orchestrator.recognition import Spoken
from orchestrator.services import Services
from retrievers.trees import lightgbm

TREES = 200
OPTIONS = {
    "objective": "binary", "num_leaves": 15, "learning_rate": 0.05, "min_data_in_leaf": 40, "seed": 0,
    "feature_fraction": 0.6, "bagging_fraction": 0.8, "bagging_freq": 1, "num_threads": 1, "deterministic": True,
    "force_row_wise": True, "verbose": -1,
}  # fmt: skip


@dataclass(frozen=True)
class Read:
    """A reading of an example: `row` FEATURES, by what the other examples say; whether it is `told`, and whether
    patterns read it (or the examples propose it). `fold`: the part of the examples to which it belongs.
    """

    field: str
    element: str
    value: str
    row: tuple[float, ...]
    told: bool
    by_pattern: bool
    fold: int


@dataclass(frozen=True)
class Scores:
    """Cross-validated: the share of what patterns read that is told, the same of what is believed, the share of what
    was told and read that is believed, and of what is only proposed and taken the number and the share that is told.
    """

    read: float
    believed: float
    kept: float
    further: int
    right: float


@dataclass(frozen=True)
class _Seen:
    """An example, the causes that a consultation would see in it, and what patterns read of these."""

    example: Example
    reading: Reading
    pairs: list[tuple[str, str]]


async def readings(services: Services, fields: Iterable[str] = ()) -> list[Read]:
    """Of all examples that were gone through, in all fields or in these. Raises RetrievalError."""
    made: list[Read] = []
    for name in fields or packs():
        pack = packs()[name]
        rows = [row for row in examples.read(name) if row.told is not None]
        fold = folds.drawn(len(rows))
        parts = []
        for out in range(folds.FOLDS):
            learned = examples.Learned([row for row, of in zip(rows, fold, strict=True) if of != out])
            held = [row for row, of in zip(rows, fold, strict=True) if of == out]
            parts.append([await _seen(services, pack, row, learned) for row in held])
        for out, part in enumerate(parts):
            others = [seen for at, one in enumerate(parts) if at != out for seen in one]
            read = [(*pair, _right(_told(seen.example), *pair)) for seen in others for pair in seen.pairs]
            right = Counts(about="", counts={name: _counts(read)}).field(name)
            for seen in part:
                told = _told(seen.example)
                known = {element for element, _ in seen.pairs}
                for pairs, by_pattern in ((seen.pairs, True), (seen.reading.proposed(known), False)):
                    for element, value in pairs:
                        row = seen.reading.features(element, value, right)
                        made.append(Read(name, element, value, row, _right(told, element, value), by_pattern, out))
    return made


async def _seen(services: Services, pack: Domain, example: Example, learned: examples.Learned) -> _Seen:
    story = Spoken(pack, example.text, learned.like(example.text))
    votes = await recognition.votes(services.library, story, None)
    chances = recognition.probabilities(story, votes)
    ids = recognition.weighed(story, votes).ids
    causes = [cause for id in ids for cause in pack.causes if cause.id == id]
    own = {id for cause in causes for id in cause.elements}
    found = extract((element for element in pack.elements if element.id in own), example.text, services.today())
    pairs = [(id, value) for id, fact in found.items() if not fact.unclear for value in counted(fact)]
    return _Seen(example, Reading(causes, story, chances), pairs)


def _told(example: Example) -> dict[str, set[str]]:
    """By element told, its values; none where it was told in words that are no choice."""
    found: dict[str, set[str]] = {}
    for piece in example.told or ():
        found.setdefault(piece.element, set()).update(value for value in piece.value.split(AND) if value)
    return found


def _right(told: dict[str, set[str]], element: str, value: str) -> bool:
    """Whether a reading is right. Where the element was told in words that are no choice's, none is held against it."""
    return element in told and (not value or not told[element] or value in told[element])


def counts(rows: Sequence[Read], about: str) -> Counts:
    """What ships: how often patterns were right, over all examples."""
    fields = dict.fromkeys(row.field for row in rows)
    read = [row for row in rows if row.by_pattern]
    return Counts(
        about=about,
        counts={
            name: _counts((row.element, row.value, row.told) for row in read if row.field == name) for name in fields
        },
    )


def _counts(read: Iterable[tuple[str, str, bool]]) -> dict[str, dict[str, tuple[int, int]]]:
    """By element and value: how often it was right, and how often it was read."""
    found: dict[str, dict[str, tuple[int, int]]] = {}
    for element, value, is_told in read:
        values = found.setdefault(element, {})
        right, seen = values.get(value, (0, 0))
        values[value] = (right + is_told, seen + 1)
    return found


def trees(rows: Sequence[Read]) -> str:
    """What judges a reading, as LightGBM's text."""
    return str(_booster(rows).model_to_string())


def cross_validated(rows: Sequence[Read]) -> Scores:
    """The scores, each part of the examples judged by what was learned from the others."""
    chances = np.zeros(len(rows))
    for out in range(folds.FOLDS):
        booster = _booster([row for row in rows if row.fold != out])
        at = [place for place, row in enumerate(rows) if row.fold == out]
        chances[at] = booster.predict(np.array([rows[place].row for place in at]))
    told = np.array([row.told for row in rows])
    patterns = np.array([row.by_pattern for row in rows])
    least = np.array([reading.BELIEVED if row.value else reading.QUANTITY for row in rows])
    believed, further = patterns & (chances >= least), ~patterns & (chances >= reading.FURTHER)
    return Scores(
        read=float(told[patterns].mean()),
        believed=float(told[believed].mean()),
        kept=float(told[believed].sum() / told[patterns].sum()),
        further=int(further.sum()),
        right=float(told[further].mean()),
    )


def _booster(rows: Sequence[Read]) -> Any:
    library = lightgbm()
    values, told = np.array([row.row for row in rows]), np.array([row.told for row in rows], float)
    return library.train(OPTIONS, library.Dataset(values, told, feature_name=list(FEATURES)), TREES)
