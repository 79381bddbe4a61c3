"""Serve handles worn as the contracts' generators and library, so that the orchestrator cannot tell them apart.

Errors of a replica arrive wrapped by Ray; here they are unwrapped into the family that the contract promises.
"""

import asyncio
import time
from collections.abc import AsyncIterator, Sequence
from datetime import date
from typing import Any, TypeVar

from ray.exceptions import RayError, RayTaskError
from ray.serve.exceptions import BackPressureError, DeploymentUnavailableError
from ray.serve.handle import DeploymentHandle

from deploy.article import RoleFailed
from deploy.lines import Batch, Lines
from deploy.routing import LINE, adapter_id
from deploy.settings import ArticleDeployment
from models.contracts import (
    Chunk,
    GenerationRequest,
    Generator,
    ModelCard,
    ModelError,
    ModelOverloaded,
    ModelUnavailable,
)
from orchestrator.services import Load
from retrievers.contracts import (
    Case,
    CaseHit,
    CorpusState,
    DocumentHit,
    Hit,
    Passage,
    Query,
    Resolution,
    RetrievalError,
    Verdict,
)
from retrievers.encoding import Embedded

LOCAL = "transformers_local"  # the backend that loads adapters into its replica
BY_TOKEN = frozenset({LOCAL, "http_endpoint"})  # backends whose answers come in many small pieces
RESTS_S = 5.0  # how long a model that could not be reached counts as unhealthy
Family = TypeVar("Family", ModelError, RetrievalError)


class LibraryUnavailable(RetrievalError):
    """The retriever deployment cannot be reached."""

    code = "retriever_unavailable"


class LibraryOverloaded(RetrievalError):
    """The retriever deployment's queue is full."""

    code = "retriever_overloaded"


class RemoteGenerator:
    """A Generator behind a Serve handle."""

    def __init__(self, handle: DeploymentHandle, card: ModelCard) -> None:
        self._stream = handle.options(stream=True)
        self._handle, self._name = handle, card.name
        self._adapters = frozenset(card.options.get("adapters", {}) if card.backend == LOCAL else ())
        self._lines = Lines(self._line) if card.backend in BY_TOKEN else None
        self.ongoing = 0
        self._failed_at = -RESTS_S
        self._failure = ""

    async def generate(self, request: GenerationRequest) -> AsyncIterator[Chunk]:
        """Stream the chunks of the model at the other end."""
        self.ongoing += 1
        stream = self._stream
        # Names that no card has would only fill the router's memory; the replica refuses them.
        if request.adapter is not None and request.adapter in self._adapters:
            stream = stream.options(multiplexed_model_id=adapter_id(self._name, request.adapter))
        if self._lines is None:
            response = chunks = stream.generate.remote(self._name, request)
        else:
            opening = self._lines.opening()
            response = stream.send.remote(self._name, request, opening)
            chunks = self._lines.read(opening, response)
        try:
            async for chunk in chunks:
                yield chunk
        except (RayError, BackPressureError, DeploymentUnavailableError) as error:
            failure = _unwrapped(error, ModelError, ModelOverloaded, ModelUnavailable, self._name)
            # That one adapter cannot be loaded says nothing of the model.
            if isinstance(failure, ModelUnavailable) and request.adapter is None:
                self._failed_at, self._failure = time.monotonic(), str(failure)
            raise failure from error
        finally:
            self.ongoing -= 1
            response.cancel()

    async def _line(self, replica: str, caller: str) -> AsyncIterator[Batch]:
        named = self._stream.options(multiplexed_model_id=f"{LINE}{replica}")
        try:
            async for batch in named.line.remote(replica, caller):
                yield batch
        except (RayError, BackPressureError, DeploymentUnavailableError) as error:
            raise _unwrapped(error, ModelError, ModelOverloaded, ModelUnavailable, self._name) from error

    async def check(self) -> None:
        """Ask the model at the other end."""
        try:
            await self._handle.check.remote(self._name)
        except (RayError, BackPressureError, DeploymentUnavailableError) as error:
            raise _unwrapped(error, ModelError, ModelOverloaded, ModelUnavailable, self._name) from error

    def load(self) -> Load:
        """What this replica knows of the model: its own open requests, and whether it was reachable lately."""
        healthy = time.monotonic() - self._failed_at > RESTS_S
        return Load(ongoing=self.ongoing, healthy=healthy, reason="" if healthy else self._failure)


