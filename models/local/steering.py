"""Chooses each request's next token inside transformers' continuous batching: sampling, seed and grammar per request.

The batch itself only takes the highest score, so a request without steering is greedy. Runs in the batch's thread.
"""

import json
from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from llguidance import LLMatcher, LLTokenizer
from llguidance.hf import from_tokenizer
from torch import Tensor
from transformers import LogitsProcessorList
from transformers.generation.continuous_batching.cb_logits_processors import ContinuousBatchingLogitsProcessor

from models.contracts import BadRequest, Sampling
from models.local.loading import Checkpoint

KEY = "steering"  # the request argument that names its Steering; the batch copies arguments, so it is a number


class Grammars:
    """Compiles JSON schemas to grammars over one checkpoint's tokens."""

    def __init__(self, checkpoint: Checkpoint) -> None:
        size = checkpoint.model.get_output_embeddings().weight.shape[0]
        self._tokenizer: LLTokenizer = from_tokenizer(checkpoint.tokenizer, size, list(checkpoint.ends))

    def matcher(self, schema: dict[str, Any]) -> LLMatcher:
        """A fresh matcher of `schema`. Raises BadRequest for a schema that cannot be compiled."""
        # Free white space would let a small model pad for ever.
        compact: Any = {"whitespace_flexible": False}
        try:
            grammar = LLMatcher.grammar_from_json_schema(json.dumps(schema), defaults=compact)
        except ValueError as error:
            raise BadRequest(f"the JSON schema cannot be used: {error}") from error
        matcher = LLMatcher(self._tokenizer, grammar, log_level=0)
        if matcher.is_error():
            raise BadRequest(f"the JSON schema cannot be used: {' '.join(matcher.get_error().split())[:300]}")
        return matcher


class Steering:
    """How one request's tokens are chosen; `needed` is false when the batch's own greedy choice will do."""

    def __init__(self, sampling: Sampling, matcher: LLMatcher | None, ends: Sequence[int], device: str) -> None:
        self._sampling = sampling
        self._matcher = matcher
        self._ends = list(ends)
        self._generator: torch.Generator | None = None
        if sampling.seed is not None:
            self._generator = torch.Generator(device).manual_seed(sampling.seed)
        self.needed = matcher is not None or sampling.temperature > 0
        self.error = ""

    def choose(self, scores: Tensor) -> int:
        """The next token for `scores` [vocabulary], which a grammar has advanced over. Sets `error` if that fails."""
        if self._matcher is not None:
            scores = scores.masked_fill(~self._allowed(len(scores)).to(scores.device), float("-inf"))
        token = int(scores.argmax()) if self._sampling.temperature == 0 else self._sample(scores)
        if self._matcher is not None and not self._matcher.is_stopped() and not self._matcher.consume_token(token):
            self.error = f"the grammar refused a token: {self._matcher.get_error()}"
        return self._ends[0] if self.error else token

    def _allowed(self, size: int) -> Tensor:
        """Which tokens the grammar allows, [size]; only the ends once it is complete."""
        assert self._matcher is not None
        allowed = torch.zeros(size, dtype=torch.bool)
        if self._matcher.is_stopped():
            allowed[self._ends] = True
            return allowed
        bits = np.unpackbits(np.frombuffer(self._matcher.compute_bitmask(), dtype=np.uint8), bitorder="little")
        known = min(size, len(bits))
        allowed[:known] = torch.from_numpy(bits[:known].astype(bool))
        if not allowed.any():
            self.error = f"the grammar allows no token: {self._matcher.get_error()}"
            allowed[self._ends] = True
        return allowed

    def _sample(self, scores: Tensor) -> int:
        probabilities = torch.softmax(scores.float() / self._sampling.temperature, dim=-1)
        if self._sampling.top_p < 1:
            ordered, places = probabilities.sort(descending=True)
            # A token stays while those before it have less than top_p; the first always does.
            ordered[ordered.cumsum(-1) - ordered >= self._sampling.top_p] = 0
            probabilities = torch.zeros_like(probabilities).scatter(0, places, ordered)
        return int(torch.multinomial(probabilities, 1, generator=self._generator))


class Steerer(ContinuousBatchingLogitsProcessor):  # type: ignore[misc]
    """Applies every request's Steering to its row of scores. Needs `use_async_batching=False` and no CUDA graph."""

    supported_kwargs = {KEY: int}  # noqa: RUF012 - the base class wants it so
    ignored_kwargs = ()

    def __init__(self) -> None:
        self.requests: dict[int, Steering] = {}
        self._rows: list[int] = []

    def install(self, manager: Any) -> None:
        """Become the only processor of a batching manager that has not started."""
        processors = manager.logit_processor
        processors.logits_processor = LogitsProcessorList([self])
        processors.tensors_required = 1
        processors.supported_keys, processors.ignored_keys = dict(self.supported_kwargs), set()
        processors.do_processing = True

    def fill_defaults(self, int32_tensor: Tensor) -> None:
        """Rows without a request have the key -1."""
        int32_tensor.fill_(-1)

    def prepare_tensor_args(self, requests_with_new_token: Sequence[Any]) -> Tensor:
        """The keys of the rows to come. They are kept here: the tensor would have to come back from the device."""
        self._rows = [request.state.logit_processor_kwargs.get(KEY, -1) for request in requests_with_new_token]
        return torch.tensor(self._rows, dtype=torch.int32)

    def __call__(self, scores: Tensor, tensor_arg: Tensor) -> Tensor:
        """`scores` [rows, vocabulary] with the chosen token on top of each steered row."""
        for row, key in enumerate(self._rows[: len(scores)]):
            # A request that was cancelled meanwhile has no steering any more, and nobody reads its tokens.
            if steering := self.requests.get(key):
                scores[row, steering.choose(scores[row])] = float("inf")
        return scores
