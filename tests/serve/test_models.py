"""A server with a language model of one's own, as `lexhub serve --model` starts it; and one that cannot start."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from deploy.server import free_port
from tests.models import tiny
from tests.serve.conftest import Launch
from tests.serve.test_server import STORY

pytestmark = [pytest.mark.serve, pytest.mark.timeout(600)]
CONTEXT = 16384  # a byte-level tokenizer makes many tokens of a prompt


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny.checkpoint(tmp_path_factory.mktemp("models") / "tiny", CONTEXT)


def test_a_checkpoint_of_ones_own_writes_the_answer(launch: Launch, checkpoint: Path) -> None:
    server = launch("cpu", "--model", f"dialogue={checkpoint}")
    with server.client() as client:
        client.timeout = 500
        id = client.post("/v1/consultations", json={"mode": "normal", "confirm": "auto"}).json()["id"]
        reply = client.post(f"/v1/consultations/{id}/messages", json={"content": STORY})
        assert reply.status_code == 200, reply.text
        answer = reply.json()
    assert answer["status"] == "answer"
    models = [(entry["step"], entry["model"]) for entry in answer["trace"] if entry["model"]]
    assert [model for step, model in models if step == "dialogue"] == ["tiny", "composer"]
    assert ("keywords", "neighbour-keyword") in models
    # What a model with random weights writes is no advice: the law comes from the stand-in, and that is said.
    assert {"民法典#675"} <= {citation["id"] for citation in answer["citations"]}
    assert "answer" in answer["degraded"]
    server.stop()


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        ("model.safetensors", "missing or damaged"),
        pytest.param("tokenizer.json", "broken cannot be loaded", marks=pytest.mark.long),
    ],
)
def test_a_checkpoint_that_cannot_load_stops_the_start_with_its_reason(
    damage: str, said: str, checkpoint: Path, server_home: Path, tmp_path: Path
) -> None:
    broken = Path(shutil.copytree(checkpoint, tmp_path / "broken"))
    (broken / damage).write_bytes(b"{}")
    done = subprocess.run(
        [sys.executable, "-m", "deploy.cli", "serve", "--profile", "cpu", "--model", f"dialogue={broken}"],
        env={**os.environ, "LEXHUB_HOME": str(server_home), "LEXHUB_PORT": str(free_port())},
        capture_output=True,
        timeout=300,
        check=False,
    )
    assert done.returncode == 2
    (line,) = done.stderr.decode().splitlines()
    assert line.startswith("lexhub: ") and said in line
