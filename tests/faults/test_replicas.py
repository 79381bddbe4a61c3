"""Replicas of a real server die, hang or are left by their clients: nobody gets half an answer for a whole one."""

import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

import httpx
import psutil
import pytest

from tests.faults import upstream as fake
from tests.faults.clients import asking, completed, events, follow, keyworder, session, speaker, streamed, transcript
from tests.faults.replicas import SCRIPT_PAUSE_S, TERM, caller, profile, replicas
from tests.faults.stories import STORY
from tests.faults.upstream import PIECE, Upstream, until
from tests.models import tiny
from tests.serve.conftest import Launch, Server

pytestmark = [pytest.mark.serve, pytest.mark.faults, pytest.mark.timeout(400)]

HANG_S = 30  # by when a replica that hangs must have been replaced
BACK_S = 90  # by when requests go to the new one


@pytest.fixture(scope="module")
def upstream() -> Iterator[Upstream]:
    with fake.running() as made:
        yield made


@pytest.fixture(scope="module")
def whole(launch: Launch, upstream: Upstream, tmp_path_factory: pytest.TempPathFactory) -> Server:
    folder = tmp_path_factory.mktemp("profile")
    checkpoint = tiny.checkpoint(folder / "tiny", 16384)
    return launch(str(profile(folder, upstream, checkpoint)))


@pytest.fixture
def server(whole: Server, upstream: Upstream) -> Server:
    """The server with all of its replicas, and no model resting after a failure."""
    upstream.mode, upstream.pieces = "says", 2
    upstream.left.clear()

    def recovered() -> bool:
        with whole.client() as client:
            if client.get("/readyz").status_code != 200 or len(replicas(whole, "model-upstream")) < 2:
                return False
            return speaker(client) == "upstream" and keyworder(client) == "script"

    until(recovered, 90)
    return whole


def test_a_replica_killed_before_the_first_token_is_retried_unseen(server: Server, upstream: Upstream) -> None:
    """Over deploy.lines."""
    upstream.mode, before = "holds", upstream.asked
    with server.client() as client, ThreadPoolExecutor() as pool:
        answer = pool.submit(completed, client, "dialogue")
        until(lambda: upstream.listening)
        caller(server, "model-upstream", upstream.listening[0]).kill()
        until(lambda: upstream.asked == before + 2)
        upstream.mode = "says"
        message = answer.result()
    assert message["content"] == 2 * PIECE
    assert message["lexhub"]["model"] == "upstream"


def test_every_request_of_a_replica_killed_before_its_first_token_is_retried(server: Server) -> None:
    """Without lines; both replicas are at work when one dies."""
    with server.client() as client, ThreadPoolExecutor(6) as pool:
        answers = [pool.submit(completed, client, "keyword") for _ in range(6)]
        time.sleep(SCRIPT_PAUSE_S / 2)
        replicas(server, "model-script")[0].kill()
        messages = [answer.result() for answer in answers]
    assert {message["content"] for message in messages} == {'{"keywords": ' + TERM + "}"}
    assert {message["lexhub"]["model"] for message in messages} == {"script"}


@pytest.mark.parametrize("model", ["dialogue", "keyword"])
def test_a_stream_whose_replica_dies_ends_with_an_error_and_not_as_done(
    server: Server, upstream: Upstream, model: str
) -> None:
    """`dialogue` over deploy.lines, `keyword` without."""
    upstream.pieces = 40
    deployment = {"dialogue": "model-upstream", "keyword": "model-script"}[model]
    with ThreadPoolExecutor(6) as pool:
        # What begins alike goes to one replica.
        heard: list[list[str]] = [[] for _ in range(6)]
        streams = [pool.submit(streamed, server, model, f"{STORY}{at}", one) for at, one in enumerate(heard)]
        until(lambda: all(len(one) > 1 for one in heard))  # a word of each, so that none may be begun anew unseen
        replicas(server, deployment)[0].kill()
        upstream.pieces = 2
        ends = [stream.result() for stream in streams]
    broken = [data for data in ends if data[-1] != "[DONE]"]
    assert 0 < len(broken) < 6
    for data in broken:
        assert "[DONE]" not in data
        error = json.loads(data[-1])["error"]
        assert (error["type"], error["code"]) == ("server_error", "model_unavailable")
        assert not any(json.loads(one)["choices"][0]["finish_reason"] for one in data[:-1])


