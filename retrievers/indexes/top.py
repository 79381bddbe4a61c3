"""The best of many scores, without sorting them all. Knows positions only."""

import numpy as np
from numpy.typing import NDArray

_STEP = 0.7  # the edge falls by this factor until enough scores are above it: to partition a million takes 10 ms
_LEAST = 1e-3  # share of the highest score below which all are looked at

Floats = NDArray[np.float32]
Positions = NDArray[np.int64]


def best(scores: Floats, top: int, same: Positions | None = None) -> Positions:
    """At most `top` positions by falling score, equal ones by position; what has no score is not found.

    `same`: positions with equal numbers are one text, of which only the best is given.
    """
    highest = float(scores.max(initial=0))
    edge = highest * _STEP
    wanted = top if same is None else 2 * top + 64
    while True:
        found = np.flatnonzero(scores > edge)
        if len(found) < wanted and edge > 0:
            edge = edge * _STEP if edge > highest * _LEAST else 0.0
            continue
        every = len(found) <= wanted
        if not every:
            cut = np.partition(scores[found], len(found) - wanted)[len(found) - wanted]
            found = found[scores[found] >= cut]
        found = found[np.argsort(-scores[found], kind="stable")]
        if same is not None:
            _, first = np.unique(same[found], return_index=True)
            found = found[np.sort(first)]
        if len(found) >= top or (every and edge == 0):
            return found[:top].astype(np.int64)
        wanted *= 4
