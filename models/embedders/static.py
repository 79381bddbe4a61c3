"""A static encoder: the mean of its tokens' vectors, looked up with numpy alone.

Reads what sentence-transformers' `StaticEmbedding` writes (tokenizer.json, model.safetensors), without its import time
and without torch, so that every process that searches can hold one.
"""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from safetensors.numpy import load_file
from tokenizers import Tokenizer

from models.contracts import ModelUnavailable

WEIGHTS = Path(__file__).parent.parent / "weights" / "encoder"
FEW = 32  # texts that are cut in this thread: to share them out would take longer
READ = 4000  # characters that are read of a text

Vectors = NDArray[np.float32]


class StaticEncoder:
    """A trained encoder in memory. Reading it from several threads is safe. `digest` names tokenizer and weights."""

    def __init__(self, folder: Path = WEIGHTS) -> None:
        """Load `folder`. Raises ModelUnavailable naming what is missing or does not fit."""
        try:
            self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
            weights = load_file(folder / "model.safetensors")["embedding.weight"]
            parts = [(folder / name).read_bytes() for name in ("tokenizer.json", "model.safetensors")]
        except Exception as error:  # tokenizers raises nothing narrower
            raise ModelUnavailable(
                f"the encoder {folder.name} cannot be loaded: {error}; `lexhub train encoder` makes it again"
            ) from error
        if weights.ndim != 2 or weights.shape[0] != self._tokenizer.get_vocab_size():
            raise ModelUnavailable(f"the encoder {folder.name}: {weights.shape} weights do not fit its tokenizer")
        self._weights = weights
        self._tokenizer.no_padding()
        self.dimensions = int(weights.shape[1])
        self.digest = hashlib.sha256(b"\0".join(parts)).hexdigest()[:24]

    def encode(self, texts: Sequence[str]) -> Vectors:
        """One row for each text, [texts, dimensions], of length 1; zero for a text without a known token."""
        found = np.zeros((len(texts), self.dimensions), np.float32)
        for row, ids in zip(found, self.tokens(texts), strict=True):
            if ids:
                row[:] = self._weights[ids].astype(np.float32).sum(axis=0)
        lengths = np.linalg.norm(found, axis=1, keepdims=True)
        return np.asarray(found / np.maximum(lengths, 1e-9), np.float32)

    def tokens(self, texts: Sequence[str]) -> list[list[int]]:
        """The tokens of each text: rows of `table`."""
        cut = [text[:READ] for text in texts]
        if len(cut) > FEW:
            return [found.ids for found in self._tokenizer.encode_batch_fast(cut, add_special_tokens=False)]
        return [self._tokenizer.encode(text, add_special_tokens=False).ids for text in cut]

    @property
    def table(self) -> Vectors:
        """The vector of each token, [vocabulary, dimensions]."""
        return np.asarray(self._weights, np.float32)
