"""MCP clients of the SDK, connected over HTTP to the API in this process."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
from mcp import Client
from mcp.client.streamable_http import streamable_http_client

from deploy import settings
from deploy.accounts.account import digest
from deploy.api import build_api
from orchestrator.services import Services
from tests.deploy.sockets import served


def key(name: str, *scopes: str, **more: Any) -> dict[str, Any]:
    """An API key of the settings; its name is its text."""
    return {"name": name, "sha256": digest(name), "scopes": scopes or ("consult", "experts"), **more}


KEYS = [key("mine"), key("theirs"), key("expert", "experts"), key("consult", "consult"), key("scraper", "metrics")]


@asynccontextmanager
async def client(url: str, text: str = "mine", mode: Any = "auto", **headers: str) -> AsyncIterator[Client]:
    """A client of the MCP endpoint with this key."""
    given = {"Authorization": f"Bearer {text}", **headers}
    async with (
        httpx2.AsyncClient(headers=given, timeout=60, trust_env=False) as http,
        Client(streamable_http_client(f"{url}/mcp", http_client=http), mode=mode) as made,
    ):
        yield made


async def told(made: Client, tool: str, **arguments: Any) -> dict[str, Any]:
    """The structured result of a call that succeeds."""
    result = await made.call_tool(tool, arguments)
    assert not result.is_error, result.structured_content
    assert result.structured_content is not None
    structured: dict[str, Any] = result.structured_content
    return structured


async def refused(made: Client, tool: str, **arguments: Any) -> dict[str, Any]:
    """The error object of a call that fails."""
    result = await made.call_tool(tool, arguments)
    assert result.is_error
    assert result.structured_content is not None
    problem: dict[str, Any] = result.structured_content["error"]
    return problem


@pytest.fixture
def url(own_home: Path, shared: Services) -> Iterator[str]:
    """The address of a server with KEYS."""
    loaded = settings.load("embedded", {"home": str(own_home), "api_keys": KEYS})
    with served(build_api(loaded, shared)) as address:
        yield address
