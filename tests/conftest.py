"""What all tests share: a home with the embedded corpus, made once, and a guard against outside addresses."""

import gc
import os
import socket
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from deploy.learned import knowledge
from deploy.settings import privatise_ray
from retrievers import embedded
from tests import fonts
from tests.databases import postgresql as postgresql
from tests.databases import url as url

privatise_ray()  # before any file of tests imports Ray


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption(
        "--screenshots", default="build/screenshots", metavar="FOLDER", help="where tests in a browser keep pictures"
    )


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Ten thousand tests, and what they import, are no garbage: looking through them takes a second each time."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Generator[None, object, object]:
    """Nor is what a file's tests left in caches; without this each model that closes looks through four million objects."""
    try:
        return (yield)
    finally:
        if nextitem is None or nextitem.path != item.path:
            gc.collect()
            gc.freeze()


@pytest.fixture(scope="session")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the embedded corpus. Tests that change a home make their own."""
    path = tmp_path_factory.mktemp("home")
    embedded.ensure(path, knowledge())
    return path


@pytest.fixture(scope="session")
def chinese_font(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A font file with the characters of GB 2312 and no others; no font is installed where tests run."""
    return fonts.made(tmp_path_factory.mktemp("fonts") / "Test.ttf", fonts.GB2312)


@pytest.fixture(autouse=True)
def _no_outside_network(monkeypatch: pytest.MonkeyPatch) -> None:
    """No test of ours reaches beyond this machine."""
    connect = socket.socket.connect

    def guarded(self: socket.socket, address: Any) -> None:
        if isinstance(address, tuple) and not str(address[0]).startswith(("127.", "::1", "localhost")):
            raise AssertionError(f"a test tried to reach {address}")
        connect(self, address)

    monkeypatch.setattr(socket.socket, "connect", guarded)
    for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
        monkeypatch.delenv(name)
