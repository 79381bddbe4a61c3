"""Headless Chromium before a server of the page, shared by a file's tests; nothing may leave this machine."""

import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import httpx
import pytest
from playwright.sync_api import Browser, expect

from deploy.benchmarks import browser as browsers
from deploy.server import free_port
from tests.browser.trap import Trap
from tests.browser.visitor import Visitor

READY_S = 90  # on a busy machine
DEVICES: dict[str, dict[str, Any]] = {
    "desk": {"viewport": {"width": 1280, "height": 900}},
    "phone": {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True},
}
PATIENCE_MS = 30_000  # for what must come; a busy machine takes its time
expect.set_options(timeout=PATIENCE_MS)
Visit = Callable[..., Visitor]


Sites = Callable[..., "Site"]


class Site:
    """A server of the page on a home of its own; it can be killed and started again at the same address.

    `settings` beside the usual ones; `page_key` is the page's key, where these have keys.
    """

    def __init__(self, home: Path, settings: Mapping[str, Any] = {}, page_key: str = "") -> None:
        self.home, self.port = home, free_port()
        self._settings, self._page_key = json.dumps(settings), page_key
        self.url = f"http://127.0.0.1:{self.port}"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        log = (self.home / "served.log").open("ab")
        command = [sys.executable, "-m", "tests.browser.served", str(self.port), str(self.home), self._settings]
        environment = {**os.environ, "LEXHUB_PAGE_KEY": self._page_key}
        self._process = subprocess.Popen(command, stdout=log, stderr=log, env=environment)
        ends = time.monotonic() + READY_S
        while time.monotonic() < ends:
            if self._process.poll() is not None:
                break
            try:
                if httpx.get(f"{self.url}/readyz", timeout=5, trust_env=False).status_code == 200:
                    return
            except httpx.HTTPError:
                time.sleep(0.1)
        raise AssertionError((self.home / "served.log").read_text("utf-8")[-3000:])

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait(30)

    def pace(self, seconds: float) -> None:
        """Make each sentence of an answer wait so long."""
        httpx.post(f"{self.url}/test/pace", json={"seconds": seconds}, trust_env=False).raise_for_status()

    def refuse(self, times: int) -> None:
        """Refuse the next messages."""
        httpx.post(f"{self.url}/test/refuse", json={"times": times}, trust_env=False).raise_for_status()


@pytest.fixture(scope="session")
def chromium() -> str:
    """The browser's program; where none is, the test is skipped before anything is started."""
    if (program := browsers.find()) is None:
        pytest.skip(f"no browser is installed here ({', '.join(browsers.NAMES)})")
    return program


@pytest.fixture(scope="session")
def site(chromium: str, home: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = tmp_path_factory.mktemp("site")
    shutil.copytree(home / "corpora", folder / "corpora")
    made = Site(folder)
    made.start()
    yield made
    made.kill()


@pytest.fixture
def sites(chromium: str, home: Path, tmp_path: Path) -> Iterator[Sites]:
    """Starts servers of one test's own."""
    made: list[Site] = []

    def start(settings: Mapping[str, Any] = {}, page_key: str = "") -> Site:
        folder = tmp_path / str(len(made))
        shutil.copytree(home / "corpora", folder / "corpora")
        made.append(Site(folder, settings, page_key))
        made[-1].start()
        return made[-1]

    yield start
    for one in made:
        one.kill()


@pytest.fixture(scope="module")
def trap() -> Iterator[Trap]:
    with Trap() as made:
        yield made


@pytest.fixture(scope="module")
def browser(chromium: str, trap: Trap) -> Iterator[Browser]:
    """A browser of the file's own: while it lives, the thread can run no other event loop."""
    with browsers.opened(*trap.arguments) as opened:
        yield opened


@pytest.fixture(scope="session")
def screenshots(request: pytest.FixtureRequest) -> Path:
    folder = Path(request.config.getoption("--screenshots"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder


@pytest.fixture
def visit(site: Site, browser: Browser, trap: Trap, screenshots: Path) -> Iterator[Visit]:
    """Visitors, each in a browser profile of their own, who must have met no error and reached no other host."""
    visitors: list[Visitor] = []

    def enter(device: str = "desk", path: str = "/ui/", **options: Any) -> Visitor:
        base, ready = options.pop("base", site.url), options.pop("ready", True)
        context = browser.new_context(locale="zh-CN", base_url=base, **{**DEVICES[device], **options})
        context.grant_permissions(["clipboard-read", "clipboard-write"], origin=base)
        context.set_default_timeout(PATIENCE_MS)
        made = Visitor(context, base, screenshots)
        visitors.append(made)
        made.open(path, ready)
        return made

    already = len(trap.caught)
    yield enter
    for one in visitors:
        one.leave()
    assert trap.caught[already:] == [], "the page tried to reach other hosts"
    for one in visitors:
        assert one.outside == [], "the page asked other hosts"
        assert one.problems == [], "the browser reported errors"
