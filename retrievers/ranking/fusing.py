"""What the ranker says and what the reranker says, as one probability.

Log-odds are added, weighted (Genest and Zidek 1986, Combining Probability Distributions: the logarithmic pool), then
all are moved by one step, so that the candidates together keep the probability that the calibrated ranker gives them:
the reranker says which of them, not how many. Knows numbers only.
"""

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import brentq
from scipy.special import expit, logit

SHARE = 0.5  # of the reranker; the rest is the ranker's. Not tuned: no weights of a reranker were at hand
LEAST = 1e-4  # nobody is surer than that: a reranker that is always certain would decide alone

Floats = NDArray[np.float32]


def fused(ranked: Floats, reranked: Floats, share: float = SHARE) -> Floats:
    """Two probabilities of each candidate → one, [candidates]; their sum is that of `ranked`."""
    if not len(ranked):
        return ranked
    wanted = np.clip(ranked.astype(np.float64), LEAST, 1 - LEAST)
    said = np.clip(reranked.astype(np.float64), LEAST, 1 - LEAST)
    pooled = (1 - share) * logit(wanted) + share * logit(said)
    step = brentq(lambda step: float(expit(pooled + step).sum() - wanted.sum()), -40, 40)
    return np.asarray(expit(pooled + step), np.float32)
