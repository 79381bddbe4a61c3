"""The API is what its description says: schemathesis tries it with good and bad data over a real connection."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import schemathesis
import uvicorn
from schemathesis import config as options
from schemathesis.engine import from_schema
from schemathesis.engine.events import NonFatalError, ScenarioFinished

from deploy.accounts.account import digest
from deploy.api import build_api
from deploy.settings import load
from orchestrator.services import Services
from tests.deploy.accounts.conftest import shared  # noqa: F401  # a fixture

KEYS = [{"name": "all", "sha256": digest("all"), "scopes": ["consult", "experts", "admin", "metrics"]}]
AUTH = {"Authorization": "Bearer all"}


@pytest.fixture(scope="module")
def url(shared: Services, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:  # noqa: F811
    """A server in a thread of this process: one event loop for all requests, as the application needs."""
    app = build_api(load("embedded", {"home": str(tmp_path_factory.mktemp("home")), "api_keys": KEYS}), shared)
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        config = uvicorn.Config(app, log_level="critical", server_header=False)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=lambda: asyncio.run(server.serve([listening])), daemon=True)
        thread.start()
        while not server.started:
            assert thread.is_alive()
            threading.Event().wait(0.01)
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join(20)


def failures(url: str, examples: int, phases: list[str]) -> list[str]:
    """What all checks of schemathesis object to, over all routes."""
    project = options.ProjectConfig(
        headers=AUTH,
        generation=options.GenerationConfig(deterministic=True, max_examples=examples, database="none"),
        request_timeout=60,
    )
    project.phases.update(phases=phases)
    config = options.SchemathesisConfig(seed=6, projects=options.ProjectsConfig(default=project))
    schema = schemathesis.openapi.from_url(f"{url}/openapi.json", config=config)
    told: dict[str, str] = {}
    tried = 0
    for event in from_schema(schema).execute():
        if isinstance(event, NonFatalError):
            told[f"{event.label} {event.value!r}"] = str(event.value)
        if not isinstance(event, ScenarioFinished):
            continue
        for id, checks in event.recorder.checks.items():
            tried += 1
            for check in checks:
                if check.failure_info is not None:
                    failure, case = check.failure_info.failure, event.recorder.cases[id].value
                    answer = event.recorder.interactions[id].response
                    sent = f"{case.method} {case.formatted_path} {case.query} {case.body!r} {case.media_type}"
                    said = "" if answer is None else f"{answer.status_code} {answer.content[:300]!r}"
                    key = f"{event.label}: {check.name}: {failure.title}"
                    told.setdefault(key, f"{failure.message}\n  sent {sent[:600]}\n  got {said}")
    assert tried > 100
    return [f"{key}\n  {text}" for key, text in told.items()]


def test_the_api_is_as_described(url: str) -> None:
    found = failures(url, 5, ["examples", "coverage"])
    assert not found, "\n\n".join(found)


@pytest.mark.long
def test_the_api_is_as_described_in_depth(url: str) -> None:
    found = failures(url, 60, ["examples", "coverage", "fuzzing", "stateful"])
    assert not found, "\n\n".join(found)
