"""What people asked about each article: BM25 over the questions of an article, of its chapter and of its law, and
their vectors.

Expanding documents with the questions that they answer follows Nogueira et al. 2019 (Document Expansion by Query
Prediction), with real questions in place of predicted ones. Tokens are kept as hashes only, so that questions which
must not be shipped as text can be learned from. Knows positions, not what the articles are.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from zlib import crc32

import numpy as np
from numpy.typing import NDArray

from retrievers.contracts import CorruptIndex
from retrievers.indexes import bm25, dense
from retrievers.indexes.dense import Dense
from retrievers.ranking.places import Places

NEAREST = 1000  # questions that a query is like: the others tell nothing of it

Floats = NDArray[np.float32]
Numbers = NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, or our own words on an article: hashed tokens, and the articles (positions) that govern it.

    `vector` is null for words that are no question; `learned` tells the questions of others from our own.
    """

    positions: tuple[int, ...]
    words: tuple[str, ...]
    bigrams: tuple[str, ...]
    vector: Floats | None = None
    learned: bool = False


def hashed(tokens: Iterable[str]) -> tuple[str, ...]:
    """The tokens as the indexes of this module keep them."""
    return tuple(f"{crc32(token.encode()):x}" for token in tokens)


def build(asked: Sequence[Asked], places: Places, dimensions: int, folder: Path) -> None:
    """Write the indexes into `folder`. Raises ValueError when nothing was asked."""
    words: dict[int, list[str]] = {}
    bigrams: dict[int, list[str]] = {}
    for one in asked:
        for position in one.positions:
            words.setdefault(position, []).extend(one.words)
            bigrams.setdefault(position, []).extend(one.bigrams)
    articles = np.array(sorted(words), np.int64)
    folder.mkdir(parents=True, exist_ok=True)
    rows = {"articles": articles}
    bm25.build((words[at] for at in articles), folder / "words", b=0.3)
    bm25.build((bigrams[at] for at in articles), folder / "bigrams", b=0.3)
    for name, group, b in (("chapters", places.chapters, 0.6), ("laws", places.laws, 0.8)):
        found = np.unique(group[articles])
        documents: list[list[str]] = [[] for _ in found]
        for position, row in zip(articles, np.searchsorted(found, group[articles]), strict=True):
            documents[row] += bigrams[position]
        rows[name] = found
        bm25.build(documents, folder / name, b=b)
    questions = [one for one in asked if one.vector is not None]
    vectors = np.zeros((len(questions), dimensions), np.float32)
    for row, one in enumerate(questions):
        vectors[row] = one.vector
    pairs = [(row, at, one.learned) for row, one in enumerate(questions) for at in one.positions]
    dense.build(lambda: [vectors], len(vectors), dimensions, folder / "vectors.faiss")
    np.savez(
        folder / "pairs.npz",
        question=np.array([pair[0] for pair in pairs], np.int64),
        article=np.array([pair[1] for pair in pairs], np.int64),
        learned=np.array([pair[2] for pair in pairs], np.bool_),
        **rows,  # type: ignore[arg-type]
    )


@dataclass(frozen=True, slots=True)
class Likeness:
    """How like a query is to what was asked: arrays over articles (a), chapters (c) and laws (l)."""

    words_a: Floats
    bigrams_a: Floats
    bigrams_c: Floats
    bigrams_l: Floats
    nearest_a: Floats
    sum_a: Floats
    nearest_c: Floats
    share_l: Floats


class AskedIndex:
    """The indexes, loaded. Safe for concurrent use.

    `per_article`, `per_chapter`, `per_law` count the learned questions of each, `own_per_article` ours.
    """

    def __init__(self, folder: Path, places: Places) -> None:
        self._places = places
        self._words, self._bigrams = bm25.Bm25(folder / "words"), bm25.Bm25(folder / "bigrams")
        self._chapters, self._laws = bm25.Bm25(folder / "chapters"), bm25.Bm25(folder / "laws")
        self._vectors = Dense(folder / "vectors.faiss")
        try:
            pairs = np.load(folder / "pairs.npz")
            order = np.argsort(pairs["article"], kind="stable")
            question, article, learned = pairs["question"][order], pairs["article"][order], pairs["learned"][order]
            self._rows = {name: pairs[name] for name in ("articles", "chapters", "laws")}
        except (OSError, ValueError, KeyError) as error:
            raise CorruptIndex(f"{folder}: {error}") from error
        told = article[learned]
        self.per_article: Numbers = np.bincount(told, minlength=places.count)
        self.per_chapter: Numbers = np.bincount(places.chapters[told], minlength=places.chapter_count)
        self.per_law: Numbers = np.bincount(places.laws[told], minlength=places.law_count)
        self.own_per_article: Numbers = np.bincount(article[~learned], minlength=places.count)
        # Articles of a chapter stand together, so that one order serves both.
        self._question, self._article, self._law = question, article, places.laws[article]
        self._articles, self._by_article = np.unique(article, return_index=True)
        self._chapters_asked, self._by_chapter = np.unique(places.chapters[article], return_index=True)

    def likeness(self, words: dict[str, float], bigrams: dict[str, float], vector: Floats) -> Likeness:
        """Of a query with these weighted, hashed tokens and this vector to the questions."""
        places = self._places
        scores, rows = self._vectors.nearest(vector, NEAREST)
        like = np.zeros(self._vectors.count, np.float32)
        like[rows] = np.maximum(scores, 0)
        near = like[self._question]
        squared = near * near  # numpy's power of 3 or 4 takes ten times as long as multiplying
        return Likeness(
            words_a=self._spread(self._words.scores(words), "articles", places.count),
            bigrams_a=self._spread(self._bigrams.scores(bigrams), "articles", places.count),
            bigrams_c=self._spread(self._chapters.scores(bigrams), "chapters", places.chapter_count),
            bigrams_l=self._spread(self._laws.scores(bigrams), "laws", places.law_count),
            nearest_a=_most(near, self._by_article, self._articles, places.count),
            sum_a=np.bincount(self._article, squared * near, places.count).astype(np.float32),
            nearest_c=_most(near, self._by_chapter, self._chapters_asked, places.chapter_count),
            share_l=_shares(np.bincount(self._law, squared * squared, places.law_count).astype(np.float32)),
        )

    def _spread(self, scores: Floats, rows: str, count: int) -> Floats:
        whole = np.zeros(count, np.float32)
        whole[self._rows[rows]] = scores
        return whole


def _most(values: Floats, starts: Numbers, at: Numbers, count: int) -> Floats:
    """The greatest of each run of `values` that begins at `starts`, written at `at`."""
    found = np.zeros(count, np.float32)
    if len(at):
        found[at] = np.maximum.reduceat(values, starts)
    return found


def _shares(values: Floats) -> Floats:
    return values / max(float(values.sum()), 1e-6)
