"""What each window watches: one turn at a time, until it ends, the visitor stops waiting, or something else is opened.

Gradio could cancel an event from the browser; the window's stream of answers may then close under an event that begins
at that moment, whose answer is lost. Here the older event ends by itself, and says nothing more.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import asynccontextmanager, suppress
from typing import TypeVar

PATIENCE_S = 5.0  # for an event that was left to end

Row = TypeVar("Row")


class Watch:
    """A turn that a window watches. `begun` is the consultation that it began in, `id` the one that it is in: the same,
    or the new one that it made. `stopped`: the visitor waits no longer, and is to be told so.
    """

    def __init__(self, id: str) -> None:
        self.begun = self.id = id
        self.stopped = False
        self._left, self._ended = asyncio.Event(), asyncio.Event()

    @property
    def left(self) -> bool:
        """Whether nobody watches any more."""
        return self._left.is_set()

    async def leave(self, stopped: bool) -> None:
        """Have it end; returns when it has, or after PATIENCE_S."""
        self.stopped = stopped
        self._left.set()
        with suppress(TimeoutError):  # then the browser is gone; what it might still say is for nobody
            await asyncio.wait_for(self._ended.wait(), PATIENCE_S)

    def end(self) -> None:
        """Nothing more is said."""
        self._ended.set()

    async def watched(self, rows: AsyncGenerator[Row, None]) -> AsyncGenerator[Row, None]:
        """The rows, until it is left."""
        leaving = asyncio.ensure_future(self._left.wait())
        coming: asyncio.Future[Row] | None = None
        try:
            while True:
                coming = asyncio.ensure_future(anext(rows))
                await asyncio.wait({leaving, coming}, return_when=asyncio.FIRST_COMPLETED)
                if self.left:
                    return
                try:
                    row = coming.result()
                except StopAsyncIteration:
                    return
                yield row
        finally:
            leaving.cancel()
            if coming is not None:
                coming.cancel()
                await asyncio.gather(coming, return_exceptions=True)
            await rows.aclose()


class Windows:
    """The watches of all windows, by Gradio's name of the window."""

    def __init__(self) -> None:
        self._watches: dict[str, Watch] = {}

    def busy(self, window: str, id: str) -> bool:
        """Whether the window watches a turn of this consultation; `id` is empty for one that is only being made."""
        watch = self._watches.get(window)
        return watch is not None and not watch.left and id in (watch.begun, watch.id)

    async def leave(self, window: str, stopped: bool = False) -> None:
        """End what the window watches, if anything."""
        if (watch := self._watches.get(window)) is not None:
            await watch.leave(stopped)

    @asynccontextmanager
    async def watch(self, window: str, id: str) -> AsyncIterator[Watch]:
        """Watch a turn of this consultation; what the window watched before is left."""
        await self.leave(window)
        made = self._watches[window] = Watch(id)
        try:
            yield made
        finally:
            if self._watches.get(window) is made:
                del self._watches[window]
            made.end()
