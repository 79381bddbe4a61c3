"""The embedded corpus, built once for all tests of this folder."""

from pathlib import Path

import pytest

from deploy.learned import knowledge
from retrievers.library import LocalLibrary
from tests.orchestrator.offices import TODAY


@pytest.fixture(scope="session")
def embedded_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    home = tmp_path_factory.mktemp("home")
    LocalLibrary.open(home, knowledge())
    return home


@pytest.fixture(scope="session")
def library(embedded_home: Path) -> LocalLibrary:
    return LocalLibrary.open(embedded_home, knowledge(), today=lambda: TODAY)
