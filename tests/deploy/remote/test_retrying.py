"""Calls that outlive their replica, without Ray: attempts are futures that the test answers."""

import asyncio
import time
from typing import Any

import pytest
from ray.exceptions import ActorUnavailableError, RayTaskError

from deploy.remote.retrying import ENOUGH, LEAST_S, Budget, EmptyStream, Hedging, Opened, hedged
from tests.deploy.remote.calls import Call, Stream

SOON = Hedging(after_s=0.02)


class Callee:
    """Gives the attempts in order, the last one's answer for ever after."""

    def __init__(self, *answers: Any) -> None:
        self.answers, self.calls = list(answers), []  # type: ignore[var-annotated]

    def __call__(self) -> Call:
        call = Call(self.answers.pop(0) if len(self.answers) > 1 else self.answers[0])
        self.calls.append(call)
        return call


def lost() -> Exception:
    return ActorUnavailableError("the node is gone", None)


async def test_a_silent_replica_is_given_up_for_another_and_told_so() -> None:
    callee = Callee(None, "found")
    answer, by = await hedged(callee, SOON, Budget(), patience=5)
    assert answer == "found" and by is callee.calls[1]
    assert [call.cancelled for call in callee.calls] == [True, False]


async def test_a_call_lost_with_its_replica_is_made_again_until_one_answers() -> None:
    callee = Callee(lost(), lost(), "found")
    assert (await hedged(callee, Hedging(most=1), Budget(), patience=5))[0] == "found"
    assert len(callee.calls) == 3


async def test_what_the_callee_raised_is_not_asked_again() -> None:
    wrong = RayTaskError("search", "trace", ValueError("no such law"))
    callee = Callee(wrong, "found")
    with pytest.raises(RayTaskError):
        await hedged(callee, SOON, Budget(), patience=5)
    assert len(callee.calls) == 1


async def test_patience_ends_a_call_that_nobody_answers() -> None:
    callee = Callee(None)
    with pytest.raises(TimeoutError, match=r"0\.2 s"):
        await hedged(callee, SOON, Budget(), patience=0.2)
    assert len(callee.calls) == SOON.most
    assert all(call.cancelled for call in callee.calls)


async def test_the_error_of_the_last_lost_call_is_told_when_time_is_up() -> None:
    with pytest.raises(ActorUnavailableError):
        await hedged(Callee(lost()), SOON, Budget(), patience=0.2)


async def test_calls_are_lost_no_longer_than_allowed() -> None:
    callee = Callee(lost(), lost(), lost(), lost(), "found")
    with pytest.raises(ActorUnavailableError):
        await hedged(callee, Hedging(lost_s=0.1), Budget(), patience=5)
    assert len(callee.calls) == 2  # after 0.05 s more there was no time for a third one


async def test_the_budget_bounds_what_hedging_adds() -> None:
    budget = Budget(tokens=2, share=0.5)
    for _ in range(3):
        with pytest.raises(TimeoutError):
            await hedged(Callee(None), SOON, budget, patience=0.1)
    spent = Callee(None)
    with pytest.raises(TimeoutError):
        await hedged(spent, SOON, budget, patience=0.1)
    assert len(spent.calls) == 1
    for _ in range(2):  # two answers give one more call
        await hedged(Callee("found"), SOON, budget, patience=1)
    again = Callee(None)
    with pytest.raises(TimeoutError):
        await hedged(again, SOON, budget, patience=0.1)
    assert len(again.calls) == 2


async def test_an_answer_is_late_by_what_answers_take() -> None:
    budget = Budget()
    for _ in range(ENOUGH):
        assert budget.late(5) == 5
        await hedged(Callee("found"), Hedging(after_s=5), budget, patience=1)
    assert budget.late(5) == LEAST_S
    silent = Callee(None, "found")
    began = time.monotonic()
    await hedged(silent, Hedging(after_s=5), budget, patience=5)
    assert time.monotonic() - began < 2
    assert budget.late(5) == LEAST_S  # a silent replica does not make the others slow
    for _ in range(ENOUGH):
        budget.answered(0.2)
    assert budget.late(5) == pytest.approx(0.6)
    assert budget.late(0.3) == 0.3


async def test_who_leaves_cancels_every_call() -> None:
    callee = Callee(None)
    waiting = asyncio.create_task(hedged(callee, SOON, Budget(), patience=5))
    await asyncio.sleep(0.1)
    waiting.cancel()
    with pytest.raises(asyncio.CancelledError):
        await waiting
    assert len(callee.calls) == SOON.most and all(call.cancelled for call in callee.calls)


async def test_a_stream_is_opened_at_the_replica_that_answers_first() -> None:
    streams = [Stream(silent=True), Stream("replica", "text")]
    waiting = iter(streams)
    first, opened = await hedged(lambda: Opened[str](next(waiting)), SOON, Budget(), patience=5)
    assert first == "replica" and isinstance(opened, Opened)
    assert [item async for item in opened] == ["replica", "text"]
    assert streams[0].cancelled and not streams[1].cancelled


async def test_a_stream_without_an_item_says_so() -> None:
    with pytest.raises(EmptyStream):
        await hedged(lambda: Opened[str](Stream()), SOON, Budget(), patience=1)
