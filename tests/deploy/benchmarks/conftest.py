from pathlib import Path

import pytest

from deploy.benchmarks.engine import checkpoints
from tests.deploy.benchmarks.shapes import TINY


@pytest.fixture(scope="package")
def checkpoint(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return checkpoints.make(TINY, tmp_path_factory.mktemp("checkpoints") / TINY.name, "cpu")
