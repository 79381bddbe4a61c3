"""The API over services that are made once: these tests are about who may call, not about law."""

from pathlib import Path

import pytest

from deploy import local, settings
from orchestrator.services import Services


@pytest.fixture(scope="session")
def shared(home: Path) -> Services:
    """The embedded models and the embedded corpus."""
    return local.services(settings.load("embedded", {"home": str(home)}))