def test_a_turn_whose_model_dies_ends_with_an_error_event_and_is_not_kept(server: Server, upstream: Upstream) -> None:
    upstream.pieces = 40
    with server.client() as client:
        id = session(client)
    path, key = f"/v1/consultations/{id}/messages", {"Idempotency-Key": "one"}
    with ThreadPoolExecutor() as pool:
        stream = pool.submit(follow, server, path, method="POST", json={"content": STORY}, headers=key)
        until(lambda: upstream.listening)
        time.sleep(1)
        caller(server, "model-upstream", upstream.listening[0]).kill()
        kinds = [kind for _, kind, _ in stream.result()]
        failure = stream.result()[-1][2]
    assert "delta" in kinds and kinds[-1] == "error" and "done" not in kinds
    assert failure["code"] == "answer_failed" and "不完整" in failure["message"]
    assert transcript(server, id) == []
    upstream.mode = "down"
    with server.client() as client:
        again = client.post(path, json={"content": STORY}, headers=key)
        assert (again.status_code, again.json()["status"], again.json()["turn"]) == (200, "answer", 1)
        assert client.post(path, json={"content": STORY}, headers=key).json() == again.json()
    assert len(transcript(server, id)) == 1


def test_generation_stops_when_the_client_of_a_chat_completion_leaves(server: Server, upstream: Upstream) -> None:
    upstream.pieces = 600
    for stream in (True, False):
        upstream.left.clear()
        with server.client() as client:
            client.timeout = httpx.Timeout(60, read=1)
            try:
                with client.stream("POST", "/v1/chat/completions", json=asking("dialogue", stream)) as answer:
                    next(answer.iter_lines())
            except httpx.ReadTimeout:
                assert not stream  # a whole answer is not there yet
            gone = time.monotonic()
        until(lambda: upstream.left, 10)
        assert upstream.left[0] - gone < 1, "cancellation must reach the model within a second"
        assert upstream.listening == []


def test_a_turn_goes_on_without_its_client_and_its_stream_resumes_anywhere(server: Server, upstream: Upstream) -> None:
    upstream.pieces = 20
    with server.client() as client:
        id = session(client)
        seen: list[tuple[int, str, dict[str, Any]]] = []
        path = f"/v1/consultations/{id}"
        headers = {"Accept": "text/event-stream"}
        with client.stream("POST", f"{path}/messages", json={"content": STORY}, headers=headers) as answer:
            lines: list[str] = []
            for line in answer.iter_lines():
                lines.append(line)
                if not line and "event: delta" in lines:
                    break
            seen = events(iter(lines))
    with ThreadPoolExecutor(6) as pool:  # each on a connection of its own, so that both replicas are asked
        rests = list(pool.map(lambda _: follow(server, f"{path}/events", seen[-1][0]), range(6)))
    assert len(transcript(server, id)) == 1
    rows = follow(server, f"{path}/events")
    assert rows[: len(seen)] == seen
    assert [rest == rows[len(seen) :] for rest in rests] == [True] * 6
    assert [number for number, _, _ in rows] == list(range(1, len(rows) + 1))
    assert (rows[-1][1], rows[-1][2]) == ("done", transcript(server, id)[0]["reply"])


def test_an_engine_that_hangs_is_replaced_and_meanwhile_others_answer(server: Server, upstream: Upstream) -> None:
    upstream.mode = "down"
    with server.client() as client, ThreadPoolExecutor(2 * BACK_S) as pool:
        until(lambda: speaker(client) == "tiny", 20)
        [hung] = replicas(server, "model-tiny")
        hung.suspend()  # as when its device hangs: it neither answers nor dies
        began, asked = time.monotonic(), list[Future[str]]()
        try:
            path = f"/v1/consultations/{session(client)}/messages"
            other = pool.submit(client.post, path, json={"content": STORY})
            while not any(one.done() and one.result() == "tiny" for one in asked):
                # A circuit that opened meanwhile closes some time after the replacement.
                limit = HANG_S if hung.is_running() else BACK_S
                assert time.monotonic() - began < limit, f"since the hang: {replaced(server, hung)}"
                asked.append(pool.submit(speaker, client))  # each waits for itself: some wait for the one that hangs
                time.sleep(0.5)
        finally:
            if hung.is_running():
                hung.kill()
        answer = other.result()
    assert (answer.status_code, answer.json()["status"]) == (200, "answer")


def replaced(server: Server, hung: psutil.Process) -> str:
    """How far it has come."""
    now = time.time()
    born = [f"another since {now - one.create_time():.0f} s" for one in replicas(server, "model-tiny") if one != hung]
    return ", ".join(["it is there" if hung.is_running() else "it is gone", *born])


