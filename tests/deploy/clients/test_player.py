"""Clients against the API in this process, and against servers that misbehave."""

from pathlib import Path
from typing import Any

import httpx
import pytest
import yaml

from deploy.clients.citing import Checker
from deploy.clients.player import Consultation, play
from deploy.clients.scripts import Client, load
from deploy.clients.transcripts import markdown
from deploy.settings import BadSettings
from tests.deploy.conftest import Start

STORY = "我前年三月借给朋友五万块钱,当时说好一年还,没写借条,就微信转账,现在他把我拉黑了,怎么办?"
LENDER: dict[str, Any] = {
    "id": "lender", "who": "30岁", "field": "民间借贷", "opening": STORY,
    "tells": [{"fact": "没写借条", "asked": "(写|打)了?借条"}],
    "holds_back": [
        {"fact": "利息", "asked": "利息|利率", "says": "没说过利息的事", "decisive": True},
        {"fact": "催过", "asked": "催", "says": "上个月微信上催过他", "decisive": True},
    ],
    "must_cite": ["民法典#675", "民法典#680"],
}  # fmt: skip


def lender(**change: Any) -> Client:
    return Client.model_validate(LENDER | change)


async def consulted(http: httpx.AsyncClient, client: Client) -> Consultation:
    return await play(http, Checker(http), client)


async def test_a_whole_consultation(start: Start) -> None:
    async with start() as http:
        held = await consulted(http, lender())
        left = (await http.get("/v1/consultations")).json()
    one = held.played
    assert (one.route, one.field, one.failure) == ("consult", "民间借贷", "")
    assert ("利息",) in {asked.facts for asked in one.asked}
    assert one.decisive["利息"]
    assert not one.told
    assert one.missing == []
    assert one.citations == len(one.cited) > 0
    assert one.faults == ()
    assert one.answer_ms is not None
    assert [exchange.reply["status"] for exchange in held.exchanges][-2:] == ["confirm", "answer"]
    assert left == []
    text = markdown(held)
    for told in (STORY, "没说过利息的事", "请核对", "初步结论", "机器评分"):
        assert told in text


async def test_another_route_ends_with_its_first_reply(start: Start) -> None:
    thanks = Client.model_validate(
        {"id": "thanks", "who": "", "field": "其他", "route": "smalltalk", "opening": "谢谢你"}
    )
    async with start() as http:
        held = await consulted(http, thanks)
    assert held.played.route == "smalltalk"
    assert held.played.failure == ""
    assert len(held.exchanges) == 1


def server(*replies: httpx.Response, articles: dict[str, dict[str, Any]] | None = None) -> httpx.AsyncClient:
    """A server that opens sessions, gives these replies to messages and knows these articles."""
    left = list(replies)

    def answered(request: httpx.Request) -> httpx.Response:
        path = httpx.URL(request.url).path
        if request.method == "DELETE":
            return httpx.Response(204)
        if path == "/v1/consultations":
            return httpx.Response(201, json={"id": "x"})
        if path.startswith("/v1/articles/"):
            known = (articles or {}).get("#".join(path.split("/")[-2:]))
            return httpx.Response(200, json=known) if known else httpx.Response(404, json={})
        return left.pop(0) if len(left) > 1 else left[0]

    return httpx.AsyncClient(transport=httpx.MockTransport(answered), base_url="http://server")


def reply(status: str, **change: Any) -> httpx.Response:
    given: dict[str, Any] = {
        "status": status, "route": "consult", "domain": "民间借贷",
        "questions": [], "facts": [], "answer": "", "citations": [],
    }  # fmt: skip
    return httpx.Response(200, json=given | change)


def cited(number: int, quote: str) -> dict[str, Any]:
    return {"id": f"民法典#{number}", "law": "民法典", "article": f"第{number}条", "quote": quote, "digest": ""}


async def test_bad_citations_are_named() -> None:
    articles = {
        "民法典#675": {"status": "in_force", "text": "借款人应当按照约定的期限返还借款。"},
        "合同法#206": {"status": "repealed", "text": "旧法"},
    }
    answer = (
        "按《民法典》第六百七十五条要还。《合同法》第二百零六条也这样说。已经废止的《合同法》第二百零六条不再适用。"
        "《民法典》第九千条另有规定。"
    )
    citations = [
        cited(675, "应当按照约定的期限返还借款"),
        {**cited(675, "可以不还"), "id": "民法典@2020-05-28#675", "article": "第六百七十五条"},
        cited(8000, "无"),
        {"id": "合同法#206", "law": "合同法", "article": "第206条", "quote": "旧法", "digest": ""},
    ]
    async with server(reply("answer", answer=answer, citations=citations), articles=articles) as http:
        held = await consulted(http, lender())
    assert list(held.played.faults) == [
        "《民法典》第六百七十五条的文字与条文不符",
        "《民法典》第8000条不存在",
        "《合同法》第206条不是现行有效的(repealed)",
        "正文引用的《合同法》第二百零六条不是现行有效的(repealed)",
        "正文引用的《民法典》第九千条不存在",
    ]


async def test_a_refused_turn_is_the_consultations_failure() -> None:
    async with server(httpx.Response(503, text="no model")) as http:
        held = await consulted(http, lender())
    assert "HTTP 503" in held.played.failure
    assert held.played.answer_ms is None
    assert "failed" in held.played.reasons()
    assert "没有回复" in markdown(held)


async def test_another_end_than_an_answer_is_a_failure() -> None:
    async with server(reply("refused", route="refuse")) as http:
        held = await consulted(http, lender())
    assert held.played.failure == "以 refused 结束"
    assert held.played.answer_ms is None


async def test_a_server_that_asks_for_ever_is_left() -> None:
    question = {"id": "sky", "text": "天气?", "why": "", "options": []}
    async with server(reply("question", questions=[question])) as http:
        held = await consulted(http, lender())
    assert held.played.failure == "以 question 结束"
    assert len(held.exchanges) == held.played.turns == 12
    assert len(held.played.told) == 11


async def test_facts_left_unclear_are_kept() -> None:
    question = {"id": "rate", "text": "利率多少?", "why": "", "options": []}
    facts = [{"id": "rate", "label": "利率", "value": "不清楚"}, {"id": "sum", "label": "本金", "value": "6万"}]
    async with server(reply("question", questions=[question]), reply("answer", facts=facts)) as http:
        held = await consulted(http, lender())
    assert [one.id for one in held.played.unread] == ["rate"]


async def test_no_server() -> None:
    def refused(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused")

    async with httpx.AsyncClient(transport=httpx.MockTransport(refused), base_url="http://server") as http:
        with pytest.raises(BadSettings, match="does not answer"):
            await consulted(http, lender())


def test_a_script_of_ones_own(tmp_path: Path) -> None:
    row = {name: value for name, value in LENDER.items() if name != "field"}
    (tmp_path / "mine.yaml").write_text(yaml.safe_dump({"field": "民间借贷", "clients": [row]}), "utf-8")
    assert load(tmp_path) == (lender(),)
