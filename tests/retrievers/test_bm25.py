from pathlib import Path

import bm25s
import numpy as np
import pytest

from retrievers.contracts import CorruptIndex
from retrievers.indexes import bm25
from retrievers.indexes.bm25 import Bm25

DOCUMENTS = [["火种", "字据"], ["月光", "归还", "月光"], ["渡船", "字据", "归还"], []]


@pytest.fixture
def index(tmp_path: Path) -> Bm25:
    bm25.build(DOCUMENTS, tmp_path)
    return Bm25(tmp_path)


def test_scores_agree_with_the_library(index: Bm25) -> None:
    reference = bm25s.BM25(k1=bm25.K1, b=bm25.B, method="lucene")
    reference.index(DOCUMENTS, show_progress=False)
    expected = reference.get_scores(["字据", "归还"])
    assert np.allclose(index.scores({"字据": 1.0, "归还": 1.0}), expected)


def test_weights_scale_and_unknown_tokens_count_nothing(index: Bm25) -> None:
    assert np.allclose(index.scores({"字据": 0.5, "没有": 9.0}), index.scores({"字据": 1.0}) / 2)
    assert index.scores({}).tolist() == [0.0] * 4


def test_an_empty_collection_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no document"):
        bm25.build([[], []], tmp_path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(CorruptIndex, match=tmp_path.name):
        Bm25(tmp_path)


def test_many_portions_give_what_one_gives(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    documents = [[f"词{(at * step) % 17}" for step in range(at % 7)] for at in range(50)]
    bm25.build(documents, tmp_path / "one")
    monkeypatch.setattr(bm25, "PORTION", 8)
    bm25.build(iter(documents), tmp_path / "many")
    one, many = Bm25(tmp_path / "one"), Bm25(tmp_path / "many")
    asked = {"词0": 1.0, "词3": 0.5, "词8": 2.0}
    assert np.array_equal(one.scores(asked), many.scores(asked))
    assert one.ceiling(asked) == many.ceiling(asked)
    assert sorted(path.name for path in (tmp_path / "many").iterdir()) == [
        "documents.npy", "most.npy", "rows.npy", "scores.npy", "starts.npy", "tokens.npy",
    ]  # fmt: skip


def test_beyond_the_budget_the_weightiest_tokens_count(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bm25.build([["常见"]] * 90 + [["常见", "少见"]] * 10, tmp_path)
    index = Bm25(tmp_path)
    whole, rare = index.scores({"常见": 1.0, "少见": 1.0}), index.scores({"少见": 1.0})
    monkeypatch.setattr(bm25, "BUDGET", 50)
    assert np.array_equal(index.scores({"常见": 1.0, "少见": 1.0}), rare)
    assert not np.array_equal(whole, rare)
