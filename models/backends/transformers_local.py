"""Any `AutoModelForCausalLM` in this process, served by transformers' continuous batching, a token at a time.

Many requests share the steps of one model. Knows nothing of adapters and of other processes.
"""

import asyncio
import logging
import time
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from itertools import count
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from transformers import ContinuousBatchingConfig

from models.contracts import (
    BadOutput,
    BadRequest,
    Chunk,
    ContextLengthExceeded,
    DeadlineExceeded,
    FinishReason,
    GenerationRequest,
    Message,
    ModelOverloaded,
    ModelUnavailable,
    OutOfMemory,
    Sampling,
    Usage,
)
from models.framing import framed
from models.local import attention
from models.local.batching import PAGE, Batch
from models.local.choosing import Choice, Chooser
from models.local.decoding import TextStream
from models.local.grammar import Grammars
from models.local.loading import Checkpoint, choose_device, load, locate
from models.local.prompting import prompt_ids

logger = logging.getLogger("lexhub")

WATCH_S = 5.0  # how often a silent request looks whether the batch is still alive
PROBE = GenerationRequest(messages=(Message(role="user", content="你好"),), sampling=Sampling(max_tokens=1))


class Options(BaseModel):
    """`model`: a folder, or a name on the hub (`hub`: its address, when it is a mirror). `context` limits the model's
    own. `cache_tokens`: how many tokens of all requests the cache holds; on a GPU the default is the share `memory`
    of what is free. `batch_tokens`: the most tokens a step reads. `queue`: requests at once, past them
    ModelOverloaded. `template`: values for the chat template.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    model: str = Field(min_length=1)
    revision: str | None = None
    hub: str | None = None
    download: bool = True
    device: str = "auto"
    dtype: Literal["auto", "float32", "bfloat16", "float16"] = "auto"
    attention: Literal["auto", "sdpa", "paged|eager", "flash_attention_2", "flash_attention_3"] = "auto"
    fast: Literal["warn", "required", "any"] = "warn"
    context: int | None = Field(default=None, ge=16)
    cache_tokens: int | None = Field(default=None, ge=PAGE)
    cache_bytes: int | None = Field(default=None, ge=1)
    memory: float = Field(default=0.8, gt=0, le=1)
    batch_tokens: int | None = Field(default=None, ge=16)
    queue: int = Field(default=64, ge=1)
    template: dict[str, Any] = Field(default_factory=dict)


def build(options: dict[str, Any]) -> "LocalModel":
    """The model; it is loaded at the first use. Raises pydantic's ValidationError for bad options."""
    return LocalModel(Options.model_validate(options))


class _Engine:
    """A loaded checkpoint with its running batch."""

    def __init__(self, options: Options) -> None:
        device = choose_device(options.device)
        folder = locate(options.model, options.revision, options.hub, options.download)
        paged = options.attention == "auto"
        self.checkpoint: Checkpoint = load(
            folder, device, options.dtype, "sdpa" if paged else options.attention, options.context
        )
        slow = _slow(self.checkpoint, options.attention)
        if slow and options.fast == "required":
            raise ModelUnavailable(f"{options.model}: {slow}, and its card requires the fast path")
        if slow and options.fast == "warn":
            logger.warning("%s will be SLOW on this device: %s", options.model, slow)
        if paged and attention.suits(self.checkpoint.model):
            attention.install(self.checkpoint.model)
        self.grammars = Grammars(self.checkpoint)
        self.chooser = Chooser(self.grammars)
        self.batch = Batch(self.checkpoint, self.chooser, _config(options, self.checkpoint, graphs=not slow))
        self.batch.run()
        # A request that the whole cache cannot hold would end the batch for everybody.
        held = int(self.batch.continuous_batching_config.num_blocks) * PAGE
        self.context = min(self.checkpoint.context, held)


def _slow(checkpoint: Checkpoint, wanted: str) -> str:
    """Why this checkpoint does not run on the fast path of its device; empty when it does, and on a CPU."""
    model = checkpoint.model
    if model.device.type == "cpu" or "flash" in wanted:
        return ""
    if wanted != "auto" or not attention.suits(model):
        return f"attention {wanted} is not paged flash attention"
    size = getattr(model.config.get_text_config(), "head_dim", None) or 64
    error = attention.flash_error(model.device, model.dtype, size)
    return error and f"torch's flash attention for packed sequences cannot be used: {error}"


