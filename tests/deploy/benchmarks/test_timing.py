from dataclasses import replace

import pytest

from deploy.benchmarks.engine.machine import Machine
from deploy.benchmarks.engine.timing import (
    Figures,
    Load,
    Timeline,
    against_roofline,
    figures,
    median,
    percentile,
    steady_rate,
)
from tests.deploy.benchmarks.shapes import TINY

MACHINE = Machine("試", "cpu", 2, bandwidth=1e9, peak=1e10, dtype="float32")


def test_figures_of_two_requests() -> None:
    rows = [Timeline(10.0, (11.0, 12.0, 13.0, 14.0), 5, 4), Timeline(10.0, (12.0, 13.0, 14.0, 18.0), 5, 4)]
    found = figures(Load(5, 4, 2), rows)
    assert found.seconds == 8.0
    assert found.rate == 1.0
    assert found.first_p50 == 1.5
    assert found.gap_p50 == 1.0
    assert found.gap_p99 == pytest.approx(3.85)  # of 1 1 1 1 1 4
    # From 12, when the second one began, to 14, when the first was done: two tokens of each.
    assert found.steady == 2.0


def test_a_rate_counts_from_the_first_sent_to_the_last_answered() -> None:
    rows = [Timeline(0.0, (1.0,), 5, 1), Timeline(1.0, (4.0,), 5, 1)]
    assert figures(Load(5, 1, 2), rows).rate == 0.5


def test_tokens_held_back_are_counted_with_their_piece() -> None:
    assert steady_rate([Timeline(0.0, (1.0, 2.0, 3.0), 5, 6)]) == pytest.approx(2.0)


def test_no_steady_rate_where_requests_never_wrote_together() -> None:
    rows = [Timeline(0.0, (1.0, 2.0), 5, 2), Timeline(0.0, (3.0, 4.0), 5, 2)]
    assert steady_rate(rows) is None
    assert figures(Load(5, 2, 2), rows).steady is None
    assert against_roofline(figures(Load(5, 2, 2), rows), TINY, MACHINE).share is None


def test_an_answer_of_another_length_is_no_measurement() -> None:
    with pytest.raises(ValueError, match=r"4 tokens were asked for, some have \[3\]"):
        figures(Load(5, 4, 1), [Timeline(0.0, (1.0, 2.0, 3.0), 5, 3)])


def test_the_ceiling_is_bandwidth_over_the_bytes_of_a_step() -> None:
    load = Load(prompt=100, new=20, requests=8)
    measured = Figures(load, 1.0, 100.0, 400.0, None, None, None, None)
    found = against_roofline(measured, TINY, MACHINE)
    step = TINY.weights + 8 * 110 * TINY.cached
    assert found.ceiling == pytest.approx(8 * 1e9 / step)
    assert found.share == pytest.approx(400.0 / (8 * 1e9 / step))
    assert found.busy == pytest.approx(50 * TINY.step_operations(8, 110) / 1e10)
    assert replace(found, ceiling=None, share=None, busy=None) == measured


def test_the_median_run_is_a_run_that_was_measured() -> None:
    runs = [Figures(Load(5, 4, 1), seconds, 4 / seconds, None, None, None, None, None) for seconds in (1.0, 4.0, 2.0)]
    assert median(runs) is runs[2]


def test_percentiles() -> None:
    assert percentile([1.0, 2.0, 3.0], 50) == 2.0
    assert percentile([], 50) is None
