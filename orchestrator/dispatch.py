"""Asking a model for a task: the chosen candidate, a deadline, one retry, then the next candidate.

A candidate that fails before its first chunk is replaced unseen. Once text has been passed on, a failure is raised:
what a reader has seen cannot be swapped for another model's words.
"""

import asyncio
import random
import time
from collections.abc import AsyncGenerator, Sequence
from contextlib import aclosing

from models.contracts import (
    Ability,
    BadOutput,
    BadRequest,
    Chunk,
    DeadlineExceeded,
    GenerationRequest,
    ModelError,
)
from orchestrator import selection
from orchestrator.contracts import TraceEntry
from orchestrator.services import Services


class Asked:
    """A running request: iterate it for the chunks, then read `entry` for the trace. `failed` names the models that did
    not answer, also the one that broke off.

    `only` names the models that may be asked; without it all that are able.
    """

    def __init__(
        self, services: Services, request: GenerationRequest, domain: str, only: Sequence[str] | None = None
    ) -> None:
        self._services, self._request, self._domain, self._only = services, request, domain, only
        self._attempts: list[str] = []
        self.entry: TraceEntry | None = None
        self.failed: set[str] = set()

    async def __aiter__(self) -> AsyncGenerator[Chunk, None]:
        """The chunks of the first candidate that answers. Raises NoModel, or the last ModelError that tells most.

        That a stand-in cannot do such requests at all (BadRequest) does not hide that the model for them is busy.
        """
        services, task = self._services, self._request.task
        choice = selection.choose(services.models, task, task, self._domain, self._only)
        started = time.perf_counter()
        failure: ModelError | None = None
        for name in (choice.model, *choice.fallbacks):
            for attempt in range(services.limits.tries):
                begun = False
                try:
                    async with aclosing(self._stream(name)) as stream:
                        async for chunk in stream:
                            begun = True
                            yield chunk
                except ModelError as error:
                    self._attempts.append(f"{name}: {error.code}: {error}")
                    self.failed.add(name)
                    if begun:
                        raise
                    if failure is None or type(error) is not BadRequest:
                        failure = error
                    if isinstance(error, BadRequest | BadOutput):
                        break
                    if attempt + 1 < services.limits.tries:
                        await asyncio.sleep(random.uniform(0.02, 0.08))
                    continue
                reason = choice.reason if not self._attempts else f"前面的候选失败,改用{name}"
                self.entry = TraceEntry(
                    step=task,
                    note=reason,
                    model=name,
                    ms=round((time.perf_counter() - started) * 1000, 1),
                    details={"failed": list(self._attempts)} if self._attempts else {},
                )
                return
        assert failure is not None
        raise failure

    async def _stream(self, name: str) -> AsyncGenerator[Chunk, None]:
        limit = self._services.limits.model
        request = self._request.model_copy(update={"deadline": time.time() + limit})
        stream = self._services.models.generator(name).generate(request)
        ends = time.monotonic() + limit
        iterator = aiter(stream)
        try:
            while True:
                try:
                    chunk = await asyncio.wait_for(anext(iterator), max(0.0, ends - time.monotonic()))
                except StopAsyncIteration:
                    return
                except TimeoutError as error:
                    raise DeadlineExceeded(f"{name} did not answer within {limit:g} s") from error
                yield chunk
        finally:
            close = getattr(iterator, "aclose", None)
            if close is not None:
                await close()


async def ask(services: Services, request: GenerationRequest, domain: str) -> tuple[str, TraceEntry]:
    """The whole output of the request, and the trace entry that says who gave it and why."""
    asked = Asked(services, request, domain)
    text = "".join([chunk.text async for chunk in asked])
    assert asked.entry is not None
    return text, asked.entry


def ability_of(task: str) -> Ability | None:
    """The model ability that a task of a plan needs; None for tasks that need no model."""
    abilities: dict[str, Ability] = {"keywords": "keywords", "articles": "articles", "answer": "dialogue"}
    return abilities.get(task)
