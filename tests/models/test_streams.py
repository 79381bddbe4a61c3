"""Streams in batches: nothing waits for more, nothing is lost, and whoever leaves ends the work."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from models.streams import gathered


async def counting(most: int, ended: list[bool], pause: bool = False, fails: bool = False) -> AsyncIterator[int]:
    try:
        for number in range(most):
            yield number
            if pause:
                await asyncio.sleep(0)
        if fails:
            raise ValueError("broken")
    finally:
        ended.append(True)


async def test_what_came_meanwhile_is_one_batch_and_in_order() -> None:
    batches: list[list[int]] = []
    async for batch in gathered(counting(100, [], pause=True)):
        batches.append(batch)
        await asyncio.sleep(0.005)
    assert [number for batch in batches for number in batch] == list(range(100))
    assert len(batches) < 20


async def test_the_first_item_waits_for_no_other() -> None:
    gate = asyncio.Event()

    async def items() -> AsyncIterator[int]:
        yield 1
        await gate.wait()
        yield 2

    batches = gathered(items())
    assert await asyncio.wait_for(anext(batches), 1) == [1]
    gate.set()
    assert await anext(batches) == [2]
    await batches.aclose()


async def test_an_error_comes_after_what_was_there() -> None:
    seen: list[int] = []
    with pytest.raises(ValueError, match="broken"):
        async for batch in gathered(counting(3, [], fails=True)):
            seen += batch
    assert seen == [0, 1, 2]


async def test_who_leaves_ends_the_work() -> None:
    ended: list[bool] = []
    batches = gathered(counting(10**9, ended, pause=True))
    await anext(batches)
    await batches.aclose()
    assert ended == [True]
