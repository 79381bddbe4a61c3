"""The pages that describe the API, with scripts of our own server only, and what a browser may do on them."""

import base64
import hashlib
import re

from fastapi import APIRouter, HTTPException, Request
from fastapi.openapi.docs import get_redoc_html, get_swagger_ui_html
from starlette.responses import HTMLResponse, RedirectResponse

router = APIRouter(include_in_schema=False)
STATIC = "/static-offline-docs"  # where fastapi-offline serves the scripts
NOTHING = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
_INLINE = re.compile(r"<script>(.*?)</script>", re.DOTALL)


@router.get("/")
async def home(request: Request) -> RedirectResponse:
    """The web page."""
    return _to_page(request, "/ui/")


@router.get("/console")
async def console(request: Request) -> RedirectResponse:
    """The operator's page."""
    return _to_page(request, "/ui/console/")


@router.get("/docs")
async def swagger(request: Request) -> HTMLResponse:
    """The API to try out."""
    root = request.scope.get("root_path", "")
    return _page(
        get_swagger_ui_html(
            openapi_url=f"{root}/openapi.json",
            title=request.app.title,
            swagger_js_url=f"{root}{STATIC}/swagger-ui-bundle.js",
            swagger_css_url=f"{root}{STATIC}/swagger-ui.css",
            swagger_favicon_url=f"{root}{STATIC}/favicon.png",
        )
    )


@router.get("/redoc")
async def redoc(request: Request) -> HTMLResponse:
    """The API to read."""
    root = request.scope.get("root_path", "")
    return _page(
        get_redoc_html(
            openapi_url=f"{root}/openapi.json",
            title=request.app.title,
            redoc_js_url=f"{root}{STATIC}/redoc.standalone.js",
            redoc_favicon_url=f"{root}{STATIC}/favicon.png",
            with_google_fonts=False,
        )
    )


def _to_page(request: Request, path: str) -> RedirectResponse:
    if not request.app.state.settings.page.enabled:
        raise HTTPException(404)
    query = f"?{request.url.query}" if request.url.query else ""
    return RedirectResponse(request.scope.get("root_path", "") + path + query, 307)


def _page(page: HTMLResponse) -> HTMLResponse:
    """The page, whose own inline script is allowed by its hash and no other."""
    scripts = _INLINE.findall(bytes(page.body).decode())
    hashes = [base64.b64encode(hashlib.sha256(one.encode()).digest()).decode() for one in scripts]
    page.headers["Content-Security-Policy"] = "; ".join(
        [
            NOTHING,
            " ".join(["script-src 'self'", *(f"'sha256-{one}'" for one in hashes)]),
            "style-src 'self' 'unsafe-inline'",  # both pages style themselves from their scripts
            "img-src 'self' data:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "worker-src blob:",
        ]
    )
    return page
