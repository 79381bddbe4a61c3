"""After, before and between answers: corrections, suppositions, points, other matters. Real corpus, scripted planner."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from retrievers.library import LocalLibrary
from tests.orchestrator.offices import Office, asked, only_asks, planner, values

TRANSFER = "朋友去年3月向我借了3万2，没写借条，是微信转账的，说好年底还，到现在一分没还，怎么办？"
TWO_OPEN = TRANSFER + "他承认是借的，身份证号和住址我都有，借去做生意，没有担保人，还没起诉。"
STORY = (
    "朋友去年3月向我借了3万2，微信转账给他的，有借条，说好年底还，到现在一分没还，没有约定利息，我一直在催他还钱，"
    "没有担保人，他承认是借的，身份证号和住址我都有，借去做生意，还没起诉，钱是我自己的积蓄。怎么办？"
)
LABOUR = (
    "我2022年3月入职一家公司,月薪8000,签了劳动合同,交了社保,上个月人事突然微信通知我不用来了,没说理由,"
    "我有工资银行流水和打卡记录,能要什么赔偿?"
)


@pytest.fixture
async def office(library: LocalLibrary, tmp_path: Path) -> AsyncIterator[Office]:
    made = Office(tmp_path / "sessions.sqlite", library)
    await made.restart()
    yield made
    await made.close()


async def answered(office: Office, story: str = STORY, field: str = "民间借贷") -> str:
    office.pool.replace(planner(field=field))
    id = await office.session(confirm="auto")
    reply = await office.say(id, story)
    while reply["status"] == "question":
        reply = await office.say(id, {"reply": dict.fromkeys(asked(reply), "不清楚")})
    assert reply["status"] == "answer"
    return id


def cited(reply: dict[str, Any]) -> list[str]:
    return [row["id"] for row in reply["citations"]]


# Corrections in every state

CORRECTIONS = [
    ("不对,是去年五月", {"lent_on": "2025年5月"}),
    ("说错了,是5万不是3万2", {"principal": "50000元"}),
    ("刚才写错了,月息是2分", {"interest": "约定了,比这高"}),
    ("不对,有借条", {"proof": "有借条或书面合同"}),
]


@pytest.mark.parametrize(("message", "changed"), CORRECTIONS)
async def test_while_questions_are_open(office: Office, message: str, changed: dict[str, str]) -> None:
    id = await office.session()
    before = await office.say(id, TRANSFER)
    assert before["status"] == "question"
    if "lent_on" in changed:  # two days are known: the day of the loan is put right with a word for it
        message = "不对,是去年五月借的"
    reply = await office.say(id, message)
    assert changed.items() <= values(reply).items()
    assert {id for id, value in values(before).items() if values(reply)[id] != value} <= set(changed)


@pytest.mark.parametrize(
    ("message", "changed"), [*CORRECTIONS[1:3], ("没有借条,只有转账", {"proof": "只有转账或聊天记录"})]
)
async def test_while_the_facts_wait_for_confirmation(office: Office, message: str, changed: dict[str, str]) -> None:
    id = await office.session()
    before = await office.say(id, STORY)
    assert before["status"] == "confirm"
    reply = await office.say(id, message)
    assert reply["status"] == "confirm"
    assert values(reply) == {**values(before), **changed}
    assert {row["id"] for row in reply["facts"] if row["changed"]} == set(changed)


@pytest.mark.parametrize(
    ("message", "changed"), [*CORRECTIONS[1:3], ("没有借条,只有转账", {"proof": "只有转账或聊天记录"})]
)
async def test_after_the_answer(office: Office, message: str, changed: dict[str, str]) -> None:
    id = await answered(office)
    reply = await office.say(id, message)
    while reply["status"] == "question":
        reply = await office.say(id, {"reply": dict.fromkeys(asked(reply), "不清楚")})
    assert changed.items() <= values(reply).items()
    opinion = await office.consultations.opinion(id, "me")
    assert set(changed.values()) <= {fact.value for fact in opinion.facts}
    assert reply["answer"] == opinion.answer


async def test_the_value_changed_last_is_what_a_bare_correction_means(office: Office) -> None:
    id = await office.session()
    await office.say(id, STORY + "已经还了5千。")
    await office.say(id, {"confirm": {"ok": False, "changes": {"principal": "4万"}}})
    reply = await office.say(id, "不对，是4万5")
    assert values(reply)["principal"] == "45000元"
    assert values(reply)["returned"] == "5000元"


# Replies in one message


async def test_one_text_answers_both_open_questions_in_order(office: Office, monkeypatch: pytest.MonkeyPatch) -> None:
    only_asks(monkeypatch, "demand", "interest")
    id = await office.session()
    question = await office.say(id, TWO_OPEN)
    assert asked(question) == ["demand", "interest"]
    shown = await office.say(id, "有,没有")
    assert shown["status"] == "confirm"
    assert values(shown)["demand"] == "催过或对方承诺过"
    assert values(shown)["interest"] == "没有约定"


@pytest.fixture
def breath(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two questions; the first one asks for whether interest was agreed in the same breath."""
    clauses = {"demand": "催过吗?", "interest": "约定利息了吗?"}
    only_asks(monkeypatch, "demand", "lent_source", "interest", together=clauses)


