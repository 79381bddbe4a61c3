"""models.conversion.reading: what is in a weights file, and what may not be."""

import argparse
import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save_file

from models.contracts import BadCheckpoint
from models.conversion import reading

TENSORS = {"a": torch.arange(6.0).view(2, 3), "b": torch.ones(4, dtype=torch.bfloat16)}
Write = Callable[[Any, Path], None]


class Hostile:
    """Unpickled, it would make a file."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[Callable[[str], int], tuple[str]]:
        return os.system, (f"touch {self.mark}",)


def new(value: Any, path: Path) -> None:
    torch.save(value, path)


def old(value: Any, path: Path) -> None:
    torch.save(value, path, _use_new_zipfile_serialization=False)


def same(found: dict[str, torch.Tensor], expected: dict[str, torch.Tensor]) -> bool:
    return set(found) == set(expected) and all(torch.equal(found[name], row) for name, row in expected.items())


def index(folder: Path, **places: str) -> None:
    (folder / "pytorch_model.bin.index.json").write_text(json.dumps({"weight_map": places}))


@pytest.mark.parametrize("write", [new, old])
def test_both_formats_of_pytorch(tmp_path: Path, write: Write) -> None:
    write(TENSORS, tmp_path / "pytorch_model.bin")
    assert same(reading.read(tmp_path), TENSORS)


@pytest.mark.parametrize("write", [new, old])
def test_a_hostile_pickle_is_refused_and_runs_nothing(tmp_path: Path, write: Write) -> None:
    mark = tmp_path / "mark"
    write({**TENSORS, "c": Hostile(mark)}, tmp_path / "pytorch_model.bin")
    with pytest.raises(BadCheckpoint, match=r"^pytorch_model\.bin .*system.*拒绝读取"):
        reading.read(tmp_path)
    assert not mark.exists()
    torch.load(tmp_path / "pytorch_model.bin", weights_only=False)
    assert mark.exists()  # so the file was hostile indeed


@pytest.mark.parametrize("content", [argparse.Namespace(rows=2), 3, "text", torch.eye(3).to_sparse()])
def test_only_tensors_are_taken(tmp_path: Path, content: object) -> None:
    new({**TENSORS, "c": content}, tmp_path / "pytorch_model.bin")
    with pytest.raises(BadCheckpoint, match=r"pytorch_model\.bin"):
        reading.read(tmp_path)


def test_a_list_of_tensors_is_refused(tmp_path: Path) -> None:
    new([torch.ones(2)], tmp_path / "pytorch_model.bin")
    with pytest.raises(BadCheckpoint, match="按名称"):
        reading.read(tmp_path)


@pytest.mark.parametrize("name", ["pytorch_model.bin", "model.safetensors"])
@pytest.mark.parametrize("kept", [0.0, 0.5, 0.99])
def test_a_truncated_file_is_named(tmp_path: Path, name: str, kept: float) -> None:
    path = tmp_path / name
    tensors = {"a": torch.arange(20_000.0)}
    save_file(tensors, path) if path.suffix == ".safetensors" else new(tensors, path)
    whole = path.read_bytes()
    path.write_bytes(whole[: int(len(whole) * kept)])
    with pytest.raises(BadCheckpoint, match=f"^{name} "):
        reading.read(tmp_path)


def test_shards_by_their_index(tmp_path: Path) -> None:
    new({"a": TENSORS["a"]}, tmp_path / "one.bin")
    new({"b": TENSORS["b"]}, tmp_path / "two.bin")
    index(tmp_path, a="one.bin", b="two.bin")
    assert same(reading.read(tmp_path), TENSORS)
    index(tmp_path, a="one.bin", b="two.bin", c="two.bin")
    with pytest.raises(BadCheckpoint, match="列出的 c"):
        reading.read(tmp_path)
    new(TENSORS, tmp_path / "two.bin")
    with pytest.raises(BadCheckpoint, match="a 在别的分片里也有"):
        reading.read(tmp_path)
    (tmp_path / "two.bin").unlink()
    with pytest.raises(BadCheckpoint, match=r"缺少分片 two\.bin"):
        reading.read(tmp_path)


@pytest.mark.parametrize("place", ["../one.bin", "/etc/passwd", "config.json"])
def test_an_index_names_weights_of_its_own_folder_only(tmp_path: Path, place: str) -> None:
    (tmp_path / "inside").mkdir()
    new(TENSORS, tmp_path / "one.bin")
    index(tmp_path / "inside", a=place)
    with pytest.raises(BadCheckpoint, match="同一文件夹"):
        reading.read(tmp_path / "inside")


def test_an_index_that_is_none(tmp_path: Path) -> None:
    (tmp_path / "pytorch_model.bin.index.json").write_text("{")
    with pytest.raises(BadCheckpoint, match="index"):
        reading.read(tmp_path)
    (tmp_path / "pytorch_model.bin.index.json").write_text("{}")
    with pytest.raises(BadCheckpoint, match="weight_map"):
        reading.read(tmp_path)


def test_a_folder_without_weights(tmp_path: Path) -> None:
    (tmp_path / "consolidated.00.pth").touch()
    with pytest.raises(BadCheckpoint, match="没有权重文件"):
        reading.read(tmp_path)


def test_safetensors_come_before_pickles(tmp_path: Path) -> None:
    save_file(TENSORS, tmp_path / "model.safetensors")
    new({"c": torch.ones(1)}, tmp_path / "pytorch_model.bin")
    assert same(reading.read(tmp_path), TENSORS)
