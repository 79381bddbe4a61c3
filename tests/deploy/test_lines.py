"""deploy.lines: what a step made goes to a caller in one message, and nothing is lost or doubled."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from deploy import lines
from deploy.lines import Batch, Lines, Outboxes, WrongReplica
from models.contracts import Chunk, GenerationRequest, ModelUnavailable
from tests.models.conftest import ask


class Steps:
    """A model all of whose requests move on together; `fail_at` breaks them off."""

    def __init__(self, pieces: int = 20, fail_at: int = -1, pause: float = 0.0) -> None:
        self.pieces, self.fail_at, self.pause = pieces, fail_at, pause
        self.running = 0

    async def generate(self, request: GenerationRequest) -> AsyncIterator[Chunk]:
        self.running += 1
        try:
            for at in range(self.pieces):
                await asyncio.sleep(self.pause)
                if at == self.fail_at:
                    raise ModelUnavailable("gone")
                yield Chunk(text=f"{request.messages[0].content}{at} ")
        finally:
            self.running -= 1

    async def check(self) -> None: ...


class Wire:
    """A replica's outboxes and a caller's lines, joined; keeps every message that went over a line."""

    def __init__(self, model: Steps, replicas: int = 1) -> None:
        self.model = model
        self.outboxes = {str(at): Outboxes(str(at)) for at in range(replicas)}
        self.messages: list[Batch] = []
        self.lines = Lines(self.line)
        self.next = 0

    async def line(self, replica: str, caller: str) -> AsyncIterator[Batch]:
        async for batch in self.outboxes[replica].line(replica, caller):
            self.messages.append(batch)
            yield batch

    async def text(self, word: str) -> str:
        opening = self.lines.opening()
        self.next = (self.next + 1) % len(self.outboxes)
        stream = self.outboxes[str(self.next)].send(self.model, ask(word), opening)
        return "".join([chunk.text async for chunk in self.lines.read(opening, stream)])


def said(word: str, pieces: int = 20) -> str:
    return "".join(f"{word}{at} " for at in range(pieces))


@pytest.mark.parametrize("replicas", [1, 3])
async def test_many_requests_share_the_messages_of_a_line(replicas: int) -> None:
    wire = Wire(Steps(), replicas)
    words = [f"w{at}-" for at in range(30)]
    assert await asyncio.gather(*map(wire.text, words)) == [said(word) for word in words]
    assert sum(map(len, wire.messages)) == 30 * 20
    assert len(wire.messages) < 30 * 20 / 5


async def test_a_line_that_fell_silent_is_opened_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "IDLE_S", 0.01)
    wire = Wire(Steps(pieces=4, pause=0.05))
    assert await asyncio.gather(wire.text("a"), wire.text("b")) == [said("a", 4), said("b", 4)]
    await asyncio.sleep(0.1)
    assert await wire.text("c") == said("c", 4)


async def test_pieces_that_come_before_anybody_reads_are_kept() -> None:
    wire = Wire(Steps(pieces=3))
    assert await wire.text("a") == said("a", 3)  # its line stays open
    opening = wire.lines.opening()
    stream = wire.outboxes["0"].send(wire.model, ask("b"), opening)
    name = await anext(stream)
    assert await anext(stream) == 3
    await asyncio.sleep(0.05)  # all of it went over the line meanwhile

    async def told() -> AsyncIterator[str | int]:
        yield name
        yield 3

    read = [chunk.text async for chunk in wire.lines.read(opening, told())]
    assert "".join(read) == said("b", 3)


async def test_pieces_that_never_come_are_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "LATE_S", 0.05)
    wire = Wire(Steps(pieces=3))

    async def told() -> AsyncIterator[str | int]:
        yield "0"
        yield 2

    with pytest.raises(ModelUnavailable, match="2 pieces were sent, and 0 came"):
        [chunk async for chunk in wire.lines.read(wire.lines.opening(), told())]


async def test_an_error_of_the_model_reaches_its_reader_only() -> None:
    wire = Wire(Steps(pieces=30, pause=0.001))
    good = asyncio.create_task(wire.text("good"))
    await asyncio.sleep(0.005)
    wire.model = Steps(fail_at=3)
    with pytest.raises(ModelUnavailable, match="gone"):
        await wire.text("bad")
    assert await good == said("good", 30)


async def test_a_broken_line_fails_its_requests_instead_of_losing_pieces() -> None:
    wire = Wire(Steps(pieces=200, pause=0.001))

    async def breaking(replica: str, caller: str) -> AsyncIterator[Batch]:
        async for batch in wire.outboxes[replica].line(replica, caller):
            yield batch
            raise ConnectionError("the line broke")

    wire.lines = Lines(breaking)
    with pytest.raises(ConnectionError):
        await wire.text("a")


async def test_a_line_that_reached_another_replica_is_tried_again() -> None:
    wire = Wire(Steps(), 2)
    wrong = iter([True, True, False])

    async def astray(replica: str, caller: str) -> AsyncIterator[Batch]:
        other = "1" if replica == "0" else "0"
        async for batch in wire.outboxes[other if next(wrong, False) else replica].line(replica, caller):
            yield batch

    wire.lines = Lines(astray)
    assert await wire.text("a") == said("a")
    with pytest.raises(WrongReplica):
        await anext(Outboxes("one").line("two", "caller"))


async def test_closing_the_reader_leaves_nothing_behind() -> None:
    wire = Wire(Steps(pieces=1000, pause=0.001))
    opening = wire.lines.opening()
    stream = wire.outboxes["0"].send(wire.model, ask("a"), opening)
    reading = wire.lines.read(opening, stream)
    await anext(reading)
    await reading.aclose()
    await asyncio.sleep(0)
    await stream.aclose()
    assert wire.model.running == 0
    assert not wire.lines._waiting
