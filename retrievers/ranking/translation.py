"""A statistical translation model from the words of statutes to the words of people: IBM model 1.

Brown et al. 1993 (The Mathematics of Statistical Machine Translation, section 4.1), used for retrieval as by Berger and
Lafferty 1999 (Information Retrieval as Statistical Translation). Words are kept as hashes. Knows nothing of indexes.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Self
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

ROUNDS = 5
LEAST = 1e-3  # a rarer translation is forgotten: four fifths of the table, nothing of the quality
LIFT = 0.8  # how strongly a translation counts against the word's frequency among all questions

Floats = NDArray[np.float32]
Numbers = NDArray[np.int64]


def keys(words: Sequence[str]) -> list[int]:
    """The words as this module knows them."""
    return [crc32(word.encode()) for word in words]


@dataclass(frozen=True)
class Translation:
    """`sources` and `targets`: the known words of statutes and people, hashed, ascending.

    `table` [sources, targets]: the probability of saying a target for a source. `background` [targets]: how often
    people say the word at all.
    """

    sources: Numbers
    targets: Numbers
    table: sparse.csc_matrix
    background: Floats

    @classmethod
    def train(cls, pairs: Sequence[tuple[Sequence[int], Sequence[int]]]) -> Self:
        """Of (hashed words of the question, hashed words of the article); each counts once in its text."""
        sources = np.unique(np.concatenate([np.array(article, np.int64) for _, article in pairs]))
        targets = np.unique(np.concatenate([np.array(question, np.int64) for question, _ in pairs]))
        source, target, slot, slots = [], [], [], 0
        said = np.zeros(len(targets))
        for question, article in pairs:
            wanted = np.searchsorted(targets, np.unique(question))
            given = np.searchsorted(sources, np.unique(article))
            said[wanted] += 1
            source.append(np.repeat(given[None, :], len(wanted), 0).ravel())
            target.append(np.repeat(wanted, len(given)))
            slot.append(np.repeat(np.arange(slots, slots + len(wanted)), len(given)))
            slots += len(wanted)
        whole = np.concatenate(source) * len(targets) + np.concatenate(target)
        cells, which = np.unique(whole, return_inverse=True)
        place = np.concatenate(slot)
        owner = cells // len(targets)
        probability = np.ones(len(cells))
        for _ in range(ROUNDS):
            share = probability[which]
            share /= np.bincount(place, weights=share, minlength=slots)[place]
            counts = np.bincount(which, weights=share, minlength=len(cells))
            probability = counts / np.bincount(owner, weights=counts, minlength=len(sources))[owner]
        kept = probability >= LEAST
        table = sparse.csc_matrix(
            (probability[kept].astype(np.float32), (owner[kept], cells[kept] % len(targets))),
            shape=(len(sources), len(targets)),
        )
        background = ((said + 0.5) / (said + 0.5).sum()).astype(np.float32)
        return cls(sources, targets, table, background)

    def arrays(self) -> dict[str, NDArray[Any]]:
        """What `of` reads, for a safetensors file."""
        return {
            "translation.sources": self.sources.astype(np.uint32),
            "translation.targets": self.targets.astype(np.uint32),
            "translation.value": self.table.data.astype(np.float16),
            "translation.row": self.table.indices.astype(np.int32),
            "translation.starts": self.table.indptr.astype(np.int32),
            "translation.background": self.background,
        }

    @classmethod
    def of(cls, arrays: Mapping[str, NDArray[Any]]) -> Self:
        """The model saved as `arrays`. Raises KeyError or ValueError for what is none."""
        sources = arrays["translation.sources"].astype(np.int64)
        targets = arrays["translation.targets"].astype(np.int64)
        columns = (
            arrays["translation.value"].astype(np.float32),
            arrays["translation.row"],
            arrays["translation.starts"],
        )
        table = sparse.csc_matrix(columns, shape=(len(sources), len(targets)))
        return cls(sources, targets, table, arrays["translation.background"])

    def matrix(self, articles: Sequence[Sequence[int]]) -> sparse.csr_matrix:
        """[articles, sources]: the share of every known word in the article's words."""
        starts, columns, values = [0], list[int](), list[float]()
        for words in articles:
            counts = Counter(words)
            known = self._found(self.sources, np.array(list(counts), np.int64))
            held = [(at, count) for at, count in zip(known, counts.values(), strict=True) if at >= 0]
            total = sum(count for _, count in held)
            columns += [int(at) for at, _ in held]
            values += [count / total for _, count in held]
            starts.append(len(columns))
        return sparse.csr_matrix(
            (np.array(values, np.float32), np.array(columns, np.int32), np.array(starts, np.int64)),
            shape=(len(articles), len(self.sources)),
        )

    def scores(self, question: Sequence[int], articles: sparse.csr_matrix) -> Floats:
        """For each row of `articles` (of `matrix`): the mean over the question's known words of the log of how much
        likelier the article makes the word. Zero for a question of unknown words.
        """
        wanted = self._found(self.targets, np.unique(np.array(question, np.int64)))
        wanted = wanted[wanted >= 0]
        if not len(wanted):
            return np.zeros(articles.shape[0], np.float32)
        likely = articles @ self.table[:, wanted].toarray()
        return np.asarray(np.log1p(LIFT * likely / self.background[wanted]).mean(axis=1), np.float32)

    def spoken(self, word: int) -> tuple[Numbers, Floats]:
        """How people say a word of statutes: words of theirs, hashed, and the probability of each."""
        [at] = self._found(self.sources, np.array([word], np.int64))
        row = self._by_source[at] if at >= 0 else self._by_source[:0]
        return self.targets[row.indices], row.data

    @cached_property
    def _by_source(self) -> sparse.csr_matrix:
        return self.table.tocsr()

    @staticmethod
    def _found(known: Numbers, wanted: Numbers) -> Numbers:
        """The place of each wanted word among the known, -1 where it is not."""
        at = np.minimum(np.searchsorted(known, wanted), len(known) - 1)
        return np.where(known[at] == wanted, at, -1)
