"""models.conversion.process: a process of its own, and nothing left of what failed."""

import multiprocessing
import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
import torch

from models.contracts import BadCheckpoint, ConversionFailed
from models.conversion import jobs, process
from models.conversion.jobs import Converted, Progress
from tests.models.conversion.conftest import llama, save
from tests.models.conversion.test_reading import Hostile

# Ends itself as soon as its child writes.
KILLED = """
import multiprocessing, os, signal, sys
from pathlib import Path
from models.conversion import process
source, out = map(Path, sys.argv[1:])
def progress(done, total, label):
    if label == "转换张量":
        (child,) = multiprocessing.active_children()
        (out.parent / "child").write_text(str(child.pid))
        os.kill(os.getpid(), signal.SIGKILL)
process.convert("checkpoint", source, None, out, "keep", 10**9, progress)
"""


def silent(done: int, total: int, label: str) -> None:
    pass


def run(source: Path, out: Path, progress: Progress = silent) -> Converted:
    return process.convert("checkpoint", source, None, out, "keep", 10**9, progress)


@pytest.fixture
def source(tmp_path: Path, tokenizer_files: Path) -> Path:
    return save(llama(1), tmp_path / "old", tokenizer_files)


def test_the_result_appears_whole(tmp_path: Path, source: Path) -> None:
    said: list[tuple[int, int, str]] = []
    done = run(source, tmp_path / "out", lambda *report: said.append(report))
    assert (tmp_path / "out" / "CONVERSION.json").is_file()
    assert set(done.pins) == {path.name for path in (tmp_path / "out").iterdir()}
    assert [label for done, total, label in said if done == total] == ["核对 old", "转换张量", "核对结果"]
    assert sorted(path.name for path in tmp_path.iterdir()) == ["old", "out"]
    with pytest.raises(BadCheckpoint, match="已经存在"):
        run(source, tmp_path / "out")


def test_a_hostile_file_is_refused_by_name_and_leaves_nothing(tmp_path: Path, source: Path) -> None:
    mark = tmp_path / "mark"
    state = llama(1).state_dict() | {"extra": Hostile(mark)}
    torch.save(state, source / "pytorch_model.bin")
    with pytest.raises(BadCheckpoint, match=r"pytorch_model\.bin"):
        run(source, tmp_path / "out")
    assert [path.name for path in tmp_path.iterdir()] == ["old"]


def test_a_killed_child_leaves_nothing(tmp_path: Path, source: Path) -> None:
    def kill(done: int, total: int, label: str) -> None:
        if label == "转换张量":
            assert (tmp_path / "out.partial").is_dir()
            (child,) = multiprocessing.active_children()
            child.kill()

    with pytest.raises(ConversionFailed, match="信号 9"):
        run(source, tmp_path / "out", kill)
    assert [path.name for path in tmp_path.iterdir()] == ["old"]


def test_an_interrupt_ends_the_child_and_leaves_nothing(tmp_path: Path, source: Path) -> None:
    def interrupt(done: int, total: int, label: str) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run(source, tmp_path / "out", interrupt)
    assert multiprocessing.active_children() == []
    assert [path.name for path in tmp_path.iterdir()] == ["old"]


def test_a_killed_parent_leaves_no_half_result(tmp_path: Path, source: Path) -> None:
    done = subprocess.run([sys.executable, "-c", KILLED, source, tmp_path / "out"], check=False)
    assert done.returncode == -signal.SIGKILL
    assert not (tmp_path / "out").exists()
    with pytest.raises(BadCheckpoint, match=r"out\.partial 已经存在.*删去"):
        run(source, tmp_path / "out")
    child = int((tmp_path / "child").read_text())
    assert psutil.wait_procs([psutil.Process(child)] if psutil.pid_exists(child) else [], timeout=60)[1] == []


@pytest.mark.parametrize("name", ["out", "out.partial"])
def test_what_is_there_is_not_touched(tmp_path: Path, source: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    (tmp_path / name / "precious").touch()
    with pytest.raises(BadCheckpoint, match="已经存在"):
        run(source, tmp_path / "out")
    assert os.listdir(tmp_path / name) == ["precious"]


def test_a_dangling_link_in_the_place_of_the_result(tmp_path: Path, source: Path) -> None:
    (tmp_path / "out").symlink_to(tmp_path / "nowhere")
    with pytest.raises(BadCheckpoint, match="已经存在"):
        run(source, tmp_path / "out")


def test_a_folder_that_does_not_exist(tmp_path: Path, source: Path) -> None:
    with pytest.raises(BadCheckpoint, match="建不起来"):
        run(source, tmp_path / "no" / "out")


def test_the_kind_is_told_by_the_files(tmp_path: Path) -> None:
    plain, adapter = tmp_path / "plain", tmp_path / "adapter"
    plain.mkdir()
    adapter.mkdir()
    (adapter / "adapter_config.json").touch()
    assert jobs.recognised("auto", plain, None) == "checkpoint"
    assert jobs.recognised("auto", plain, plain) == "delta"
    assert jobs.recognised("auto", adapter, plain) == "lora"
    for kind, source, base in (
        ("auto", adapter, None),
        ("delta", plain, None),
        ("checkpoint", plain, plain),
        ("checkpoint", adapter, None),
        ("lora", plain, plain),
    ):
        with pytest.raises(BadCheckpoint):
            jobs.recognised(kind, source, base)  # type: ignore[arg-type]
