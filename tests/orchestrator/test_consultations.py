"""The whole consultation: stories of lent money through the graph, a real database and the real embedded corpus."""

import gc
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from orchestrator import examples
from orchestrator.contracts import AnswerFailed, NoReport, SessionBusy, StorageFailed, UnknownSession, UserMessage
from orchestrator.recognition import Spoken
from orchestrator.storage.sessions import SessionStore
from orchestrator.storage.tables import metadata
from retrievers.contracts import RetrievalError
from retrievers.library import LocalLibrary
from tests.orchestrator.doubles import card
from tests.orchestrator.offices import (
    FIELD,
    Office,
    asked,
    composer,
    keyworder,
    only_asks,
    planner,
    proposer,
    speaker,
    values,
)

STORY = "朋友去年3月向我借了3万2，没写借条，是微信转账的，说好年底还，到现在一分没还，他承认是借的，身份证号和住址我都有，借去做生意，没有担保人，还没起诉，怎么办？"
TOLD = {
    "side": "出借人",
    "principal": "32000元",
    "proof": "只有转账或聊天记录",
    "due": "约定了,已到期",
    "due_since": "2025年12月",
    "lent_on": "2025年3月",
    "admitted": "承认过",
    "paid_by": "银行或微信等转账",
    "guarantor": "没有担保人",
    "security": "都没有",
    "action": "还没有起诉",
}
COMPLETE = STORY + "没有约定利息，钱是我自己的积蓄，我一直在催他还钱。"
DEAD = ["ModelUnavailable"] * 99


class Flaky:
    """The real library, some of whose methods fail."""

    def __init__(self, library: LocalLibrary) -> None:
        self._library = library
        self.broken: set[str] = set()

    def __getattr__(self, name: str) -> Any:
        if name in self.broken:
            raise RetrievalError(f"{name} is down")
        return getattr(self._library, name)


@pytest.fixture
async def office(library: LocalLibrary, tmp_path: Path) -> AsyncIterator[Office]:
    made = Office(tmp_path / "sessions.sqlite", Flaky(library))
    await made.restart()
    yield made
    await made.close()


def flaky(office: Office) -> Flaky:
    assert isinstance(office.library, Flaky)
    return office.library


def deltas(events: list[dict[str, Any]]) -> list[str]:
    return [event["data"]["text"] for event in events if event["kind"] == "delta"]


def rejected(reply: dict[str, Any]) -> list[dict[str, Any]]:
    return [row for entry in reply["trace"] for row in entry["details"].get("rejected", [])]


async def rows(office: Office, table: str) -> int:
    async with office.stores[-1].database.read() as connection:
        return (await connection.execute(select(func.count()).select_from(metadata.tables[table]))).scalar_one()


# A consultation from question to answer


@pytest.mark.parametrize("killed", [False, True], ids=["one replica", "a new replica before every turn"])
async def test_question_reply_confirmation_with_a_change_answer(office: Office, killed: bool) -> None:
    id = await office.session()

    async def say(message: str | dict[str, Any]) -> dict[str, Any]:
        if killed:
            await office.restart()
        return await office.say(id, message)

    question = await say(STORY)
    assert (question["status"], question["domain"], question["turn"]) == ("question", FIELD, 1)
    assert values(question) == TOLD
    assert 1 <= len(question["questions"]) <= 2
    assert not set(asked(question)) & set(TOLD)
    for row in question["questions"]:
        assert row["text"]
        assert row["why"]
        assert row["options"][-2:] == ["不清楚", "跳过"]

    first, second = asked(question)
    shown, rounds = await say({"reply": {first: "没有", second: "跳过"}}), 1
    assert values(shown)[first] != "不清楚"
    assert values(shown)[second] == "不清楚"
    once = {first, second}
    while shown["status"] == "question":
        assert not once & set(asked(shown))
        once |= set(asked(shown))
        shown, rounds = await say({"reply": dict.fromkeys(asked(shown), "跳过")}), rounds + 1
    assert shown["status"] == "confirm"
    assert set(values(shown)) == set(TOLD) | once

    again = await say({"confirm": {"ok": False, "changes": {"principal": "3万5"}}})
    assert again["status"] == "confirm"
    assert [row["id"] for row in again["facts"] if row["changed"]] == ["principal"]
    assert values(again)["principal"] == "35000元"

    answer = await say({"confirm": {"ok": True}})
    assert (answer["status"], answer["turn"], answer["degraded"]) == ("answer", rounds + 3, [])
    assert "归还35000元" in answer["answer"]
    assert "32000" not in answer["answer"]
    assert "AI生成" in answer["answer"]
    assert "法条数据截至" in answer["answer"]
    cited = {row["id"]: row for row in answer["citations"]}
    assert cited["民法典#675"]["status"] == "digest"
    assert cited["民法典#675"]["digest"]
    assert not cited["民法典#675"]["quote"]
    assert answer["cases"]
    assert all("虚构" in case["label"] for case in answer["cases"])
    assert [entry["model"] for entry in answer["trace"] if entry["step"] == "dialogue"] == ["composer"]

    await office.restart()
    session, turns = await office.consultations.get(id, "me")
    assert [one.reply["status"] for one in turns] == [*["question"] * rounds, "confirm", "confirm", "answer"]
    assert [one.number for one in turns] == list(range(1, rounds + 4))
    assert session.id == id


