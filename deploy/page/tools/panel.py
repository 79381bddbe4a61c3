"""A panel: one gr.HTML that is a whole tab. What the visitor does in it arrives as `Told`, what is shown is `Shown`.

The panel keeps nothing on the server: every event brings what the visitor typed along.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any
from uuid import uuid4

import gradio as gr
from gradio.events import Dependency
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from deploy.page import downloads
from deploy.page.texts import Lang
from deploy.page.tools.context import PageContext
from deploy.page.views import errors
from deploy.page.views.markup import render
from deploy.sdk import AsyncLexhub, Download, LexhubError

LONGEST = 4000  # characters of one field; the API has the exact bounds


class Told(BaseModel):
    """One thing that the visitor did: the data of the element, and the fields of its form that are not empty."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    action: str = Field(max_length=40)
    name: str = Field(default="", max_length=80)
    id: str = Field(default="", max_length=200)
    law: str = Field(default="", max_length=200)
    number: str = Field(default="", max_length=20)
    day: str = Field(default="", max_length=20)
    format: str = Field(default="", max_length=10)
    values: dict[str, str] = Field(default={}, max_length=120)


@dataclass(frozen=True)
class Shown:
    """What an event changes: the panel's HTML, the drawer's HTML, a file to save. None: it stays as it is."""

    panel: str | None = None
    drawer: str | None = None
    file: Download | None = None


Answer = Callable[[AsyncLexhub, Told, Lang], Awaitable[Shown]]


def panel(context: PageContext, name: str, answer: Answer) -> Dependency:
    """A panel that `answer` fills: first when it comes into sight (action `open`), then after all that is done in it.
    Returned is the event of whatever is done in it.

    A LexhubError of `answer` is shown in the panel's place, with the way to try the same again.
    """
    shown = gr.HTML(
        render("tools/waiting", "zh"),
        js_on_load=_script(),
        apply_default_css=False,
        elem_id=f"lx-{name}",
        elem_classes="lx-tool",
    )

    async def changed(request: gr.Request, event: gr.EventData) -> tuple[Any, Any, Any]:
        lang = context.lang(request)
        made = await answered(answer, context.client(request), event._data, lang)
        file = gr.skip() if made.file is None else downloads.offer(made.file)
        return _or_skip(made.panel), _or_skip(made.drawer), file

    return shown.select(
        changed,
        outputs=[shown, context.drawer, context.outlet],
        show_progress="hidden",
        api_visibility="private",
    )


async def answered(answer: Answer, client: AsyncLexhub, data: Any, lang: Lang) -> Shown:
    """What the event with this data, as it came from the browser, changes. Failures are shown, with their code."""
    try:
        return await answer(client, Told.model_validate(data), lang)
    except ValidationError as error:  # of the event itself, or of what the client would have sent for it
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        return Shown(panel=errors.card("invalid_request", f"{where}: {first['msg']}", "", lang))
    except LexhubError as error:
        return Shown(panel=failure(error, lang))


def failure(error: LexhubError, lang: Lang) -> str:
    """The card of a failed call."""
    return errors.card(error.code, error.message, error.request_id, lang, error.retry_after)


def _or_skip(html: str | None) -> Any:
    # Marked as new each time: the browser waits for a change, also where the answer is the same as before.
    return gr.skip() if html is None else f"{html}<!-- {uuid4().hex} -->"


@cache
def _script() -> str:
    return files("deploy.page").joinpath("tools", "panel.js").read_text("utf-8")
