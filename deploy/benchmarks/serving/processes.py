"""The servers of a run: started on a free port, waited for, stopped at the end; and what their memory is."""

import os
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil
import yaml

from deploy.benchmarks import readiness
from deploy.benchmarks.serving import profile, upstream

READY_S = 150.0  # the embedded corpus may have to be made first, and LiteLLM imports for a while
STOP_S = 30.0
UNGUARDED = "LITELLM_DANGEROUSLY_PERMIT_WEAK_OR_UNSET_MASTER_KEY"  # neither side asks for a key here


@dataclass(frozen=True)
class Server:
    """A running server: where it is, and its first process."""

    url: str
    process: "subprocess.Popen[bytes]"

    def memory(self) -> int:
        """Bytes of the process tree as proportional set size: shared pages count once."""
        total = 0
        for process in self._family():
            try:
                total += process.memory_full_info().pss
            except psutil.NoSuchProcess:
                continue
        return total

    def _family(self) -> list[psutil.Process]:
        root = psutil.Process(self.process.pid)
        return [root, *root.children(recursive=True)]


@contextmanager
def scripted_upstream(work: Path) -> Iterator[Server]:
    """The upstream, on uvicorn."""
    command = [sys.executable, "-m", "uvicorn", f"{upstream.__name__}:app", "--no-access-log", "--log-level", "warning"]
    with _running(command, work / "upstream.log", "/v1/models") as server:
        yield server


@contextmanager
def litellm(binary: Path, upstream_url: str, work: Path, workers: int) -> Iterator[Server]:
    """LiteLLM's proxy before the upstream, as its documentation has it for production, without a database."""
    model = {"model": f"openai/{upstream.MODEL}", "api_base": f"{upstream_url}/v1", "api_key": "none"}
    config = {
        "model_list": [{"model_name": upstream.MODEL, "litellm_params": model}],
        "litellm_settings": {"telemetry": False, "num_retries": 0, "request_timeout": 60, "set_verbose": False},
        "general_settings": {"disable_spend_logs": True},
    }
    path = work / "litellm.yaml"
    path.write_text(yaml.safe_dump(config), "utf-8")
    command = [str(binary), "--config", str(path), "--telemetry", "False", "--num_workers", str(workers)]
    with _running(
        command, work / "litellm.log", "/health/liveliness", {"LITELLM_LOG": "ERROR", UNGUARDED: "true"}
    ) as server:
        yield server


@contextmanager
def lexhub(upstream_url: str, home: Path, changed: Mapping[str, Any] | None = None) -> Iterator[Server]:
    """`lexhub serve` with models that answer at once; `changed` replaces settings of its profile."""
    path = profile.write(home, upstream_url, changed or {})
    command = [sys.executable, "-m", "deploy.cli", "serve", "--profile", str(path)]
    with _running(command, log := home / "server.log", "/readyz") as server:
        # Until its fields of law are ready the server computes for itself, on the cores that are measured.
        readiness.wait(server.process, server.url, READY_S, log, warm=True)
        yield server


@contextmanager
def _running(
    command: Sequence[str], log: Path, probe: str, environment: Mapping[str, str] | None = None
) -> Iterator[Server]:
    """The command with `--port` added, once `probe` answers 200. Raises BadSettings when it does not in time."""
    from deploy.server import free_port

    port = free_port()
    with log.open("wb") as written:
        process = subprocess.Popen(
            [*command, "--port", str(port)],
            stdout=written,
            stderr=subprocess.STDOUT,
            env={**os.environ, **(environment or {})},
        )
    try:
        url = f"http://127.0.0.1:{port}"
        readiness.wait(process, url, READY_S, log, probe)
        yield Server(url, process)
    finally:
        process.terminate()
        process.wait(STOP_S)
