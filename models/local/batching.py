"""transformers' continuous batching with what it lacks: our choice of tokens outside CUDA graphs, and an answer to a
device that is out of memory. Runs in the batch's own thread.
"""

import logging
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from typing import Any

import torch
from transformers import ContinuousBatchingConfig, GenerationConfig
from transformers.generation.continuous_batching.continuous_api import (
    ContinuousBatchingManager,
    ContinuousBatchProcessor,
)
from transformers.generation.continuous_batching.model_runner import ModelRunner
from transformers.generation.continuous_batching.requests import RequestStatus
from transformers.generation.continuous_batching.utils import CudaGraphBuffer, stream_context

from models.contracts import ModelUnavailable, OutOfMemory
from models.local.attention import NAME as PAGED
from models.local.choosing import Chooser
from models.local.loading import Checkpoint
from models.local.sizing import PAGE
from models.local.slots import Rows, slot_of

logger = logging.getLogger("lexhub")


class Batch(ContinuousBatchingManager):  # type: ignore[misc]
    """A running batch of requests on one model. `short` names the requests that failed for want of memory; `rows`
    learns before each step which of its tokens have an adapter, by the names of their requests (`slots.marked`).
    """

    def __init__(
        self, checkpoint: Checkpoint, chooser: Chooser, config: ContinuousBatchingConfig, rows: Rows | None = None
    ) -> None:
        plain = GenerationConfig(do_sample=False, eos_token_id=list(checkpoint.ends), pad_token_id=checkpoint.ends[0])
        super().__init__(checkpoint.model, plain, config)
        self.chooser = chooser
        self.rows = rows
        self.short: set[str] = set()
        self._moved, self._held = time.monotonic(), 0
        for layers in _stacks(checkpoint.model):
            for layer in layers:
                layer.register_forward_pre_hook(self._moves)
        # Tokens of a request that was cancelled have no handler; by default they would pile up in a queue.
        self.output_router.output_queue = _Nowhere()
        if checkpoint.model.config._attn_implementation == PAGED:
            # transformers knows the block table for the flash-attention package only; ours reads it everywhere.
            self.continuous_batching_config.max_blocks_per_request = -(-checkpoint.context // PAGE)

    def run(self) -> None:
        """Start, and return when requests can be added. Raises ModelUnavailable with the reason when that fails."""
        # A thread inherits `daemon` from its creator; transformers' own would keep the process alive for ever.
        starter = threading.Thread(target=self.start, daemon=True)
        starter.start()
        starter.join()
        while self.batch_processor is None and self.is_running():
            time.sleep(0.01)
        self.require_running()

    def require_running(self) -> None:
        """Raise ModelUnavailable when the batch has ended."""
        if not self.is_running():
            fatal = self.background_thread_status.fatal_error or "it was stopped"
            raise ModelUnavailable(f"the batch has ended: {fatal}")

    def require_moving(self, patience: float) -> None:
        """Raise ModelUnavailable when the batch has ended, or began neither a step nor a layer of one for `patience`
        seconds, as when its device hangs. A step may take as long as it needs, one layer may not.
        """
        self.require_running()
        silent = 0.0 if self._held else time.monotonic() - self._moved
        if silent > patience:
            raise ModelUnavailable(f"the batch has not moved for {silent:.1f} s")

    def _moves(self, *_: Any) -> None:
        self._moved = time.monotonic()

    @contextmanager
    def between_steps(self) -> Iterator[None]:
        """No step runs inside this block; requests wait. Not in the event loop: a step can take long.

        Raises ModelUnavailable when the batch has ended.
        """
        with ExitStack() as paused:
            try:
                paused.enter_context(self.pause())
            except RuntimeError as error:
                raise ModelUnavailable(f"the batch has ended: {error}") from error
            self._held += 1
            try:
                yield
            finally:
                self._moves()
                self._held -= 1

    def end(self) -> None:
        """End the batch; requests in it fail."""
        if self.is_running():
            self.stop(block=True, hard_stop=True, timeout=30)

    def forget(self, name: str, finished: bool) -> None:
        """Drop all that is kept of a request, and free its cache when it is still going on."""
        if not finished:
            self.cancel_request(name)
        # Cancelling sends no last event, so transformers would keep the handler for ever.
        self.output_router.result_handlers.pop(name, None)
        self.chooser.choices.pop(name, None)
        self.short.discard(name)

    def _create_batch_processor(self) -> ContinuousBatchProcessor:
        made = super()._create_batch_processor()
        old = made.model_runner
        made.model_runner = _Runner(self.chooser, self.model, old, self.rows)
        if any(self.continuous_batching_config.cuda_graph_booleans):
            made.warmup(self.model)
        return made

    def _generation_loop_body(self, batch_processor: ContinuousBatchProcessor, bootstrapping: bool) -> bool:
        self._moves()  # also while there is nothing to do: the loop then turns ten times a second
        try:
            return bool(super()._generation_loop_body(batch_processor, bootstrapping))
        except (torch.OutOfMemoryError, MemoryError) as error:
            self._relieve(batch_processor, error)
            return True

    def _relieve(self, processor: ContinuousBatchProcessor, error: Exception) -> None:
        """Fail the request that took most of the step that did not fit; the others begin again with what they said."""
        states = [future.state for future in processor.inputs_and_outputs.requests_in_batch]
        if not states:
            raise OutOfMemory("no memory, and no request to give up for it") from error
        largest = max(states, key=lambda state: len(state.initial_tokens) + len(state.generated_tokens))
        logger.warning("out of memory: request %s fails, %d go on", largest.request_id, len(states) - 1)
        self.short.add(largest.request_id)
        processor._handle_request_error(error, largest)
        processor.scheduler.finish_request(largest.request_id)
        for state in states:
            if state is not largest:
                again = state.create_equivalent_initial_request()
                state._status = RequestStatus.FINISHED
                processor.scheduler.finish_request(state.request_id)
                processor.scheduler.add_waiting_request(again)
        if torch.cuda.is_available():
            torch.cuda.empty_cache()


def _stacks(model: Any) -> Iterator[torch.nn.ModuleList]:
    """The model's layers: its outermost lists of modules."""
    for child in model.children():
        if isinstance(child, torch.nn.ModuleList):
            yield child
        else:
            yield from _stacks(child)


class _Runner(ModelRunner):  # type: ignore[misc]
    """Runs the model, in a CUDA graph where transformers would, and chooses the tokens after it, outside the graph."""

    def __init__(self, chooser: Chooser, model: Any, plain: ModelRunner, rows: Rows | None) -> None:
        super().__init__(
            logit_processor=plain.logit_processor,
            cb_config=plain.cb_config,
            inputs_and_outputs=plain.inputs_and_outputs,
            cache=plain.cache,
            do_sample=False,
            return_logprobs=False,
        )
        self._chooser = chooser
        self._rows = rows
        if rows is not None:
            rows.reserve(plain.cache.max_batch_tokens)
        # Steps without any adapter have graphs of their own, which do not compute one.
        self._graphs = (plain.inputs_and_outputs.graphs, CudaGraphBuffer())
        most = plain.cb_config.max_requests_per_batch
        # One place for all graphs to leave their scores.
        self._scores = torch.empty(most, model.get_output_embeddings().weight.shape[0], device=model.device)

    def _forward_process_and_sample(
        self,
        model: Any,
        batch_data: dict[str, Any],
        carry_over_ids: torch.Tensor,
        prev_output_ids: torch.Tensor,
        output_ids: torch.Tensor,
    ) -> None:
        logits = model(**batch_data).logits[0]
        if "logits_to_keep" not in batch_data:
            logits = logits[batch_data["logits_indices"]]
        self._scores[: len(logits)].copy_(logits)

    def compute_batch(self, model: Any, batch_data: dict[str, Any]) -> None:
        """One step of the model for the batch, and the tokens that it gives."""
        given = self.inputs_and_outputs
        if self._rows is not None:
            lengths = [(slot_of(future.state.request_id), future.query_length) for future in given.requests_in_batch]
            with stream_context(given.compute_stream):
                self._rows.place(lengths, given.num_q_tokens)
            given.graphs = self._graphs[self._rows.busy]
        super().compute_batch(model, batch_data)
        names = [future.state.request_id for future in given.requests_in_batch if future.has_new_token]
        if names:
            with stream_context(given.compute_stream):
                given.output_ids[0, : len(names)] = self._chooser.choose(self._scores[: len(names)], names)


class _Nowhere:
    """A queue that keeps nothing."""

    def put(self, item: Any) -> None:
        """Forget `item`."""

    def empty(self) -> bool:
        """Always."""
        return True
