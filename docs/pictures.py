"""Takes the pictures of the README of a server that runs on this machine: `make pictures`. Needs Chromium.

python -m docs.pictures [URL]

The consultation in them is invented, and deleted afterwards.
"""

import sys
from pathlib import Path

from playwright.sync_api import Browser

from deploy.benchmarks import browser as browsers
from deploy.settings import local_url
from tests.browser.stories import LOAN
from tests.browser.visitor import Visitor

FOLDER = Path(__file__).parent / "pictures"
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 390, "height": 844}
SETTLES_MS = 1500  # what moves has come to rest, and the console has read the models twice


def take(browser: Browser, url: str) -> None:
    """All pictures, each as a visitor sees it."""
    client = _visitor(browser, url, DESK)
    client.consult(LOAN)
    for name, scheme in (("answer", "light"), ("answer-dark", "dark")):
        client.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")  # type: ignore[arg-type]
        client.page.get_by_role("heading", name="一、初步结论").last.scroll_into_view_if_needed()
        _settled(client, name)
    operator = _visitor(browser, url, DESK, "/console")
    _settled(operator, "console")
    operator.leave()
    client.leave()
    phone = _visitor(browser, url, PHONE, has_touch=True, is_mobile=True)
    phone.tell(LOAN)
    _settled(phone, "phone")
    phone.leave()


def _visitor(
    browser: Browser, url: str, size: dict[str, int], path: str = "/ui/", *, has_touch: bool = False, is_mobile: bool = False
) -> Visitor:
    context = browser.new_context(
        locale="zh-CN", base_url=url, viewport=size, has_touch=has_touch, is_mobile=is_mobile  # type: ignore[arg-type]
    )
    made = Visitor(context, url, FOLDER)
    made.open(path)
    return made


def _settled(visitor: Visitor, name: str) -> None:
    visitor.page.wait_for_timeout(SETTLES_MS)
    visitor.picture(name)
    if visitor.problems or visitor.outside:
        raise SystemExit(f"{name}: {visitor.problems} {visitor.outside}")


if __name__ == "__main__":
    with browsers.opened("--no-sandbox") as opened:
        take(opened, sys.argv[1] if len(sys.argv) > 1 else local_url())
