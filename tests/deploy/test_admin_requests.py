"""The operator's view of requests: a real turn told in full and without a word of the client; bounds; the graph."""

import asyncio
import hashlib
import json
import pickle
from typing import Any

import httpx
import pytest

from deploy.observing import recording
from deploy.observing.recording import Records
from deploy.observing.replicas import Watching
from deploy.remote import peers as remote
from deploy.remote.peers import ServePeers
from deploy.shapes.operations import RequestTrace
from orchestrator import graph
from orchestrator.decisions import Decisions
from orchestrator.services import Limits, Services
from retrievers.contracts import DocumentHit, DocumentPassage
from tests.deploy.conftest import Start
from tests.orchestrator.doubles import Library, Pool, card

KEYS = [
    {"name": name, "sha256": hashlib.sha256(name.encode()).hexdigest(), "scopes": scopes}
    for name, scopes in (("op", ["admin"]), ("web", ["consult", "experts"]))
]
STORY = (
    "我叫张伟强,身份证号110101199003078515,电话13812345678。我前年三月借给朋友李晓明五万块钱,"
    "当时说好一年还,没写借条,就微信转账,现在他把我拉黑了,怎么办?"
)
SECRETS = ("张伟强", "李晓明", "13812345678", "110101199003078515", "拉黑", "微信", "借条", "五万")
TERMS = '{"keywords": [{"term": "借款", "weight": 1}]}'
PATHS = ("graph", "requests", "requests/r1", "storage")


async def consulted(client: httpx.AsyncClient, story: str, request: str) -> str:
    made = await client.post("/v1/consultations", json={"mode": "normal", "confirm": "auto"})
    id = str(made.json()["id"])
    told = await client.post(
        f"/v1/consultations/{id}/messages", json={"content": story}, headers={"X-Request-ID": request}
    )
    assert told.status_code == 200, told.text
    return id


async def test_only_the_admin_scope_may(start: Start) -> None:
    async with start(api_keys=KEYS) as client:
        for path in PATHS:
            assert (await client.get(f"/v1/admin/{path}")).status_code == 401
            for key, status in (("web", 403), ("op", 404 if path == "requests/r1" else 200)):
                told = await client.get(f"/v1/admin/{path}", headers={"Authorization": f"Bearer {key}"})
                assert told.status_code == status, (path, key)


async def test_a_turn_is_told_in_full_and_without_a_word_of_the_client(start: Start) -> None:
    async with start() as client:
        session = await consulted(client, STORY, "turn-1")
        told = await client.get("/v1/admin/requests/turn-1")
        trace = RequestTrace.model_validate(told.json())
        assert (trace.route, trace.status, trace.method) == ("/v1/consultations/{id}/messages", 200, "POST")
        steps = [one.name for one in trace.pieces if one.kind == "step"]
        assert steps[:2] == ["intake", "plan"]
        assert {"understand", "execute", "keywords", "articles", "answer", "verify"} <= set(steps)
        assert set(steps) - {"keywords", "articles", "cases"} <= set(graph.build().get_graph().nodes)
        for one in trace.pieces:
            assert 0 <= one.began <= one.began + one.ms <= trace.ms + 1
        chosen = {one.task: one for one in trace.decisions}
        assert {"plan", "keywords", "dialogue"} <= set(chosen)
        assert set(trace.models) == {one.model for one in trace.decisions}
        assert all(one.reason for one in trace.decisions)
        found = {one.call: one for one in trace.searches}["search_articles"]
        assert len(found.hits) == recording.HITS < found.found
        assert found.hits[0].score == max(hit.score for hit in found.hits)
        assert len(found.hits[0].scores) > 5
        assert trace.outcome is not None
        assert (trace.outcome.status, trace.outcome.domain) == ("answer", "民间借贷")
        assert trace.outcome.citations["digest"] > 0
        assert any(one.used for one in trace.outcome.judged)
        for word in (*SECRETS, session):
            assert word not in told.text
        listed = await client.get("/v1/admin/requests")
        for word in (*SECRETS, session):
            assert word not in listed.text
        [row] = [one for one in listed.json()["requests"] if one["id"] == "turn-1"]
        assert "pieces" not in row and row["models"] == list(trace.models)


async def test_what_did_no_work_is_not_kept(start: Start) -> None:
    async with start() as client:
        for path in ("/healthz", "/metrics", "/v1/privacy", "/v1/admin/models", "/nothing", "/v1/consultations"):
            await client.get(path)
        await client.get("/v1/articles/民法典/675", headers={"X-Request-ID": "lookup"})
        listed = (await client.get("/v1/admin/requests")).json()["requests"]
        assert [one["id"] for one in listed] == ["lookup"]
        assert (await client.get("/v1/admin/requests/nobody")).json()["error"]["code"] == "no_such_request"


