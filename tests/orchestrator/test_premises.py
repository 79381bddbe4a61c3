"""False premises about the law, and laws that changed."""

from collections.abc import Sequence
from datetime import date
from typing import Literal

import pytest

from orchestrator.premises import Premises, beyond, examine
from retrievers.contracts import Passage, Resolution
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


async def test_a_wrong_belief_is_corrected_with_its_articles() -> None:
    asked = "劳动法规定试用期可以一年吧"

    class Real(Library):
        async def passages(self, ids: Sequence[str], as_of: date | None = None) -> list[Passage]:
            return [passage(id, article="第十九条") for id in ids]

    found, trouble = await examine(Real(), asked, None)
    assert trouble == ""
    assert len(found.corrections) == 1
    assert "六个月" in found.corrections[0]
    assert "《劳动合同法》第十九条" in found.corrections[0]
    assert [one.id for one in found.basis] == ["劳动合同法#19"]


async def test_a_belief_is_not_corrected_without_law_in_force() -> None:
    asked = "劳动法规定试用期可以一年吧"

    class Old(Library):
        async def passages(self, ids: Sequence[str], as_of: date | None = None) -> list[Passage]:
            return [passage(id, status="superseded") for id in ids]

    for corpus in (Library(), Old()):
        found, _ = await examine(corpus, asked, None)
        assert found == Premises()


@pytest.mark.parametrize(
    "text",
    [
        "我一定能赢吗", "这官司能打赢吗？", "你能保证我胜诉吗", "胜诉率有多少", "法官会怎么判", "最后会判几年",
        "他名下有多少存款", "对方躲在哪里", "老公有没有出轨", "美国的离婚法律怎么规定", "在日本打人会判几年", "香港的劳动法怎么赔",
    ],
)  # fmt: skip
def test_what_nobody_can_tell(text: str) -> None:
    assert len(beyond(text)) == 1


@pytest.mark.parametrize(
    "text",
    [
        "公司拖欠工资怎么办", "我该去哪个法院起诉他", "盗窃三千元判几年", "他在美国工作,欠我钱不还", "我们在香港买的手机坏了,想退货",
        "对方在哪里起诉我", "我想赢得官司需要什么证据",
    ],
)  # fmt: skip
def test_what_can_be_told(text: str) -> None:
    assert beyond(text) == ()
