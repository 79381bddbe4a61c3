"""Search over the statutes of one generation: the trained ranking, priors by category, validity on the day."""

import re
from datetime import date
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retrievers import tokenise, versions
from retrievers.contracts import Hit, Query
from retrievers.corpus import Corpus
from retrievers.ranking import index
from retrievers.ranking.features import FEATURES, asking
from retrievers.ranking.knowledge import Knowledge
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

Floats = NDArray[np.float32]


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

    def search(self, query: Query, day: date) -> list[Hit]:
        """The best articles first; texts that are not in force on `day` come after all others.

        A hit's score is the ranker's probability that the article governs the question; `scores` has every feature,
        where the query wants it explained.
        """
        weights = dict(query.proposed)
        proposed = {at: weights[id_] for id_, at in self.corpus.positions(list(weights)).items()}
        preferred: Floats | None = None
        if (same_field := self._fields.get(query.field)) is not None:
            preferred = np.ones(len(self.corpus.editions), np.float32)
            preferred[same_field] = _SAME_FIELD
        asked = asking(query.text, query.keywords, self.tokeniser, self._knowledge.encoder)
        late = self._late(day)
        found, features = self._features.candidates(asked, proposed, preferred, late, self.corpus.same, query.top)
        # What is not in force governs nothing: it comes after all that is, in its own order.
        scores = self._knowledge.ranker.scores(features) * np.where(late[found], _LATE, np.float32(1))
        order = np.argsort(-scores, kind="stable")[: query.top]
        passages = self.corpus.at([int(at) for at in found[order]], day)
        hits = [Hit(passage=passages[int(found[row])], score=float(scores[row])) for row in order]
        if not query.explained:
            return hits
        told = features[order].astype(np.float64).round(4).tolist()
        named = ({name: value for name, value in zip(FEATURES, row, strict=True) if value} for row in told)
        return [hit.model_copy(update={"scores": row}) for hit, row in zip(hits, named, strict=True)]

    def _not_in_force(self, day: date) -> NDArray[np.bool_]:
        late = [versions.standing(validity, day)[0] != "in_force" for validity in self.corpus.validity]
        return np.array(late, np.bool_)[self.corpus.editions]


def priors(categories: list[tuple[str, str]]) -> Floats:
    """The factor of each (law, category)."""
    return np.array([_prior(law, category) for law, category in categories], np.float32)


def _prior(law: str, category: str) -> float:
    return _PRIORS.get(category, 1.0) * (_AMENDING_PRIOR if _AMENDING.search(law) else 1.0)
