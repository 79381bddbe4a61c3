"""Papers over the HTTP API."""

from io import BytesIO
from typing import Any

import docx
import httpx
import pytest

from orchestrator import documents
from tests.deploy.conftest import Start
from tests.deploy.test_consultation_api import STORY, new, reply_to, say


async def answered(client: httpx.AsyncClient) -> str:
    """The id of a session that has its opinion."""
    id = await new(client, confirm="auto")
    last = await say(client, id, {"content": STORY})
    while last["status"] == "question":
        last = await say(client, id, reply_to(last))
    assert last["status"] == "answer"
    return id


async def test_the_templates_are_listed_with_their_gaps(start: Start) -> None:
    async with start() as client:
        rows = {row["name"]: row for row in (await client.get("/v1/documents/templates")).json()["templates"]}
        assert len(rows) == 14
        assert rows["民事起诉状"]["session"]
        assert not rows["借条"]["session"]
        gaps = {gap["id"]: gap for gap in rows["借条"]["gaps"]}
        assert gaps["borrower_name"]["label"] == "借款人姓名"
        assert all(row["about"] and row["title"] and row["gaps"] for row in rows.values())


async def test_a_paper_without_a_session(start: Start) -> None:
    wanted = {"template": "借条", "values": {"borrower_name": "李四", "principal": "5万元"}}
    async with start() as client:
        answer = await client.post("/v1/documents/drafts", json=wanted)
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/markdown")
        assert "今李四" in answer.text
        assert "50000元（大写：人民币伍万元整）" in answer.text
        assert '"Label": "1"' in answer.text
        assert "AI生成" in answer.text


async def test_a_paper_as_a_word_file(start: Start) -> None:
    wanted = {"template": "授权委托书", "format": "docx", "values": {"principal_name": "张三"}}
    async with start() as client:
        answer = await client.post("/v1/documents/drafts", json=wanted)
        assert answer.status_code == 200
        assert answer.headers["content-disposition"].endswith(".docx")
        words = "\n".join(paragraph.text for paragraph in docx.Document(BytesIO(answer.content)).paragraphs)
        assert "委托人：张三" in words


@pytest.mark.parametrize(
    ("wanted", "status", "code"),
    [
        ({"template": "律师函"}, 404, "template_not_found"),
        ({"template": "民事起诉状"}, 409, "template_unfit"),
        ({"template": "借条", "values": {"x": "y"}}, 400, "bad_values"),
        ({"template": "借条", "values": {"use": "长" * 2001}}, 400, "bad_values"),
        ({"template": "借条", "values": {"use": "\x00"}}, 400, "invalid_message"),
        ({"template": "借条", "format": "exe"}, 400, "unsupported_format"),
        ({"template": "借条", "more": 1}, 400, "invalid_request"),
    ],
)
async def test_what_cannot_be_made_is_said(start: Start, wanted: dict[str, Any], status: int, code: str) -> None:
    async with start() as client:
        answer = await client.post("/v1/documents/drafts", json=wanted)
        assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)


async def test_every_paper_can_be_asked_for_in_a_consultation(start: Start) -> None:
    async with start() as client:
        for name in documents.register():
            answer = await client.post("/v1/route", json={"text": f"帮我写一份{name}"})
            assert answer.json()["route"] == "draft_document", name


async def test_papers_of_a_session(start: Start) -> None:
    async with start() as client:
        id = await new(client, confirm="auto")
        early = await client.post(f"/v1/consultations/{id}/documents", json={"template": "民事起诉状"})
        assert (early.status_code, early.json()["error"]["code"]) == (409, "no_answer_yet")
        id = await answered(client)
        wanted = {"template": "民事起诉状", "values": {"claimant_name": "张三", "court": "某区人民法院"}}
        paper = await client.post(f"/v1/consultations/{id}/documents", json=wanted)
        assert paper.status_code == 200
        assert "判令被告归还借款本金50000元" in paper.text
        assert "某区人民法院" in paper.text
        assert id in paper.text
        amount = await client.post(
            f"/v1/consultations/{id}/documents", json={"template": "民事起诉状", "values": {"principal": "49000元"}}
        )
        assert "判令被告归还借款本金49000元" in amount.text
        wrong = await client.post(f"/v1/consultations/{id}/documents", json={"template": "答辩状"})
        assert (wrong.status_code, wrong.json()["error"]["code"]) == (409, "template_unfit")
        none = await client.post("/v1/consultations/none/documents", json={"template": "借条"})
        assert (none.status_code, none.json()["error"]["code"]) == (404, "session_not_found")
