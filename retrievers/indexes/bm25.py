"""One BM25 index over tokens, kept in memory-mapped files: scores of all documents for weighted tokens.

`bm25s` makes and stores the index; scoring is a sum of its precomputed columns, so that tokens can have weights.
Knows nothing of how text becomes tokens.
"""

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import bm25s
import numpy as np
from numpy.typing import NDArray

from retrievers.contracts import CorruptIndex

K1, B = 1.2, 0.5

Scores = NDArray[np.float32]


def build(documents: Iterable[Sequence[str]], folder: Path, b: float = B) -> int:
    """Index `documents` (each its tokens) into `folder`; returns how many. At least one must have a token."""
    vocabulary: dict[str, int] = {}
    rows = [[vocabulary.setdefault(token, len(vocabulary)) for token in document] for document in documents]
    if not vocabulary:
        raise ValueError("nothing to index: no document has a token")
    index = bm25s.BM25(k1=K1, b=b, method="lucene")
    index.index(bm25s.tokenization.Tokenized(ids=rows, vocab=vocabulary), show_progress=False, create_empty_token=False)
    index.save(str(folder), show_progress=False)
    return len(rows)


class Bm25:
    """A stored index. Safe for concurrent use: it is only read."""

    def __init__(self, folder: Path) -> None:
        try:
            index = bm25s.BM25.load(str(folder), mmap=True, load_corpus=False, load_vocab=True)
        except (OSError, ValueError, KeyError) as error:
            raise CorruptIndex(f"{folder}: not an index: {error}") from error
        self._data: Scores = np.asarray(index.scores["data"])
        self._rows = np.asarray(index.scores["indices"])
        self._starts = np.asarray(index.scores["indptr"])
        self._columns: dict[str, int] = index.vocab_dict
        self.documents = int(index.scores["num_docs"])
        filled = np.diff(self._starts) > 0
        self._most = np.zeros(len(filled), np.float32)
        self._most[filled] = np.maximum.reduceat(self._data, self._starts[:-1][filled]) if filled.any() else 0

    def ceiling(self, weights: Mapping[str, float]) -> float:
        """What a document would score that is the best for every one of these tokens."""
        known = ((self._columns[token], weight) for token, weight in weights.items() if token in self._columns)
        return float(sum(weight * self._most[column] for column, weight in known))

    def scores(self, weights: Mapping[str, float]) -> Scores:
        """The score of every document: the sum over tokens of weight times the token's BM25 score there."""
        total = np.zeros(self.documents, np.float32)
        for token, weight in weights.items():
            if (column := self._columns.get(token)) is not None:
                start, end = self._starts[column], self._starts[column + 1]
                total[self._rows[start:end]] += np.float32(weight) * self._data[start:end]
        return total