async def test_failures_are_told_by_their_codes_and_fallbacks_by_name(start: Start) -> None:
    models = Pool(
        card("slow", "keywords", rank=3, options={"replies": (TERMS,), "delay_s": 3}),
        card("quick", "keywords", options={"replies": (TERMS,)}),
    )
    services = Services(library=Library(), models=models, limits=Limits(model=0.2, tries=1))
    async with start(services) as client:
        told = await client.post("/v1/keywords", json={"text": STORY}, headers={"X-Request-ID": "late"})
        assert told.status_code == 200, told.text
        answer = await client.get("/v1/admin/requests/late")
        for word in SECRETS:
            assert word not in answer.text
        trace = RequestTrace.model_validate(answer.json())
        [decision] = trace.decisions
        assert (decision.chosen, decision.model, decision.failed) == ("slow", "quick", ("slow: deadline_exceeded",))
        attempts = [one for one in trace.pieces if one.kind == "model"]
        assert [(one.model, one.code, one.fallback) for one in attempts] == [
            ("slow", "cancelled", ""),
            ("quick", "", "slow"),
        ]
        assert attempts[0].ms >= 150 and attempts[1].began >= attempts[0].began + attempts[0].ms - 1


async def test_the_last_ones_are_kept_the_newest_first(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recording, "PIECES", 3)
    monkeypatch.setattr(recording, "SEARCHES", 2)
    records = Records()
    passage = DocumentPassage(corpus="hr", file="张三.docx", ordinal=1, text="工资")
    for number in range(recording.KEPT + 5):
        token = recording.current.set(records.begin(f"r{number}", "POST"))
        for name in ("a", "b", "c", "d"):
            recording.worked("step", name, 0.0)
            recording.searched("documents", 0.0, [DocumentHit(passage=passage, score=1.0)])
        recording.current.reset(token)
    rows = records.latest(500, "one")
    assert len(rows) == recording.KEPT
    assert (rows[0].id, rows[-1].id) == (f"r{recording.KEPT + 4}", "r5")
    assert [one.id for one in records.latest(2, "one")] == [f"r{recording.KEPT + 4}", f"r{recording.KEPT + 3}"]
    assert records.find("r4", "one") is None
    trace = records.find("r5", "one")
    assert trace is not None and len(trace.pieces) == 3
    assert [hit.id for search in trace.searches for hit in search.hits] == ["hr", "hr"]
    assert pickle.loads(pickle.dumps(trace)) == trace


async def test_two_requests_at_once_are_told_apart() -> None:
    records, decisions = Records(), Decisions()
    decisions.heard = recording.decided

    async def one(id: str) -> None:
        recording.current.set(records.begin(id, "POST"))
        for _ in range(3):
            recording.worked("step", id, 0.0)
            await asyncio.sleep(0)
            decisions.add(request=id, task="dialogue", field="", chosen=id, model=id, reason="健康", others={})

    await asyncio.gather(asyncio.create_task(one("a")), asyncio.create_task(one("b")))
    for id in ("a", "b"):
        trace = records.find(id, "")
        assert trace is not None
        assert {piece.name for piece in trace.pieces} == {id} == {choice.model for choice in trace.decisions}
    assert recording.current.get() is None


async def test_all_replicas_are_asked_and_a_broken_one_costs_nothing() -> None:
    replicas = [Watching(replica="one"), Watching(replica="two")]
    for number, watching in enumerate(replicas):
        record = watching.records.begin(f"r{number}", "POST")
        record.at = float(number)
        record.keep()

    class Answers:
        def __init__(self, made: list[Any]) -> None:
            self.made = made

        async def results_async(self, timeout_s: float, return_exceptions: bool) -> list[Any]:
            assert (timeout_s, return_exceptions) == (remote.PATIENCE_S, True)
            return [*self.made, TimeoutError("hangs")]

    class Handle:
        deployment_name = "ingress"

        def broadcast(self, method: str, *args: Any) -> Answers:
            return Answers([getattr(watching, method)(*args) for watching in replicas])

    told = ServePeers([Handle()])  # type: ignore[list-item]
    assert [(row.id, row.replica) for row in await told.latest(5)] == [("r1", "two"), ("r0", "one")]
    assert [row.id for row in await told.latest(1)] == ["r1"]
    found = await told.find("r0")
    assert found is not None and found.replica == "one"
    assert await told.find("r9") is None
    assert len(await told.snapshots()) == 2


async def test_the_graph_is_the_compiled_one(start: Start) -> None:
    async with start() as client:
        drawing = (await client.get("/v1/admin/graph")).json()
    compiled = graph.build().get_graph()
    assert drawing["nodes"] == list(compiled.nodes)
    assert [(one["source"], one["target"], one["conditional"]) for one in drawing["edges"]] == [
        (one.source, one.target, one.conditional) for one in compiled.edges
    ]
    assert drawing["mermaid"] == compiled.draw_mermaid()


async def test_what_is_stored_is_counted(start: Start) -> None:
    async with start() as client:
        before = (await client.get("/v1/admin/storage")).json()
        await consulted(client, "朋友借我三万元不还,有借条,怎么办?", "one")
        after = (await client.get("/v1/admin/storage")).json()
    assert (before["rows"]["sessions"], after["rows"]["sessions"], after["rows"]["turns"]) == (0, 1, 1)
    assert after["database"] == "sqlite" and after["bytes"] >= 4096
    assert "朋友" not in json.dumps(after, ensure_ascii=False)
