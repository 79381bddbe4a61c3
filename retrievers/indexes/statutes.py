"""Search over the statutes of one generation: text scores, priors by the weight of a text, validity on the day."""

import re
from datetime import date
from functools import lru_cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retrievers import versions
from retrievers.contracts import Hit, Query
from retrievers.corpus import Corpus
from retrievers.indexes.fused import Floats, Fused, Wishes
from retrievers.titles import Titles

# How often lay questions are governed by such texts, against their number. Set by hand, checked on STARD's dev half.
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


class Statutes:
    """A loaded generation of statutes. Safe for concurrent use."""

    def __init__(self, folder: Path) -> None:
        self.corpus = Corpus(folder)
        self.titles = Titles(self.corpus.laws)
        self._index = Fused(folder)
        self.tokeniser = self._index.tokeniser
        by_edition = np.array([_prior(law, category) for law, category in self.corpus.categories], np.float32)
        self._prior: Floats = by_edition[self.corpus.editions]
        self._fields = {field: np.array(found, np.int64) for field, found in self.corpus.fields().items()}
        self._late = lru_cache(maxsize=64)(self._not_in_force)

    def search(self, query: Query, day: date) -> list[Hit]:
        """The best articles first; texts that are not in force on `day` come after all others."""
        proposed: dict[int, float] = {}
        weights = dict(query.proposed)
        for id_, position in self.corpus.positions(list(weights)).items():
            proposed[position] = weights[id_]
        prior = self._prior
        if (same_field := self._fields.get(query.field)) is not None:
            prior = prior.copy()
            prior[same_field] *= _SAME_FIELD
        wishes = Wishes(proposed=proposed, prior=prior, late=self._late(day), same=self.corpus.same)
        ranked = self._index.rank(query.text, query.keywords, query.top, wishes)
        passages = self.corpus.at([found.position for found in ranked], day)
        return [Hit(passage=passages[r.position], score=r.score, scores=r.parts) for r in ranked]

    def _not_in_force(self, day: date) -> NDArray[np.bool_]:
        late = [versions.standing(validity, day)[0] != "in_force" for validity in self.corpus.validity]
        return np.array(late, np.bool_)[self.corpus.editions]


def _prior(law: str, category: str) -> float:
    return _PRIORS.get(category, 1.0) * (_AMENDING_PRIOR if _AMENDING.search(law) else 1.0)