def test_the_retriever_is_killed_and_answers_are_good_or_labelled(server: Server, upstream: Upstream) -> None:
    upstream.mode = "down"
    [old] = replicas(server, "retriever")
    old.kill()
    with server.client() as client:
        answer = client.post(f"/v1/consultations/{session(client)}/messages", json={"content": STORY})
        assert answer.status_code == 200, answer.text
        reply = answer.json()
        assert reply["status"] == "answer"
        assert reply["citations"] or "articles" in reply["degraded"]

        def recovered() -> bool:
            again = client.post(f"/v1/consultations/{session(client)}/messages", json={"content": STORY}).json()
            return "articles" not in again["degraded"] and len(again["citations"]) > 0

        until(recovered, 60)


def test_the_keyword_and_article_models_are_killed_and_the_answer_is_good(server: Server, upstream: Upstream) -> None:
    upstream.mode = "down"
    for deployment in ("model-keyword", "model-article", "model-script"):
        there = replicas(server, deployment)
        assert there
        for replica in there:
            replica.kill()
    with server.client() as client:
        answer = client.post(f"/v1/consultations/{session(client)}/messages", json={"content": STORY})
        assert answer.status_code == 200, answer.text
        reply = answer.json()
    assert reply["status"] == "answer"
    assert "民法典#675" in {citation["id"] for citation in reply["citations"]}
    failed = {entry["step"] for entry in reply["trace"] if "任务失败" in entry["note"]}
    assert failed <= set(reply["degraded"])


def test_an_index_is_swapped_under_load_without_one_failed_query(
    server: Server, server_home: Path, upstream: Upstream, tmp_path: Path
) -> None:
    upstream.mode = "down"
    law = tmp_path / "社会法" / "灯塔法(2024-01-01).md"
    law.parent.mkdir()
    law.write_text("# 灯塔法\n\n第一条 灯塔每晚点灯,守塔人不得熄灭。\n\n第二条 熄灯致人损害的,应当赔偿。\n", "utf-8")
    stop, statuses = threading.Event(), list[int]()

    def query() -> None:
        with server.client() as client:
            while not stop.is_set():
                body = {"query": "守塔人熄灯造成损害怎么赔", "keywords": []}
                statuses.append(client.post("/v1/articles/search", json=body).status_code)
                statuses.append(client.get("/v1/articles/民法典/675").status_code)

    with ThreadPoolExecutor(3) as pool, server.client() as client:
        queries = [pool.submit(query) for _ in range(3)]
        try:
            command = [sys.executable, "-m", "deploy.cli", "ingest", "laws", str(law.parent)]
            subprocess.run(
                command,
                check=True,
                env={**os.environ, "LEXHUB_HOME": str(server_home)},
                capture_output=True,
                timeout=300,
            )
            until(lambda: client.get("/v1/articles/灯塔法/1").status_code == 200, 30)
            time.sleep(1)
        finally:
            stop.set()
        for one in queries:
            one.result()
        body = {"query": "守塔人熄灯造成损害怎么赔", "keywords": []}
        hits = client.post("/v1/articles/search", json=body).json()["hits"]
    assert "灯塔法#2" in {hit["passage"]["id"] for hit in hits}
    assert len(statuses) > 20
    assert set(statuses) == {200}


def test_a_stop_during_a_turn_leaves_it_whole_or_absent(
    launch: Launch, server: Server, upstream: Upstream, tmp_path: Path
) -> None:
    """The last test: the server is not there any more."""
    upstream.pieces = 15
    with server.client() as client:
        id = session(client)
    path, key = f"/v1/consultations/{id}/messages", {"Idempotency-Key": "one"}

    def send() -> tuple[int, Any]:
        with server.client() as client:
            try:
                answer = client.post(path, json={"content": STORY}, headers=key)
                return answer.status_code, answer.json()
            except httpx.TransportError:
                return 0, None

    with ThreadPoolExecutor() as pool:
        sent = pool.submit(send)
        until(lambda: upstream.listening)
        time.sleep(0.5)
        server.stop()
        status, reply = sent.result()
    again = launch()
    rows = transcript(again, id)
    assert [row["reply"] for row in rows] == ([reply] if status == 200 else [row["reply"] for row in rows[:1]])
    with again.client() as client:
        first = client.post(path, json={"content": STORY}, headers=key).json()
        assert (first["status"], first["turn"]) == ("answer", 1)
        second = client.post(path, json={"content": "谢谢"}).json()
        assert second["turn"] == 2
    assert len(transcript(again, id)) == 2
    rows = follow(again, f"/v1/consultations/{id}/events?turn=1")
    assert rows[-1][1:] == ("done", first)
    again.process.send_signal(signal.SIGTERM)
