"""The page of the whole real server, as `lexhub serve` starts it, in a real browser."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import expect

from deploy.benchmarks import browser as browsers
from tests.browser.stories import LOAN
from tests.browser.trap import Trap
from tests.browser.visitor import Visitor
from tests.serve.conftest import Server


@pytest.fixture(scope="module", autouse=True)
def _browser_is_here() -> None:
    if browsers.find() is None:
        pytest.skip(f"no browser is installed here ({', '.join(browsers.NAMES)})")


@pytest.fixture
def visitor(server: Server, tmp_path: Path) -> Iterator[Visitor]:
    with Trap() as trap, browsers.opened(*trap.arguments) as opened:
        made = Visitor(opened.new_context(locale="zh-CN", base_url=server.url), server.url, tmp_path)
        yield made
        made.leave()
        assert (trap.caught, made.outside, made.problems) == ([], [], [])


def test_from_the_address_to_the_opinion(visitor: Visitor) -> None:
    visitor.open("/")  # leads to the page
    expect(visitor.page).to_have_url(f"{visitor.base}/ui/")
    visitor.consult(LOAN)
    expect(visitor.citations.first).to_be_visible()
    visitor.page.reload()
    assert visitor.waits() == "answer"
    kept = visitor.download(visitor.button("下载报告 Markdown"))
    assert kept.path().read_text("utf-8").startswith("---\ntitle: 法律咨询报告")
