"""How many replicas a cluster has room for, and that nothing is claimed which nobody measured."""

import json
from dataclasses import asdict
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from deploy import capacity, settings
from deploy.benchmarks.costs import Costs
from deploy.benchmarks.engine.shapes import SIZES
from deploy.capacity import GIB, Hardware
from deploy.cli import app
from deploy.fitting import DoesNotFit
from deploy.settings import BadSettings

CARD = 80 * GIB
COSTS = Costs(machine="test", turns=10, seconds={"ingress": 0.1, "retriever": 0.05}, memory={}, bytes_per_turn=1000)


def replicas(nodes: int, gpus: int) -> dict[str, int]:
    hardware = Hardware(nodes, gpus, CARD)
    loaded = settings.complete(capacity.scaled(settings.arguments("cluster"), hardware))
    found = {row.name: row.scaling.replicas for row in capacity.rows(loaded, hardware, None, COSTS)}
    shares = sum(row.scaling.gpus * row.scaling.upto for row in capacity.rows(loaded, hardware, None, None))
    assert shares <= hardware.all
    assert loaded.ingress.upto <= nodes * (loaded.ingress.per_node or nodes)
    return found


@pytest.mark.parametrize(
    ("nodes", "gpus", "dialogue", "helpers"),
    [(2, 1, 1, 1), (4, 1, 2, 2), (4, 8, 26, 7), (32, 1, 26, 7), (32, 8, 215, 54)],
)
def test_every_gpu_that_can_be_used_is(nodes: int, gpus: int, dialogue: int, helpers: int) -> None:
    found = replicas(nodes, gpus)
    assert (found["model-dialogue"], found["model-keyword"], found["article"]) == (dialogue, helpers, helpers)
    assert found["ingress"] == min(nodes, max(2, -(-dialogue // 4)))


def test_one_gpu_is_no_cluster() -> None:
    with pytest.raises(BadSettings, match="profile gpu"):
        replicas(1, 1)


def test_a_model_must_fit_its_share_of_a_gpu() -> None:
    hardware = Hardware(4, 1, 40 * GIB)
    loaded = settings.complete(capacity.scaled(settings.arguments("cluster"), hardware))
    with pytest.raises(DoesNotFit, match=r"models\.dialogue"):
        capacity.rows(loaded, hardware, None, None)


def engine(folder: Path, sizes: dict[str, dict[int, float]]) -> Path:
    """What `lexhub bench engine` writes, as far as it is read here."""
    written = [
        {
            "shape": asdict(SIZES[name]),
            "engine": [{"load": {"requests": count}, "rate": rate} for count, rate in rates.items()],
        }
        for name, rates in sizes.items()
    ]
    path = folder / "engine.json"
    path.write_text(json.dumps({"sizes": written}), "utf-8")
    return path


def test_speed_is_that_of_the_measured_size_at_the_load_of_the_profile(tmp_path: Path) -> None:
    hardware = Hardware(4, 1, CARD)
    loaded = settings.complete(capacity.scaled(settings.arguments("cluster"), hardware))
    path = engine(tmp_path, {"8b": {1: 100.0, 64: 4000.0, 128: 5000.0}})
    rows = {row.name: row for row in capacity.rows(loaded, hardware, path, COSTS)}
    assert rows["model-dialogue"].rate == 4000.0  # 64 at once is what the profile lets in
    assert rows["model-keyword"].rate is None  # another size
    assert rows["ingress"].turns == pytest.approx(6.0)
    assert rows["model-embedded"].turns is None
    known = COSTS.model_copy(update={"seconds": {"ngram-article": 0.02, "neighbour-keyword,ngram-planner": 0.01}})
    rows = {row.name: row for row in capacity.rows(loaded, hardware, path, known)}
    assert rows["model-embedded"].turns == pytest.approx(20.0)  # it hosts all three
    assert rows["model-composer"].turns is None


def test_the_command_says_what_was_not_measured_and_what_was(tmp_path: Path) -> None:
    told = CliRunner().invoke(app, ["size", "--nodes", "4"])
    assert told.exit_code == 0, told.output
    assert "未测" in told.output and "lexhub bench engine" in told.output
    path = engine(tmp_path, {"8b": {64: 600.0}})
    told = CliRunner().invoke(app, ["size", "--nodes", "4", "--engine", str(path)])
    assert "至多每秒 2.0 轮(先满的是 model-dialogue" in told.output.replace("\n", "")


@pytest.mark.parametrize("name", ["missing.json", "other.json"])
def test_a_file_of_something_else_is_refused_by_name(name: str, tmp_path: Path) -> None:
    (tmp_path / "other.json").write_text("{}", "utf-8")
    for option in ("--engine", "--costs"):
        told = CliRunner().invoke(app, ["size", "--nodes", "4", option, str(tmp_path / name)])
        assert isinstance(told.exception, BadSettings) and name in str(told.exception)


@pytest.mark.parametrize("nodes", [4, 32])
def test_the_shipped_profiles_are_what_the_command_writes(nodes: int, tmp_path: Path) -> None:
    out = tmp_path / "written.yaml"
    assert CliRunner().invoke(app, ["size", "--nodes", str(nodes), "--write", str(out)]).exit_code == 0
    shipped = settings.PROFILES / f"cluster-{nodes}.yaml"
    assert yaml.safe_load(shipped.read_text("utf-8")) == yaml.safe_load(out.read_text("utf-8"))
    assert settings.load(str(out)).profile == "cluster"