@pytest.mark.usefixtures("breath")
@pytest.mark.parametrize(
    "said",
    [
        {"reply": {"demand": "催过,没约定利息", "lent_source": "跳过"}},
        {"reply": {"demand": "催过", "interest": "没有约定", "lent_source": "跳过"}},
        "1.催过,没约定利息 2.不清楚",
    ],
)
async def test_what_was_asked_in_one_breath_is_answered_in_one_or_by_its_own_id(
    office: Office, said: str | dict[str, Any]
) -> None:
    id = await office.session()
    question = await office.say(id, TWO_OPEN)
    first = question["questions"][0]
    assert (first["id"], first["beside"]["id"]) == ("demand", "interest")
    assert first["text"].endswith(first["beside"]["text"])
    again = await office.say(id, said)
    assert values(again)["demand"] == "催过或对方承诺过"
    assert values(again)["interest"] == "没有约定"


@pytest.mark.parametrize(
    ("id", "put"), [("interest", "另外，当时约定利息了吗？多高？"), ("spouse", "另外，他结婚了吗？")]
)
async def test_what_would_make_a_question_long_is_put_by_its_clause(
    office: Office, monkeypatch: pytest.MonkeyPatch, id: str, put: str
) -> None:
    clauses = {"demand": "催过吗?", "interest": "约定利息了吗?", "spouse": "他结婚了吗?"}
    only_asks(monkeypatch, "demand", id, together=clauses)
    question = await office.say(await office.session(), TWO_OPEN)
    assert [row["beside"]["text"] for row in question["questions"]] == [put]


@pytest.mark.usefixtures("breath")
async def test_a_quick_reply_says_nothing_of_what_was_asked_beside_and_it_is_not_asked_again(office: Office) -> None:
    id = await office.session()
    question = await office.say(id, TWO_OPEN)
    option = question["questions"][0]["options"][0]
    again = await office.say(id, {"reply": {"demand": option}})
    assert values(again)["demand"] == option
    assert "interest" not in values(again)


@pytest.mark.parametrize("text", ["都不清楚", "不知道", "跳过"])
async def test_not_knowing_answers_all_open_questions(office: Office, text: str) -> None:
    id = await office.session()
    question = await office.say(id, TWO_OPEN)
    assert len(asked(question)) == 2
    again = await office.say(id, text)
    assert {values(again)[one] for one in asked(question)} == {"不清楚"}
    assert not set(asked(again)) & set(asked(question))
    shown = await office.settle(id, again)
    assert shown["status"] == "confirm"
    assert {values(shown)[one] for one in asked(question)} == {"不清楚"}


# Suppositions


@pytest.mark.parametrize(
    ("message", "supposed", "article"),
    [
        ("要是没有借条呢", "没有书面材料", "最高人民法院关于审理民间借贷案件适用法律若干问题的规定#2"),
        ("如果约定了月息两分呢？", "约定了,比这高", "最高人民法院关于审理民间借贷案件适用法律若干问题的规定#25"),
        ("假如有担保人呢", "有担保人", "民法典#686"),
        ("没有借条能起诉吗", "没有书面材料", "最高人民法院关于审理民间借贷案件适用法律若干问题的规定#2"),
    ],
)
async def test_a_supposition_is_answered_as_one_and_changes_no_fact(
    office: Office, message: str, supposed: str, article: str
) -> None:
    id = await answered(office)
    before = await office.consultations.opinion(id, "me")
    reply = await office.say(id, message)
    assert (reply["status"], reply["route"]) == ("answer", "consult")
    head = reply["answer"].splitlines()[0]
    assert head.startswith("**假设**")
    assert supposed.replace(",", "，") in head
    assert article in cited(reply)
    assert tuple(row["value"] for row in reply["facts"]) == tuple(fact.value for fact in before.facts)
    assert await office.consultations.opinion(id, "me") == before
    after = await office.say(id, "那利息呢")
    assert values(after) == values(reply)
    assert "假设" not in after["answer"]
    assert await office.consultations.opinion(id, "me") == before


