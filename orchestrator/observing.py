"""Who watches a consultation: told of turns, steps and calls as they happen. Knows nothing of metrics or traces.

What an observer may keep are ids, names, counts and codes; never what a client said.
"""

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any, Protocol

from models.contracts import Chunk, GenerationRequest, Generator


@dataclass(frozen=True)
class Attempt:
    """One attempt to have a model do a task, and why that model. `number` counts from 1 for each model; `fallback`
    names the candidate before it, whose failure brought it in.
    """

    task: str
    model: str
    reason: str = ""
    number: int = 1
    fallback: str = ""


class Observer(Protocol):
    """Watches all turns of a process. Concurrent calls are safe; what a block raises passes through every watcher."""

    def turn(self, mode: str, session: str = "", number: int = 0) -> "AbstractContextManager[TurnObserver]":
        """Around one turn; a stateless one has no session."""
        ...

    def step(self, name: str) -> AbstractContextManager[None]:
        """Around a step of the graph, a task of its plan, or a piece of storage."""
        ...

    def generate(self, attempt: Attempt, model: Generator, request: GenerationRequest) -> AsyncIterator[Chunk]:
        """The model's own stream, watched."""
        ...


class TurnObserver(Observer, Protocol):
    """Watches one turn. Travels in the services of that turn."""

    def replied(self, reply: Mapping[str, Any]) -> None:
        """The turn is acknowledged with this reply (`Reply` as plain data)."""
        ...


class Unobserved:
    """Watches nothing."""

    @contextmanager
    def turn(self, mode: str, session: str = "", number: int = 0) -> Iterator["Unobserved"]:
        """Around one turn."""
        yield self

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Around a step."""
        yield

    def generate(self, attempt: Attempt, model: Generator, request: GenerationRequest) -> AsyncIterator[Chunk]:
        """The model's own stream."""
        return model.generate(request)

    def replied(self, reply: Mapping[str, Any]) -> None:
        """Nobody is told."""
