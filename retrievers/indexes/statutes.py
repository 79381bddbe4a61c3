"""Search over the statutes of one generation: the trained ranking, priors by category, validity on the day."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retrievers import tokenise, versions
from retrievers.contracts import Hit, Query
from retrievers.corpus import Corpus
from retrievers.encoding import EmbedderName
from retrievers.ranking import fusing, index, vectors
from retrievers.ranking.features import FEATURES, asking
from retrievers.ranking.knowledge import Knowledge
from retrievers.ranking.vectors import PassageVectors
from retrievers.titles import Titles

# How often lay questions are governed by such texts, against their number: where the ranker starts from. Set by hand.
_PRIORS = {
    "民法典": 1.5,
    "社会法": 1.3,
    "民法商法": 1.2,
    "诉讼与非诉讼程序法": 1.2,
    "刑法": 1.1,
    "司法解释": 1.1,
    "宪法": 0.9,
    "行政法规": 0.8,
    "部门规章": 0.8,
    "宪法相关法": 0.8,
    "其他": 0.5,
}
_AMENDING = re.compile(r"修正案|的决定$|补充规定")  # they repeat what the amended law says itself
_AMENDING_PRIOR = 0.5
_SAME_FIELD = 1.15
_LATE = np.float32(1e-6)
NEAR = 50  # nearest articles by the embedder that become candidates
READ = 50  # candidates that the reranker reads
READ_NEAR = 20  # of them by nearness, however low the ranker puts them: it does not see what the embedder sees

Floats = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Ranked:
    """The candidates of a query, each array [candidates]: positions, what the ranker and who else said of them.

    `scores` is what they are ordered by, before texts that are not in force (`late`) go behind. `near`: the cosine of
    the embedder, `reread`: what the reranker said; NaN where they said nothing.
    """

    positions: NDArray[np.int64]
    features: Floats
    late: NDArray[np.bool_]
    ranker: Floats
    scores: Floats
    near: Floats
    reread: Floats

    def read(self, rows: NDArray[np.int64], said: Sequence[float]) -> "Ranked":
        """With the reranker's scores of the candidates in these rows."""
        scores, reread = self.scores.copy(), self.reread.copy()
        reread[rows] = said
        scores[rows] = fusing.fused(self.ranker[rows], reread[rows])
        return replace(self, scores=scores, reread=reread)


