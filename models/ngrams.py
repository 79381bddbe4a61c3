"""A linear classifier over hashed character n-grams: text to features, and inference with numpy alone.

The features are shared by training and inference, so a change here makes every saved model worthless: raise
`FORMAT` then. Knows nothing of what the heads mean, and nothing of requests or streams.
"""

import json
import re
import unicodedata
from collections.abc import Iterator, Sequence
from functools import cached_property
from pathlib import Path
from typing import Any, Literal
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field
from safetensors import SafetensorError
from safetensors.numpy import load_file

from models.contracts import ModelUnavailable

FORMAT = 1
LONGEST = 4  # characters of the longest n-gram
READ = 4000  # characters that are read of a text: enough for any story, and a bound on the time spent

Floats = NDArray[np.float32]
Kind = Literal["softmax", "sigmoid"]

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")
_BREAK = re.compile(r"[^\w]+")
_NUMERAL = "[0零一二三四五六七八九十百千两]+"
_SHAPES = {
    "article": re.compile(f"第{_NUMERAL}条"),
    "paragraph": re.compile(f"第{_NUMERAL}[款项]"),
    "title": re.compile("《[^》]{2,}》"),
    "law": re.compile(r"[一-鿿]{2,}(?:法典|[^用办方想没说看违]法(?![院律官庭人])|条例|司法解释)"),
    "money": re.compile("(?:0|[零一二三四五六七八九十百千万两几])+(?:元|块|万)"),
    "asks": re.compile(r"[?吗呢]|怎么|如何|多少|能不能|可不可以|是否|什么|哪"),
    "sum": re.compile(r"0\D{0,12}0\D{0,20}(?:算|多少)|(?:算|计算)\D{0,20}0"),
}
_WORD = re.compile("[a-z]+")
_LENGTHS = (4, 8, 16, 40, 120)


def normalise(text: str) -> str:
    """NFKC, lower case, every number written as 0, at most READ characters."""
    return _NUMBER.sub("0", unicodedata.normalize("NFKC", text[:READ]).lower())


def features(text: str, buckets: int) -> NDArray[np.int64]:
    """The distinct rows, in ascending order, that `text` looks up in a table of `buckets` rows; empty for no text."""
    return np.unique(np.fromiter((crc32(name.encode()) % buckets for name in _names(text)), dtype=np.int64))


def _names(text: str) -> Iterator[str]:
    plain = normalise(text)
    clauses = [clause for clause in _BREAK.split(plain) if clause]
    for clause in clauses:
        bounded = f"^{clause}$"
        for size in range(1, LONGEST + 1):
            source = clause if size == 1 else bounded
            for start in range(len(source) - size + 1):
                yield source[start : start + size]
    if not clauses:
        return
    for name, shape in _SHAPES.items():
        if shape.search(plain):
            yield f"shape {name}"
    for word in _WORD.findall(plain):
        yield f"word {word}"
    yield f"length {sum(len(plain) > bound for bound in _LENGTHS)}"


class Head(BaseModel):
    """One linear output. `labels` in the order of the weight's rows."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Kind
    labels: tuple[str, ...] = Field(min_length=1)


class Layout(BaseModel):
    """labels.json: what the tensors beside it mean."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: int
    buckets: int = Field(ge=1)
    dimension: int = Field(ge=1)
    heads: dict[str, Head] = Field(min_length=1)


class Classifier:
    """A trained classifier in memory. Reading it from several threads is safe."""

    def __init__(self, layout: Layout, tensors: dict[str, NDArray[Any]]) -> None:
        """`tensors`: `embedding` [buckets, dimension], `<head>.weight` [labels, dimension], `<head>.bias` [labels].

        Raises ValueError when a shape does not fit the layout.
        """
        wanted = {"embedding": (layout.buckets, layout.dimension)}
        for name, head in layout.heads.items():
            wanted[f"{name}.weight"] = (len(head.labels), layout.dimension)
            wanted[f"{name}.bias"] = (len(head.labels),)
        found = {name: tuple(tensor.shape) for name, tensor in tensors.items()}
        if found != wanted:
            raise ValueError(f"tensors {found} do not fit the layout {wanted}")
        self.layout = layout
        self._embedding = tensors["embedding"]
        self._heads = {
            name: (tensors[f"{name}.weight"].astype(np.float32), tensors[f"{name}.bias"].astype(np.float32))
            for name in layout.heads
        }

    @classmethod
    def load(cls, folder: Path) -> "Classifier":
        """The classifier saved in `folder`. Raises ModelUnavailable naming what is missing or does not fit."""
        try:
            layout = Layout.model_validate(json.loads((folder / "labels.json").read_text("utf-8")))
            if layout.format != FORMAT:
                raise ValueError(f"written for feature format {layout.format}, this version reads {FORMAT}")
            return cls(layout, load_file(folder / "model.safetensors"))
        except (OSError, ValueError, SafetensorError) as error:
            raise ModelUnavailable(
                f"the n-gram model {folder.name} cannot be loaded: {error}; `lexhub train ngram` makes it again"
            ) from error

    @cached_property
    def _known(self) -> NDArray[np.bool_]:
        """Which rows were trained; the others are zero and must not thin out the mean."""
        return np.asarray(self._embedding.any(axis=1))

    def vector(self, text: str) -> Floats:
        """The mean of the trained rows of `text`, [dimension]; zero when none of them is known."""
        rows = features(text, self.layout.buckets)
        rows = rows[self._known[rows]]
        if not rows.size:
            return np.zeros(self.layout.dimension, dtype=np.float32)
        return np.asarray(self._embedding[rows].astype(np.float32).mean(axis=0))

    def scores(self, head: str, texts: Sequence[str], weights: Sequence[float] | None = None) -> Floats:
        """The probability of every label of `head`, [labels], for the weighted mean of `texts` (evenly by default).

        Raises KeyError for a head that the model lacks.
        """
        weight, bias = self._heads[head]
        vectors = np.stack([self.vector(text) for text in texts])
        logits = weight @ np.average(vectors, axis=0, weights=weights).astype(np.float32) + bias
        if self.layout.heads[head].kind == "sigmoid":
            return np.asarray(1 / (1 + np.exp(-logits)), dtype=np.float32)
        powers = np.exp(logits - logits.max())
        return np.asarray(powers / powers.sum(), dtype=np.float32)

    def ranked(self, head: str, texts: Sequence[str], weights: Sequence[float] | None = None) -> list[tuple[str, float]]:
        """All labels of `head` with their probability, best first; ties in the order of the labels."""
        scores = self.scores(head, texts, weights)
        labels = self.layout.heads[head].labels
        return [(labels[index], float(scores[index])) for index in np.argsort(-scores, kind="stable")]
