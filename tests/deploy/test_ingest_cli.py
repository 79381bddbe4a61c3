"""`lexhub ingest … --dry-run` as it is typed: a table, JSON, and a home that is left as it was."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from deploy.cli import app
from deploy.settings import BadSettings
from orchestrator import rates
from tests.retrievers import wordlaws
from tests.retrievers.test_preview import state

CSV = ",".join(rates.COLUMNS) + "\nurban_income_year,北京,2024-01-01,2024-12-31,85000,元/年,公报,\n"


@pytest.fixture
def empty(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A home that is not there."""
    monkeypatch.setenv("LEXHUB_HOME", str(tmp_path / "none"))
    monkeypatch.setenv("COLUMNS", "160")
    return tmp_path / "none"


def run(*arguments: object) -> Result:
    return CliRunner().invoke(app, ["ingest", *map(str, arguments)], catch_exceptions=False)


def told(*arguments: object) -> dict[str, Any]:
    answer = run(*arguments, "--dry-run", "--json")
    assert answer.exit_code == 0
    found: dict[str, Any] = json.loads(answer.stdout)
    return found


@pytest.fixture
def inputs(tmp_path: Path) -> dict[str, Path]:
    paths = {kind: tmp_path / "given" / kind for kind in ("laws", "documents")}
    for path in paths.values():
        path.mkdir(parents=True)
    (paths["laws"] / "星光借贷法_20231229.docx").write_bytes(wordlaws.whole())
    (paths["laws"] / "旧法.doc").write_bytes(b"x")
    (paths["documents"] / "制度.md").write_text("# 制度\n\n打卡。\n", encoding="utf-8")
    paths["cases"], paths["rates"] = tmp_path / "cases.jsonl", tmp_path / "rates.csv"
    paths["cases"].write_text('{"id": "甲-1", "title": "渡船案", "facts": "超载。"}\n{', encoding="utf-8")
    paths["rates"].write_text(CSV, encoding="utf-8")
    return paths


def arguments(kind: str, path: Path) -> tuple[object, ...]:
    return (kind, path, "--corpus", "hr") if kind == "documents" else (kind, path)


@pytest.mark.parametrize("kind", ["laws", "cases", "documents", "rates"])
def test_nothing_is_written_where_there_is_no_home(empty: Path, inputs: dict[str, Path], kind: str) -> None:
    shown = run(*arguments(kind, inputs[kind]), "--dry-run")
    assert (shown.exit_code, "没有写入任何内容" in shown.stdout) == (0, True)
    assert "新增" in shown.stdout
    found = told(*arguments(kind, inputs[kind]))
    assert (found["kind"], found["changes"]) == (kind, True)
    assert not empty.exists()


@pytest.mark.parametrize("kind", ["laws", "cases", "documents", "rates"])
def test_a_home_stays_byte_for_byte_and_the_import_then_does_it(
    own_home: Path, inputs: dict[str, Path], kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LEXHUB_HOME", str(own_home))
    before = state(own_home)
    assert told(*arguments(kind, inputs[kind]))["changes"]
    assert run(*arguments(kind, inputs[kind]), "--dry-run").exit_code == 0
    assert state(own_home) == before
    assert run(*arguments(kind, inputs[kind])).exit_code == 0
    assert state(own_home) != before
    assert not told(*arguments(kind, inputs[kind]))["changes"]


def test_what_is_left_out_is_told_with_its_reason(empty: Path, inputs: dict[str, Path]) -> None:
    found = told("laws", inputs["laws"])
    [law] = found["laws"]
    assert (law["law"], law["version"], law["starts"], law["articles"]) == ("星光借贷法", "2023-12-29", "2024-07-01", 5)
    [left] = found["skipped"]
    assert left["file"] == "旧法.doc"
    assert "另存为 .docx" in left["reason"]
    assert "旧法.doc" in run("laws", inputs["laws"], "--dry-run").stdout
    assert told("cases", inputs["cases"])["skipped"][0]["file"] == "cases.jsonl:2"


def test_options_that_do_not_fit_are_refused(empty: Path, inputs: dict[str, Path]) -> None:
    with pytest.raises(BadSettings, match="--dry-run"):
        run("laws", inputs["laws"], "--json")
    with pytest.raises(BadSettings, match="--remove"):
        run("documents", "--corpus", "hr", "--remove", "a", "--dry-run")
    assert not empty.exists()
