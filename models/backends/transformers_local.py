"""Any `AutoModelForCausalLM` in this process, served by transformers' continuous batching, a token at a time.

Many requests share the steps of one model, each with the adapter that it names. Knows nothing of other processes.
"""

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator, Collection
from concurrent.futures import ThreadPoolExecutor
from contextlib import aclosing, asynccontextmanager, suppress
from itertools import count
from typing import Any

from models.contracts import (
    BadOutput,
    Chunk,
    ContextLengthExceeded,
    DeadlineExceeded,
    FinishReason,
    GenerationRequest,
    Message,
    ModelOverloaded,
    ModelUnavailable,
    NoSuchAdapter,
    OutOfMemory,
    Sampling,
    Usage,
)
from models.framing import framed, unframed
from models.local.choosing import Choice
from models.local.decoding import TextStream
from models.local.engine import Engine, Options
from models.local.prompting import prompt_ids
from models.local.slots import marked

WATCH_S = 5.0  # how often a silent request looks whether the batch is still alive
PATIENCE_S = 8.0  # the longest that one layer of a step may take
IDLE_S = 10.0  # after so long without a token, one is decoded to see that the device can
PROBE_S = 2.0  # how long a check waits for it
PROBE = GenerationRequest(messages=(Message(role="user", content="你好"),), sampling=Sampling(max_tokens=1))


def build(options: dict[str, Any]) -> "LocalModel":
    """The model; it is loaded at the first use. Raises pydantic's ValidationError for bad options."""
    return LocalModel(Options.model_validate(options))


