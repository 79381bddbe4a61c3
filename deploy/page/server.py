"""The page's server: Gradio's Blocks behind the guard, in documents of our own."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial

import gradio as gr
import httpx
from fastapi import FastAPI
from starlette.responses import Response

from deploy.page import app as page
from deploy.page import assets, document, guard
from deploy.page.console import texts as console_texts
from deploy.page.console.console import Console
from deploy.page.guard import Guard
from deploy.page.subjects import Subjects, secret
from deploy.page.texts import LANGS, Lang, text
from deploy.page.theme import Paper
from deploy.page.tools import articles, calculators, mine, papers
from deploy.page.views import notices
from deploy.page.visits import Visits
from deploy.sdk import AsyncLexhub
from deploy.settings import Settings

CONSOLE_S = 10.0  # what an operator looks at is asked again soon
OWN = ("style.css", "tools.css", "page.js")
TABS: list[page.Tab] = [
    ("nav.calculators", calculators.tab),
    ("nav.papers", papers.tab),
    ("nav.articles", articles.tab),
    ("nav.mine", mine.tab),
]
MEDIA = {"css": "text/css", "js": "text/javascript"}


def build_page(settings: Settings, url: str, key: str = "", transport: httpx.AsyncBaseTransport | None = None) -> Guard:
    """The page, as a client of the API at `url`; `key` is its API key, where the API asks for one.

    To be served below any root path. Raises OSError where the home cannot be written, ValueError for a broken secret.
    """
    visits = Visits(AsyncLexhub(url, key, timeout=settings.limits.turn, transport=transport))
    console = Console(
        lambda given: AsyncLexhub(url, given, timeout=CONSOLE_S, retries=0, transport=transport), settings.tls
    )
    own = {name: assets.read(name).encode() for name in OWN}

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        try:
            yield
        finally:
            await console.close()
            await visits.close()

    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None, lifespan=lifespan)

    @app.get("/own/{name}")
    @app.get("/{place}/own/{name}")  # documents name their files relative to themselves
    async def file(name: str) -> Response:
        if name not in own:
            return Response(status_code=404)
        return Response(own[name], media_type=MEDIA[name.rpartition(".")[2]])

    _mount(app, console.blocks, "/console")
    # The longer paths first: the page itself is at the root and takes what is left.
    for lang in reversed(LANGS):
        blocks = page.build(visits, lang, TABS, settings.page.places, settings.page.waiting)
        _mount(app, blocks, "" if lang == "zh" else f"/{lang}")
    fronts = {
        "/": _front("zh"),
        "/en/": _front("en"),
        "/console/": document.Front("zh", console_texts.text("title", "zh")),
    }
    inner = console.behind(document.Document(app, document.addresses(own), fronts))
    subjects = Subjects(secret(settings.home / "page.secret"))
    living = partial(app.router.lifespan_context, app)  # with what mounting added to it
    # A page with a key is meant for others, who reach it through a proxy by any name.
    return Guard(inner, subjects, guard.loopback(settings.host) and not key, settings.tls, living)


def _front(lang: Lang) -> document.Front:
    return document.Front(lang, text("site.title", lang), notices.skeleton(lang))


def _mount(app: FastAPI, blocks: gr.Blocks, path: str) -> None:
    gr.mount_gradio_app(
        app,
        blocks,
        path,
        theme=Paper(),
        footer_links=[],
        run_history=False,
        show_error=False,
        ssr_mode=False,
        enable_monitoring=False,
        mcp_server=False,
        pwa=False,
        max_file_size=1,
    )
