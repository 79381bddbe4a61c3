"""A test double: gives the replies it was told to give, as any ability. Settings refuse it in a shipped profile."""

import asyncio
import time
from collections.abc import AsyncIterator
from itertools import count
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from models import contracts
from models.contracts import (
    Chosen,
    Chunk,
    DeadlineExceeded,
    GenerationRequest,
    Likely,
    ModelError,
    NoSuchAdapter,
    Usage,
)

Failure = Literal[
    "ModelUnavailable",
    "ModelOverloaded",
    "DeadlineExceeded",
    "ContextLengthExceeded",
    "BadRequest",
    "BadOutput",
    "OutOfMemory",
]


class Options(BaseModel):
    """`replies` are given in turn, the last one for ever after. `delay_s` is waited before every piece of `piece`
    characters. The first calls fail with the errors in `failures` (None lets that call pass); `after` is how many
    pieces come before such a failure. `adapters` are those it has. A token is a character, each of
    log-probability `logprob`. `finish` is how every reply ends.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    replies: tuple[str, ...] = Field(min_length=1)
    delay_s: float = Field(default=0.0, ge=0)
    piece: int = Field(default=8, ge=1)
    failures: tuple[Failure | None, ...] = ()
    after: int = Field(default=0, ge=0)
    adapters: tuple[str, ...] = ()
    logprob: float = -0.5
    finish: Literal["stop", "length"] = "stop"


def build(options: dict[str, Any]) -> "ScriptedModel":
    """The test double. Raises pydantic's ValidationError for bad options."""
    return ScriptedModel(Options.model_validate(options))


class ScriptedModel:
    """A Generator. `requests` holds every request so far, in order; `closed` counts streams closed early."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._calls = count()
        self._given = count()
        self.requests: list[GenerationRequest] = []
        self.closed = 0

    async def check(self) -> None:
        """Always return."""

    async def generate(self, request: GenerationRequest) -> AsyncIterator[Chunk]:
        """Stream the next reply, or fail as told. Usage counts characters; only `logprobs` of the sampling counts."""
        self.requests.append(request)
        if request.adapter is not None and request.adapter not in self._options.adapters:
            raise NoSuchAdapter(f"the script has no adapter {request.adapter}")
        call = next(self._calls)
        failure = self._options.failures[call] if call < len(self._options.failures) else None
        text = "" if failure else self._options.replies[min(next(self._given), len(self._options.replies) - 1)]
        source = text or self._options.replies[0]
        size = self._options.piece
        pieces = [source[start : start + size] for start in range(0, len(source), size)] or [""]
        done = False
        try:
            for index, piece in enumerate(pieces):
                if failure and index >= self._options.after:
                    break
                await self._wait(request)
                last = index == len(pieces) - 1 and not failure
                tokens = self._tokens(piece, request.sampling.logprobs)
                usage = Usage(prompt_tokens=sum(len(row.content) for row in request.messages))
                if last:
                    done = True
                    usage = usage.model_copy(update={"completion_tokens": len(text)})
                    yield Chunk(text=piece, tokens=tokens, finish_reason=self._options.finish, usage=usage)
                else:
                    yield Chunk(text=piece, tokens=tokens)
            if failure:
                done = True
                error: type[ModelError] = getattr(contracts, failure)
                raise error(f"scripted failure of call {call + 1}")
        finally:
            if not done:
                self.closed += 1

    def _tokens(self, piece: str, most: int | None) -> tuple[Chosen, ...]:
        """A token for each character of `piece`, when they are asked for, with `most` likeliest in its place."""
        if most is None:
            return ()
        told = self._options.logprob
        return tuple(
            Chosen(
                token=spelled,
                logprob=told,
                top=tuple(Likely(token=spelled if at == 0 else b"%d" % at, logprob=told - at) for at in range(most)),
            )
            for spelled in (character.encode() for character in piece)
        )

    async def _wait(self, request: GenerationRequest) -> None:
        await asyncio.sleep(self._options.delay_s)
        if request.deadline is not None and time.time() > request.deadline:
            raise DeadlineExceeded("the deadline passed while the script was read")
