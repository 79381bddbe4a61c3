"""Consultations over the API: the whole way, restarts, streams, bad input."""

import asyncio
import json
from typing import Any

import httpx
import pytest

from tests.deploy.conftest import Start

STORY = "我前年三月借给朋友五万块钱,当时说好一年还,没说利息,没写借条,就微信转账,现在他把我拉黑了,怎么办?"

# What this client answers to whatever is asked; the fields of law may ask in another order tomorrow.
ANSWERS = {"interest": "没说", "due_since": "2025年3月", "demand": "上个月微信上催过", "cut": "没有"}


def reply_to(asked: dict[str, Any]) -> dict[str, Any]:
    return {"reply": {question["id"]: ANSWERS.get(question["id"], "不清楚") for question in asked["questions"]}}


async def new(client: httpx.AsyncClient, **settings: Any) -> str:
    answer = await client.post("/v1/consultations", json=settings)
    assert answer.status_code == 201
    return str(answer.json()["id"])


async def say(client: httpx.AsyncClient, id: str, message: dict[str, Any], **headers: str) -> dict[str, Any]:
    answer = await client.post(f"/v1/consultations/{id}/messages", json=message, headers=headers)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def events(text: str) -> list[tuple[int, str, dict[str, Any]]]:
    found = []
    for block in text.strip().split("\n\n"):
        lines = dict(line.split(": ", 1) for line in block.split("\n") if ": " in line)
        found.append((int(lines["id"]), lines["event"], json.loads(lines["data"])))
    return found


async def test_from_question_to_report(start: Start) -> None:
    async with start() as client:
        id = await new(client)
        first = await say(client, id, {"content": STORY})
        assert (first["status"], first["domain"]) == ("question", "民间借贷")
        assert 1 <= len(first["questions"]) <= 2
        told = {fact["id"]: fact["value"] for fact in first["facts"]}
        assert told["principal"] == "50000元"
        asked, last = [question["id"] for question in first["questions"]], first
        while last["status"] == "question":
            last = await say(client, id, reply_to(last))
            asked += [question["id"] for question in last["questions"]]
        assert last["status"] == "confirm"
        assert len(asked) == len(set(asked))
        assert len(asked) >= 3
        assert not set(asked) & set(told)
        changed = await say(client, id, {"confirm": {"ok": False, "changes": {"principal": "六万"}}})
        assert changed["status"] == "confirm"
        assert [fact["value"] for fact in changed["facts"] if fact["changed"]] == ["60000元"]
        answer = await say(client, id, {"confirm": {"ok": True}})
        assert answer["status"] == "answer"
        assert "60000元" in answer["answer"]
        assert "AI生成" in answer["answer"]
        assert answer["citations"]
        assert all(citation["status"] == "digest" and not citation["quote"] for citation in answer["citations"])
        assert {"民法典#675", "民法典#680"} <= {citation["id"] for citation in answer["citations"]}
        assert answer["cases"]
        assert all("虚构" in case["label"] for case in answer["cases"])
        report = (await client.get(f"/v1/consultations/{id}/report")).text
        assert report.startswith("---\ntitle: 法律咨询报告")
        assert '"Label": "1"' in report
        assert "60000元" in report
        assert "《民法典》第六百七十五条" in report
        listed = (await client.post(f"/v1/consultations/{id}/documents", json={"template": "证据清单"})).text
        assert "【待填】" in listed


async def test_restart_between_any_two_turns(start: Start) -> None:
    async with start() as client:
        id = await new(client)
    message: dict[str, Any] = {"content": STORY}
    statuses: list[str] = []
    while not statuses or statuses[-1] != "answer":
        async with start() as client:
            reply = await say(client, id, message)
        statuses.append(reply["status"])
        message = reply_to(reply) if reply["status"] == "question" else {"confirm": {"ok": True}}
    assert statuses[0] == "question"
    assert statuses[-2:] == ["confirm", "answer"]
    async with start() as client:
        held = (await client.get(f"/v1/consultations/{id}")).json()
        assert [turn["number"] for turn in held["transcript"]] == list(range(1, len(statuses) + 1))
        assert held["status"] == "answer"


