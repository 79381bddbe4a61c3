"""A visitor of the page, in words of what people do."""

from pathlib import Path
from urllib.parse import urlsplit

from playwright.sync_api import BrowserContext, ConsoleMessage, Request


# Whatever the document takes from elsewhere without anybody's click.
REFERENCES = """(base) => [...document.querySelectorAll("link[href], [src]:not(a)")]
  .map((element) => element.href || element.src)
  .filter((url) => /^(https?|wss?):/.test(url) && new URL(url).origin !== base)"""


class Visitor:
    """One browser profile with one tab.

    `problems` are the errors of the console and of scripts, `outside` requests for other hosts.
    """

    def __init__(self, context: BrowserContext, base: str, screenshots: Path) -> None:
        self.context, self.base, self._screenshots = context, base, screenshots
        self.problems: list[str] = []
        self.outside: list[str] = []
        context.on("console", self._heard)
        context.on("weberror", lambda error: self.problems.append(str(error.error)))
        context.on("request", self._asked)
        self.page = context.new_page()

    def open(self, path: str = "/ui/") -> None:
        self.page.goto(path)

    def references(self) -> list[str]:
        """Other hosts' addresses in the document as it is now."""
        return list(self.page.evaluate(REFERENCES, self.base))

    def leave(self) -> None:
        self.outside += self.references()
        self.context.close()

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error":
            self.problems.append(f"{message.text} ({message.location.get('url', '')})")

    def _asked(self, request: Request) -> None:
        told = urlsplit(request.url)
        if told.scheme not in ("data", "blob") and f"{told.scheme}://{told.netloc}" != self.base:
            self.outside.append(request.url)
