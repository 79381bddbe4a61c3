"""`lexhub models`, as it is typed."""

import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from deploy.cli import app
from deploy.cli import models as command
from models.backends.transformers_local import Options
from models.contracts import BadCheckpoint, ModelUnavailable
from models.local.loading import load
from models.registry import read
from tests.models import tiny
from tests.models.conversion.conftest import llama, save, tokenizer_files

__all__ = ["tokenizer_files"]
RUN = CliRunner()


@pytest.fixture(autouse=True)
def _wide(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEXHUB_HOME", str(own_home))
    monkeypatch.setattr(command.console, "width", 160, raising=False)


def test_pin_prints_lines_that_a_card_takes(tmp_path: Path) -> None:
    folder = tiny.checkpoint(tmp_path / "tiny")
    done = RUN.invoke(app, ["models", "pin", str(folder)])
    assert done.exit_code == 0, done.output
    options = Options.model_validate({"model": str(folder), **yaml.safe_load(done.stdout)["options"]})
    assert {"model.safetensors", "config.json", "tokenizer.json"} <= options.sha256.keys()
    assert load(folder, "cpu", "auto", "sdpa", None, sha256=options.sha256).context == tiny.CONTEXT


def test_pin_names_the_revision_of_a_download(tmp_path: Path) -> None:
    folder = tiny.checkpoint(tmp_path / "models--lexhub--tiny" / "snapshots" / ("ab" * 20))
    done = RUN.invoke(app, ["models", "pin", str(folder)])
    assert yaml.safe_load(done.stdout)["options"]["revision"] == "ab" * 20


def test_pin_needs_a_checkpoint(tmp_path: Path) -> None:
    done = RUN.invoke(app, ["models", "pin", str(tmp_path)])
    assert isinstance(done.exception, ModelUnavailable)


def test_list_says_what_is_pinned(tmp_path: Path) -> None:
    done = RUN.invoke(app, ["models", "list"])
    assert done.exit_code == 0, done.output
    rows = {line.split("│")[1].strip(): line for line in done.stdout.splitlines() if "│" in line}
    assert "Apache-2.0" in rows["qwen3-8b"] and "对话" in rows["qwen3-8b"] and "未固定" in rows["qwen3-8b"]
    assert "固定" not in rows["composer"]


def test_a_pinned_card_is_told_apart(tmp_path: Path) -> None:
    card = {"name": "own", "label": "自有", "backend": "transformers_local", "abilities": ["dialogue"]}

    def pinned(**options: object) -> str:
        (tmp_path / "own.yaml").write_text(yaml.safe_dump({**card, "options": {"model": "a/b", **options}}))
        return command._pinned(read(tmp_path / "own.yaml"))

    assert pinned() == "未固定"
    assert pinned(revision="v1") == "只固定版本"
    assert pinned(sha256={"config.json": "0" * 64}) == "已固定(SHA-256)"


@pytest.fixture
def source(tmp_path: Path, tokenizer_files: Path) -> Path:
    return save(llama(1), tmp_path / "old", tokenizer_files)


def test_convert_prints_what_was_made_and_its_pins(tmp_path: Path, source: Path) -> None:
    (source / "chat_template.jinja").unlink()
    out = tmp_path / "out"
    done = RUN.invoke(app, ["models", "convert", str(source), str(out), "--dtype", "bfloat16"])
    assert done.exit_code == 0, done.output
    assert "21 个张量" in done.output
    assert "bfloat16" in done.output
    assert "没有对话模板" in done.output
    pins = yaml.safe_load(done.output[done.output.index("options:") :])["options"]
    assert pins["model"] == str(out)
    assert set(pins["sha256"]) == {path.name for path in out.iterdir()}
    assert all(len(digest) == 64 for digest in pins["sha256"].values())


def test_a_delta_without_its_base(tmp_path: Path, source: Path) -> None:
    done = RUN.invoke(app, ["models", "convert", str(source), str(tmp_path / "out"), "--kind", "delta"])
    assert isinstance(done.exception, BadCheckpoint)


def test_errors_are_one_line(tmp_path: Path, source: Path) -> None:
    (source / "pytorch_model.bin").write_bytes(b"PK")
    command = [sys.executable, "-m", "deploy.cli", "models", "convert", str(source), str(tmp_path / "out")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.startswith("lexhub: bad_checkpoint: pytorch_model.bin 读不了")
    assert done.stderr.count("\n") == 1
    assert not list(tmp_path.glob("out*"))
