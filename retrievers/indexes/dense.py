"""Nearest vectors by inner product, with FAISS: exact for a small collection, inverted lists for a large one.

Lists of vectors around centroids (Sivic and Zisserman 2003), of which the nearest PROBED are searched, each vector in 8
bits a dimension; `lexhub bench scale` measures how much of the exact answer they find. Files are memory-mapped.
"""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from retrievers.contracts import CorruptIndex

EXACT = 100_000  # vectors up to which all are compared: some milliseconds
LISTED = 40  # vectors of a list on average, by which the number of lists grows, up to MOST_LISTS
MOST_LISTS = 4096
TRAINED = 50  # vectors for each list that the centroids are learned from
PROBED = 64
SEED = 7

Vectors = NDArray[np.float32]
Positions = NDArray[np.int64]


def build(blocks: Callable[[], Iterable[Vectors]], count: int, dimensions: int, path: Path) -> None:
    """Write the index of `count` vectors of length 1, given in blocks [some, dimensions]; large ones are read twice."""
    lists = 0 if count <= EXACT else min(MOST_LISTS, count // LISTED)
    index: Any = faiss.index_factory(dimensions, f"IVF{lists},SQ8" if lists else "SQfp16", faiss.METRIC_INNER_PRODUCT)
    if lists:
        index.cp.seed = SEED
        index.train(_sample(blocks(), count, lists * TRAINED))
    for block in blocks():
        index.add(block)
    if index.ntotal != count:
        raise ValueError(f"{index.ntotal} vectors were given, {count} announced")
    faiss.write_index(index, str(path))


def _sample(blocks: Iterable[Vectors], count: int, wanted: int) -> Vectors:
    """About `wanted` of the vectors, evenly spread."""
    every = max(1, count // wanted)
    kept, before = [], 0
    for block in blocks:
        kept.append(block[(-before) % every :: every])
        before += len(block)
    return np.concatenate(kept)


class Dense:
    """A stored index. Safe for concurrent use: it is only read."""

    def __init__(self, path: Path) -> None:
        """Raises CorruptIndex naming the file."""
        try:
            self._index = faiss.read_index(str(path), faiss.IO_FLAG_MMAP)
        except RuntimeError as error:
            raise CorruptIndex(f"{path}: {error}") from error
        self.count, self.dimensions = int(self._index.ntotal), int(self._index.d)
        if isinstance(self._index, faiss.IndexIVF):
            self._index.nprobe = PROBED
            self._index.make_direct_map()

    def nearest(self, vector: Vectors, top: int) -> tuple[Vectors, Positions]:
        """The `top` highest inner products with the vector, and where: both at most [top], best first."""
        if not self.count:
            return np.zeros(0, np.float32), np.zeros(0, np.int64)
        # Searches come many at once: threads within one cost more than they give. The setting is each thread's own.
        faiss.omp_set_num_threads(1)
        scores, rows = self._index.search(vector[None, :], min(top, self.count))
        found = rows[0] >= 0  # the lists looked at may hold fewer
        return scores[0][found], rows[0][found]

    def vectors(self, positions: Positions) -> Vectors:
        """The vectors at these positions as they are stored, [positions, dimensions]."""
        return np.asarray(self._index.reconstruct_batch(positions), np.float32)

    def warm(self) -> None:
        """Read every page of the mapped file into memory."""
        for start in range(0, self.count, EXACT):
            self.vectors(np.arange(start, min(start + EXACT, self.count)))