class RemotePool:
    """The ModelPool of an ingress replica."""

    def __init__(self, cards: dict[str, ModelCard], handles: dict[str, DeploymentHandle]) -> None:
        self._cards = cards
        self._generators = {name: RemoteGenerator(handle, cards[name]) for name, handle in handles.items()}

    def cards(self) -> Sequence[ModelCard]:
        """The cards of all deployed models."""
        return list(self._cards.values())

    def load(self, name: str) -> Load:
        """The live state of the model."""
        return self._generators[name].load()

    def generator(self, name: str) -> Generator:
        """The model itself."""
        return self._generators[name]


class RemoteLibrary:
    """The Library behind a Serve handle; see retrievers.contracts.Library for what each method promises."""

    def __init__(self, handle: DeploymentHandle) -> None:
        self._handle = handle

    async def search_articles(self, query: Query) -> list[Hit]:
        """Articles for the query."""
        return await self._call("search_articles", query)  # type: ignore[no-any-return]

    async def search_cases(self, query: Query) -> list[CaseHit]:
        """Cases for the query."""
        return await self._call("search_cases", query)  # type: ignore[no-any-return]

    async def article(self, law: str, number: int, sub: int = 0, as_of: date | None = None) -> Passage:
        """One article."""
        return await self._call("article", law, number, sub, as_of)  # type: ignore[no-any-return]

    async def versions(self, law: str, number: int, sub: int = 0, as_of: date | None = None) -> list[Passage]:
        """One article in all its versions."""
        return await self._call("versions", law, number, sub, as_of)  # type: ignore[no-any-return]

    async def passages(self, ids: Sequence[str], as_of: date | None = None) -> list[Passage]:
        """Passages by id."""
        return await self._call("passages", list(ids), as_of)  # type: ignore[no-any-return]

    async def case(self, id: str) -> Case:
        """One case."""
        return await self._call("case", id)  # type: ignore[no-any-return]

    async def documents(self, query: Query, corpora: Sequence[str]) -> list[DocumentHit]:
        """Passages of private documents."""
        return await self._call("documents", query, list(corpora))  # type: ignore[no-any-return]

    async def document_corpora(self) -> list[str]:
        """The corpora of private documents."""
        return await self._call("document_corpora")  # type: ignore[no-any-return]

    async def resolve(self, text: str, as_of: date | None = None) -> list[Resolution]:
        """The citations in a text."""
        return await self._call("resolve", text, as_of)  # type: ignore[no-any-return]

    async def check(self, sentences: Sequence[str], allowed: str = "", as_of: date | None = None) -> list[Verdict]:
        """A verdict for each sentence."""
        return await self._call("check", list(sentences), allowed, as_of)  # type: ignore[no-any-return]

    async def state(self) -> CorpusState:
        """What is loaded."""
        return await self._call("state")  # type: ignore[no-any-return]

    async def _call(self, method: str, *args: Any) -> Any:
        try:
            return await getattr(self._handle, method).remote(*args)
        except (RayError, BackPressureError, DeploymentUnavailableError) as error:
            raise _unwrapped(error, RetrievalError, LibraryOverloaded, LibraryUnavailable, "retriever") from error


class RemoteRole:
    """The ArticleRole behind a Serve handle; each answer has `patience` seconds."""

    def __init__(self, article: ArticleDeployment, handle: DeploymentHandle, patience: float) -> None:
        self.embeds, self.reranks = article.encoder is not None, article.reranker is not None
        self._handle, self._patience = handle, patience

    async def embed(self, question: str) -> Embedded:
        """The vector of a question."""
        return await self._call("embed", question)  # type: ignore[no-any-return]

    async def rerank(self, question: str, texts: Sequence[str]) -> Sequence[float]:
        """A score for each text."""
        return await self._call("rerank", question, list(texts))  # type: ignore[no-any-return]

    async def _call(self, method: str, *args: Any) -> Any:
        response = getattr(self._handle, method).remote(*args, time.time() + self._patience)
        try:
            return await asyncio.wait_for(response, self._patience)
        except (RayError, BackPressureError, DeploymentUnavailableError) as error:
            raise _unwrapped(error, RetrievalError, LibraryOverloaded, RoleFailed, "article") from error
        finally:
            response.cancel()


def _unwrapped(
    error: Exception, family: type[Family], overloaded: type[Family], unavailable: type[Family], name: str
) -> Family:
    """The error of the contract's family behind a Ray error."""
    cause = error.cause if isinstance(error, RayTaskError) else error
    if isinstance(cause, family):
        return cause
    if isinstance(cause, BackPressureError):
        return overloaded(f"{name}: the queue is full")
    return unavailable(f"{name}: {type(cause).__name__}: {str(cause).splitlines()[0] if str(cause) else 'no message'}")
