"""Folds for cross-validation in which texts that nearly repeat each other are never torn apart."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from scipy import sparse
from scipy.sparse.csgraph import connected_components
from sklearn.feature_extraction.text import TfidfVectorizer

ALIKE = 0.55  # cosine of the tf-idf of character bi- and trigrams from which a text repeats another
PORTION = 500  # texts compared at once


def grouped(texts: Sequence[str], count: int, seed: int) -> NDArray[np.int64]:
    """The fold of each text, 0 to count - 1; those alike, directly or through others, share one."""
    bags = TfidfVectorizer(analyzer="char", ngram_range=(2, 3), token_pattern=None).fit_transform(texts)
    alike = sparse.vstack([bags[start : start + PORTION] @ bags.T > ALIKE for start in range(0, len(texts), PORTION)])
    groups, group = connected_components(alike, directed=False)
    return np.asarray((np.random.default_rng(seed).permutation(groups) % count)[group], np.int64)
