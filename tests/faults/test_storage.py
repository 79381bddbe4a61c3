"""The database is locked, full or away: messages get 503, nothing is acknowledged, and all goes on when it is back."""

import resource
import sqlite3
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.databases import Server
from tests.faults.stories import STORY
from tests.faults.victims import Victim, Victims

pytestmark = [pytest.mark.faults, pytest.mark.timeout(180)]

KEY = {"Idempotency-Key": "one"}


def refused(answer: httpx.Response) -> None:
    """A 503 that says to come again, with OpenAI's error object, and without the inside of the database."""
    assert answer.status_code == 503, answer.text
    assert int(answer.headers["Retry-After"]) > 0
    error = answer.json()["error"]
    assert (error["type"], error["code"]) == ("server_error", "storage_failed")
    assert "SELECT" not in error["message"] and "INSERT" not in error["message"]


def outlive(server: Victim, break_: Callable[[], None], mend: Callable[[], None], reads: bool) -> None:
    """A message before, during and after the database is broken; `reads`: whether sessions can be read meanwhile."""
    client = server.client
    id = client.post("/v1/consultations", json={"mode": "normal", "confirm": "auto"}).json()["id"]
    path = f"/v1/consultations/{id}"
    first = client.post(f"{path}/messages", json={"content": STORY})
    assert first.status_code == 200, first.text
    break_()
    try:
        refused(client.post(f"{path}/messages", json={"content": "谢谢"}, headers=KEY))
        refused(client.post("/v1/consultations", json={}))
        held = client.get(path)
        if reads:
            assert len(held.json()["transcript"]) == 1
        else:
            refused(held)
    finally:
        mend()
    assert [row["reply"] for row in client.get(path).json()["transcript"]] == [first.json()]
    second: dict[str, Any] = client.post(f"{path}/messages", json={"content": "谢谢"}, headers=KEY).json()
    assert (second["status"], second["turn"]) == ("smalltalk", 2)
    assert client.post(f"{path}/messages", json={"content": "谢谢"}, headers=KEY).json() == second
    assert len(client.get(path).json()["transcript"]) == 2


@pytest.fixture
def server(victims: Victims) -> Iterator[Victim]:
    started = victims.start()
    yield started
    started.end(9)


def test_a_locked_sqlite_is_told_and_waited_out(server: Victim, own_home: Path) -> None:
    other = sqlite3.connect(own_home / "sessions.sqlite", isolation_level=None)
    outlive(server, lambda: other.execute("BEGIN EXCLUSIVE") and None, lambda: other.rollback(), reads=True)
    other.close()


def test_a_full_disk_is_told_and_outlived(server: Victim) -> None:
    unlimited = resource.RLIM_INFINITY, resource.RLIM_INFINITY

    def room(size: int) -> None:
        resource.prlimit(server.pid, resource.RLIMIT_FSIZE, (size, unlimited[1]))

    outlive(server, lambda: room(4096), lambda: room(unlimited[0]), reads=True)


def test_postgresql_stops_and_comes_back(own_home: Path, postgresql: Server, tmp_path: Path) -> None:
    with Victims(own_home, postgresql.emptied(), tmp_path) as made:
        outlive(made.start(), postgresql.stop, postgresql.start, reads=False)
