"""The API in this process, over the real graph, library and embedded models, with a session store of its own."""

import shutil
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest

from deploy import local, settings
from deploy.api import build_api
from deploy.observing.replicas import Watching
from orchestrator.services import Services

TODAY = date(2026, 11, 20)
Start = Callable[..., AbstractAsyncContextManager[httpx.AsyncClient]]


@pytest.fixture
def own_home(home: Path, tmp_path: Path) -> Path:
    """A home of the test's own, with the embedded corpus."""
    shutil.copytree(home / "corpora", tmp_path / "home" / "corpora")
    return tmp_path / "home"


@pytest.fixture(scope="session")
def shared(home: Path) -> Services:
    """The embedded models over the embedded corpus, made once, for tests that are not about law."""
    return local.services(settings.load("embedded", {"home": str(home)}))


@pytest.fixture
def start(own_home: Path) -> Start:
    """Start the API on `own_home`; keyword arguments are settings. Starting twice is like a restart."""

    @asynccontextmanager
    async def started(
        services: Services | None = None, watching: Watching | None = None, **overrides: Any
    ) -> AsyncIterator[httpx.AsyncClient]:
        loaded = settings.load("embedded", {"home": str(own_home), **overrides})
        made = services or local.services(loaded)
        made = Services(library=made.library, models=made.models, limits=made.limits, today=lambda: TODAY)
        app = build_api(loaded, made, watching=watching)
        async with app.router.lifespan_context(app):
            transport = httpx.ASGITransport(app=app, client=("127.0.0.1", 50000), raise_app_exceptions=False)
            async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
                yield client

    return started
