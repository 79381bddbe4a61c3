"""What every request and response has: a request id, security headers, limits of size and of time to arrive."""

import asyncio
import logging
from collections.abc import Mapping

from fastapi import FastAPI
from starlette.datastructures import Headers, MutableHeaders
from starlette.middleware.cors import CORSMiddleware
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from deploy.api import errors, pages
from deploy.api.guard import Guard
from deploy.settings import Settings

logger = logging.getLogger("lexhub")
MAX_HEADERS = 16_384  # bytes of all request headers together; the server in front cuts off at 64 KiB
MAX_TARGET = 8_192  # bytes of path and query
EXPOSED = (
    "X-Request-ID", "Retry-After", "Content-Disposition",
    *(f"x-ratelimit-{part}-{what}" for part in ("limit", "remaining", "reset") for what in ("requests", "tokens")),
)  # fmt: skip
SECURITY = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}
STRICT_TRANSPORT = "max-age=31536000; includeSubDomains"


class Envelope:
    """Pure ASGI middleware: request id and security headers on every response, also on those to unexpected errors."""

    def __init__(self, app: ASGIApp, headers: Mapping[str, str]) -> None:
        self._app, self._headers = app, dict(headers)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request inside the envelope."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id: str = scope["state"]["request_id"]  # of deploy.observing.middleware, around this
        begun = False

        async def labelled(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                out = MutableHeaders(scope=message)
                out["X-Request-ID"] = request_id
                out.update(self._headers)
                out.setdefault("Content-Security-Policy", pages.NOTHING)
            await send(message)

        try:
            if refusal := _too_large(scope):
                await refusal(scope, receive, labelled)
            else:
                await self._app(scope, receive, labelled)
        except Exception as error:
            if begun:  # the head has gone out; only breaking off can tell the client
                raise
            logger.error("unexpected error", exc_info=error)
            await errors.response("internal_error", "服务内部出错,请稍后重试。")(scope, receive, labelled)


class Intake:
    """Pure ASGI middleware: the whole body, within `limit` bytes and `seconds`, before the app sees the request.

    Compressed bodies are refused, so that no small body can become a large one.
    """

    def __init__(self, app: ASGIApp, limit: int, seconds: float) -> None:
        self._app, self._limit, self._seconds = app, limit, seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request with its body."""
        headers = Headers(scope=scope) if scope["type"] == "http" else {}
        if "content-length" not in headers and "transfer-encoding" not in headers:
            await self._app(scope, receive, send)
            return
        code, messages = "", list[Message]()
        declared = headers.get("content-length", "0")
        if headers.get("content-encoding", "identity").strip().lower() != "identity":
            code, text = "unsupported_encoding", "不接受压缩的请求正文(Content-Encoding)。"
        elif declared.isdecimal() and int(declared) > self._limit:
            code, text = "body_too_large", f"请求正文超过 {self._limit} 字节。"
        else:
            try:
                messages = await asyncio.wait_for(self._body(receive), self._seconds)
            except TimeoutError:
                code, text = "request_timeout", f"请求正文没有在 {self._seconds:g} 秒内传完。"
            except OverflowError:
                code, text = "body_too_large", f"请求正文超过 {self._limit} 字节。"
        if code:
            refusal = errors.response(code, text)
            refusal.headers["Connection"] = "close"  # the rest of the body is not waited for
            await refusal(scope, receive, send)
            return

        async def replayed() -> Message:
            return messages.pop(0) if messages else await receive()

        await self._app(scope, replayed, send)

    async def _body(self, receive: Receive) -> list[Message]:
        """The messages up to the end of the body. Raises OverflowError past the limit."""
        messages, read = list[Message](), 0
        while True:
            message = await receive()
            messages.append(message)
            read += len(message.get("body", b""))
            if read > self._limit:
                raise OverflowError
            if message["type"] != "http.request" or not message.get("more_body"):
                return messages


def install(app: FastAPI, settings: Settings) -> None:
    """Put the layers round the app; a request comes through them in the reverse of this order."""
    app.add_middleware(Intake, limit=settings.limits.body, seconds=settings.limits.upload)
    app.add_middleware(Guard, settings=settings)
    if settings.cors_origins:
        app.add_middleware(
            CORSMiddleware,
            allow_origins=settings.cors_origins,
            allow_methods=["GET", "POST", "PUT", "PATCH", "DELETE"],
            allow_headers=[
                "Authorization",
                "Content-Type",
                "Idempotency-Key",
                "Last-Event-ID",
                "Lexhub-Subject",
                "X-Request-ID",
            ],
            expose_headers=EXPOSED,
            max_age=600,
        )
    headers = {**SECURITY, "Strict-Transport-Security": STRICT_TRANSPORT} if settings.tls else SECURITY
    app.add_middleware(Envelope, headers=headers)


def _too_large(scope: Scope) -> JSONResponse | None:
    if len(scope.get("raw_path") or scope["path"]) + len(scope["query_string"]) > MAX_TARGET:
        return errors.response("uri_too_long", f"请求地址超过 {MAX_TARGET} 字节。")
    if sum(len(name) + len(value) for name, value in scope["headers"]) > MAX_HEADERS:
        return errors.response("headers_too_large", f"请求头合计超过 {MAX_HEADERS} 字节。")
    return None
