"""`lexhub bench page` against a page, and without what it needs."""

import re
import sys

import pytest
from typer.testing import CliRunner

from deploy.benchmarks import browser as browsers
from deploy.benchmarks import page
from deploy.cli.bench import app
from tests.browser.conftest import Site


@pytest.mark.long
def test_the_table_has_every_figure(site: Site) -> None:
    told = CliRunner().invoke(app, ["page", "--url", site.url, "--rounds", "2"], env={"COLUMNS": "120"})
    assert told.exit_code == 0, told.output
    figures = dict(re.findall(r"(首次绘制|首次内容绘制|最大内容绘制|输入框可以打字|传输|请求)\W+([0-9]+)", told.output))
    assert len(figures) == 6
    assert all(int(figure) > 0 for figure in figures.values())
    assert int(figures["首次绘制"]) <= int(figures["输入框可以打字"])


@pytest.mark.long
def test_each_round_comes_with_an_empty_cache(site: Site) -> None:
    one, other = page.measure(f"{site.url}/ui/", 2)
    assert min(one.transferred, other.transferred) > 0.9 * max(one.transferred, other.transferred)


@pytest.mark.long
def test_a_page_without_a_composer_is_an_error(site: Site) -> None:
    with pytest.raises(browsers.BadSettings, match="did not come up"):
        page.measure(f"{site.url}/healthz", 1, limit_s=1)


def test_without_playwright(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "playwright.sync_api", None)
    told = CliRunner().invoke(app, ["page", "--url", "http://127.0.0.1:9"], env={"COLUMNS": "120"})
    assert told.exit_code == 1
    assert "playwright is not installed" in told.output


def test_without_a_browser(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(browsers.shutil, "which", lambda name: None)
    told = CliRunner().invoke(app, ["page", "--url", "http://127.0.0.1:9"], env={"COLUMNS": "120"})
    assert told.exit_code == 1
    assert "chromium-browser" in told.output
