"""Calls that come while a batch is being read make the next batch: nobody waits for a timer.

Serve's own batching waits a fixed time, and does not work outside a replica. Knows nothing of models.
"""

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import Executor
from typing import Generic, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


class Gathering(Generic[Item, Result]):
    """Asks `read` for the results of many items at once, in `executor`, at most `most` in a batch."""

    def __init__(self, read: Callable[[Sequence[Item]], Sequence[Result]], executor: Executor, most: int) -> None:
        self._read, self._executor, self._most = read, executor, most
        self._waiting: list[tuple[Item, asyncio.Future[Result]]] = []
        self._running: asyncio.Task[None] | None = None

    async def ask(self, item: Item) -> Result:
        """The result of this item; raises what `read` raises. A caller that has left is not read for."""
        future: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, future))
        if self._running is None or self._running.done():
            self._running = asyncio.create_task(self._run())
        return await future

    async def _run(self) -> None:
        while self._waiting:
            taken, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
            if not (batch := [(item, future) for item, future in taken if not future.done()]):
                continue
            try:
                items = [item for item, _ in batch]
                found = await asyncio.get_running_loop().run_in_executor(self._executor, self._read, items)
            except Exception as error:
                for _, future in batch:
                    if not future.done():
                        future.set_exception(error)
                continue
            for (_, future), result in zip(batch, found, strict=True):
                if not future.done():
                    future.set_result(result)