def _config(options: Options, checkpoint: Checkpoint, graphs: bool) -> ContinuousBatchingConfig:
    on_cpu = checkpoint.model.device.type == "cpu"
    tokens = options.cache_tokens
    if tokens is None and options.cache_bytes is not None:
        tokens = options.cache_bytes // _bytes_a_token(checkpoint)
    if tokens is None and on_cpu:
        tokens = min(4 * checkpoint.context, 16384)
    return ContinuousBatchingConfig(
        page_size=PAGE,
        num_blocks=None if tokens is None else max(1, tokens // PAGE),
        max_batch_tokens=options.batch_tokens or (1024 if on_cpu else None),
        max_memory_percent=options.memory,
        max_requests_per_batch=options.queue,
        use_async_batching=False,  # a grammar must know the token before
        use_cuda_graph=(False, graphs and not on_cpu),  # prompts come in every length, a graph of each would not pay
        auto_switch_to_flash=False,  # the kernels would come from the hub
    )


def _bytes_a_token(checkpoint: Checkpoint) -> int:
    config = checkpoint.model.config.get_text_config()
    size = getattr(config, "head_dim", None) or config.hidden_size // config.num_attention_heads
    heads = getattr(config, "num_key_value_heads", None) or config.num_attention_heads
    return int(2 * config.num_hidden_layers * heads * size * checkpoint.model.dtype.itemsize)


class LocalModel:
    """A Generator. Use it in one event loop; `aclose` ends its thread and frees the model."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._engine: _Engine | None = None
        self._loading = asyncio.Lock()
        self._numbers = count()
        self._active = 0
        self._spoke = float("-inf")

    async def load(self) -> None:
        """Load the model, unless that has happened. Raises ModelUnavailable with the reason when it cannot be."""
        await self._loaded()

    async def check(self) -> None:
        """Load the model when that has not happened, and decode a token, unless one just came.

        Raises ModelUnavailable with the reason when it cannot serve.
        """
        engine = await self._loaded()
        engine.batch.require_running()
        if time.monotonic() - self._spoke > WATCH_S:
            async with aclosing(self._stream(engine, PROBE)) as chunks:
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
        if request.adapter is not None:
            raise BadRequest("this backend has no adapters")
        if self._active >= self._options.queue:
            raise ModelOverloaded(f"{self._options.model} already has {self._active} requests")
        self._active += 1
        try:
            engine = await self._loaded()
            async with aclosing(self._stream(engine, framed(request))) as chunks:
                async for chunk in chunks:
                    yield chunk
        finally:
            self._active -= 1

    async def _loaded(self) -> _Engine:
        async with self._loading:
            if self._engine is None:
                self._engine = await asyncio.to_thread(_Engine, self._options)
            return self._engine

    async def _stream(self, engine: _Engine, request: GenerationRequest) -> AsyncGenerator[Chunk, None]:
        prompt = prompt_ids(engine.checkpoint, request.messages, self._options.template)
        room = engine.context - len(prompt)
        if room < 1:
            raise ContextLengthExceeded(f"the messages have {len(prompt)} tokens, the model takes {engine.context}")
        matcher = engine.grammars.matcher(request.schema_) if request.schema_ is not None else None
        batch = engine.batch
        batch.require_running()
        name = f"lexhub-{next(self._numbers)}"
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
            text = TextStream(engine.checkpoint.tokenizer, request.sampling.stop)
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
                fresh, seen = output.generated_tokens[seen:], len(output.generated_tokens)
                said = "".join(text.feed(token) for token in fresh if token not in ends)
                ended = output.generated_tokens[-1] in ends
                told, choice.told = tuple(choice.told[: len(fresh)]), choice.told[len(fresh) :]
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

    async def _next(self, engine: _Engine, outputs: "asyncio.Queue[Any]", deadline: float | None) -> Any:
        """The request's latest output. Raises DeadlineExceeded, or ModelUnavailable when the batch has died."""
        while outputs.empty():
            left = WATCH_S if deadline is None else min(deadline - time.time(), WATCH_S)
            try:
                output = await asyncio.wait_for(outputs.get(), max(left, 0))
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
