import asyncio
import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from deploy.gathering import Gathering


class Reader:
    """Doubles numbers; the first batch waits until it is let go."""

    def __init__(self) -> None:
        self.batches: list[list[int]] = []
        self.go = threading.Event()

    def __call__(self, items: Sequence[int]) -> Sequence[int]:
        self.batches.append(list(items))
        assert self.go.wait(10)
        if 13 in items:
            raise ValueError("13")
        return [2 * item for item in items]


async def test_what_comes_while_a_batch_is_read_makes_the_next_ones() -> None:
    reader = Reader()
    with ThreadPoolExecutor(1) as executor:
        gathering = Gathering(reader, executor, most=3)
        first = asyncio.create_task(gathering.ask(0))
        while not reader.batches:
            await asyncio.sleep(0.001)
        others = [asyncio.create_task(gathering.ask(item)) for item in range(1, 6)]
        await asyncio.sleep(0)
        others[1].cancel()
        await asyncio.sleep(0)
        reader.go.set()
        assert await first == 0
        found = await asyncio.gather(*others, return_exceptions=True)
    assert [found[0], *found[2:]] == [2, 6, 8, 10]
    assert isinstance(found[1], asyncio.CancelledError)
    assert reader.batches == [[0], [1, 3], [4, 5]], "the one that left was not read for"


async def test_an_error_reaches_all_of_its_batch_and_nobody_else() -> None:
    reader = Reader()
    reader.go.set()
    with ThreadPoolExecutor(1) as executor:
        gathering = Gathering(reader, executor, most=2)
        found = await asyncio.gather(*(gathering.ask(item) for item in (13, 1, 2)), return_exceptions=True)
        assert [type(one) for one in found] == [ValueError, ValueError, int]
        with pytest.raises(ValueError, match="13"):
            await gathering.ask(13)
        assert await gathering.ask(4) == 8
