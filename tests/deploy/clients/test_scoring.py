"""What clients answer, and what a consultation was worth."""

from typing import Any

import pytest

from deploy.clients.scoring import SAID, UNCLEAR, Memory, Played, by_field, figures, latency, worst
from deploy.clients.scripts import Client

LENDER: dict[str, Any] = {
    "id": "a-1", "who": "30岁", "field": "民间借贷", "opening": "借给同事六万,没打借条",
    "tells": [{"fact": "没打借条", "asked": "(写|打)借条"}],
    "holds_back": [
        {"fact": "利息", "asked": "利息|利率", "says": "没好意思说利息", "decisive": True},
        {"fact": "催过", "asked": "催|主张", "says": "上月微信催过", "decisive": True},
        {"fact": "关系", "asked": "催.{0,4}人|什么关系", "says": "同事"},
    ],
    "must_cite": ["民法典#675", "民法典#680"],
}  # fmt: skip
TOLD_ALL: dict[str, Any] = {
    "id": "b-1", "who": "40岁", "field": "继承", "opening": "都说全了", "complete": True, "must_cite": ["民法典#1127"],
}  # fmt: skip


def client(**change: Any) -> Client:
    return Client.model_validate(LENDER | change)


def played(one: Client, questions: list[tuple[int, str, str]] | None = None, **change: Any) -> Played:
    memory = Memory(one)
    for turn, id, text in questions or []:
        memory.answer(turn, id, text)
    given: dict[str, Any] = {
        "route": one.route, "field": one.field, "turns": max((turn for turn, _, _ in questions or []), default=0),
        "cited": one.must_cite, "citations": len(one.must_cite), "faults": (), "answer_ms": 100.0,
    }  # fmt: skip
    return Played(client=one, asked=tuple(memory.asked), **given | change)


def named(rows: list[Any]) -> dict[str, Any]:
    return {row.name: row for row in rows}


def test_a_client_tells_what_was_asked() -> None:
    memory = Memory(client())
    assert memory.answer(1, "rate", "约定了多少利率?").says == "没好意思说利息"
    assert memory.answer(1, "sky", "当天天气怎么样?").says == UNCLEAR
    again = memory.answer(2, "note", "对方打借条了吗?")
    assert (again.kind, again.says) == ("told", "前面说过了,没打借条。")


def test_the_same_question_twice_is_about_what_was_told() -> None:
    memory = Memory(client())
    assert memory.answer(1, "rate", "利率多少?").kind == "held"
    again = memory.answer(2, "rate", "利率多少?")
    assert (again.kind, again.says) == ("told", SAID)


def test_a_question_for_two_things_is_answered_whole() -> None:
    both = Memory(client()).answer(1, "a", "利息多少,催过没有?")
    assert both.facts == ("利息", "催过")
    assert both.says == "没好意思说利息;上月微信催过"


def test_what_was_said_is_not_said_again() -> None:
    memory = Memory(client())
    assert memory.answer(1, "a", "催过吗?").facts == ("催过",)
    assert memory.answer(2, "b", "催的是什么人?").facts == ("关系",)
    # But to a client who is asked for nothing else, another question about the same is no reason to be silent.
    assert memory.answer(3, "c", "最近催过吗?").facts == ("催过",)


def test_options_tell_what_a_question_leaves_open() -> None:
    memory = Memory(client())
    assert memory.answer(1, "a", "现在是哪种情况?", ("催过", "没催过")).facts == ("催过",)
    assert memory.answer(1, "b", "利息怎么约定的?", ("催过", "没催过")).facts == ("利息",)
    # What was told is recognised by the question alone: its options name many things that nobody asks for.
    assert memory.answer(1, "c", "现在是哪种情况?", ("打借条", "没打")).kind == "other"


def test_only_three_turns_count() -> None:
    one = played(client(), [(1, "rate", "利率?"), (4, "demand", "催过吗?")])
    assert one.decisive == {"利息": True, "催过": False}
    assert one.reasons() == {"not_asked": ["催过(问满3轮)"]}


