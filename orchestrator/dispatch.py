"""Asking a model for a task: the chosen candidate, a deadline, one retry, then the next candidate.

A candidate that fails before its first chunk is replaced unseen. Once text has been passed on, a failure is raised:
what a reader has seen cannot be swapped for another model's words. Nothing is begun after the request's deadline.
"""

import asyncio
import random
import time
from collections.abc import AsyncGenerator, Callable, Iterator, Sequence
from contextlib import aclosing, contextmanager
from typing import TypeVar

from models.contracts import (
    Ability,
    BadOutput,
    BadRequest,
    Chunk,
    ContextLengthExceeded,
    DeadlineExceeded,
    GenerationRequest,
    ModelError,
    ModelUnavailable,
)
from orchestrator import selection, timing
from orchestrator.contracts import TraceEntry
from orchestrator.observing import Attempt
from orchestrator.selection import Ranking
from orchestrator.services import Services

T = TypeVar("T")
HOPELESS = (BadRequest, BadOutput, ContextLengthExceeded)  # another try at the same model ends alike
PATIENT = 0.5  # of a model's limit: with less, being late is not held against the model


class Asked:
    """A running request: iterate it for the chunks, then read `entry` for the trace.

    `only` names the models that may be asked; without it all that are able. With `read`, which is given the whole
    output and raises BadOutput, no chunk is passed on, so that every failure is replaced unseen.
    """

    def __init__(
        self,
        services: Services,
        request: GenerationRequest,
        domain: str,
        only: Sequence[str] | None = None,
        read: Callable[[str], None] | None = None,
    ) -> None:
        self._services, self._request, self._domain, self._only, self._read = services, request, domain, only, read
        self._failures: list[tuple[str, ModelError]] = []
        self.entry: TraceEntry | None = None

    @property
    def failed(self) -> set[str]:
        """The models that did not answer, also the one that broke off."""
        return {name for name, _ in self._failures}

    async def __aiter__(self) -> AsyncGenerator[Chunk, None]:
        """The chunks of the first candidate that answers. Raises NoModel, or the ModelError that tells most."""
        started = time.perf_counter()
        tokens = selection.size(self._request)
        ranking = selection.ranked(self._services, self._request.task, self._domain, self._only, tokens)
        with self._told(ranking, started):
            before = ""
            for name in ranking.names:
                for attempt in range(self._services.limits.tries):
                    if self._passed_over(name, ranking):
                        break
                    if attempt:
                        await asyncio.sleep(random.uniform(0.02, 0.08))
                    begun = False
                    try:
                        made = Attempt(self._request.task, name, ranking.reason, attempt + 1, before)
                        async with aclosing(self._stream(made)) as stream:
                            async for chunk in stream:
                                begun = True
                                yield chunk
                    except ModelError as error:
                        self._failures.append((name, error))
                        if begun:
                            raise
                        if isinstance(error, HOPELESS):
                            break
                        continue
                    self.entry = self._entry(name, ranking, started)
                    return
                before = name
            raise self._failure(ranking)

    async def _stream(self, attempt: Attempt) -> AsyncGenerator[Chunk, None]:
        services, name = self._services, attempt.model
        limit = services.remaining(services.limits.model)
        if not limit:
            raise DeadlineExceeded(f"no time is left for {name}")
        ends = time.time() + limit
        session = self._request.session or services.session
        request = self._request.model_copy(update={"deadline": ends, "id": services.request, "session": session})
        said: list[str] = []
        try:
            model = services.models.generator(name)
        except KeyError:
            raise ModelUnavailable(f"{name} has left the server") from None
        patient = limit >= PATIENT * services.limits.model
        with services.models.watch.tracker(name).begin(patient, request.adapter is not None) as work:
            try:
                stream = services.observer.generate(attempt, model, request)
                async with aclosing(timing.until(stream, ends)) as chunks:
                    async for chunk in chunks:
                        work.progressed()
                        if self._read is None:
                            yield chunk
                        else:
                            said.append(chunk.text)
            except TimeoutError as error:
                raise DeadlineExceeded(f"{name} did not answer within {limit:.3g} s") from error
            if self._read is not None:
                self._read("".join(said))

    def _passed_over(self, name: str, ranking: Ranking) -> bool:
        """Whether the model has come to be left alone meanwhile, and one that comes after it is not."""
        models = self._services.models
        after = ranking.names[ranking.names.index(name) + 1 :]
        return not models.load(name).able and any(models.load(other).able for other in after)

    def _failure(self, ranking: Ranking) -> ModelError:
        """What is raised when all have failed: the last failure, but of those that say most.

        That a stand-in cannot do such requests at all (BadRequest) does not hide that the model for them is busy.
        """
        errors = [error for _, error in self._failures]
        if not self._services.remaining(1.0) and not isinstance(errors[-1], DeadlineExceeded):
            return DeadlineExceeded("the request's deadline passed while another model was tried")
        telling = [error for error in errors if type(error) is not BadRequest]
        if telling or not ranking.resting:
            return (telling or errors)[-1]
        name, reason = next(iter(ranking.resting.items()))
        return ModelUnavailable(f"{name} is left alone for a while, since it keeps failing ({reason})")

    def _entry(self, name: str, ranking: Ranking, started: float) -> TraceEntry:
        failed = [f"{one}: {error.code}: {error}" for one, error in self._failures]
        details: dict[str, object] = {"failed": failed} if failed else {}
        if ranking.others:
            details["others"] = ranking.others
        return TraceEntry(
            step=self._request.task,
            note=ranking.reason if not failed else f"前面的候选失败,改用{name}",
            model=name,
            ms=round((time.perf_counter() - started) * 1000, 1),
            details=details,
        )

    @contextmanager
    def _told(self, ranking: Ranking, started: float) -> Iterator[None]:
        """Record the decision, whatever comes of it."""
        error = "left"
        try:
            yield
            error = ""
        except Exception as failure:
            error = getattr(failure, "code", "internal_error")
            raise
        finally:
            models = self._services.models
            models.watch.decisions.add(
                request=self._services.request,
                task=self._request.task,
                field=self._domain,
                chosen=ranking.names[0],
                model=self.entry.model if self.entry else "",
                reason=ranking.reason,
                others=ranking.others,
                failed=tuple(f"{name}: {one.code}" for name, one in self._failures),
                breakers={
                    name: load.breaker
                    for name in (*ranking.names, *ranking.resting)
                    if (load := models.load(name)).breaker != "closed"
                },
                error=error,
                ms=round((time.perf_counter() - started) * 1000, 1),
            )


async def ask(
    services: Services, request: GenerationRequest, domain: str, read: Callable[[str], T]
) -> tuple[T, TraceEntry]:
    """What `read` makes of the whole output, and the trace entry that says who gave it and why.

    Output that `read` refuses (BadOutput) counts as a failure of its model. Raises ModelError, NoModel.
    """
    made: list[T] = []
    asked = Asked(services, request, domain, read=lambda text: made.append(read(text)))
    async for _ in asked:
        pass
    assert asked.entry is not None
    return made[-1], asked.entry


def ability_of(task: str) -> Ability | None:
    """The model ability that a task of a plan needs; None for tasks that need no model."""
    abilities: dict[str, Ability] = {"keywords": "keywords", "articles": "articles", "answer": "dialogue"}
    return abilities.get(task)
