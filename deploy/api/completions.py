"""Chat completions on the wire: OpenAI's objects, whole or as a stream of chunks, from the pieces of each choice.

Citations and verdicts come in the extension field `lexhub` of the message (of the last chunk of a choice in a stream).
"""

import asyncio
import secrets
import time
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import aclosing, contextmanager
from dataclasses import dataclass, field
from typing import Any

from deploy.accounts.spending import tell
from deploy.api import errors
from deploy.api.speech import Piece
from deploy.api.sse import one_line
from models.contracts import Chosen, Likely, ModelError, Usage
from models.streams import gathered
from orchestrator.contracts import ConsultationError
from retrievers.contracts import RetrievalError

Numbered = tuple[int, Piece]
LEAST_LOGPROB = -9999.0  # what OpenAI says of a token that could not come; JSON has no infinity


async def merged(choices: Sequence[AsyncGenerator[Piece, None]]) -> AsyncGenerator[Numbered, None]:
    """The pieces of all choices as they come, with the number of each. The first error ends them all."""
    tell()  # what is spent is the usage that the client is told, also of models that are done before the first piece
    if len(choices) == 1:
        async with aclosing(choices[0]) as pieces:
            async for piece in pieces:
                yield 0, piece
        return
    queue: asyncio.Queue[Numbered | Exception | None] = asyncio.Queue()

    async def pump(number: int, pieces: AsyncGenerator[Piece, None]) -> None:
        try:
            async with aclosing(pieces):
                async for piece in pieces:
                    queue.put_nowait((number, piece))
        except Exception as error:  # raised again where the pieces are read
            queue.put_nowait(error)
        else:
            queue.put_nowait(None)

    tasks = [asyncio.create_task(pump(number, pieces)) for number, pieces in enumerate(choices)]
    open_ = len(tasks)
    try:
        while open_:
            got = await queue.get()
            if isinstance(got, Exception):
                raise got
            if got is None:
                open_ -= 1
            else:
                yield got
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


@dataclass
class Counts:
    """The usage of a completion: the models' own token counts, or characters where a model has no tokens."""

    prompt: int
    completion: int = 0
    _tokens: dict[int, Usage] = field(default_factory=dict)
    _said: dict[int, int] = field(default_factory=dict)

    def add(self, number: int, piece: Piece) -> None:
        """Count a piece of a choice."""
        self._said[number] = self._said.get(number, 0) + len(piece.text)
        if piece.usage is not None:
            self._tokens[number] = piece.usage

    @property
    def begun(self) -> bool:
        """Whether there was any piece."""
        return bool(self._said)

    def usage(self) -> dict[str, int]:
        """OpenAI's usage object; the prompt counts once, whatever the number of choices."""
        told = self._tokens.values()
        asked = max((one.prompt_tokens for one in told), default=self.prompt)
        said = sum(one.completion_tokens for one in told)
        said += sum(count for number, count in self._said.items() if number not in self._tokens)
        return {"prompt_tokens": asked, "completion_tokens": said, "total_tokens": asked + said}


@contextmanager
def _spending(model: str, counts: Counts) -> Iterator[None]:
    """Counts what the block says to the caller's account, also when it ends early."""
    charge = tell()
    try:
        yield
    finally:
        if counts.begun:
            usage = counts.usage()
            charge(model, usage["prompt_tokens"], usage["completion_tokens"])


async def whole(model: str, pieces: AsyncGenerator[Numbered, None], count: int, prompt: int, logprobs: bool) -> Any:
    """The completion as one object. `prompt` is its length in characters."""
    counts = Counts(prompt)
    parts: list[list[Piece]] = [[] for _ in range(count)]
    with _spending(model, counts):
        async with aclosing(pieces):
            async for number, piece in pieces:
                counts.add(number, piece)
                parts[number].append(piece)
    choices = []
    for number, said in enumerate(parts):
        message: dict[str, Any] = {
            "role": "assistant",
            "content": "".join(piece.text for piece in said),
            "refusal": None,
        }
        if said[-1].extension is not None:
            message["lexhub"] = said[-1].extension
        tokens = [token for piece in said for token in piece.tokens]
        choices.append(
            {
                "index": number,
                "message": message,
                "logprobs": _logprobs(tokens) if logprobs else None,
                "finish_reason": said[-1].finish,
            }
        )
    return {**_head(model, "chat.completion"), "choices": choices, "usage": counts.usage()}


async def chunks(
    model: str, first: Numbered, rest: AsyncGenerator[Numbered, None], prompt: int, logprobs: bool, usage: bool
) -> AsyncGenerator[str, None]:
    """The completion as server-sent events. An error after the first piece is said inside the stream."""
    head = _head(model, "chat.completion.chunk")
    counts, begun = Counts(prompt), set[int]()
    empty = {"usage": None} if usage else {}

    def events(number: int, piece: Piece) -> str:
        said = ""
        if number not in begun:
            begun.add(number)
            said += _event({**head, "choices": [_delta(number, {"role": "assistant", "content": ""})], **empty})
        if piece.text or piece.tokens:
            told = _logprobs(piece.tokens) if logprobs else None
            said += _event({**head, "choices": [_delta(number, {"content": piece.text}, told)], **empty})
        if piece.finish is not None:
            extension = {"lexhub": piece.extension} if piece.extension is not None else {}
            said += _event({**head, "choices": [_delta(number, extension, None, piece.finish)], **empty})
        counts.add(number, piece)
        return said

    with _spending(model, counts):
        async with aclosing(rest):
            yield events(*first)
            try:
                async for number, piece in rest:
                    yield events(number, piece)
            except (ConsultationError, ModelError, RetrievalError) as error:
                # The head has gone out: the failure is said inside the stream, which never ends as if it were complete.
                yield _event(errors.body(error.code, str(error)))
                return
    if usage:
        yield _event({**head, "choices": [], "usage": counts.usage()})
    yield "data: [DONE]\n\n"


async def joined(events: AsyncGenerator[str, None]) -> AsyncGenerator[str, None]:
    """The events that are there by the time the client has taken those before, in one piece."""
    async with aclosing(events), aclosing(gathered(events)) as batches:
        async for batch in batches:
            yield "".join(batch)


def _delta(
    number: int, delta: dict[str, Any], logprobs: dict[str, Any] | None = None, finish: str | None = None
) -> dict[str, Any]:
    return {"index": number, "delta": delta, "logprobs": logprobs, "finish_reason": finish}


def _logprobs(tokens: Sequence[Chosen]) -> dict[str, Any]:
    return {
        "content": [{**_likely(one), "top_logprobs": [_likely(other) for other in one.top]} for one in tokens],
        "refusal": None,
    }


def _likely(one: Likely) -> dict[str, Any]:
    return {
        "token": one.token.decode(errors="replace"),
        "logprob": max(one.logprob, LEAST_LOGPROB),
        "bytes": list(one.token),
    }


def _event(value: dict[str, Any]) -> str:
    return f"data: {one_line(value)}\n\n"


def _head(model: str, kind: str) -> dict[str, Any]:
    return {"id": f"chatcmpl-{secrets.token_hex(12)}", "object": kind, "created": int(time.time()), "model": model}
