"""The API and the page in one process, as Serve puts them behind one port: for tests, and to look at.

python -m tests.deploy.page.serving PORT HOME
"""

import socket
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import uvicorn
from starlette.applications import Starlette
from starlette.routing import Mount
from starlette.types import ASGIApp

from deploy import local, settings
from deploy.api import build_api
from deploy.learned import knowledge
from deploy.page.server import build_page
from deploy.settings import Settings
from orchestrator.services import Services
from retrievers import embedded


def together(api: Any, page: ASGIApp, lifespan: Any = None) -> Starlette:
    """Both below one root: the page at /ui, the API everywhere else."""

    @asynccontextmanager
    async def living(app: Starlette) -> AsyncIterator[None]:
        async with api.router.lifespan_context(api), lifespan():
            yield

    return Starlette(routes=[Mount("/ui", page), Mount("/", api)], lifespan=living)


def build(loaded: Settings, services: Services, url: str) -> Starlette:
    """The API over these services, and the page as its client at `url`."""
    api = build_api(loaded, services)
    page = build_page(loaded, url)
    return together(api, page, page.living)


def listening(port: int = 0) -> socket.socket:
    """A socket on loopback, made so that small answers are sent at once."""
    made = socket.socket(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    made.bind(("127.0.0.1", port))
    return made


def main(port: int, home: Path) -> None:
    """Serve until killed."""
    home.mkdir(parents=True, exist_ok=True)
    embedded.ensure(home, knowledge())
    loaded = settings.load("embedded", {"home": str(home), "port": port})
    app = build(loaded, local.services(loaded), f"http://127.0.0.1:{port}")
    uvicorn.Server(uvicorn.Config(app, log_level="warning")).run([listening(port)])


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
