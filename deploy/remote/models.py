"""The models behind Serve handles, and the pool of an ingress replica."""

from collections.abc import AsyncIterator, Sequence

from ray.serve.handle import DeploymentHandle

from deploy.lines import Batch, Lines
from deploy.observing.context import carried
from deploy.remote.errors import WRAPPED, unwrapped
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
from orchestrator.breaker import BreakerRules
from orchestrator.tracking import Load
from orchestrator.watch import Watch

LOCAL = "transformers_local"  # the backend that loads adapters into its replica
BY_TOKEN = frozenset({LOCAL, "http_endpoint"})  # backends whose answers come in many small pieces


class RemoteGenerator:
    """A Generator behind a Serve handle."""

    def __init__(self, handle: DeploymentHandle, card: ModelCard) -> None:
        self._stream = handle.options(stream=True)
        self._handle, self._name = handle, card.name
        self._adapters = frozenset(card.options.get("adapters", {}) if card.backend == LOCAL else ())
        self._lines = Lines(self._line) if card.backend in BY_TOKEN else None

    async def generate(self, request: GenerationRequest) -> AsyncIterator[Chunk]:
        """Stream the chunks of the model at the other end."""
        stream = self._stream
        # Names that no card has would only fill the router's memory; the replica refuses them.
        if request.adapter is not None and request.adapter in self._adapters:
            stream = stream.options(multiplexed_model_id=adapter_id(self._name, request.adapter))
        if self._lines is None:
            response = chunks = stream.generate.remote(self._name, request, carried=carried())
        else:
            opening = self._lines.opening()
            response = stream.send.remote(self._name, request, opening, carried=carried())
            chunks = self._lines.read(opening, response)
        try:
            async for chunk in chunks:
                yield chunk
        except WRAPPED as error:
            raise unwrapped(error, ModelError, ModelOverloaded, ModelUnavailable, self._name) from error
        finally:
            response.cancel()

    async def _line(self, replica: str, caller: str) -> AsyncIterator[Batch]:
        named = self._stream.options(multiplexed_model_id=f"{LINE}{replica}")
        try:
            async for batch in named.line.remote(replica, caller):
                yield batch
        except WRAPPED as error:
            raise unwrapped(error, ModelError, ModelOverloaded, ModelUnavailable, self._name) from error

    async def check(self) -> None:
        """Ask the model at the other end."""
        try:
            await self._handle.check.remote(self._name)
        except WRAPPED as error:
            raise unwrapped(error, ModelError, ModelOverloaded, ModelUnavailable, self._name) from error


class RemotePool:
    """The ModelPool of an ingress replica. Models may join and leave while it is in use."""

    def __init__(
        self, cards: dict[str, ModelCard], handles: dict[str, DeploymentHandle], rules: BreakerRules | None = None
    ) -> None:
        self.watch = Watch(rules)
        self._cards = dict(cards)
        self._generators = {name: RemoteGenerator(handle, cards[name]) for name, handle in handles.items()}

    def cards(self) -> Sequence[ModelCard]:
        """The cards of all deployed models."""
        return list(self._cards.values())

    def load(self, name: str) -> Load:
        """The live state of the model."""
        return self.watch.load(name)

    def generator(self, name: str) -> Generator:
        """The model itself."""
        return self._generators[name]

    def add(self, card: ModelCard, model: RemoteGenerator) -> None:
        """Let requests go to a model that has joined."""
        self._generators[card.name] = model
        self._cards[card.name] = card

    def drop(self, name: str) -> None:
        """Let no further request go to the model; those under way go on."""
        self._cards.pop(name, None)
        self._generators.pop(name, None)
        self.watch.forget(name)
