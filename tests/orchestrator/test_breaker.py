"""The circuit breaker: what opens it, how it is probed, and outcomes that come too late to count."""

import pytest

from orchestrator.breaker import Breaker, BreakerRules

RULES = BreakerRules(failures=3, rate=0.5, least=8, window=60, rest=5, longest=12)


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def breaker(clock: Clock) -> Breaker:
    return Breaker(RULES, clock)


def fail(breaker: Breaker, times: int = 1) -> None:
    for _ in range(times):
        breaker.fail(breaker.begin(), "超时")


def succeed(breaker: Breaker, times: int = 1) -> None:
    for _ in range(times):
        breaker.succeed(breaker.begin())


def test_failures_in_a_row_open_it(breaker: Breaker) -> None:
    fail(breaker, 2)
    assert (breaker.state, breaker.able) == ("closed", True)
    fail(breaker)
    assert (breaker.state, breaker.able, breaker.reason, breaker.rests) == ("open", False, "超时", 5)


def test_a_success_ends_the_row(breaker: Breaker) -> None:
    for _ in range(3):
        fail(breaker, 2)
        succeed(breaker, 3)
    assert breaker.state == "closed"


def test_too_many_failures_among_the_last_requests_open_it(breaker: Breaker) -> None:
    for _ in range(3):
        succeed(breaker)
        fail(breaker)
    assert breaker.state == "closed"  # half of them, but only six
    succeed(breaker)
    fail(breaker)
    assert breaker.state == "open"


def test_failures_of_long_ago_do_not_count(breaker: Breaker, clock: Clock) -> None:
    for _ in range(3):
        succeed(breaker)
        fail(breaker)
    clock.now += 120
    succeed(breaker, 3)
    fail(breaker, 2)
    assert breaker.state == "closed"


def test_one_probe_at_a_time_closes_it(breaker: Breaker, clock: Clock) -> None:
    fail(breaker, 3)
    clock.now += 4.9
    assert breaker.state == "open"
    clock.now += 0.1
    assert (breaker.state, breaker.able) == ("half_open", True)
    probe = breaker.begin()
    assert (probe.probe, breaker.able) == (True, False)
    assert breaker.begin().probe is False
    breaker.succeed(probe)
    assert (breaker.state, breaker.able, breaker.reason) == ("closed", True, "")


def test_a_failed_probe_doubles_the_rest_up_to_a_bound(breaker: Breaker, clock: Clock) -> None:
    fail(breaker, 3)
    rests = []
    for _ in range(4):
        clock.now += breaker.rests
        fail(breaker)
        rests.append(breaker.rests)
    assert rests == [10, 12, 12, 12]
    clock.now += 12
    succeed(breaker)
    fail(breaker, 3)
    assert breaker.rests == 5  # begins anew


def test_a_probe_that_says_nothing_leaves_the_place_to_another(breaker: Breaker, clock: Clock) -> None:
    fail(breaker, 3)
    clock.now += 5
    breaker.drop(breaker.begin())
    assert (breaker.state, breaker.able) == ("half_open", True)


def test_what_was_begun_before_it_opened_says_nothing_after(breaker: Breaker, clock: Clock) -> None:
    early, late = breaker.begin(), breaker.begin()
    fail(breaker, 3)
    breaker.succeed(early)
    assert breaker.state == "open"
    clock.now += 5
    probe = breaker.begin()
    breaker.fail(late, "超时")
    assert (breaker.state, breaker.able) == ("half_open", False)
    breaker.succeed(probe)
    assert breaker.state == "closed"


def test_a_request_for_want_of_another_model_closes_it_when_it_succeeds(breaker: Breaker) -> None:
    fail(breaker, 3)
    fail(breaker)
    assert breaker.rests == 5  # such a failure is no failed probe
    succeed(breaker)
    assert breaker.state == "closed"