async def test_stream_says_the_same_as_the_reply(start: Start) -> None:
    async with start() as client:
        id = await new(client, confirm="auto", mode="normal")
        headers = {"Accept": "text/event-stream", "Idempotency-Key": "one"}
        answer = await client.post(f"/v1/consultations/{id}/messages", json={"content": STORY}, headers=headers)
        rows = events(answer.text)
        assert [number for number, _, _ in rows] == list(range(1, len(rows) + 1))
        kinds = [kind for _, kind, _ in rows]
        assert kinds[:2] == ["step", "plan"]
        assert kinds[-1] == "done"
        assert {"step", "articles", "delta", "citations"} <= set(kinds)
        assert "cases" not in kinds
        reply = rows[-1][2]
        assert "".join(data["text"] for _, kind, data in rows if kind == "delta").strip() == reply["answer"]
        resumed = await client.get(f"/v1/consultations/{id}/events", headers={"Last-Event-ID": str(len(rows) - 2)})
        assert [kind for _, kind, _ in events(resumed.text)] == kinds[-2:]
        again = await client.post(
            f"/v1/consultations/{id}/messages", json={"content": STORY}, headers={"Idempotency-Key": "one"}
        )
        assert again.json() == reply
        assert len((await client.get(f"/v1/consultations/{id}")).json()["transcript"]) == 1


BAD: list[tuple[bytes, int, str]] = [
    (b'{"content": ""}', 400, "invalid_message"),
    (b'{"content": "   \\n "}', 400, "invalid_message"),
    (b'{"content": "a\\u0000b"}', 400, "invalid_message"),
    (b'{"content": "\\ud800"}', 400, "invalid_message"),
    (b'{"content": 7}', 400, "invalid_request"),
    (b'{"content": "a", "reply": {"b": "c"}}', 400, "invalid_request"),
    (b"{}", 400, "invalid_request"),
    (b"[]", 400, "invalid_request"),
    (b"not json", 400, "invalid_request"),
    (b'{"contents": "a"}', 400, "invalid_request"),
    (b'{"reply": {"interest": "x"}}', 409, "nothing_asked"),
    (b'{"confirm": {"ok": true}}', 409, "nothing_asked"),
    (b'{"confirm": {"ok": true, "changes": {"a": "b"}}}', 400, "invalid_request"),
    (b'{"content": "' + "长".encode() * 30_000 + b'"}', 400, "invalid_message"),
    (b'{"content": "' + b"x" * 1_000_000 + b'"}', 413, "body_too_large"),
]


@pytest.mark.parametrize(("body", "status", "code"), BAD)
async def test_bad_messages_are_refused_and_lose_nothing(start: Start, body: bytes, status: int, code: str) -> None:
    async with start() as client:
        id = await new(client)
        answer = await client.post(
            f"/v1/consultations/{id}/messages", content=body, headers={"Content-Type": "application/json"}
        )
        assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
        assert (await client.get(f"/v1/consultations/{id}")).json()["transcript"] == []
        assert (await say(client, id, {"content": STORY}))["status"] == "question"


async def test_two_messages_at_once(start: Start) -> None:
    async with start() as client:
        id = await new(client)
        both = await asyncio.gather(
            *(client.post(f"/v1/consultations/{id}/messages", json={"content": STORY}) for _ in range(2))
        )
        assert sorted(answer.status_code for answer in both) == [200, 409]
        refused = next(answer for answer in both if answer.status_code == 409)
        assert refused.json()["error"]["code"] == "session_busy"


async def test_foreign_and_unknown_sessions_look_the_same(start: Start) -> None:
    async with start() as client:
        id = await new(client)
        foreign = await client.get(f"/v1/consultations/{id}", headers={"Lexhub-Subject": "someone"})
        unknown = await client.get("/v1/consultations/nothing")
        assert foreign.status_code == unknown.status_code == 404
        assert foreign.json() == unknown.json()
        assert (await client.get("/v1/consultations", headers={"Lexhub-Subject": "someone"})).json() == []


async def test_delete_leaves_nothing(start: Start, own_home: Any) -> None:
    async with start() as client:
        id = await new(client)
        await say(client, id, {"content": f"{STORY}他叫独一无二的名字"})
        assert (await client.delete(f"/v1/consultations/{id}")).status_code == 204
        assert (await client.get(f"/v1/consultations/{id}")).status_code == 404
    kept = b"".join(path.read_bytes() for path in own_home.glob("sessions.sqlite*"))
    assert "独一无二".encode() not in kept


async def test_feedback_and_export(start: Start) -> None:
    async with start() as client:
        id = await new(client, confirm="auto", mode="normal")
        await say(client, id, {"content": STORY})
        rated = {"turn": 1, "rating": "up", "comment": "清楚"}
        assert (await client.post(f"/v1/consultations/{id}/feedback", json=rated)).status_code == 204
        missing = await client.post(f"/v1/consultations/{id}/feedback", json={"turn": 9, "rating": "up"})
        assert missing.status_code == 404
        exported = (await client.get(f"/v1/consultations/{id}/export")).json()
        assert exported["turns"][0]["message"] == {"content": STORY}
        assert exported["feedback"][0]["comment"] == "清楚"


