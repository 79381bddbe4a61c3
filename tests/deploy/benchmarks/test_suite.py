"""The whole benchmark but the server, on a tiny checkpoint."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from deploy.benchmarks.engine import bare, machine, plain, suite
from deploy.benchmarks.engine.shapes import SIZES
from deploy.cli import app
from tests.deploy.benchmarks.shapes import TINY


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch) -> None:
    """In this process, where everything is imported already, and with little work."""

    def here(work: Callable[..., Any], *args: Any) -> Any:
        return work(*args)

    monkeypatch.setattr(suite, "apart", here)
    monkeypatch.setitem(machine.LARGE, "cpu", (2**22, 64, 1))
    monkeypatch.setattr(bare, "PREFILLED", 2)
    monkeypatch.setattr(bare, "CALLS", 2)
    monkeypatch.setitem(SIZES, "30m", TINY)


def test_table_plot_and_json(tmp_path: Path, checkpoint: Path) -> None:
    work = tmp_path / "work"
    work.mkdir()
    (work / TINY.name).symlink_to(checkpoint)
    command = ["bench", "engine", "--requests", "2,1", "--prompt", "40", "--new", "6", "--repeat", "1", "--skip-server"]
    done = CliRunner().invoke(app, [*command, "--out", str(tmp_path / "out"), "--work", str(work), "--vllm", "no"])
    assert done.exit_code == 0, done.output
    assert "每路 40 词元的提示、6 个新词元" in done.output
    assert (tmp_path / "out" / "engine-tiny.png").read_bytes().startswith(b"\x89PNG")
    written = json.loads((tmp_path / "out" / "engine.json").read_text("utf-8"))
    assert written["machine"]["bandwidth"] > 0 and written["machine"]["peak"] > 0
    (size,) = written["sizes"]
    assert size["failures"] == {}
    assert [one["load"]["requests"] for one in size["engine"]] == [1, 2]
    for measured in (*size["engine"], *size["plain"]):
        assert measured["load"]["prompt"] == 40
        assert measured["rate"] > 0 and measured["first_p50"] > 0 and measured["gap_p50"] > 0
    assert size["engine"][0]["share"] == pytest.approx(size["engine"][0]["steady"] / size["engine"][0]["ceiling"])
    assert size["prefill"]["prompt"] == 40 and size["prefill"]["busy"] > 0
    assert size["calls"]["tokens"] == bare.CALL_TOKENS and size["calls"]["p50"] > 0
    assert size["server"] is None


def test_a_contender_that_fails_is_named_and_the_others_are_measured(
    tmp_path: Path, checkpoint: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: object) -> None:
        raise MemoryError("no room")

    monkeypatch.setattr(plain, "measure", broken)
    monkeypatch.setattr(suite.checkpoints, "make", lambda *args: checkpoint)
    plan = suite.Plan((TINY,), suite.loads(40, 4, [1]), 1, tmp_path, ("欠钱不还怎么办",), server=False, vllm=False)
    said: list[str] = []
    report = suite.run(plan, said.append)
    assert report.sizes[0].failures == {"generate": "MemoryError: no room"}
    assert report.sizes[0].engine is not None
    assert json.loads((tmp_path / "engine.json").read_text("utf-8"))["sizes"][0]["failures"]
    assert said == ["tiny:生成随机权重", "tiny:引擎", "tiny:generate"]


def test_numbers_of_requests_must_be_numbers() -> None:
    done = CliRunner().invoke(app, ["bench", "engine", "--requests", "1,x"])
    assert done.exit_code == 2
    assert "--requests" in done.output
