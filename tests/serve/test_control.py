"""A model joins a running server, takes all traffic, is killed, is taken out again: no restart, no failed request."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from deploy.settings import PROFILES
from tests.serve.conftest import Launch, Server

pytestmark = [pytest.mark.serve, pytest.mark.long, pytest.mark.timeout(170)]
CARD = {
    "name": "newcomer",
    "label": "新来的",
    "backend": "scripted",
    "abilities": ["dialogue"],
    "options": {"replies": ["您好,请把情况讲清楚。"]},
}
BROKEN = {**CARD, "name": "broken", "options": {"replies": []}}
PATIENCE_S = 60


class Traffic:
    """Consultations, one after the other, until it is told to stop; `failed` holds what did not succeed."""

    def __init__(self, server: Server) -> None:
        self._server, self._stop = server, threading.Event()
        self._thread = threading.Thread(target=self._run)
        self.done = 0
        self.failed: list[str] = []

    def __enter__(self) -> "Traffic":
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self) -> None:
        asked = {"model": "lexhub-normal", "messages": [{"role": "user", "content": "朋友借我五万块钱不还,怎么办?"}]}
        with self._server.client() as client:
            while not self._stop.is_set():
                answer = client.post("/v1/chat/completions", json=asked)
                self.done += 1
                if answer.status_code != 200:
                    self.failed.append(answer.text)


@pytest.fixture(scope="module")
def profile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    profile = yaml.safe_load((PROFILES / "embedded.yaml").read_text())
    profile["applications"][0]["args"] |= {"shipped": False, "ingress": {"replicas": 2}}
    path = tmp_path_factory.mktemp("profile") / "two.yaml"
    path.write_text(json.dumps(profile))
    return path


@pytest.fixture(scope="module")
def server(launch: Launch, profile: Path) -> Iterator[Server]:
    server = launch(str(profile))
    yield server
    server.stop()


def until(told: Callable[[], Any], what: str) -> Any:
    """What `told` gives as soon as it is true."""
    ends = time.monotonic() + PATIENCE_S
    while time.monotonic() < ends:
        if found := told():
            return found
        time.sleep(0.3)
    raise AssertionError(f"in vain: {what}; {told()}")


def test_a_model_joins_serves_dies_and_leaves_under_traffic(server: Server) -> None:
    def row(name: str = "newcomer") -> dict[str, Any]:
        with server.client() as client:  # each time either replica may answer
            answer = client.get(f"/v1/admin/models/{name}")
        return answer.json() if answer.status_code == 200 else {"state": answer.json()["error"]["code"]}

    def first() -> str:
        """The model that goes first for a dialogue, at a replica."""
        with server.client() as client:
            answer = client.post("/v1/route", json={"text": "朋友借我五万块钱不还,怎么办?", "mode": "normal"})
        assert answer.status_code == 200, answer.text
        return next(choice["model"] for choice in answer.json()["choices"] if choice["task"] == "answer")

    def everywhere(name: str) -> bool:
        return {first() for _ in range(12)} == {name}

    with Traffic(server) as traffic, server.client() as admin:
        assert admin.post("/v1/admin/models", json={"card": CARD}).status_code == 202
        assert admin.post("/v1/admin/models", json={"card": BROKEN}).status_code == 202
        until(lambda: row()["state"] == "ready", "the model is deployed")
        shifted = admin.put("/v1/admin/models/newcomer/canary", json={"percent": 100, "why": "试用"})
        assert shifted.status_code == 200, shifted.text
        until(lambda: everywhere("newcomer"), "all sessions go to it")
        said = admin.post(
            "/v1/chat/completions", json={"model": "dialogue", "messages": [{"role": "user", "content": "你好"}]}
        )
        assert said.json()["choices"][0]["message"]["lexhub"]["model"] == "newcomer"

        until(lambda: row()["requests"] > 0, "its requests are counted")
        [replica] = [one for one in server.family() if "model-newcomer" in " ".join(one.cmdline())]
        replica.kill()
        before = traffic.done
        until(lambda: traffic.done > before + 5, "traffic goes on")
        until(lambda: row()["state"] == "ready" and row()["replicas"] == 1, "another replica is in its place")

        assert admin.request("DELETE", "/v1/admin/models/newcomer").json()["error"]["code"] == "model_not_drained"
        assert admin.post("/v1/admin/rollback", json={"revision": 0, "why": "试用结束"}).status_code == 200
        drained = admin.post("/v1/admin/models/newcomer/drain")
        assert drained.status_code == 200, drained.text
        until(lambda: everywhere("composer"), "no session goes to it")
        assert admin.request("DELETE", "/v1/admin/models/newcomer").status_code == 202
        until(lambda: row()["state"] == "no_such_model", "it is gone")

        # One that does not come up is told of, takes no traffic, and can be removed as it is.
        told = until(lambda: (found := row("broken"))["state"] == "failed" and found, "the broken one is told of")
        assert "replies" in told["reason"]
        assert admin.request("DELETE", "/v1/admin/models/broken").status_code == 202
        until(lambda: row("broken")["state"] == "no_such_model", "the broken one is gone")
    assert traffic.done > 20
    assert traffic.failed == []


def test_a_model_that_joined_is_there_again_after_a_crash(launch: Launch, server: Server, profile: Path) -> None:
    with server.client() as admin:
        assert admin.post("/v1/admin/models", json={"card": CARD}).status_code == 202
        weighed = admin.put("/v1/admin/models/newcomer/weight", json={"weight": 3})
        assert weighed.status_code == 200, weighed.text
    server.kill()
    again = launch(str(profile))
    with again.client() as admin:

        def row() -> Any:
            return admin.get("/v1/admin/models/newcomer").json()

        assert row()["weight"] == 3
        until(lambda: row()["state"] == "ready", "it is deployed again")
    again.stop()
