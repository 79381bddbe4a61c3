"""Tokens from a replica of a model to a caller: one message for all that a step of the batch made.

A message between Serve replicas costs as much as making a token. So a caller keeps one *line* to each replica that
works for it, and what a step made for all of its requests goes over it together. Each request also has a stream of its
own, which Serve routes, bounds and cancels: it opens with the replica's id and closes with how many pieces were sent.
"""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import suppress
from itertools import count
from uuid import uuid4

from models.contracts import Chunk, GenerationRequest, Generator, ModelUnavailable

Batch = list[tuple[int, Chunk]]  # pieces with the number of their request
Opening = tuple[str, int]  # the caller's id, and the number that it gave to the request
AGAIN_S = 0.01  # before a line that went to the wrong replica is tried again
IDLE_S = 2.0  # a line that nothing uses is closed, so that its replica can stop without waiting for it
LATE_S = 5.0  # how long the pieces of an answer that is complete may be on their way


class WrongReplica(ModelUnavailable):
    """The line was meant for another replica: Serve may hand a call to whichever is free, and the named may be gone."""

    code = "wrong_replica"


class Outboxes:
    """At a replica: what is on its way to each caller."""

    def __init__(self, id: str) -> None:
        self.id = id
        self._boxes: dict[str, _Outbox] = {}

    async def send(
        self, model: Generator, request: GenerationRequest, opening: Opening
    ) -> AsyncGenerator[str | int, None]:
        """Put the model's pieces on the caller's line. Yields the replica's id, and at the end how many there were."""
        caller, number = opening
        box = self._boxes.setdefault(caller, _Outbox())
        yield self.id
        sent = 0
        async for chunk in model.generate(request):
            box.put((number, chunk))
            sent += 1
        yield sent

    async def line(self, id: str, caller: str) -> AsyncIterator[Batch]:
        """All that is sent to `caller`, step by step. Raises WrongReplica when the line is meant for another."""
        if id != self.id:
            raise WrongReplica(f"replica {id} was not reached")
        box = self._boxes.setdefault(caller, _Outbox())
        while batch := await box.take():
            yield batch


class _Outbox:
    """Pieces that wait for the line's next message."""

    def __init__(self) -> None:
        self.waiting: Batch = []
        self._filled = asyncio.Event()

    def put(self, piece: tuple[int, Chunk]) -> None:
        self.waiting.append(piece)
        self._filled.set()

    async def take(self) -> Batch:
        """What waits, at least one piece; nothing once the line was idle for IDLE_S."""
        with suppress(TimeoutError):
            await asyncio.wait_for(self._filled.wait(), IDLE_S)
        batch, self.waiting = self.waiting, []
        self._filled.clear()
        return batch


Open = Callable[[str, str], AsyncIterator[Batch]]  # (replica's id, caller's id) → its line


class Lines:
    """At a caller: the lines to all replicas of one model, and which request waits for which pieces."""

    def __init__(self, open_: Open) -> None:
        self._open = open_
        self._id = uuid4().hex
        self._numbers = count()
        self._waiting: dict[int, _Waiting] = {}
        self._readers: dict[str, asyncio.Task[None]] = {}

    def opening(self) -> Opening:
        """The id of this caller, and a number for a new request, whose pieces are kept from now on: over a line that is
        open already they may come before `read` is called. To be ended with `close`.
        """
        number = next(self._numbers)
        self._waiting[number] = _Waiting()
        return self._id, number

    def close(self, opening: Opening) -> None:
        """Nobody reads the request's pieces any more."""
        self._waiting.pop(opening[1], None)

    async def read(self, opening: Opening, stream: AsyncIterator[str | int]) -> AsyncIterator[Chunk]:
        """The pieces of the request whose own stream is `stream`. Raises what that, or the line, raises, and
        ModelUnavailable when pieces that were sent do not come.
        """
        waiting = self._waiting[opening[1]]
        follower = asyncio.create_task(self._follow(waiting, stream))
        try:
            got = 0
            while got != waiting.sent:
                try:
                    piece = await asyncio.wait_for(waiting.pieces.get(), None if waiting.sent is None else LATE_S)
                except TimeoutError as error:
                    raise ModelUnavailable(f"{waiting.sent} pieces were sent, and {got} came") from error
                if isinstance(piece, BaseException):
                    raise piece
                if piece is not None:
                    got += 1
                    yield piece
        finally:
            follower.cancel()
            self.close(opening)

    async def _follow(self, waiting: "_Waiting", stream: AsyncIterator[str | int]) -> None:
        """Learn from the request's own stream which replica works for it, and how many pieces it sent."""
        try:
            waiting.replica = str(await anext(stream))
            reader = self._readers.get(waiting.replica)
            if reader is None or reader.done():
                self._readers[waiting.replica] = asyncio.create_task(self._listen(waiting.replica))
            waiting.sent = int(await anext(stream))
            waiting.pieces.put_nowait(None)
        except StopAsyncIteration:
            waiting.pieces.put_nowait(ModelUnavailable("the replica broke off its answer"))
        except Exception as error:  # raised again by whoever reads the pieces
            waiting.pieces.put_nowait(error)

    async def _listen(self, replica: str) -> None:
        """Hand out what comes over the line to a replica, as long as a request waits for it."""
        try:
            # When the replica is gone, the requests' own streams say so, and nobody waits any more.
            while any(one.replica == replica for one in self._waiting.values()):
                with suppress(WrongReplica):
                    async for batch in self._open(replica, self._id):
                        for number, chunk in batch:
                            # A request that was closed meanwhile waits for nothing any more.
                            if (waiting := self._waiting.get(number)) is not None:
                                waiting.pieces.put_nowait(chunk)
                    continue
                await asyncio.sleep(AGAIN_S)
        except Exception as error:  # raised again by whoever reads the pieces
            for one in self._waiting.values():
                if one.replica == replica:
                    one.pieces.put_nowait(error)


class _Waiting:
    """A request on its way: its pieces, the replica that works for it, and how many pieces that sent once it is done.

    In `pieces`, None says that `sent` is known, and an exception that no more will come.
    """

    def __init__(self) -> None:
        self.pieces: asyncio.Queue[Chunk | Exception | None] = asyncio.Queue()
        self.replica = ""
        self.sent: int | None = None
