"""The head dies and comes back, as started by an operator with `ray start` and Redis: serving goes on without it."""

import asyncio
import json
import os
import shutil
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from secrets import token_hex
from typing import Any

import psutil
import pytest
import yaml
from ray._common.utils import get_ray_address_file

from deploy.server import free_port
from deploy.settings import PROFILES
from orchestrator.storage.sealing import new_key
from tests.cluster.clients import Clients, chat, consult, kept, search
from tests.cluster.nodes import HEALTH, PRIVATE

pytestmark = [
    pytest.mark.serve,
    pytest.mark.long,
    pytest.mark.timeout(300),
    pytest.mark.skipif(
        shutil.which("redis-server") is None, reason="no redis-server here: apt-get install redis-server"
    ),
]
RAY = Path(sys.executable).with_name("ray")


class Machine:
    """What an operator starts by hand on one machine: Redis, a head, nodes. Everything ends with `close`."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._running = folder, list[subprocess.Popen[bytes]]()
        self.password, self.gcs, redis = token_hex(16), free_port(), free_port()
        self.environment = {
            **os.environ,
            **HEALTH,
            **PRIVATE,
            "RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER": "1",  # `ray start` joins no cluster without
            "RAY_AUTH_MODE": "token",
            "RAY_AUTH_TOKEN": token_hex(32),
            "RAY_gcs_rpc_server_reconnect_timeout_s": "120",
            "LEXHUB_STORAGE_KEYS": new_key("test"),
        }
        self._redis = f"127.0.0.1:{redis}"
        self._run("redis-server", "--port", str(redis), "--requirepass", self.password, "--save", "", "--dir", folder)

    def head(self) -> "subprocess.Popen[bytes]":
        """Start the head, or start it again; returns when it can be reached."""
        # The nodes of one machine share this note of where the head is, and the next head would think that it runs.
        Path(get_ray_address_file(None)).unlink(missing_ok=True)
        started = self._ray(
            "--head",
            f"--port={self.gcs}",
            "--num-cpus=0",
            "--include-dashboard=false",
            f"--redis-password={self.password}",
            RAY_REDIS_ADDRESS=self._redis,
        )
        ends = time.monotonic() + 60
        while started.poll() is None and time.monotonic() < ends:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.gcs)) == 0:
                    return started
            time.sleep(0.2)
        raise AssertionError(self.logs())

    def logs(self) -> str:
        """The end of what each process wrote."""
        return "\n".join(path.read_text("utf-8", "replace")[-1000:] for path in sorted(self._folder.glob("*.log")))

    def node(self, cpus: int) -> str:
        """Start a node; the URL of its proxy."""
        port = free_port()
        self._ray(f"--address=127.0.0.1:{self.gcs}", f"--num-cpus={cpus}", RAY_SERVE_WORKER_PROXY_HTTP_PORT=str(port))
        return f"http://127.0.0.1:{port}"

    def serve(self, args: dict[str, Any]) -> str:
        """`lexhub serve` with these settings; what it said."""
        profile = yaml.safe_load((PROFILES / "cluster.yaml").read_text("utf-8"))
        for application in profile["applications"]:
            application["args"] = args
        path = self._folder / "profile.yaml"
        path.write_text(json.dumps(profile), "utf-8")
        environment = {**self.environment, "RAY_ADDRESS": f"127.0.0.1:{self.gcs}"}
        command = [sys.executable, "-m", "deploy.cli", "serve", "--profile", str(path)]
        try:
            done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=90, check=False)
        except subprocess.TimeoutExpired as error:
            raise RuntimeError(self.logs()) from error
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def close(self) -> None:
        for process in reversed(self._running):
            kill(process)

    def _ray(self, *how: str, **environment: str) -> "subprocess.Popen[bytes]":
        more = (
            "--node-ip-address=127.0.0.1",
            f"--object-store-memory={80 * 2**20}",
            "--disable-usage-stats",
            "--block",
        )
        return self._run(RAY, "start", *how, *more, **environment)

    def _run(self, *command: object, **environment: str) -> "subprocess.Popen[bytes]":
        log = (self._folder / f"{len(self._running)}.log").open("wb")
        started = subprocess.Popen(
            [str(one) for one in command], env={**self.environment, **environment}, stdout=log, stderr=log
        )
        self._running.append(started)
        return started


def kill(process: "subprocess.Popen[bytes]") -> None:
    """kill -9 of a process and all that it started."""
    if process.poll() is None:
        root = psutil.Process(process.pid)
        for one in [root, *root.children(recursive=True)]:
            try:
                one.kill()
            except psutil.NoSuchProcess:
                continue
    process.wait(30)


@pytest.fixture
def machine(tmp_path: Path) -> Iterator[Machine]:
    made = Machine(tmp_path)
    yield made
    made.close()


async def test_the_head_is_killed_and_started_again(machine: Machine, arguments: dict[str, Any]) -> None:
    embedded = {"name": "embedded", "cards": ["neighbour-keyword", "ngram-planner", "ngram-article", "composer"]}
    web = {"replicas": 2, "per_node": 1}
    args = {**arguments, "models": [{**embedded, **web}], "ingress": web, "retriever": web}
    head = machine.head()
    urls = [machine.node(cpus=3) for _ in range(2)]
    said = await _served(machine, args)
    assert "已就绪" in said
    clients = Clients(urls)
    for work in (search, chat, consult):
        clients.begin(1, work)
    await asyncio.sleep(5)
    when = time.monotonic()
    kill(head)
    await asyncio.sleep(8)
    away = time.monotonic()
    machine.head()
    await asyncio.sleep(12)
    account = await clients.end()
    print(
        f"\nbefore: {account.line(end=when)}\nwithout a head: {account.line(when, away)}\nagain: {account.line(away)}"
    )
    print(account.slowest(when), *account.again[:9], sep="\n")
    assert account.failed == []
    assert await kept(clients) == []
    # The head that came back is in charge: it takes a new version.
    await _served(machine, {**args, "producer": "另一个版本"})
    id = next(iter(clients.acknowledged))
    assert "另一个版本" in await clients.text(f"/v1/consultations/{id}/report")
    await clients.close()


async def _served(machine: Machine, args: dict[str, Any]) -> str:
    """`Machine.serve`, tried until the head is there."""
    ends = time.monotonic() + 60
    while True:
        try:
            return await asyncio.to_thread(machine.serve, args)
        except AssertionError:
            if time.monotonic() > ends:
                raise
            await asyncio.sleep(1)
