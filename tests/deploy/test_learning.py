"""What is learned from scripted clients: their rows from the real fields and search, and a regression that follows them."""

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from deploy import local, settings
from deploy.cli import app
from deploy.clients.scripts import SHIPPED, Client, load
from deploy.learning import citing as learning
from deploy.learning.citing import Told
from orchestrator import citing


def client(*must: str, id: str = "a") -> Client:
    held = [{"fact": "甲", "asked": "甲", "says": "乙", "decisive": True}]
    return Client.model_validate(
        {"id": id, "who": "甲", "field": "民间借贷", "opening": "甲", "holds_back": held, "must_cite": must}
    )


def row(**values: float) -> tuple[float, ...]:
    return tuple(values.get(name, 0.0) for name in citing.FEATURES)


def clients(count: int) -> list[Told]:
    """Of each, lawyers name what leads; what the search found first is beside the point."""
    draw = np.random.default_rng(0)
    made = []
    for number in range(count):
        rows = {f"甲法#{at}": row(place=float(draw.random())) for at in range(1, 30)}
        rows["乙法#1"] = row(leading=1.0, place=float(draw.random()))
        made.append(Told(client("乙法#1", "丙法#1", id=f"a{number}"), rows, frozenset({"丙法#1"})))
    return made


def test_the_weights_follow_what_lawyers_name() -> None:
    weights = learning.fitted(clients(20))
    assert set(weights) == set(citing.FEATURES)
    assert weights["leading"] > 3
    assert abs(weights["place"]) < weights["leading"] / 3


def test_the_score_counts_the_grounds_and_what_is_chosen() -> None:
    learned = clients(20)
    assert learning.cross_validated(learned) == 1.0
    missing = [Told(client("丁法#1", id=one.client.id), one.rows, one.grounds) for one in learned]
    assert learning.cross_validated([*learned, *missing]) == pytest.approx(40 / 60)


async def test_a_client_brings_the_rows_of_what_field_and_search_say(home: Path) -> None:
    services = local.services(settings.load("embedded", {"home": str(home)}))
    [lender] = [one for one in load(SHIPPED, ["民间借贷"]) if one.id == "lending-1"]
    [told] = await learning.told(services, [lender, *load(SHIPPED, ["其他"])[:1]])
    assert told.client == lender
    assert told.grounds <= set(told.rows)
    assert told.wanted == set(lender.must_cite) - told.grounds
    assert set(lender.must_cite) & set(told.rows)


def test_the_command_writes_what_the_answer_reads(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEXHUB_HOME", str(home))
    scripts, out = tmp_path / "scripts", tmp_path
    scripts.mkdir()
    for name in ("lending", "labour"):
        (scripts / f"{name}.yaml").write_text((SHIPPED / f"{name}.yaml").read_text("utf-8"), "utf-8")
    done = CliRunner().invoke(app, ["train", "citing", "--scripts", str(scripts), "--out", str(out)])
    assert done.exit_code == 0, done.output
    made = citing.Weights.model_validate(json.loads((out / "citing.json").read_text("utf-8")))
    assert set(made.weights) == set(citing.FEATURES)
    assert "8 scripted clients" in made.about
