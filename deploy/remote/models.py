"""The models behind Serve handles, and the pool of an ingress replica."""

import time
from collections.abc import AsyncIterator, Sequence

from ray.serve.handle import DeploymentHandle

from deploy.lines import Batch, Lines
from deploy.remote.errors import WRAPPED, answered, streamed, unwrapped
from deploy.routing import LINE, adapter_id
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

LOCAL = "transformers_local"  # the backend that loads adapters into its replica
BY_TOKEN = frozenset({LOCAL, "http_endpoint"})  # backends whose answers come in many small pieces
RESTS_S = 5.0  # how long a model that could not be reached counts as unhealthy


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
        if request.session:
            stream = stream.options(session_id=request.session)
        chunks: AsyncIterator[Chunk]
        if self._lines is None:
            response = stream.generate.remote(self._name, request)
            chunks = streamed(response)
        else:
            opening = self._lines.opening()
            response = stream.send.remote(self._name, request, opening)
            chunks = self._lines.read(opening, streamed(response))
        try:
            async for chunk in chunks:
                yield chunk
        except WRAPPED as error:
            failure = unwrapped(error, ModelError, ModelOverloaded, ModelUnavailable, self._name)
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
            async for batch in streamed(named.line.remote(replica, caller)):
                yield batch
        except WRAPPED as error:
            raise unwrapped(error, ModelError, ModelOverloaded, ModelUnavailable, self._name) from error

    async def check(self) -> None:
        """Ask the model at the other end."""
        try:
            await answered(self._handle.check.remote(self._name))
        except WRAPPED as error:
            raise unwrapped(error, ModelError, ModelOverloaded, ModelUnavailable, self._name) from error

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
