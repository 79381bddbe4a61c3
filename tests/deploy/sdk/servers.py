"""Servers made of prepared answers, and one way to call both clients."""

from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import httpx

from deploy.sdk import AsyncLexhub, Lexhub
from deploy.sdk.events import Row

Answer = Callable[[httpx.Request], httpx.Response]


class Scripted:
    """A transport, blocking and awaited, that gives the answers in turn (the last for ever) and keeps the requests."""

    def __init__(self, *answers: httpx.Response | Answer) -> None:
        self._left = list(answers)
        self.requests: list[httpx.Request] = []

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        answer = self._left.pop(0) if len(self._left) > 1 else self._left[0]
        if callable(answer):
            return answer(request)
        body = {"stream": answer.stream} if isinstance(answer.stream, Breaking) else {"content": answer.content}
        return httpx.Response(answer.status_code, headers=answer.headers, **body)  # type: ignore[arg-type]


class Breaking(httpx.SyncByteStream, httpx.AsyncByteStream):
    """A body that comes in these pieces and then breaks off."""

    def __init__(self, *pieces: str) -> None:
        self._pieces = [piece.encode() for piece in pieces]

    def __iter__(self) -> Iterator[bytes]:
        yield from self._pieces
        raise httpx.RemoteProtocolError("peer closed connection")

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self._pieces:
            yield piece
        raise httpx.RemoteProtocolError("peer closed connection")


def stream(*events: str, broken: bool = False) -> httpx.Response:
    """An answer of server-sent events."""
    if broken:
        return httpx.Response(200, stream=Breaking(*events))
    return httpx.Response(200, content="".join(events).encode())


def event(number: int, kind: str, data: str = "{}") -> str:
    """One event as the server writes it."""
    return f"event: {kind}\ndata: {data}\nid: {number}\n\n"


class Either:
    """A client of either kind, called in one way."""

    def __init__(self, kind: str, server: Scripted, **options: Any) -> None:
        transport = httpx.MockTransport(server)
        make: Any = AsyncLexhub if kind == "async" else Lexhub
        self._client, self._awaited = make("http://server", transport=transport, **options), kind == "async"

    async def call(self, name: str, *args: Any, **named: Any) -> Any:
        """The answer to the call of that name."""
        made = getattr(self._client, name)(*args, **named)
        return await made if self._awaited else made

    async def rows(self, name: str, *args: Any, **named: Any) -> list[Row]:
        """All rows of the stream of that name."""
        found = getattr(self._client, name)(*args, **named)
        return [row async for row in found] if self._awaited else list(found)
