"""Clients that send requests all the time, try again when one fails, and keep account of every one."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from uuid import uuid4

import httpx

from tests.serve.test_server import STORY, answer_to

GIVES_UP_S = 20.0  # after which a request has failed; no try is given up sooner, all waiting is of the server's making
AGAIN_S = 0.05
SURE = 5  # answers one after the other: not all need be of the same replica


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

    def slowest(self, when: float) -> str:
        """The five that took longest, by when they began."""
        rows = sorted(self.took, key=lambda row: -row[1])[:5]
        return ", ".join(f"{took:.2f} s (begun at {at - when:+.2f} s)" for at, took in rows)

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
        self.acknowledged: dict[str, list[dict[str, Any]]] = {}  # the replies of every consultation, by its id
        self._http = httpx.AsyncClient(timeout=GIVES_UP_S, trust_env=False)
        self._stop = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    async def text(self, path: str) -> str:
        """What is at the path."""
        return (await self._http.get(self.urls[0] + path)).text

    async def request(self, method: str, path: str, **more: Any) -> Any:
        """The answer's JSON; None when all tries failed."""
        began, problem = time.monotonic(), ""
        for at in count():
            if time.monotonic() - began > GIVES_UP_S:
                break
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

    def begin(self, number: int, work: Callable[["Clients"], Awaitable[None]]) -> None:
        """Let so many clients do their work over and over until `end`."""

        async def loop() -> None:
            while not self._stop.is_set():
                await work(self)

        self._tasks += [asyncio.create_task(loop()) for _ in range(number)]

    async def warm(self, *work: Callable[["Clients"], Awaitable[None]]) -> None:
        """Do each work once, off the account: what comes first is slow anywhere. Before that every field of law is made
        ready at the replicas, which keeps the machine busy.
        """
        for url in self.urls:
            ready = 0
            while ready < SURE:
                ready = ready + 1 if (await self._http.get(f"{url}/readyz")).json()["warm"] else 0
                await asyncio.sleep(0.2)
        for one in work:
            await one(self)
        self.account = Account()

    async def end(self) -> Account:
        """Let every client finish what it is doing."""
        self._stop.set()
        await asyncio.gather(*self._tasks)
        return self.account

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()


async def search(clients: Clients) -> None:
    """A search for articles."""
    await clients.request("POST", "/v1/articles/search", json={"query": "借款到期不还怎么办", "top": 3})


async def chat(clients: Clients) -> None:
    """A question, answered at once."""
    messages = [{"role": "user", "content": "借款到期不还,利息怎么算?"}]
    await clients.request("POST", "/v1/chat/completions", json={"model": "lexhub-normal", "messages": messages})


async def keywords(clients: Clients) -> None:
    """Legal terms for a story, from the expert alone."""
    messages = [{"role": "user", "content": "借款到期不还怎么办"}]
    await clients.request("POST", "/v1/chat/completions", json={"model": "keyword", "messages": messages})


async def consult(clients: Clients) -> None:
    """A consultation from the question to the answer, a turn after the other."""
    if (id := await opened(clients)) is not None:
        await told(clients, id)


async def opened(clients: Clients) -> str | None:
    """A new consultation with its first turn; null where that failed."""
    told = await clients.request("GET", "/v1/privacy")
    if told is None:
        return None
    consent = {"version": told["version"], **dict.fromkeys(told["parts"], True)}
    made = await clients.request("POST", "/v1/consultations", json={"consent": consent})
    if made is None or await said(clients, made["id"], {"content": STORY}) is None:
        return None
    return str(made["id"])


async def told(clients: Clients, id: str) -> None:
    """The rest of a consultation: what is asked is answered, what is shown is confirmed."""
    reply: dict[str, Any] | None = clients.acknowledged[id][-1]
    while reply is not None and reply["status"] != "answer":
        message = answer_to(reply) if reply["status"] == "question" else {"confirm": {"ok": True}}
        reply = await said(clients, id, message)


async def said(clients: Clients, id: str, message: dict[str, Any]) -> dict[str, Any] | None:
    """The reply to one message, sent again with the same key until it is acknowledged."""
    headers = {"Idempotency-Key": uuid4().hex}
    reply: dict[str, Any] | None = await clients.request(
        "POST", f"/v1/consultations/{id}/messages", json=message, headers=headers
    )
    if reply is not None:
        clients.acknowledged.setdefault(id, []).append(reply)
    return reply


async def kept(clients: Clients) -> list[str]:
    """Every way in which what is stored differs from what was acknowledged: a turn lost, doubled or changed."""
    wrong = []
    for id, replies in clients.acknowledged.items():
        held = await clients.request("GET", f"/v1/consultations/{id}")
        stored = [turn["reply"] for turn in held["transcript"]]
        if stored != replies:
            numbers = [[one["turn"] for one in some] for some in (replies, stored)]
            wrong.append(f"{id}: acknowledged the turns {numbers[0]}, stored are {numbers[1]}")
    return wrong
