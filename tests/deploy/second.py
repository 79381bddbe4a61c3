"""A second server of this project, light enough for tests: the API and its models in one process, no Ray.

    python -m tests.deploy.second PORT HOME CARDS

CARDS is a JSON list of model cards. Besides the API, `/seen` tells how many requests each model is working on, and the
client ports that chat completions came from.
"""

import json
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path
from typing import Any

import uvicorn
from starlette.types import ASGIApp, Receive, Scope, Send

from deploy import settings
from deploy.api import build_api
from models.contracts import Chunk, GenerationRequest, Generator, ModelCard
from orchestrator.services import Limits, Services
from tests.orchestrator.doubles import Library, Pool


class Counted:
    """A model that counts the requests it is working on."""

    def __init__(self, model: Generator, name: str, active: Counter[str]) -> None:
        self._model, self._name, self._active = model, name, active

    async def check(self) -> None:
        await self._model.check()

    async def generate(self, request: GenerationRequest) -> AsyncIterator[Chunk]:
        self._active[self._name] += 1
        try:
            async with aclosing(self._model.generate(request)) as chunks:  # type: ignore[type-var]
                async for chunk in chunks:
                    yield chunk
        finally:
            self._active[self._name] -= 1


class CountedPool(Pool):
    """A pool of counted models."""

    def __init__(self, *cards: ModelCard) -> None:
        super().__init__(*cards)
        self.active: Counter[str] = Counter()

    def generator(self, name: str) -> Any:
        return Counted(super().generator(name), name, self.active)


class Ports:
    """Middleware that notes the client ports of chat completions."""

    def __init__(self, app: ASGIApp, ports: list[int]) -> None:
        self._app, self._ports = app, ports

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] == "/v1/chat/completions":
            self._ports.append(scope["client"][1])
        await self._app(scope, receive, send)


def main(port: int, home: Path, cards: list[dict[str, Any]]) -> None:
    """Serve until killed."""
    pool, ports = CountedPool(*map(ModelCard.model_validate, cards)), list[int]()
    limits = Limits(model=60, tries=1)
    app = build_api(
        settings.load("embedded", {"home": str(home)}), Services(library=Library(), models=pool, limits=limits)
    )

    @app.get("/seen")
    async def seen() -> dict[str, Any]:
        return {"active": dict(pool.active), "ports": ports}

    app.add_middleware(Ports, ports=ports)
    uvicorn.run(app, host="127.0.0.1", port=port, log_level="warning")


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]), json.loads(sys.argv[3]))
