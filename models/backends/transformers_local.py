"""Any `AutoModelForCausalLM` in this process, served by transformers' continuous batching, a token at a time.

Many requests share the steps of one model. Knows nothing of adapters and of other processes.
"""

import asyncio
import threading
import time
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from itertools import count
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field
from transformers import ContinuousBatchingConfig, GenerationConfig

from models.contracts import (
    BadOutput,
    BadRequest,
    Chunk,
    ContextLengthExceeded,
    DeadlineExceeded,
    FinishReason,
    GenerationRequest,
    ModelOverloaded,
    ModelUnavailable,
    Usage,
)
from models.framing import framed
from models.local.decoding import TextStream
from models.local.loading import Checkpoint, Dtype, choose_device, load, locate
from models.local.prompting import prompt_ids
from models.local.quantisation import Quantisation
from models.local.steering import KEY, Grammars, Steerer, Steering

PAGE = 256  # tokens a page of the cache
WATCH_S = 5.0  # how often a silent request looks whether the batch is still alive


class Options(BaseModel):
    """`model`: a folder, or a name on the hub (`hub`: its address, when it is a mirror). `sha256`: the only files that
    may be loaded, hex by name, as `lexhub models pin` prints them. `quantisation`: the weights in 8 or 4 bits.
    `context` limits the model's own. `cache_tokens`: how many tokens of all requests the cache holds; on a GPU the
    default is the share `memory` of what is free. `batch_tokens`: the most tokens a step reads. `queue`: requests at
    once, past them ModelOverloaded. `template`: values for the chat template.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    model: str = Field(min_length=1)
    revision: str | None = None
    sha256: dict[str, Annotated[str, Field(pattern="^[0-9a-f]{64}$")]] = Field(default_factory=dict)
    hub: str | None = None
    download: bool = True
    device: str = "auto"
    dtype: Dtype = "auto"
    quantisation: Quantisation = "none"
    attention: Literal["sdpa", "paged|eager"] = "sdpa"
    context: int | None = Field(default=None, ge=16)
    cache_tokens: int | None = Field(default=None, ge=PAGE)
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
        self.device = device
        self.checkpoint: Checkpoint = load(
            folder,
            device,
            options.dtype,
            options.attention,
            options.context,
            quantised=options.quantisation,
            sha256=options.sha256,
        )
        self.grammars = Grammars(self.checkpoint)
        self.steerer = Steerer()
        on_cpu = device == "cpu"
        tokens = options.cache_tokens or (min(4 * self.checkpoint.context, 16384) if on_cpu else None)
        config = ContinuousBatchingConfig(
            page_size=PAGE,
            num_blocks=None if tokens is None else -(-tokens // PAGE),
            max_batch_tokens=options.batch_tokens or (1024 if on_cpu else None),
            max_memory_percent=options.memory,
            max_requests_per_batch=options.queue,
            use_async_batching=False,
            use_cuda_graph=False,
            auto_switch_to_flash=False,  # the kernels would come from the hub
        )
        plain = GenerationConfig(
            do_sample=False, eos_token_id=list(self.checkpoint.ends), pad_token_id=self.checkpoint.ends[0]
        )
        self.manager = self.checkpoint.model.init_continuous_batching(
            generation_config=plain, continuous_batching_config=config
        )
        self.steerer.install(self.manager)
        # Tokens of a request that was cancelled have no handler; by default they would pile up in a queue.
        self.manager.output_router.output_queue = _Nowhere()
        # A thread inherits `daemon` from its creator; transformers' own would keep the process alive for ever.
        starter = threading.Thread(target=self.manager.start, daemon=True)
        starter.start()
        starter.join()
        while self.manager.batch_processor is None and self.manager.is_running():
            time.sleep(0.01)
        if not self.manager.is_running():
            raise ModelUnavailable(f"{options.model}: the batch did not start: {self._fatal()}")
        # A request that the whole cache cannot hold would end the batch for everybody.
        held = int(self.manager.continuous_batching_config.num_blocks) * PAGE
        self.context = min(self.checkpoint.context, held)

    def require_running(self) -> None:
        """Raise ModelUnavailable when the batch has died."""
        if not self.manager.is_running():
            raise ModelUnavailable(f"the batch has ended: {self._fatal()}")

    def _fatal(self) -> str:
        return str(self.manager.background_thread_status.fatal_error or "it was stopped")

    def stop(self) -> None:
        """End the batch; requests in it fail."""
        if self.manager.is_running():
            self.manager.stop(block=True, hard_stop=True, timeout=30)


class LocalModel:
    """A Generator. Use it in one event loop; `aclose` ends its thread and frees the model."""

    def __init__(self, options: Options) -> None:
        self._options = options
        self._engine: _Engine | None = None
        self._loading = asyncio.Lock()
        self._keys = count()
        self._active = 0

    async def check(self) -> None:
        """Load the model when that has not happened. Raises ModelUnavailable with the reason when it cannot serve."""
        (await self._loaded()).require_running()

    async def aclose(self) -> None:
        """Stop the batch and forget the model."""
        async with self._loading:
            if self._engine is not None:
                await asyncio.to_thread(self._engine.stop)
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
        engine.require_running()
        key = next(self._keys)
        name = f"lexhub-{key}"
        steering = Steering(request.sampling, matcher, engine.checkpoint.ends, engine.device)
        if steering.needed:
            engine.steerer.requests[key] = steering
        outputs: asyncio.Queue[Any] = asyncio.Queue()
        engine.manager.register_result_handler(name, outputs.put_nowait)
        finished = False
        try:
            limit = min(request.sampling.max_tokens, room)
            # Its queue is unbounded (we bound requests ourselves), so this never blocks the event loop.
            accepted = engine.manager.add_request(
                prompt, request_id=name, max_new_tokens=limit, streaming=True, **{KEY: key}
            )
            if accepted is None:
                raise ModelUnavailable("the batch takes no more requests")
            text = TextStream(engine.checkpoint.tokenizer, request.sampling.stop)
            seen = 0
            while not finished:
                output = await self._next(engine, outputs, request.deadline)
                finished = output.is_finished()
                if output.error is not None:
                    raise ModelUnavailable(f"the batch failed: {output.error}")
                if steering.error:
                    raise BadOutput(steering.error)
                fresh, seen = output.generated_tokens[seen:], len(output.generated_tokens)
                said = "".join(text.feed(token) for token in fresh if token not in engine.checkpoint.ends)
                if text.stopped or finished:
                    ended = text.stopped or output.generated_tokens[-1] in engine.checkpoint.ends
                    reason: FinishReason = "stop" if ended else "length"
                    usage = Usage(prompt_tokens=len(prompt), completion_tokens=seen)
                    yield Chunk(text=said + text.close(), finish_reason=reason, usage=usage)
                    return
                if said:
                    yield Chunk(text=said)
        finally:
            if not finished:
                engine.manager.cancel_request(name)
            # Cancelling sends no last event, so transformers would keep the handler for ever.
            engine.manager.output_router.result_handlers.pop(name, None)
            engine.steerer.requests.pop(key, None)

    async def _next(self, engine: _Engine, outputs: "asyncio.Queue[Any]", deadline: float | None) -> Any:
        """The request's next output. Raises DeadlineExceeded, or ModelUnavailable when the batch has died."""
        while True:
            left = WATCH_S if deadline is None else min(deadline - time.time(), WATCH_S)
            try:
                return await asyncio.wait_for(outputs.get(), max(left, 0))
            except TimeoutError as error:
                if deadline is not None and time.time() >= deadline:
                    raise DeadlineExceeded("the deadline passed before the model was done") from error
                engine.require_running()


class _Nowhere:
    """A queue that keeps nothing."""

    def put(self, item: Any) -> None:
        """Forget `item`."""

    def empty(self) -> bool:
        """Always."""
        return True
