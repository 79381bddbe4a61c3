"""The console's Blocks: what stands where, and which event does what. Mount it behind `door.Door`."""

from importlib.resources import files
from typing import Any

import gradio as gr

from deploy.page.console.actions import ABILITIES, ACTIONS
from deploy.page.console.handlers import Handlers
from deploy.page.console.keeper import Keeper
from deploy.page.console.sampling import Sampler
from deploy.page.console.texts import Lang, text
from deploy.page.console.views.parts import esc

LOOK_S, PLOT_S = 2.0, 10.0
PLACES, AT_ONCE = 64, 8  # of Gradio's queue
# A click on a button of a view arrives as the `select` event of its gr.HTML.
PICK = """
element.addEventListener('click', (event) => {
  const button = event.target.closest('[data-action]');
  if (button) trigger('select', {id: button.dataset.id || ''});
});
"""
# Not by an event of Gradio's: its answer would wait behind the door that has just closed.
LEAVE = """
async () => {
  await fetch('session', {method: 'POST', body: new URLSearchParams({out: '1'})});
  window.location.reload();
}
"""


def build(keeper: Keeper, sampler: Sampler) -> gr.Blocks:
    """The page. Its words are put in when it is opened, in the language of `?lang=`."""
    doing = Handlers(keeper, sampler)
    demo = gr.Blocks(title=text("title", "zh"), analytics_enabled=False, elem_id="console")
    with demo:
        gr.HTML(f"<style>{style()}</style>", elem_id="lc-style")
        head = gr.HTML(js_on_load=PICK, elem_id="lc-head")
        with gr.Tabs(elem_id="lc-tabs"):
            with gr.Tab(text("tab.models", "zh"), id="models") as at_models:
                models = gr.HTML(elem_id="lc-models")
                with gr.Accordion(text("action.title", "zh"), open=False, elem_id="lc-action") as changing:
                    with gr.Row():
                        action = gr.Dropdown(_actions("zh"), value=ACTIONS[0], interactive=True)
                        model = gr.Dropdown([], interactive=True)
                        ability = gr.Dropdown(_abilities("zh"), interactive=True, visible=False)
                        amount = gr.Number(value=None, interactive=True, visible=False)
                    why = gr.Textbox(max_length=500, interactive=True)
                    following = gr.Button(variant="primary", elem_id="lc-next")
                    asked = gr.HTML(elem_id="lc-asked")
                    with gr.Row(visible=False) as deciding:
                        confirm = gr.Button(variant="stop", elem_id="lc-confirm")
                        cancel = gr.Button(elem_id="lc-cancel")
                revised = gr.HTML(elem_id="lc-revisions")
            with gr.Tab(text("tab.requests", "zh"), id="requests") as at_requests:
                with gr.Row(elem_classes="lc-find"):
                    wanted = gr.Textbox(max_length=128, interactive=True, scale=4, elem_id="lc-wanted")
                    opening = gr.Button(variant="primary", scale=1, elem_id="lc-open")
                    again = gr.Button(scale=1, elem_id="lc-again")
                listed = gr.HTML(js_on_load=PICK, elem_id="lc-requests")
                trace = gr.HTML(elem_id="lc-trace")
            with gr.Tab(text("tab.plots", "zh"), id="plots") as at_plots:
                with gr.Row():
                    route = gr.Dropdown([("", "")], value="", interactive=True)
                    drawn = gr.Dropdown([("", "")], value="", interactive=True)
                plots = gr.HTML(elem_id="lc-plots")
            with gr.Tab(text("tab.accounts", "zh"), id="accounts") as at_accounts:
                accounts = gr.HTML(elem_id="lc-accounts")
            with gr.Tab(text("tab.holdings", "zh"), id="holdings") as at_holdings:
                holdings = gr.HTML(elem_id="lc-holdings")
        waiting: gr.State = gr.State(None)
        live, plotting = gr.Timer(LOOK_S, active=True), gr.Timer(PLOT_S, active=False)

        quiet: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
        timers = [live, plotting]
        labelled = [
            head, at_models, at_requests, at_plots, at_accounts, at_holdings, changing, action, model, ability, why,
            following, confirm, cancel, wanted, opening, again, route, drawn,
        ]  # fmt: skip

        async def labels(request: gr.Request) -> list[Any]:
            return _labels(await doing.language(request))

        async def on_models(request: gr.Request) -> tuple[Any, ...]:
            return *_active(True, False), await doing.models(request)

        async def on_requests(chosen: str, request: gr.Request) -> tuple[Any, ...]:
            return *_active(False, False), *await doing.open(chosen, request)

        async def on_plots(route: str, model: str, request: gr.Request) -> tuple[Any, ...]:
            return *_active(False, True), *await doing.plots(route, model, request)

        async def on_accounts(request: gr.Request) -> tuple[Any, ...]:
            return *_active(False, False), await doing.accounts(request)

        async def on_holdings(request: gr.Request) -> tuple[Any, ...]:
            return *_active(False, False), await doing.holdings(request)

        head.select(None, js=LEAVE)
        demo.load(labels, None, labelled, **quiet)
        demo.load(doing.models, None, models, **quiet)
        demo.load(doing.revisions, None, revised, **quiet)
        demo.load(doing.choices, None, model, **quiet)
        live.tick(doing.models, None, models, **quiet)
        plotting.tick(doing.plots, [route, drawn], [plots, route, drawn], **quiet)
        at_models.select(on_models, None, [*timers, models], **quiet)
        at_requests.select(on_requests, wanted, [*timers, wanted, trace, listed], **quiet)
        at_plots.select(on_plots, [route, drawn], [*timers, plots, route, drawn], **quiet)
        at_accounts.select(on_accounts, None, [*timers, accounts], **quiet)
        at_holdings.select(on_holdings, None, [*timers, holdings], **quiet)
        changing.expand(doing.choices, None, model, **quiet)
        action.input(doing.asked, action, [model, ability, amount], **quiet)
        prepared = [waiting, asked, deciding]
        following.click(doing.prepare, [action, model, ability, amount, why], prepared, **quiet)
        confirm.click(doing.confirm, waiting, [*prepared, revised], **quiet).then(doing.models, None, models, **quiet)
        cancel.click(doing.cancel, None, prepared, **quiet)
        listed.select(doing.pick, None, [wanted, trace, listed], **quiet)
        gr.on([opening.click, wanted.submit, again.click], doing.open, wanted, [wanted, trace, listed], **quiet)
        gr.on([route.input, drawn.input], doing.plots, [route, drawn], [plots, route, drawn], **quiet)
    demo.queue(max_size=PLACES, default_concurrency_limit=AT_ONCE)
    return demo