async def test_a_supposition_that_the_client_says_is_so_becomes_a_fact(office: Office) -> None:
    id = await answered(office)
    await office.say(id, "要是没有借条呢")
    reply = await office.say(id, "对，实际就是这样")
    assert values(reply)["proof"] == "没有书面材料"
    opinion = await office.consultations.opinion(id, "me")
    assert "没有书面材料" in {fact.value for fact in opinion.facts}


async def test_a_supposition_holds_for_one_turn(office: Office) -> None:
    id = await answered(office)
    await office.say(id, "要是没有借条呢")
    await office.say(id, "那利息呢")
    reply = await office.say(id, "对，实际就是这样")
    assert values(reply)["proof"] == "有借条或书面合同"


async def test_a_supposition_while_questions_are_open_is_no_answer_to_them(office: Office) -> None:
    id = await office.session()
    question = await office.say(id, TRANSFER)
    again = await office.say(id, "要是约定了月息两分呢")
    assert asked(again) == asked(question)
    assert values(again) == values(question)


async def test_what_was_asked_and_not_answered_is_not_asked_again(office: Office) -> None:
    id = await office.session()
    reply, put = await office.say(id, TRANSFER), []
    while reply["status"] == "question":
        put += [question["id"] for question in reply["questions"]]
        reply = await office.say(id, "今天心情很差,天天下雨")
    assert len(put) == len(set(put)) > 2


async def test_a_supposition_while_the_facts_wait_changes_none(office: Office) -> None:
    id = await office.session()
    shown = await office.say(id, STORY)
    again = await office.say(id, "如果没有借条呢")
    assert again["status"] == "confirm"
    assert values(again) == values(shown)


async def test_a_supposition_in_a_labour_matter(office: Office) -> None:
    id = await answered(office, LABOUR, "劳动")
    before = await office.consultations.opinion(id, "me")
    reply = await office.say(id, "如果没签合同呢")
    assert reply["answer"].startswith("**假设**")
    assert "劳动合同法#14" in cited(reply)
    assert values(reply)["paper"] == "签了"
    assert await office.consultations.opinion(id, "me") == before


async def test_what_the_other_side_only_says_is_no_signed_paper(office: Office) -> None:
    id = await answered(office, LABOUR, "劳动")
    reply = await office.say(id, "那如果公司说是协商一致解除的呢")
    head, text = reply["answer"].splitlines()[0], reply["answer"]
    assert "按对方的说法" in head and "说是协商，没签协议" in head
    assert {"劳动合同法#36", "劳动合同法#46"} <= set(cited(reply))
    assert "单位先提出的，应当付经济补偿" in text
    assert "前面的这一点才不再成立" in text
    assert "40000 元" in text  # five months at 8000: four years and some months


async def test_a_supposition_shows_no_figure_that_it_leaves_as_it_was(office: Office) -> None:
    id = await answered(office, LABOUR, "劳动")
    reply = await office.say(id, "如果没签合同呢")
    assert "赔偿金(2N)" not in reply["answer"]
    again = await office.say(id, "如果我月薪是2万呢")
    assert "数额按下面重新算" in again["answer"]
    assert "20000 元 × " in again["answer"]


HURT = "我在工厂上班,机器轧断了手指,去年十月受的伤,月薪6000,公司没给我交社保,我有打卡记录"


@pytest.mark.parametrize(("more", "under"), [("", "如果工伤认定是"), (",还没申请工伤认定", "**假设**")])
async def test_a_question_about_what_is_open_is_answered_under_its_condition(
    office: Office, more: str, under: str
) -> None:
    id = await answered(office, HURT + more, "劳动")
    reply = await office.say(id, "评上九级能赔多少")
    assert under in reply["answer"] and "54000 元" in reply["answer"]
    assert "工伤保险条例#37" in cited(reply)


async def test_what_concludes_nothing_answers_with_the_part_asked_about(office: Office) -> None:
    id = await answered(office, LABOUR, "劳动")
    reply = await office.say(id, "失业金怎么领")
    assert cited(reply) == ["社会保险法#45"]
    assert "失业登记" in reply["answer"]


# Points, and other matters


