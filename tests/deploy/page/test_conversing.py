"""From events to what is shown, without a network."""

import pytest

from deploy.page.conversing import Conversing, Exchange
from deploy.page.sources import plain
from deploy.sdk import LexhubError
from orchestrator.contracts import Confirmation, Event, Fact, Question, Reply, UserMessage

REPLY = Reply(status="answer", route="consult", domain="民间借贷", turn=1, answer="可以起诉。").model_dump(mode="json")
EVENTS = [
    Event(kind="step", data={"task": "intake", "id": 0, "ms": 0.0}),
    Event(
        kind="plan",
        data={"route": "consult", "domain": "民间借贷", "tasks": [{"task": "keywords"}, {"task": "answer"}]},
    ),
    Event(kind="cases", data={"cases": [{"title": "只有转账记录"}]}),
    Event(kind="step", data={"task": "cases", "id": 2, "ms": 31.0}),
    Event(kind="delta", data={"text": "可以"}),
    Event(kind="delta", data={"text": "起诉。"}),
    Event(kind="citations", data={"citations": []}),
]


def running() -> Conversing:
    """A consultation whose first turn runs and has told all but its end."""
    held = Conversing("id")
    held.begin(UserMessage(content="怎么办"))
    for event in EVENTS:
        held.take(event)
    return held


def test_a_running_turn_shows_its_steps_and_its_answer_so_far() -> None:
    rows = running().bubbles("zh")
    assert rows[0] == {"role": "user", "content": "怎么办", "metadata": {}}
    assert rows[1]["metadata"]["status"] == "pending"
    assert [row["metadata"]["parent_id"] for row in rows[2:-1]] == ["turn-1"] * 3
    assert "31 ms" in rows[-2]["metadata"]["title"]
    assert "只有转账记录" in rows[-2]["content"] and rows[-1]["content"] == "可以起诉。"


def test_nothing_can_be_answered_while_a_turn_runs() -> None:
    held = running()
    assert held.reply is None and not held.questions and not held.facts and not held.answered


def test_done_ends_the_turn() -> None:
    held = running()
    held.take(Event(kind="done", data=REPLY))
    assert held.work is None and held.answered and held.bubbles("zh")[-1]["content"] == "可以起诉。"


def test_a_turn_that_fails_is_not_kept() -> None:
    held = running()
    held.fail(LexhubError("answer_failed", "没有写完"))
    assert held.bubbles("zh") == [] and held.error is not None


def test_a_turn_that_another_window_sent_is_followed_without_its_message() -> None:
    held = Conversing("id")
    held.take(EVENTS[0])
    held.take(Event(kind="done", data=REPLY))
    assert [row["role"] for row in held.bubbles("zh")] == ["assistant"]


@pytest.mark.parametrize(
    "words",
    [
        "<img src=x onerror=alert(1)>",
        "[去看](javascript:alert(1))",
        "![图](http://evil.example/x.png)",
        "**粗** `码` ~~删~~",
        "1. 一\n2. 二",
        "| 表 |",
        "$x$",
    ],
)
def test_what_a_visitor_writes_has_no_effect(words: str) -> None:
    shown = plain(words)
    assert "<" not in shown
    for active in "[]()!*`~|$":
        assert shown.count(active) == shown.count(f"\\{active}")


def sheet(turn: int, **values: str) -> Reply:
    facts = tuple(Fact(id=id, label=id, value=value, source="story") for id, value in values.items())
    return Reply(status="confirm", route="consult", domain="民间借贷", turn=turn, facts=facts)


def test_of_a_later_fact_sheet_only_what_changed_is_listed() -> None:
    corrected = UserMessage(confirm=Confirmation(ok=False, changes={"本金": "六万"}))
    held = Conversing("id", turns=[Exchange(UserMessage(content="借出五万"), sheet(1, 本金="50000元", 借条="没有"))])
    assert "50000元" not in held.bubbles("zh")[-1]["content"], "the sheet itself stands below"
    held.turns.append(Exchange(corrected, sheet(2, 本金="60000元", 借条="没有")))
    held.turns.append(Exchange(UserMessage(confirm=Confirmation(ok=True)), Reply.model_validate(REPLY)))
    shown = [row["content"] for row in held.bubbles("zh") if row["role"] == "assistant"]
    first, second = (row for row in shown if "本金" in row)
    assert "50000元" in first and "借条" in first
    assert "60000元" in second and "借条" not in second


def test_what_was_asked_before_stands_under_an_answer_given_amid_it() -> None:
    asked = (Question(id="due", text="约好哪天还?", why="时效", options=("不清楚",)),)
    made = Reply(status="question", route="consult", domain="民间借贷", answer="三年。", questions=asked)
    held = Conversing("id", turns=[Exchange(UserMessage(content="时效多久"), made)])
    assert [row["content"] for row in held.bubbles("zh")[1:]] == ["三年。", "前面的还等您答复："]
    assert list(held.questions) == list(asked) and held.answered


def test_what_was_asked_before_is_asked_again_after_a_refusal_and_waits_after_an_emergency() -> None:
    asked = (Question(id="due", text="约好哪天还?", why="时效", options=("不清楚",)),)
    replies = [
        Reply(status=status, route=route, domain="民间借贷", answer="请先看这里。", questions=asked)
        for status, route in (("refused", "refuse"), ("emergency", "emergency"))
    ]
    refused, emergency = (Conversing("id", turns=[Exchange(UserMessage(content="…"), one)]) for one in replies)
    assert list(refused.questions) == list(asked)
    assert [row["content"] for row in refused.bubbles("zh")[1:]] == ["请先看这里。", "前面的还等您答复："]
    assert not emergency.questions
    assert [row["content"] for row in emergency.bubbles("zh")[1:]] == ["请先看这里。"]
