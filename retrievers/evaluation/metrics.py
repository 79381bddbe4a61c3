"""Measures of a ranking against graded judgments, for each question; means and their intervals.

As in Järvelin and Kekäläinen 2002 (Cumulated Gain-based Evaluation of IR Techniques), gains linear in the grade.
"""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

Grades = Mapping[str, float]
Measure = Callable[[Sequence[str], Grades], float]


def recall(at: int) -> Measure:
    """The share of what is relevant among the first `at`."""
    return lambda found, grades: sum(grades.get(id_, 0) > 0 for id_ in found[:at]) / max(_relevant(grades), 1)


def precision(at: int) -> Measure:
    """The share of the first `at` that is relevant."""
    return lambda found, grades: sum(grades.get(id_, 0) > 0 for id_ in found[:at]) / at


def reciprocal_rank(at: int) -> Measure:
    """One over the place of the first relevant among the first `at`, else 0."""

    def measured(found: Sequence[str], grades: Grades) -> float:
        places = (place for place, id_ in enumerate(found[:at], start=1) if grades.get(id_, 0) > 0)
        return 1 / place if (place := next(places, 0)) else 0.0

    return measured


def average_precision(found: Sequence[str], grades: Grades) -> float:
    """The mean of the precisions at the place of everything relevant."""
    hits, total = 0, 0.0
    for place, id_ in enumerate(found, start=1):
        if grades.get(id_, 0) > 0:
            hits += 1
            total += hits / place
    return total / max(_relevant(grades), 1)


def ndcg(at: int) -> Measure:
    """Normalised discounted cumulative gain of the first `at`."""

    def measured(found: Sequence[str], grades: Grades) -> float:
        best = _gain(sorted(grades.values(), reverse=True)[:at])
        return _gain([grades.get(id_, 0) for id_ in found[:at]]) / best if best else 0.0

    return measured


STATUTES: Mapping[str, Measure] = {
    "R@10": recall(10), "R@20": recall(20), "R@100": recall(100), "MRR@10": reciprocal_rank(10), "nDCG@10": ndcg(10),
}  # fmt: skip
CASES: Mapping[str, Measure] = {
    "nDCG@10": ndcg(10),
    "MAP": average_precision,
    "P@5": precision(5),
    "R@100": recall(100),
}


def measured(
    runs: Mapping[str, Sequence[str]], judged: Mapping[str, Grades], measures: Mapping[str, Measure]
) -> dict[str, tuple[float, float, float]]:
    """Measure → mean over the judged questions, and its 95 % interval (bootstrap, 2,000 draws, seeded).

    A question without a run counts as found nothing; one with nothing relevant is left out. Raises ValueError when no
    question is left.
    """
    asked = [qid for qid, grades in judged.items() if _relevant(grades)]
    if not asked:
        raise ValueError("nothing is judged relevant")
    draws = np.random.default_rng(0).integers(0, len(asked), (2000, len(asked)))
    told = {}
    for name, measure in measures.items():
        values = np.array([measure(runs.get(qid, ()), judged[qid]) for qid in asked])
        low, high = np.quantile(values[draws].mean(axis=1), (0.025, 0.975))
        told[name] = (float(values.mean()), float(low), float(high))
    return told


def _relevant(grades: Grades) -> int:
    return sum(grade > 0 for grade in grades.values())


def _gain(grades: Sequence[float]) -> float:
    return float(sum(grade / np.log2(place + 1) for place, grade in enumerate(grades, start=1)))
