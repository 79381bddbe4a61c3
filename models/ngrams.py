"""A classifier over hashed character n-grams: text to features, and inference with numpy alone.

The features are shared by training and inference, so a change here makes every saved model worthless: raise
`FORMAT` then. Knows nothing of what the heads mean, and nothing of requests or streams.
"""

import json
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal
from zlib import crc32

import numpy as np
from numpy.typing import NDArray
from pydantic import BaseModel, ConfigDict, Field
from safetensors import SafetensorError
from safetensors.numpy import load_file

from models.contracts import ModelUnavailable

FORMAT = 2
LONGEST = 4  # characters of the longest n-gram
READ = 4000  # characters that are read of a text: enough for any story, and a bound on the time spent

Floats = NDArray[np.float32]
Rows = NDArray[np.int64]
Kind = Literal["ridge", "centroid"]

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


def features(text: str, buckets: int) -> Rows:
    """The distinct rows, in ascending order, that `text` looks up in a table of `buckets` rows; empty for no text."""
    return np.unique(np.fromiter((crc32(name.encode()) % buckets for name in _names(text)), dtype=np.int64))


def _names(text: str) -> Iterator[str]:
    plain = normalise(text)
    # A text of signs only (👍, ???) is read as it stands.
    clauses = [clause for clause in _BREAK.split(plain) if clause] or plain.split()
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
    """One output. `labels` in the order of the tensors' rows.

    `ridge` is linear in tf-idf space and scores by probability (`scale` calibrates it): right for a few labels with
    many examples each. `centroid` scores by the cosine to the mean of a label's examples, times the label's weight:
    right for hundreds of labels with a handful of examples each.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    kind: Kind
    labels: tuple[str, ...] = Field(min_length=1)
    scale: float = Field(default=1.0, gt=0)


class Layout(BaseModel):
    """labels.json: what the tensors beside it mean."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    format: int
    buckets: int = Field(ge=1)
    heads: dict[str, Head] = Field(min_length=1)


class Classifier:
    """A trained classifier in memory. Reading it from several threads is safe."""

    def __init__(self, layout: Layout, tensors: Mapping[str, NDArray[Any]]) -> None:
        """`tensors` of each head: `<head>.idf` [buckets], and what its kind needs.

        Ridge: `<head>.weight` [buckets, labels]. Centroid, as columns: `<head>.starts` [buckets + 1], `<head>.label`
        and `<head>.value` [entries]. Raises ValueError when a tensor is missing or its shape does not fit.
        """
        self.layout = layout
        self._heads = {
            name: (_Ridge if head.kind == "ridge" else _Centroids)(name, head, layout.buckets, tensors)
            for name, head in layout.heads.items()
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

    def scores(self, head: str, texts: Sequence[str], weights: Sequence[float] | None = None) -> Floats:
        """The score of every label of `head`, [labels], for the weighted mean of `texts` (evenly by default).

        Raises KeyError for a head that the model lacks.
        """
        scorer = self._heads[head]
        single = [scorer.raw(features(text, self.layout.buckets)) for text in texts]
        return scorer.finished(np.average(single, axis=0, weights=weights).astype(np.float32))

    def ranked(
        self, head: str, texts: Sequence[str], weights: Sequence[float] | None = None, top: int | None = None
    ) -> list[tuple[str, float]]:
        """The `top` labels of `head` (null: all) with their score, best first; ties in the order of the labels."""
        scores = self.scores(head, texts, weights)
        labels = self.layout.heads[head].labels
        found = np.arange(len(scores))
        if top is not None and top < len(scores):  # to sort thousands for the best hundred takes half a millisecond
            found = np.flatnonzero(scores >= np.partition(scores, len(scores) - top)[len(scores) - top])
        order = found[np.argsort(-scores[found], kind="stable")][:top].tolist()
        return [(labels[index], float(scores[index])) for index in order]


def softmax(logits: Floats) -> Floats:
    """Probabilities over the last axis."""
    powers = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=-1, keepdims=True), dtype=np.float32)


class _Ridge:
    """A linear head in tf-idf space."""

    def __init__(self, name: str, head: Head, buckets: int, tensors: Mapping[str, NDArray[Any]]) -> None:
        self._scale = head.scale
        self._idf = _tensor(tensors, f"{name}.idf", buckets).astype(np.float32)
        self._weight = _tensor(tensors, f"{name}.weight", buckets, len(head.labels))

    def raw(self, bag: Rows) -> Floats:
        """The linear outputs, [labels]; zero for a text of unknown features."""
        idf = self._idf[bag]
        norm = max(float(np.linalg.norm(idf)), 1e-9)
        return np.asarray(idf / norm @ self._weight[bag].astype(np.float32))

    def finished(self, raw: Floats) -> Floats:
        """Probabilities."""
        return softmax(raw * self._scale)


class _Centroids:
    """A head of centroids in tf-idf space, stored by feature; none is longer than 1."""

    def __init__(self, name: str, head: Head, buckets: int, tensors: Mapping[str, NDArray[Any]]) -> None:
        self._count = len(head.labels)
        self._idf = _tensor(tensors, f"{name}.idf", buckets).astype(np.float32)
        self._starts = _tensor(tensors, f"{name}.starts", buckets + 1).astype(np.int64)
        entries = int(self._starts[-1])
        self._label = _tensor(tensors, f"{name}.label", entries).astype(np.int64)
        self._value = _tensor(tensors, f"{name}.value", entries).astype(np.float32)
        if entries and int(self._label.max()) >= self._count:
            raise ValueError(f"{name}.label points past the {self._count} labels")

    def raw(self, bag: Rows) -> Floats:
        """The cosine of the text to every centroid times its length, [labels]; zero without a shared feature."""
        idf = self._idf[bag]
        norm = float(np.linalg.norm(idf))
        if norm == 0:
            return np.zeros(self._count, dtype=np.float32)
        starts, ends = self._starts[bag], self._starts[bag + 1]
        counts = ends - starts
        places = np.arange(counts.sum()) + np.repeat(starts - (np.cumsum(counts) - counts), counts)
        products = self._value[places] * np.repeat(idf, counts)
        sums = np.bincount(self._label[places], weights=products, minlength=self._count)
        return np.clip(sums / norm, 0, 1).astype(np.float32)

    def finished(self, raw: Floats) -> Floats:
        """Cosines as they are."""
        return raw


def _tensor(tensors: Mapping[str, NDArray[Any]], name: str, *shape: int) -> NDArray[Any]:
    if name not in tensors:
        raise ValueError(f"the tensor {name} is missing")
    if tensors[name].shape != shape:
        raise ValueError(f"the tensor {name} has the shape {tensors[name].shape}, not {shape}")
    return tensors[name]
