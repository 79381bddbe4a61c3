"""Wrong beliefs about the law: each is found where it is held and only there, and what corrects it is so."""

import json
import lzma
import os
from collections import Counter
from functools import cache
from pathlib import Path

import pytest

from orchestrator import misbeliefs
from orchestrator.domains import NAMES
from orchestrator.misbeliefs import Misbelief
from retrievers import digests, figures

DATA = os.environ.get("LEXHUB_TEST_DATA")
EVERY = pytest.mark.parametrize("one", misbeliefs.known(), ids=[one.example for one in misbeliefs.known()])


@cache
def official() -> dict[str, str]:
    assert DATA is not None
    with lzma.open(Path(DATA) / "articles.jsonl.xz", "rt", encoding="utf-8") as lines:
        return {row["id"]: row["text"] for row in map(json.loads, lines)}


@cache
def embedded() -> dict[str, str]:
    return {row.id: row.digest for row in digests.digests()}


@EVERY
def test_who_believes_it_is_corrected(one: Misbelief) -> None:
    assert one in misbeliefs.held(one.example)
    assert one in misbeliefs.held("我想咨询一下。" + one.example.replace(",", "，") + "？谢谢。")


@EVERY
def test_who_has_it_right_is_not_corrected(one: Misbelief) -> None:
    assert list(misbeliefs.held(one.fine)) == []


@EVERY
def test_who_says_that_it_is_wrong_is_not_corrected(one: Misbelief) -> None:
    assert one not in misbeliefs.held(one.example.rstrip("吧吗") + ",这种说法是错的")


@EVERY
def test_what_is_right_is_not_corrected_itself(one: Misbelief) -> None:
    assert list(misbeliefs.held(one.right)) == []


@EVERY
def test_the_articles_exist_and_carry_the_figures(one: Misbelief) -> None:
    source = "\n".join(embedded()[id] for id in one.articles)
    assert [word for word in figures.unfounded(one.right, source) if word not in figures.MODALS] == []


@pytest.mark.skipif(DATA is None, reason="needs LEXHUB_TEST_DATA (official texts)")
@EVERY
def test_the_official_text_carries_figures_and_modal_words(one: Misbelief) -> None:
    assert figures.unfounded(one.right, "\n".join(official()[id] for id in one.articles)) == []


def test_every_field_has_some() -> None:
    counted = Counter(one.field for one in misbeliefs.known())
    assert set(counted) == set(NAMES)
    assert sum(counted.values()) >= 60


@pytest.mark.parametrize(
    "story",
    [
        "公司跟我约定试用期一年，现在要辞退我",
        "我们分居两年了，我想离婚",
        "他欠我钱已经过了两年，一直没还",
        "我把房子租出去了，租了三十年",
        "老公欠了钱，债主来找我要",
        "我口头答应过借他钱",
        "",
    ],
)
def test_a_story_is_no_belief(story: str) -> None:
    assert list(misbeliefs.held(story)) == []
