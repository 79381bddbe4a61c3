"""The indexes over the articles' own words: BM25 over words, bigrams, headings and chapters, vectors, terms.

BM25 with fields follows Robertson and Zaragoza 2009 (The Probabilistic Relevance Framework, section 3.6): each field
is an index of its own, and the ranker learns their weights. Dense search by FAISS, exact. Knows positions only.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path

import faiss
import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from retrievers import tokenise
from retrievers.contracts import CorruptIndex
from retrievers.encoding import Encoder, Vectors
from retrievers.indexes import bm25
from retrievers.ranking.places import Places
from retrievers.ranking.translation import Translation, keys
from retrievers.tokenise import Tokeniser

BLOCK = 2048  # texts that are encoded at a time
NEAREST = 2000  # articles that are looked at by vector: to sort them all would take seven times as long

Floats = NDArray[np.float32]

faiss.omp_set_num_threads(1)  # searches come many at once: threads within one would cost more than they give


def build(
    texts: Callable[[], Iterable[str]],
    headings: Iterable[str],
    places: Places,
    cutter: Tokeniser,
    encoder: Encoder,
    translation: Translation,
    folder: Path,
) -> None:
    """Write the indexes into `folder`; `texts` is read three times. Raises ValueError when there is no text."""
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
    index = faiss.IndexScalarQuantizer(encoder.dimensions, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT)
    for block in _blocks(texts()):
        index.add(encoder.encode(block))
    faiss.write_index(index, str(folder / "vectors.faiss"))


def _blocks(texts: Iterable[str]) -> Iterator[Sequence[str]]:
    block: list[str] = []
    for text in texts:
        block.append(text)
        if len(block) == BLOCK:
            yield block
            block = []
    if block:
        yield block


class Texts:
    """The indexes, loaded. Safe for concurrent use."""

    def __init__(self, folder: Path) -> None:
        self.words, self.bigrams = bm25.Bm25(folder / "words"), bm25.Bm25(folder / "bigrams")
        self.chapters, self.headings = bm25.Bm25(folder / "chapters"), bm25.Bm25(folder / "headings")
        try:
            self._vectors = faiss.read_index(str(folder / "vectors.faiss"), faiss.IO_FLAG_MMAP)
            self.terms = sparse.load_npz(folder / "terms.npz")
        except (OSError, ValueError, KeyError, RuntimeError) as error:
            raise CorruptIndex(f"{folder}: {error}") from error
        self.count = self.words.documents

    def dense(self, vector: Floats) -> Floats:
        """The cosine to the vector of the NEAREST articles, zero for all others: [articles]."""
        found = np.zeros(self.count, np.float32)
        scores, rows = self._vectors.search(vector[None, :], min(NEAREST, self.count))
        found[rows[0]] = np.maximum(scores[0], 0)
        return found

    def vectors(self, positions: NDArray[np.int64]) -> Vectors:
        """The vectors of these articles, [positions, dimensions]."""
        return np.asarray(self._vectors.reconstruct_batch(positions), np.float32)
