"""Which model serves a task: order of candidates, the operator's policy, reasons, and nothing able."""

from typing import Any

import pytest

from models.contracts import GenerationRequest, Message
from orchestrator import selection, traffic
from orchestrator.contracts import ConsultationError
from orchestrator.services import Services
from orchestrator.tracking import Load
from orchestrator.traffic import Canary, Pin, Traffic
from tests.orchestrator.doubles import Library, Pool, card

SICK = Load(breaker="open", able=False, reason="内存不足", rests=4)
SESSIONS = [f"session-{number}" for number in range(400)]


def served(pool: Pool, policy: Traffic | None = None, **call: Any) -> Services:
    pool.watch.traffic = policy or Traffic()
    return Services(library=Library(), models=pool, **call)


def order(pool: Pool, domain: str = "劳动", policy: Traffic | None = None, **call: Any) -> list[str]:
    return selection.able(served(pool, policy, **call), "dialogue", domain)


def choice(pool: Pool, policy: Traffic | None = None, **call: Any) -> Any:
    return selection.choose(served(pool, policy, **call), "answer", "dialogue", "劳动")


def test_only_the_able_are_candidates() -> None:
    assert order(Pool(card("a", "dialogue"), card("b", "keywords"), card("c", "dialogue", "plan"))) == ["a", "c"]


def test_a_model_made_for_another_field_is_none() -> None:
    pool = Pool(card("a", "dialogue", fields=("刑事",)), card("b", "dialogue", fields=("劳动",)))
    assert order(pool) == ["b"]
    assert order(pool, "刑事") == ["a"]
    assert order(pool, "继承") == []


def test_field_goes_before_rank_before_wait_before_cost() -> None:
    pool = Pool(
        card("general", "dialogue", rank=5),
        card("busy", "dialogue", rank=5),
        card("dear", "dialogue", rank=1, cost=3),
        card("cheap", "dialogue", rank=1, cost=1),
        card("special", "dialogue", fields=("劳动",)),
        loads={"busy": Load(ongoing=4)},
    )
    assert order(pool) == ["special", "general", "busy", "cheap", "dear"]


def test_equal_candidates_come_in_a_stable_order() -> None:
    assert order(Pool(card("b", "dialogue"), card("a", "dialogue"))) == ["a", "b"]
    firsts = {seed: order(Pool(card("b", "dialogue"), card("a", "dialogue")), session=seed)[0] for seed in SESSIONS}
    again = {seed: order(Pool(card("a", "dialogue"), card("b", "dialogue")), session=seed)[0] for seed in SESSIONS}
    assert firsts == again
    assert 150 < list(firsts.values()).count("a") < 250


def test_a_busy_model_yields_to_an_equal_one_by_how_long_one_would_wait() -> None:
    slow, quick = Load(ongoing=2, total_s=3.0), Load(ongoing=20, total_s=0.1)
    assert order(Pool(card("a", "dialogue"), card("b", "dialogue"), loads={"a": slow, "b": quick})) == ["b", "a"]
    # Moments are no reason to change: cost decides.
    near = {"a": Load(ongoing=1, total_s=0.3), "b": Load()}
    assert order(Pool(card("a", "dialogue", cost=1), card("b", "dialogue", cost=2), loads=near)) == ["a", "b"]


def test_one_that_keeps_failing_is_left_alone_while_another_can_do_it() -> None:
    pool = Pool(card("a", "dialogue", rank=9), card("b", "dialogue"), loads={"a": SICK})
    assert order(pool) == ["b"]
    made = choice(pool)
    assert made.fallbacks == ()
    assert made.others == {"a": "断路器断开,不参与:内存不足,约4秒后试探"}


def test_for_want_of_a_better_one_it_is_chosen_and_that_is_said() -> None:
    made = choice(Pool(card("a", "dialogue"), loads={"a": SICK}))
    assert made.model == "a"
    assert "断路器断开(内存不足,约4秒后试探),但没有更好的候选" in made.reason


def test_a_probe_goes_to_it_in_its_place() -> None:
    probed = Load(breaker="half_open", able=True, reason="超时")
    made = choice(Pool(card("a", "dialogue", rank=1), card("b", "dialogue"), loads={"a": probed}))
    assert (made.model, made.fallbacks) == ("a", ("b",))
    assert "试探(此前:超时)" in made.reason


def test_what_does_not_fit_into_the_context_comes_last() -> None:
    small = card("small", "dialogue", rank=5, options={"context": 2048})
    pool = Pool(small, card("large", "dialogue", options={"context": 32768}))

    def names(tokens: int) -> Any:
        return selection.ranked(served(pool), "dialogue", "劳动", tokens=tokens)

    assert names(1500).names == ["small", "large"]
    assert names(3000).names == ["large", "small"]
    assert names(3000).others == {"small": "上下文只有2048词元,可能放不下"}


def test_the_size_of_a_request_is_estimated_from_its_text() -> None:
    def size(text: str) -> int:
        return selection.size(GenerationRequest(messages=(Message(role="user", content=text),)))

    assert size("借" * 1000) - size("") == 1000
    assert size("a" * 999) - size("") == 333


