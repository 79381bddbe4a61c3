"""One BM25 index over tokens, kept in memory-mapped files: scores of all documents for weighted tokens.

BM25 as Lucene has it (Kamphuis and others 2020, Which BM25 do you mean?, table 1), each posting scored when the index
is made, as in BM25S (Lù 2024). Made in portions, so that millions of documents need no more memory than one portion:
bm25s itself holds all tokens at once. Knows nothing of how text becomes tokens.
"""

from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b, sha256
from itertools import chain
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TypeVar

import numpy as np
from numpy.lib.format import open_memmap
from numpy.typing import NDArray
from scipy import sparse

from retrievers.contracts import CorruptIndex
from retrievers.portions import portions

K1, B = 1.2, 0.5
PORTION = 20_000  # documents that are counted at a time
BUDGET = 3_000_000  # postings that one query may read: a long story over a million documents would have 30 times more

Scores = NDArray[np.float32]
Document = TypeVar("Document")


def build(documents: Iterable[Sequence[str]], folder: Path, b: float = B) -> int:
    """Index `documents` (each its tokens) into `folder`; returns how many. At least one must have a token."""
    return build_texts(documents, lambda tokens: tokens, folder, b)


def build_texts(
    documents: Iterable[Document],
    cut: Callable[[Document], Sequence[str]],
    folder: Path,
    b: float = B,
    work: Path | None = None,
) -> int:
    """Index the tokens of `documents`, which `cut` gives, into `folder`; returns how many documents there were.

    `work` keeps the counts of each portion under the name of its content: a build that was cut off and is started
    again cuts only what was missing. It must be another folder for every way of cutting. Raises ValueError when no
    document has a token.
    """
    folder.mkdir(parents=True, exist_ok=True)
    columns: dict[str, int] = {}
    lengths = array("i")
    with TemporaryDirectory(dir=folder) as spare:
        counted: list[tuple[Path, NDArray[np.int64]]] = []  # a portion's counts, and the columns of its tokens
        for portion in portions(documents, PORTION):
            path = _path(portion, work) if work is not None else Path(spare) / f"{len(counted)}.npz"
            counts = _kept(path)
            if counts is None:
                counts = _counted([cut(document) for document in portion])
                _keep(counts, path)
            lengths.extend(int(length) for length in counts.lengths)
            own = [columns.setdefault(token, len(columns)) for token in counts.tokens]
            counted.append((path, np.array(own, np.int64)))
        if not columns:
            raise ValueError("nothing to index: no document has a token")
        names = np.fromiter(map(_number, columns), np.uint64, len(columns))
        order = np.argsort(names)
        if (np.diff(names[order]) == 0).any():
            raise ValueError("two tokens have the same hash")
        place = np.empty(len(order), np.int64)
        place[order] = np.arange(len(order))
        np.save(folder / "tokens.npy", names[order])
        _merge([(path, place[own]) for path, own in counted], np.array(lengths, np.float32), len(columns), b, folder)
    return len(lengths)


def _number(token: str) -> int:
    """By which the index knows the token: a dictionary of millions of tokens would take seconds to load."""
    return int.from_bytes(blake2b(token.encode(), digest_size=8).digest(), "little")


_number_known = lru_cache(maxsize=1 << 16)(_number)  # one query looks its tokens up in several indexes


@dataclass(frozen=True, slots=True)
class _Counts:
    """How often each token is in each document of a portion: a sparse matrix by columns, its arrays."""

    tokens: list[str]
    lengths: NDArray[np.int32]
    starts: NDArray[np.int64]
    rows: NDArray[np.int32]
    often: Scores


def _counted(portion: Sequence[Sequence[str]]) -> _Counts:
    columns: dict[str, int] = {}
    cut = [columns.setdefault(token, len(columns)) for token in chain.from_iterable(portion)]
    lengths = np.array([len(document) for document in portion], np.int32)
    starts = np.concatenate([[0], np.cumsum(lengths)])
    counts = sparse.csr_matrix((np.ones(len(cut), np.float32), cut, starts), (len(portion), len(columns)))
    counts.sum_duplicates()
    by_token = counts.tocsc()
    return _Counts(list(columns), lengths, by_token.indptr.astype(np.int64), by_token.indices, by_token.data)


def _path(portion: Sequence[Document], work: Path) -> Path:
    work.mkdir(parents=True, exist_ok=True)
    digest = sha256()
    for document in portion:
        digest.update(repr(document).encode() + b"\0")
    return work / f"{digest.hexdigest()[:32]}.npz"


def _keep(counts: _Counts, path: Path) -> None:
    """Written whole or not at all: a killed build leaves no half file under the name."""
    fresh = path.with_suffix(".part.npz")
    tokens = np.frombuffer("\n".join(counts.tokens).encode(), np.uint8)
    np.savez(fresh, tokens=tokens, lengths=counts.lengths, starts=counts.starts, rows=counts.rows, often=counts.often)
    fresh.replace(path)


