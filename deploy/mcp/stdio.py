"""MCP over the standard streams: of this process's own services, or of a server that runs elsewhere.

Nothing but messages reaches standard output: the SDK keeps it for itself while it serves, what is printed goes to
standard error. The end of standard input is the end.
"""

from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import replace
from typing import Any

from mcp.server import Server
from mcp.server.stdio import stdio_server

from deploy.mcp import server, within
from deploy.sdk import AsyncLexhub
from deploy.settings import Settings

Opened = Callable[[], AbstractAsyncContextManager[Server[Any]]]


async def serve(opened: Opened) -> None:
    """Serve until standard input ends. The server is opened here, so that nothing of its start is printed."""
    async with stdio_server() as (read, write), opened() as made:
        await made.run(read, write, made.create_initialization_options())


@asynccontextmanager
async def own(settings: Settings, subject: str) -> AsyncIterator[Server[Any]]:
    """A server over the services of these settings in this process, for who can read its home.

    Consultations are kept in the home, as those of `subject`. Raises as `deploy.local.services`.
    """
    from deploy import local
    from deploy.api import build_api
    from deploy.api.guard import LOCAL, Caller

    app = build_api(settings, local.services(settings))
    who = replace(LOCAL, scopes=("consult", "experts"))  # whatever a tool does, it administers nothing
    state = {"caller": Caller(who, subject)}
    async with app.router.lifespan_context(app):
        yield server.build(lambda context: within.client(app, state))


@asynccontextmanager
async def elsewhere(url: str, key: str, subject: str) -> AsyncIterator[Server[Any]]:
    """A server over the API at `url`."""
    yield server.build(lambda context: AsyncLexhub(url=url, key=key, subject=subject))
