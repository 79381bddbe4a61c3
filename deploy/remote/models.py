"""The models behind Serve handles, and the pool of an ingress replica."""

import math
import time
from collections.abc import AsyncIterator, Container, Sequence
from itertools import chain, repeat
from typing import Any

from ray.serve.handle import DeploymentHandle

from deploy.lines import Batch, Lines, Opening
from deploy.observing.context import carried
from deploy.remote.errors import answered, streamed, unwrapped
from deploy.remote.retrying import Budget, EmptyStream, Hedging, Opened, hedged
from deploy.routing import LINE, adapter_id
from models import registry
from models.contracts import (
    Chunk,
    DeadlineExceeded,
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
LOST_S = 0.5  # how long a request is sent again that replicas took with them; then another model may take it


class _Sent(Opened[Any]):
    """A request on its way, and its number among the lines that its chunks come over, if they do."""

    def __init__(self, stream: Any, lines: Lines | None = None, opening: Opening | None = None) -> None:
        super().__init__(stream)
        self._lines, self.opening = lines, opening

    def cancel(self) -> None:
        """Cancel the request."""
        super().cancel()
        if self._lines is not None and self.opening is not None:
            self._lines.close(self.opening)


def _left(request: GenerationRequest) -> float:
    """Seconds until the request's deadline; without one, dispatch decides how long it takes."""
    return math.inf if request.deadline is None else max(0.0, request.deadline - time.time())


class RemoteGenerator:
    """A Generator behind a Serve handle. A request that a replica is silent about is sent to another one too."""

    def __init__(self, handle: DeploymentHandle, card: ModelCard, hedging: Hedging) -> None:
        self._hedging, self._budget = hedging, Budget()
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
        # A session's own replica comes first; when it is silent, whichever is less busy.
        own = stream.options(session_id=request.session) if request.session else stream
        tries = chain([own], repeat(stream))
        opened: _Sent | None = None
        try:
            _, opened = await hedged(
                lambda: self._sent(next(tries), request), self._hedging, self._budget, _left(request)
            )
            chunks: AsyncIterator[Chunk] = opened
            if self._lines is not None and opened.opening is not None:
                chunks = self._lines.read(opened.opening, opened)
            async for chunk in chunks:
                yield chunk
        except EmptyStream:
            return
        except TimeoutError as error:
            raise DeadlineExceeded(f"{self._name}: {error}") from error
        except Exception as error:
            raise unwrapped(error, ModelError, ModelOverloaded, ModelUnavailable, self._name) from error
        finally:
            if opened is not None:
                opened.cancel()

    def _sent(self, stream: DeploymentHandle, request: GenerationRequest) -> "_Sent":
        """The request on its way. A model that writes token by token says at once that it has it."""
        if self._lines is None:
            return _Sent(stream.generate.remote(self._name, request, carried=carried()))
        opening = self._lines.opening()
        return _Sent(stream.send.remote(self._name, request, opening, carried=carried()), self._lines, opening)

    async def _line(self, replica: str, caller: str) -> AsyncIterator[Batch]:
        named = self._stream.options(multiplexed_model_id=f"{LINE}{replica}")
        try:
            async for batch in streamed(named.line.remote(replica, caller)):
                yield batch
        except Exception as error:
            raise unwrapped(error, ModelError, ModelOverloaded, ModelUnavailable, self._name) from error

    async def check(self) -> None:
        """Ask the model at the other end."""
        try:
            await answered(self._handle.check.remote(self._name))
        except Exception as error:
            raise unwrapped(error, ModelError, ModelOverloaded, ModelUnavailable, self._name) from error


class RemotePool:
    """The ModelPool of an ingress replica. Models may join and leave while it is in use.

    Cards without a handle are hosted here.
    """

    def __init__(
        self,
        cards: dict[str, ModelCard],
        handles: dict[str, DeploymentHandle],
        hedge: float,
        several: Container[str],
        rules: BreakerRules | None = None,
    ) -> None:
        """`several`: the models that may have more than one replica, which are asked again after `hedge` seconds."""
        self.watch = Watch(rules)
        self._cards = dict(cards)
        self._generators: dict[str, Generator] = {
            name: RemoteGenerator(handles[name], card, Hedging(hedge, 2 if name in several else 1, LOST_S))
            if name in handles
            else registry.build(card)
            for name, card in cards.items()
        }

    def cards(self) -> Sequence[ModelCard]:
        """The cards of all deployed models."""
        return list(self._cards.values())

    def load(self, name: str) -> Load:
        """The live state of the model."""
        return self.watch.load(name)

    def generator(self, name: str) -> Generator:
        """The model itself."""
        return self._generators[name]

    def add(self, card: ModelCard, model: Generator) -> None:
        """Let requests go to a model that has joined."""
        self._generators[card.name] = model
        self._cards[card.name] = card

    def drop(self, name: str) -> None:
        """Let no further request go to the model; those under way go on."""
        self._cards.pop(name, None)
        self._generators.pop(name, None)
        self.watch.forget(name)
