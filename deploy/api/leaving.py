"""A client that leaves ends the work that was done for it, also while nothing is sent; turns outlive their client."""

import asyncio
from collections.abc import AsyncGenerator, Coroutine
from contextlib import aclosing
from contextvars import Context, copy_context
from typing import Any, TypeVar

from starlette.requests import ClientDisconnect
from starlette.responses import StreamingResponse
from starlette.types import Receive, Scope, Send

T = TypeVar("T")
KEPT = ("lexhub", "current_context")  # ours, and OpenTelemetry's, by how the names of their variables begin


async def unless_left(receive: Receive, work: Coroutine[Any, Any, T]) -> T:
    """The result of `work`; it is cancelled, and ClientDisconnect raised, when the client leaves first."""
    working, leaving = asyncio.create_task(work), asyncio.create_task(_left(receive))
    try:
        await asyncio.wait((working, leaving), return_when=asyncio.FIRST_COMPLETED)
        if not working.done():
            raise ClientDisconnect
        return working.result()
    finally:
        working.cancel()
        leaving.cancel()
        await asyncio.gather(working, leaving, return_exceptions=True)


async def outliving(work: Coroutine[Any, Any, T]) -> T:
    """The result of `work`, whose tasks go on when the client leaves.

    Serve and Ray cancel all that they know to be done for a request that is gone. What they know of it is in context
    variables, which tasks inherit: these do not.
    """
    kept = Context()
    for variable, value in copy_context().items():
        if variable.name.startswith(KEPT):
            kept.run(variable.set, value)
    return await asyncio.create_task(work, context=kept)


async def _left(receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass


class Stream(StreamingResponse):
    """Server-sent events; closed, as is the generator `made_from`, at the end, and at once when the client leaves."""

    def __init__(self, events: AsyncGenerator[str, None], made_from: AsyncGenerator[Any, None]) -> None:
        super().__init__(events, media_type="text/event-stream", headers={"X-Accel-Buffering": "no"})
        self._events, self._made_from = events, made_from

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the events."""
        # Events that were never begun do not close what they are made from.
        async with aclosing(self._made_from), aclosing(self._events):
            try:
                await unless_left(receive, self.stream_response(send))
            except (ClientDisconnect, OSError):
                return  # nobody is left to be told
