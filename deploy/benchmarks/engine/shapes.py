"""The shapes of the checkpoints that are measured, and what a step of one costs: parameters, bytes, operations."""

from dataclasses import dataclass
from typing import Literal

Dtype = Literal["float32", "bfloat16"]
WIDTH: dict[Dtype, int] = {"float32": 4, "bfloat16": 2}  # bytes of a number


@dataclass(frozen=True)
class Shape:
    """A Qwen3: `hidden`, `layers`, query `heads`, `kv_heads`, `head` (numbers a head), `inner` (of the feed-forward
    part), `vocabulary`, and whether input and output embeddings are one matrix (`tied`).
    """

    name: str
    hidden: int
    layers: int
    heads: int
    kv_heads: int
    head: int
    inner: int
    vocabulary: int
    tied: bool
    context: int
    dtype: Dtype

    @property
    def layer(self) -> int:
        """Parameters of one layer: four projections, the feed-forward part, norms of hidden and of heads."""
        attention = 2 * self.hidden * self.heads * self.head + 2 * self.hidden * self.kv_heads * self.head
        return attention + 3 * self.hidden * self.inner + 2 * self.hidden + 2 * self.head

    @property
    def parameters(self) -> int:
        """All parameters."""
        embeddings = (1 if self.tied else 2) * self.vocabulary * self.hidden
        return self.layers * self.layer + self.hidden + embeddings

    @property
    def weights(self) -> int:
        """Bytes that every step reads: all layers, the last norm and the output matrix.

        An input embedding of its own is not among them: a step looks up one row for each token.
        """
        return (self.layers * self.layer + self.hidden + self.vocabulary * self.hidden) * WIDTH[self.dtype]

    @property
    def cached(self) -> int:
        """Bytes of one token in the KV cache: a key and a value in each layer."""
        return 2 * self.layers * self.kv_heads * self.head * WIDTH[self.dtype]

    def step_bytes(self, requests: int, context: float) -> float:
        """Bytes that one step must read: the weights once, and the cache of each request, `context` tokens long."""
        return self.weights + requests * context * self.cached

    def step_operations(self, requests: int, context: float) -> float:
        """Operations of one step that writes a token for each request: two for each weight, and attention.

        Attention multiplies the query by each key and each value: four operations for each number of each head.
        """
        matrices = self.weights // WIDTH[self.dtype]
        return requests * (2 * matrices + 4 * self.layers * self.heads * self.head * context)

    def prefill_operations(self, prompt: int) -> float:
        """Operations to read a prompt of `prompt` tokens: two for each weight of a layer and token, causal attention
        (half of the square), and the output matrix for the last token alone.
        """
        layers = 2.0 * self.layers * self.layer * prompt
        attention = 4.0 * self.layers * self.heads * self.head * prompt * (prompt + 1) / 2
        return layers + attention + 2.0 * self.vocabulary * self.hidden


def _qwen3(name: str, hidden: int, layers: int, heads: int, inner: int, tied: bool) -> Shape:
    """A published Qwen3: eight key-value heads of 128 numbers, 151,936 tokens, bfloat16."""
    return Shape(name, hidden, layers, heads, 8, 128, inner, 151_936, tied, 40_960, "bfloat16")


SIZES = {
    shape.name: shape
    for shape in (
        # For two CPU cores: 30.3 million parameters, of which 12.6 million are the (tied) embeddings.
        Shape("30m", 384, 8, 8, 4, 64, 1408, 32_768, True, 4096, "float32"),
        _qwen3("0.6b", 1024, 28, 16, 3072, True),
        _qwen3("1.7b", 2048, 28, 16, 6144, True),
        _qwen3("8b", 4096, 36, 32, 12_288, False),
    )
}