async def test_all_of_mine_is_exported_and_deleted(start: Start) -> None:
    async with start() as client:
        ids = [await new(client, confirm="auto", mode="normal", jurisdiction="上海") for _ in range(2)]
        others = await client.post("/v1/consultations", headers={"Lexhub-Subject": "someone"})
        await say(client, ids[0], {"content": STORY})
        exported = (await client.get("/v1/export")).json()["consultations"]
        assert [one["id"] for one in exported] == ids[::-1]
        assert exported[0]["settings"]["jurisdiction"] == "上海"
        assert exported[1] == (await client.get(f"/v1/consultations/{ids[0]}/export")).json()
        assert (await client.delete("/v1/consultations")).json() == {"deleted": 2}
        assert (await client.get("/v1/consultations")).json() == []
        assert (await client.get("/v1/export")).json() == {"consultations": []}
        left = (await client.get("/v1/consultations", headers={"Lexhub-Subject": "someone"})).json()
        assert [one["id"] for one in left] == [others.json()["id"]]


async def test_storage_faults_are_told_with_a_time_to_try_again(start: Start, own_home: Any) -> None:
    import sqlite3

    path = own_home / "sessions.sqlite"
    async with start() as client:
        id = await new(client)
        with sqlite3.connect(path) as connection:
            connection.execute("UPDATE sessions SET opening = zeroblob(40)")
        connection.close()
        refused = await client.get(f"/v1/consultations/{id}")
        assert (refused.status_code, refused.json()["error"]["code"]) == (503, "sealed_data_refused")
        with sqlite3.connect(path) as connection:
            connection.execute("DROP TABLE turns")
        connection.close()
        made = await new(client)
        answer = await client.post(f"/v1/consultations/{made}/messages", json={"content": STORY})
        assert (answer.status_code, answer.json()["error"]["code"]) == (503, "storage_failed")
        assert answer.headers["Retry-After"]
        assert "turns" not in answer.text


async def test_keys_of_the_environment_seal_what_is_kept(
    start: Start, own_home: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    from deploy.settings import BadSettings
    from orchestrator.storage.sealing import new_key

    async with start() as client:
        plain = await new(client)
    monkeypatch.setenv("LEXHUB_STORAGE_KEYS", new_key("k"))
    async with start() as client:
        id = await new(client)
        assert (await say(client, id, {"content": STORY}))["status"] == "question"
        refused = await client.get(f"/v1/consultations/{plain}")
        assert (refused.status_code, refused.json()["error"]["code"]) == (503, "sealed_data_refused")
    monkeypatch.setenv("LEXHUB_STORAGE_KEYS", "k:nonsense")
    with pytest.raises(BadSettings, match="LEXHUB_STORAGE_KEYS"):
        async with start():
            pass


async def test_sessions_are_purged_when_their_time_is_over(start: Start, own_home: Any) -> None:
    import sqlite3

    async with start() as client:
        old, fresh = await new(client), await new(client)
    with sqlite3.connect(own_home / "sessions.sqlite") as connection:
        connection.execute("UPDATE sessions SET touched = touched - 90000 WHERE id = ?", (old,))
    connection.close()
    async with start(retention_days=2) as client:
        await asyncio.sleep(0.2)
        assert len((await client.get("/v1/consultations")).json()) == 2
    async with start(retention_days=1) as client:
        await asyncio.sleep(0.2)
        assert [one["id"] for one in (await client.get("/v1/consultations")).json()] == [fresh]


async def test_report_needs_an_answer_and_a_known_format(start: Start) -> None:
    async with start() as client:
        id = await new(client)
        early = await client.get(f"/v1/consultations/{id}/report")
        assert (early.status_code, early.json()["error"]["code"]) == (409, "no_answer_yet")
        strange = await client.get(f"/v1/consultations/{id}/report?format=exe")
        assert (strange.status_code, strange.json()["error"]["code"]) == (400, "unsupported_format")


async def test_keys(start: Start) -> None:
    import hashlib

    keys = [
        {"name": "desk", "sha256": hashlib.sha256(b"secret").hexdigest()},
        {"name": "page", "sha256": hashlib.sha256(b"other").hexdigest(), "scopes": ["consult"]},
    ]
    async with start(api_keys=keys) as client:
        assert (await client.post("/v1/consultations")).json()["error"]["code"] == "missing_api_key"
        wrong = await client.post("/v1/consultations", headers={"Authorization": "Bearer nope"})
        assert (wrong.status_code, wrong.json()["error"]["code"]) == (401, "invalid_api_key")
        made = await client.post("/v1/consultations", headers={"Authorization": "Bearer secret"})
        assert made.status_code == 201
        other = await client.get(f"/v1/consultations/{made.json()['id']}", headers={"Authorization": "Bearer other"})
        assert other.status_code == 404
        route = await client.post("/v1/route", json={"text": "你好"}, headers={"Authorization": "Bearer other"})
        assert (route.status_code, route.json()["error"]["code"]) == (403, "forbidden")
