"""Any encoder or decoder checkpoint as an embedder: its hidden states pooled to one vector of length 1.

Pooling, prompts and cut come from the checkpoint (modules.json of sentence-transformers); without them the last token
of a decoder, the mean of an encoder. Qwen3-Embedding, BGE, GTE and their kind. Knows nothing of indexes.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from sentence_transformers import SentenceTransformer

from models.contracts import ModelUnavailable, OutOfMemory
from models.local import reading
from models.readers import EmbedderOptions

READ = 1024  # tokens that are read of a text: all of nearly every article, and of nearly every story
CUT = 4 * READ  # characters that are cut into tokens: more than a text of READ tokens has

Vectors = NDArray[np.float32]


def digest(options: EmbedderOptions) -> str:
    """The digest that the embedder of these options has, without loading it. Raises ModelUnavailable."""
    return reading.digest(reading.found(options), options.dimensions, READ)


class PooledEmbedder:
    """A loaded embedder. `digest` binds vectors to the weights and to what else decides them; a number format does not.

    One call at a time.
    """

    def __init__(self, options: EmbedderOptions) -> None:
        """Raises ModelUnavailable with the reason or the command that fetches the checkpoint, OutOfMemory."""
        self.model, self._options = options.model, options
        folder = reading.found(options)
        self.digest = reading.digest(folder, options.dimensions, READ)
        self._net: Any = reading.loaded(SentenceTransformer, folder, options, truncate_dim=options.dimensions)
        self._net.max_seq_length = min(self._net.max_seq_length or READ, READ)
        has = len(self.questions(["?"])[0])
        if options.dimensions is not None and has != options.dimensions:
            raise ModelUnavailable(f"{options.model} has {has} dimensions, {options.dimensions} were asked for")
        self.dimensions: int = has

    def passages(self, texts: Sequence[str]) -> Vectors:
        """One row for each text that is searched, [texts, dimensions], of length 1.

        Raises OutOfMemory, ModelUnavailable.
        """
        return self._encoded(self._net.encode_document, texts)

    def questions(self, texts: Sequence[str]) -> Vectors:
        """One row for each question, after the prompt, [texts, dimensions], of length 1. Raises as `passages`."""
        return self._encoded(self._net.encode_query, texts, prompt=self._options.prompt)

    def _encoded(self, encode: Any, texts: Sequence[str], **more: Any) -> Vectors:
        if not texts:
            return np.zeros((0, self.dimensions), np.float32)
        try:
            found = encode(
                [text[:CUT] for text in texts], batch_size=self._options.batch, show_progress_bar=False, **more
            )
        except torch.OutOfMemoryError as error:
            raise OutOfMemory(f"{self.model}: no memory for a batch of {self._options.batch} texts") from error
        except RuntimeError as error:  # whatever else fails on a device
            raise ModelUnavailable(f"{self.model}: {' '.join(str(error).split())[:400]}") from error
        rows = np.asarray(found, np.float32)
        # Again in 32 bits: the checkpoint may have normalised in 16, or before the cut, or not at all.
        return np.asarray(rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-9), np.float32)
