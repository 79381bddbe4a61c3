"""An OpenAI-compatible server in a thread of the test's own: it says what it is told to, and knows who listens."""

import asyncio
import json
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from deploy.server import free_port

PIECE = "借款人应当按照约定的期限返还借款(《民法典》第六百七十五条)。\n"  # sent when the next line begins
PAUSE_S = 0.1


@dataclass
class Upstream:
    """`mode`: `says` streams `pieces`, one each PAUSE_S; `holds` begins and says nothing; `down` refuses with 503."""

    port: int = field(default_factory=free_port)
    mode: Literal["says", "holds", "down"] = "down"
    pieces: int = 3
    asked: int = 0
    listening: list[int] = field(default_factory=list)  # the ports of the clients that are being answered
    left: list[float] = field(default_factory=list)  # when clients went away before the end (monotonic)

    def app(self) -> Starlette:
        """The server."""
        return Starlette(
            routes=[
                Route("/v1/models", self._models),
                Route("/v1/chat/completions", self._completion, methods=["POST"]),
            ]
        )

    async def _models(self, request: Request) -> Response:
        return JSONResponse({"object": "list", "data": [{"id": "upstream", "object": "model"}]})

    async def _completion(self, request: Request) -> Response:
        self.asked += 1
        if self.mode == "down":
            return JSONResponse({"error": {"message": "down", "code": "down"}}, status_code=503)
        assert request.client is not None
        return StreamingResponse(self._events(request.client.port), media_type="text/event-stream")

    async def _events(self, port: int) -> AsyncIterator[str]:
        self.listening.append(port)
        finished = False
        try:
            yield ": begun\n\n"
            while self.mode == "holds":
                await asyncio.sleep(0.02)
            for _ in range(self.pieces):
                await asyncio.sleep(PAUSE_S)
                yield _chunk({"content": PIECE})
            yield _chunk({}, "stop")
            yield "data: [DONE]\n\n"
            finished = True
        finally:
            self.listening.remove(port)
            if not finished:
                self.left.append(time.monotonic())


def _chunk(delta: dict[str, str], finish: str | None = None) -> str:
    choice = {"index": 0, "delta": delta, "finish_reason": finish}
    return f"data: {json.dumps({'object': 'chat.completion.chunk', 'choices': [choice]})}\n\n"


@contextmanager
def running() -> Iterator[Upstream]:
    """The server, listening on loopback."""
    made = Upstream()
    server = uvicorn.Server(uvicorn.Config(made.app(), host="127.0.0.1", port=made.port, log_level="critical"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    until(lambda: server.started)
    yield made
    server.should_exit = server.force_exit = True
    thread.join(10)


def until(holds: Callable[[], object], limit_s: float = 30) -> float:
    """Wait until it holds; the seconds that took."""
    began = time.monotonic()
    while not holds():
        assert time.monotonic() - began < limit_s, "it did not happen in time"
        time.sleep(0.02)
    return time.monotonic() - began
