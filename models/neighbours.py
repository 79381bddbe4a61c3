"""Labels from the examples that are most like a text: k nearest neighbours by the encoder's vectors.

Each of the NEAREST examples votes for its labels with the POWER of its cosine (Dudani 1976, The Distance-Weighted
k-Nearest-Neighbor Rule): right for thousands of labels of which most have a few examples. No text is stored.
"""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field, ValidationError
from safetensors import SafetensorError
from safetensors.numpy import load_file

from models.contracts import ModelUnavailable
from models.embedders.static import StaticEncoder

NEAREST, POWER = 30, 4


Floats = NDArray[np.float32]
Numbers = NDArray[np.int64]


class Layout(BaseModel):
    """labels.json: the labels in the order of their numbers, and the encoder that made the vectors."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    encoder: str
    labels: tuple[str, ...] = Field(min_length=1)


class Neighbours:
    """Examples in memory: `vectors` [examples, dimensions]; of each example the numbers of its labels and weights.

    Reading it from several threads is safe.
    """

    def __init__(
        self,
        encoder: StaticEncoder,
        labels: Sequence[str],
        vectors: Floats,
        starts: Numbers,
        given: Numbers,
        weights: Floats,
    ) -> None:
        """`starts` [examples + 1]: where each example's labels begin in `given` and `weights`. Raises ValueError."""
        if len(starts) != len(vectors) + 1 or not len(given) == len(weights) == starts[-1]:
            raise ValueError(f"{len(vectors)} examples, {len(starts)} starts, {len(given)} labels do not fit")
        if vectors.shape[1:] != (encoder.dimensions,) or given.max(initial=0) >= len(labels):
            raise ValueError(f"vectors {vectors.shape} and {len(labels)} labels do not fit")
        self.encoder, self.labels = encoder, tuple(labels)
        self._index = faiss.IndexScalarQuantizer(
            encoder.dimensions, faiss.ScalarQuantizer.QT_fp16, faiss.METRIC_INNER_PRODUCT
        )
        self._index.add(vectors)
        self._vectors, self._starts, self._given, self._weights = vectors, starts, given, weights

    def votes(self, text: str) -> list[tuple[str, float]]:
        """The labels of the examples most like the text, each with its votes, best first; none for unknown words."""
        [vector] = self.encoder.encode([text])
        faiss.omp_set_num_threads(1)  # in the calling thread: to share out so little costs more than it gives
        likeness, near = self._index.search(vector[None, :], min(NEAREST, len(self._vectors)))
        votes: dict[int, float] = {}
        for at, like in zip(near[0].tolist(), likeness[0].tolist(), strict=True):
            own = slice(self._starts[at], self._starts[at + 1])
            voice = max(like, 0.0) ** POWER
            for label, weight in zip(self._given[own].tolist(), self._weights[own].tolist(), strict=True):
                votes[label] = votes.get(label, 0.0) + voice * weight
        found = sorted(votes.items(), key=lambda row: (-row[1], row[0]))
        return [(self.labels[label], voice) for label, voice in found if voice > 0]

    @property
    def foremost(self) -> tuple[str, ...]:
        """The labels that some example has with the greatest weight of all."""
        return tuple(self.labels[label] for label in np.unique(self._given[self._weights == self._weights.max()]))

    def tensors(self) -> dict[str, NDArray[Any]]:
        """What `load` reads from model.safetensors."""
        return {
            "vectors": self._vectors.astype(np.float16),
            "starts": self._starts.astype(np.int32),
            "given": self._given.astype(np.int32),
            "weights": self._weights.astype(np.float16),
        }

    @classmethod
    def load(cls, folder: Path, encoder: StaticEncoder) -> "Neighbours":
        """Those in the files of `folder`. Raises ModelUnavailable when they do not fit, or not this encoder."""
        again = "`lexhub train keyword` makes it again"
        try:
            layout = Layout.model_validate(json.loads((folder / "labels.json").read_text("utf-8")))
            tensors = load_file(folder / "model.safetensors")
            if layout.encoder != encoder.digest:
                raise ModelUnavailable(f"the model {folder.name} was made with another encoder; {again}")
            return cls(
                encoder,
                layout.labels,
                tensors["vectors"].astype(np.float32),
                tensors["starts"].astype(np.int64),
                tensors["given"].astype(np.int64),
                tensors["weights"].astype(np.float32),
            )
        except (OSError, ValueError, KeyError, ValidationError, SafetensorError) as error:
            raise ModelUnavailable(f"the model {folder.name} cannot be loaded: {error}; {again}") from error
