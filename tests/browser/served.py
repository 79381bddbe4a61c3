"""What a browser test visits: the API and the page at one address in one process, no Ray.

    python -m tests.browser.served PORT HOME [SETTINGS]

SETTINGS is a JSON object; the page's key, where there are keys, comes from LEXHUB_PAGE_KEY as in a real server.

Tests steer it by POST: `/test/pace {"seconds": s}` makes each sentence of an answer wait that long, so that a turn can
be met while it runs; `/test/refuse {"times": n}` refuses the next messages as an overloaded server does.
"""

import asyncio
import json
import socket
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Mount, Route
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from deploy import local, settings
from deploy.api import build_api, errors
from deploy.page.server import build_page
from models.contracts import Chunk, GenerationRequest, Generator, ModelCard

TODAY = date(2026, 11, 20)


@dataclass
class Mood:
    """How the server behaves now."""

    pace: float = 0.0  # seconds
    refusals: int = 0


class Paced:
    """A model that takes its time over each chunk."""

    def __init__(self, model: Generator, mood: Mood) -> None:
        self._model, self._mood = model, mood

    async def check(self) -> None:
        await self._model.check()

    async def generate(self, request: GenerationRequest) -> AsyncIterator[Chunk]:
        async with aclosing(self._model.generate(request)) as chunks:  # type: ignore[type-var]
            async for chunk in chunks:
                await asyncio.sleep(self._mood.pace)
                yield chunk


class PacedPool(local.LocalPool):
    """The local models, of which those that write answers are paced."""

    def __init__(self, cards: dict[str, ModelCard], mood: Mood) -> None:
        super().__init__(cards)
        self._mood = mood

    def generator(self, name: str) -> Generator:
        model = super().generator(name)
        return Paced(model, self._mood) if "dialogue" in self._cards[name].abilities else model


class Refusing:
    """Middleware that refuses messages while it is told to."""

    def __init__(self, app: ASGIApp, mood: Mood) -> None:
        self._app, self._mood = app, mood

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if self._mood.refusals and scope["type"] == "http" and scope["path"].endswith("/messages"):
            self._mood.refusals -= 1
            await errors.response("overloaded", "服务繁忙,请稍后重试。", retry_after=1)(scope, receive, send)
            return
        await self._app(scope, receive, send)


def build(port: int, home: Path, given: Mapping[str, Any]) -> ASGIApp:
    """The API at `/`, the page at `/ui`."""
    loaded, mood = settings.load("embedded", {"home": str(home), "port": port, **given}), Mood()
    made = local.services(loaded)
    models = PacedPool({card.name: card for card in made.models.cards()}, mood)
    api = build_api(loaded, replace(made, models=models, today=lambda: TODAY))

    async def pace(request: Request) -> Response:
        mood.pace = float((await request.json())["seconds"])
        return JSONResponse({})

    async def refuse(request: Request) -> Response:
        mood.refusals = int((await request.json())["times"])
        return JSONResponse({})

    page = build_page(loaded, f"http://127.0.0.1:{port}", settings.page_key())

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        async with api.router.lifespan_context(api), running(page):
            yield

    return Starlette(
        routes=[
            Route("/test/pace", pace, methods=["POST"]),
            Route("/test/refuse", refuse, methods=["POST"]),
            Mount("/ui", page),
            Mount("/", Refusing(api, mood)),
        ],
        lifespan=lifespan,
    )


@asynccontextmanager
async def running(app: ASGIApp) -> AsyncIterator[None]:
    """The start of an app that is mounted in another one, and its end."""
    told, heard = asyncio.Queue[Message](), asyncio.Queue[Message]()
    work = asyncio.create_task(app({"type": "lifespan", "asgi": {"version": "3.0"}}, told.get, heard.put))
    await told.put({"type": "lifespan.startup"})
    assert (await heard.get())["type"] == "lifespan.startup.complete"
    try:
        yield
    finally:
        await told.put({"type": "lifespan.shutdown"})
        await work


def main(port: int, home: Path, given: Mapping[str, Any]) -> None:
    """Serve until killed."""
    server = uvicorn.Server(uvicorn.Config(build(port, home, given), log_level="warning", timeout_graceful_shutdown=1))
    # Named as TCP, so that asyncio does without Nagle's delay on it.
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP) as listening:
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listening.bind(("127.0.0.1", port))
        server.run(sockets=[listening])


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]), json.loads(sys.argv[3]) if len(sys.argv) > 3 else {})
