"""The Serve deployments: thin shells around models, library and API, with no legal logic of their own."""

import asyncio
import logging
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import aclosing
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from fastapi import FastAPI
from ray import serve
from ray.serve.handle import DeploymentHandle

from deploy.lines import Batch, Opening, Outboxes
from deploy.loopback import keep_private
from deploy.observing.exposition import Snapshot
from deploy.observing.replicas import Replica, start
from deploy.routing import adapter_id
from deploy.settings import ArticleDeployment, Observing
from deploy.shapes.operations import RequestRow, RequestTrace
from models.contracts import Adaptable, Chunk, DeadlineExceeded, GenerationRequest, Generator, Hosted, ModelCard
from retrievers.contracts import (
    Case,
    CaseHit,
    CorpusState,
    DocumentHit,
    Hit,
    Library,
    Passage,
    Query,
    Ranking,
    Resolution,
    SearchTooLate,
    Verdict,
)

if TYPE_CHECKING:
    from retrievers.library import LocalLibrary

logger = logging.getLogger("lexhub")
ArticleRole = tuple[ArticleDeployment, DeploymentHandle, float]  # its settings, its handle, the seconds that it has
WARM_AFTER_S = 20.0  # when the other replicas have started too
WARM_PAUSE_S = 1.0  # between two fields of law, so that the first requests have the machine too


class ModelServer(Replica):
    """Hosts the models of one deployment, by card name. Those of this process are loaded before it is ready."""

    async def __init__(  # type: ignore[misc]  # Serve awaits it
        self, cards: Sequence[ModelCard], private: bool, observing: Observing
    ) -> None:
        from models import registry

        self.watching = start(observing)
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
        await asyncio.gather(*(model.check() for model in self._models.values() if isinstance(model, Hosted)))

    async def generate(self, name: str, request: GenerationRequest) -> AsyncIterator[Chunk]:
        """Stream the named model's output; closing the stream cancels it. Raises DeadlineExceeded without beginning."""
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
        """The named model. Serve learns that it has, or will have at once, the adapter of the request.

        Raises DeadlineExceeded for a request that waited here for longer than it has.
        """
        if request.deadline is not None and time.time() >= request.deadline:
            raise DeadlineExceeded(f"{name}: the deadline passed while the request waited for its turn")
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


class RetrieverServer(Replica):
    """Hosts the library of one home."""

    def __init__(self, home: str, private: bool, observing: Observing, article: ArticleRole | None = None) -> None:
        self.watching = start(observing)
        if private:
            keep_private()
        self._library = _opened(home, article)
        self._warm = False

    async def check_health(self) -> None:
        """Serve asks this before it calls the replica ready, and then all the time: the first time searches."""
        if not self._warm:
            await _warmed(self._library)
            self._warm = True
        await self._library.state()

    async def search_articles(self, query: Query) -> list[Hit]:
        """As Library.search_articles."""
        return await self._library.search_articles(_in_time(query))

    async def rank_articles(self, query: Query) -> Ranking:
        """As Library.rank_articles."""
        return await self._library.rank_articles(_in_time(query))

    async def search_cases(self, query: Query) -> list[CaseHit]:
        """As Library.search_cases."""
        return await self._library.search_cases(_in_time(query))

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
        return await self._library.documents(_in_time(query), corpora)

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


def _opened(home: str, article: ArticleRole | None) -> "LocalLibrary":
    """The library of a home in this process."""
    from deploy.learned import knowledge
    from deploy.remote.library import RemoteRole
    from retrievers.library import LocalLibrary

    return LocalLibrary.open(Path(home), knowledge(), role=None if article is None else RemoteRole(*article))


async def _warmed(library: Library) -> None:
    """Search once, which reads dictionary and indexes into memory."""
    await library.search_articles(Query(text="借款合同", top=1, thorough=False))
    await library.search_cases(Query(text="借款合同", top=1))


def _in_time(query: Query) -> Query:
    """The query, if somebody still waits for its result. Raises SearchTooLate."""
    if query.deadline is not None and time.time() >= query.deadline:
        raise SearchTooLate("the deadline passed while the search waited for its turn")
    return query


@serve.ingress()  # the application is built inside the replica, from settings and handles
class Ingress:
    """The HTTP API and the consultation graph of one replica. `places`: each card's deployment; a card without a handle
    in `models` is hosted here, and so is the library without a `retriever`, which then asks the `article` role itself.
    """

    def __init__(
        self,
        settings: dict[str, Any],
        cards: dict[str, ModelCard],
        places: dict[str, str],
        models: dict[str, DeploymentHandle],
        retriever: DeploymentHandle | None,
        article: ArticleRole | None,
        observing: Observing,
        several: frozenset[str],
    ) -> None:
        """`several`: the cards of deployments that may have more than one replica."""
        from deploy.remote.fleet import ServeFleet
        from deploy.remote.library import RemoteLibrary
        from deploy.remote.models import RemotePool
        from deploy.remote.peers import ServePeers
        from deploy.remote.retrying import Hedging
        from deploy.settings import Settings
        from orchestrator import rates
        from orchestrator.domains import packs
        from orchestrator.services import Limits, Services
        from orchestrator.warming import warm

        self.watching = start(observing)
        self._settings = Settings.model_validate(settings)
        if self._settings.private:
            keep_private()
        packs()  # read here, so that a broken field of law stops the start and not the first client
        limits = self._settings.limits
        pool = RemotePool(cards, models, limits.hedge, several, self._settings.breaker)
        own = serve.get_deployment_handle("ingress", serve.get_replica_context().app_name)
        searching = () if retriever is None else (retriever,)
        self._peers = ServePeers([own, *searching, *models.values()])
        self._fleet = ServeFleet(self._settings, pool, self._peers, places)
        if retriever is None:
            library: Library = _opened(str(self._settings.home), article)
        else:
            hedging = Hedging(limits.hedge, most=min(3, self._settings.retriever.upto))
            library = RemoteLibrary(retriever, hedging, limits.retrieval)
        self._warm = retriever is not None
        self._services = Services(
            library=library,
            models=pool,
            limits=Limits(model=limits.model, retrieval=limits.retrieval, turn=limits.turn),
            rates=rates.kept(self._settings.home),
        )
        warming = threading.Timer(WARM_AFTER_S, warm, (WARM_PAUSE_S,))
        warming.daemon = True
        warming.start()

    def __serve_build_asgi_app__(self) -> FastAPI:
        """The API of this replica; it opens the session store when it starts."""
        from deploy.api import build_api

        return build_api(self._settings, self._services, self._fleet, self.watching, self._peers)

    async def check_health(self) -> None:
        """Serve asks this before it calls the replica ready: a library of its own searches then."""
        if not self._warm:
            await _warmed(self._services.library)
            self._warm = True

    async def snapshot(self) -> Snapshot:
        """The metrics of this replica."""
        return self.watching.snapshot()

    async def latest(self, limit: int) -> list[RequestRow]:
        """The last requests of this replica."""
        return self.watching.latest(limit)

    async def find(self, id: str) -> RequestTrace | None:
        """A request of this replica, if it is one of the last."""
        return self.watching.find(id)
