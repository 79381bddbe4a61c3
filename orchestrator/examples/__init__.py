"""First messages of clients, by cause, and what a lawyer would make of them: what to ask, and what they tell.

`<field file>.tsv` holds a line for each example: the id of the cause, a tab, the message; then, for those that were
gone through with a lawyer's eyes, a tab, the ids of the elements to ask for, the most decisive first, a tab, and what
the message tells: `element=value:words | element:words`, the words standing in the message. `-` says none. Whoever
adds a cause adds some.

They are learned when a field is first asked for: kernel ridge regression (Saunders, Gammerman and Vovk 1998, Ridge
Regression Learning Algorithm in Dual Variables) over tf-idf of one and two characters, of whole messages for the
causes, of their clauses for what they tell. Pure but for the files.
"""

import math
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import linalg, sparse

from orchestrator.contracts import AND
from orchestrator.domains import files
from orchestrator.wording import plain

FOLDER = Path(__file__).parent
# By cross-validation over the examples: the penalties of the two regressions, the steepness of the softmax over causes.
PENALTY, CLAUSE_PENALTY, SHARP = 0.1, 1.0, 25.0
NONE = "-"
_CLAUSE = re.compile(r"[,，。.;；:：!！?？\n、]")
_SPACE = re.compile(r"\s+")
Floats = NDArray[Any]


@dataclass(frozen=True)
class Piece:
    """What a message tells of an element: the words that tell it, and the choice that they mean, if one is meant."""

    element: str
    value: str
    words: str


@dataclass(frozen=True)
class Example:
    """A message and its cause. `asks` and `told` are None where nobody has gone through it."""

    cause: str
    text: str
    asks: tuple[str, ...] | None = None
    told: tuple[Piece, ...] | None = None


@dataclass(frozen=True)
class Like:
    """What a story is like. `causes`: the score of each cause; `said`: how sure a clause of it tells each element;
    `values`: of the choices of each, how sure a clause tells them.

    `asked`, `told`: for each cause, in which share of its examples each element would be asked for, and is told.
    """

    causes: dict[str, float]
    said: dict[str, float]
    values: dict[str, dict[str, float]]
    asked: dict[str, dict[str, float]]
    told: dict[str, dict[str, float]]

    def shares(self, length: int, telling: int) -> dict[str, float]:
        """How likely each cause is: shares of 1, of a story of fewer than `telling` characters of less, since a few
        words are like many and say little.
        """
        scores = np.array(list(self.causes.values()))
        odds = np.exp(SHARP * (scores - scores.max()))
        sure = min(1.0, length / telling)
        return dict(zip(self.causes, map(float, sure * odds / odds.sum()), strict=True))


def read(name: str) -> list[Example]:
    """The field's examples. Raises OSError, ValueError for a bad line."""
    path = FOLDER / f"{files()[name]}.tsv"
    rows = []
    for number, line in enumerate(path.read_text("utf-8").splitlines(), 1):
        cells = line.split("\t")
        if len(cells) not in (2, 4) or not cells[1].strip():
            raise ValueError(f"{path}:{number}: needs a cause and a message, and may have what to ask and what is told")
        cause, text = cells[0], cells[1].strip()
        asks, told = (_listed(cells[2]), _told(cells[3])) if len(cells) == 4 else (None, None)
        rows.append(Example(cause, text, asks, told))
    return rows


def like(name: str, story: str) -> Like:
    """What the story is like in the field of this name."""
    return _learned(name).like(story)


def learned() -> int:
    """Of how many fields the examples were learned from so far."""
    return _learned.cache_info().currsize


class Learned:
    """What was learned from some examples of a field. Where none was gone through, none tells or asks anything.

    Raises ValueError without examples.
    """

    def __init__(self, examples: Sequence[Example]) -> None:
        causes = list(dict.fromkeys(example.cause for example in examples))
        wanted = [[float(example.cause == cause) for cause in causes] for example in examples]
        self._causes = causes
        self._about = _Regression([example.text for example in examples], wanted, PENALTY)
        read_ = [example for example in examples if example.told is not None]
        meant = [meaning for example in read_ for piece in example.told or () for meaning in _meanings(piece)]
        texts, tells = [], []
        for example in read_:
            for clause in clauses(example.text):
                pieces = [piece for piece in example.told or () if _within(piece.words, clause)]
                texts.append(clause)
                tells.append({meaning for piece in pieces for meaning in _meanings(piece)})
        self._meant = list(dict.fromkeys(meant))
        wanted = [[float(meaning in told) for meaning in self._meant] for told in tells]
        self._said = _Regression(texts, wanted, CLAUSE_PENALTY) if texts else None
        self._asked = {cause: _rates([row for row in read_ if row.cause == cause], read_, _asks) for cause in causes}
        self._told = {cause: _rates([row for row in read_ if row.cause == cause], read_, _tells) for cause in causes}

    def like(self, story: str) -> Like:
        """What the story is like."""
        about = self._about.scores([story])[0]
        said: dict[str, float] = {}
        values: dict[str, dict[str, float]] = {}
        if self._said is not None:
            best = self._said.scores(clauses(story)).max(axis=0)
            for (element, value), score in zip(self._meant, map(float, best), strict=True):
                if value:
                    values.setdefault(element, {})[value] = score
                else:
                    said[element] = score
        causes = dict(zip(self._causes, map(float, about), strict=True))
        return Like(causes, said, values, self._asked, self._told)


