from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from retrievers.contracts import CorruptIndex
from retrievers.indexes import dense
from retrievers.indexes.dense import Dense, Vectors

COUNT, WIDE = 6000, 24


@pytest.fixture(scope="module")
def vectors() -> Vectors:
    drawn = np.random.default_rng(3)
    centres = drawn.normal(size=(60, WIDE))
    rows = centres[drawn.integers(0, 60, COUNT)] + 0.7 * drawn.normal(size=(COUNT, WIDE))
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), np.float32)


def built(vectors: Vectors, path: Path) -> Dense:
    def blocks() -> Iterator[Vectors]:
        for start in range(0, len(vectors), 500):
            yield vectors[start : start + 500]

    dense.build(blocks, len(vectors), WIDE, path)
    return Dense(path)


def recall(index: Dense, vectors: Vectors) -> float:
    found = 0
    for row in range(0, 200):
        exact = np.argsort(-(vectors @ vectors[row]), kind="stable")[:10]
        found += len(set(index.nearest(vectors[row], 10)[1].tolist()) & set(exact.tolist()))
    return found / 2000


def test_a_small_collection_is_searched_exactly(vectors: Vectors, tmp_path: Path) -> None:
    index = built(vectors, tmp_path / "index")
    assert recall(index, vectors) > 0.99  # half precision may swap equals
    scores, rows = index.nearest(vectors[5], 3)
    assert rows[0] == 5
    assert scores[0] == pytest.approx(1, abs=1e-2)
    assert np.allclose(index.vectors(np.array([5, 7])), vectors[[5, 7]], atol=1e-2)


def test_a_large_collection_has_lists_and_loses_little(
    vectors: Vectors, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dense, "EXACT", 1000)
    monkeypatch.setattr(dense, "PROBED", 20)
    index = built(vectors, tmp_path / "index")
    assert recall(index, vectors) > 0.9
    assert np.allclose(index.vectors(np.array([5, 7])), vectors[[5, 7]], atol=0.05)
    assert (tmp_path / "index").stat().st_size < COUNT * (WIDE + 8) + 200_000


def test_more_or_fewer_vectors_than_announced_are_refused(vectors: Vectors, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="announced"):
        dense.build(lambda: [vectors], COUNT + 1, WIDE, tmp_path / "index")


def test_a_damaged_file_is_named(vectors: Vectors, tmp_path: Path) -> None:
    path = tmp_path / "index"
    path.write_bytes(b"no index")
    with pytest.raises(CorruptIndex, match="index"):
        Dense(path)
