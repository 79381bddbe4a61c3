"""models.local.pins: that what is loaded is what was tested."""

import logging
from collections.abc import Mapping
from pathlib import Path

import pytest
from pydantic import ValidationError
from transformers import AutoModelForCausalLM, AutoTokenizer

from models.backends.transformers_local import Options
from models.contracts import ModelUnavailable
from models.local import pins
from models.local.loading import Checkpoint, load
from tests.models import tiny

WEIGHTS = "model.safetensors"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A sound checkpoint to change."""
    return tiny.checkpoint(tmp_path / "tiny")


@pytest.fixture
def untouched(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing may be loaded: what is refused is refused before."""

    def never(*_: object, **__: object) -> None:
        raise AssertionError("something was loaded")

    monkeypatch.setattr(AutoTokenizer, "from_pretrained", never)
    monkeypatch.setattr(AutoModelForCausalLM, "from_pretrained", never)


def opened(folder: Path, sha256: Mapping[str, str] | None = None) -> Checkpoint:
    return load(folder, "cpu", "float32", "sdpa", None, sha256=sha256)


def refused(folder: Path, sha256: Mapping[str, str]) -> str:
    with pytest.raises(ModelUnavailable) as caught:
        opened(folder, sha256)
    return str(caught.value)


def test_pinned_files_load_without_a_warning(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    (folder / "README.md").write_text("not read by anything")
    found = pins.pins(folder)
    assert found.keys() >= {WEIGHTS, "config.json", "tokenizer.json", "tokenizer_config.json"}
    assert "README.md" not in found
    with caplog.at_level(logging.WARNING, "lexhub"):
        opened(folder, found)
    assert "pin" not in caplog.text


@pytest.mark.usefixtures("untouched")
@pytest.mark.parametrize("file", [WEIGHTS, "tokenizer.json", "config.json"])
def test_another_file_than_the_pinned_one_is_named(folder: Path, file: str) -> None:
    found = pins.pins(folder)
    data = (folder / file).read_bytes()
    # One bit of the last tensor, or a space that means nothing.
    (folder / file).write_bytes(data[:-1] + bytes([data[-1] ^ 1]) if file == WEIGHTS else data + b" ")
    said = refused(folder, found)
    assert f"{file} is not the pinned file" in said
    assert said.count("is not the pinned file") == 1


@pytest.mark.usefixtures("untouched")
def test_the_pinned_files_are_all_and_only_those(folder: Path) -> None:
    found = pins.pins(folder)
    assert "tokenizer.json is not pinned" in refused(folder, {k: v for k, v in found.items() if k != "tokenizer.json"})
    assert "gone.json is not there" in refused(folder, {**found, "gone.json": "0" * 64})
    (folder / "added_tokens.json").write_text("{}")
    assert "added_tokens.json is not pinned" in refused(folder, found)


def test_weights_without_pins_are_warned_of_once(folder: Path, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.WARNING, "lexhub"):
        opened(folder)
        opened(folder)
    said = [row.getMessage() for row in caplog.records if row.name == "lexhub"]
    assert len(said) == 1
    assert f"lexhub models pin {folder}" in said[0]


def test_a_pin_that_is_no_digest_is_a_bad_option() -> None:
    with pytest.raises(ValidationError):
        Options.model_validate({"model": "a/b", "sha256": {"config.json": "abc"}})
