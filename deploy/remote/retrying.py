"""Calls to replicas that may be gone: a call that its replica took with it is made again, one that is late twice.

A node that dies says nothing: a call to it hangs until Ray notices, seconds later. So a call that is later than answers
are (Dean and Barroso 2013, The Tail at Scale, hedged requests) is made once more, of another replica where Serve can,
and the first answer counts. For what may be done twice only: searches, and the opening of a stream that nobody has read
from. Knows nothing of what is called.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar

from ray.exceptions import RayError, RayTaskError

from deploy.remote.errors import answered, streamed

Answer = TypeVar("Answer")
Call = TypeVar("Call", bound="Attempt")
PAUSE_S = 0.05  # before a lost call is made again; doubled each time, up to LONGEST_S
LONGEST_S = 0.5
SEEN, ENOUGH = 200, 20  # answers of which it is known how long they took, and how many must have come
LATE, LEAST_S = 3.0, 0.1  # times what nineteen of twenty answers take; a busy event loop alone may hold one so long


class Attempt(Protocol):
    """A call on its way: what `handle.method.remote()` gives, or an `Opened`."""

    def __await__(self) -> Any:
        """Wait for the answer."""
        ...

    def cancel(self) -> Any:
        """Tell the replica that nobody waits any more."""
        ...


@dataclass(frozen=True)
class Hedging:
    """`after_s`: seconds without an answer after which, at the latest, a call is made again. `most`: calls under way at
    once.

    `lost_s`: how long calls are made again that a replica took with it; null, as long as there is time.
    """

    after_s: float = 0.3
    most: int = 3
    lost_s: float | None = None


class Budget:
    """Bounds what hedging adds: a second call costs a token, an answered one gives `share` of it back. Knows how long
    answers take, and so when one is late.

    So a retriever that is slow because it is overloaded gets little more than `share` of its load again, while a node
    that dies costs as many second calls as it had in hand, at most `tokens`. One budget for each callee.
    """

    def __init__(self, tokens: float = 100, share: float = 0.1) -> None:
        self._tokens, self._most, self._share = tokens, tokens, share
        self._took: deque[float] = deque(maxlen=SEEN)

    def late(self, most: float) -> float:
        """Seconds from which on an answer is late: `most` at most, and until enough have come."""
        if len(self._took) < ENOUGH:
            return most
        return min(most, max(LEAST_S, LATE * sorted(self._took)[int(0.95 * len(self._took))]))

    def take(self) -> bool:
        """Whether one more call may be made now."""
        if self._tokens < 1:
            return False
        self._tokens -= 1
        return True

    def answered(self, took: float) -> None:
        """A call was answered, so many seconds after it was made: the second one where that was first."""
        self._tokens = min(self._most, self._tokens + self._share)
        self._took.append(took)


async def hedged(call: Callable[[], Call], hedging: Hedging, budget: Budget, patience: float) -> tuple[Any, Call]:
    """The first answer, and the attempt that gave it; the others are cancelled.

    Raises what the callee raised, the error of the last attempt when every one was lost, and TimeoutError after
    `patience` seconds.
    """
    running: dict[asyncio.Task[Any], tuple[Call, float]] = {}  # and when it was made
    began, pause, late = time.monotonic(), PAUSE_S, budget.late(hedging.after_s)
    ends = began + patience
    gives_up = ends if hedging.lost_s is None else min(ends, began + hedging.lost_s)
    winner: asyncio.Task[Any] | None = None

    def begin() -> None:
        attempt = call()
        running[asyncio.create_task(_answer(attempt))] = attempt, time.monotonic()

    begin()
    try:
        while (left := ends - time.monotonic()) > 0:
            done, _ = await asyncio.wait(running, timeout=min(late, left), return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                try:
                    answer = task.result()
                except RayError as error:
                    # A RayTaskError is what the callee itself raised; any other tells that the replica is gone.
                    if isinstance(error, RayTaskError) or time.monotonic() + pause > gives_up:
                        raise
                    running.pop(task)[0].cancel()
                else:
                    winner, (attempt, made) = task, running[task]
                    budget.answered(time.monotonic() - made)
                    return answer, attempt
            if not running:
                await asyncio.sleep(pause)
                pause = min(2 * pause, LONGEST_S)
                begin()
            elif not done and len(running) < hedging.most and budget.take():
                begin()
        raise TimeoutError(f"no answer within {patience:g} s")
    finally:
        for task, (attempt, _) in running.items():
            if task is not winner:
                # How it ends is of no interest any more, but asyncio complains of an error that nobody looked at.
                task.add_done_callback(lambda ended: ended.cancelled() or ended.exception())
                task.cancel()
                attempt.cancel()


async def _answer(attempt: Attempt) -> Any:
    return await answered(attempt)


class Opened(Generic[Answer]):
    """The opening of a stream as an attempt, answered with its first item. Read after that, it gives all items."""

    def __init__(self, stream: Any) -> None:
        self._stream, self._items = stream, streamed(stream)
        self._first: list[Answer] = []

    def __await__(self) -> Any:
        """The first item. Raises EmptyStream where there is none."""
        return self._opening().__await__()

    def __aiter__(self) -> "Opened[Answer]":
        return self

    async def __anext__(self) -> Answer:
        return self._first.pop() if self._first else await anext(self._items)

    def cancel(self) -> None:
        """Cancel the stream."""
        self._stream.cancel()

    async def _opening(self) -> Answer:
        try:
            self._first.append(await anext(self._items))
        except StopAsyncIteration as error:
            raise EmptyStream("the stream ended before its first item") from error
        return self._first[0]


class EmptyStream(Exception):
    """A stream ended before its first item."""
