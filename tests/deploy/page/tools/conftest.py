"""A client of the API in this process, and events as a panel reports them."""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager

import httpx
import pytest

from deploy.sdk import AsyncLexhub
from orchestrator.services import Services
from tests.deploy.conftest import Start

Visiting = Callable[..., AbstractAsyncContextManager[AsyncLexhub]]


@pytest.fixture
def visiting(start: Start, shared: Services) -> Visiting:
    """Be a visitor of the API; keyword arguments are settings."""

    @asynccontextmanager
    async def visited(subject: str = "page:one", **overrides: object) -> AsyncIterator[AsyncLexhub]:
        async with start(shared, **overrides) as http:
            transport: httpx.AsyncBaseTransport = http._transport
            client = AsyncLexhub("http://localhost", subject=subject, transport=transport)
            yield client

    return visited
