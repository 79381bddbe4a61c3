"""A test double: gives the replies it was told to give, as any ability. Settings refuse it in a shipped profile."""

import asyncio
import time
from collections.abc import AsyncIterator
from itertools import count
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from models import contracts
from models.contracts import Chunk, DeadlineExceeded, GenerationRequest, ModelError, Usage

Failure = Literal[
    "ModelUnavailable",
    "ModelOverloaded",
    "DeadlineExceeded",
    "ContextLengthExceeded",
    "BadRequest",
    "BadOutput",
]


class Options(BaseModel):
    """`replies` are given in turn, the last one for ever after. `delay_s` is waited before every piece of `piece`
    characters. The first calls fail with the errors in `failures` (None lets that call pass); `after` is how many
    pieces come before such a failure.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    replies: tuple[str, ...] = Field(min_length=1)
    delay_s: float = Field(default=0.0, ge=0)
    piece: int = Field(default=8, ge=1)
    failures: tuple[Failure | None, ...] = ()
    after: int = Field(default=0, ge=0)


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
        """Stream the next reply, or fail as told. Usage counts characters."""
        self.requests.append(request)
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
                usage = Usage(prompt_tokens=sum(len(row.content) for row in request.messages))
                if last:
                    done = True
                    usage = usage.model_copy(update={"completion_tokens": len(text)})
                    yield Chunk(text=piece, finish_reason="stop", usage=usage)
                else:
                    yield Chunk(text=piece)
            if failure:
                done = True
                error: type[ModelError] = getattr(contracts, failure)
                raise error(f"scripted failure of call {call + 1}")
        finally:
            if not done:
                self.closed += 1

    async def _wait(self, request: GenerationRequest) -> None:
        await asyncio.sleep(self._options.delay_s)
        if request.deadline is not None and time.time() > request.deadline:
            raise DeadlineExceeded("the deadline passed while the script was read")