def test_drained_models_are_out_and_that_is_said() -> None:
    pool = Pool(card("a", "dialogue", rank=5), card("b", "dialogue"))
    made = choice(pool, Traffic(drained=("a",)))
    assert (made.model, made.fallbacks, made.others) == ("b", (), {"a": "已停用,不接新请求"})
    with pytest.raises(selection.NoModel, match="已停用:a、b"):
        choice(pool, Traffic(drained=("a", "b")))


def test_pins_go_first_where_they_hold() -> None:
    pool = Pool(card("a", "dialogue", rank=5), card("b", "dialogue"))
    pinned = Traffic(pins=(Pin(ability="dialogue", model="b", field="劳动", key="web"),))
    made = choice(pool, pinned, key="web")
    assert made.model == "b"
    assert "运营方指定(劳动、密钥web)" in made.reason
    assert made.others == {"a": "运营方指定了b"}
    assert choice(pool, pinned, key="app").model == "a"
    assert order(pool, "刑事", pinned, key="web") == ["a", "b"]


def test_a_pin_does_not_hold_against_an_open_breaker() -> None:
    pool = Pool(card("a", "dialogue"), card("b", "dialogue"), loads={"b": SICK})
    assert choice(pool, Traffic(pins=(Pin(ability="dialogue", model="b"),))).model == "a"


def test_a_canary_goes_first_for_its_sessions_and_last_for_all_others() -> None:
    pool = Pool(card("a", "dialogue"), card("b", "dialogue"), card("new", "dialogue", rank=9))
    policy = Traffic(canaries=(Canary(model="new", percent=25),))
    tried = [order(pool, policy=policy, session=one) for one in SESSIONS]
    hits = [traffic.hit(policy.canaries[0], one) for one in SESSIONS]
    assert [names[0] == "new" for names in tried] == hits
    assert [names[-1] == "new" for names in tried] == [not hit for hit in hits]
    assert 60 < sum(hits) < 140
    lucky, other = SESSIONS[hits.index(True)], SESSIONS[hits.index(False)]
    assert "灰度25%命中" in choice(pool, policy, session=lucky).reason
    assert choice(pool, policy, session=other).others["new"] == "灰度未命中"


def test_weights_share_the_sessions_among_those_weighed_whatever_their_rank() -> None:
    pool = Pool(card("a", "dialogue", rank=7), card("b", "dialogue"), card("stand-in", "dialogue"))
    policy = Traffic(weights={"a": 1, "b": 3})
    tried = [order(pool, policy=policy, session=one) for one in SESSIONS]
    assert 60 < [names[0] for names in tried].count("a") < 140
    assert all(names[-1] == "stand-in" for names in tried)
    assert tried == [order(pool, policy=policy, session=one) for one in SESSIONS]
    seed = SESSIONS[[names[0] for names in tried].index("b")]
    made = choice(pool, policy, session=seed)
    assert "按权重3轮到" in made.reason
    assert made.others["a"] == "按权重1没有轮到"


def test_a_busy_model_yields_whatever_its_weight() -> None:
    busy = {"a": Load(ongoing=9, total_s=2.0)}
    pool = Pool(card("a", "dialogue"), card("b", "dialogue"), loads=busy)
    tried = {order(pool, policy=Traffic(weights={"a": 100, "b": 1}), session=one)[0] for one in SESSIONS}
    assert tried == {"b"}


def test_a_chain_is_tried_in_its_order_before_all_others() -> None:
    pool = Pool(card("a", "dialogue", rank=9), card("b", "dialogue"), card("c", "dialogue"))
    made = choice(pool, Traffic(chains={"dialogue": ("c", "b")}))
    assert (made.model, made.fallbacks) == ("c", ("b", "a"))
    assert "运营方排定的第1位" in made.reason


def test_a_policy_that_names_models_which_are_not_here_changes_nothing() -> None:
    pool = Pool(card("a", "dialogue"), card("b", "dialogue"))
    strange = Traffic(
        weights={"x": 2}, pins=(Pin(ability="dialogue", model="x"),), chains={"dialogue": ("x",)}, drained=("y",)
    )
    assert order(pool, policy=strange) == ["a", "b"]


def test_the_choice_names_its_reason_and_fallbacks() -> None:
    pool = Pool(card("a", "dialogue", fields=("劳动",), cost=2), card("b", "dialogue"), loads={"a": Load(ongoing=3)})
    made = choice(pool)
    assert (made.task, made.model, made.fallbacks) == ("answer", "a", ("b",))
    for word in ("dialogue", "劳动", "健康", "排队3", "成本2", "共2个"):
        assert word in made.reason
    assert made.others == {"b": "不是专长于这一领域的模型"}


def test_nothing_able_is_an_error_that_names_the_ability() -> None:
    with pytest.raises(selection.NoModel, match="keywords") as raised:
        selection.choose(served(Pool(card("a", "dialogue"))), "keywords", "keywords", "劳动")
    assert isinstance(raised.value, ConsultationError)
    assert raised.value.code == "no_model"
