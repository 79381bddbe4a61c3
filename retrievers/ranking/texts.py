"""The indexes over the articles' own words: BM25 over words, bigrams, headings and chapters, vectors, terms.

BM25 with fields follows Robertson and Zaragoza 2009 (The Probabilistic Relevance Framework, section 3.6): each field
is an index of its own, and the ranker learns their weights. Dense search by FAISS, exact. Knows positions only.
"""

from collections.abc import Callable, Iterable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from retrievers import tokenise
from retrievers.contracts import CorruptIndex
from retrievers.encoding import Encoder, Vectors
from retrievers.indexes import bm25, dense
from retrievers.indexes.dense import Dense
from retrievers.portions import portions
from retrievers.ranking import coverage
from retrievers.ranking.coverage import Coverage
from retrievers.ranking.places import Places
from retrievers.ranking.translation import Translation, keys
from retrievers.tokenise import Tokeniser

BLOCK = 2048  # texts that are encoded at a time
NEAREST = 1000  # articles that are looked at by vector: to order more would take as long as to compare all

Floats = NDArray[np.float32]


def build(
    texts: Callable[[], Iterable[str]],
    headings: Iterable[str],
    places: Places,
    cutter: Tokeniser,
    encoder: Encoder,
    translation: Translation,
    folder: Path,
) -> None:
    """Write the indexes into `folder`; `texts` is read four times. Raises ValueError when there is no text."""
    cut = [cutter.words(text) for text in texts()]
    bm25.build(cut, folder / "words")
    terms = translation.matrix([keys(words) for words in cut])
    sparse.save_npz(folder / "terms.npz", terms, compressed=False)
    del cut, terms
    pairs = [tokenise.bigrams(text) for text in texts()]
    bm25.build(pairs, folder / "bigrams")
    chapters: list[list[str]] = [[] for _ in range(places.chapter_count)]
    for chapter, tokens in zip(places.chapters, pairs, strict=True):
        chapters[chapter] += tokens
    bm25.build(chapters, folder / "chapters", b=0.75)
    del pairs, chapters
    bm25.build((tokenise.bigrams(heading) for heading in headings), folder / "headings", b=0.75)
    dense.build(
        lambda: (encoder.encode(block) for block in portions(texts(), BLOCK)),
        places.count,
        encoder.dimensions,
        folder / "vectors.faiss",
    )
    coverage.build(texts(), encoder, folder)


class Texts:
    """The indexes, loaded. Safe for concurrent use."""

    def __init__(self, folder: Path) -> None:
        self.words, self.bigrams = bm25.Bm25(folder / "words"), bm25.Bm25(folder / "bigrams")
        self.chapters, self.headings = bm25.Bm25(folder / "chapters"), bm25.Bm25(folder / "headings")
        self.coverage = Coverage(folder)
        self._vectors = Dense(folder / "vectors.faiss")
        try:
            self.terms = sparse.load_npz(folder / "terms.npz")
        except (OSError, ValueError, KeyError) as error:
            raise CorruptIndex(f"{folder / 'terms.npz'}: {error}") from error
        self.count = self.words.documents

    def dense(self, vector: Floats) -> Floats:
        """The cosine to the vector of the NEAREST articles, zero for all others: [articles]."""
        found = np.zeros(self.count, np.float32)
        scores, rows = self._vectors.nearest(vector, NEAREST)
        found[rows] = np.maximum(scores, 0)
        return found

    def vectors(self, positions: NDArray[np.int64]) -> Vectors:
        """The vectors of these articles, [positions, dimensions]."""
        return self._vectors.vectors(positions)
