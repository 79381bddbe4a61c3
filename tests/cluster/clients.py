"""Clients that send requests all the time, try again when one fails, and keep account of every one."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import httpx

TRIES = 8
TRY_S = 20.0  # no try is given up sooner: what a client waits for is what the server makes it wait for
AGAIN_S = 0.05


@dataclass
class Account:
    """What became of the requests: seconds of each that succeeded, its tries included; failures; tries made again."""

    took: list[tuple[float, float]] = field(default_factory=list)  # (when it began, how long)
    failed: list[str] = field(default_factory=list)
    again: list[str] = field(default_factory=list)

    @property
    def share(self) -> float:
        """Of the requests, how many succeeded."""
        return len(self.took) / max(1, len(self.took) + len(self.failed))

    def during(self, begin: float, end: float) -> list[float]:
        """Seconds of those that were under way between two times (time.monotonic)."""
        return sorted(took for at, took in self.took if at + took >= begin and at <= end)

    def line(self, begin: float = 0.0, end: float = float("inf")) -> str:
        """The distribution in one line."""
        rows = self.during(begin, end)
        if not rows:
            return "no requests"
        p50, p99 = rows[len(rows) // 2], rows[min(len(rows) - 1, int(len(rows) * 0.99))]
        return (
            f"{len(rows)} requests, {self.share:.2%} of all succeeded, {len(self.again)} tries again: "
            f"p50 {p50 * 1000:.0f} ms, p99 {p99 * 1000:.0f} ms, longest {rows[-1] * 1000:.0f} ms"
        )


class Clients:
    """Sends requests to the first of `urls`, to the next when that cannot be reached or fails."""

    def __init__(self, urls: Sequence[str]) -> None:
        self.urls = list(urls)
        self.account = Account()
        self._http = httpx.AsyncClient(timeout=TRY_S, trust_env=False)
        self._stop = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    async def request(self, method: str, path: str, **more: Any) -> Any:
        """The answer's JSON; None when all tries failed."""
        began, problem = time.monotonic(), ""
        for at in range(TRIES):
            try:
                answer = await self._http.request(method, self.urls[at % len(self.urls)] + path, **more)
            except httpx.HTTPError as error:
                problem = repr(error)
            else:
                if answer.status_code < 400:
                    self.account.took.append((began, time.monotonic() - began))
                    return answer.json()
                problem = f"{answer.status_code} {answer.text[:300]}"
                if answer.status_code not in (408, 409, 429, 500, 502, 503, 504):
                    break
            self.account.again.append(f"{time.monotonic() - began:.2f} s: {problem}")
            await asyncio.sleep(AGAIN_S)
        self.account.failed.append(problem)
        return None

    def begin(self, count: int, work: Callable[["Clients", int], Awaitable[None]]) -> None:
        """Let `count` clients do their work over and over until `end`."""

        async def loop(number: int) -> None:
            while not self._stop.is_set():
                await work(self, number)

        self._tasks += [asyncio.create_task(loop(number)) for number in range(count)]

    async def end(self) -> Account:
        """Let every client finish what it is doing."""
        self._stop.set()
        await asyncio.gather(*self._tasks)
        await self._http.aclose()
        return self.account


async def search(clients: Clients, number: int) -> None:
    """A search for articles."""
    await clients.request("POST", "/v1/articles/search", json={"query": "借款到期不还怎么办", "top": 3})


async def chat(clients: Clients, number: int) -> None:
    """A question, answered at once."""
    messages = [{"role": "user", "content": "借款到期不还,利息怎么算?"}]
    await clients.request("POST", "/v1/chat/completions", json={"model": "lexhub-normal", "messages": messages})
