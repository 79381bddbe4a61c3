"""The operator's API in this process: who may, what it shows, what it refuses; and what of it others see."""

import asyncio
import hashlib
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest

from deploy import control, settings
from deploy.api import build_api
from orchestrator.services import Limits, Services
from tests.deploy.fleets import Cluster, LocalFleet
from tests.orchestrator.doubles import Library, Pool, card, scripted

PLAN = '{"route": "consult", "field": "民间借贷", "tasks": []}'
TERMS = '{"keywords": [{"term": "借款", "weight": 1}]}'
NEW = {
    "name": "new",
    "label": "新",
    "backend": "scripted",
    "abilities": ["dialogue"],
    "options": {"replies": ["新的。"]},
}
KEYS = [
    {"name": name, "sha256": hashlib.sha256(name.encode()).hexdigest(), "scopes": scopes}
    for name, scopes in (("op", ["admin"]), ("web", ["consult", "experts"]))
]


def pool() -> Pool:
    return Pool(
        scripted("planner", "plan", PLAN),
        scripted("words", "keywords", TERMS),
        scripted("law", "articles", '{"articles": []}'),
        card("talker", "dialogue", rank=3, options={"replies": ("旧的。",)}),
        scripted("second", "dialogue", "第二。"),
    )


@asynccontextmanager
async def served(
    tmp_path: Any, models: Pool, cluster: Cluster | None = None, **overrides: Any
) -> AsyncIterator[httpx.AsyncClient]:
    given = settings.load("embedded", {"home": str(tmp_path), "shipped": False, **overrides})
    services = Services(library=Library(), models=models, limits=Limits(model=5, turn=6, tries=1))
    app = build_api(given, services, None if cluster is None else LocalFleet(cluster, models))
    async with app.router.lifespan_context(app):
        transport = httpx.ASGITransport(app=app, client=("127.0.0.1", 50000), raise_app_exceptions=False)
        async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1") as client:
            yield client


async def talk(client: httpx.AsyncClient, **headers: str) -> Any:
    asked = {"model": "dialogue", "messages": [{"role": "user", "content": "你好"}]}
    return await client.post("/v1/chat/completions", json=asked, headers=headers)


async def by(client: httpx.AsyncClient, **headers: str) -> str:
    answer = await talk(client, **headers)
    assert answer.status_code == 200, answer.text
    return str(answer.json()["choices"][0]["message"]["lexhub"]["model"])


def code(answer: httpx.Response) -> tuple[int, str]:
    return answer.status_code, answer.json()["error"]["code"]


async def test_only_the_admin_scope_may(tmp_path: Any) -> None:
    async with served(tmp_path, pool(), api_keys=KEYS) as client:
        for path in ("models", "traffic", "revisions", "decisions"):
            assert code(await client.get(f"/v1/admin/{path}"))[0] == 401
            told = await client.get(f"/v1/admin/{path}", headers={"Authorization": "Bearer web"})
            assert code(told) == (403, "forbidden")
            assert (await client.get(f"/v1/admin/{path}", headers={"Authorization": "Bearer op"})).status_code == 200
        for path in ("models", "models/talker/drain", "rollback"):
            told = await client.post(f"/v1/admin/{path}", json={}, headers={"Authorization": "Bearer web"})
            assert code(told)[0] == 403
        made = await client.post("/v1/admin/models/second/drain", headers={"Authorization": "Bearer op"})
        assert made.json()["who"] == "op"


async def test_drain_weigh_pin_try_out_chain_and_roll_back(tmp_path: Any) -> None:
    async with served(tmp_path, pool()) as client:
        assert await by(client) == "talker"
        await client.post("/v1/admin/models/talker/drain", json={"why": "维护"})
        assert await by(client) == "second"
        assert code(await client.post("/v1/admin/models/second/drain")) == (409, "bad_policy")
        await client.post("/v1/admin/models/talker/resume")
        await client.put("/v1/admin/pins", json={"ability": "dialogue", "model": "second"})
        assert await by(client) == "second"
        gone = await client.delete("/v1/admin/pins?ability=dialogue")
        assert gone.status_code == 200
        assert code(await client.delete("/v1/admin/pins?ability=dialogue")) == (
            404,
            "no_such_pin",
        )
        await client.put("/v1/admin/models/second/canary", json={"percent": 100})
        assert await by(client) == "second"
        await client.put("/v1/admin/models/second/canary", json={"percent": None})
        await client.put("/v1/admin/chains/dialogue", json={"models": ["second", "talker"]})
        assert await by(client) == "second"
        assert (await client.post("/v1/admin/rollback", json={"revision": 2, "why": "坏了"})).status_code == 200
        assert await by(client) == "talker"
        told = (await client.get("/v1/admin/revisions")).json()["revisions"]
        assert (told[0]["why"], told[0]["policy"], told[-1]["why"]) == ("坏了", told[-2]["policy"], "维护")
        assert (await client.get("/v1/admin/traffic")).json() == told[0]
        assert code(await client.post("/v1/admin/rollback", json={"revision": 99})) == (404, "no_such_revision")


