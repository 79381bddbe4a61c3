"""The mean example of every label in tf-idf space, by counting: for hundreds of labels with few examples each."""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from models.ngrams import Rows


def inverse_frequency(rows: Sequence[Rows], buckets: int) -> NDArray[np.float64]:
    """How much each feature tells, [buckets].

    One that no example has tells the most: a text full of such features is like nothing known, and scores low.
    """
    frequency = np.bincount(np.concatenate(list(rows)), minlength=buckets)
    return np.asarray(np.log((len(rows) + 1) / (frequency + 0.5)))


def centroids(rows: Sequence[Rows], targets: NDArray[np.float32], buckets: int) -> dict[str, NDArray[Any]]:
    """The centroids as a centroid head stores them: `idf`, `starts`, `label`, `value`.

    `rows`: the features of every example; `targets` [examples, labels]: how much an example counts for a label. A
    centroid is as long as its label weighs on average where it is given, relative to the heaviest weight of all.
    """
    idf = inverse_frequency(rows, buckets)
    sums: list[dict[int, float]] = [{} for _ in range(targets.shape[1])]
    for bag, wanted in zip(rows, targets, strict=True):
        values = idf[bag] / max(float(np.linalg.norm(idf[bag])), 1e-12)
        for label in np.flatnonzero(wanted).tolist():
            total, share = sums[label], float(wanted[label])
            for feature, value in zip(bag.tolist(), values.tolist(), strict=True):
                total[feature] = total.get(feature, 0.0) + share * value
    entries = []
    for position, total in enumerate(sums):
        norm = max(sum(value * value for value in total.values()) ** 0.5, 1e-12)
        given = targets[:, position]
        scale = float(given[given > 0].mean() / targets.max()) / norm
        entries += [(feature, position, value * scale) for feature, value in total.items() if value > 0]
    entries.sort()
    owners = np.array([feature for feature, _, _ in entries], dtype=np.int64)
    return {
        "idf": idf.astype(np.float16),
        "starts": np.searchsorted(owners, np.arange(buckets + 1)).astype(np.int32),
        "label": np.array([label for _, label, _ in entries], dtype=np.int32),
        "value": np.array([value for _, _, value in entries], dtype=np.float16),
    }
