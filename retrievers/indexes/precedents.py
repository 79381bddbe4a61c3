"""Search over the cases of one generation."""

from pathlib import Path

import numpy as np

from retrievers.cases import Cases
from retrievers.contracts import CaseHit, Query
from retrievers.indexes.fused import Floats, Fused, Wishes

_SAME_FIELD = 1.5


class Precedents:
    """A loaded generation of cases. Safe for concurrent use."""

    def __init__(self, folder: Path) -> None:
        self.cases = Cases(folder)
        self._index = Fused(folder)
        self.tokeniser = self._index.tokeniser
        self._fields = {field: np.array(found, np.int64) for field, found in self.cases.fields().items()}

    def search(self, query: Query) -> list[CaseHit]:
        """The most similar cases first; `query.pool` limits them, `query.field` prefers cases of that field."""
        prior: Floats | None = None
        if (same_field := self._fields.get(query.field)) is not None:
            prior = np.ones(self._index.documents, np.float32)
            prior[same_field] = _SAME_FIELD
        allowed = None
        if query.pool is not None:
            allowed = np.zeros(self._index.documents, np.bool_)
            allowed[self.cases.positions(query.pool)] = True
        ranked = self._index.rank(query.text, query.keywords, query.top, Wishes(prior=prior, allowed=allowed))
        found = self.cases.at([row.position for row in ranked])
        return [CaseHit(case=found[row.position], score=row.score, scores=row.parts) for row in ranked]
