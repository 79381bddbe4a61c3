"""The API called from inside its own process, for a caller who was let in already.

The layers around the API (keys, rates, places, observation) have done their work for the message that is being
served; its calls go straight to the routes, which check the caller's scopes and validate as for anybody else.
"""

from collections.abc import Mapping
from typing import Any

import httpx
from fastapi import FastAPI
from fastapi.middleware.asyncexitstack import AsyncExitStackMiddleware
from starlette.middleware.exceptions import ExceptionMiddleware
from starlette.types import Receive, Scope, Send

from deploy.api.admission import OUTLIVES
from deploy.sdk import AsyncLexhub

BASE = "http://lexhub.internal"  # never looked up: the transport is the application itself
PASSED_ON = b"lexhub-timeout"


class Within:
    """An ASGI application: the routes and the error table of `app`, for the caller in `state`.

    `outer`: the scope of the request that is being served, if there is one.
    """

    def __init__(self, app: FastAPI, state: Mapping[str, Any], outer: Scope | None = None) -> None:
        self._app, self._state, self._outer = app, state, outer
        self._routes = ExceptionMiddleware(AsyncExitStackMiddleware(app.router), handlers=app.exception_handlers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one call."""
        scope.update(app=self._app, state=dict(self._state))
        if self._outer is not None:
            scope["headers"] = [*scope["headers"], *(row for row in self._outer["headers"] if row[0] == PASSED_ON)]
        try:
            await self._routes(scope, receive, send)
        finally:
            if self._outer is not None and (task := scope.get(OUTLIVES)) is not None:
                self._outer[OUTLIVES] = task  # the place of the outer request is held until the turn has ended


def client(app: FastAPI, state: Mapping[str, Any], outer: Scope | None = None) -> AsyncLexhub:
    """A client of the API in this process."""
    return AsyncLexhub(url=BASE, transport=httpx.ASGITransport(Within(app, state, outer)), retries=0)