async def test_weights_are_the_same_for_the_same_request_id(tmp_path: Any) -> None:
    async with served(tmp_path, pool()) as client:
        for name in ("talker", "second"):
            await client.put(f"/v1/admin/models/{name}/weight", json={"weight": 1})
        ids = [f"r{number}" for number in range(30)]
        firsts = [await by(client, **{"X-Request-ID": id}) for id in ids]
        assert firsts == [await by(client, **{"X-Request-ID": id}) for id in ids]
        assert set(firsts) == {"talker", "second"}


async def test_a_bad_policy_is_refused_and_not_kept(tmp_path: Any) -> None:
    bad: tuple[Any, ...] = (
        {"weights": {"nobody": 1}},
        {"strange": 1},
        {"drained": ["talker", "second"]},
        {"weights": {"talker": "x"}},
    )
    async with served(tmp_path, pool()) as client:
        for policy in bad:
            assert code(await client.put("/v1/admin/traffic", json={"policy": policy})) == (409, "bad_policy")
        assert (await client.get("/v1/admin/revisions")).json() == {"revisions": []}


async def test_a_whole_policy_is_taken(tmp_path: Any) -> None:
    async with served(tmp_path, pool()) as client:
        told = await client.put("/v1/admin/traffic", json={"policy": {"drained": ["talker"]}, "why": "夜里"})
        assert told.json()["policy"]["drained"] == ["talker"]
        assert await by(client) == "second"


async def test_models_show_their_live_state(tmp_path: Any) -> None:
    models = pool()
    async with served(tmp_path, models) as client:
        await by(client)
        breaker = models.watch.tracker("second").breaker
        for _ in range(5):
            breaker.fail(breaker.begin(), "超时")
        rows = (await client.get("/v1/models/dialogue")).json()["lexhub"]["models"]
        shown = {row["name"]: row for row in rows}
        talker, second = shown["talker"], shown["second"]
        assert (talker["state"], talker["replicas"], talker["ongoing"], talker["queued"]) == ("ready", 1, 0, 0)
        assert (talker["requests"], talker["failures"], talker["error_rate"], talker["cost"]) == (1, 0, 0.0, 1.0)
        assert talker["latency"]["first_s"] >= 0
        assert talker["breaker"]["state"] == "closed"
        assert (second["breaker"]["state"], second["breaker"]["reason"]) == ("open", "超时")
        assert second["latency"] == {"first_s": None, "total_s": None}
        listed = {row["name"]: row for row in (await client.get("/v1/admin/models")).json()["models"]}
        assert listed["talker"] == (await client.get("/v1/admin/models/talker")).json()
        assert "options" not in listed["talker"]
        assert listed["second"]["joined"] is False
        assert code(await client.get("/v1/admin/models/nobody")) == (404, "no_such_model")


async def test_decisions_are_told(tmp_path: Any) -> None:
    async with served(tmp_path, pool()) as client:
        await by(client, **{"X-Request-ID": "abc"})
        [told] = (await client.get("/v1/admin/decisions?limit=1")).json()["decisions"]
        assert (told["request"], told["task"], told["model"], told["others"]) == (
            "abc", "dialogue", "talker", {"second": "级别0,低于3"},
        )  # fmt: skip


async def test_route_tells_why_and_runs_nothing(tmp_path: Any) -> None:
    models = pool()
    async with served(tmp_path, models) as client:
        await client.put("/v1/admin/models/second/canary", json={"percent": 100})
        breaker = models.watch.tracker("talker").breaker
        for _ in range(5):
            breaker.fail(breaker.begin(), "超时")
        told = (await client.post("/v1/route", json={"text": "朋友借钱不还怎么办"})).json()
        [choice] = [one for one in told["choices"] if one["task"] == "answer"]
        assert choice["model"] == "second"
        assert "灰度100%命中" in choice["reason"]
        assert "断路器断开" in choice["others"]["talker"]
        assert "second" not in models.built and "words" not in models.built


