"""The examples of docs/extending.md, done: copied from the page into a copy of the program, and run there."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from deploy import settings
from models import registry
from tests.docs.pages import ROOT, Block, blocks

PAGE = "docs/extending.md"
PACKAGES = ("orchestrator", "models", "retrievers", "deploy")
FILES = [block for block in blocks(PAGE) if "/" in block.name]
CARDS = [block for block in FILES if block.name.startswith("cards/")]


def changed(text: str, diff: str) -> str:
    """The text after the change; every hunk (between `@@`) must be found exactly once."""
    for hunk in diff.split("@@\n"):
        lines = hunk.splitlines(keepends=True)
        old = "".join(line[1:] for line in lines if line[0] in " -")
        new = "".join(line[1:] for line in lines if line[0] in " +")
        assert text.count(old) == 1, f"not found once:\n{old}"
        text = text.replace(old, new)
    return text


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The program with all examples in it; files that the page does not touch are links."""
    root = tmp_path_factory.mktemp("extended")
    for package in PACKAGES:
        for folder, inner, files in os.walk(ROOT / package):
            inner[:] = [name for name in inner if name != "__pycache__"]
            there = root / Path(folder).relative_to(ROOT)
            there.mkdir()
            for name in files:
                (there / name).symlink_to(Path(folder) / name)
    (root / "pyproject.toml").symlink_to(ROOT / "pyproject.toml")
    for block in FILES:
        put(block, root)
    return root


def put(block: Block, root: Path) -> None:
    """The block as its file in the copy: a new one, or a change of one that is there."""
    path = root / block.name
    if block.language == "diff":
        text = changed((ROOT / block.name).read_text("utf-8"), block.text)
        path.unlink()
    else:
        text = block.text
        assert not path.is_symlink(), f"{block.name} exists: the example must be a new file"
        path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, "utf-8")


def run(copy: Path, *words: str) -> str:
    """The output of a Python program over the copy."""
    given = {**os.environ, "PYTHONPATH": str(copy), "LEXHUB_HOME": str(copy / "home"), "PYTHONDONTWRITEBYTECODE": "1"}
    done = subprocess.run([sys.executable, *words], cwd=copy, env=given, capture_output=True, text=True, timeout=150)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return done.stdout


def test_the_tests_of_all_examples_pass(copy: Path) -> None:
    wanted = sorted(block.name for block in FILES if block.name.startswith("tests/"))
    assert len(wanted) == 5
    out = run(copy, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", *wanted)
    assert "passed" in out and "skipped" not in out


def test_the_examples_are_formatted_and_linted(copy: Path) -> None:
    ours = [str(copy / block.name) for block in FILES if block.language == "python"]
    rules = str(ROOT / "pyproject.toml")
    fields = [path for path in ours if "/domains/" in path and "/tests/" not in path]
    run(copy, "-m", "ruff", "check", "--no-cache", "--config", rules, *ours)
    others = [path for path in ours if path not in fields]
    run(copy, "-m", "ruff", "format", "--check", "--no-cache", "--config", rules, *others)


@pytest.mark.parametrize("block", CARDS, ids=lambda block: block.name)
def test_the_cards_are_good(block: Block) -> None:
    card = registry.parsed(yaml.safe_load(block.text), block.name)
    assert card.name == Path(block.name).stem


def test_the_settings_are_good(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    for block in CARDS:
        (tmp_path / block.name).parent.mkdir(exist_ok=True)
        (tmp_path / block.name).write_text(block.text, "utf-8")
    (given,) = [block for block in blocks(PAGE) if block.name == "settings"]
    loaded = settings.complete({**yaml.safe_load(given.text), "home": str(tmp_path)}, PAGE)
    assert loaded.roles["dialogue"] in registry.cards(loaded.card_folders)