class LocalModel:
    """A Generator. Use it in one event loop; `aclose` ends its thread and frees the model."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._engine: Engine | None = None
        self._loading = asyncio.Lock()
        self._numbers = count()
        self._active = 0
        self._spoke = float("-inf")  # when the last token came, or was last asked for by a check

    @property
    def adapters(self) -> Collection[str]:
        """The names that a request may give as its adapter."""
        return self._options.adapters.keys()

    @property
    def adapter_slots(self) -> int:
        """How many adapters are loaded at a time."""
        return self._options.adapter_slots

    async def load(self) -> None:
        """Load the model, unless that has happened. Raises ModelUnavailable with the reason when it cannot be."""
        await self._loaded()

    async def check(self) -> None:
        """Load the model when that has not happened; after IDLE_S without a token decode one. Answers within PROBE_S.

        Raises ModelUnavailable with the reason when the model cannot serve. A batch that has much to do and goes on
        with it can, though no token comes.
        """
        engine = await self._loaded()
        engine.batch.require_moving(PATIENCE_S)
        if time.monotonic() - self._spoke <= IDLE_S:
            return
        self._spoke = time.monotonic()
        probe = PROBE.model_copy(update={"deadline": time.time() + PROBE_S})
        with suppress(DeadlineExceeded):  # whether it hangs will be seen by the batch's silence
            async with aclosing(self._stream(engine, probe)) as chunks:
                async for _ in chunks:
                    pass

    async def aclose(self) -> None:
        """Stop the batch and forget the model."""
        async with self._loading:
            if self._engine is not None:
                await asyncio.to_thread(self._engine.batch.end)
                self._engine = None

    async def generate(self, request: GenerationRequest) -> AsyncIterator[Chunk]:
        """Stream the answer token by token."""
        if request.adapter is not None and request.adapter not in self.adapters:
            raise NoSuchAdapter(f"{self._options.model} has no adapter {request.adapter}")
        if self._active >= self._options.queue:
            raise ModelOverloaded(f"{self._options.model} already has {self._active} requests")
        self._active += 1
        try:
            engine = await self._loaded()
            async with (
                _lent(engine, request) as slot,
                aclosing(unframed(request, self._stream(engine, framed(request), slot))) as chunks,
            ):
                async for chunk in chunks:
                    yield chunk
        finally:
            self._active -= 1

    async def _loaded(self) -> Engine:
        async with self._loading:
            if self._engine is None:
                # In a thread that ends: OpenMP keeps workers for every thread that ever computed, and once they are
                # more than the cores, it puts them to sleep between operations (a fifth slower on two cores).
                with ThreadPoolExecutor(1) as loader:
                    self._engine = await asyncio.get_running_loop().run_in_executor(loader, Engine, self._options)
            return self._engine

    async def _stream(
        self, engine: Engine, request: GenerationRequest, slot: int | None = None
    ) -> AsyncGenerator[Chunk, None]:
        prompt = prompt_ids(engine.checkpoint, request.messages, self._options.template)
        room = engine.context - len(prompt)
        if room < 1:
            raise ContextLengthExceeded(f"the messages have {len(prompt)} tokens, the model takes {engine.context}")
        matcher = engine.grammars.matcher(request.schema_) if request.schema_ is not None else None
        batch = engine.batch
        batch.require_running()
        name = marked(f"lexhub-{next(self._numbers)}", slot)
        choice = Choice(request.sampling, matcher, prompt)
        if choice.needed:
            engine.chooser.choices[name] = choice
        outputs: asyncio.Queue[Any] = asyncio.Queue()
        batch.register_result_handler(name, outputs.put_nowait)
        finished = False
        ends = engine.checkpoint.ends
        try:
            limit = min(request.sampling.max_tokens, room)
            # Its queue is unbounded (we bound requests ourselves), so this never blocks the event loop.
            if batch.add_request(prompt, request_id=name, max_new_tokens=limit, streaming=True) is None:
                raise ModelUnavailable("the batch takes no more requests")
            text = TextStream(engine.checkpoint.tokenizer, (*request.sampling.stop, *engine.checkpoint.stop))
            seen = 0
            while not finished:
                output = await self._next(engine, outputs, request.deadline)
                self._spoke = time.monotonic()
                finished = output.is_finished()
                if output.error is not None:
                    short = name in batch.short
                    raise (OutOfMemory if short else ModelUnavailable)(f"the batch failed: {output.error}")
                if choice.error:
                    raise BadOutput(choice.error)
                fresh = output.generated_tokens[seen:]
                # Only read, never shortened: the batch's thread may be adding to it.
                told = tuple(choice.told[seen : seen + len(fresh)])
                seen += len(fresh)
                said = "".join(text.feed(token) for token in fresh if token not in ends)
                ended = output.generated_tokens[-1] in ends
                if finished and ended:
                    told = told[:-1]
                if text.stopped or finished:
                    reason: FinishReason = "stop" if text.stopped or ended else "length"
                    usage = Usage(prompt_tokens=len(prompt), completion_tokens=seen)
                    yield Chunk(text=said + text.close(), tokens=told, finish_reason=reason, usage=usage)
                    return
                if said or told:
                    yield Chunk(text=said, tokens=told)
        finally:
            batch.forget(name, finished)

    async def _next(self, engine: Engine, outputs: "asyncio.Queue[Any]", deadline: float | None) -> Any:
        """The request's latest output. Raises DeadlineExceeded, or ModelUnavailable when the batch has died."""
        while outputs.empty():
            left = WATCH_S if deadline is None else min(deadline - time.time(), WATCH_S)
            try:
                async with asyncio.timeout(max(left, 0)):
                    output = await outputs.get()
            except TimeoutError as error:
                if deadline is not None and time.time() >= deadline:
                    raise DeadlineExceeded("the deadline passed before the model was done") from error
                engine.batch.require_running()
            else:
                break
        # Each output holds all tokens so far: when the reader is behind, only the last one matters.
        while not outputs.empty():
            output = outputs.get_nowait()
        return output


@asynccontextmanager
async def _lent(engine: Engine, request: GenerationRequest) -> AsyncIterator[int | None]:
    """The slot of the request's adapter as long as it is answered; None without adapter."""
    if engine.adapters is None or request.adapter is None:
        yield None
        return
    async with engine.adapters.held(request.adapter, engine.batch, request.deadline) as slot:
        yield slot
