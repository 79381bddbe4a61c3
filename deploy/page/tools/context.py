"""What a tab is given by the page that it stands in."""

from collections.abc import Callable
from dataclasses import dataclass

import gradio as gr

from deploy.page.texts import Lang
from deploy.sdk import AsyncLexhub


@dataclass(frozen=True)
class PageContext:
    """The visitor's way to the API, the visitor's language, and the two components that all tabs share.

    `client` speaks for the visitor of the request, so that consultations are the visitor's own. `drawer` shows an
    article or a case over the page (views of deploy/page/views), `outlet` saves files (deploy/page/downloads.py).
    """

    client: Callable[[gr.Request], AsyncLexhub]
    lang: Callable[[gr.Request], Lang]
    drawer: gr.HTML
    outlet: gr.HTML