@pytest.mark.parametrize(
    ("message", "article"),
    [
        ("那我该去哪个法院", "民事诉讼法#22"),
        ("要多久", "民事诉讼法#164"),
        ("那诉讼时效是多久", "民法典#188"),
        ("诉讼费谁承担", "诉讼费用交纳办法#29"),
        ("需要什么证据", "民事诉讼法#67"),
        ("那利息呢", "民法典#680"),
        ("那第二款呢", "民法典#675"),
    ],
)
async def test_a_point_is_answered_from_findings_and_articles(office: Office, message: str, article: str) -> None:
    id = await answered(office)
    before = await office.consultations.opinion(id, "me")
    office.pool.replace(planner(route="smalltalk", field="其他"))
    if message == "那利息呢":
        office.pool.replace(planner(field="民间借贷"))
    reply = await office.say(id, message)
    assert (reply["status"], reply["domain"]) == ("answer", "民间借贷")
    assert article in cited(reply)
    assert not [entry for entry in reply["trace"] if entry["details"].get("rejected")]
    assert await office.consultations.opinion(id, "me") == before


async def test_labour_disputes_go_to_arbitration_first(office: Office) -> None:
    id = await answered(office, LABOUR, "劳动")
    reply = await office.say(id, "那我该去哪里仲裁")
    assert "劳动争议调解仲裁法#21" in cited(reply)
    assert "劳动争议调解仲裁法#43" in cited(await office.say(id, "要多久"))


async def test_a_new_fact_answers_anew(office: Office) -> None:
    id = await answered(office)
    reply = await office.say(id, "他老婆也在借条上签了字，要一起还吗？")
    assert values(reply)["spouse"] == "夫妻共同签字或共用"
    assert "民法典#1064" in cited(reply)
    assert "民法典#1064" in [row.id for row in (await office.consultations.opinion(id, "me")).citations]


async def test_a_question_states_nothing(office: Office) -> None:
    id = await answered(office, STORY.replace("没有担保人", ""))
    before = (await office.consultations.opinion(id, "me")).facts
    reply = await office.say(id, "他老婆要不要一起还？")
    assert values(reply) == {fact.id: fact.value for fact in before}


async def test_a_new_question_in_another_field_mixes_no_facts(office: Office) -> None:
    id = await answered(office)
    office.pool.replace(planner(field="劳动"))
    reply = await office.say(id, LABOUR)
    assert reply["domain"] == "劳动"
    assert "principal" not in values(reply)
    while reply["status"] == "question":
        reply = await office.say(id, {"reply": dict.fromkeys(asked(reply), "不清楚")})
    opinion = await office.consultations.opinion(id, "me")
    assert "借" not in opinion.question
    assert values(await office.say(id, "要是没签合同呢")).get("principal") is None


async def test_another_question_begins_with_nothing_of_the_old_one(office: Office) -> None:
    id = await answered(office)
    reply = await office.say(id, "换一个问题")
    assert (reply["status"], reply["facts"]) == ("smalltalk", [])
    reply = await office.say(id, "我借给同事5000块没写借条他不还")
    assert values(reply)["principal"] == "5000元"
    assert "due_since" not in values(reply)


async def test_a_search_in_another_field_leaves_the_matter_where_it_is(office: Office) -> None:
    id = await answered(office)
    office.pool.replace(planner(route="article_search", field="婚姻家庭"))
    assert (await office.say(id, "离婚冷静期是哪条法律规定的"))["route"] == "article_search"
    reply = await office.say(id, "要是没有借条呢")
    assert (reply["domain"], reply["route"]) == ("民间借贷", "consult")
    assert reply["answer"].startswith("**假设**")


async def test_the_same_question_twice_gives_the_same_law(office: Office) -> None:
    one = await answered(office)
    first = await office.consultations.opinion(one, "me")
    await office.say(one, "那利息呢")
    await office.say(one, "要是没有借条呢")
    again = await office.say(one, STORY)
    two = await answered(office)
    second = await office.consultations.opinion(two, "me")
    assert [row.id for row in first.citations] == cited(again) == [row.id for row in second.citations]
    assert again["answer"] == first.answer == second.answer


async def test_quick_replies_are_not_read_for_other_facts_later(office: Office) -> None:
    id = await office.session()
    question = await office.say(id, TRANSFER)
    await office.say(id, {"reply": {one: "没有" for one in asked(question)}})
    reply = await office.say(id, "对了，他当时还找了他弟弟做担保人")
    assert values(reply)["security"] == "有担保人"
    assert values(reply)["proof"] == "只有转账或聊天记录"


# Truth


