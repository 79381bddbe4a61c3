"""What the ranker sees of a query and its candidates: every signal, and the matrix of features.

The first pass is a fixed weighted sum over all articles; the ranker orders the best of it. `FEATURES` is the order of
the columns: a change here makes a trained ranker worthless, and it refuses to load.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import sqrt

import numpy as np
from numpy.typing import NDArray

from retrievers import tokenise
from retrievers.contracts import Term
from retrievers.encoding import Encoder
from retrievers.indexes.top import best
from retrievers.ranking.asked import AskedIndex, Likeness, hashed
from retrievers.ranking.places import Places
from retrievers.ranking.texts import Texts
from retrievers.ranking.translation import Translation, keys
from retrievers.tokenise import Tokeniser

CANDIDATES = 150  # the best of the first pass: with twice as many the first hundred hold less of what governs
BY_TEXT = 100  # and the best by the words of the articles alone, whatever was asked before
REFERRING = 30  # the best articles whose references become candidates too
QUESTION = 0.6  # Algorithm 1: weight of the question's vector against keywords of weight 1

# The first pass: shares of the signals, each at most 1. From the same trials as the features.
_FIRST = {
    "bigrams": 0.8, "words": 0.5, "heading": 0.2, "chapter": 0.3, "asked_bigrams": 0.8, "asked_words": 0.6,
    "asked_chapter": 0.3, "asked_law": 0.3, "nearest": 0.8, "nearest_chapter": 0.2, "dense": 1.0, "keywords": 0.3,
    "proposed": 0.5,
}  # fmt: skip
_TEXT = {"bigrams": 0.6, "words": 0.4, "dense": 0.3}  # what the words of the articles alone say
_LATE = np.float32(1e-3)

FEATURES = (
    "first", "first_share", "rank", "text", "text_share", "text_rank", "bigrams", "words", "heading",
    "bigrams_raw", "coverage", "words_coverage", "chapter", "asked_bigrams", "asked_words", "asked_chapter",
    "asked_law", "nearest", "nearest_sum", "nearest_chapter", "nearest_law", "dense", "dense_share",
    "translation", "translation_share", "covered", "covered_share", "retold", "retold_share",
    "law_prior", "law_learned", "article_learned", "chapter_learned",
    "own_asked", "neighbour", "best_of_law", "best_of_chapter", "referred", "keywords", "keyword_vectors",
    "proposed", "length", "law_size", "prior", "question_length",
)  # fmt: skip

Floats = NDArray[np.float32]
Numbers = NDArray[np.int64]
NOBODY = np.zeros(0, np.int64)


@dataclass(frozen=True, slots=True)
class Asking:
    """A query, cut once: its own tokens, their hashes, its vector, the vector of Algorithm 1, its keywords' tokens.

    `said` are its words as the translation model knows them, `tokens` those of the encoder.
    """

    bigrams: Mapping[str, float]
    words: Mapping[str, float]
    asked_bigrams: dict[str, float]
    asked_words: dict[str, float]
    said: Sequence[int]
    tokens: Sequence[int]
    vector: Floats
    keyword_vector: Floats | None
    keywords: Mapping[str, float]
    length: int


def asking(text: str, keywords: Sequence[Term], cutter: Tokeniser, encoder: Encoder) -> Asking:
    """The query `text` with these keywords.

    ChatLaw's Algorithm 1 sums the similarities to every keyword vector and the weighted question vector; the
    similarities are inner products, so that the sum of the vectors gives the same.
    """
    pairs, words = tokenise.bigrams(text), cutter.words(text)
    vectors = encoder.encode([text, *(keyword.term for keyword in keywords)])
    summed = None
    if keywords:
        weights = np.array([QUESTION * len(keywords), *(keyword.weight for keyword in keywords)], np.float32)
        whole = weights @ vectors
        summed = np.asarray(whole / max(float(np.linalg.norm(whole)), 1e-9), np.float32)
    wanted: Counter[str] = Counter()
    for keyword in keywords:
        for token in set(tokenise.bigrams(keyword.term)):
            wanted[token] += keyword.weight  # type: ignore[assignment]
    return Asking(
        bigrams=_damped(pairs),
        words=_damped(words),
        asked_bigrams=_damped(hashed(pairs)),
        asked_words=_damped(hashed(words)),
        said=keys(words),
        tokens=encoder.tokens([text])[0],
        vector=vectors[0],
        keyword_vector=summed,
        keywords=wanted,
        length=len(text),
    )


def _damped(tokens: Sequence[str]) -> dict[str, float]:
    """The root: a word that a long story repeats counts more, but not as often as it stands there."""
    return {token: sqrt(count) for token, count in Counter(tokens).items()}


class Features:
    """The signals of one generation. `late` below are the articles that come after all others."""

    def __init__(
        self, texts: Texts, asked: AskedIndex, places: Places, translation: Translation, prior: Floats
    ) -> None:
        self.texts, self.asked, self.places = texts, asked, places
        self._translation, self._prior = translation, prior
        self._law_prior = np.log((asked.per_law + 0.3) / np.sqrt(places.law_sizes + 5)).astype(np.float32)
        self._factor = np.clip(0.8 + 0.1 * self._law_prior, 0.3, 1.5)[places.laws] * prior
        order = np.argsort(places.references[:, 0], kind="stable")
        self._referred = places.references[order, 1]
        self._starts = np.searchsorted(places.references[order, 0], np.arange(places.count + 1))

    def candidates(
        self,
        asking: Asking,
        proposed: Mapping[int, float],
        preferred: Floats | None = None,
        late: NDArray[np.bool_] | None = None,
        same: Numbers | None = None,
        least: int = CANDIDATES,
        near: Numbers = NOBODY,
    ) -> tuple[Numbers, Floats]:
        """Positions by falling first-pass score, and their features [candidates, FEATURES].

        `proposed`: position → weight. `preferred`: a factor for each article. `same`: articles with equal numbers are
        one text, of which the best stays. `least`: how many are wanted at least, where that is more than CANDIDATES.
        `near`: articles that others found, which join the candidates and change no feature of an article.
        """
        like = self.asked.likeness(asking.asked_words, asking.asked_bigrams, asking.vector)
        signals = self._signals(asking, like, proposed)
        first = _sum(signals, _FIRST)
        first *= self._factor
        if preferred is not None:
            first *= preferred
        text = _sum(signals, _TEXT)
        if late is not None:
            first[late] *= _LATE
            text[late] *= _LATE
        found = best(first, max(CANDIDATES, least), same)
        found = self._with_others(found, first, best(text, BY_TEXT, same), [*proposed, *near], same)
        signals["text"] = text
        return found, self._matrix(asking, like, signals, first, found)

    def _signals(self, asking: Asking, like: Likeness, proposed: Mapping[int, float]) -> dict[str, Floats]:
        texts, places = self.texts, self.places
        given = np.zeros(places.count, np.float32)
        for position, weight in proposed.items():
            given[position] = weight
        raw, words = texts.bigrams.scores(asking.bigrams), texts.words.scores(asking.words)
        return {
            "bigrams_raw": raw,
            "bigrams": _scaled(raw),
            "words": _scaled(words),
            "coverage": raw / max(texts.bigrams.ceiling(asking.bigrams), 1e-6),
            "words_coverage": words / max(texts.words.ceiling(asking.words), 1e-6),
            "heading": _scaled(texts.headings.scores(asking.bigrams)),
            "chapter": _scaled(texts.chapters.scores(asking.bigrams))[places.chapters],
            "asked_bigrams": _scaled(like.bigrams_a),
            "asked_words": _scaled(like.words_a),
            "asked_chapter": _scaled(like.bigrams_c)[places.chapters],
            "asked_law": _scaled(like.bigrams_l)[places.laws],
            "nearest": like.nearest_a,
            "nearest_chapter": like.nearest_c[places.chapters],
            "dense": texts.dense(asking.vector),
            "keywords": _scaled(texts.bigrams.scores(asking.keywords)),
            "proposed": given,
        }

    def _with_others(
        self, found: Numbers, first: Floats, by_text: Numbers, named: Sequence[int], same: Numbers | None
    ) -> Numbers:
        """Also the best by text, the articles that were named, and those that the best candidates refer to."""
        pulled = [self._referred[self._starts[at] : self._starts[at + 1]] for at in found[:REFERRING]]
        more = np.setdiff1d(np.concatenate([by_text, *pulled, np.array(named, np.int64)]), found)
        if same is not None:
            more = more[~np.isin(same[more], same[found])]
        return np.concatenate([found, more[np.argsort(-first[more], kind="stable")]])

    def _matrix(
        self, asking: Asking, like: Likeness, signals: Mapping[str, Floats], first: Floats, found: Numbers
    ) -> Floats:
        places, count = self.places, len(found)
        laws, chapters, score = places.laws[found], places.chapters[found], first[found]
        text = signals["text"][found]
        vectors = self.texts.vectors(found)
        dense = vectors @ asking.vector
        translated = self._translation.scores(asking.said, self.texts.terms[found])
        covered, retold = self.texts.coverage.scores(asking.tokens, found)
        best_law, best_chapter = np.zeros(places.law_count, np.float32), np.zeros(places.chapter_count, np.float32)
        np.maximum.at(best_law, laws, score)
        np.maximum.at(best_chapter, chapters, score)
        referred = np.zeros(places.count, np.float32)
        for at in found[:REFERRING]:
            to = self._referred[self._starts[at] : self._starts[at + 1]]
            referred[to] = np.maximum(referred[to], first[at])
        before = np.where(places.first[found], 0, first[found - 1])
        following = (found + 1) % places.count
        after = np.where(places.first[following], 0, first[following])
        top = max(float(score.max(initial=0)), 1e-6)
        columns: dict[str, Floats | float] = {
            **{name: signals[name][found] for name in FEATURES if name in signals},
            "first": score,
            "first_share": score / top,
            "rank": np.log1p(np.arange(count)),
            "text_share": _scaled(text),
            "text_rank": np.log1p(np.argsort(np.argsort(-text, kind="stable"))),
            "nearest_sum": np.minimum(like.sum_a[found], 3),
            "nearest_law": like.share_l[laws],
            "dense": dense,
            "dense_share": _scaled(dense),
            "translation": translated,
            "translation_share": _scaled(translated),
            "covered": covered,
            "covered_share": _scaled(covered),
            "retold": retold,
            "retold_share": _scaled(retold),
            "law_prior": self._law_prior[laws],
            "law_learned": np.log1p(self.asked.per_law[laws]),
            "article_learned": np.minimum(self.asked.per_article[found], 5),
            "chapter_learned": np.log1p(self.asked.per_chapter[chapters]),
            "own_asked": np.minimum(self.asked.own_per_article[found], 5),
            "neighbour": np.maximum(before, after),
            "best_of_law": best_law[laws],
            "best_of_chapter": best_chapter[chapters],
            "referred": referred[found] / top,
            "keyword_vectors": 0.0 if asking.keyword_vector is None else vectors @ asking.keyword_vector,
            "length": np.log1p(places.lengths[found]),
            "law_size": np.log(places.law_sizes[laws]),
            "prior": self._prior[found],
            "question_length": float(np.log1p(asking.length)),
        }
        return np.stack([np.broadcast_to(np.asarray(columns[name], np.float32), count) for name in FEATURES], axis=1)


def _scaled(scores: Floats) -> Floats:
    """The best has 1."""
    return scores * np.float32(1 / max(float(scores.max(initial=0)), 1e-6))


def _sum(signals: Mapping[str, Floats], weights: Mapping[str, float]) -> Floats:
    """Weighted, in place: of so many arrays a fresh one for each product would take longer than the sum."""
    total, part = np.zeros_like(signals["dense"]), np.empty_like(signals["dense"])
    for name, weight in weights.items():
        total += np.multiply(signals[name], np.float32(weight), out=part)
    return total
