"""Three-valued conditions, decisions, questions, branches and recognition over a small invented field."""

from datetime import date

import pytest

from orchestrator.contracts import UNCLEAR, Fact
from orchestrator.domains.pack import AtLeast, Below, Condition, Finding, Is, IsNot
from orchestrator.reasoning import (
    Decision,
    branches,
    decide,
    fill,
    hinges,
    named,
    recognise,
    to_ask_now,
    truth,
    worth_asking,
)
from tests.orchestrator.fields import FERRY

TODAY = date(2026, 11, 20)
PLANK, LIGHT = FERRY.causes


def fact(id: str, value: str, number: float | None = None, iso: str | None = None) -> Fact:
    return Fact(id=id, label=FERRY.element(id).label, value=value, number=number, iso=iso, source="story")


def facts(**values: str | float) -> dict[str, Fact]:
    made = {}
    for id, value in values.items():
        kind = FERRY.element(id).kind
        if kind == "date":
            made[id] = fact(id, str(value), iso=str(value))
        elif isinstance(value, str):
            made[id] = fact(id, value)
        else:
            made[id] = fact(id, f"{value:g}", number=value)
    return made


@pytest.mark.parametrize(
    ("condition", "known", "expected"),
    [
        (Is("side", "乘客"), {}, None),
        (Is("side", "乘客"), {"side": "乘客"}, True),
        (Is("side", "乘客"), {"side": "船主"}, False),
        (Is("side", "乘客", "船主"), {"side": "船主"}, True),
        (Is("side", "乘客"), {"side": UNCLEAR}, None),
        (IsNot("side", "乘客"), {}, None),
        (IsNot("side", "乘客"), {"side": "船主"}, True),
        (IsNot("side", "乘客"), {"side": "乘客"}, False),
        (IsNot("side", "乘客"), {"side": UNCLEAR}, None),
        (AtLeast("kept", 3), {"kept": 3.0}, True),
        (AtLeast("kept", 3), {"kept": 2.9}, False),
        (Below("kept", 3), {"kept": 2.9}, True),
        (Below("kept", 3), {"kept": 3.0}, False),
        (AtLeast("kept", 3), {"kept": UNCLEAR}, None),
        (AtLeast("due", 36), {"due": "2023-11-20"}, True),
        (AtLeast("due", 36), {"due": "2023-11-21"}, False),
        (Below("due", 36), {"due": "2024"}, True),
        (Below("due", 36), {"due": "2020"}, False),
    ],
)
def test_truth_has_three_values(condition: Condition, known: dict[str, str | float], expected: bool | None) -> None:
    assert truth(condition, facts(**known), TODAY) is expected


def said(decision: Decision) -> tuple[list[str], list[str]]:
    return [one.concludes for _, one in decision.held], [one.concludes for _, one, _ in decision.open_]


def test_a_false_condition_rules_a_finding_out_even_beside_an_unknown_one() -> None:
    held, open_ = said(decide([PLANK], facts(side="船主"), TODAY))
    assert "乘客凭字据索赔{damage}。" not in held + open_
    assert "占用{kept},已满三个月,加倍。" in open_


def test_what_holds_comes_in_order_of_weight() -> None:
    known = facts(side="船主", kept=6.0, due="2026-01", mood="不好")
    held, open_ = said(decide([PLANK, LIGHT], known, TODAY))
    assert held == ["占用{kept},已满三个月,加倍。", "约定日{due}起没过三年。", "先消消气。", "", "先点灯。"]
    assert open_ == ["人多,灯要亮。"]


def test_only_what_would_change_the_advice_is_asked_and_the_most_decisive_first() -> None:
    decision = decide([PLANK], {}, TODAY)
    asked = [element.id for element in worth_asking(FERRY, decision, {})]
    assert asked[0] == "side"
    assert set(asked) == {"side", "paper", "kept", "due"}  # mood weighs too little, fare decides nothing


