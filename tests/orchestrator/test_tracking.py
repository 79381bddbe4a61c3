"""What a replica sees of a model: requests under way, latencies, failures, and what counts for the breaker."""

import asyncio
from contextlib import suppress

import pytest

from models.contracts import (
    BadOutput,
    BadRequest,
    ContextLengthExceeded,
    DeadlineExceeded,
    ModelError,
    ModelOverloaded,
    ModelUnavailable,
    NoSuchAdapter,
    OutOfMemory,
)
from orchestrator.breaker import BreakerRules
from orchestrator.tracking import Tracker
from tests.orchestrator.test_breaker import Clock

ONCE = BreakerRules(failures=1)


def ended(error: BaseException | None, *, begun: bool = False, patient: bool = True, adapted: bool = False) -> Tracker:
    """The tracker after one request that ended so."""
    tracker = Tracker("a", ONCE, Clock())
    with suppress(type(error) if error is not None else ()), tracker.begin(patient, adapted) as work:
        if begun:
            work.progressed()
        if error is not None:
            raise error
    return tracker


@pytest.mark.parametrize("error", [ModelUnavailable("x"), OutOfMemory("x"), BadOutput("x"), DeadlineExceeded("x")])
def test_failures_of_the_model_open_the_breaker(error: ModelError) -> None:
    load = ended(error).load()
    assert (load.breaker, load.requests, load.failures) == ("open", 1, 1)
    assert load.reason == error.code  # and not its message, which other clients must not read


@pytest.mark.parametrize("error", [BadRequest("x"), NoSuchAdapter("x"), ContextLengthExceeded("x")])
def test_what_was_asked_wrongly_counts_for_nothing(error: ModelError) -> None:
    load = ended(error).load()
    assert (load.breaker, load.requests) == ("closed", 0)


@pytest.mark.parametrize("error", [asyncio.CancelledError(), GeneratorExit(), ZeroDivisionError()])
def test_neither_does_a_client_that_left_or_a_fault_of_ours(error: BaseException) -> None:
    load = ended(error).load()
    assert (load.breaker, load.requests, load.ongoing, load.queued) == ("closed", 0, 0, 0)


def test_a_full_queue_is_told_but_does_not_open_the_breaker() -> None:
    load = ended(ModelOverloaded("x")).load()
    assert (load.breaker, load.failures, load.error_rate) == ("closed", 1, 1.0)


def test_late_after_the_first_piece_or_with_little_time_is_not_held_against_it() -> None:
    assert ended(DeadlineExceeded("x"), begun=True).load().breaker == "closed"
    assert ended(DeadlineExceeded("x"), patient=False).load().requests == 0
    assert ended(ModelUnavailable("x"), patient=False, begun=True).load().breaker == "open"


def test_an_adapter_that_cannot_be_loaded_says_nothing_of_the_model() -> None:
    assert ended(ModelUnavailable("x"), adapted=True).load().breaker == "closed"


def test_requests_under_way_and_latencies() -> None:
    clock = Clock()
    tracker = Tracker("a", ONCE, clock)
    with tracker.begin() as work:
        assert (tracker.load().ongoing, tracker.load().queued) == (1, 1)
        clock.now += 1
        work.progressed()
        work.progressed()
        assert (tracker.load().ongoing, tracker.load().queued) == (1, 0)
        clock.now += 2
    assert (tracker.load().first_s, tracker.load().total_s) == (1, 3)
    with tracker.begin() as work:
        clock.now += 6
        work.progressed()
        clock.now += 7
    load = tracker.load()
    assert (load.first_s, load.total_s, load.ongoing) == (pytest.approx(2), pytest.approx(5), 0)
    assert (load.requests, load.error_rate) == (2, 0.0)
    clock.now += 600
    assert tracker.load().requests == 0
