"""The trap of these tests works: what a page can do to reach another host is seen, or the other tests prove nothing."""

from pathlib import Path

import pytest
from playwright.sync_api import Browser, Route

from tests.browser.conftest import Site, Visit
from tests.browser.trap import Trap
from tests.browser.visitor import Visitor

WAYS = {
    "image": "<img src='http://image.example/a.png'>",
    "font": "<style>@font-face{font-family:x;src:url(http://font.example/a.woff2)}</style><p style='font-family:x'>x</p>",
    "script": "<script src='http://script.example/a.js'></script>",
    "frame": "<iframe src='http://frame.example'></iframe>",
    "socket": "<script>new WebSocket('ws://socket.example/')</script>",
    "beacon": "<script>navigator.sendBeacon('http://beacon.example/', 'x')</script>",
    "worker": "<script>new Worker(URL.createObjectURL(new Blob([\"fetch('http://worker.example/')\"])))</script>",
}


@pytest.mark.parametrize("way", WAYS)
def test_every_way_out_is_seen(browser: Browser, trap: Trap, site: Site, way: str) -> None:
    already = len(trap.caught)
    page = browser.new_page()

    def answer(route: Route) -> None:
        route.fulfill(body=f"<!doctype html><title>x</title>{WAYS[way]}", content_type="text/html")

    page.route(f"{site.url}/trial", answer)
    page.goto(f"{site.url}/trial")
    for _ in range(100):
        if any(f"{way}.example" in target for target in trap.caught[already:]):
            break
        page.wait_for_timeout(50)
    page.close()
    assert any(f"{way}.example" in target for target in trap.caught[already:])


def test_references_that_fetch_nothing_yet_are_seen(browser: Browser, site: Site, screenshots: Path) -> None:
    visitor = Visitor(browser.new_context(base_url=site.url), site.url, screenshots)
    visitor.page.route(
        "**/trial",
        lambda route: route.fulfill(
            body="<title>x</title><link rel=preconnect href=//preconnect.example><a href='http://link.example/'>x</a>",
            content_type="text/html",
        ),
    )
    visitor.page.goto("/trial")
    assert visitor.references() == ["http://preconnect.example/"]
    visitor.leave()


def test_the_page_itself_reaches_nobody(visit: Visit) -> None:
    visit()  # the fixture looks