def test_an_answer_that_was_not_read() -> None:
    asked = [(1, "rate", "利率?"), (2, "demand", "催过吗?"), (2, "sky", "天气?")]
    one = played(client(), asked, unclear=frozenset({"demand", "sky"}))
    assert one.reasons() == {"unread": ["催过吗? ← 上月微信催过"]}
    figure = named(figures([one]))["回答没有读懂"]
    assert (figure.count, figure.total) == (1, 2)


def test_a_faultless_consultation_has_no_reasons() -> None:
    one = played(client(), [(1, "rate", "利率?"), (2, "demand", "催过吗?")])
    assert one.reasons() == {}
    assert one.badness == 0


def test_reasons_name_everything() -> None:
    one = played(
        client(), [(1, "note", "有没有打借条?")], route="calculate", field="合同", cited=("民法典#675",), faults=("错",)
    )
    assert set(one.reasons()) == {"route", "field", "told", "not_asked", "articles", "citations"}
    assert one.reasons()["articles"] == ["民法典#680"]


def test_a_complete_story_must_be_asked_nothing() -> None:
    whole = Client.model_validate(TOLD_ALL)
    assert played(whole).reasons() == {}
    assert "asked_needlessly" in played(whole, [(1, "x", "有遗嘱吗?")]).reasons()


def test_of_other_routes_only_the_route_counts() -> None:
    thanks = Client.model_validate(
        {"id": "c-1", "who": "", "field": "其他", "route": "smalltalk", "opening": "谢谢您,办好了"}
    )
    right = played(thanks, field="继承", answer_ms=None)
    assert right.reasons() == {}
    assert set(played(thanks, route="consult").reasons()) == {"route"}
    assert set(named(figures([right]))) == {"路线准确率"}


def test_figures_count_what_they_say() -> None:
    rows = [
        played(client(), [(1, "rate", "利率?")], cited=("民法典#675",)),
        played(client(id="a-2"), [(1, "note", "打借条了吗?")], field="合同", faults=("错",)),
        played(Client.model_validate(TOLD_ALL)),
    ]
    told = named(figures(rows))
    assert told["路线准确率"].value == 1
    assert (told["领域准确率"].count, told["领域准确率"].total) == (2, 3)
    assert told["三轮内问到的关键事实"].value == pytest.approx(1 / 4)
    assert told["追问已经说过的事"].value == pytest.approx(1 / 2)
    assert told["情况齐全的不再追问"].value == 1
    assert told["应引法条出现在答复中"].value == pytest.approx(4 / 5)
    assert told["不存在、已失效或引错的引用"].count == 1
    for figure in told.values():
        assert 0 <= figure.low <= figure.value <= figure.high <= 1


def test_intervals_are_known_ones() -> None:
    rows = [played(client(id=f"a-{at}"), field="民间借贷" if at < 9 else "合同") for at in range(10)]
    figure = named(figures(rows))["领域准确率"]
    # Wilson's interval of 9 of 10 (Wilson 1927; Newcombe 1998 gives the formula).
    assert (figure.low, figure.high) == (pytest.approx(0.596, abs=1e-3), pytest.approx(0.982, abs=1e-3))


def test_latency_and_fields() -> None:
    rows = [played(client(id=f"a-{at}"), answer_ms=float(at)) for at in range(101)]
    middle, tail = latency(rows)
    assert (middle.value, tail.value) == (50, 95)
    assert middle.low <= 50 <= middle.high
    assert latency([played(client(), answer_ms=None)]) == []
    fields = by_field([played(client()), played(Client.model_validate(TOLD_ALL))])
    assert list(fields) == ["继承", "民间借贷"]
    assert "情况齐全的不再追问" not in named(fields["民间借贷"])


def test_the_worst_come_first_and_faultless_ones_not_at_all() -> None:
    good = played(client(), [(1, "rate", "利率?"), (1, "demand", "催过吗?")])
    poor = played(client(id="a-2"), [(1, "rate", "利率?")])
    bad = played(client(id="a-3"), route="calculate", failure="HTTP 500")
    assert [one.client.id for one in worst([good, poor, bad], 5)] == ["a-3", "a-2"]
    assert [one.client.id for one in worst([good, poor, bad], 1)] == ["a-3"]
