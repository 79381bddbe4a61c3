"""The plumbing of `lexhub bench serve`: the upstream, the profile, the clients' counts, the report."""

import json
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from deploy import casting, settings
from deploy.benchmarks.serving import clients, profile, upstream
from deploy.benchmarks.serving.parts import PARTS
from deploy.benchmarks.serving.report import Bar, Report
from deploy.cli.bench_serve import Part
from deploy.server import free_port


async def asked(**body: Any) -> httpx.Response:
    transport = httpx.ASGITransport(app=upstream.app)
    async with httpx.AsyncClient(transport=transport, base_url="http://upstream") as client:
        return await client.post("/v1/chat/completions", json={"model": upstream.model(3), "messages": [], **body})


async def test_the_upstream_says_as_many_pieces_as_its_model_is_named_for() -> None:
    whole = (await asked()).json()["choices"][0]["message"]["content"]
    assert whole == upstream.CITING + 2 * upstream.PLAIN
    lines = [line[6:] for line in (await asked(stream=True)).text.splitlines() if line.startswith("data: ")]
    assert lines[-1] == "[DONE]"
    assert "".join(json.loads(line)["choices"][0]["delta"].get("content", "") for line in lines[:-1]) == whole


def test_the_profile_serves_all_that_a_consultation_needs_with_models_that_take_no_time(tmp_path: Path) -> None:
    loaded = settings.load(str(profile.write(tmp_path, "http://127.0.0.1:1", {"ingress": {"replicas": 2}})))
    assert loaded.ingress.replicas == 2 and not loaded.shipped
    assert {card.backend for card in casting.chosen_cards(loaded).values()} == {"scripted", "http_endpoint"}


async def _every_other(request: Request) -> JSONResponse:
    request.app.state.count += 1
    if request.app.state.count % 2:
        return JSONResponse({})
    return JSONResponse({}, status_code=503, headers={"Retry-After": "1"})


@pytest.fixture
def url() -> Iterator[str]:
    app = Starlette(routes=[Route("/ask", _every_other, methods=["POST"])])
    app.state.count = 0
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="error", ws="none"))
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        thread.join(0.01)
    yield f"http://127.0.0.1:{port}"
    server.should_exit = True
    thread.join()


def test_successes_and_refusals_are_counted_apart(url: str) -> None:
    made = clients.closed(url, "/ask", {}, 4, 20)
    assert (len(made.times), made.others, made.patient) == (10, {503: 10}, 10)
    made, steady = clients.arriving(url, "/ask", {}, 100, 0.2)
    assert (len(made.times), made.others, made.patient) == (10, {503: 10}, 10)
    assert steady > 0


def test_who_is_not_answered_hangs() -> None:
    made = clients.closed(f"http://127.0.0.1:{free_port()}", "/ask", {}, 1, 3)
    assert made.others == {0: 3} and not made.times


def test_a_report_says_which_bars_hold(tmp_path: Path) -> None:
    report = Report(0.0, bars=[Bar("a", "latency", 0.9, 1.0, most=True), Bar("a", "rate", 0.9, 1.0)])
    report.add("a", "p50", 1.5, "ms")
    report.save(tmp_path / "out.json")
    saved = json.loads((tmp_path / "out.json").read_text())
    assert [bar["held"] for bar in saved["bars"]] == [True, False]
    assert saved["figures"] == [{"part": "a", "what": "p50", "value": 1.5, "unit": "ms"}]


def test_every_part_can_be_asked_for() -> None:
    assert [part.value for part in Part] == list(PARTS)