@pytest.mark.parametrize(
    ("known", "asked"),
    [
        ({"side": "乘客"}, ["paper"]),
        ({"side": "船主"}, ["kept", "due"]),
        ({"side": "船主", "kept": UNCLEAR}, ["due"]),
        ({"side": "乘客", "paper": "有字据"}, []),
        ({"side": UNCLEAR}, ["paper", "kept", "due"]),
    ],
)
def test_what_was_answered_is_not_asked_again(known: dict[str, str | float], asked: list[str]) -> None:
    given = facts(**known)
    assert [element.id for element in worth_asking(FERRY, decide([PLANK], given, TODAY), given)] == asked


def test_what_hangs_on_an_open_question_waits_for_it() -> None:
    decision = decide([PLANK], {}, TODAY)
    assert [element.id for element in to_ask_now(FERRY, decision, {})] == ["side"]
    given = facts(side="船主")
    assert [element.id for element in to_ask_now(FERRY, decide([PLANK], given, TODAY), given)] == ["kept", "due"]


def test_nothing_more_is_asked_behind_what_the_client_cannot_say() -> None:
    given = facts(side=UNCLEAR)
    assert to_ask_now(FERRY, decide([PLANK], given, TODAY), given) == []


def test_a_bound_of_nothing_is_no_branch() -> None:
    finding = Finding(when=(AtLeast("fare", 0),), concludes="票价{fare}。")
    known = Decision((), ((PLANK, finding, ("fare",)),))
    assert branches(FERRY, known, {}) == []


def test_a_decided_matter_asks_nothing_whatever_order_the_facts_came_in() -> None:
    known = facts(side="乘客", paper="没有字据")
    for given in (known, dict(reversed(known.items()))):
        assert worth_asking(FERRY, decide([PLANK], given, TODAY), given) == []


def test_branches_say_what_follows_from_each_answer() -> None:
    known = facts(side="船主", kept=UNCLEAR, due=UNCLEAR)
    [kept, due, mood] = branches(FERRY, decide([PLANK], known, TODAY), known)
    assert kept.question == "占用时间"
    assert kept.ways == (("满3个月", "加倍收费"),)
    assert due.ways == (("距今不满36个月", "约定日约定日起没过三年。"),)
    assert mood.ways == (("不是「好」", "先消消气。"),)


def test_what_is_said_only_to_those_who_told_it_is_no_branch() -> None:
    finding = Finding(when=(Is("mood", "好"),), concludes="恭喜。", weight=1)
    known = Decision((), ((PLANK, finding, ("mood",)),))
    assert branches(FERRY, known, {}) == []
    [asked] = branches(FERRY, known, facts(mood=UNCLEAR))
    assert asked.ways == (("是「好」", "恭喜。"),)


def test_what_a_finding_hinges_on_is_said_with_its_elements() -> None:
    finding = Finding(when=(Is("side", "乘客"), Is("mood", "好")), concludes="恭喜。")
    assert hinges(FERRY, finding, ("side", "mood")) == "您的身份是「乘客」且心情是「好」"


def test_branches_are_limited() -> None:
    assert len(branches(FERRY, decide([PLANK], {}, TODAY), {}, most=1)) == 1


def test_slots_are_filled_with_values_or_labels() -> None:
    assert fill("赔{damage},人数{people}", FERRY, facts(damage=5.0)) == "赔5,人数人数"
    assert fill("赔{damage}", FERRY, facts(damage=UNCLEAR)) == "赔损失"
    assert fill("没有槽", FERRY, {}) == "没有槽"


@pytest.mark.parametrize(
    ("story", "causes"),
    [
        ("今天天气不错", []),
        ("我的木板丢了", ["plank"]),
        ("灯塔不亮，木板丢了", ["plank", "light"]),
        ("木板", ["plank"]),
        ("船", ["plank", "light"]),
        ("灯塔不亮，船来了", ["light"]),
    ],
)
def test_causes_are_recognised_the_clearest_first(story: str, causes: list[str]) -> None:
    assert [cause.id for cause in recognise(FERRY, story)] == causes


def test_a_cause_is_named_outright_or_not() -> None:
    assert named(PLANK, "木板不见了")
    assert not named(PLANK, "木板在")
