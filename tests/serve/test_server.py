"""The server as a user meets it, through real Ray Serve: consult, stream, stock client, crash, stop."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import openai
import psutil
import pytest
import yaml
from playwright.sync_api import expect

from deploy.benchmarks import browser as browsers
from deploy.settings import PROFILES
from tests.browser.stories import LOAN
from tests.browser.trap import Trap
from tests.browser.visitor import Visitor
from tests.deploy.observing.readings import Page
from tests.serve.conftest import Launch, Server

pytestmark = pytest.mark.serve

# Something is asked back, but not much: all that matters but the interest is told.
STORY = (
    "我前年三月微信转账借给朋友五万块钱,打了借条,写明2025年3月还清,上个月微信催过他也没还,他承认借了钱,"
    "身份证号和住址我都有,借去做生意,没有担保人,还没起诉,钱是我自己的积蓄,怎么办?"
)


@pytest.fixture(scope="module")
def server(launch: Launch, tmp_path_factory: pytest.TempPathFactory) -> Server:
    """The embedded profile with two replicas of the API; tests/serve/test_models.py starts the one that comes with it."""
    profile = yaml.safe_load((PROFILES / "embedded.yaml").read_text("utf-8"))
    profile["applications"][0]["args"]["ingress"] = {"replicas": 2}
    path = tmp_path_factory.mktemp("profile") / "two.yaml"
    path.write_text(json.dumps(profile))
    return launch(str(path))


def say(client: httpx.Client, id: str, message: dict[str, Any]) -> dict[str, Any]:
    answer = client.post(f"/v1/consultations/{id}/messages", json=message)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def answer_to(reply: dict[str, Any]) -> dict[str, Any]:
    """The message that answers whatever was asked back."""
    assert reply["status"] == "question"
    return {"reply": {question["id"]: "没说" for question in reply["questions"]}}


def test_consultation_from_question_to_report(server: Server) -> None:
    with server.client() as client:
        id = client.post("/v1/consultations", json={}).json()["id"]
        reply = say(client, id, {"content": STORY})
        assert reply["status"] == "question"
        while reply["status"] == "question":
            reply = say(client, id, answer_to(reply))
        assert reply["status"] == "confirm"
        answer = say(client, id, {"confirm": {"ok": True}})
        assert answer["status"] == "answer"
        assert answer["degraded"] == []
        assert {"民法典#675", "民法典#680"} <= {citation["id"] for citation in answer["citations"]}
        report = client.get(f"/v1/consultations/{id}/report").text
        assert "# 法律咨询报告" in report
        assert "AIGC" in report
        models = {entry["model"] for entry in answer["trace"] if entry["model"]}
        assert models == {"neighbour-keyword", "ngram-article", "composer"}


def test_events_arrive_one_by_one(server: Server) -> None:
    with server.client() as client:
        id = client.post("/v1/consultations", json={"mode": "normal", "confirm": "auto"}).json()["id"]
        headers = {"Accept": "text/event-stream"}
        arrived: list[tuple[str, float]] = []
        with client.stream(
            "POST", f"/v1/consultations/{id}/messages", json={"content": STORY}, headers=headers
        ) as stream:
            assert stream.headers["content-type"].startswith("text/event-stream")
            for line in stream.iter_lines():
                if line.startswith("event:"):
                    arrived.append((line[6:].strip(), time.perf_counter()))
        kinds = [kind for kind, _ in arrived]
        assert kinds[:2] == ["step", "plan"]
        assert kinds[-1] == "done"
        assert kinds.count("delta") >= 2  # what was checked together comes together
        # Streaming means that the plan is seen before the work is done, not that all comes at the end.
        assert arrived[-1][1] - arrived[0][1] > 0.005


def test_stock_openai_client(server: Server) -> None:
    with openai.OpenAI(api_key="none", base_url=f"{server.url}/v1", http_client=server.client()) as client:
        stream = client.chat.completions.create(
            model="lexhub-normal", messages=[{"role": "user", "content": STORY}], stream=True
        )
        text = "".join(chunk.choices[0].delta.content or "" for chunk in stream)
        assert "《民法典》" in text
        keywords = client.chat.completions.create(model="keyword", messages=[{"role": "user", "content": STORY}])
        assert '"term"' in (keywords.choices[0].message.content or "")
        assert keywords.usage is not None and keywords.usage.completion_tokens > 0
        with pytest.raises(openai.BadRequestError) as refused:
            client.chat.completions.create(model="lexhub", messages=[{"role": "user", "content": "\x00"}])
        assert refused.value.code == "invalid_message"


def test_only_loopback_listens(server: Server) -> None:
    listening = [
        connection.laddr.ip
        for process in server.family()
        for connection in process.net_connections(kind="tcp")
        if connection.status == psutil.CONN_LISTEN
    ]
    assert listening
    assert {ip for ip in listening if ip not in ("127.0.0.1", "::1", "::ffff:127.0.0.1")} == set()


@pytest.fixture
def visitor(server: Server, tmp_path: Path) -> Iterator[Visitor]:
    if browsers.find() is None:
        pytest.skip(f"no browser is installed here ({', '.join(browsers.NAMES)})")
    with Trap() as trap, browsers.opened(*trap.arguments) as opened:
        made = Visitor(opened.new_context(locale="zh-CN", base_url=server.url), server.url, tmp_path)
        yield made
        made.leave()
        assert (trap.caught, made.outside, made.problems) == ([], [], [])


def test_the_page_from_its_address_to_the_opinion(visitor: Visitor) -> None:
    until = time.monotonic() + 60
    while httpx.get(f"{visitor.base}/ui/", timeout=10, trust_env=False).status_code != 200:  # it comes after the API
        assert time.monotonic() < until, "the page did not come up"
        time.sleep(0.2)
    visitor.open("/")  # leads to the page
    expect(visitor.page).to_have_url(f"{visitor.base}/ui/")
    visitor.consult(LOAN)
    expect(visitor.citations.first).to_be_visible()
    visitor.page.reload()
    assert visitor.waits() == "answer"
    kept = visitor.download(visitor.button("下载报告 Markdown"))
    assert kept.path().read_text("utf-8").startswith("---\ntitle: 法律咨询报告")


@pytest.mark.faults  # make test kills the API without Ray, after every step: tests/faults/test_kills.py
def test_kill_nine_between_any_two_turns_loses_nothing(launch: Launch) -> None:
    first = launch()
    with first.client() as client:
        id = client.post("/v1/consultations", json={}).json()["id"]
        reply = say(client, id, {"content": STORY})
        assert reply["status"] == "question"
    first.kill()
    second = launch()
    rounds = 0
    with second.client() as client:
        assert client.get(f"/v1/consultations/{id}").json()["status"] == "question"
        while reply["status"] == "question":
            reply, rounds = say(client, id, answer_to(reply)), rounds + 1
        assert reply["status"] == "confirm"
    second.kill()
    third = launch()
    with third.client() as client:
        assert say(client, id, {"confirm": {"ok": True}})["status"] == "answer"
        held = client.get(f"/v1/consultations/{id}").json()
        assert [turn["reply"]["status"] for turn in held["transcript"]] == [
            *["question"] * rounds,
            "confirm",
            "answer",
        ]


def test_another_replica_resumes_what_one_began(server: Server) -> None:
    with server.client() as client:
        before = Page(client.get("/metrics").text)
    # Each request goes to either replica: six consultations with three turns or more pass through both.
    for _ in range(6):
        with server.client() as client:
            id = client.post("/v1/consultations", json={}).json()["id"]
            reply = say(client, id, {"content": STORY})
        assert reply["status"] == "question"
        while reply["status"] == "question":
            with server.client() as client:
                reply = say(client, id, answer_to(reply))
        assert reply["status"] == "confirm"
        with server.client() as client:
            assert say(client, id, {"confirm": {"ok": True}})["status"] == "answer"
    with server.client() as client:
        answer = client.get("/metrics", headers={"X-Request-ID": "mine"})
    assert answer.headers.get_list("x-request-id") == ["mine"]
    page = Page(answer.text)  # of all replicas, whichever was asked
    assert page.sum("lexhub_turns_total", status="answer") - before.sum("lexhub_turns_total", status="answer") == 6
    assert len(page.values("lexhub_turns_total", "replica")) == 2
    assert {"ingress"} == page.values("process_resident_memory_bytes", "deployment")  # which has the library inside
    assert page.sum("lexhub_retrieval_seconds_count", call="search_articles") >= 6


def test_the_server_stops_cleanly(server: Server) -> None:
    family = server.family()
    server.stop()
    time.sleep(0.5)
    assert [process for process in family if process.is_running() and process.status() != psutil.STATUS_ZOMBIE] == []