def style() -> str:
    """The style sheet of the console, which takes its colours from that of the page."""
    return files("deploy.page.console").joinpath("console.css").read_text("utf-8")


def _labels(lang: Lang) -> list[Any]:
    """The words of all that has words, in the order of `labelled`."""
    named = [
        gr.update(label=text(f"tab.{one}", lang)) for one in ("models", "requests", "plots", "accounts", "holdings")
    ]
    buttons = [gr.update(value=text(f"action.{one}", lang)) for one in ("next", "confirm", "cancel")]
    return [
        _head(lang),
        *named,
        gr.update(label=text("action.title", lang)),
        gr.update(label=text("action.kind", lang), choices=_actions(lang)),
        gr.update(label=text("action.model", lang)),
        gr.update(label=text("action.ability", lang), choices=_abilities(lang)),
        gr.update(label=text("action.why", lang)),
        *buttons,
        gr.update(label=text("requests.find", lang)),
        gr.update(value=text("requests.open", lang)),
        gr.update(value=text("refresh", lang)),
        gr.update(label=text("plots.route", lang), choices=[(text("plots.busiest", lang), "")]),
        gr.update(label=text("plots.model", lang), choices=[(text("plots.busiest", lang), "")]),
    ]


def _head(lang: Lang) -> str:
    other = "?lang=zh" if lang == "en" else "?lang=en"
    return (
        f'<header class="lc-head" lang="{"en" if lang == "en" else "zh-CN"}"><div><h1>{esc(text("title", lang))}</h1>'
        f'<p>{esc(text("lead", lang))}</p></div><nav><a href="../">{esc(text("home", lang))}</a>'
        f'<a href="{other}">{esc(text("language", lang))}</a>'
        f'<button type="button" data-action="leave">{esc(text("signout", lang))}</button></nav></header>'
    )


def _actions(lang: Lang) -> list[tuple[str, str]]:
    return [(text(f"action.{one}", lang), one) for one in ACTIONS]


def _abilities(lang: Lang) -> list[tuple[str, str]]:
    return [(text(f"ability.{one}", lang), one) for one in ABILITIES]


def _active(live: bool, plotting: bool) -> tuple[Any, Any]:
    return gr.Timer(active=live), gr.Timer(active=plotting)
