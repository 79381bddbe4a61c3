"""Who may call: each request under a guarded path is authenticated and counted before anything of its body is read.

What a caller may do is asked at each route: `caller("consult")`.
"""

import ipaddress
import math
from collections.abc import Awaitable, Callable
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Request, Security
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from deploy.accounts.account import Account, Right
from deploy.accounts.accounts import LOOPBACK, Accounts
from deploy.accounts.spending import Spender, spender
from deploy.api import errors
from deploy.api.errors import ApiError
from deploy.proxied import proxied
from deploy.settings import Settings
from orchestrator.contracts import StorageFailed
from orchestrator.services import EVERY_CORPUS

MAX_SUBJECT = 128
GUARDED, OPEN = ("/v1/", "/metrics", "/mcp"), ("/v1/privacy",)
LOCAL = Account(LOOPBACK, LOOPBACK, ("consult", "experts", "admin", "metrics"), EVERY_CORPUS)
MESSAGES = {
    "rate_limited": "请求过于频繁:这个密钥每分钟最多 {allowance.per_minute} 次,请在 {wait} 秒后重试。",
    "quota_exceeded": "这个密钥的用量已到上限,{wait} 秒后恢复。",
}
_bearer = HTTPBearer(auto_error=False, description="API 密钥;没有任何密钥的服务只接受本机调用,不需要密钥。")


class Caller:
    """An authenticated caller. `owner` names account and subject together: sessions belong to it.

    `corpora` are the private documents that the key may see, whether or not they exist; EVERY_CORPUS means all.
    """

    def __init__(self, account: Account, subject: str) -> None:
        self.account, self.key, self.subject = account, account.id, subject
        self.scopes, self.corpora = account.scopes, account.corpora
        self.owner = f"{account.id}\x1f{subject}"


def caller(*scopes: Right) -> Callable[..., Awaitable[Caller]]:
    """A dependency that gives the caller, who must have one of the scopes named. Raises ApiError 401 or 403."""

    # The header was read by the guard; it is named here so that the API's description tells of it.
    async def _identify(
        request: Request, bearer: Annotated[HTTPAuthorizationCredentials | None, Security(_bearer)] = None
    ) -> Caller:
        found = request.scope.get("state", {}).get("caller")
        if not isinstance(found, Caller):
            raise ApiError("missing_api_key", "缺少 Authorization: Bearer 密钥。")
        if scopes and not set(scopes) & set(found.scopes):
            raise ApiError("forbidden", f"这个密钥没有 {'、'.join(scopes)} 权限。")
        return found

    return _identify


class Guard:
    """Pure ASGI middleware: 401 without a key, 429 past its rate or quota; counts what is let in.

    A quota that is used up ends what asks models (POST for consult and experts), not the reading and deleting.
    """

    def __init__(self, app: ASGIApp, settings: Settings) -> None:
        self._app, self._origins = app, settings.cors_origins

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request behind the guard."""
        if scope["type"] != "http" or not guarded(scope):
            await self._app(scope, receive, send)
            return
        accounts: Accounts = scope["app"].state.accounts
        headers = Headers(scope=scope)
        try:
            account = self._account(accounts, scope, headers)
            who = Caller(account, _subject(headers))
            spends = scope["method"] == "POST" and not scope["path"].startswith("/v1/admin/")
            standing = accounts.standing(account, spends)
        except ApiError as error:
            await errors.response(error.code, error.message, error.param)(scope, receive, send)
            return
        except StorageFailed as error:
            await errors.response(error.code, str(error))(scope, receive, send)
            return

        async def told(message: Message) -> None:
            if message["type"] == "http.response.start":
                MutableHeaders(scope=message).update(standing.headers)
            await send(message)

        if standing.limited is not None:
            wait = max(1, math.ceil(standing.wait))
            text = MESSAGES[standing.limited].format(allowance=account.allowance, wait=wait)
            await errors.response(standing.limited, text, retry_after=wait)(scope, receive, told)
            return
        scope.setdefault("state", {})["caller"] = who
        request = Spender(account.id, scope, accounts.charge)
        token = spender.set(request)
        try:
            await self._app(scope, receive, told)
        finally:
            spender.reset(token)
            accounts.requested(account.id, request.route)

    def _account(self, accounts: Accounts, scope: Scope, headers: Headers) -> Account:
        """The account of the request's key. Raises ApiError, StorageFailed."""
        if accounts.keyless:
            self._require_local(scope, headers)
            return LOCAL
        kind, _, given = headers.get("authorization", "").partition(" ")
        if kind.lower() != "bearer" or not given:
            raise ApiError("missing_api_key", "缺少 Authorization: Bearer 密钥。")
        found = accounts.account(given.strip())
        if found is None:
            raise ApiError("invalid_api_key", "密钥无效。")
        return found

    def _require_local(self, scope: Scope, headers: Headers) -> None:
        """Without keys only this machine is served, and no page of another host in one of its browsers.

        Such a page gives itself away by its Origin; one whose name was made to point here (DNS rebinding) by the Host.
        """
        client = scope.get("client")
        if client is not None and not _loopback(client[0]):
            raise ApiError("missing_api_key", "没有配置密钥的服务只接受本机调用。")
        if proxied(headers):
            raise ApiError("missing_api_key", "没有配置密钥的服务不接受代理转来的调用;对外服务要先配置密钥。")
        if not _loopback(urlsplit(f"//{headers.get('host', '')}").hostname or ""):
            raise ApiError("missing_api_key", "没有配置密钥的服务只接受以 localhost 或 127.0.0.1 为地址的调用。")
        origin = headers.get("origin")
        if origin and origin not in self._origins and urlsplit(origin).netloc != headers.get("host"):
            raise ApiError("missing_api_key", "没有配置密钥的服务不接受其他网页发来的调用;请在 cors_origins 中写明。")


def guarded(scope: Scope) -> bool:
    """Whether the path of the request is for callers with a key only."""
    path = scope["path"].removeprefix(scope.get("root_path", ""))
    return path.startswith(GUARDED) and path not in OPEN


def _subject(headers: Headers) -> str:
    """The end user whom the caller names, if any. Raises ApiError for what is no short readable text."""
    try:
        subject = headers.get("lexhub-subject", "").encode("latin-1").decode()
    except UnicodeDecodeError as error:
        raise ApiError("invalid_request", "Lexhub-Subject 应为 UTF-8 文本。", "Lexhub-Subject") from error
    if len(subject) > MAX_SUBJECT or not subject.isprintable():
        raise ApiError("invalid_request", f"Lexhub-Subject 最长 {MAX_SUBJECT} 个字符,不含控制字符。", "Lexhub-Subject")
    return subject


def _loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
