"""Who may call: API keys and their scopes, the limit of a request body, request ids and security headers."""

import hashlib
import hmac
import ipaddress
import logging
from collections.abc import Callable

from fastapi import FastAPI, Request
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from deploy.api.errors import ApiError, response
from deploy.settings import Settings
from orchestrator.services import EVERY_CORPUS

logger = logging.getLogger("lexhub")
MAX_SUBJECT = 128


class Caller:
    """An authenticated caller. `owner` names key and subject together: sessions belong to it.

    `corpora` are the private documents that the key may see, whether or not they exist; EVERY_CORPUS means all.
    """

    def __init__(self, key: str, subject: str, scopes: tuple[str, ...], corpora: tuple[str, ...] = ()) -> None:
        self.key, self.subject, self.scopes, self.corpora = key, subject, scopes, corpora
        self.owner = f"{key}\x1f{subject}"


def caller(*scopes: str) -> Callable[[Request], Caller]:
    """A dependency that gives the caller, who must have one of the scopes. Raises ApiError 401 or 403."""

    def _identify(request: Request) -> Caller:
        found = _authenticated(request)
        request.state.caller = found  # whom the access line names
        if not set(scopes) & set(found.scopes):
            raise ApiError("forbidden", f"这个密钥没有 {'、'.join(scopes)} 权限。")
        return found

    return _identify


def _authenticated(request: Request) -> Caller:
    settings: Settings = request.app.state.settings
    subject = request.headers.get("lexhub-subject", "")
    if len(subject) > MAX_SUBJECT:
        raise ApiError("invalid_request", f"Lexhub-Subject 最长 {MAX_SUBJECT} 个字符。", "Lexhub-Subject")
    if not settings.api_keys:
        # The server listens on loopback then (settings refuse anything else); this holds behind a proxy too.
        if request.client is not None and not _loopback(request.client.host):
            raise ApiError("missing_api_key", "没有配置密钥的服务只接受本机调用。")
        return Caller("loopback", subject, ("consult", "experts", "admin"), EVERY_CORPUS)
    kind, _, given = request.headers.get("authorization", "").partition(" ")
    if kind.lower() != "bearer" or not given:
        raise ApiError("missing_api_key", "缺少 Authorization: Bearer 密钥。")
    digest = hashlib.sha256(given.strip().encode()).hexdigest()
    for key in settings.api_keys:
        if hmac.compare_digest(key.sha256, digest):
            corpora = tuple(name for name, keys in settings.corpora.items() if key.name in keys)
            return Caller(key.name, subject, key.scopes, corpora)
    raise ApiError("invalid_api_key", "密钥无效。")


def _loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


class Envelope:
    """Pure ASGI middleware: refuses bodies over the limit; puts request id and security headers on responses, also on
    those to unexpected errors.
    """

    def __init__(self, app: ASGIApp, limit: int) -> None:
        self._app, self._limit = app, limit

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request inside the envelope."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        request_id: str = scope["state"]["request_id"]  # of deploy.observing.middleware, around this
        begun = False

        async def labelled(message: Message) -> None:
            nonlocal begun
            if message["type"] == "http.response.start":
                begun = True
                out = MutableHeaders(scope=message)
                out["X-Request-ID"] = request_id
                out["X-Content-Type-Options"] = "nosniff"
                out["Referrer-Policy"] = "no-referrer"
                out["Cache-Control"] = "no-store"
            await send(message)

        refusal = response("body_too_large", f"请求正文超过 {self._limit} 字节。")
        declared = headers.get("content-length", "0")
        if declared.isdigit() and int(declared) > self._limit:
            await refusal(scope, receive, labelled)
            return
        read = 0
        # A body without a declared length is read up to the limit before the app sees it.
        messages: list[Message] = []
        if "content-length" not in headers and headers.get("transfer-encoding"):
            while True:
                message = await receive()
                messages.append(message)
                read += len(message.get("body", b""))
                if read > self._limit:
                    await refusal(scope, receive, labelled)
                    return
                if message["type"] != "http.request" or not message.get("more_body"):
                    break

        async def replayed() -> Message:
            return messages.pop(0) if messages else await receive()

        try:
            await self._app(scope, replayed, labelled)
        except Exception as error:
            if begun:  # the head has gone out; only breaking off can tell the client
                raise
            logger.error("unexpected error", exc_info=error)
            await response("internal_error", "服务内部出错,请稍后重试。")(scope, receive, labelled)


def install(app: FastAPI, settings: Settings) -> None:
    """Put the envelope around the app."""
    app.add_middleware(Envelope, limit=settings.limits.body)
