"""Which model serves a task: order of candidates, reasons, and nothing able."""

import pytest

from orchestrator import selection
from orchestrator.contracts import ConsultationError
from orchestrator.services import Load
from tests.orchestrator.doubles import Pool, card


def order(pool: Pool, domain: str = "劳动") -> list[str]:
    return [one.name for one in selection.candidates(pool, "dialogue", domain)]


def test_only_the_able_are_candidates() -> None:
    assert order(Pool(card("a", "dialogue"), card("b", "keywords"), card("c", "dialogue", "plan"))) == ["a", "c"]


def test_a_model_made_for_another_field_is_none() -> None:
    pool = Pool(card("a", "dialogue", fields=("刑事",)), card("b", "dialogue", fields=("劳动",)))
    assert order(pool) == ["b"]
    assert order(pool, "刑事") == ["a"]
    assert order(pool, "继承") == []


def test_health_goes_before_field_before_rank_before_queue_before_cost() -> None:
    pool = Pool(
        card("sick", "dialogue", fields=("劳动",), rank=9),
        card("general", "dialogue", rank=5),
        card("busy", "dialogue", rank=5),
        card("dear", "dialogue", rank=1, cost=3),
        card("cheap", "dialogue", rank=1, cost=1),
        card("special", "dialogue", fields=("劳动",)),
        loads={"sick": Load(healthy=False, reason="内存不足"), "busy": Load(ongoing=4)},
    )
    assert order(pool) == ["special", "general", "busy", "cheap", "dear", "sick"]


def test_equal_candidates_come_in_a_stable_order() -> None:
    assert order(Pool(card("b", "dialogue"), card("a", "dialogue"))) == order(
        Pool(card("a", "dialogue"), card("b", "dialogue"))
    )


def test_the_choice_names_its_reason_and_fallbacks() -> None:
    pool = Pool(card("a", "dialogue", fields=("劳动",), cost=2), card("b", "dialogue"), loads={"a": Load(ongoing=3)})
    choice = selection.choose(pool, "answer", "dialogue", "劳动")
    assert (choice.task, choice.model, choice.fallbacks) == ("answer", "a", ("b",))
    for word in ("dialogue", "劳动", "健康", "排队3", "成本2", "共2个"):
        assert word in choice.reason


def test_a_sick_model_is_chosen_only_for_want_of_a_better_one_and_that_is_said() -> None:
    pool = Pool(card("a", "dialogue"), loads={"a": Load(healthy=False, reason="超时")})
    assert "不健康(超时)" in selection.choose(pool, "answer", "dialogue", "劳动").reason


def test_nothing_able_is_an_error_that_names_the_ability() -> None:
    with pytest.raises(selection.NoModel, match="keywords") as raised:
        selection.choose(Pool(card("a", "dialogue")), "keywords", "keywords", "劳动")
    assert isinstance(raised.value, ConsultationError)
    assert raised.value.code == "no_model"
