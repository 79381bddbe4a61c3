"""What `lexhub top` makes of two readings, and how it shows it."""

import json
from typing import Any

import httpx
import pytest
from rich.console import Console
from typer.testing import CliRunner

from deploy.cli import app
from deploy.cli import top as command
from deploy.observing import exposition
from deploy.observing.frames import Latency, Reading, frame, latency
from deploy.observing.metrics import Metrics
from tests.deploy.conftest import Start
from tests.deploy.test_consultation_api import STORY, new, say


def reading(at: float, *replicas: Metrics) -> Reading:
    snapshots = [exposition.snapshot("ingress", str(number), one.registry) for number, one in enumerate(replicas)]
    return Reading(exposition.page(snapshots).decode(), at)


def test_rates_and_quantiles_are_of_what_happened_between() -> None:
    first, second = Metrics(), Metrics()
    for metrics in (first, second):
        metrics.request_seconds.labels("GET", "/old").observe(100)
        metrics.requests.labels("GET", "/old", "200").inc(1000)
    before = reading(10.0, first, second)
    for _ in range(10):
        first.requests.labels("GET", "/x", "200").inc()
        second.requests.labels("GET", "/x", "200").inc()
        first.request_seconds.labels("GET", "/x").observe(0.03)  # in the bucket from 0.025 to 0.05
        second.request_seconds.labels("GET", "/x").observe(0.07)  # 0.05 to 0.1
    first.calls.labels("m", "dialogue", "ok").inc(3)
    first.calls.labels("m", "dialogue", "model_unavailable").inc()
    first.errors.labels("no_model").inc(2)
    second.citations.labels("rejected").inc(2)
    made = frame(before, reading(12.0, first, second), [{"name": "m", "cost": 2, "breaker": {"state": "open"}}])
    assert (made.requests_per_s, made.totals["requests"]) == (10, 2020)
    assert made.requests.p50 == pytest.approx(0.05)
    assert made.requests.p95 == pytest.approx(0.095)
    assert made.errors == {"no_model": 2}
    assert made.citations["rejected"] == 2
    assert made.replicas == {"ingress": 2}
    (model,) = made.models
    assert (model.calls_per_s, model.error_rate, model.breaker, model.cost) == (2, 0.25, "open", 2)
    assert model.replicas is None and model.first_chunk == Latency(None, None)


def test_a_replica_that_began_anew_does_not_count_backwards() -> None:
    old, new_one = Metrics(), Metrics()
    old.requests.labels("GET", "/x", "200").inc(100)
    new_one.requests.labels("GET", "/x", "200").inc(4)
    assert frame(reading(0, old), reading(2, new_one), []).requests_per_s == 2


def test_quantiles_past_the_last_bucket_are_its_edge() -> None:
    metrics = Metrics()
    before = reading(0, metrics)
    metrics.turn_seconds.labels("normal", "answer").observe(9999)
    assert latency(before, reading(1, metrics), "lexhub_turn_seconds") == Latency(420, 420)
    assert latency(before, before, "lexhub_turn_seconds") == Latency(None, None)


async def test_a_frame_of_the_real_page_names_models_and_turns(start: Start) -> None:
    async with start() as client:
        before = Reading((await client.get("/metrics")).text, 0.0)
        await say(client, await new(client), {"content": STORY})
        after = Reading((await client.get("/metrics")).text, 1.0)
        made = frame(before, after, (await client.get("/v1/admin/models")).json()["models"])
    assert made.turns_per_s == 1 and made.statuses == {"question": 1}
    assert made.corpus["up"] == 1 and made.corpus["articles"] > 500
    assert {"composer", "ngram-planner"} <= {model.name for model in made.models}
    console = Console(width=140, record=True, file=open("/dev/null", "w"))  # noqa: SIM115
    console.print(command.shown(made, "http://x"))
    text = console.export_text()
    assert "咨询轮次" in text and "composer" in text and "question 1" in text


def served(monkeypatch: pytest.MonkeyPatch, status: int = 200) -> None:
    metrics = Metrics()
    page = exposition.page([exposition.snapshot("ingress", "a", metrics.registry)])

    def answer(request: httpx.Request) -> httpx.Response:
        if status != 200:
            error = {"code": "forbidden", "message": "这个密钥没有 admin 权限。"}
            return httpx.Response(status, json={"error": error})
        if request.url.path == "/metrics":
            metrics.requests.labels("GET", "/x", "200").inc()
            return httpx.Response(200, content=page)
        return httpx.Response(200, json={"models": [{"name": "m", "state": "ready", "replicas": 2}], "revision": 0})

    plain = httpx.Client

    def client(**options: Any) -> httpx.Client:
        return plain(**{**options, "transport": httpx.MockTransport(answer)})

    monkeypatch.setattr(httpx, "Client", client)


def test_once_prints_one_frame(monkeypatch: pytest.MonkeyPatch) -> None:
    served(monkeypatch)
    shown = CliRunner().invoke(app, ["top", "--once", "--interval", "0.2"], env={"COLUMNS": "140"})
    assert shown.exit_code == 0, shown.output
    assert "处理中:请求" in shown.output and "断路器" in shown.output
    told = CliRunner().invoke(app, ["top", "--once", "--json", "--interval", "0.2"])
    assert json.loads(told.output)["models"][0] | {"first_chunk": None} == {
        "name": "m",
        "state": "ready",
        "replicas": 2,
        "ongoing": 0,
        "calls_per_s": 0,
        "error_rate": None,
        "first_chunk": None,
        "breaker": "",
        "cost": None,
    }


def test_a_missing_key_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    served(monkeypatch, 403)
    refused = CliRunner().invoke(app, ["top", "--once"])
    assert "没有 admin 权限" in str(refused.exception) and "LEXHUB_API_KEY" in str(refused.exception)