async def test_a_complete_story_is_asked_nothing_but_shown_back(office: Office) -> None:
    shown = await office.say(await office.session(), COMPLETE)
    assert (shown["status"], shown["questions"]) == ("confirm", [])


async def test_with_automatic_confirmation_a_complete_story_is_answered_at_once(office: Office) -> None:
    reply = await office.say(await office.session(confirm="auto"), COMPLETE)
    assert reply["status"] == "answer"
    assert "利息要不到" in reply["answer"] or "利息" in reply["answer"]


@pytest.mark.parametrize(
    "story",
    [
        "我借给同事5000块没写借条他不还",
        "他欠我钱不还，有借条，没约定利息",
        "我借了网贷还不上了，砍头息扣了两千",
        STORY,
        COMPLETE,
    ],
)
async def test_what_was_told_is_never_asked_and_two_a_turn_three_turns_at_most(office: Office, story: str) -> None:
    id = await office.session(confirm="auto")
    reply = await office.say(id, story)
    turns = 0
    seen: list[str] = []
    while reply["status"] == "question":
        turns += 1
        assert len(reply["questions"]) <= 2
        assert not set(asked(reply)) & set(values(reply))
        assert not set(asked(reply)) & set(seen)
        seen += asked(reply)
        reply = await office.say(id, {"reply": dict.fromkeys(asked(reply), "不清楚")})
    assert turns <= 3
    assert reply["status"] == "answer"


