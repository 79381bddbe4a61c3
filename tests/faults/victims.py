"""The test's side of `victim`: fork servers, talk to them, and see where they died."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import httpx
import psutil

from deploy.server import free_port

ROOT = Path(__file__).parents[2]
READY_S = 60


@dataclass
class Victim:
    """A forked server."""

    pid: int
    client: httpx.Client
    points: Path

    def seen(self) -> list[str]:
        """The points of turns that it passed."""
        return self.points.read_text().split() if self.points.exists() else []

    def is_gone(self) -> bool:
        """Whether its process has ended."""
        return not psutil.pid_exists(self.pid)

    def end(self, number: int) -> None:
        """Send it a signal, and wait until it is gone."""
        self.client.close()
        try:
            os.kill(self.pid, number)
        except ProcessLookupError:
            return
        deadline = time.monotonic() + READY_S
        while not self.is_gone():
            assert time.monotonic() < deadline, "the server does not end"
            time.sleep(0.01)


class Victims:
    """Servers on one home and one database, each forked from a process that has loaded everything."""

    def __init__(self, home: Path, sessions: str, scratch: Path) -> None:
        self._scratch, self._made = scratch, 0
        self._parent = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.victim", str(home), sessions],
            cwd=ROOT,
            env={**os.environ, "OMP_NUM_THREADS": "1"},  # threads do not survive a fork
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def __enter__(self) -> Self:
        assert self._line() == "ready"
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        for child in psutil.Process(self._parent.pid).children():
            child.kill()
        self._parent.kill()
        self._parent.wait()

    def start(self, at: Collection[str] = (), spared: Collection[str] = ()) -> Victim:
        """A server that dies at the first point of a turn with one of these names that is not among those spared;
        returns when it answers.
        """
        assert self._parent.stdin is not None
        self._made += 1
        port, points = free_port(), self._scratch / f"points-{self._made}"
        self._parent.stdin.write(
            json.dumps({"port": port, "at": list(at), "spared": list(spared), "seen": str(points)}) + "\n"
        )
        self._parent.stdin.flush()
        pid = int(self._line())
        client = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=60, trust_env=False)
        deadline = time.monotonic() + READY_S
        while True:
            try:
                assert client.get("/healthz").status_code == 200
                return Victim(pid, client, points)
            except httpx.TransportError:
                assert time.monotonic() < deadline and psutil.pid_exists(pid), "the server did not start"
                time.sleep(0.02)

    def _line(self) -> str:
        assert self._parent.stdout is not None
        return self._parent.stdout.readline().strip()


def done(stream: str) -> dict[str, Any]:
    """The reply that a stream of events closes with."""
    last = stream.strip().split("\n\n")[-1]
    lines = dict(line.split(": ", 1) for line in last.split("\n"))
    assert lines["event"] == "done", last
    return dict(json.loads(lines["data"]))
