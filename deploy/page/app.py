"""The page /ui as Gradio Blocks, once for each language: what stands where, and which event does what.

All truth is the API's. The open consultation's id is in the page's address; what the components hold is what they show.
"""

from collections.abc import Callable, Sequence
from typing import Any

import gradio as gr
from gradio.events import Dependency

from deploy.page import assets, downloads
from deploy.page.acting import Acting
from deploy.page.frames import Parts
from deploy.page.texts import Lang, text
from deploy.page.tools.context import PageContext
from deploy.page.views import notices
from deploy.page.visits import Visits

# The address is where the open consultation is written down.
READ_ADDRESS = "() => new URLSearchParams(location.search).get('c') || ''"
WRITE_ADDRESS = """async (id) => {
  await window.lexhub?.settled();
  const now = new URL(location.href);
  if ((now.searchParams.get('c') || '') === id) return;
  if (id) now.searchParams.set('c', id); else now.searchParams.delete('c');
  history.pushState(null, '', now);
}"""
# The browser takes the words out of the box once their turn runs: they stay where they could not be sent, and what is
# typed meanwhile is the next message.
SENT = "(words, ...held) => [window.lexhub.sent(words), ...held]"
MAX_WRITTEN = 20_000  # characters, as orchestrator.contracts.MAX_MESSAGE
Tab = tuple[str, Callable[[PageContext], Dependency | None]]


def build(visits: Visits, lang: Lang, tabs: Sequence[Tab], places: int, waiting: int) -> gr.Blocks:
    """The page in this language. `tabs`: those beside the conversation, by the key of their name, each with what puts
    its components there and returns the event, if any, after which consultations may be gone.

    `places`: events of all visitors that are worked on at once; `waiting`: how many more wait for one.
    """
    blocks: gr.Blocks = gr.Blocks(title=text("site.title", lang), analytics_enabled=False, fill_width=True)
    with blocks:
        gr.HTML(notices.header(lang), elem_id="lx-header", js_on_load=assets.LISTEN)
        drawer = gr.HTML(elem_id="lx-drawer", js_on_load=assets.LISTEN)
        context = PageContext(visits.client, lambda request: lang, drawer, downloads.outlet())
        with gr.Row(elem_id="lx-body"):
            with gr.Column(elem_id="lx-sidebar", scale=0):
                history = gr.HTML(elem_id="lx-history", js_on_load=assets.LISTEN)
            with gr.Column(elem_id="lx-main", scale=1), gr.Tabs(elem_id="lx-tabs") as places_of_tabs:
                with gr.Tab(text("nav.consult", lang), id="nav.consult"):
                    parts = _conversation(history, context, places_of_tabs, lang)
                changing = []
                for name, put in tabs:
                    with gr.Tab(text(name, lang), id=name):
                        changing.append(put(context))
        gr.HTML(notices.footer(lang), elem_id="lx-footer")
        _wire(blocks, parts, Acting(visits, parts, lang), [one for one in changing if one is not None])
    blocks.queue(api_open=False, max_size=waiting, default_concurrency_limit=places)
    return blocks


def _conversation(history: gr.HTML, context: PageContext, tabs: gr.Tabs, lang: Lang) -> Parts:
    chat = gr.Chatbot(
        elem_id="lx-conversation",
        label=text("chat.label", lang),
        show_label=False,
        height=None,
        container=False,
        layout="bubble",
        buttons=[],
        latex_delimiters=[],
        feedback_options=[],
        allow_tags=False,
        allow_file_downloads=False,
        autoscroll=False,
        group_consecutive_messages=True,
    )
    below = gr.HTML(notices.welcome(lang), elem_id="lx-below", js_on_load=assets.LISTEN)
    with gr.Column(elem_id="lx-consent"):
        notice = gr.HTML()
        consented = gr.CheckboxGroup(label=text("consent.title", lang), container=False)
    mode = gr.Radio(
        [(text(f"mode.{one}", lang), one) for one in ("professional", "normal")],
        value="professional",
        label=text("mode.label", lang),
        elem_id="lx-mode",
        container=False,
    )
    with gr.Row(elem_id="lx-composer"):
        box = gr.Textbox(
            lines=1,
            max_lines=8,
            max_length=MAX_WRITTEN,
            label=text("composer.label", lang),
            placeholder=text("composer.placeholder", lang),
            show_label=False,
            container=False,
            scale=1,
        )
        send = gr.Button(text("composer.send", lang), variant="primary", scale=0, min_width=88, elem_id="lx-send")
        stop = gr.Button(text("composer.stop", lang), scale=0, min_width=88, elem_id="lx-stop")
    return Parts(
        chat=chat,
        below=below,
        box=box,
        send=send,
        stop=stop,
        mode=mode,
        notice=notice,
        consented=consented,
        current=gr.Textbox(visible="hidden"),
        unsent=gr.Textbox(visible="hidden"),
        history=history,
        drawer=context.drawer,
        outlet=context.outlet,
        tabs=tabs,
    )


def _wire(blocks: gr.Blocks, parts: Parts, acts: Acting, changing: Sequence[Dependency]) -> None:
    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    held = [parts.current, parts.mode, parts.consented]
    blocks.load(acts.opened, [parts.current], parts.all, js=READ_ADDRESS, **quiet)
    # An event of a window may begin before its last one has ended, which then ends (windows.py).
    quiet["trigger_mode"] = "multiple"
    sent = [parts.box.submit, parts.send.click]
    gr.on(sent, acts.written, [parts.box, *held], parts.all, js=SENT, **quiet)
    parts.below.select(acts.below, [*held, parts.unsent], parts.all, **quiet)
    parts.history.select(acts.history, [parts.current, parts.mode], parts.all, **quiet)
    parts.drawer.select(acts.drawer, None, [parts.drawer], **quiet)
    parts.current.change(None, [parts.current], None, js=WRITE_ADDRESS, **quiet)
    for one in changing:
        one.then(acts.changed, [parts.current, parts.mode], parts.all, **quiet)
    parts.stop.click(acts.stopped, None, None, **quiet)
