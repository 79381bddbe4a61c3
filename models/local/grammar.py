"""JSON schemas as grammars over one checkpoint's tokens (llguidance), and the masks they put on a batch's scores."""

import json
from collections.abc import Sequence
from typing import Any

import torch
from llguidance import LLExecutor, LLMatcher, LLTokenizer
from llguidance.hf import from_tokenizer
from llguidance.numpy import allocate_token_bitmask, fill_next_token_bitmask_par
from torch import Tensor

from models.contracts import BadRequest
from models.local.loading import Checkpoint


class Grammars:
    """Compiles JSON schemas, and masks what they do not allow; knows a token's bytes as the grammar does."""

    def __init__(self, checkpoint: Checkpoint) -> None:
        self._size = int(checkpoint.model.get_output_embeddings().weight.shape[0])
        self._ends = list(checkpoint.ends)
        self._tokenizer: LLTokenizer = from_tokenizer(checkpoint.tokenizer, self._size, self._ends)
        self._executor = LLExecutor()

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

    def allowed(self, matchers: Sequence[LLMatcher], device: torch.device) -> Tensor:
        """Which tokens each grammar allows next, [matchers, vocabulary]; only the ends once it is complete."""
        bits = allocate_token_bitmask(len(matchers), self._size)
        open_ = [(matcher, row) for row, matcher in enumerate(matchers) if not matcher.is_stopped()]
        if open_:
            fill_next_token_bitmask_par(self._executor, open_, bits)
        # 32 tokens a number: they are spread on the device, so that little is sent there.
        words = torch.from_numpy(bits).to(device)
        spread = (words[:, :, None] >> torch.arange(32, device=device, dtype=torch.int32)) & 1
        allowed = spread.flatten(1)[:, : self._size].bool()
        closed = [row for row, matcher in enumerate(matchers) if matcher.is_stopped()]
        if closed:
            allowed[closed] = False
            allowed[torch.tensor(closed)[:, None], torch.tensor(self._ends)] = True
        return allowed

    def bytes_of(self, token: int) -> bytes:
        """What a token stands for; it may be a part of a character."""
        return bytes(self._tokenizer.decode_bytes([token]))
