"""Streams read in batches: what came while the last batch was being worked on makes the next one."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class _End:
    error: Exception | None = None


async def gathered(items: AsyncIterator[T]) -> AsyncGenerator[list[T], None]:
    """All that is there by now, at least one item a batch; whoever makes the items goes on meanwhile.

    Its error is raised after the items before it.
    """
    queue: asyncio.Queue[T | _End] = asyncio.Queue()

    async def pump() -> None:
        try:
            async for item in items:
                queue.put_nowait(item)
        except Exception as error:
            queue.put_nowait(_End(error))
        else:
            queue.put_nowait(_End())

    task = asyncio.create_task(pump())
    try:
        while True:
            waiting = [await queue.get()]
            while not queue.empty():
                waiting.append(queue.get_nowait())
            if batch := [one for one in waiting if not isinstance(one, _End)]:
                yield batch
            last = waiting[-1]
            if isinstance(last, _End):
                if last.error is not None:
                    raise last.error
                return
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