def _kept(path: Path) -> _Counts | None:
    if not path.exists():
        return None
    with np.load(path) as kept:
        tokens = kept["tokens"].tobytes().decode()
        rest = (kept[name] for name in ("lengths", "starts", "rows", "often"))
        return _Counts(tokens.split("\n") if tokens else [], *rest)


def _merge(
    counted: Sequence[tuple[Path, NDArray[np.int64]]], lengths: Scores, tokens: int, b: float, folder: Path
) -> None:
    """Write the postings of all portions, token by token in the order of documents, scored."""
    frequencies = np.zeros(tokens, np.int64)
    for path, columns in counted:
        with np.load(path) as kept:
            frequencies[columns] += np.diff(kept["starts"])
    starts = np.concatenate([[0], np.cumsum(frequencies)])
    rarity = np.log(1 + (len(lengths) - frequencies + 0.5) / (frequencies + 0.5)).astype(np.float32)
    damping = (K1 * (1 - b + b * lengths / max(float(lengths.mean()), 1e-9))).astype(np.float32)
    rows = open_memmap(folder / "rows.npy", "w+", np.int32, (int(starts[-1]),))
    scores = open_memmap(folder / "scores.npy", "w+", np.float32, (int(starts[-1]),))
    most, free, before = np.zeros(tokens, np.float32), starts[:-1].copy(), 0
    for path, columns in counted:
        with np.load(path) as kept:
            own, within, often, size = kept["starts"], kept["rows"], kept["often"], len(kept["lengths"])
        postings = np.diff(own)
        column = np.repeat(columns, postings)
        at = np.repeat(free[columns] - own[:-1], postings) + np.arange(len(column))
        row = within + before
        score = rarity[column] * often / (often + damping[row])
        rows[at], scores[at] = row, score
        np.maximum.at(most, column, score)
        free[columns] += postings
        before += size
    rows.flush()
    scores.flush()
    np.save(folder / "starts.npy", starts)
    np.save(folder / "most.npy", most)
    np.save(folder / "documents.npy", np.int64(len(lengths)))


class Bm25:
    """A stored index. Safe for concurrent use: it is only read."""

    def __init__(self, folder: Path) -> None:
        try:
            self._tokens, self._starts, self._most, self._rows, self._scores = (
                # Plain arrays over the mapped files: numpy's memmap class makes every slice several times slower.
                np.asarray(np.load(folder / f"{name}.npy", mmap_mode="r"))
                for name in ("tokens", "starts", "most", "rows", "scores")
            )
            self.documents = int(np.load(folder / "documents.npy"))
        except (OSError, ValueError, EOFError) as error:
            raise CorruptIndex(f"{folder}: not an index: {error}") from error

    def ceiling(self, weights: Mapping[str, float]) -> float:
        """What a document would score that is the best for every one of these tokens."""
        return float(sum(weight * self._most[column] for column, weight in self._known(weights)))

    def scores(self, weights: Mapping[str, float]) -> Scores:
        """The score of every document: the sum over tokens of weight times the token's BM25 score there.

        Of a query with more than BUDGET postings the tokens that can add least are left out.
        """
        total = np.zeros(self.documents, np.float32)
        for column, weight in self._affordable(weights):
            start, end = self._starts[column], self._starts[column + 1]
            total[self._rows[start:end]] += np.float32(weight) * self._scores[start:end]
        return total

    def warm(self) -> None:
        """Read every page of the mapped files into memory."""
        self._rows.max(initial=0)
        self._scores.max(initial=0)

    def _affordable(self, weights: Mapping[str, float]) -> list[tuple[int, float]]:
        known = self._known(weights)
        sizes = [int(self._starts[column + 1] - self._starts[column]) for column, _ in known]
        if sum(sizes) <= BUDGET:
            return known
        order = sorted(range(len(known)), key=lambda at: -known[at][1] * float(self._most[known[at][0]]))
        spent = np.cumsum([sizes[at] for at in order])
        return [known[at] for at, postings in zip(order, spent, strict=True) if postings <= BUDGET]

    def _known(self, weights: Mapping[str, float]) -> list[tuple[int, float]]:
        """The columns of the tokens that the index has, with their weights."""
        names = np.fromiter(map(_number_known, weights), np.uint64, len(weights))
        columns = np.minimum(np.searchsorted(self._tokens, names), len(self._tokens) - 1)
        found = self._tokens[columns] == names
        return [
            (column, weight)
            for column, weight, known in zip(columns.tolist(), weights.values(), found.tolist(), strict=True)
            if known
        ]
