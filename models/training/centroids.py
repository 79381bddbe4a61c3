"""The mean example of every label in tf-idf space, by counting: for hundreds of labels with few examples each."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from models.ngrams import Rows


def inverse_frequency(rows: Sequence[Rows], buckets: int) -> NDArray[np.float64]:
    """How much each feature tells, [buckets].

    One that no example has tells the most: a text full of such features is like nothing known, and scores low.
    """
    frequency = np.bincount(np.concatenate(list(rows)), minlength=buckets)
    return np.asarray(np.log((len(rows) + 1) / (frequency + 0.5)))


def centroids(
    rows: Sequence[Rows], targets: sparse.csc_matrix, buckets: int, kept: int | None = None
) -> dict[str, NDArray[Any]]:
    """The centroids as a centroid head stores them: `idf`, `starts`, `label`, `value`.

    `rows`: the features of every example; `targets` [examples, labels]: how much an example counts for a label;
    `kept`: how many features of a centroid, the strongest (null: all). A centroid is as long as its label weighs on
    average where it is given, relative to the heaviest weight of all.
    """
    idf = inverse_frequency(rows, buckets)
    norms = np.array([max(float(np.linalg.norm(idf[bag])), 1e-12) for bag in rows])
    sizes = [len(bag) for bag in rows]
    columns = np.concatenate(list(rows))
    values = idf[columns] / np.repeat(norms, sizes)
    examples = sparse.csr_matrix((values, columns, np.cumsum([0, *sizes])), shape=(len(rows), buckets))
    given = targets.astype(np.float64)
    sums = (given.T @ examples).tocsr()
    if kept is not None:
        _keep(sums, kept)
    lengths = np.sqrt(np.asarray(sums.multiply(sums).sum(axis=1))).ravel()
    counts = np.maximum(np.diff(given.indptr), 1)
    means = np.asarray(given.sum(axis=0)).ravel() / counts
    scales = means / targets.max() / np.maximum(lengths, 1e-12)
    by_feature = (sparse.diags(scales) @ sums).tocsc()
    by_feature.sort_indices()
    return {
        "idf": idf.astype(np.float16),
        "starts": by_feature.indptr.astype(np.int32),
        "label": by_feature.indices.astype(np.uint16 if targets.shape[1] <= 2**16 else np.int32),
        "value": by_feature.data.astype(np.float16),
    }


def _keep(rows: sparse.csr_matrix, count: int) -> None:
    """Leave the `count` greatest values of every row, in place; of equal ones at the edge all."""
    for start, end in pairwise(rows.indptr.tolist()):
        if end - start > count:
            values = rows.data[start:end]
            values[values < np.partition(values, -count)[-count]] = 0
    rows.eliminate_zeros()
