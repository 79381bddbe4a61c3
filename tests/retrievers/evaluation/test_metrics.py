"""Measures against values worked out by hand."""

import math

import numpy as np
import pytest

from retrievers.evaluation import folds, metrics

GRADES = {"a": 3.0, "b": 1.0, "c": 0.0}
FOUND = ["x", "b", "a", "c"]


def test_measures_of_one_question() -> None:
    assert metrics.recall(2)(FOUND, GRADES) == 0.5
    assert metrics.precision(4)(FOUND, GRADES) == 0.5
    assert metrics.reciprocal_rank(10)(FOUND, GRADES) == 0.5
    assert metrics.reciprocal_rank(1)(FOUND, GRADES) == 0
    assert metrics.average_precision(FOUND, GRADES) == pytest.approx((1 / 2 + 2 / 3) / 2)
    gained = 1 / math.log2(3) + 3 / math.log2(4)
    assert metrics.ndcg(10)(FOUND, GRADES) == pytest.approx(gained / (3 + 1 / math.log2(3)))


def test_means_count_questions_that_found_nothing_and_skip_those_without_relevant_documents() -> None:
    judged = {"1": GRADES, "2": {"a": 1.0}, "3": {"a": 0.0}}
    told = metrics.measured({"1": ["a", "b"]}, judged, {"R@10": metrics.recall(10)})
    mean, low, high = told["R@10"]
    assert mean == 0.5 and low <= mean <= high
    with pytest.raises(ValueError, match="nothing is judged"):
        metrics.measured({}, {"3": {"a": 0.0}}, metrics.STATUTES)


def test_folds_are_even_and_blocks_stay_together() -> None:
    assert np.bincount(folds.random(23, 5)).tolist() == [5, 5, 5, 4, 4]
    blocked = folds.blocked(23, 5)
    assert (np.diff(blocked) >= 0).all() and set(blocked) == set(range(5))
