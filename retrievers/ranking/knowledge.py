"""Everything that was learned for ranking, as one folder of weights: others' questions, translations, the ranker.

Others' questions are kept as hashed tokens and vectors, never as text. Knows nothing of any corpus: articles are ids.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, ValidationError
from safetensors import SafetensorError
from safetensors.numpy import load_file, save_file

from retrievers.contracts import CorruptIndex, EncoderMismatch
from retrievers.encoding import Encoder, Vectors
from retrievers.ranking.ranker import Ranker
from retrievers.ranking.translation import Translation

WEIGHTS = Path(__file__).parent.parent / "weights" / "ranker"
FORMAT = 1
FILES = ("learned.safetensors", "learned.json", "linear.json", "trees.txt")


class _Layout(BaseModel):
    """learned.json: what the tensors mean. `articles`: the ids that govern each question."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: int
    encoder: str
    articles: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class LearnedQuestion:
    """The ids of the articles that govern it, its hashed words and bigrams, its vector."""

    articles: tuple[str, ...]
    words: tuple[str, ...]
    bigrams: tuple[str, ...]
    vector: NDArray[np.float32]


@dataclass(frozen=True)
class Knowledge:
    """With the encoder that it was learned with; `digest` names all of it."""

    encoder: Encoder
    questions: tuple[LearnedQuestion, ...]
    translation: Translation
    ranker: Ranker
    digest: str = ""

    def save(self, folder: Path) -> None:
        """Write FILES into `folder`, which is made if needed."""
        folder.mkdir(parents=True, exist_ok=True)
        tensors = {**self.translation.arrays(), "vectors": self._vectors.astype(np.float16)}
        for name in ("words", "bigrams"):
            tokens = [[int(token, 16) for token in getattr(one, name)] for one in self.questions]
            tensors[f"{name}.token"] = np.array([token for some in tokens for token in some], np.uint32)
            tensors[f"{name}.starts"] = np.cumsum([0, *map(len, tokens)]).astype(np.int32)
        save_file(tensors, folder / "learned.safetensors")
        (folder / "learned.safetensors").chmod(0o644)  # safetensors leaves it readable to its maker only
        articles = tuple(one.articles for one in self.questions)
        layout = _Layout(format=FORMAT, encoder=self.encoder.digest, articles=articles)
        (folder / "learned.json").write_text(json.dumps(layout.model_dump(), ensure_ascii=False) + "\n", "utf-8")
        self.ranker.save(folder)

    @cached_property
    def _vectors(self) -> Vectors:
        return np.stack([one.vector for one in self.questions])

    @classmethod
    def load(cls, encoder: Encoder, folder: Path = WEIGHTS) -> "Knowledge":
        """The knowledge saved in `folder`. Raises CorruptIndex naming what is missing, EncoderMismatch."""
        try:
            layout = _Layout.model_validate(json.loads((folder / "learned.json").read_text("utf-8")))
            if layout.format != FORMAT:
                raise ValueError(f"written in format {layout.format}, this version reads {FORMAT}")
            if layout.encoder != encoder.digest:
                raise EncoderMismatch(f"{folder}: learned with another encoder; `lexhub train ranker` learns it again")
            tensors = load_file(folder / "learned.safetensors")
            words, bigrams = _tokens(tensors, "words"), _tokens(tensors, "bigrams")
            vectors = tensors["vectors"].astype(np.float32)
            questions = tuple(
                LearnedQuestion(*row) for row in zip(layout.articles, words, bigrams, vectors, strict=True)
            )
            return cls(encoder, questions, Translation.of(tensors), Ranker.load(folder), digest(folder))
        except (OSError, ValueError, KeyError, ValidationError, SafetensorError) as error:
            raise CorruptIndex(f"{folder}: cannot be read: {error}; `lexhub train ranker` makes it again") from error


def digest(folder: Path) -> str:
    """The name of what is saved in `folder`. Raises OSError."""
    whole = hashlib.sha256()
    for name in FILES:
        whole.update((folder / name).read_bytes())
    return whole.hexdigest()[:24]


def _tokens(tensors: dict[str, NDArray[Any]], name: str) -> Sequence[tuple[str, ...]]:
    flat = [f"{token:x}" for token in tensors[f"{name}.token"].tolist()]
    starts = tensors[f"{name}.starts"].tolist()
    return [tuple(flat[start:end]) for start, end in pairwise(starts)]
