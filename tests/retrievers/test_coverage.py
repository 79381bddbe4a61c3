from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from retrievers.contracts import CorruptIndex
from retrievers.encoding import Vectors
from retrievers.ranking import coverage
from retrievers.ranking.coverage import Coverage

WORDS = "船舟火烛借还赔修"  # 船 and 舟 are near, and 火 and 烛


class Paired:
    """Tokens of one character; every two neighbours of WORDS mean nearly the same."""

    digest, dimensions = "paired", len(WORDS)

    @property
    def table(self) -> Vectors:
        rows = np.eye(len(WORDS), dtype=np.float32)
        rows[1::2] += 2 * rows[::2]
        return rows

    def encode(self, texts: Sequence[str]) -> Vectors:
        raise AssertionError("not needed")

    def tokens(self, texts: Sequence[str]) -> list[list[int]]:
        return [[WORDS.index(character) for character in text if character in WORDS] for text in texts]


@pytest.fixture
def index(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Coverage:
    monkeypatch.setattr(coverage, "DIMENSIONS", len(WORDS))
    coverage.build(["借船", "借船还火赔修", "", "借火"], Paired(), tmp_path)
    return Coverage(tmp_path)


def scores(index: Coverage, text: str) -> tuple[list[float], list[float]]:
    covered, retold = index.scores(Paired().tokens([text])[0], np.arange(4))
    return covered.tolist(), retold.tolist()


def test_the_article_that_is_retold_whole_has_most(index: Coverage) -> None:
    covered, retold = scores(index, "有人借船")
    assert covered[0] == pytest.approx(1, abs=1e-3)
    assert covered[0] > covered[3] > 0
    assert covered[0] > covered[1] > 0
    assert retold[0] == max(retold)


def test_like_words_count_and_strangers_do_not(index: Coverage) -> None:
    near, _ = scores(index, "借舟")
    assert 0.8 < near[0] < 1
    assert near[0] > near[3]
    assert scores(index, "无关") == ([0, 0, 0, 0], [0, 0, 0, 0])


def test_an_empty_article_has_nothing_and_damage_is_named(index: Coverage, tmp_path: Path) -> None:
    assert scores(index, "借船")[0][2] == 0
    assert index.scores([1], np.zeros(0, np.int64))[0].size == 0
    (tmp_path / coverage.FILE).write_bytes(b"none")
    with pytest.raises(CorruptIndex, match="coverage"):
        Coverage(tmp_path)
