"""`lexhub models convert`, as it is typed."""

import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from deploy.cli import app
from models.contracts import BadCheckpoint
from tests.models.conversion.conftest import llama, save, tokenizer_files

__all__ = ["tokenizer_files"]
RUN = CliRunner()


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
    assert sorted(path.name for path in tmp_path.iterdir()) == ["old"]
