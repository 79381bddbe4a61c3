"""A linear classifier in tf-idf space by least squares with a penalty, every label counting the same.

The normal equations are solved over the examples by conjugate gradients, so that memory grows with the text only.
"""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from models.ngrams import Floats, Rows, softmax
from models.training.centroids import inverse_frequency

STEPS = 200  # of conjugate gradients at most; some sixty reach the tolerance
TOLERANCE = 1e-4
SCALES = np.geomspace(1, 64, 25)  # candidates for the factor between outputs and log probabilities


def ridge(
    rows: Sequence[Rows], targets: Floats, buckets: int, penalty: float, counts: Floats
) -> dict[str, NDArray[Any]]:
    """The head's tensors `idf` and `weight`.

    `targets` [examples, labels]: each row sums to 1; `counts` [examples]: what each example counts.
    """
    idf = inverse_frequency(rows, buckets)
    texts = _Texts(rows, idf, buckets)
    wanted = torch.from_numpy(targets)
    # An example's share of its labels' totals: a label with few examples has as much to say as one with many.
    given = torch.from_numpy(counts)
    share = given * (wanted @ (1 / (given @ wanted).clamp_min(1e-9)))
    damping = (penalty / (share * (len(rows) / share.sum()))).unsqueeze(1)
    multipliers = _solved(lambda vectors: texts.times(texts.gathered(vectors)) + damping * vectors, wanted)
    return {"idf": idf.astype(np.float16), "weight": texts.gathered(multipliers).numpy().astype(np.float16)}


def calibrated(rows: Sequence[Rows], targets: Floats, buckets: int, penalty: float, counts: Floats) -> float:
    """The scale with which the outputs, on examples left out in turn, are the most likely probabilities."""
    folds = min(3, len(rows))
    held = np.zeros_like(targets)
    for fold in range(folds):
        out = np.arange(len(rows)) % folds == fold
        if folds < 2 or out.all():
            return 1.0
        kept = [row for row, left in zip(rows, out, strict=True) if not left]
        tensors = ridge(kept, targets[~out], buckets, penalty, counts[~out])
        texts = _Texts([row for row, left in zip(rows, out, strict=True) if left], tensors["idf"], buckets)
        held[out] = texts.times(torch.from_numpy(tensors["weight"].astype(np.float32))).numpy()
    wanted = targets * counts[:, None]
    losses = [-(wanted * np.log(softmax(held * scale) + 1e-9)).sum() for scale in SCALES.astype(np.float32)]
    return float(SCALES[int(np.argmin(losses))])


class _Texts:
    """Unit tf-idf vectors of examples: a matrix [examples, buckets] that is never written out."""

    def __init__(self, rows: Sequence[Rows], idf: NDArray[Any], buckets: int) -> None:
        lengths = [len(row) for row in rows]
        values = idf[np.concatenate(list(rows))].astype(np.float32)
        self._owner = torch.from_numpy(np.repeat(np.arange(len(rows)), lengths))
        norms = torch.zeros(len(rows)).index_add_(0, self._owner, torch.from_numpy(values) ** 2).sqrt().clamp_min(1e-9)
        self._columns = torch.from_numpy(np.concatenate(list(rows)))
        self._offsets = torch.from_numpy(np.cumsum([0, *lengths[:-1]]))
        self._values = torch.from_numpy(values) / norms[self._owner]
        self._buckets = buckets

    def times(self, weight: Tensor) -> Tensor:
        """The matrix times [buckets, labels]."""
        return torch.nn.functional.embedding_bag(
            self._columns, weight, self._offsets, mode="sum", per_sample_weights=self._values
        )

    def gathered(self, vectors: Tensor) -> Tensor:
        """The matrix, transposed, times [examples, labels]."""
        total = torch.zeros(self._buckets, vectors.shape[1])
        return total.index_add_(0, self._columns, self._values.unsqueeze(1) * vectors[self._owner])


def _solved(apply: Callable[[Tensor], Tensor], wanted: Tensor) -> Tensor:
    """x with apply(x) = wanted, column by column, for a symmetric positive definite `apply`."""
    x = torch.zeros_like(wanted)
    residual = wanted.clone()
    direction = residual.clone()
    size = (residual**2).sum(dim=0)
    goal = size * TOLERANCE**2
    for _ in range(STEPS):
        if bool((size <= goal).all()):
            break
        image = apply(direction)
        step = size / (direction * image).sum(dim=0).clamp_min(1e-30)
        x += step * direction
        residual -= step * image
        grown = (residual**2).sum(dim=0)
        direction = residual + grown / size.clamp_min(1e-30) * direction
        size = grown
    return x
