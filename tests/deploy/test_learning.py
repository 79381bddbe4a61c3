"""What is learned from scripted clients: their rows from the real fields and search, and a regression that follows them."""

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from deploy import local, settings
from deploy.cli import app
from deploy.clients.scripts import SHIPPED, Client, load
from deploy.learning import asking, folds
from deploy.learning import citing as learning
from deploy.learning import reading as readings
from deploy.learning import recognition as causes
from deploy.learning.citing import Told
from orchestrator import citing, reading, recognition
from orchestrator.asking import Fullness
from orchestrator.weights import Weights
from orchestrator.worth import FEATURES


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
        rows["乙法#1"] = row(active=1.0, place=float(draw.random()))
        made.append(Told(client("乙法#1", "丙法#1", id=f"a{number}"), rows, frozenset({"丙法#1"})))
    return made


def test_the_weights_follow_what_lawyers_name() -> None:
    weights = learning.fitted(clients(20))
    assert set(weights) == set(citing.FEATURES)
    assert weights["active"] > 3
    assert abs(weights["place"]) < weights["active"] / 3


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
    made = Weights.model_validate(json.loads((out / "citing.json").read_text("utf-8")))
    assert set(made.weights) == set(citing.FEATURES)
    assert "8 scripted clients" in made.about


def opening(number: int) -> asking.Opening:
    """Lawyers ask what is listed first; a complete story is long and leaves nothing."""
    draw = np.random.default_rng(number)
    complete = number % 3 == 0
    made = client("甲法#1", id=f"b{number}")
    if complete:
        made = Client.model_validate(made.model_dump() | {"complete": True, "holds_back": ()})
    rows = draw.random((30, len(FEATURES)))
    rows[:, FEATURES.index("listed")] = 0
    rows[0, FEATURES.index("listed")] = 1
    about = [frozenset[str]()] * 30
    about[0] = frozenset() if complete else frozenset({"甲"})
    told = tuple(at == 1 for at in range(30))
    full = (0.0, 9, 240) if complete else (0.7, 2, 90)
    return asking.Opening(made, rows, tuple(about), told, full, None if complete else (0.5, 4, 240), 1.0)


def test_the_questions_follow_what_lawyers_asked_and_full_stories_are_known() -> None:
    heard = [opening(number) for number in range(90)]
    scores = asking.cross_validated(heard)
    assert scores.decisive > 0.95
    assert (scores.quiet, scores.wrongly_quiet) == (1, 0)
    full = asking.fullness(heard, "x")
    assert full.probability(0, 9, 240) > 0.5 > full.probability(0.7, 2, 90)
    assert full.probability(0.5, 4, 240) < 0.5
    assert heard[1].targets[0] == 1
    assert heard[1].targets[1] == 0
    assert sum(heard[0].targets) == 0


def test_learning_twice_gives_the_same_trees() -> None:
    heard = [opening(number) for number in range(40)]
    assert asking.trees(heard) == asking.trees(heard)
    assert len(set(folds.drawn(40).tolist())) == folds.FOLDS


async def test_an_opening_brings_its_questions_and_what_they_are_about(home: Path) -> None:
    services = local.services(settings.load("embedded", {"home": str(home)}))
    [lender] = [one for one in load(SHIPPED, ["民间借贷"]) if one.id == "lending-1"]
    [heard] = await asking.openings(services, [(lender, 0.5)])
    assert heard.rows.shape == (len(heard.about), len(FEATURES))
    assert heard.weight == 0.5
    assert any(heard.about)
    assert heard.longer is not None
    assert heard.longer[2] > heard.full[2]


def test_the_command_writes_trees_and_regression(home: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEXHUB_HOME", str(home))
    for name in ("lending", "labour", "family", "tenancy"):
        (tmp_path / f"{name}.yaml").write_text((SHIPPED / f"{name}.yaml").read_text("utf-8"), "utf-8")
    out = tmp_path / "out"
    out.mkdir()
    done = CliRunner().invoke(app, ["train", "asking", "--scripts", str(tmp_path), "--out", str(out)])
    assert done.exit_code == 0, done.output
    assert (out / "asking.txt").read_text("utf-8").startswith("tree")
    assert Fullness.model_validate(json.loads((out / "asking.json").read_text("utf-8"))).about.startswith("16 scripted")


def test_the_logit_follows_what_tells_causes_apart() -> None:
    draw = np.random.default_rng(0)
    rows = []
    for number in range(120):
        cause = number % 4
        values = draw.random((4 + number % 2, len(recognition.FEATURES)))  # fields have different numbers of causes
        values[:, recognition.FEATURES.index("like")] = 0
        values[cause, recognition.FEATURES.index("like")] = 1
        rows.append(causes.Seen(values, cause))
    weights = causes.fitted(rows)
    assert set(weights) == set(recognition.FEATURES)
    assert max(weights, key=lambda name: weights[name]) == "like"
    assert causes.cross_validated(rows) == (1.0, 1.0)


@pytest.mark.long
async def test_readings_are_judged_by_what_others_tell(home: Path) -> None:
    services = local.services(settings.load("embedded", {"home": str(home)}))
    rows = await readings.readings(services, ["民间借贷"])
    assert {row.fold for row in rows} == set(range(folds.FOLDS))
    assert all(len(row.row) == len(reading.FEATURES) for row in rows)
    scores = readings.cross_validated(rows)
    assert scores.believed > scores.read
    assert scores.kept > 0.8
    counts = readings.counts(rows, "x").counts["民间借贷"]
    by_pattern = [row for row in rows if row.by_pattern]
    every = [pair for values in counts.values() for pair in values.values()]
    assert sum(read for _, read in every) == len(by_pattern)
    assert sum(right for right, _ in every) == sum(row.told for row in by_pattern)
    assert readings.trees(rows[:500]) == readings.trees(rows[:500])
