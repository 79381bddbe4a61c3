"""Papers inside a consultation: from the matter at hand, from the message alone, and with what is told later."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from orchestrator import documents
from orchestrator.papers import markdown
from retrievers.library import LocalLibrary
from tests.orchestrator.offices import FIELD, Office, asked, planner
from tests.orchestrator.test_consultations import COMPLETE


@pytest.fixture
async def office(library: LocalLibrary, tmp_path: Path) -> AsyncIterator[Office]:
    made = Office(tmp_path / "sessions.sqlite", library)
    await made.restart()
    yield made
    await made.close()


async def consulted(office: Office) -> str:
    """A session with its opinion, the planner set to papers from now on."""
    id = await office.session(confirm="auto")
    reply = await office.say(id, COMPLETE)
    while reply["status"] == "question":
        reply = await office.say(id, {"reply": dict.fromkeys(asked(reply), "不清楚")})
    assert reply["status"] == "answer"
    office.pool.replace(planner(route="draft_document", field="诉讼程序"))
    return id


async def test_a_plaint_is_written_from_the_consultation(office: Office) -> None:
    id = await consulted(office)
    reply = await office.say(id, "帮我写一份起诉状,我叫张三,被告是李四")
    assert (reply["status"], reply["route"], reply["domain"]) == ("answer", "draft_document", FIELD)
    shown = reply["answer"]
    assert "# 民事起诉状" in shown
    assert "AI生成" in shown
    assert "判令被告归还借款本金32000元" in shown
    assert "| 姓名或名称 | 张三 |" in shown
    assert "| 姓名或名称 | 李四 |" in shown
    assert "项待填" in shown
    assert "ContentProducer" not in shown


async def test_what_is_told_later_goes_into_the_paper(office: Office) -> None:
    id = await consulted(office)
    first = await office.say(id, "写一份起诉状")
    assert "【待填：被告姓名或名称】" in first["answer"]
    await office.restart()
    second = await office.say(id, "被告是李四,住在北京市海淀区学院路1号")
    assert second["route"] == "draft_document"
    assert "| 姓名或名称 | 李四 |" in second["answer"]
    assert "| 住所 | 北京市海淀区学院路1号 |" in second["answer"]
    third = await office.say(id, "原告是张三")
    assert "张三" in third["answer"]
    assert "李四" in third["answer"]
    matter = await office.consultations.matter(id, "me", documents.find("民事起诉状"), {"court": "某法院"})
    assert matter.values["respondent_name"] == "李四"
    assert matter.values["court"] == "某法院"
    other = await office.consultations.matter(id, "me", documents.find("借条"), {})
    assert "respondent_name" not in other.values


async def test_the_answer_of_the_other_side_is_refused_with_the_reason(office: Office) -> None:
    reply = await office.say(await consulted(office), "写答辩状")
    assert reply["status"] == "answer"
    assert "您要用的是民事起诉状" in reply["answer"]


async def test_a_lawyers_letter_becomes_a_demand(office: Office) -> None:
    reply = await office.say(await consulted(office), "给他发一封律师函")
    assert "不能出具律师函" in reply["answer"]
    assert "# 催告函" in reply["answer"]


async def test_without_a_matter_a_note_is_written_from_the_message(office: Office) -> None:
    office.pool.replace(planner(route="draft_document"))
    reply = await office.say(await office.session(), "写张借条,出借人张三,借款人李四,借5万元")
    assert "今李四" in reply["answer"]
    assert "向张三" in reply["answer"]
    assert "伍万元整" in reply["answer"]


async def test_a_paper_of_a_consultation_needs_one(office: Office) -> None:
    office.pool.replace(planner(route="draft_document"))
    reply = await office.say(await office.session(), "写一份起诉状")
    assert "先把事情的经过说清楚" in reply["answer"]


async def test_a_paper_wanted_amid_questions_is_no_answer_to_them(office: Office) -> None:
    id = await office.session(confirm="auto")
    first = await office.say(id, "我借给朋友3万块钱,他一直不还")
    assert first["status"] == "question"
    reply = await office.say(id, "先帮我写一份起诉状吧")
    assert (reply["status"], reply["route"]) == ("question", "draft_document")
    assert "民事起诉状" in reply["answer"]
    assert reply["questions"] == first["questions"]
    await office.restart()
    again = await office.say(id, {"reply": dict.fromkeys(asked(first), "不清楚")})
    assert again["route"] == "consult"
    assert again["status"] in ("question", "answer")
    assert not {one["id"] for one in again["questions"]} & {one["id"] for one in first["questions"]}


async def test_which_papers_there_are(office: Office) -> None:
    office.pool.replace(planner(route="draft_document"))
    reply = await office.say(await office.session(), "帮我写个东西")
    for name in documents.register():
        assert name in reply["answer"]


async def test_a_message_that_tries_to_be_a_document_stays_text(office: Office) -> None:
    office.pool.replace(planner(route="draft_document"))
    id = await office.session()
    await office.say(id, "写借条,出借人张三")
    matter = await office.consultations.matter(id, "me", documents.find("借条"), {"use": "# 题 | <b>x</b> [a](b)"})
    shown = markdown.render(documents.written(documents.find("借条"), matter, "s", "p"))
    assert "<b>" not in shown.replace("\\<b", "")
    assert "[a](b)" not in shown


async def test_a_question_after_a_paper_is_a_question(office: Office) -> None:
    id = await consulted(office)
    await office.say(id, "写一份起诉状")
    office.pool.replace(planner())
    reply = await office.say(id, "被告李四要是不来开庭怎么办?")
    assert reply["route"] == "consult"


async def test_a_new_matter_forgets_the_paper(office: Office) -> None:
    id = await consulted(office)
    await office.say(id, "写一份起诉状")
    office.pool.replace(planner())
    await office.say(id, "换个问题,我想问另外一件事")
    matter = await office.consultations.matter(id, "me", documents.find("借条"), {})
    assert dict(matter.values) == {}
