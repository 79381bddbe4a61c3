from pathlib import Path

import numpy as np
import pytest

from retrievers import tokenise
from retrievers.contracts import CorruptIndex, Term
from retrievers.indexes import fused
from retrievers.indexes.fused import Fused, Ranked, Wishes

TEXTS = ["租火种要写字据", "借月光要按时归还", "渡船超载退还渡钱", "看星星不收钱", "借月光要按时归还"]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Fused:
    folder = tmp_path_factory.mktemp("fused")
    fused.build(lambda: TEXTS, tokenise.tokeniser(("渡船",)), folder)
    return Fused(folder)


def rank(index: Fused, text: str, *terms: tuple[str, float], top: int = 5, **wishes: object) -> list[Ranked]:
    keywords = [Term(term=term, weight=weight) for term, weight in terms]
    return index.rank(text, keywords, top, Wishes(**wishes))  # type: ignore[arg-type]


def positions(ranked: list[Ranked]) -> list[int]:
    return [row.position for row in ranked]


def test_the_best_comes_first_and_its_parts_are_named(index: Fused) -> None:
    best = rank(index, "渡船超载了,渡钱退不退")[0]
    assert best.position == 2
    assert best.score == pytest.approx(1.0)
    assert best.parts == {"bm25_words": pytest.approx(0.4), "bm25_bigrams": pytest.approx(0.6)}


def test_nothing_in_common_finds_nothing(index: Fused) -> None:
    assert rank(index, "风车") == []
    assert rank(index, "") == []


def test_keywords_find_what_the_question_does_not_say(index: Fused) -> None:
    assert rank(index, "船夫") == []
    found = rank(index, "船夫", ("渡船", 0.9))
    assert positions(found) == [2]
    assert "keywords_words" in found[0].parts


def test_keyword_weights_order(index: Fused) -> None:
    assert positions(rank(index, "", ("火种", 1.0), ("星星", 0.1)))[0] == 0
    assert positions(rank(index, "", ("火种", 0.1), ("星星", 1.0)))[0] == 3


def test_proposals_prior_and_late_documents(index: Fused) -> None:
    assert positions(rank(index, "渡船", proposed={3: 1.0})) == [2, 3]
    assert rank(index, "风车", proposed={3: 1.0})[0].parts == {"proposed": 1.0}
    prior = np.array([1, 1, 1, 9, 1], np.float32)
    assert positions(rank(index, "退还渡钱,看星星", prior=prior))[0] == 3
    late = np.array([False, False, True, False, False])
    found = rank(index, "渡船超载退还渡钱,看星星", late=late)
    assert positions(found) == [3, 2]
    assert found[0].score > found[1].score


def test_only_the_allowed(index: Fused) -> None:
    allowed = np.array([True, False, False, False, False])
    assert positions(rank(index, "渡船超载,火种", allowed=allowed)) == [0]


def test_the_same_text_is_given_once_and_ties_keep_their_order(index: Fused) -> None:
    assert positions(rank(index, "借月光")) == [1, 4]
    assert positions(rank(index, "借月光", same=np.array([0, 1, 2, 3, 1]))) == [1]
    assert positions(rank(index, "借月光", top=1)) == [1]


def test_a_missing_dictionary_is_named(tmp_path: Path) -> None:
    with pytest.raises(CorruptIndex, match=r"dictionary\.txt"):
        Fused(tmp_path)