async def test_a_model_joins_and_leaves(tmp_path: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(control, "SETTLE_S", 0.0)
    monkeypatch.setattr(control, "LOOK_S", 0.02)
    cluster, models = Cluster(), pool()

    async def until(state: str) -> None:
        async with asyncio.timeout(5):
            while True:
                answer = await client.get("/v1/admin/models/new")
                if answer.json().get("state", answer.json().get("error", {}).get("code")) == state:
                    return
                await asyncio.sleep(0.02)

    async with served(tmp_path, models, cluster) as client:
        made = await client.post("/v1/admin/models", json={"card": NEW, "deployment": {"replicas": 2}})
        assert made.status_code == 202, made.text
        assert made.json()["joined"] is True
        await until("ready")
        assert (await client.get("/v1/admin/models/new")).json()["replicas"] == 2
        assert code(await client.post("/v1/admin/models", json={"card": NEW})) == (409, "model_exists")
        await client.put("/v1/admin/models/new/canary", json={"percent": 100})
        assert await by(client) == "new"
        assert code(await client.delete("/v1/admin/models/new")) == (409, "model_not_drained")
        await client.put("/v1/admin/models/new/canary", json={"percent": None})
        await client.post("/v1/admin/models/new/drain")
        await until("drained")
        assert (await client.delete("/v1/admin/models/new")).status_code == 202
        await until("no_such_model")
        assert await by(client) == "talker"
        assert code(await client.delete("/v1/admin/models/talker")) == (409, "model_not_removable")


async def test_what_cannot_join_is_refused(tmp_path: Any) -> None:
    refused: tuple[tuple[Any, str], ...] = (
        ("nothing-of-the-kind", "bad_settings"),
        ({**NEW, "backend": "magic"}, "bad_model_card"),
        ({**NEW, "abilities": ["flying"]}, "bad_model_card"),
        ({**NEW, "name": "../new"}, "bad_settings"),
        ({**NEW, "backend": "http_endpoint", "options": {"base_url": "http://x", "api_key": "k"}}, "bad_settings"),
        ({"name": "new"}, "bad_model_card"),
    )
    cluster = Cluster()
    async with served(tmp_path, pool(), cluster) as client:
        for card, expected in refused:
            assert code(await client.post("/v1/admin/models", json={"card": card})) == (409, expected)
    assert cluster.orders == []


async def test_without_a_fleet_no_model_joins(tmp_path: Any) -> None:
    async with served(tmp_path, pool()) as client:
        assert code(await client.post("/v1/admin/models", json={"card": NEW})) == (409, "model_not_addable")


# Deadlines


async def test_a_timeout_out_of_bounds_is_refused(tmp_path: Any) -> None:
    async with served(tmp_path, pool()) as client:
        for given in ("0", "-1", "nan", "inf", "1e9", "soon", ""):
            assert code(await talk(client, **{"Lexhub-Timeout": given})) == (400, "invalid_request")
        assert (await talk(client, **{"Lexhub-Timeout": "3600"})).status_code == 200


async def test_past_the_clients_deadline_it_is_504(tmp_path: Any) -> None:
    models = pool()
    for name in ("talker", "second"):
        models.replace(card(name, "dialogue", options={"replies": ("慢。",), "delay_s": 3}))
    async with served(tmp_path, models) as client:
        late = await talk(client, **{"Lexhub-Timeout": "0.2"})
        assert code(late) == (504, "deadline_exceeded")
        assert late.headers["retry-after"]
        [told] = models.generator("second").requests or models.generator("talker").requests
        assert told.id == late.headers["x-request-id"]


async def test_a_consultation_past_its_deadline_is_504_and_leaves_no_turn(tmp_path: Any) -> None:
    models = pool()
    models.replace(card("words", "keywords", options={"replies": (TERMS,), "delay_s": 3}))
    async with served(tmp_path, models) as client:
        id = (await client.post("/v1/consultations", json={"mode": "normal", "confirm": "auto"})).json()["id"]
        late = await client.post(
            f"/v1/consultations/{id}/messages",
            json={"content": "朋友借钱不还怎么办"},
            headers={"Lexhub-Timeout": "0.4"},
        )
        assert code(late) == (504, "deadline_exceeded")
        assert (await client.get(f"/v1/consultations/{id}")).json()["transcript"] == []
        asked = {"model": "lexhub-normal", "messages": [{"role": "user", "content": "朋友借钱不还怎么办"}]}
        late = await client.post("/v1/chat/completions", json=asked, headers={"Lexhub-Timeout": "0.4"})
        assert code(late) == (504, "deadline_exceeded")
        late = await client.post("/v1/keywords", json={"text": "借钱"}, headers={"Lexhub-Timeout": "0.2"})
        assert code(late) == (504, "deadline_exceeded")


@pytest.mark.parametrize("text", ["\ud800", "\x00"])
async def test_unreadable_characters_are_refused_everywhere(tmp_path: Any, text: str) -> None:
    pin = {"ability": "dialogue", "model": "second", "field": text}
    bodies: dict[str, tuple[str, Any]] = {
        "/v1/admin/models": ("POST", {"card": {**NEW, "label": text}}),
        "/v1/admin/models/second/drain": ("POST", {"why": text}),
        "/v1/admin/rollback": ("POST", {"revision": 0, "why": text}),
        "/v1/admin/pins": ("PUT", pin),
        "/v1/admin/traffic": ("PUT", {"policy": {"pins": [pin]}}),
    }
    async with served(tmp_path, pool(), Cluster()) as client:
        for path, (method, body) in bodies.items():
            written = json.dumps(body)  # with escapes, as a client may write them
            answer = await client.request(method, path, content=written, headers={"Content-Type": "application/json"})
            assert answer.status_code in (400, 409), (path, answer.text)
        assert (await client.get("/v1/admin/revisions")).json() == {"revisions": []}
