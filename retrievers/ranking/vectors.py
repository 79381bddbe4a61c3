"""The vectors of an embedder, one for each article: a part of a generation where an embedder was given at import.

Bound to the embedder's digest. Vectors of texts that the serving generation has already are taken from it, and a build
that was cut off goes on where it was. Knows positions, not what the articles are.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from hashlib import sha256
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydantic import ValidationError

from retrievers.contracts import CorruptIndex, EncoderMismatch, Value
from retrievers.encoding import Embedder, EmbedderName, Vectors
from retrievers.indexes import dense
from retrievers.indexes.dense import Dense
from retrievers.portions import portions

FOLDER = "embedder"
BLOCK = 512  # texts that are embedded at a time, and lost when a build is killed

Progress = Callable[[int, int, str], None]
Numbers = NDArray[np.uint64]


class Made(Value):
    """By which embedder the vectors were made, as `EmbedderName`."""

    model: str
    digest: str
    cut: int | None


def made(folder: Path) -> Made | None:
    """By which embedder the vectors of the generation in `folder` were made; null where it has none.

    Raises CorruptIndex naming the file.
    """
    path = folder / FOLDER / "made.json"
    try:
        return Made.model_validate(json.loads(path.read_text("utf-8"))) if path.exists() else None
    except (OSError, ValueError, ValidationError) as error:
        raise CorruptIndex(f"{path}: {error}") from error


def require(found: Made | None, wanted: EmbedderName, folder: Path) -> None:
    """Raise EncoderMismatch, naming the command that helps, unless a generation's vectors are of that embedder."""
    if found is None:
        raise EncoderMismatch(f"{folder}: has no vectors of an embedder; `{wanted.command}` makes them")
    if found.digest != wanted.digest:
        raise EncoderMismatch(
            f"{folder}: made with another embedder ({found.model}); `{wanted.command}` makes it again"
        )


def build(
    texts: Sequence[str], embedder: Embedder, folder: Path, work: Path, before: Path | None, progress: Progress
) -> None:
    """Write the vectors of `texts` into the generation `folder`. `before`: the generation that serves.

    `work` keeps each block under the name of its content until a generation is published.
    """
    folder = folder / FOLDER
    folder.mkdir(parents=True)
    work.mkdir(parents=True, exist_ok=True)
    names = np.array([_name(text) for text in texts], np.uint64)
    known = _Known(before, embedder.name.digest)
    kept: list[Path] = []
    for block in portions(range(len(texts)), BLOCK):
        progress(block[0], len(texts), "计算向量")
        kept.append(_kept([texts[at] for at in block], names[block], embedder, known, work))
    progress(len(texts), len(texts), "计算向量")

    def blocks() -> Iterator[Vectors]:
        return (np.load(path).astype(np.float32) for path in kept)

    dense.build(blocks, len(texts), embedder.dimensions, folder / "vectors.faiss")
    np.save(folder / "texts.npy", names)
    told = Made(model=embedder.name.model, digest=embedder.name.digest, cut=embedder.name.cut)
    (folder / "made.json").write_text(told.model_dump_json() + "\n", "utf-8")


class PassageVectors:
    """The vectors of a generation, loaded. Safe for concurrent use."""

    def __init__(self, folder: Path, told: Made) -> None:
        """Raises CorruptIndex naming the file."""
        self.made = told
        self._vectors = Dense(folder / FOLDER / "vectors.faiss")

    def nearest(self, vector: Vectors, top: int) -> tuple[Vectors, NDArray[np.int64]]:
        """The cosines of the `top` nearest articles, best first, and their positions."""
        return self._vectors.nearest(vector, top)


class _Known:
    """What the serving generation can give of its vectors: those of the same embedder, stored exactly."""

    def __init__(self, before: Path | None, digest: str) -> None:
        self._names: Numbers = np.zeros(0, np.uint64)
        if before is None or (told := made(before)) is None or told.digest != digest:
            return
        vectors, names = Dense(before / FOLDER / "vectors.faiss"), np.load(before / FOLDER / "texts.npy")
        if vectors.count <= dense.EXACT:  # beyond, they are kept in 8 bits
            order = np.argsort(names)
            self._vectors, self._names, self._places = vectors, names[order], order

    def of(self, name: int) -> Vectors | None:
        """The vector of the text with this name."""
        at = int(np.searchsorted(self._names, np.uint64(name)))
        if at == len(self._names) or int(self._names[at]) != name:
            return None
        return np.asarray(self._vectors.vectors(self._places[at : at + 1])[0], np.float32)


def _kept(texts: Sequence[str], names: Numbers, embedder: Embedder, known: _Known, work: Path) -> Path:
    """The file in `work` with the vectors of these texts, made if it is not there yet."""
    path = work / f"{sha256(embedder.name.digest.encode() + names.tobytes()).hexdigest()[:32]}.npy"
    if path.exists():
        return path
    rows = np.zeros((len(texts), embedder.dimensions), np.float16)
    missing = []
    for at, name in enumerate(names):
        if (vector := known.of(int(name))) is not None:
            rows[at] = vector
        else:
            missing.append(at)
    if missing:
        rows[missing] = embedder.passages([texts[at] for at in missing])
    fresh = path.with_suffix(".part.npy")  # written whole or not at all
    np.save(fresh, rows)
    fresh.replace(path)
    return path


def _name(text: str) -> int:
    return int.from_bytes(sha256(text.encode()).digest()[:8], "little")
