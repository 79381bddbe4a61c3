"""The Serve deployments: thin shells around models, library and API, with no legal logic of their own."""

import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import aclosing
from datetime import date
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from ray import serve
from ray.serve.handle import DeploymentHandle

from deploy import logs
from deploy.lines import Batch, Opening, Outboxes
from deploy.loopback import keep_private
from deploy.routing import adapter_id
from deploy.settings import ArticleDeployment
from models.contracts import Adaptable, Chunk, GenerationRequest, Generator, Hosted, ModelCard
from retrievers.contracts import Case, CaseHit, CorpusState, DocumentHit, Hit, Passage, Query, Resolution, Verdict

logger = logging.getLogger("lexhub")


class ModelServer:
    """Hosts the models of one deployment, by card name. Those of this process are loaded before it is ready."""

    async def __init__(self, cards: Sequence[ModelCard], private: bool) -> None:  # type: ignore[misc]  # Serve awaits it
        from models import registry

        logs.install()
        if private:
            keep_private()
        self._models = {card.name: registry.build(card) for card in cards}
        self._outboxes = Outboxes(serve.get_replica_context().replica_id.unique_id)
        able = [model for model in self._models.values() if isinstance(model, Adaptable) and model.adapters]
        self._tell_serve = _register(sum(model.adapter_slots for model in able))
        for model in self._models.values():
            if isinstance(model, Hosted):
                await model.load()

    async def check_health(self) -> None:
        """Serve asks this; a replica whose model no longer decodes a token is replaced. Raises ModelUnavailable."""
        for model in self._models.values():
            if isinstance(model, Hosted):
                await model.check()

    async def generate(self, name: str, request: GenerationRequest) -> AsyncIterator[Chunk]:
        """Stream the named model's output; closing the stream cancels it."""
        async for chunk in (await self._model(name, request)).generate(request):
            yield chunk

    async def send(self, name: str, request: GenerationRequest, opening: Opening) -> AsyncIterator[str | int]:
        """As generate, with the output on the caller's line; see deploy.lines for what is streamed here."""
        async with aclosing(self._outboxes.send(await self._model(name, request), request, opening)) as said:
            async for one in said:
                yield one

    async def line(self, id: str, caller: str) -> AsyncIterator[Batch]:
        """The line from this replica, whose id is `id`, to a caller."""
        async for batch in self._outboxes.line(id, caller):
            yield batch

    async def check(self, name: str) -> None:
        """Return when the named model can serve."""
        await self._models[name].check()

    async def _model(self, name: str, request: GenerationRequest) -> Generator:
        """The named model. Serve learns that it has, or will have at once, the adapter of the request."""
        model = self._models[name]
        if request.adapter is not None and isinstance(model, Adaptable) and request.adapter in model.adapters:
            await self._tell_serve(adapter_id(name, request.adapter))
        return model


def _register(slots: int) -> Callable[[str], Awaitable[str]]:
    """Tells Serve of an adapter that this replica has. Serve forgets the least recently used one past `slots`, as the
    models do; with several models it may be wrong about one, which is then loaded when it is asked for.
    """

    async def register(id: str) -> str:
        return id

    return serve.multiplexed(register, max_num_models_per_replica=max(slots, 1))  # type: ignore[no-any-return]


class RetrieverServer:
    """Hosts the library of one home; `article`: the settings and the handle of the article role, seconds it has."""

    def __init__(
        self, home: str, private: bool, article: tuple[ArticleDeployment, DeploymentHandle, float] | None = None
    ) -> None:
        from deploy.learned import knowledge
        from deploy.remote.library import RemoteRole
        from retrievers.library import LocalLibrary

        logs.install()
        if private:
            keep_private()
        role = None if article is None else RemoteRole(*article)
        self._library = LocalLibrary.open(Path(home), knowledge(), role=role)
        self._warm = False

    async def check_health(self) -> None:
        """Serve asks this before it calls the replica ready, and then all the time: the first time searches, which also
        warms dictionary and index.
        """
        if not self._warm:
            await self._library.search_articles(Query(text="借款合同", top=1, thorough=False))
            await self._library.search_cases(Query(text="借款合同", top=1))
            self._warm = True
        await self._library.state()

    async def search_articles(self, query: Query) -> list[Hit]:
        """As Library.search_articles."""
        return await self._library.search_articles(query)

    async def search_cases(self, query: Query) -> list[CaseHit]:
        """As Library.search_cases."""
        return await self._library.search_cases(query)

    async def article(self, law: str, number: int, sub: int, as_of: date | None) -> Passage:
        """As Library.article."""
        return await self._library.article(law, number, sub, as_of)

    async def versions(self, law: str, number: int, sub: int, as_of: date | None) -> list[Passage]:
        """As Library.versions."""
        return await self._library.versions(law, number, sub, as_of)

    async def passages(self, ids: list[str], as_of: date | None) -> list[Passage]:
        """As Library.passages."""
        return await self._library.passages(ids, as_of)

    async def case(self, id: str) -> Case:
        """As Library.case."""
        return await self._library.case(id)

    async def cases(self, ids: list[str]) -> list[Case]:
        """As Library.cases."""
        return await self._library.cases(ids)

    async def documents(self, query: Query, corpora: list[str]) -> list[DocumentHit]:
        """As Library.documents."""
        return await self._library.documents(query, corpora)

    async def document_corpora(self) -> list[str]:
        """As Library.document_corpora."""
        return await self._library.document_corpora()

    async def resolve(self, text: str, as_of: date | None) -> list[Resolution]:
        """As Library.resolve."""
        return await self._library.resolve(text, as_of)

    async def check(self, sentences: list[str], allowed: str, as_of: date | None) -> list[Verdict]:
        """As Library.check."""
        return await self._library.check(sentences, allowed, as_of)

    async def state(self) -> CorpusState:
        """As Library.state."""
        return await self._library.state()


@serve.ingress()  # the application is built inside the replica, from settings and handles
class Ingress:
    """The HTTP API and the consultation graph of one replica."""

    def __init__(
        self,
        settings: dict[str, Any],
        cards: dict[str, ModelCard],
        models: dict[str, DeploymentHandle],
        retriever: DeploymentHandle,
    ) -> None:
        from deploy.remote.library import RemoteLibrary
        from deploy.remote.models import RemotePool
        from deploy.settings import Settings
        from orchestrator import rates
        from orchestrator.domains import packs
        from orchestrator.services import Limits, Services

        logs.install()
        self._settings = Settings.model_validate(settings)
        if self._settings.private:
            keep_private()
        packs()  # read here, so that a broken field of law stops the start and not the first client
        limits = self._settings.limits
        self._services = Services(
            library=RemoteLibrary(retriever),
            models=RemotePool(cards, models),
            limits=Limits(model=limits.model, retrieval=limits.retrieval, turn=limits.turn),
            rates=rates.kept(self._settings.home),
        )

    def __serve_build_asgi_app__(self) -> FastAPI:
        """The API of this replica; it opens the session store when it starts."""
        from deploy.api import build_api

        return build_api(self._settings, self._services)
