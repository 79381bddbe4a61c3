"""A real server: `lexhub serve` as a user starts it, on a free port, with a home of its own."""

import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import httpx
import psutil
import pytest

from deploy.server import free_port

READY_S = 150  # on a busy machine; the figure that counts is measured by `lexhub bench consult`


@dataclass
class Server:
    """A running server and how to end it."""

    process: "subprocess.Popen[bytes]"
    url: str

    def client(self) -> httpx.Client:
        return httpx.Client(base_url=self.url, timeout=60, trust_env=False)

    def family(self) -> list[psutil.Process]:
        """The server's process and all that it started."""
        root = psutil.Process(self.process.pid)
        return [root, *root.children(recursive=True)]

    def stop(self) -> None:
        """SIGTERM, until it is gone."""
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)

    def kill(self) -> None:
        """kill -9 of everything, as when the power fails."""
        for process in self.family():
            try:
                process.kill()
            except psutil.NoSuchProcess:
                continue
        self.process.wait(30)


Launch = Callable[..., Server]


@pytest.fixture(scope="module")
def server_home(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("served")
    shutil.copytree(home / "corpora", path / "corpora")
    return path


@pytest.fixture(scope="module")
def launch(server_home: Path) -> Iterator[Launch]:
    """Start a server on `server_home` and wait until it is ready."""
    started: list[Server] = []

    def run(profile: str = "embedded", *more: str) -> Server:
        port = free_port()
        command = [sys.executable, "-m", "deploy.cli", "serve", "--profile", profile, "--port", str(port), *more]
        environment = {**os.environ, "LEXHUB_HOME": str(server_home)}
        process = subprocess.Popen(command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        server = Server(process, f"http://127.0.0.1:{port}")
        started.append(server)
        deadline = time.monotonic() + READY_S
        while time.monotonic() < deadline:
            if process.poll() is not None:
                assert process.stderr is not None
                raise AssertionError(process.stderr.read().decode()[-3000:])
            try:
                if httpx.get(f"{server.url}/readyz", timeout=5, trust_env=False).status_code == 200:
                    return server
            except httpx.HTTPError:
                pass
            time.sleep(0.2)
        raise AssertionError("the server was not ready in time")

    yield run
    for server in started:
        if server.process.poll() is None:
            server.kill()


@pytest.fixture(scope="module")
def server(launch: Launch) -> Server:
    return launch()
