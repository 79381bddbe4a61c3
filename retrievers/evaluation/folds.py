"""Which questions are held out together."""

import numpy as np
from numpy.typing import NDArray


def random(count: int, folds: int, seed: int = 0) -> NDArray[np.int64]:
    """The fold of each of `count` questions, drawn evenly."""
    return np.random.default_rng(seed).permutation(count) % folds


def blocked(count: int, folds: int) -> NDArray[np.int64]:
    """The fold of each of `count` questions: neighbours, which ask about the same topic, are held out together."""
    return np.arange(count) * folds // max(count, 1)