async def test_a_wrong_belief_is_corrected_first_with_its_law(office: Office) -> None:
    office.pool.replace(planner(field="劳动"))
    id = await office.session("normal")
    reply = await office.say(id, "劳动法规定试用期可以约定一年吧？公司跟我签了一年合同")
    assert reply["answer"].startswith("**更正**")
    assert "劳动合同法#19" in cited(reply)
    assert "六个月" in reply["answer"].splitlines()[0]


@pytest.mark.parametrize(
    ("text", "said"),
    [("借给朋友3万有借条，我一定能赢吗", "没有人能够保证"), ("借给朋友3万有借条，对方名下有多少存款？", "我无从得知")],
)
async def test_what_nobody_can_tell_is_said(office: Office, text: str, said: str) -> None:
    reply = await office.say(await office.session("normal"), text)
    assert reply["answer"].startswith("**答不了的部分**")
    assert said in reply["answer"].splitlines()[0]
    assert reply["citations"]


async def test_foreign_law_is_not_answered_with_ours(office: Office) -> None:
    office.pool.replace(planner(field="其他"))
    reply = await office.say(await office.session("normal"), "在美国的法律里离婚财产怎么分")
    assert "不能回答" in reply["answer"].splitlines()[0]
    assert reply["citations"] == []


# Chat completions


async def chat(office: Office, *texts: str) -> dict[str, Any]:
    events = [event async for event in office.consultations.chat(texts, "professional", len(texts) - 1)]
    return events[-1].data


async def test_a_chat_takes_a_supposition_for_one(office: Office) -> None:
    reply = await chat(office, STORY, "要是没有借条呢")
    assert reply["answer"].startswith("**假设**")
    assert values(reply)["proof"] == "有借条或书面合同"
    after = await chat(office, STORY, "要是没有借条呢", "那利息呢")
    assert values(after)["proof"] == "有借条或书面合同"
    assert "民法典#680" in cited(after)
    so = await chat(office, STORY, "要是没有借条呢", "对，实际就是这样")
    assert values(so)["proof"] == "没有书面材料"


async def test_a_correction_in_a_chat(office: Office) -> None:
    assert values(await chat(office, STORY, "说错了，是5万不是3万2"))["principal"] == "50000元"


# What the planner makes of a short message does not move the matter


@pytest.mark.parametrize("elsewhere", [{"route": "smalltalk", "field": "其他"}, {"field": "人身损害"}])
@pytest.mark.parametrize(
    "message", ["那利息呢", "那担保人呢", "不对，本金是5万", "要是没有借条呢", "我一定能赢吗", "要多久"]
)
async def test_a_short_message_goes_on_with_the_matter(office: Office, message: str, elsewhere: dict[str, str]) -> None:
    id = await answered(office)
    office.pool.replace(planner(**elsewhere))
    reply = await office.say(id, message)
    assert (reply["status"], reply["domain"]) == ("answer", "民间借贷")
    assert values(reply)["side"] == "出借人"


async def test_a_supposition_that_meets_no_fact_says_so(office: Office) -> None:
    id = await answered(office)
    reply = await office.say(id, "要是他是外星人呢")
    assert "没有对应到" in reply["answer"].splitlines()[0]
    assert values(reply)["side"] == "出借人"


# What is asked or looked up before the consultation has come to its answer

AMID = [("那诉讼时效是多久", "民法典#188"), ("我要去哪个法院告", "民事诉讼法#22"), ("民法典第675条", "民法典#675")]


@pytest.mark.parametrize(("message", "article"), AMID)
async def test_a_question_amid_questions_is_answered_and_they_stay_open(
    office: Office, message: str, article: str
) -> None:
    id = await office.session(confirm="auto")
    first = await office.say(id, TRANSFER)
    assert first["status"] == "question"
    reply = await office.say(id, message)
    assert (reply["status"], reply["questions"]) == ("question", first["questions"])
    assert article in cited(reply)
    await office.restart()
    again = await office.say(id, {"reply": dict.fromkeys(asked(first), "不清楚")})
    assert again["route"] == "consult"
    assert again["answer"] == "" or again["status"] == "answer"
    assert not set(asked(again)) & set(asked(first))


@pytest.mark.parametrize(("message", "article"), AMID)
async def test_a_question_amid_confirmation_is_answered_and_the_facts_still_wait(
    office: Office, message: str, article: str
) -> None:
    id = await office.session()
    shown = await office.say(id, STORY)
    assert shown["status"] == "confirm"
    reply = await office.say(id, message)
    assert (reply["status"], values(reply)) == ("confirm", values(shown))
    assert article in cited(reply)
    await office.restart()
    final = await office.say(id, {"confirm": {"ok": True}})
    assert (final["status"], values(final)) == ("answer", values(shown))
