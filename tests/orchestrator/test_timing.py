"""Deadlines of streams and of the library, and how long is left for a piece of work."""

import asyncio
import time
from collections.abc import AsyncGenerator

import pytest

from orchestrator.services import Call, Limits, Services
from orchestrator.timing import OutOfTime, TimedLibrary, in_time, until
from retrievers.contracts import CorpusState, Hit, Query, RetrievalError, SearchTooLate
from tests.orchestrator.doubles import Library, Pool


class Slow(Library):
    """A library that takes its time, and notes what it was asked and what was given up."""

    asked: Query | None = None
    given_up = False

    async def search_articles(self, query: Query) -> list[Hit]:
        self.asked = query
        return await super().search_articles(query)

    async def state(self) -> CorpusState:
        try:
            await asyncio.sleep(30)
        except asyncio.CancelledError:
            self.given_up = True
            raise
        return await super().state()


async def numbers(closed: list[bool], delay: float) -> AsyncGenerator[int, None]:
    try:
        for number in range(100):
            yield number
            await asyncio.sleep(delay)
    finally:
        closed.append(True)


async def test_a_stream_ends_at_its_deadline_and_is_closed() -> None:
    closed: list[bool] = []
    seen = []
    with pytest.raises(TimeoutError):
        async for number in until(numbers(closed, 0.1), time.time() + 0.15):
            seen.append(number)
    assert seen == [0, 1]
    assert closed == [True]


async def test_a_stream_past_its_deadline_is_never_begun() -> None:
    with pytest.raises(OutOfTime) as raised:
        await anext(in_time(numbers([], 0), time.time() - 1))
    assert raised.value.code == "deadline_exceeded"


async def test_a_stream_in_time_is_passed_on_whole() -> None:
    closed: list[bool] = []
    assert [one async for one in in_time(numbers(closed, 0), time.time() + 30)] == list(range(100))
    assert closed == [True]


async def test_the_library_gives_up_at_its_own_limit_and_at_the_deadline() -> None:
    for limit, left in ((0.05, 60), (60, 0.05)):
        slow = Slow()
        with pytest.raises(SearchTooLate) as raised:
            await TimedLibrary(slow, limit, time.time() + left).state()
        assert slow.given_up
        assert isinstance(raised.value, RetrievalError)
        assert raised.value.code == "deadline_exceeded"


async def test_past_the_deadline_nothing_is_asked() -> None:
    slow = Slow()
    with pytest.raises(SearchTooLate):
        await TimedLibrary(slow, 10, time.time() - 1).search_articles(Query(text="借款"))
    assert slow.asked is None


async def test_a_search_is_told_until_when_somebody_waits() -> None:
    slow = Slow()
    deadline = time.time() + 3
    await TimedLibrary(slow, 10, deadline).search_articles(Query(text="借款"))
    assert slow.asked is not None
    assert slow.asked.deadline == deadline


def test_what_remains_is_the_less_of_limit_and_deadline() -> None:
    services = Services(library=Library(), models=Pool(), limits=Limits(turn=50))
    assert services.remaining(20) == 20  # outside a call there is no deadline
    served = services.serving(Call(deadline=time.time() + 9))
    assert served.remaining(5) == 5
    assert 8 < served.remaining(20) <= 9
    assert 49 < services.serving(Call(deadline=time.time() + 900)).remaining(900) <= 50
    assert services.serving(Call(deadline=time.time() - 1)).remaining(20) == 0


def test_choices_hang_on_the_session_and_else_on_the_request() -> None:
    services = Services(library=Library(), models=Pool())
    assert services.serving(Call(request="r"), "s").seed == "s"
    assert services.serving(Call(request="r")).seed == "r"
