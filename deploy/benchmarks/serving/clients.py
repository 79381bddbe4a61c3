"""The clients of a run, lean since they share the cores with what they ask: closed loops, and arrivals that wait for
nobody.
"""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import aiohttp
import numpy as np

Json = dict[str, Any]
LIMIT_S = 60.0  # after which a client hangs


@dataclass
class Outcome:
    """Answers with status 200: their times in seconds; how many of the others by status, 0 for none within LIMIT_S.

    `patient`: how many refusals (429, 503) told when to come back. `seconds` from the first request to the last answer.
    """

    times: list[float] = field(default_factory=list)
    others: Counter[int] = field(default_factory=Counter)
    patient: int = 0
    seconds: float = 0.0

    def joined(self, other: "Outcome") -> "Outcome":
        """Both, one after the other."""
        return Outcome(
            self.times + other.times,
            self.others + other.others,
            self.patient + other.patient,
            self.seconds + other.seconds,
        )

    @property
    def rate(self) -> float:
        """Successes a second."""
        return len(self.times) / self.seconds

    def p(self, share: float) -> float:
        """The percentile of the times, in milliseconds."""
        return float(np.percentile(self.times, share)) * 1000 if self.times else float("nan")


@asynccontextmanager
async def session(url: str) -> AsyncIterator[aiohttp.ClientSession]:
    """Connections to a server, as many as it takes."""
    limit = aiohttp.ClientTimeout(total=LIMIT_S)
    async with aiohttp.ClientSession(url, connector=aiohttp.TCPConnector(limit=0), timeout=limit) as made:
        yield made


async def one(client: aiohttp.ClientSession, path: str, body: Json, outcome: Outcome) -> None:
    """One request, noted in the outcome."""
    began = time.perf_counter()
    try:
        async with client.post(path, json=body) as response:
            await response.read()
            if response.status == 200:
                outcome.times.append(time.perf_counter() - began)
                return
            outcome.others[response.status] += 1
            outcome.patient += response.status in (429, 503) and "Retry-After" in response.headers
    except (aiohttp.ClientError, TimeoutError):
        outcome.others[0] += 1


def closed(url: str, path: str, body: Json, clients: int, requests: int) -> Outcome:
    """So many requests by so many clients, each of which sends when it was answered."""
    outcome, left = Outcome(), iter(range(requests))

    async def loop(client: aiohttp.ClientSession) -> None:
        for _ in left:
            await one(client, path, body, outcome)

    async def run() -> None:
        async with session(url) as client:
            began = time.perf_counter()
            await asyncio.gather(*(loop(client) for _ in range(clients)))
            outcome.seconds = time.perf_counter() - began

    asyncio.run(run())
    return outcome


def arriving(url: str, path: str, body: Json, rate: float, seconds: float) -> tuple[Outcome, float]:
    """`rate` requests a second for so long, whether or not earlier ones were answered; then all are waited for.

    Also the successes a second in the second half of that time, when the load has long been what it is.
    """
    outcome = Outcome()

    async def run() -> float:
        async with session(url) as client:
            began, tasks, half = time.perf_counter(), [], (0.0, 0)
            for moment in _moments(rate, seconds):
                await asyncio.sleep(max(0.0, began + moment - time.perf_counter()))
                tasks.append(asyncio.create_task(one(client, path, body, outcome)))
                if not half[0] and moment >= seconds / 2:
                    half = time.perf_counter(), len(outcome.times)
            outcome.seconds = time.perf_counter() - began
            steady = (len(outcome.times) - half[1]) / (time.perf_counter() - half[0])
            await asyncio.gather(*tasks)
            return steady

    return outcome, asyncio.run(run())


def _moments(rate: float, seconds: float) -> Iterator[float]:
    """When to send, in batches of what is due each hundredth of a second: a finer clock would cost what it tells."""
    tick = 0.01
    for at in range(int(seconds / tick)):
        due = int((at + 1) * tick * rate) - int(at * tick * rate)
        yield from [at * tick] * due


async def gathered(work: Callable[[int], Awaitable[None]], count: int, at_once: int) -> None:
    """`work` for each number below `count`, so many at a time."""
    left = iter(range(count))

    async def loop() -> None:
        for number in left:
            await work(number)

    await asyncio.gather(*(loop() for _ in range(at_once)))
