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