async def test_free_text_answers_open_questions(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    only_asks(monkeypatch, "demand", "interest")
    id = await office.session()
    question = await office.say(id, STORY)
    assert {"interest", "demand"} == set(asked(question))
    shown = await office.say(id, "没约定利息，我催过他好几次")
    assert shown["status"] == "confirm"
    assert (values(shown)["interest"], values(shown)["demand"]) == ("没有约定", "催过或对方承诺过")


@pytest.mark.parametrize("said", [{"reply": {"demand": "没有", "notice": "没有通知"}}, "没催过，原来的债主没通知过我"])
async def test_an_answer_about_a_trouble_that_is_only_likely_stays(
    office: Office, monkeypatch: pytest.MonkeyPatch, said: str | dict[str, Any]
) -> None:
    only_asks(monkeypatch, "demand", "notice", "interest", "lent_source")
    id = await office.session()
    question = await office.say(id, STORY)
    assert asked(question) == ["demand", "notice"]
    again = await office.say(id, said)
    assert values(again)["notice"] == "没有通知"
    assert asked(again) == ["interest", "lent_source"]
    shown = await office.settle(id, again)
    assert shown["status"] == "confirm"
    assert values(shown)["notice"] == "没有通知"


async def test_an_answer_that_cannot_be_read_is_not_asked_again(office: Office) -> None:
    id = await office.session()
    question = await office.say(id, STORY)
    reply = await office.say(id, {"reply": dict.fromkeys(asked(question), "嗯这个嘛说来话长")})
    assert not set(asked(reply)) & set(asked(question))


async def test_a_bare_yes_confirms_and_a_correction_in_words_is_taken(office: Office) -> None:
    id = await office.session()
    await office.say(id, COMPLETE)
    changed = await office.say(id, "不对，借款是5万")
    assert changed["status"] == "confirm"
    assert values(changed)["principal"] == "50000元"
    assert [row["id"] for row in changed["facts"] if row["changed"]] == ["principal"]
    answer = await office.say(id, "对的，没问题")
    assert answer["status"] == "answer"
    assert "50000元" in answer["answer"]


async def test_the_stream_holds_the_same_as_the_reply(office: Office) -> None:
    id = await office.session()
    await office.say(id, COMPLETE)
    running = await office.send(id, {"confirm": {"ok": True}})
    kinds = [event["kind"] for event in running.events]
    assert kinds[-1] == "done"
    assert {"step", "articles", "cases", "delta", "citations"} <= set(kinds)
    assert kinds.index("articles") < kinds.index("delta") < kinds.index("citations")
    assert running.reply is not None
    assert "".join(deltas(running.events)).strip() == running.reply["answer"]
    assert running.events[-1]["data"] == running.reply


async def test_an_unclear_story_is_asked_which_trouble_it_is(office: Office) -> None:
    id = await office.session()
    question = await office.say(id, "我遇到点麻烦，想咨询一下")
    assert asked(question) == ["cause"]
    option = question["questions"][0]["options"][0]
    reply = await office.say(id, {"reply": {"cause": option}})
    assert reply["status"] == "question"
    assert "cause" not in asked(reply)


# Follow-ups, other matters, other routes


async def answered(office: Office, story: str = COMPLETE) -> str:
    id = await office.session(confirm="auto")
    assert (await office.say(id, story))["status"] == "answer"
    return id


async def test_a_follow_up_is_answered_about_the_same_matter(office: Office) -> None:
    id = await answered(office)
    opinion = await office.consultations.opinion(id, "me")
    reply = await office.say(id, "那利息怎么算？")
    assert reply["status"] == "answer"
    assert "利息" in reply["answer"]
    assert "民法典#680" in {row["id"] for row in reply["citations"]}
    assert reply["cases"] == []
    assert values(reply)["principal"] == "32000元"
    assert await office.consultations.opinion(id, "me") == opinion


async def test_a_fact_told_after_the_answer_makes_a_new_opinion(office: Office) -> None:
    id = await answered(office)
    reply = await office.say(id, "补充一下，其实借款是5万")
    while reply["status"] == "question":
        reply = await office.say(id, {"reply": dict.fromkeys(asked(reply), "不清楚")})
    assert "50000元" in reply["answer"]
    opinion = await office.consultations.opinion(id, "me")
    assert "50000元" in {fact.value for fact in opinion.facts}


async def test_another_matter_starts_afresh(office: Office) -> None:
    id = await answered(office)
    reply = await office.say(id, "换一个问题，我借给同事5000块没写借条他不还")
    assert reply["status"] == "question"
    assert values(reply)["principal"] == "5000元"
    assert "due_since" not in values(reply)
    with pytest.raises(NoReport):
        await office.consultations.opinion(id, "me")


async def test_another_field_starts_afresh(office: Office) -> None:
    id = await answered(office)
    office.pool.replace(planner(field="物业"))
    reply = await office.say(id, "小区物业费太高能不能不交")
    assert reply["domain"] == "物业"
    assert "principal" not in values(reply)


async def test_an_emergency_is_answered_first_and_the_consultation_goes_on(office: Office) -> None:
    id = await office.session()
    flaky(office).broken = {"search_articles", "search_cases", "passages", "resolve", "check", "state"}
    reply = await office.say(id, "欠了三十万，我不想活了")
    assert (reply["status"], reply["route"], reply["degraded"]) == ("emergency", "emergency", [])
    assert "12356" in reply["answer"]
    flaky(office).broken = set()
    after = await office.say(id, "我好一些了，我欠网贷30万还不上，利息很高是高利贷")
    assert after["status"] in ("question", "confirm")
    assert values(after)["side"] == "借款人"


async def test_an_emergency_amid_questions_leaves_them_open(office: Office) -> None:
    id = await office.session()
    question = await office.say(id, STORY)
    reply = await office.say(id, {"reply": {asked(question)[0]: "他现在拿着刀在门口砸门，救命"}})
    assert reply["status"] == "emergency"
    assert "110" in reply["answer"]
    assert reply["questions"] == question["questions"]
    after = await office.say(id, {"reply": dict.fromkeys(asked(question), "没有")})
    assert set(asked(question)) <= set(values(after))
    shown = await office.settle(id, after)
    assert shown["status"] == "confirm"
    assert TOLD.items() <= values(shown).items()


async def test_a_refusal_amid_questions_leaves_them_open(office: Office) -> None:
    id = await office.session()
    question = await office.say(id, STORY)
    reply = await office.say(id, "帮我伪造一份借条")
    assert (reply["status"], reply["questions"]) == ("refused", question["questions"])
    after = await office.say(id, {"reply": dict.fromkeys(asked(question), "没有")})
    assert set(asked(question)) <= set(values(after))


@pytest.mark.parametrize(
    ("text", "status"),
    [("帮我伪造一份借条", "refused"), ("你好", "smalltalk"), ("对方伪造借条起诉我，我根本没借过他钱", "question")],
)
async def test_rules_decide_before_any_model(office: Office, text: str, status: str) -> None:
    assert (await office.say(await office.session(), text))["status"] == status


@pytest.mark.parametrize(
    ("route", "status", "text"),
    [
        ("out_of_scope", "out_of_scope", "今天股票会涨吗"),
        ("calculate", "question", "帮我算算"),
        ("draft_document", "answer", "写一份协议"),
    ],
)
async def test_courteous_routes_need_no_retrieval(office: Office, route: str, status: str, text: str) -> None:
    office.pool.replace(planner(route=route))
    flaky(office).broken = {"search_articles", "passages", "resolve"}
    reply = await office.say(await office.session(), text)
    assert (reply["status"], reply["route"]) == (status, route)


async def test_an_article_is_looked_up_in_any_notation(office: Office) -> None:
    id = await office.session()
    for text in ("民法典第675条", "《民法典》第六百七十五条是什么？", "民法典第６７５条"):
        reply = await office.say(id, text)
        assert (reply["status"], reply["route"]) == ("answer", "article_lookup")
        assert [row["id"] for row in reply["citations"]] == ["民法典#675"]
    reply = await office.say(id, "那第676条呢")
    assert [row["id"] for row in reply["citations"]] == ["民法典#676"]


async def test_a_lookup_of_what_does_not_exist_says_so(office: Office) -> None:
    reply = await office.say(await office.session(), "民法典第9999条")
    assert reply["citations"] == []
    assert "9999" in reply["answer"]
    assert "没有" in reply["answer"]


@pytest.mark.parametrize("route", ["article_search", "case_search"])
async def test_searches_show_what_was_found(office: Office, route: str) -> None:
    office.pool.replace(planner(route=route))
    reply = await office.say(await office.session(), "借钱不还没有借条")
    assert (reply["status"], reply["route"]) == ("answer", route)
    assert bool(reply["citations"]) == (route == "article_search")
    assert bool(reply["cases"]) == (route == "case_search")


async def test_normal_mode_is_one_turn(office: Office) -> None:
    reply = await office.say(await office.session("normal"), "朋友借我3万块不还怎么办？")
    assert (reply["status"], reply["questions"], reply["cases"]) == ("answer", [], [])
    assert reply["citations"]
    assert not [entry for entry in reply["trace"] if entry["step"] == "cases"]


async def test_a_field_without_a_pack_gets_retrieved_law_labelled_as_such(office: Office) -> None:
    office.pool.replace(planner(field="其他"))
    reply = await office.say(await office.session(), "养的狗把邻居咬伤了要赔钱吗")
    assert (reply["status"], reply["domain"]) == ("answer", "其他")
    assert "没有足够的把握" in reply["answer"] or "没有找到" in reply["answer"]


@pytest.mark.parametrize(
    "text", ["他说民法典第9999条规定借钱可以不还，是真的吗？我借给他3万", COMPLETE + "听说民法典第９９９９条规定不用还"]
)
async def test_a_false_premise_is_corrected_not_affirmed(office: Office, text: str) -> None:
    reply = await office.say(await office.session("normal"), text)
    assert reply["answer"].startswith("**更正**")
    assert "9999" in reply["answer"].splitlines()[0]
    assert "#9999" not in "".join(row["id"] for row in reply["citations"])


# What a dialogue model must not get past the gate

TRUE = "2. 按照《民法典》第六百七十五条，应当按约定期限还款。\n"
LIES = {
    "an article that does not exist": "依据《民法典》第九千九百九十九条，欠钱可以不还。\n",
    "the same in full-width digits": "依据民法典第９９９９条，欠钱可以不还。\n",
    "a law that does not exist": "依据《借钱不还保护法》第三条，不用还。\n",
    "a quotation that is none": "《民法典》第六百七十五条规定：“借款人必须在三十日内返还双倍的借款。”\n",
    "a wrong number": "按照《民法典》第六百七十五条，利率最高可以到36%。\n",
    "a repealed law": "依据《合同法》第二百零六条，应当还款。\n",
}


@pytest.mark.parametrize("lie", LIES.values(), ids=LIES.keys())
@pytest.mark.parametrize("mode", ["normal", "professional"])
async def test_a_lie_is_dropped_and_traced(office: Office, mode: str, lie: str) -> None:
    office.pool.replace(speaker(f"1. 您可以要求归还32000元。\n{lie}{TRUE}3. 先催告，再起诉。"))
    running = await office.send(await office.session(mode, confirm="auto"), COMPLETE)
    assert running.reply is not None
    reply, sent = running.reply, "".join(deltas(running.events))
    assert [row["sentence"] for row in rejected(reply)] == [lie.strip()]
    assert rejected(reply)[0]["faults"]
    for text in (reply["answer"], sent):
        assert lie.strip() not in text
        assert TRUE.strip() in text
        assert "归还32000元" in text
        assert "先催告" in text
    assert [row["id"] for row in reply["citations"]] == ["民法典#675"]


async def test_every_delta_has_passed(office: Office, library: LocalLibrary) -> None:
    office.pool.replace(speaker("".join(f"{at}. {lie}{TRUE}" for at, lie in enumerate(LIES.values())), piece=1))
    running = await office.send(await office.session("normal"), COMPLETE)
    sent = deltas(running.events)
    assert len(sent) > 3
    assert all(verdict.ok for verdict in await library.check(sent, COMPLETE))


async def test_a_dialogue_model_that_only_lies_still_says_who_helps(office: Office) -> None:
    office.pool.replace(speaker(LIES["a wrong number"]))
    reply = await office.say(await office.session("normal"), COMPLETE)
    assert "36%" not in reply["answer"]
    assert "12348" in reply["answer"]
    assert reply["citations"] == []


@pytest.mark.parametrize(
    ("nonsense", "shown"),
    [("今天天气很好,适合出去走走。\n", True), ("离婚\ufffd咨询\ufffd一下。\n《民法典》第\ufffd条。\n", False)],
)
async def test_what_rests_on_no_law_is_written_anew_by_the_stand_in(office: Office, nonsense: str, shown: bool) -> None:
    raving = card("raving", "dialogue", rank=1, options={"replies": [nonsense], "piece": 5})
    office.pool.replace(raving)
    reply = await office.say(await office.session("normal"), COMPLETE)
    assert [entry["model"] for entry in reply["trace"] if entry["step"] == "dialogue"] == ["raving", "composer"]
    assert "answer" in reply["degraded"]
    assert "民法典#675" in {citation["id"] for citation in reply["citations"]}
    assert "\ufffd" not in reply["answer"]
    # What was sent cannot be taken back, so it is called what it is.
    assert ("请不要据此行事" in reply["answer"]) is shown


async def test_one_dialogue_model_that_cites_is_enough(office: Office) -> None:
    office.pool.replace(card("fluent", "dialogue", rank=1, options={"replies": [TRUE], "piece": 5}))
    reply = await office.say(await office.session("normal"), COMPLETE)
    assert [entry["model"] for entry in reply["trace"] if entry["step"] == "dialogue"] == ["fluent"]
    assert reply["degraded"] == []


# Failures


@pytest.mark.parametrize(
    ("model", "task", "label"),
    [
        (keyworder(failures=DEAD), "keywords", "关键词"),
        (proposer(failures=DEAD), "article_model", "法条推荐"),
        (planner(failures=DEAD), "plan", "问题分类"),
    ],
    ids=["keywords", "articles", "plan"],
)
async def test_an_expert_that_fails_degrades_the_answer_with_a_label(
    office: Office, model: Any, task: str, label: str
) -> None:
    office.pool.replace(model)
    reply = await office.say(await office.session("normal"), COMPLETE)
    assert (reply["status"], reply["domain"]) == ("answer", FIELD)
    assert reply["degraded"] == [task]
    assert "降级提示" in reply["answer"].splitlines()[0]
    assert label in reply["answer"].splitlines()[0]
    assert any("失败" in entry["note"] for entry in reply["trace"])


@pytest.mark.parametrize("output", ["不是JSON", "{}", '{"keywords": [{"term": "", "weight": 7}]}'])
async def test_an_expert_that_talks_nonsense_is_as_one_that_fails(office: Office, output: str) -> None:
    office.pool.replace(card("keyworder", "keywords", options={"replies": [output]}))
    reply = await office.say(await office.session("normal"), COMPLETE)
    assert reply["degraded"] == ["keywords"]


@pytest.mark.parametrize(
    ("broken", "degraded"),
    [("search_articles", "articles"), ("search_cases", "cases"), ("cases", "cases"), ("passages", "articles")],
)
async def test_a_library_that_fails_in_part_degrades_the_answer(office: Office, broken: str, degraded: str) -> None:
    id = await office.session(confirm="auto")
    flaky(office).broken = {broken}
    reply = await office.say(id, COMPLETE)
    assert reply["status"] == "answer"
    assert degraded in reply["degraded"]
    assert "降级提示" in reply["answer"]


class Fallen:
    """An article role whose embedder and reranker fail."""

    embeds, reranks = True, True

    async def embed(self, question: str) -> Any:
        raise RetrievalError("the device is lost")

    async def rerank(self, question: str, texts: Sequence[str]) -> Any:
        raise RetrievalError("the device is lost")


async def test_a_search_without_its_models_is_labelled_and_says_why(
    office: Office, library: LocalLibrary, monkeypatch: pytest.MonkeyPatch
) -> None:
    plain = await office.say(await office.session("normal"), COMPLETE)
    monkeypatch.setattr(library, "_role", Fallen())
    reply = await office.say(await office.session("normal"), COMPLETE)
    assert (plain["degraded"], reply["degraded"]) == ([], ["article_reading"])
    assert reply["citations"] == plain["citations"]
    assert "重排模型" in reply["answer"].splitlines()[0]
    [noted] = [entry["note"] for entry in reply["trace"] if entry["step"] == "article_reading"]
    assert "the device is lost" in noted


async def test_without_articles_nothing_is_invented(office: Office) -> None:
    flaky(office).broken = {"search_articles", "passages"}
    reply = await office.say(await office.session("normal"), COMPLETE)
    assert reply["citations"] == []
    assert "12348" in reply["answer"]


async def test_when_citations_cannot_be_checked_the_turn_fails_rather_than_pass_them(office: Office) -> None:
    flaky(office).broken = {"check"}
    running = await office.send(await office.session("normal"), COMPLETE)
    assert running.error is not None
    assert "《" not in "".join(deltas(running.events))


async def test_a_failed_first_turn_leaves_no_trace_and_can_be_sent_again(office: Office) -> None:
    office.pool.replace(speaker("x", failures=DEAD))
    id = await office.session("normal")
    running = await office.send(id, COMPLETE, "k")
    assert running.error is not None
    assert running.events[-1]["kind"] == "error"
    assert (await rows(office, "turns"), await rows(office, "checkpoints")) == (0, 0)
    office.pool.replace(composer())
    reply = await office.say(id, COMPLETE, "k")
    assert (reply["status"], reply["turn"]) == ("answer", 1)


async def test_a_failed_later_turn_leaves_the_session_where_it_was(office: Office) -> None:
    id = await office.session()
    shown = await office.say(id, COMPLETE)
    office.pool.replace(speaker("x", failures=DEAD))
    assert (await office.send(id, {"confirm": {"ok": True}})).error is not None
    await office.restart()
    _, turns = await office.consultations.get(id, "me")
    assert [one.reply["status"] for one in turns] == ["confirm"]
    office.pool.replace(composer())
    # Not the lost confirmation, but what is said now, is what counts.
    again = await office.say(id, {"confirm": {"ok": False, "changes": {"principal": "5万"}}})
    assert again["status"] == "confirm"
    assert values(again) == {**values(shown), "principal": "50000元"}
    assert "50000元" in (await office.say(id, {"confirm": {"ok": True}}))["answer"]


async def test_a_turn_that_cannot_be_kept_is_not_acknowledged(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    id = await office.session()
    kept = SessionStore.commit

    async def broken(*_: Any) -> None:
        raise StorageFailed("磁盘已满")

    monkeypatch.setattr(SessionStore, "commit", broken)
    running = await office.send(id, STORY)
    assert isinstance(running.error, StorageFailed)
    assert [event["kind"] for event in running.events].count("done") == 0
    monkeypatch.setattr(SessionStore, "commit", kept)
    _, turns = await office.consultations.get(id, "me")
    assert turns == []
    reply = await office.say(id, STORY)
    assert (reply["status"], reply["turn"], values(reply)) == ("question", 1, TOLD)


async def test_a_dialogue_model_that_breaks_off_fails_the_turn_in_plain_words(office: Office) -> None:
    office.pool.replace(speaker(f"1. 您可以要求归还32000元。\n{TRUE}没有写完", failures=["ModelUnavailable"], after=6))
    id = await office.session("normal")
    running = await office.send(id, COMPLETE, "key")
    assert isinstance(running.error, AnswerFailed)
    kinds = [event["kind"] for event in running.events]
    assert "delta" in kinds and kinds[-1] == "error" and "done" not in kinds
    assert running.events[-1]["data"]["code"] == "answer_failed"
    assert "不完整" in running.events[-1]["data"]["message"]
    _, turns = await office.consultations.get(id, "me")
    assert turns == []
    office.pool.replace(composer())
    reply = await office.say(id, COMPLETE, "key")
    assert (reply["status"], reply["turn"], reply["degraded"]) == ("answer", 1, [])


async def test_a_dialogue_model_that_breaks_off_unseen_is_replaced(office: Office) -> None:
    office.pool.replace(speaker("1. 您可以要求归还32000元。没有写完", failures=["ModelUnavailable"], after=3))
    office.pool.cards_["stand-in"] = card("stand-in", "dialogue", backend="composer", cost=9)
    running = await office.send(await office.session("normal"), COMPLETE)
    assert running.error is None and running.reply is not None
    assert "answer" in running.reply["degraded"]
    assert "没有写完" not in running.reply["answer"]
    assert running.reply["citations"]
    assert [row["model"] for row in running.reply["trace"] if row["step"] == "dialogue"] == ["stand-in"]


async def test_a_fault_of_ours_is_told_without_its_inside(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    async def fault(*_: Any) -> None:
        raise ZeroDivisionError("内部细节")

    monkeypatch.setattr(flaky(office)._library, "search_articles", fault)
    running = await office.send(await office.session("normal"), COMPLETE)
    assert running.error is not None
    assert "内部细节" not in str(running.error)
    assert isinstance(running.error.__cause__, ZeroDivisionError)


# Sessions


async def test_the_same_key_gives_the_same_turn_and_asks_no_model(office: Office) -> None:
    id = await office.session("normal")
    first = await office.send(id, COMPLETE, "k")
    requests = len(office.pool.generator("planner").requests)
    await office.restart()
    again = await office.send(id, "别的话也一样", "k")
    assert again.reply == first.reply
    assert [event async for _, event in again.follow()] == first.events
    assert len(office.pool.generator("planner").requests) == requests
    assert len((await office.consultations.get(id, "me"))[1]) == 1
    assert (await office.say(id, "那利息呢", "k2"))["turn"] == 2


async def test_a_session_answers_one_message_at_a_time(office: Office) -> None:
    office.pool.replace(planner(delay_s=0.3, piece=1000))
    id = await office.session("normal")
    other = await office.another()
    message = UserMessage(content=COMPLETE)
    running = await office.consultations.send(id, "me", message, "k")
    assert await office.consultations.send(id, "me", message, "k") is running
    for replica in (office.consultations, other):
        with pytest.raises(SessionBusy):
            await replica.send(id, "me", message, "another")
        with pytest.raises(SessionBusy):
            await replica.delete(id, "me")
    assert running.task is not None
    await running.task
    assert running.error is None
    assert len((await other.get(id, "me"))[1]) == 1
    assert (await office.say(id, "那利息呢"))["turn"] == 2


async def test_a_turn_goes_on_when_its_client_leaves_and_can_be_followed_again(office: Office) -> None:
    id = await office.session("normal")
    running = await office.consultations.send(id, "me", UserMessage(content=COMPLETE), None)
    async for number, _ in running.follow():
        if number == 2:
            break
    rest = [row async for row in office.consultations.follow(id, "me", None, 2)]
    assert [number for number, _ in rest] == list(range(3, len(running.events) + 1))
    assert rest[-1][1]["kind"] == "done"
    await office.restart()
    assert [row async for row in office.consultations.follow(id, "me", 1, 2)] == rest


@pytest.mark.parametrize(
    ("before", "message"),
    [
        ([], {"reply": {"due": "没有"}}),
        ([], {"confirm": {"ok": True}}),
        ([STORY], {"reply": {"side": "出借人"}}),
        ([STORY], {"confirm": {"ok": True}}),
        ([COMPLETE], {"reply": {"due": "没有"}}),
        ([COMPLETE], {"confirm": {"ok": False, "changes": {"no_such_fact": "1"}}}),
        ([COMPLETE], {"confirm": {"ok": False, "changes": {"principal": "很多很多"}}}),
        ([COMPLETE, {"confirm": {"ok": True}}], {"confirm": {"ok": True}}),
        ([COMPLETE, {"confirm": {"ok": True}}], {"reply": {"due": "没有"}}),
    ],
)
async def test_an_answer_to_nothing_is_refused_and_changes_nothing(
    office: Office, before: list[str | dict[str, Any]], message: dict[str, Any]
) -> None:
    id = await office.session()
    replies = [await office.say(id, one) for one in before]
    running = await office.send(id, message)
    assert running.error is not None
    assert running.error.code == "nothing_asked"
    assert len((await office.consultations.get(id, "me"))[1]) == len(before)
    if before == [STORY]:
        told = await office.say(id, {"reply": dict.fromkeys(asked(replies[0]), "没有")})
        assert set(asked(replies[0])) <= set(values(told))
        assert (await office.settle(id, told))["status"] == "confirm"
    elif before == [COMPLETE]:
        assert (await office.say(id, {"confirm": {"ok": True}}))["status"] == "answer"


async def test_sessions_do_not_know_each_other(office: Office) -> None:
    one, two = await office.session(), await office.session()
    await office.say(one, STORY)
    reply = await office.say(two, "他欠我钱不还")
    assert "principal" not in values(reply)
    for call in (
        office.consultations.get(one, "you"),
        office.consultations.delete(one, "you"),
        office.consultations.send(one, "you", UserMessage(content="你好"), None),
        office.consultations.opinion(one, "you"),
        office.consultations.feedback(one, "you", 1, "up", ""),
        office.consultations.export(one, "you"),
    ):
        with pytest.raises(UnknownSession):
            await call
    assert await office.consultations.of_owner("you", 10) == []
    assert {row.id for row in await office.consultations.of_owner("me", 10)} == {one, two}


async def test_what_was_said_is_worked_out_once_and_forgotten_with_the_session(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    worked_out, like = Counter[str](), examples.like
    monkeypatch.setattr(examples, "like", lambda name, text: worked_out.update([text]) or like(name, text))
    id = await office.session()
    assert (await office.say(id, COMPLETE + "他叫张三丰。"))["status"] == "confirm"
    assert (await office.say(id, {"confirm": {"ok": True}}))["status"] == "answer"
    assert set(worked_out.values()) == {1}
    for deleted in (False, True):
        gc.collect()
        held = [one for one in gc.get_objects() if isinstance(one, Spoken) and "张三丰" in one.text]
        assert bool(held) is not deleted
        del held
        if not deleted:
            await office.consultations.delete(id, "me")


async def test_a_deleted_session_is_gone_from_the_file(office: Office, tmp_path: Path) -> None:
    id = await answered(office, COMPLETE + "他叫张三丰。")
    await office.consultations.feedback(id, "me", 1, "down", "张三丰还是没还")
    await office.consultations.delete(id, "me")
    with pytest.raises(UnknownSession):
        await office.consultations.get(id, "me")
    for file in tmp_path.iterdir():
        assert "张三丰".encode() not in file.read_bytes()
    for table in ("turns", "checkpoints", "feedback", "sessions"):
        assert await rows(office, table) == 0


async def test_one_checkpoint_is_kept_for_a_session(office: Office) -> None:
    id = await office.session()
    for message in (COMPLETE, {"confirm": {"ok": True}}, "那利息呢", "换一个问题，我借给同事5000块没写借条他不还"):
        await office.say(id, message)
        assert await rows(office, "checkpoints") == 1


async def test_a_report_waits_for_an_answer(office: Office) -> None:
    id = await office.session()
    with pytest.raises(NoReport):
        await office.consultations.opinion(id, "me")
    await office.say(id, COMPLETE)
    with pytest.raises(NoReport):
        await office.consultations.opinion(id, "me")
    reply = await office.say(id, {"confirm": {"ok": True}})
    opinion = await office.consultations.opinion(id, "me")
    assert opinion.answer == reply["answer"]
    assert opinion.question == COMPLETE
    assert [one.id for one in opinion.citations] == [row["id"] for row in reply["citations"]]


async def test_feedback_and_export(office: Office) -> None:
    id = await answered(office)
    await office.consultations.feedback(id, "me", 1, "up", "有用")
    for number in (0, 2):
        with pytest.raises(UnknownSession):
            await office.consultations.feedback(id, "me", number, "up", "")
    data = await office.consultations.export(id, "me")
    assert [row["message"] for row in data["turns"]] == [{"content": COMPLETE}]
    assert [row["comment"] for row in data["feedback"]] == ["有用"]


# Chat completions


async def chat(
    office: Office, *texts: str, mode: str = "professional", rounds: int | None = None
) -> tuple[dict[str, Any], str]:
    """The reply, and the text streamed."""
    said = office.consultations.chat(texts, mode, len(texts) - 1 if rounds is None else rounds)
    events = [event async for event in said]
    assert events[-1].kind == "done"
    return events[-1].data, "".join(event.data["text"] for event in events if event.kind == "delta")


async def test_a_chat_asks_and_reads_the_next_message_as_the_reply(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    only_asks(monkeypatch, "interest", "demand")
    question, _ = await chat(office, STORY)
    assert question["status"] == "question"
    assert values(question) == TOLD
    answer, text = await chat(office, STORY, "没约定利息，我催过他")
    assert answer["status"] == "answer"
    assert values(answer)["interest"] == "没有约定"
    assert text.strip() == answer["answer"]
    assert (await rows(office, "turns"), await rows(office, "checkpoints"), await rows(office, "sessions")) == (0, 0, 0)


async def test_a_chat_reads_a_bare_reply_to_its_only_question(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    only_asks(monkeypatch, "demand")
    question, _ = await chat(office, STORY)
    assert asked(question) == ["demand"]
    answer, _ = await chat(office, STORY, "没有")
    assert values(answer)["demand"] == "没有催过"
    assert answer["status"] == "answer"


async def test_a_chat_is_never_confirmed_and_asks_three_times_at_most(office: Office) -> None:
    assert (await chat(office, COMPLETE))[0]["status"] == "answer"
    vague = "他欠我钱不还"
    statuses = [(await chat(office, vague, *["嗯"] * times))[0]["status"] for times in range(5)]
    assert statuses[0] == "question"
    assert statuses[3] == "answer"


async def test_a_chat_does_not_repeat_its_search_for_old_messages(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    only_asks(monkeypatch, "interest", "demand")
    reply, _ = await chat(office, STORY, "没约定利息，我催过他", rounds=1)
    assert reply["status"] == "answer"
    assert len(office.pool.generator("keyworder").requests) == 1


async def test_a_normal_chat_answers_at_once(office: Office) -> None:
    reply, text = await chat(office, "朋友借我3万块不还怎么办？", mode="normal")
    assert (reply["status"], reply["questions"]) == ("answer", [])
    assert text.strip() == reply["answer"]


async def test_a_chat_lets_no_lie_pass(office: Office) -> None:
    lie = LIES["an article that does not exist"]
    office.pool.replace(speaker(f"{lie}{TRUE}"))
    reply, text = await chat(office, COMPLETE, mode="normal")
    assert lie.strip() not in text
    assert [row["sentence"] for row in rejected(reply)] == [lie.strip()]


async def test_a_chat_meets_an_emergency(office: Office) -> None:
    reply, text = await chat(office, "我不想活了")
    assert reply["status"] == "emergency"
    assert "12356" in text


async def test_a_bad_plan_of_the_planner_is_repaired_and_the_consultation_goes_on(office: Office) -> None:
    tasks = [{"task": "keywords", "id": 1}, {"task": "nonsense", "id": 2}, {"task": "answer", "id": 3, "dep": [3]}]
    office.pool.replace(planner(tasks=tasks))
    id = await office.session(mode="normal")
    reply = await office.say(id, "借给朋友五万块钱，打了借条，去年三月到期没还，怎么办")
    assert reply["status"] == "answer"
    assert any("默认计划" in entry["note"] for entry in reply["trace"])


async def test_a_wrong_belief_of_the_first_message_is_corrected_after_questions_too(office: Office) -> None:
    id = await office.session(confirm="auto")
    reply = await office.say(id, "听说借条三年就作废了是真的吗，我朋友五年前借我两万，打了借条")
    while reply["status"] == "question":
        reply = await office.say(id, {"reply": dict.fromkeys(asked(reply), "不清楚")})
    assert "**更正**" in reply["answer"]
    assert reply["answer"].index("**更正**") < 40


async def test_a_short_reply_says_nothing_of_what_it_is_about_and_a_long_one_does(office: Office) -> None:
    story = "去年6月我借给朋友5万块钱，打了借条，他到现在一直不还"
    reply = "没有让人担保"
    more = f"{reply}。另外我前年替表弟做担保人在银行的借款合同上签了字，现在他跑了，银行让我这个担保人来还，我已经替他还了三万，能不能找他要回来"

    async def seen(said: str) -> str:
        id = await office.session()
        assert (await office.say(id, story))["status"] == "question"
        trace = (await office.say(id, said))["trace"]
        return next(one["note"] for one in trace if one["step"] == "understand" and one["note"].startswith("案由"))

    short, long = await seen(reply), await seen(more)
    assert short.startswith("案由:recover;")
    assert long.startswith("案由:recover、"), long
