"""Streamable HTTP at `/mcp`: one POST for each message, stateless, behind the same guards as `/v1/`."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Annotated, Any

from fastapi import APIRouter, Depends, FastAPI, Request, Response
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager
from starlette.types import Receive, Scope, Send

from deploy.api.guard import Caller, caller
from deploy.mcp import server, within
from deploy.sdk import AsyncLexhub
from deploy.settings import Settings

router = APIRouter()
Agent = Annotated[Caller, Depends(caller("consult", "experts"))]


def manager(app: FastAPI, settings: Settings) -> StreamableHTTPSessionManager:
    """What turns HTTP requests into messages; to be run as long as the API serves."""

    def connect(context: server.Context) -> AsyncLexhub:
        scope: Scope = context.request.scope  # type: ignore[union-attr]  # over HTTP there is a request
        return within.client(app, scope["state"], scope)

    # Host and Origin are the guard's to judge, who knows whether there are keys.
    return StreamableHTTPSessionManager(
        server.build(connect), stateless=True, max_request_body_size=settings.limits.body
    )


@asynccontextmanager
async def running(held: StreamableHTTPSessionManager) -> AsyncIterator[None]:
    """The manager at work. In a task of its own: it must end in the task that began it, and a server's start and stop
    may be different ones.
    """
    begun, over = asyncio.Event(), asyncio.Event()

    async def work() -> None:
        async with held.run():
            begun.set()
            await over.wait()

    task = asyncio.create_task(work())
    starting = asyncio.create_task(begun.wait())
    try:
        await asyncio.wait({task, starting}, return_when=asyncio.FIRST_COMPLETED)
        if task.done():
            await task  # it could not begin
        yield
    finally:
        starting.cancel()
        over.set()
        await task


class Exchange(Response):
    """A response that the manager writes."""

    def __init__(self, held: StreamableHTTPSessionManager) -> None:
        super().__init__()
        self._held = held

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve the message."""
        await self._held.handle_request(scope, receive, send)


@router.post("/mcp", include_in_schema=False)
async def message(request: Request, who: Agent) -> Any:
    """一条 MCP 消息(Streamable HTTP,无状态)。"""
    return Exchange(request.app.state.mcp)
