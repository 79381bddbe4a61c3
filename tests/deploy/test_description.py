"""The API is what its description says: schemathesis tries it with good and bad data over a real connection."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import schemathesis
from schemathesis.engine import from_schema
from schemathesis.engine.events import NonFatalError, ScenarioFinished

from deploy.accounts.account import digest
from deploy.api import build_api
from deploy.settings import load
from orchestrator.services import Services
from tests.deploy.sockets import served

KEYS = [{"name": "all", "sha256": digest("all"), "scopes": ["consult", "experts", "admin", "metrics"]}]
PHASES = ("examples", "coverage", "fuzzing", "stateful")
AUTH = {"Authorization": "Bearer all"}


@pytest.fixture(scope="module")
def url(shared: Services, tmp_path_factory: pytest.TempPathFactory, chinese_font: Path) -> Iterator[str]:
    """A server in a thread of this process: one event loop for all requests, as the application needs."""
    # A turn that is not there is waited for as long as a turn may take.
    services = replace(shared, limits=replace(shared.limits, turn=1.0))
    app = build_api(
        load("embedded", {"home": str(tmp_path_factory.mktemp("home")), "api_keys": KEYS, "font": str(chinese_font)}),
        services,
    )
    with served(app) as address:
        yield address


def failures(url: str, examples: int, phases: list[str], without: tuple[str, ...] = ()) -> list[str]:
    """What all checks of schemathesis object to, over all routes but `without`."""
    # A description cannot say what these refuse: parameters that one model takes and another does not, inputs that a
    # calculator needs for some values of others, the gaps of each template.
    lenient = {"positive_data_acceptance": {"expected-statuses": ["2xx", 400, 404, 409, 501]}}
    # A PDF needs a font that has all of its characters, and schemathesis writes any character.
    fontless = {"not_a_server_error": {"expected-statuses": ["2xx", "3xx", "4xx", 501]}}
    config = schemathesis.Config.from_dict(
        {
            "seed": 6,
            "suppress-health-check": ["too_slow"],  # says how busy the machine is
            "headers": AUTH,
            "request-timeout": 60,
            "generation": {"deterministic": True, "max-examples": examples, "database": "none"},
            "phases": {name: {"enabled": name in phases} for name in PHASES},
            "operations": [
                *({"include-path": path, "enabled": False} for path in without),
                {"include-path": "/v1/chat/completions", "checks": lenient},
                {"include-path": "/v1/calculators/{name}", "checks": lenient},
                {"include-path-regex": "/(documents|drafts)$", "checks": fontless | lenient},
                {"include-path-regex": "/report$", "checks": fontless},
            ],
        }
    )
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
    assert tried > 500
    return [f"{key}\n  {text}" for key, text in told.items()]


def test_the_api_is_as_described(url: str) -> None:
    # The searches take most of the time, and the same values as the search in documents.
    found = failures(url, 5, ["coverage"], ("/v1/articles/search", "/v1/cases/search"))
    assert not found, "\n\n".join(found)


@pytest.mark.long
@pytest.mark.timeout(900)
def test_the_api_is_as_described_in_depth(url: str) -> None:
    found = failures(url, 40, list(PHASES))
    assert not found, "\n\n".join(found)
