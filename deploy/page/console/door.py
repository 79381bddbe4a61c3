"""The console's door: pure ASGI middleware that lets nothing of the console through to who is not admitted.

It stands around whatever is mounted below `prefix`. Who is not admitted sees the sign-in in place of the page, and 401
for all else. `POST prefix/session` signs in with the field `key`, and out with `out`.
"""

from collections.abc import Mapping
from http.cookies import SimpleCookie
from urllib.parse import parse_qs, urlsplit

from starlette.datastructures import Headers
from starlette.requests import cookie_parser
from starlette.responses import HTMLResponse, PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Receive, Scope, Send

from deploy.page.console.keeper import COOKIE, LIFE_S, SPAN_S, Denial, Keeper, cookie_of
from deploy.page.console.texts import Lang, lang_of
from deploy.page.console.views import signin

PREFIX = "/console"
MAX_FORM = 4096  # bytes
STATUS: Mapping[Denial, int] = {"wrong": 401, "often": 429, "away": 503}


class Door:
    """See above. `prefix` is the console's path below the application's root; `tls`: browsers come over TLS."""

    def __init__(self, app: ASGIApp, keeper: Keeper, prefix: str = PREFIX, tls: bool = False) -> None:
        self._app, self._keeper, self._prefix, self._tls = app, keeper, prefix, tls

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] not in ("http", "websocket"):
            await self._app(scope, receive, send)
            return
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        if path != self._prefix and not path.startswith(f"{self._prefix}/"):
            await self._app(scope, receive, send)
            return
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        inner, headers = path.removeprefix(self._prefix), Headers(scope=scope)
        cookie = cookie_of(cookie_parser(headers.get("cookie", "")))
        address = scope["client"][0] if scope.get("client") else ""
        if inner == "/session":
            response = await self._session(scope, receive, headers, cookie, address)
            await response(scope, receive, send)
        elif await self._keeper.admitted(cookie, address, headers.get("host", "")) is not None:
            await self._app(scope, receive, send)
        elif inner == "":
            await RedirectResponse(_home(scope, self._prefix, _lang(scope)), 307)(scope, receive, send)
        elif inner == "/" and scope["method"] in ("GET", "HEAD"):
            await self._signin(_lang(scope), None)(scope, receive, send)
        else:
            await PlainTextResponse("sign in first", 401)(scope, receive, send)

    async def _session(self, scope: Scope, receive: Receive, headers: Headers, cookie: str, address: str) -> Response:
        if scope["method"] != "POST":
            return PlainTextResponse("method not allowed", 405, {"Allow": "POST"})
        origin = headers.get("origin")
        foreign = origin is not None and urlsplit(origin).netloc != headers.get("host", "")
        if foreign or headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
            return PlainTextResponse("the console is not for other sites", 403)
        form = await _form(receive)
        if form is None:
            return PlainTextResponse("too large", 413)
        lang = lang_of(form.get("lang", ""))
        if "out" in form:
            await self._keeper.leave(cookie)
            return self._with_cookie(PlainTextResponse("signed out"), "", 0)
        made, denied = await self._keeper.enter(form.get("key", "").strip(), address)
        if denied is not None:
            return self._signin(lang, denied)
        await self._keeper.leave(cookie)
        return self._with_cookie(RedirectResponse(_home(scope, self._prefix, lang), 303), made, int(LIFE_S))

    def _signin(self, lang: Lang, denied: Denial | None) -> Response:
        headers = {"Content-Security-Policy": signin.POLICY, "Cache-Control": "no-store"}
        if denied == "often":
            headers["Retry-After"] = str(int(SPAN_S))
        return HTMLResponse(signin.page(lang, denied), STATUS[denied] if denied else 200, headers)

    def _with_cookie(self, response: Response, value: str, life: int) -> Response:
        made: SimpleCookie = SimpleCookie()
        made[COOKIE] = value
        # For the whole host, since what is in front may serve the page below another path than it knows.
        made[COOKIE].update({"path": "/", "max-age": str(life), "samesite": "Strict"})
        made[COOKIE]["httponly"] = True
        if self._tls:
            made[COOKIE]["secure"] = True
        response.headers.append("Set-Cookie", made[COOKIE].OutputString())
        response.headers["Cache-Control"] = "no-store"
        return response


async def _form(receive: Receive) -> dict[str, str] | None:
    """The fields of a form, the first of each name; None when it is too large."""
    body, more = b"", True
    while more:
        message = await receive()
        body += message.get("body", b"")
        more = message["type"] == "http.request" and message.get("more_body", False)
        if len(body) > MAX_FORM:
            return None
    fields = parse_qs(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=10)
    return {name: values[0] for name, values in fields.items()}


def _lang(scope: Scope) -> Lang:
    return lang_of(parse_qs(scope["query_string"].decode("latin-1")).get("lang", [""])[0])


def _home(scope: Scope, prefix: str, lang: Lang = "zh") -> str:
    return f"{scope.get('root_path', '')}{prefix}/" + ("?lang=en" if lang == "en" else "")