class Statutes:
    """A loaded generation of statutes. Safe for concurrent use."""

    def __init__(self, folder: Path, knowledge: Knowledge) -> None:
        self.corpus = Corpus(folder)
        self.titles = Titles(self.corpus.laws)
        self.tokeniser = tokenise.of_index(folder)
        self._knowledge = knowledge
        self._features = index.load(folder, knowledge, priors(self.corpus.categories)[self.corpus.editions])
        self._fields = {field: np.array(found, np.int64) for field, found in self.corpus.fields().items()}
        self._late = lru_cache(maxsize=64)(self._not_in_force)
        self._folder = folder
        told = vectors.made(folder)
        self._vectors = None if told is None else PassageVectors(folder, told)

    def search(self, query: Query, day: date) -> list[Hit]:
        """The best articles first; texts that are not in force on `day` come after all others.

        A hit's score is the ranker's probability that the article governs the question; `scores` has every feature.
        """
        return self.hits(self.ranked(query, day), query, day)

    def rank(self, query: Query, day: date) -> dict[str, float]:
        """The ids and scores of what `search` finds, without the texts."""
        return self.ids(self.ranked(query, day), query)

    def require_embedder(self, wanted: EmbedderName) -> None:
        """Raise EncoderMismatch, naming the command that helps, unless the vectors here are of that embedder."""
        vectors.require(None if self._vectors is None else self._vectors.made, wanted, self._folder)

    def ranked(self, query: Query, day: date, vector: Floats | None = None) -> Ranked:
        """The candidates with their probabilities. `vector`: the query's by the embedder, whose nearest join them."""
        weights = dict(query.proposed)
        proposed = {at: weights[id_] for id_, at in self.corpus.positions(list(weights)).items()}
        preferred: Floats | None = None
        if (same_field := self._fields.get(query.field)) is not None:
            preferred = np.ones(len(self.corpus.editions), np.float32)
            preferred[same_field] = _SAME_FIELD
        asked = asking(query.text, query.keywords, self.tokeniser, self._knowledge.encoder)
        late, same = self._late(day), self.corpus.same
        near = self._near(vector, late)
        found, features = self._features.candidates(
            asked, proposed, preferred, late, same, query.top, np.array(list(near), np.int64)
        )
        ranker = self._knowledge.ranker.scores(features)
        return Ranked(
            positions=found,
            features=features,
            late=late[found],
            ranker=ranker,
            scores=ranker,
            near=np.array([near.get(int(at), np.nan) for at in found], np.float32),
            reread=np.full(len(found), np.nan, np.float32),
        )

    def _near(self, vector: Floats | None, late: NDArray[np.bool_]) -> dict[int, float]:
        """Position → cosine of the nearest articles in force, best first; of equal texts the first."""
        if vector is None or self._vectors is None:
            return {}
        cosines, found = self._vectors.nearest(vector, 3 * NEAR)
        kept: dict[int, float] = {}
        texts: set[int] = set()
        for at, cosine in zip(found.tolist(), cosines.tolist(), strict=True):
            if len(kept) < NEAR and not late[at] and self.corpus.same[at] not in texts:
                kept[at] = cosine
                texts.add(self.corpus.same[at])
        return kept

    def to_read(self, ranked: Ranked, day: date) -> tuple[NDArray[np.int64], list[str]]:
        """The rows of `ranked` that the reranker should read, and their texts: the best by ranker, the nearest."""
        able = np.flatnonzero(~ranked.late)
        best = able[np.argsort(-ranked.scores[able], kind="stable")]
        near = able[np.argsort(-np.nan_to_num(ranked.near[able], nan=-1.0), kind="stable")]
        near = near[~np.isnan(ranked.near[near])][:READ_NEAR]
        rest = best[~np.isin(best, near)][: READ - len(near)]
        rows = np.concatenate([near, rest]).astype(np.int64)
        passages = self.corpus.at(ranked.positions[rows].tolist(), day)
        found = [passages[int(at)] for at in ranked.positions[rows]]
        return rows, [index.readable(one.law, one.part, one.chapter, one.article, one.text) for one in found]

    def hits(self, ranked: Ranked, query: Query, day: date) -> list[Hit]:
        """The best `query.top` of the candidates."""
        order, scores = _ordered(ranked, query.top)
        positions = ranked.positions[order].tolist()
        passages = self.corpus.at(positions, day)
        told = ranked.features[order].astype(np.float64).round(4).tolist()
        named = [{name: value for name, value in zip(FEATURES, row, strict=True) if value} for row in told]
        for row, at in zip(named, order, strict=True):
            models = {"embedder": ranked.near[at], "reranker": ranked.reread[at]}
            said = {name: round(float(value), 4) for name, value in models.items() if not np.isnan(value)}
            row |= said and {**said, "ranker": round(float(ranked.ranker[at]), 4)}
        return [
            Hit(passage=passages[at], score=score, scores=row)
            for at, score, row in zip(positions, scores, named, strict=True)
        ]

    def ids(self, ranked: Ranked, query: Query) -> dict[str, float]:
        """The ids and scores of what `hits` would give."""
        order, scores = _ordered(ranked, query.top)
        return dict(zip(self.corpus.ids(ranked.positions[order].tolist()), scores, strict=True))

    def _not_in_force(self, day: date) -> NDArray[np.bool_]:
        late = [versions.standing(validity, day)[0] != "in_force" for validity in self.corpus.validity]
        return np.array(late, np.bool_)[self.corpus.editions]


def _ordered(ranked: Ranked, top: int) -> tuple[NDArray[np.int64], list[float]]:
    """The rows of the best candidates, best first, and their scores."""
    # What is not in force governs nothing: it comes after all that is, in its own order.
    scores = ranked.scores * np.where(ranked.late, _LATE, np.float32(1))
    order = np.argsort(-scores, kind="stable")[:top]
    return order, scores[order].tolist()


def priors(categories: list[tuple[str, str]]) -> Floats:
    """The factor of each (law, category)."""
    return np.array([_prior(law, category) for law, category in categories], np.float32)


def _prior(law: str, category: str) -> float:
    return _PRIORS.get(category, 1.0) * (_AMENDING_PRIOR if _AMENDING.search(law) else 1.0)