def clauses(text: str) -> list[str]:
    """The clauses of a text, or the text where it has none."""
    return [part for part in _CLAUSE.split(text) if len(part.strip()) > 1] or [text]


@cache
def _learned(name: str) -> Learned:
    return Learned(read(name))


class _Regression:
    """Kernel ridge regression of labels on texts. `wanted` [texts, labels]."""

    def __init__(self, texts: Sequence[str], wanted: Sequence[Sequence[float]], penalty: float) -> None:
        if not texts:
            raise ValueError("no examples to learn from")
        counts = [Counter(_grams(text)) for text in texts]
        frequency = Counter(gram for row in counts for gram in row)
        # What stands in one text only tells nothing of another.
        self._terms = {gram: at for at, gram in enumerate(gram for gram, count in frequency.items() if count > 1)}
        telling = [math.log((len(texts) + 1) / (frequency[gram] + 1)) + 1 for gram in self._terms]
        self._telling = np.array(telling)
        targets = np.array(wanted, float).reshape(len(texts), -1)
        vectors = self._vectors(counts)
        self._base = targets.mean(axis=0)
        kernel = (vectors @ vectors.T).toarray()
        kernel.flat[:: len(texts) + 1] += penalty
        factors = linalg.cho_factor(kernel, lower=True, overwrite_a=True, check_finite=False)  # positive by the penalty
        duals = linalg.cho_solve(factors, targets - self._base, check_finite=False)
        # The kernel is linear: what a text is alike to, summed by label, is what its terms weigh for the label.
        self._weights = (vectors.T @ duals).astype(np.float32)

    def scores(self, texts: Sequence[str]) -> Floats:
        """[texts, labels]"""
        vectors = self._vectors([Counter(_grams(text)) for text in texts]).astype(np.float32)
        return np.asarray(self._base + vectors @ self._weights)

    def _vectors(self, counts: Sequence[Counter[str]]) -> sparse.csr_array:
        values: list[float] = []
        places: list[int] = []
        ends = [0]
        for row in counts:
            known = [(self._terms[gram], 1 + math.log(count)) for gram, count in row.items() if gram in self._terms]
            weighed = np.array([value * self._telling[at] for at, value in known])
            values += (weighed / (np.linalg.norm(weighed) or 1.0)).tolist()
            places += [at for at, _ in known]
            ends.append(len(places))
        return sparse.csr_array((values, places, ends), (len(counts), len(self._terms)))


def _rates(own: Sequence[Example], all_: Sequence[Example], of: Callable[[Example], Iterable[str]]) -> dict[str, float]:
    """In which share of the cause's own examples each element is there; those of the whole field count as one."""
    here = Counter(element for example in own for element in of(example))
    field = Counter(element for example in all_ for element in of(example))
    return {element: (here[element] + field[element] / len(all_)) / (len(own) + 1) for element in field}


def _asks(example: Example) -> Iterable[str]:
    return example.asks or ()


def _tells(example: Example) -> Iterable[str]:
    return {piece.element for piece in example.told or ()}


def _meanings(piece: Piece) -> list[tuple[str, str]]:
    """What a piece stands for: its element, and each choice of it that it means."""
    return [(piece.element, ""), *((piece.element, value) for value in piece.value.split(AND) if value)]


def _listed(cell: str) -> tuple[str, ...]:
    return () if cell.strip() == NONE else tuple(cell.split())


def _told(cell: str) -> tuple[Piece, ...]:
    pieces = []
    for part in () if cell.strip() == NONE else cell.split("|"):
        head, _, words = part.strip().partition(":")
        element, _, value = head.partition("=")
        pieces.append(Piece(element, value, words.strip()))
    return tuple(pieces)


def _within(words: str, clause: str) -> bool:
    """Whether a clause holds some of the words that tell a fact."""
    bare = _SPACE.sub("", clause)
    parts = (_SPACE.sub("", part) for part in clauses(words))
    return any(part in bare or bare in part for part in parts)


def _grams(text: str) -> list[str]:
    letters = _SPACE.sub("", plain(text).lower())
    return [*letters, *(letters[at : at + 2] for at in range(len(letters) - 1))]
