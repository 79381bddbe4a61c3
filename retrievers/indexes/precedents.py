"""Search over the cases of one generation: words, the latent index, and what the nearest cases are about.

Candidates come from BM25. A collection large enough to learn from ranks them anew: by closeness in its latent space,
and by the subjects (charges, causes) that its nearest cases share, since the client's story does not name its own.
"""

from collections.abc import Iterable, Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retrievers.cases import Cases
from retrievers.columns import Columns
from retrievers.contracts import CaseHit, CorruptIndex, Query, Term
from retrievers.indexes.fused import Floats, Fused
from retrievers.indexes.latent import Latent
from retrievers.indexes.top import best

LENGTH = 0.75  # BM25's b: judgments differ in length more than articles do
_WORDS = 0.3  # share of the word index
_CANDIDATES = 1000  # the best by text, which are ranked anew
_NEAR = 200  # and the nearest in the latent space: what tells the same in other words
_LATENT = 1.0  # weight of the latent part, where the best text score is 1
_NEAREST = 20  # cases that tell what the story is about
_SUBJECT = 0.2  # weight of that
_ENOUGH = 0.34  # share of the nearest cases from which a subject counts fully: a story may be about three
_SAME_FIELD = 1.5
# Characters of a question up to which its keywords count fully, and from which they do not count: a long story is told
# in the words that judgments use, and says more than terms guessed from it.
_SHORT, _LONG = 60, 300
_TOKENISER = 50_000_000  # bytes of the dictionary of words, whatever the collection


class Precedents:
    """A loaded generation of cases. Safe for concurrent use."""

    def __init__(self, folder: Path) -> None:
        self.cases = Cases(folder)
        self._columns = Columns(folder)
        self._index = Fused(folder, _WORDS)
        self._latent = Latent(folder) if Latent.exists(folder) else None
        self.tokeniser = self._index.tokeniser
        if self._columns.documents != self._index.documents:
            raise CorruptIndex(f"{folder}: columns and index hold different numbers of cases; import the cases again")

    def search(self, query: Query) -> list[CaseHit]:
        """The most similar cases first; `pool` and `only` limit them, `field` prefers cases of that field."""
        parts = self._index.parts(query.text, _muted(query.keywords, query.text))
        total = _sum(parts.values(), self._index.documents)
        prior = self._prior(query.field)
        if prior is not None:
            total *= prior
        allowed = self._allowed(query)
        if allowed is not None:
            total[~allowed] = 0
        found = best(total, max(query.top, _CANDIDATES))
        place = self._latent.place(query.text) if self._latent is not None else None
        if self._latent is not None and place is not None:
            near = self._latent.nearest(place, _NEAR)
            near = near if allowed is None else near[allowed[near]]
            found = np.concatenate([found, np.setdiff1d(near, found)])
        if not len(found):
            return []
        named = {name: part[found] for name, part in parts.items()}
        if self._latent is not None and place is not None:
            closeness = self._latent.similar(place, found)
            named |= self._learned(closeness, found, _sum(named.values(), len(found)))
        score = _sum(named.values(), len(found))
        if prior is not None:
            named["prior"] = prior[found]
            score *= named["prior"]
        order = np.argsort(-score, kind="stable")[: query.top]
        stored = self.cases.at(found[order].tolist())
        return [
            CaseHit(
                case=stored[int(found[at])],
                score=float(score[at]),
                scores={name: round(float(part[at]), 4) for name, part in named.items() if part[at]},
            )
            for at in order
        ]

    def warm(self) -> None:
        """Read every page of the mapped files into memory, so that the first searches are as fast as the others."""
        self._index.warm()
        if self._latent is not None:
            self._latent.warm()

    def _prior(self, field: str) -> Floats | None:
        same = self._columns.of_field(field)
        return None if same is None else np.where(same, np.float32(_SAME_FIELD), np.float32(1))

    def _allowed(self, query: Query) -> NDArray[np.bool_] | None:
        """Which cases the pool and the filter let in; null where there is neither."""
        allowed = None if query.only is None else self._columns.allowed(query.only)
        if query.pool is not None:
            pool = np.zeros(self._index.documents, np.bool_)
            pool[self.cases.positions(query.pool)] = True
            allowed = pool if allowed is None else pool & allowed
        return allowed

    def _learned(self, closeness: Floats, found: NDArray[np.int64], words: Floats) -> dict[str, Floats]:
        """The parts that the collection itself taught: `latent`, and `subject`."""
        near = np.maximum(closeness, 0)
        near *= np.float32(_LATENT / max(float(near.max()), 1e-9))
        both = words + near
        nearest = np.argsort(-both, kind="stable")[:_NEAREST]
        owners, subjects = self._columns.subjects_of(found)
        counts = np.bincount(owners, minlength=len(found))
        weights = np.zeros(len(found))
        weights[nearest] = both[nearest] / max(float(both[nearest].sum()), 1e-9)
        votes = weights[owners] / counts[owners]
        shares = np.minimum(np.bincount(subjects, votes, self._columns.subjects), _ENOUGH)
        about = np.bincount(owners, shares[subjects], len(found)).astype(np.float32)
        return {"latent": near, "subject": about * np.float32(_SUBJECT / max(float(about.max()), 1e-9))}


def memory(files: Mapping[str, int]) -> int:
    """Bytes that a generation takes once all of it is in memory, from the sizes of its files."""
    return sum(size for name, size in files.items() if not name.endswith((".sqlite", ".txt"))) + _TOKENISER


def _muted(keywords: Iterable[Term], text: str) -> list[Term]:
    share = min(1.0, (_LONG - len(text)) / (_LONG - _SHORT))
    return [Term(term=one.term, weight=one.weight * share) for one in keywords if share > 0]


def _sum(parts: Iterable[Floats], count: int) -> Floats:
    return sum(parts, np.zeros(count, np.float32))
