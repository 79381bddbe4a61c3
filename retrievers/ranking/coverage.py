"""How much of an article a question says, in its own or in like words: token by token, with the encoder's vectors.

Late interaction (Khattab and Zaharia 2020, ColBERT, section 3.3) read from the article's side: each of its tokens
counts by the nearest token of the question. It tells the article that a scene retells from neighbours that say more.
"""

from collections.abc import Iterable, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retrievers.contracts import CorruptIndex
from retrievers.encoding import Encoder
from retrievers.portions import portions

FILE = "coverage.npz"
READ = 600  # characters of an article: a longer one is a list, and none of it is retold whole
DIMENSIONS = 64  # principal ones of the encoder's: a quarter of the time, nothing of the quality
BLOCK = 4096  # articles that are cut at a time

Floats = NDArray[np.float32]
Numbers = NDArray[np.int64]


def build(texts: Iterable[str], encoder: Encoder, folder: Path) -> None:
    """Write FILE into `folder`: the tokens of each text, how rare each token is, and where it lies."""
    found: list[NDArray[np.int32]] = []
    for block in portions(texts, BLOCK):
        found += [np.unique(np.array(ids, np.int32)) for ids in encoder.tokens([text[:READ] for text in block])]
    tokens = np.concatenate(found) if found else np.zeros(0, np.int32)
    rarity = np.log(1 + len(found) / (np.bincount(tokens, minlength=len(encoder.table)) + 1.0))
    np.savez(
        folder / FILE,
        tokens=tokens,
        starts=np.cumsum([0, *map(len, found)]),
        rarity=rarity.astype(np.float32),
        strength=np.linalg.norm(encoder.table, axis=1).astype(np.float32),
        places=_principal(encoder.table, rarity).astype(np.float16),
    )


def _principal(table: Floats, weights: NDArray[np.float64]) -> Floats:
    """The table on the axes that tell its weighted rows apart best, each row of length 1."""
    rows = table * weights[:, None]
    _, axes = np.linalg.eigh(np.cov(rows, rowvar=False))
    places = table @ axes[:, -DIMENSIONS:]
    return np.asarray(places / np.maximum(np.linalg.norm(places, axis=1, keepdims=True), 1e-9), np.float32)


class Coverage:
    """The stored tokens. Safe for concurrent use."""

    def __init__(self, folder: Path) -> None:
        """Raises CorruptIndex naming the file."""
        try:
            with np.load(folder / FILE) as kept:
                self._tokens, self._starts = kept["tokens"], kept["starts"]
                self._rarity, self._strength = kept["rarity"], kept["strength"]
                self._places: Floats = kept["places"].astype(np.float32)
        except (OSError, ValueError, KeyError) as error:
            raise CorruptIndex(f"{folder / FILE}: {error}") from error

    def scores(self, said: Sequence[int], positions: Numbers) -> tuple[Floats, Floats]:
        """Of these tokens of a question over the articles at these positions, each [positions], from 0 to 1.

        The first by how rare the article's tokens are, the second by how strongly the encoder counts them, near ones
        alone.
        """
        if not len(said) or not len(positions):
            return np.zeros(len(positions), np.float32), np.zeros(len(positions), np.float32)
        starts = self._starts[positions]
        counts = self._starts[positions + 1] - starts
        owners = np.repeat(np.arange(len(positions)), counts)
        tokens = self._tokens[np.arange(len(owners)) + np.repeat(starts - (np.cumsum(counts) - counts), counts)]
        nearest = self._nearest(said, tokens)
        return (
            _mean(nearest[tokens], self._rarity[tokens], owners, len(positions)),
            _mean((nearest * nearest * nearest)[tokens], self._strength[tokens], owners, len(positions)),
        )

    def _nearest(self, said: Sequence[int], tokens: Numbers) -> Floats:
        """The cosine of each of `tokens` to the nearest token of the question, [vocabulary]; zero for any other."""
        wanted = np.zeros(len(self._places), np.bool_)  # marked, not sorted: a tenth of the time of np.unique
        wanted[tokens] = True
        found = np.flatnonzero(wanted)
        nearest = np.zeros(len(self._places), np.float32)
        nearest[found] = np.maximum((self._places[np.unique(said)] @ self._places[found].T).max(axis=0), 0)
        return nearest


def _mean(values: Floats, weights: Floats, owners: Numbers, count: int) -> Floats:
    """The weighted mean of the values of each owner; zero for one without a value."""
    whole = np.bincount(owners, weights, count)
    return np.asarray(np.bincount(owners, values * weights, count) / np.maximum(whole, 1e-9), np.float32)
