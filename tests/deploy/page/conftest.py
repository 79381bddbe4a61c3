"""The API and the page over it, both in this process, without a network."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from deploy import settings
from deploy.api import build_api
from deploy.page.server import build_page
from deploy.sdk import AsyncLexhub
from orchestrator.services import Services
from tests.deploy.conftest import TODAY

URL = "http://localhost"


@dataclass
class Both:
    """A running API, its page, and ways to each."""

    client: AsyncLexhub
    page: httpx.AsyncClient


Begin = Callable[..., AbstractAsyncContextManager[Both]]


@pytest.fixture
def begin(own_home: Path, shared: Services) -> Begin:
    """Start both on `own_home`; keyword arguments are settings. Starting twice is like a restart."""

    @asynccontextmanager
    async def begun(**overrides: Any) -> AsyncIterator[Both]:
        loaded = settings.load("embedded", {"home": str(own_home), **overrides})
        made = Services(library=shared.library, models=shared.models, limits=shared.limits, today=lambda: TODAY)
        api = build_api(loaded, made)
        wire = httpx.ASGITransport(app=api, client=("127.0.0.1", 50000), raise_app_exceptions=False)
        page = build_page(loaded, URL, transport=wire)
        shown = httpx.ASGITransport(app=_below(page), client=("127.0.0.1", 50001), raise_app_exceptions=False)
        async with (
            api.router.lifespan_context(api),
            page.living(),
            AsyncLexhub(URL, subject="tester", transport=wire) as client,
            httpx.AsyncClient(transport=shown, base_url=URL) as browser,
        ):
            yield Both(client, browser)

    return begun


def _below(page: Any) -> Any:
    """The page as Serve puts it below /ui."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        await page({**scope, "root_path": "/ui"}, receive, send)

    return app
