"""The console over the real API, both in this process."""

import hashlib
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from typing import Any

import gradio as gr
import httpx
import pytest
from fastapi import FastAPI

from deploy.page.console import keeper
from deploy.page.console.console import Console
from deploy.sdk import AsyncLexhub
from tests.deploy.conftest import Start

KEYS = [
    {"name": name, "sha256": hashlib.sha256(name.encode()).hexdigest(), "scopes": scopes}
    for name, scopes in (("op", ["admin"]), ("web", ["consult", "experts"]))
]
HOME = "http://127.0.0.1"


@dataclass(frozen=True)
class Opened:
    """The console, and two clients: of the page as a browser on `address` sees it, and of the API."""

    console: Console
    page: httpx.AsyncClient
    api: httpx.AsyncClient

    async def sign_in(self, key: str, **headers: str) -> httpx.Response:
        """Send the form of the sign-in."""
        return await self.page.post("/console/session", data={"key": key}, headers=headers)

    async def called(self, name: str, *data: Any, lang: str = "") -> list[dict[str, Any]]:
        """Call the endpoint of a handler as anybody can; the events of its queue. Empty where the door is closed."""
        blocks = self.console.blocks
        [number] = [id for id, fn in blocks.fns.items() if fn.name == name][:1]
        joined = await self.page.post(
            f"/console/gradio_api/queue/join?lang={lang}",
            json={"data": list(data), "fn_index": number, "session_hash": "s1", "trigger_id": None, "event_data": None},
        )
        if joined.status_code != 200:
            return []
        told = await self.page.get("/console/gradio_api/queue/data?session_hash=s1")
        return [httpx.Response(200, text=line[6:]).json() for line in told.text.splitlines() if line[:6] == "data: "]


Open = Callable[..., AbstractAsyncContextManager[Opened]]


@pytest.fixture
def opened(start: Start, monkeypatch: pytest.MonkeyPatch) -> Open:
    """Open the console for a visitor at `address`; with `keys` the server has two, `op` of them with scope admin."""
    monkeypatch.setattr(keeper, "WRONG_S", 0.0)

    @asynccontextmanager
    async def opening(keys: bool = False, address: str = "127.0.0.1", host: str = HOME) -> AsyncIterator[Opened]:
        async with start(**({"api_keys": KEYS} if keys else {})) as api:
            console = Console(lambda key: AsyncLexhub(HOME, key, transport=api._transport, retries=0))
            app = gr.mount_gradio_app(FastAPI(), console.blocks, "/console", ssr_mode=False, show_error=False)
            async with app.router.lifespan_context(app):
                transport = httpx.ASGITransport(app=console.behind(app), client=(address, 50001))
                async with httpx.AsyncClient(transport=transport, base_url=host) as page:
                    yield Opened(console, page, api)
            await console.close()

    return opening
