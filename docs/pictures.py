"""Takes the pictures of the README of a server that runs on this machine: `make pictures`. Needs Chromium.

python -m docs.pictures [URL]

The consultation in them is invented. It stays on the server, as the visitor's own.
"""

import sys
from pathlib import Path
from typing import Literal

from playwright.sync_api import Browser, ViewportSize, expect

from deploy.benchmarks import browser as browsers
from deploy.settings import local_url
from tests.browser.stories import LOAN
from tests.browser.visitor import Visitor

FOLDER = Path(__file__).parent / "pictures"
DESK, PHONE = ViewportSize(width=1280, height=900), ViewportSize(width=390, height=844)
PATIENCE_MS = 60_000
BELOW_THE_TABS = "(one) => { one.scrollIntoView({block: 'start'}); scrollBy(0, -120); }"
SETTLES_MS = 1500  # what moves has come to rest, and the console has read the models twice


def take(browser: Browser, url: str) -> None:
    """All pictures, each as a visitor sees it."""
    client = _visitor(browser, url, DESK)
    _consult(client)
    expect(client.button("发送")).to_be_visible()
    client.page.get_by_role("heading", name="一、初步结论").last.evaluate(BELOW_THE_TABS)
    _settled(client, "answer")
    client.citations.filter(has_text="第675条").first.click()
    _settled(client, "answer-dark", "dark")
    client.leave()
    phone = _visitor(browser, url, PHONE, touch=True)
    phone.tell(LOAN)
    _settled(phone, "phone")
    phone.leave()
    operator = _visitor(browser, url, DESK, "/console")
    operator.page.get_by_role("tab", name="请求").click()
    # The newest answer, with its way through the graph and its timeline.
    answered = operator.page.locator("tr", has=operator.page.get_by_text("已答复", exact=True))
    answered.first.locator("button").click()
    expect(operator.page.get_by_role("heading", name="时间线")).to_be_visible()
    operator.page.get_by_role("heading", name="咨询图").evaluate(BELOW_THE_TABS)
    _settled(operator, "console")
    operator.leave()


def _consult(client: Visitor) -> None:
    """From the story to the opinion: the first questions are answered, further ones skipped."""
    shown, chip = client.tell(LOAN), "first"
    while shown == "questions":
        for group in client.questions.all():
            getattr(group.locator("label.lx-chip"), chip).click()
        shown, chip = client.after(lambda: client.button("提交回答").click()), "last"
    client.finish(shown)


def _visitor(browser: Browser, url: str, size: ViewportSize, path: str = "/ui/", touch: bool = False) -> Visitor:
    context = browser.new_context(locale="zh-CN", base_url=url, viewport=size, has_touch=touch, is_mobile=touch)
    made = Visitor(context, url, FOLDER)
    made.open(path)
    return made


def _settled(visitor: Visitor, name: str, scheme: Literal["light", "dark"] = "light") -> None:
    visitor.page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    visitor.page.wait_for_timeout(SETTLES_MS)
    visitor.picture(name)
    if visitor.problems or visitor.outside:
        raise SystemExit(f"{name}: {visitor.problems} {visitor.outside}")


if __name__ == "__main__":
    expect.set_options(timeout=PATIENCE_MS)
    with browsers.opened("--no-sandbox") as opened:
        take(opened, sys.argv[1] if len(sys.argv) > 1 else local_url())
