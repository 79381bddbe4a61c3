"""models.structured, and how http_endpoint binds a server that knows no grammar."""

import json
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from models import structured
from models.backends.http_endpoint import HttpEndpoint
from models.contracts import BadOutput, BadRequest, GenerationRequest, Message, Sampling
from tests.models.conftest import ask, collect
from tests.models.test_http_endpoint import endpoint, reply

SCHEMA = {
    "type": "object",
    "properties": {"count": {"type": "integer"}},
    "required": ["count"],
    "additionalProperties": False,
}


def test_a_fault_says_where_it_is() -> None:
    assert structured.fault({"count": 1}, SCHEMA) == ""
    assert structured.fault({"count": "x"}, SCHEMA).startswith("count: ")
    assert "count" in structured.fault({}, SCHEMA)
    assert "not JSON" in structured.text_fault("{", SCHEMA)


@pytest.mark.parametrize("schema", [{"type": "odd"}, {"$ref": "http://schema.test/a"}, {"$ref": "file:///etc/passwd"}])
def test_a_schema_that_cannot_be_used_is_refused(schema: dict[str, Any]) -> None:
    with pytest.raises(BadRequest):
        structured.require(schema)


@pytest.mark.parametrize(
    "text", ['{"count": 1}', ' {"count": 1}\n', '```json\n{"count": 1}\n```', '好的:\n{"count": 1}\n以上。']
)
def test_json_is_found_in_what_stands_around_it(text: str) -> None:
    assert structured.extracted(text) == '{"count": 1}'


def test_the_schema_joins_the_system_message_that_there_is() -> None:
    system = Message(role="system", content="你是助手。")
    request = GenerationRequest(messages=(system, *ask("问").messages), schema_=SCHEMA)
    rows = structured.instructed(request).messages
    assert [row.role for row in rows] == ["system", "user"]
    assert rows[0].content.startswith("你是助手。") and '"count"' in rows[0].content
    alone = structured.instructed(ask("问", schema=SCHEMA)).messages
    assert [row.role for row in alone] == ["system", "user"]


Replies = Callable[[httpx.Request], httpx.Response]


def saying(sent: list[dict[str, Any]], *texts: str, reason: str = "stop") -> Replies:
    left = list(texts)

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(json.loads(request.content))
        return reply(left.pop(0), reason=reason)

    return answer


def bound(answer: Replies, **options: object) -> HttpEndpoint:
    return endpoint(answer, **{"structured": "json_object", **options})


@pytest.mark.parametrize("way", ["json_object", "prompt"])
async def test_an_answer_is_checked_and_mended_once(way: str) -> None:
    sent: list[dict[str, Any]] = []
    model = bound(saying(sent, '```\n{"count": "一"}\n```', '{"count": 1}'), structured=way)
    text, chunks = await collect(model, ask("几件?", schema=SCHEMA))
    assert text == '{"count": 1}'
    assert len(chunks) == 1
    assert chunks[0].usage is not None and chunks[0].usage.prompt_tokens == 6  # both attempts cost
    assert [row["role"] for row in sent[0]["messages"]] == ["system", "user"]
    assert '"count"' in sent[0]["messages"][0]["content"]
    assert [row["role"] for row in sent[1]["messages"]] == ["system", "user", "assistant", "user"]
    assert "integer" in sent[1]["messages"][-1]["content"]
    assert [one.get("response_format") for one in sent] == [
        {"type": "json_object"} if way == "json_object" else None
    ] * 2


async def test_what_is_not_mended_is_no_answer() -> None:
    sent: list[dict[str, Any]] = []
    with pytest.raises(BadOutput, match="asked twice"):
        await collect(bound(saying(sent, "不知道", '{"number": 1}')), ask("几件?", schema=SCHEMA))
    assert len(sent) == 2


async def test_an_answer_cut_off_at_the_limit_is_not_asked_again() -> None:
    sent: list[dict[str, Any]] = []
    text, chunks = await collect(bound(saying(sent, '{"cou', reason="length")), ask("几件?", schema=SCHEMA))
    assert (text, chunks[-1].finish_reason, len(sent)) == ('{"cou', "length", 1)


async def test_identity_data_stays_hidden_while_an_answer_is_mended() -> None:
    sent: list[dict[str, Any]] = []
    schema = {"type": "object", "properties": {"phone": {"type": "string", "pattern": "^1[0-9]{10}$"}}}
    model = bound(saying(sent, '{"phone": "打〔手机号1〕"}', '{"phone": "〔手机号1〕"}'), outside=True)
    text, _ = await collect(model, ask("13812345678打来的", schema=schema))
    assert json.loads(text) == {"phone": "13812345678"}
    assert len(sent) == 2
    assert "13812345678" not in json.dumps(sent)


async def test_what_a_server_cannot_do_is_refused_unsent() -> None:
    sent: list[dict[str, Any]] = []
    with pytest.raises(BadRequest, match="schema"):
        await collect(bound(saying(sent), structured="none"), ask("几件?", schema=SCHEMA))
    with pytest.raises(BadRequest, match="log-probabilities"):
        await collect(bound(saying(sent)), ask("几件?", schema=SCHEMA, sampling=Sampling(logprobs=0)))
    assert sent == []


async def test_a_server_that_ignores_the_schema_is_found_out() -> None:
    sent: list[dict[str, Any]] = []
    with pytest.raises(BadOutput, match="structured"):
        await collect(endpoint(saying(sent, "三件")), ask("几件?", schema=SCHEMA))
