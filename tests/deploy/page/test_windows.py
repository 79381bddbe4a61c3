"""What a window watches ends when it is left, and says nothing more."""

import asyncio
from collections.abc import AsyncGenerator

import pytest

from deploy.page.windows import Windows


async def forever(closed: list[str]) -> AsyncGenerator[int, None]:
    """One row, then nothing until it is closed."""
    try:
        yield 1
        await asyncio.Event().wait()
    finally:
        closed.append("closed")


async def watching(windows: Windows, id: str, rows: list[int], closed: list[str]) -> None:
    async with windows.watch("w", id) as watch:
        async for row in watch.watched(forever(closed)):
            rows.append(row)
        if watch.stopped:
            rows.append(-1)


@pytest.mark.parametrize(("stopped", "said"), [(False, [1]), (True, [1, -1])])
async def test_who_is_left_closes_what_it_waits_for(stopped: bool, said: list[int]) -> None:
    windows, rows, closed = Windows(), list[int](), list[str]()
    work = asyncio.create_task(watching(windows, "a", rows, closed))
    await asyncio.sleep(0.05)
    assert windows.busy("w", "a") and not windows.busy("w", "b") and not windows.busy("other", "a")
    await windows.leave("w", stopped)
    assert closed == ["closed"] and rows == said and not windows.busy("w", "a")
    await work


async def test_the_next_one_of_a_window_ends_the_last() -> None:
    windows, rows, closed = Windows(), list[int](), list[str]()
    first = asyncio.create_task(watching(windows, "a", rows, closed))
    await asyncio.sleep(0.05)
    second = asyncio.create_task(watching(windows, "b", rows, closed))
    await asyncio.wait_for(first, 5)
    await asyncio.sleep(0.05)
    assert windows.busy("w", "b") and rows == [1, 1]
    await windows.leave("w")
    await second
    assert closed == ["closed", "closed"]


async def test_a_consultation_that_is_made_meanwhile_is_the_same_turn() -> None:
    windows = Windows()
    async with windows.watch("w", "") as watch:
        watch.id = "made"
        assert windows.busy("w", "") and windows.busy("w", "made")


async def test_what_breaks_off_is_told_and_leaves_nothing_behind() -> None:
    async def broken() -> AsyncGenerator[int, None]:
        yield 1
        raise RuntimeError("gone")

    windows = Windows()
    with pytest.raises(RuntimeError, match="gone"):
        async with windows.watch("w", "a") as watch:
            async for _ in watch.watched(broken()):
                pass
    assert not windows.busy("w", "a")
