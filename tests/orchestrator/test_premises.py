"""False premises about the law, and laws that changed."""

from datetime import date
from typing import Literal

import pytest

from orchestrator.premises import Premises, examine
from retrievers.contracts import Resolution
from tests.orchestrator.doubles import Library, mention, passage

Outcome = Literal["found", "no_such_law", "no_such_article", "no_such_paragraph", "repealed", "superseded"]


def library(*outcomes: tuple[Outcome, str], law: str = "民法典") -> Library:
    rows = [
        Resolution(mention=mention(law, 9999), outcome=outcome, passage=passage(), note=note)
        for outcome, note in outcomes
    ]
    return Library(resolutions={"问": rows})


@pytest.mark.parametrize("outcome", ["no_such_law", "no_such_article", "no_such_paragraph"])
async def test_what_does_not_exist_is_corrected(outcome: Outcome) -> None:
    found, trouble = await examine(library((outcome, "没有这一条。")), "问", None)
    assert (found, trouble) == (Premises(corrections=("没有这一条。",)), "")


@pytest.mark.parametrize("outcome", ["repealed", "superseded"])
async def test_what_changed_is_noticed(outcome: Outcome) -> None:
    found, _ = await examine(library((outcome, "已被取代。")), "问", None)
    assert found == Premises(notices=("已被取代。",))


async def test_what_holds_needs_no_word_and_nothing_is_said_twice() -> None:
    found, _ = await examine(
        library(("found", ""), ("no_such_article", "没有。"), ("no_such_article", "没有。")), "问", None
    )
    assert found == Premises(corrections=("没有。",))


async def test_a_number_without_a_law_is_no_premise() -> None:
    found, _ = await examine(library(("no_such_article", "没有。"), law=""), "问", None)
    assert found == Premises()


async def test_a_failed_check_is_told_and_not_taken_for_a_pass() -> None:
    found, trouble = await examine(Library(broken={"resolve"}), "问", date(2026, 1, 1))
    assert found == Premises()
    assert trouble == "retrieval_failed: resolve is broken"
