"""The console's Blocks: what stands where, and which event does what. Mount it behind `door.Door`."""

from importlib.resources import files
from typing import Any

import gradio as gr

from deploy.page.console.actions import ACTIONS, LONGEST_WHY
from deploy.page.console.handlers import Handlers, Opened
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
# What came of a click is where the operator, and a screen reader, goes on.
ANSWER = """
new MutationObserver(() => element.querySelector('.lc-answer')?.focus())
  .observe(element, {childList: true, characterData: true, subtree: true});
"""
# The question is gone as soon as the inputs mean something else; in the browser, so that it cannot come too late.
# The buttons that answer it go with it by the style sheet: `visible` would build the form anew, with stale values.
UNASKED = "() => ''"
# What was filled in and looked at outlives a reload, which Gradio does by itself once the server was started again.
KEEP = """
(action, subject, amount, why, wanted, route, drawn) => {
  const kept = {action, subject, amount, why: why ?? '', wanted: wanted ?? '', route: route ?? '', drawn: drawn ?? ''};
  sessionStorage.setItem('lexhub-console', JSON.stringify(kept));
}
"""
KEEP_TAB = "() => {{ sessionStorage.setItem('lexhub-console-tab', '{tab}'); }}"
KEPT = """
() => {
  const english = new URLSearchParams(location.search).get('lang') === 'en';
  document.documentElement.lang = english ? 'en' : 'zh-CN';
  const kept = JSON.parse(sessionStorage.getItem('lexhub-console') ?? '{}');
  return JSON.stringify({...kept, tab: sessionStorage.getItem('lexhub-console-tab') ?? 'models'});
}
"""
TITLE = "() => { document.title = document.querySelector('#lc-head h1').textContent; }"
# Not by an event of Gradio's: its answer would wait behind the door that has just closed.
LEAVE = """
async () => {
  await fetch('session', {method: 'POST', body: new URLSearchParams({out: '1'})});
  sessionStorage.clear();
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
        with gr.Tabs(elem_id="lc-tabs", overflow_behavior="wrap") as tabs:
            with gr.Tab(text("tab.models", "zh"), id="models") as at_models:
                table = gr.HTML(elem_id="lc-models")
                with gr.Accordion(text("action.title", "zh"), open=False, elem_id="lc-action") as changing:
                    with gr.Row():
                        # Not filterable: Gradio's list loses what Enter chose after something was typed.
                        action = gr.Dropdown(_actions("zh"), value="drain", interactive=True, filterable=False)
                        amount = gr.Number(value=None, interactive=True, visible=False)
                    # No Dropdown: Gradio's fails when its list becomes shorter while it is open.
                    subject = gr.Radio([], interactive=True, elem_id="lc-subject")
                    why = gr.Textbox(max_length=LONGEST_WHY, interactive=True)
                    following = gr.Button(variant="primary", elem_id="lc-next")
                    asked = gr.HTML(js_on_load=ANSWER, elem_id="lc-asked")
                    with gr.Row(elem_id="lc-deciding"):
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
        # How things stood when the lists were made, and for which action, of which the browser may tell late.
        seen: gr.State = gr.State(None)
        chosen: gr.State = gr.State("drain")
        # What is chosen, beside Gradio's own check of it, which knows no words for what another operator took away.
        picked = gr.Textbox(visible=False)
        kept = gr.Textbox(visible=False)
        live, plotting = gr.Timer(LOOK_S, active=True), gr.Timer(PLOT_S, active=False)

        quiet: dict[str, Any] = {"api_visibility": "private", "show_progress": "hidden"}
        timers = [live, plotting]
        labelled = [
            head, tabs, at_models, at_requests, at_plots, at_accounts, at_holdings, changing, action, subject, amount,
            why, following, confirm, cancel, wanted, opening, again, route, drawn, chosen,
        ]  # fmt: skip

        async def labels(kept: str, request: gr.Request) -> list[Any]:
            return _labels(await doing.opened(kept, request))

        async def on_models(request: gr.Request) -> tuple[Any, ...]:
            await doing.language(request)
            return _active(True, False)

        async def on_requests(chosen: str, request: gr.Request) -> tuple[Any, ...]:
            return *_active(False, False), *await doing.open(chosen, request)

        async def on_plots(route: str, model: str, request: gr.Request) -> tuple[Any, ...]:
            return *_active(False, True), *await doing.plots(route, model, request)

        async def on_accounts(request: gr.Request) -> tuple[Any, ...]:
            return *_active(False, False), await doing.accounts(request)

        async def on_holdings(request: gr.Request) -> tuple[Any, ...]:
            return *_active(False, False), await doing.holdings(request)

        looking: list[Any] = [doing.look, None, [table, seen]]
        inputs: list[Any] = [action, picked, amount, why]
        typed: list[Any] = [action, subject, amount, why]
        filled: list[Any] = [*typed, wanted, route, drawn]
        prepared = [waiting, asked]
        head.select(None, js=LEAVE)
        demo.load(labels, kept, labelled, js=KEPT, **quiet).then(*looking, **quiet).then(None, js=TITLE)
        # Apart from the look, which comes every other second: lists are given anew only where they changed.
        seen.change(doing.changed, [chosen, picked], [revised, subject], **quiet)
        subject.change(None, subject, picked, js="(one) => one ?? ''")
        live.tick(*looking, **quiet)
        plotting.tick(doing.plots, [route, drawn], [plots, route, drawn], **quiet)
        at_models.select(on_models, None, timers, **quiet)
        at_requests.select(on_requests, wanted, [*timers, wanted, trace, listed], **quiet)
        at_plots.select(on_plots, [route, drawn], [*timers, plots, route, drawn], **quiet)
        at_accounts.select(on_accounts, None, [*timers, accounts], **quiet)
        at_holdings.select(on_holdings, None, [*timers, holdings], **quiet)
        for one in (at_models, at_requests, at_plots, at_accounts, at_holdings):
            one.select(None, js=KEEP_TAB.format(tab=one.id))
        action.input(doing.choose, action, [subject, amount, chosen], **quiet)
        # Not "once", which drops what is typed while another input is being kept.
        gr.on([one.input for one in typed], None, None, asked, js=UNASKED, trigger_mode="multiple")
        gr.on([one.change for one in filled], None, filled, None, js=KEEP, trigger_mode="multiple")
        gr.on([following.click, amount.submit, why.submit], doing.prepare, inputs, prepared, **quiet)
        done = confirm.click(doing.confirm, [waiting, *inputs], [*prepared, subject, amount, why], **quiet)
        done.then(*looking, **quiet)
        cancel.click(doing.cancel, None, prepared, **quiet)
        listed.select(doing.pick, None, [wanted, trace, listed], **quiet)
        gr.on([opening.click, wanted.submit, again.click], doing.open, wanted, [wanted, trace, listed], **quiet)
        gr.on([route.input, drawn.input], doing.plots, [route, drawn], [plots, route, drawn], **quiet)
    demo.queue(max_size=PLACES, default_concurrency_limit=AT_ONCE)
    return demo


def style() -> str:
    """The style sheet of the console, which takes its colours from that of the page."""
    return files("deploy.page.console").joinpath("console.css").read_text("utf-8")


def _labels(opened: Opened) -> list[Any]:
    """The words of all that has words, and what was filled in before, in the order of `labelled`."""
    lang, kept = opened.lang, opened.kept
    named = [
        gr.update(label=text(f"tab.{one}", lang)) for one in ("models", "requests", "plots", "accounts", "holdings")
    ]
    buttons = [gr.update(value=text(f"action.{one}", lang)) for one in ("next", "confirm", "cancel")]
    busiest = (text("plots.busiest", lang), "")
    drawn = [
        gr.update(label=text(key, lang), choices=[busiest, *([(one, one)] if one else [])], value=one)
        for key, one in (("plots.route", kept.route), ("plots.model", kept.drawn))
    ]
    return [
        _head(lang),
        gr.update(selected=kept.tab),
        *named,
        gr.update(label=text("action.title", lang), open=kept.begun),
        gr.update(label=text("action.kind", lang), choices=_actions(lang), value=kept.action),
        opened.subject,
        opened.amount,
        gr.update(label=text("action.why", lang), value=kept.why),
        *buttons,
        gr.update(label=text("requests.find", lang), value=kept.wanted),
        gr.update(value=text("requests.open", lang)),
        gr.update(value=text("refresh", lang)),
        *drawn,
        kept.action,
    ]


def _head(lang: Lang) -> str:
    home, other = ("../en/", "?lang=zh") if lang == "en" else ("../", "?lang=en")
    return (
        f'<header class="lc-head" lang="{"en" if lang == "en" else "zh-CN"}" '
        f'data-failed="{esc(text("failed.title", lang))}" data-lost="{esc(text("lost", lang))}">'
        f"<div><h1>{esc(text('title', lang))}</h1>"
        f'<p>{esc(text("lead", lang))}</p></div><nav><a href="{home}">{esc(text("home", lang))}</a>'
        f'<a href="{other}">{esc(text("language", lang))}</a>'
        f'<button type="button" data-action="leave">{esc(text("signout", lang))}</button></nav></header>'
    )


def _actions(lang: Lang) -> list[tuple[str, str]]:
    return [(text(f"do.{one}", lang), one) for one in ACTIONS]


def _active(live: bool, plotting: bool) -> tuple[Any, Any]:
    return gr.Timer(active=live), gr.Timer(active=plotting)
