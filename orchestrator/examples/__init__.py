"""First messages of clients, by cause: how like a story is to those of each cause of its field.

`<field file>.tsv` holds a line for each example: the id of the cause, a tab, the message. Whoever adds a cause adds
some. They are learned when a field is first asked for: kernel ridge regression (Saunders, Gammerman and Vovk 1998,
Ridge Regression Learning Algorithm in Dual Variables) over tf-idf of one and two characters. Pure but for the files.
"""

import math
import re
from collections import Counter
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from orchestrator.domains import files
from orchestrator.domains.pack import Domain
from orchestrator.wording import plain

FOLDER = Path(__file__).parent
# By leave-one-out over the examples: the penalty of the regression, the steepness of the softmax over its scores.
PENALTY, SHARP = 0.1, 25.0
TELLING = 60  # characters
_SPACE = re.compile(r"\s+")
Floats = NDArray[Any]


def read(name: str) -> list[tuple[str, str]]:
    """The field's examples: (id of the cause, message). Raises OSError, ValueError for a bad line."""
    path = FOLDER / f"{files()[name]}.tsv"
    rows = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        cause, tab, text = line.partition("\t")
        if not tab or not text.strip():
            raise ValueError(f"{path}:{number}: a cause, a tab and a message are needed")
        rows.append((cause, text.strip()))
    return rows


def shares(domain: Domain, story: str) -> dict[str, float]:
    """How likely each cause of the field is by the examples that the story is like.

    The shares add up to one, of a story shorter than TELLING to less: a few words are like many and say little.
    """
    learned = _learned(domain.name)
    scores = learned.scores(story)
    odds = np.exp(SHARP * (scores - scores.max()))
    sure = min(1.0, len(story) / TELLING)
    return dict(zip(learned.causes, map(float, sure * odds / odds.sum()), strict=True))


@dataclass(frozen=True)
class _Learned:
    """`telling` [terms], how rare each is; `weights` [terms, causes]; `base` [causes], what a story like none of the
    examples scores.
    """

    causes: tuple[str, ...]
    terms: dict[str, int]
    telling: Floats
    weights: Floats
    base: Floats

    def scores(self, story: str) -> Floats:
        """[causes]"""
        return np.asarray(self.base + _vector(story, self.terms, self.telling) @ self.weights, np.float64)


@cache
def _learned(name: str) -> _Learned:
    rows = read(name)
    causes = tuple(dict.fromkeys(cause for cause, _ in rows))
    counts = [Counter(_grams(text)) for _, text in rows]
    frequency = Counter(gram for row in counts for gram in row)
    terms = {gram: at for at, gram in enumerate(frequency)}
    telling = np.array([math.log((len(rows) + 1) / (count + 1)) + 1 for count in frequency.values()])
    vectors = np.array([_vector(text, terms, telling) for _, text in rows])
    wanted = np.array([[float(cause == one) for one in causes] for cause, _ in rows])
    base = wanted.mean(axis=0)
    dual = np.linalg.solve(vectors @ vectors.T + PENALTY * np.eye(len(rows)), wanted - base)
    return _Learned(causes, terms, telling, (vectors.T @ dual).astype(np.float32), base)


def _vector(text: str, terms: dict[str, int], telling: Floats) -> Floats:
    made = np.zeros(len(terms))
    for gram, count in Counter(_grams(text)).items():
        if (at := terms.get(gram)) is not None:
            made[at] = (1 + math.log(count)) * telling[at]
    length = float(np.linalg.norm(made))
    return made / length if length else made


def _grams(text: str) -> list[str]:
    letters = _SPACE.sub("", plain(text).lower())
    return [*letters, *(letters[at : at + 2] for at in range(len(letters) - 1))]
