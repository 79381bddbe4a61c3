"""What the tests of faults share: homes of their own, and a PostgreSQL server."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.databases import postgresql
from tests.faults.victims import Victims
from tests.serve.conftest import launch, server_home

__all__ = ["launch", "postgresql", "server_home"]


@pytest.fixture(scope="module")
def own_home(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home of the module's own, with the embedded corpus."""
    path = tmp_path_factory.mktemp("faults")
    shutil.copytree(home / "corpora", path / "corpora")
    return path


@pytest.fixture(scope="module")
def victims(own_home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Victims]:
    """Servers over SQLite that die where they are told to."""
    with Victims(own_home, "sqlite", tmp_path_factory.mktemp("points")) as made:
        yield made
