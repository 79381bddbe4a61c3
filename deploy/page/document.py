"""The page's HTML: Gradio's configuration and scripts in a document of our own, which shows something at once.

Gradio's own document names other hosts (images for previews, a manifest, scripts for frames); nothing of it is kept
but the configuration and the names of its bundled files. Scripts need the document's nonce, so that no attribute and no
tag that came with a text could ever run.
"""

import hashlib
import html
import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from deploy.page.texts import Lang

_CONFIG = re.compile(
    r"<script>(window\.gradio_config = .*?;)</script><script>(window\.gradio_api_info = .*?;)</script>", re.S
)
_SCRIPT = re.compile(r'<script type="module" crossorigin src="(\./assets/[\w.-]+\.js)">')
_STYLE = re.compile(r'<link rel="stylesheet" crossorigin href="(\./assets/[\w.-]+\.css)">')
_PAGE = """<!doctype html>
<html id="lx" lang="{language}">
<head>
<meta charset="utf-8">
<base href="./">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<title>{title}</title>
<link rel="icon" href="favicon.ico">
{styles}
<style nonce="{nonce}">
body {{ margin: 0; min-height: 100vh; display: flex; flex-direction: column; }}
body:has(#lx-header) > .lx-skeleton {{ display: none; }}
</style>
<script nonce="{nonce}">window.__gradio_mode__ = "app"; {config} {info}</script>
<script nonce="{nonce}" type="module" src="{script}"></script>
{own}
</head>
<body>
{skeleton}
<gradio-app control_page_title="false" embed="false" eager="true"></gradio-app>
</body>
</html>
"""


@dataclass(frozen=True)
class Front:
    """What a document shows by itself: its language and title, and HTML that stands there until Gradio has mounted."""

    lang: Lang
    title: str
    skeleton: str = ""


class Document:
    """Pure ASGI middleware around Gradio's apps: replaces the documents that they serve."""

    def __init__(self, app: ASGIApp, files: Mapping[str, str], fronts: Mapping[str, Front]) -> None:
        """`files`: our own styles and scripts, name → address with the digest of its content; `fronts`: by path."""
        self._app, self._files, self._fronts = app, dict(files), dict(fronts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request; documents are written anew. Raises RuntimeError for one that Gradio wrote otherwise."""
        path = scope["path"].removeprefix(scope.get("root_path", "")) if scope["type"] == "http" else ""
        front = self._fronts.get(path)
        if front is None:
            await self._app(scope, receive, send)
            return
        start: Message = {}
        body = bytearray()

        async def held(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                start = message
                return
            body.extend(message.get("body", b""))
            if message.get("more_body"):
                return
            if start["status"] != 200:
                await send(start)
                await send({"type": "http.response.body", "body": bytes(body)})
                return
            nonce = secrets.token_urlsafe(16)
            page = self.page(body.decode(), front, nonce).encode()
            headers = [
                (b"content-type", b"text/html; charset=utf-8"),
                (b"content-length", str(len(page)).encode()),
                (b"content-security-policy", policy(nonce).encode()),
            ]
            await send({"type": "http.response.start", "status": 200, "headers": headers})
            await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else page})

        # Always asked for as GET, so that a HEAD tells of the document that a GET would bring.
        await self._app({**scope, "method": "GET"}, receive, held)

    def page(self, given: str, front: Front, nonce: str) -> str:
        """Our document, with what `given`, Gradio's, brings along."""
        config, script = _CONFIG.search(given), _SCRIPT.search(given)
        if config is None or script is None:
            raise RuntimeError("gradio writes its document otherwise than deploy/page/document.py reads it")
        own = [
            f'<link rel="stylesheet" href="{html.escape(at)}">'
            for name, at in self._files.items()
            if name[-4:] == ".css"
        ]
        own += [
            f'<script nonce="{nonce}" defer src="{html.escape(at)}"></script>'
            for name, at in self._files.items()
            if name.endswith(".js")
        ]
        return _PAGE.format(
            language="en" if front.lang == "en" else "zh-CN",
            title=html.escape(front.title),
            nonce=nonce,
            config=config[1],
            info=config[2],
            script=script[1],
            styles="\n".join(f'<link rel="stylesheet" href="{at}">' for at in _STYLE.findall(given)),
            own="\n".join(own),
            skeleton=front.skeleton,
        )


def policy(nonce: str) -> str:
    """What the document may do. Gradio compiles the templates of its components, which needs unsafe-eval; styles it
    sets from scripts. No script, image, font or connection comes from or goes to another host.
    """
    return "; ".join(
        [
            "default-src 'none'",
            f"script-src 'self' 'nonce-{nonce}' 'unsafe-eval'",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data: blob:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "worker-src 'self' blob:",
            "base-uri 'self'",
            "form-action 'none'",
            "frame-ancestors 'none'",
        ]
    )


def addresses(files: Mapping[str, bytes]) -> dict[str, str]:
    """Where each of these files is served: below own/, under a query that changes with its content."""
    return {name: f"own/{name}?{hashlib.sha256(content).hexdigest()[:16]}" for name, content in files.items()}
