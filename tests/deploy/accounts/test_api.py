"""Keys, rates, quotas and the usage report over HTTP, and on the command line beside a server that runs."""

import asyncio
import csv
import io
import json
from collections.abc import AsyncIterator
from typing import Any

import httpx
import openai
import pytest
from typer.testing import CliRunner

from deploy.accounts import accounts as module
from deploy.accounts.account import digest
from orchestrator.services import Services
from tests.deploy.conftest import Start

ADMIN = {"name": "root", "sha256": digest("root"), "scopes": ["admin"]}
ROOT = {"Authorization": "Bearer root"}
STORY = {"text": "朋友借了我五万块钱不还"}


@pytest.fixture
async def client(start: Start, shared: Services, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[httpx.AsyncClient]:
    monkeypatch.setattr(module, "SYNC_S", 0.05)
    async with start(services=shared, api_keys=[ADMIN]) as client:
        yield client


async def made(client: httpx.AsyncClient, **given: Any) -> tuple[str, dict[str, str]]:
    answer = await client.post("/v1/admin/keys", json={"name": "desk", **given}, headers=ROOT)
    assert answer.status_code == 201, answer.text
    await asyncio.sleep(0.2)
    return answer.json()["id"], {"Authorization": f"Bearer {answer.json()['key']}"}


async def synced(client: httpx.AsyncClient, key: dict[str, str], status: int) -> httpx.Response:
    """The answer to a call with the key, once what the replica knows of it gives this status; the last after 10 s."""
    for _ in range(100):
        answer = await client.post("/v1/keywords", json=STORY, headers=key)
        if answer.status_code == status:
            break
        await asyncio.sleep(0.1)
    return answer


async def test_a_key_from_its_making_to_its_end(client: httpx.AsyncClient) -> None:
    id, key = await made(client, scopes=["experts"], days=1)
    assert (await client.post("/v1/keywords", json=STORY, headers=key)).status_code == 200
    assert (await client.get("/v1/models", headers=key)).json()["error"]["code"] == "forbidden"
    [row] = (await client.get("/v1/admin/keys", headers=ROOT)).json()
    assert (row["id"], row["name"], row["scopes"], row["revoked"]) == (id, "desk", ["experts"], None)
    assert "key" not in row
    turned = (await client.post(f"/v1/admin/keys/{id}/rotate", headers=ROOT)).json()
    assert (await synced(client, key, 401)).status_code == 401
    key = {"Authorization": f"Bearer {turned['key']}"}
    assert (await client.post("/v1/keywords", json=STORY, headers=key)).status_code == 200
    assert (await client.delete(f"/v1/admin/keys/{id}", headers=ROOT)).json()["revoked"] is not None
    assert (await synced(client, key, 401)).json()["error"]["code"] == "invalid_api_key"
    assert (await client.delete(f"/v1/admin/keys/{id}", headers=ROOT)).json()["error"]["code"] == "no_such_key"


async def test_past_the_rate(client: httpx.AsyncClient) -> None:
    _, key = await made(client, per_minute=3)
    answers = [await client.get("/v1/models", headers=key) for _ in range(4)]
    assert [answer.status_code for answer in answers] == [200, 200, 200, 429]
    assert [answer.headers["x-ratelimit-remaining-requests"] for answer in answers] == ["2", "1", "0", "0"]
    refused = answers[3]
    assert (refused.json()["error"]["code"], refused.json()["error"]["type"]) == ("rate_limited", "rate_limit_error")
    assert 1 <= int(refused.headers["retry-after"]) <= 120
    http = client
    async with openai.AsyncOpenAI(
        api_key=key["Authorization"][7:], base_url="http://localhost/v1", http_client=http, max_retries=0
    ) as sdk:
        with pytest.raises(openai.RateLimitError):
            await sdk.models.list()


async def test_past_the_quota_models_are_not_asked_but_ones_own_data_stay_in_reach(client: httpx.AsyncClient) -> None:
    _, key = await made(client, per_day=10)
    session = (await client.post("/v1/consultations", headers=key)).json()["id"]
    said = await client.post(f"/v1/consultations/{session}/messages", json={"content": STORY["text"]}, headers=key)
    assert said.status_code == 200
    refused = await client.post(f"/v1/consultations/{session}/messages", json={"content": "是的"}, headers=key)
    assert (refused.status_code, refused.json()["error"]["code"]) == (429, "quota_exceeded")
    assert int(refused.headers["retry-after"]) > 1
    assert refused.headers["x-ratelimit-remaining-tokens"] == "0"
    assert (await client.get(f"/v1/consultations/{session}/export", headers=key)).status_code == 200
    assert (await client.delete(f"/v1/consultations/{session}", headers=key)).status_code == 204


@pytest.mark.parametrize("stream", [False, True])
async def test_what_a_completion_tells_is_what_is_counted(client: httpx.AsyncClient, stream: bool) -> None:
    _, key = await made(client)
    told = []
    for model in ("keyword", "lexhub-normal"):
        asked = {"model": model, "messages": [{"role": "user", "content": STORY["text"]}], "stream": stream}
        if stream:
            asked["stream_options"] = {"include_usage": True}
        answer = await client.post("/v1/chat/completions", json=asked, headers=key)
        if stream:
            body = next(line for line in answer.text.splitlines() if '"usage": {' in line or '"usage":{' in line)
            usage = json.loads(body.removeprefix("data: "))["usage"]
        else:
            usage = answer.json()["usage"]
        told.append((model, usage["prompt_tokens"], usage["completion_tokens"]))
    await asyncio.sleep(0.2)
    rows = (await client.get("/v1/usage", headers=key)).json()["rows"]
    rows = [row for row in rows if row["route"] == "/v1/chat/completions"]
    assert [(row["model"], row["prompt_tokens"], row["completion_tokens"]) for row in rows if row["model"]] == told
    assert [row["requests"] for row in rows if not row["model"]] == [2]


async def test_a_turn_counts_what_each_model_used(client: httpx.AsyncClient) -> None:
    id, key = await made(client)
    session = (await client.post("/v1/consultations", json={"mode": "normal"}, headers=key)).json()["id"]
    path = f"/v1/consultations/{session}/messages"
    assert (await client.post(path, json={"content": STORY["text"]}, headers=key)).status_code == 200
    await asyncio.sleep(0.2)
    rows = (await client.get("/v1/usage", headers=key)).json()["rows"]
    used = {row["model"]: row for row in rows if row["route"] == "/v1/consultations/{id}/messages" and row["model"]}
    assert {"composer", "ngram-planner", "neighbour-keyword"} <= set(used)
    assert all(row["calls"] and row["prompt_tokens"] + row["completion_tokens"] for row in used.values())
    everyone = (await client.get("/v1/admin/usage", headers=ROOT)).json()["rows"]
    assert {"root", id} <= {row["key"] for row in everyone}
    listed = await client.get(f"/v1/admin/usage?format=csv&key={id}", headers=ROOT)
    assert listed.headers["content-type"].startswith("text/csv")
    shown = list(csv.DictReader(io.StringIO(listed.text)))
    assert {row["name"] for row in shown} == {"desk"}
    assert sum(int(row["requests"]) for row in shown) >= 2
    assert (await client.get("/v1/admin/usage", headers=key)).status_code == 403


async def test_an_answer_given_without_its_client_is_counted(client: httpx.AsyncClient) -> None:
    _, key = await made(client)
    session = (await client.post("/v1/consultations", json={"mode": "normal"}, headers=key)).json()["id"]
    path = f"/v1/consultations/{session}/messages"
    asked = asyncio.create_task(client.post(path, json={"content": STORY["text"]}, headers=key))
    async with asyncio.timeout(10):
        while not (await client.get(f"/v1/consultations/{session}", headers=key)).json()["running"]:
            await asyncio.sleep(0.005)
    asked.cancel()
    await asyncio.gather(asked, return_exceptions=True)
    async with asyncio.timeout(10):
        while not (await client.get(f"/v1/consultations/{session}", headers=key)).json()["transcript"]:
            await asyncio.sleep(0.05)
    await asyncio.sleep(0.2)
    rows = (await client.get("/v1/usage", headers=key)).json()["rows"]
    assert "composer" in {row["model"] for row in rows}


async def test_the_command_line_works_on_the_database_of_a_running_server(
    client: httpx.AsyncClient, own_home: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from deploy.cli import app

    monkeypatch.setenv("LEXHUB_HOME", str(own_home))

    async def run(*words: str) -> str:
        result = await asyncio.to_thread(CliRunner().invoke, app, ["keys", *words])
        assert result.exit_code == 0, result.output
        await asyncio.sleep(0.2)
        return result.output

    text = (await run("create", "前台", "--scope", "experts", "--per-minute", "9")).split()[-1]
    id = "_".join(text.split("_")[:2])
    key = {"Authorization": f"Bearer {text}"}
    assert (await client.post("/v1/keywords", json=STORY, headers=key)).status_code == 200
    assert f"{id}  前台  有效" in await run("list")
    new = (await run("rotate", id, "--overlap", "5")).split()[-1]
    for one in (text, new):
        answer = await client.post("/v1/keywords", json=STORY, headers={"Authorization": f"Bearer {one}"})
        assert answer.status_code == 200
    async with asyncio.timeout(10):
        while "neighbour-keyword:3 次" not in await run("usage", id):
            pass
    assert (await run("usage", "--csv")).startswith("day,key,name,route,model")
    await run("revoke", id)
    assert (await client.post("/v1/keywords", json=STORY, headers=key)).status_code == 401
    assert "已作废" in await run("list")


async def test_one_key_closes_a_server_that_had_none(
    start: Start, shared: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "SYNC_S", 0.05)
    async with start(services=shared) as client:
        session = (await client.post("/v1/consultations")).json()["id"]
        answer = await client.post("/v1/admin/keys", json={"name": "first", "scopes": ["consult", "admin"]})
        await asyncio.sleep(0.2)
        assert (await client.get("/v1/models")).json()["error"]["code"] == "missing_api_key"
        key = {"Authorization": f"Bearer {answer.json()['key']}"}
        assert (await client.get("/v1/models", headers=key)).status_code == 200
        assert (await client.get(f"/v1/consultations/{session}", headers=key)).status_code == 404
