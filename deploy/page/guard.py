"""What reaches the page: its own paths, from its own host, with a visitor's name; and the headers of all it answers.

Gradio serves more than this page needs (uploads, files, proxies, a description of its events): all of that is refused.
"""

import ipaddress
import re
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from deploy.page.subjects import COOKIE, LIFE_S, Subjects
from deploy.proxied import proxied

MAX_BODY = 262_144  # bytes; a message has 20,000 characters at most
MAX_TARGET = 4_096
PLACES = ("", "en/", "console/")  # where a page is; each has Gradio's paths below it
_SESSION = r"[A-Za-z0-9]{1,64}"
_NAME = r"[A-Za-z0-9._-]+"
_GET = re.compile(
    rf"(?:own/{_NAME}|theme\.css|favicon\.ico|(?:assets|static)/(?:{_NAME}/)*{_NAME}|gradio_api/(?:startup-events|app_id|"
    rf"theme\.css|heartbeat/{_SESSION}|queue/data))?"
)
_POST = re.compile(r"gradio_api/(?:queue/join|cancel|reset)")
_LASTING = re.compile(r"(?:.*/)?(?:assets|own)/.+")  # their names, or their queries, change with their content
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
STRICT_TRANSPORT = "max-age=31536000; includeSubDomains"
LANGUAGE = "lexhub-lang"  # the cookie of page.js
Living = AbstractAsyncContextManager[object]
NOTHING = "default-src 'none'; frame-ancestors 'none'"
# A link on another site brings no SameSite=Strict cookie along; asked for again from here, the page gets it.
_AGAIN = '<!doctype html><meta charset="utf-8"><meta http-equiv="refresh" content="0"><title>律枢 Lexhub</title>'


class Guard:
    """Pure ASGI middleware. `local`: only this machine is served. `tls`: the visitor's browser speaks TLS.

    The visitor's name is left in `scope["state"]["visitor"]`.
    """

    def __init__(self, app: ASGIApp, subjects: Subjects, local: bool, tls: bool, living: Callable[[], Living]) -> None:
        """`living`: what must be entered before the first request, where the server sends no lifespan events."""
        self._app, self._subjects, self._local, self._tls = app, subjects, local, tls
        self.living = living

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request behind the guard."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
            return
        if scope["type"] != "http":
            return  # the page has no WebSocket
        headers = Headers(scope=scope)
        root = scope.get("root_path", "")
        path = scope["path"].removeprefix(root)
        lasting = _LASTING.fullmatch(path) is not None and scope["method"] == "GET"
        cookie = ""

        async def labelled(message: Message) -> None:
            if message["type"] == "http.response.start":
                out = MutableHeaders(scope=message)
                out.update(HEADERS)
                if self._tls:
                    out["Strict-Transport-Security"] = STRICT_TRANSPORT
                out.setdefault("Content-Security-Policy", NOTHING)
                kept = lasting and message["status"] == 200
                out["Cache-Control"] = "public, max-age=31536000, immutable" if kept else "no-store"
                if cookie:
                    out.append("Set-Cookie", cookie)
            await send(message)

        if refusal := self._refused(scope, headers, path):
            await refusal(scope, receive, labelled)
            return
        if path in ("", "/en", "/console"):
            await RedirectResponse(f"{root}{path}/" + _query(scope), 307)(scope, receive, labelled)
            return
        cookies = cookie_parser(headers.get("cookie", ""))
        if (elsewhere := _worded(path, cookies.get(LANGUAGE, ""))) is not None:
            await RedirectResponse(f"{root}/{elsewhere}" + _query(scope), 307)(scope, receive, labelled)
            return
        visitor = self._subjects.read(cookies.get(COOKIE, ""))
        if visitor is None and _named(path):
            if headers.get("sec-fetch-site") == "cross-site":
                await HTMLResponse(_AGAIN)(scope, receive, labelled)
                return
            made = self._subjects.made()
            visitor = self._subjects.read(made)
            secure = "; Secure" if self._tls else ""
            cookie = f"{COOKIE}={made}; Path={root or '/'}; Max-Age={LIFE_S}; HttpOnly; SameSite=Strict{secure}"
        scope.setdefault("state", {})["visitor"] = visitor
        # What a proxy in front says of the host is the visitor's word as far as Gradio can tell.
        scope["headers"] = [one for one in scope["headers"] if not one[0].startswith(b"x-forwarded-")]
        if self._tls:
            scope["scheme"] = "https"
        await self._app(scope, receive, labelled)

    def _refused(self, scope: Scope, headers: Headers, path: str) -> Response | None:
        host, origin = headers.get("host", ""), headers.get("origin")
        if self._local and (proxied(headers) or not loopback(urlsplit(f"//{host}").hostname or "")):
            return PlainTextResponse("this page is served on localhost only", 403)
        if origin is not None and urlsplit(origin).netloc != host:
            return PlainTextResponse("this page is not for other sites", 403)
        if len(path) + len(scope["query_string"]) > MAX_TARGET:
            return PlainTextResponse("address too long", 414)
        if not allowed(scope["method"], path):
            return PlainTextResponse("not found", 404)
        if scope["method"] == "POST":
            length = headers.get("content-length", "")
            if not (length.isascii() and length.isdecimal()) or "transfer-encoding" in headers:
                return PlainTextResponse("length required", 411)
            if int(length) > MAX_BODY:
                return PlainTextResponse("too large", 413)
            if origin is None and headers.get("sec-fetch-site", "none") not in ("same-origin", "none"):
                return PlainTextResponse("this page is not for other sites", 403)
        return None


def allowed(method: str, path: str) -> bool:
    """Whether the page needs this path."""
    if path in ("", "/en", "/console"):
        return method in ("GET", "HEAD")
    inner = path.removeprefix("/")
    if inner == "console/session":
        return method == "POST"
    for place in PLACES[1:]:
        if inner.startswith(place):
            inner = inner.removeprefix(place)
            break
    if ".." in inner:
        return False
    if method in ("GET", "HEAD"):
        return _GET.fullmatch(inner) is not None
    return method == "POST" and _POST.fullmatch(inner) is not None


def loopback(host: str) -> bool:
    """Whether this is a name of the machine itself."""
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def document(path: str) -> bool:
    """Whether a page itself is at this path."""
    return path.removeprefix("/") in PLACES


def _named(path: str) -> bool:
    return document(path) or path.endswith("/queue/join")


def _worded(path: str, chosen: str) -> str | None:
    """Where the page is in the language that the visitor chose; None where it is that one, or nothing was chosen."""
    here = {"/": "zh", "/en/": "en"}.get(path)
    return None if here is None or chosen not in ("zh", "en") or chosen == here else {"zh": "", "en": "en/"}[chosen]


def _query(scope: Scope) -> str:
    return "?" + scope["query_string"].decode("latin-1") if scope["query_string"] else ""
