"""Corrections: what a message takes back, without saying which fact it means."""

from datetime import date

import pytest

from orchestrator import corrections, facts
from orchestrator.contracts import Fact
from orchestrator.domains import packs

TODAY = date(2026, 11, 20)
LENDING = packs()["民间借贷"]
STORY = "朋友去年5月向我借了3万，有借条，说好年底还，已经还了5千，月息1分，一直没还清"


def after(message: str, recent: tuple[str, ...] = (), story: str = STORY) -> tuple[dict[str, str | None], set[str]]:
    """What the message changes in the facts of the story, and what it opens again."""
    known = facts.extract(LENDING.elements, story, TODAY)
    taken = corrections.read(LENDING.elements, known, recent, message, TODAY)
    read = {**facts.extract(LENDING.elements, taken.rest, TODAY), **taken.facts}
    now: dict[str, Fact] = facts.merge(known, read)
    changed = {id: fact.value for id, fact in now.items() if id not in known or known[id].value != fact.value}
    return dict(changed), taken.reopened


@pytest.mark.parametrize(
    ("message", "changed"),
    [
        ("不对,是去年三月", {"lent_on": "2025年3月"}),
        ("说错了，是5万不是3万", {"principal": "50000元"}),
        ("不是3万，是5万", {"principal": "50000元"}),
        ("３万写错了，应该是３万５", {"principal": "35000元"}),
        ("刚才写错了,月息是2分", {"interest": "约定了,比这高"}),
        ("没有借条,只有转账", {"proof": "只有转账或聊天记录", "paid_papers": "有凭证"}),
        ("还款是6千不是5千", {"returned": "6000元"}),
        ("不是5千，是6千", {"returned": "6000元"}),
        ("不是5千", {}),
        ("写错了，是借款人", {"side": "借款人"}),
        ("更正一下：借款日是2024年5月", {"lent_on": "2024年5月"}),
        ("不是去年5月，是前年5月", {"lent_on": "2024年5月"}),
        ("你说的不对吧", {}),
    ],
)
def test_a_correction_hits_the_fact_it_means(message: str, changed: dict[str, str]) -> None:
    assert after(message)[0] == changed


def test_without_a_cue_the_fact_spoken_of_last_is_meant() -> None:
    assert after("说错了，是4千", ("principal", "returned"))[0] == {"returned": "4000元"}
    assert after("说错了，是4万", ("returned", "principal"))[0] == {"principal": "40000元"}
    assert after("我说错了，大概是两三万吧", ("principal",))[0] == {"principal": "约20000元至30000元"}
    assert after("不对，是前年底", ("lent_on", "due_since"))[0] == {"due_since": "2024年12月"}


def test_a_denied_value_without_another_is_open_again() -> None:
    assert after("不对，不是5千") == ({}, {"returned"})


def test_denied_words_state_nothing() -> None:
    told = facts.extract(LENDING.elements, "钱是他借给我的，不是我借给他的", TODAY)
    assert told["side"].value == "借款人"


def test_what_was_used_is_not_read_again() -> None:
    known = facts.extract(LENDING.elements, STORY, TODAY)
    taken = corrections.read(LENDING.elements, known, (), "说错了，是5万不是3万", TODAY)
    assert "5万" not in taken.rest
    assert "3万" not in taken.rest
