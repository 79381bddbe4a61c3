"""The page on a cluster: its one replica runs beside the API's, through any node's proxy, and starts anew elsewhere."""

import signal
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest
from playwright.sync_api import expect

from orchestrator.storage.sealing import new_key
from tests.browser.conftest import Visit
from tests.browser.conftest import browser as browser
from tests.browser.conftest import chromium as chromium
from tests.browser.conftest import screenshots as screenshots
from tests.browser.conftest import trap as trap
from tests.browser.conftest import visit as visit
from tests.browser.stories import LOAN
from tests.cluster import nodes
from tests.cluster.conftest import WEB
from tests.cluster.nodes import Node, Nodes

pytestmark = [pytest.mark.serve, pytest.mark.long, pytest.mark.timeout(300)]
BACK_S = 60  # until the page is there again after its node was lost


@pytest.fixture
def site(chromium: str, arguments: dict[str, Any]) -> Iterator[Nodes]:
    """Two nodes for everything, the page among it."""
    models = [{"name": "all", "cards": ["composer", "neighbour-keyword", "ngram-planner", "ngram-article"], **WEB}]
    with nodes.started({"LEXHUB_STORAGE_KEYS": new_key("test")}) as made:
        for name in ("web-1", "web-2"):
            made.add(name, cpus=4, tier="web")
        made.serve({**arguments, "models": models, "port": made.port, "page": {"enabled": True}})
        yield made


def test_a_consultation_outlives_the_node_of_the_page(site: Nodes, visit: Visit) -> None:
    (place,) = site.wait_for("page", 1, application="page")
    other: Node = next(node for name, node in site.named.items() if name != place)
    _reached(other)
    visitor = visit(base=other.url)
    consents = visitor.page.locator("#lx-consent input[type=checkbox]")
    expect(consents).to_have_count(2)  # as a cluster's profile has it
    for consent in consents.all():
        consent.check()
    assert visitor.tell(LOAN) == "questions"
    asked = visitor.questions.first.locator("legend").inner_text()
    site.named[place].signal(signal.SIGKILL)
    ends = time.monotonic() + BACK_S
    while site.replicas("page", "page") == [place] or not site.replicas("page", "page"):
        assert time.monotonic() < ends, "the page did not start elsewhere"
        time.sleep(0.5)
    _reached(other)
    visitor.problems.clear()  # the connection was cut: the browser says so
    visitor.open(visitor.page.url)
    assert visitor.waits() == "questions"
    assert visitor.questions.first.locator("legend").inner_text() == asked
    visitor.finish(visitor.reply())
    assert visitor.citations.count() > 0


def _reached(node: Node) -> None:
    """Wait until the node's proxy has the page."""
    ends = time.monotonic() + BACK_S
    while True:
        try:
            if httpx.get(f"{node.url}/ui/", trust_env=False, timeout=5).status_code == 200:
                return
        except httpx.HTTPError:
            pass
        assert time.monotonic() < ends, "the page is not there"
        time.sleep(0.5)
