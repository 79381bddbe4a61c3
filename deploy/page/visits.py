"""Visitors at work: each one's client of the API, and bounds on what one visitor can have going on at once."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

import gradio as gr

from deploy.page.texts import Lang, text
from deploy.page.windows import Windows
from deploy.sdk import AsyncLexhub, LexhubError

STREAMS = 4  # turns that one visitor watches, in as many windows
ANSWERS = 1  # turns that one visitor has the server work on


class Visits:
    """The visitors of one page server. `client` is that of the server itself; each visitor's goes through it."""

    def __init__(self, client: AsyncLexhub) -> None:
        self._client = client
        self.windows = Windows()
        self._watching: Counter[str] = Counter()
        self._asking: Counter[str] = Counter()

    def client(self, request: gr.Request) -> AsyncLexhub:
        """The API for whoever made this request. Raises LexhubError for a request without a visitor's name."""
        return self._client.of(f"page:{visitor(request)}")

    async def close(self) -> None:
        """Close the connections to the API."""
        await self._client.aclose()

    @contextmanager
    def watching(self, request: gr.Request, lang: Lang) -> Iterator[None]:
        """A place to follow a turn. Raises LexhubError when the visitor has enough of them."""
        with _place(self._watching, visitor(request), STREAMS, lang):
            yield

    @contextmanager
    def asking(self, request: gr.Request, lang: Lang) -> Iterator[None]:
        """The place to have a message answered. Raises LexhubError while another one is being answered."""
        with _place(self._asking, visitor(request), ANSWERS, lang):
            yield


def window(request: gr.Request) -> str:
    """The window that the request came from, by Gradio's name of it."""
    return request.session_hash or ""


def visitor(request: gr.Request) -> str:
    """The visitor's name, as the guard read it from the cookie. Raises LexhubError without one."""
    found = request.request.scope.get("state", {}).get("visitor") if request.request is not None else None
    if not isinstance(found, str):
        raise LexhubError("missing_api_key", text("errors.visitor", "zh"), 401)
    return found


@contextmanager
def _place(places: Counter[str], name: str, most: int, lang: Lang) -> Iterator[None]:
    if places[name] >= most:
        raise LexhubError("session_busy", text("errors.session_busy", lang), 409)
    places[name] += 1
    try:
        yield
    finally:
        places[name] -= 1
        if not places[name]:
            del places[name]
