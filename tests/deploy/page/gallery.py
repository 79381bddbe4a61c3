"""All views in one Gradio page, in the page's layout, to be looked at.

python -m tests.deploy.page.gallery PORT        then open /?lang=en or /?lang=zh
"""

import sys
from dataclasses import dataclass

import gradio as gr
import uvicorn
from fastapi import FastAPI

from deploy.page import assets
from deploy.page.texts import Lang, text
from deploy.page.theme import Paper
from deploy.page.views import (
    actions,
    article,
    cases,
    citations,
    documents,
    errors,
    facts,
    history,
    notices,
    questions,
    thoughts,
)
from tests.deploy.page import samples


@dataclass
class Entry:
    """A consultation in a listing."""

    id: str
    mode: str
    created: float


LISTED = [
    Entry("one", "professional", 1795309089.0),
    Entry("two", "normal", 1795222689.0),
    Entry("three", "normal", 1795122689.0),
]
TITLES = {"one": samples.STORY, "two": "公司拖欠我三个月工资,还让我自己走人,能要赔偿吗?"}


def view(value: str, **options: object) -> gr.HTML:
    """A view whose clicks and forms reach Python."""
    return gr.HTML(value, js_on_load=assets.LISTEN, **options)  # type: ignore[arg-type]


def blocks(lang: Lang) -> gr.Blocks:
    """The page with every state of a consultation under the other."""
    with gr.Blocks(title=text("site.title", lang), fill_width=True) as page:
        view(notices.header(lang), elem_id="lx-header")
        with gr.Row(elem_id="lx-body"):
            with gr.Column(elem_id="lx-sidebar"):
                view(history.items(LISTED, lang, TITLES, current="one"))
            with gr.Column(elem_id="lx-main"), gr.Tabs(elem_id="lx-tabs"):
                with gr.Tab(text("nav.consult", lang)):
                    _conversation(lang)
                with gr.Tab(text("nav.calculators", lang)):
                    view(errors.card("session_busy", "会话正忙。", "req-123", lang, 3))
                    gr.Number(label="本金")
                    gr.Radio(["是", "否"], label="有没有借条")
                    gr.Dropdown(["北京", "上海"], label="地区")
                    gr.Button("计算", variant="primary")
                with gr.Tab(text("nav.papers", lang)):
                    view(notices.emergency(lang))
                with gr.Tab(text("nav.articles", lang)):
                    view(documents.passages(samples.DOCUMENTS, lang))
                with gr.Tab(text("nav.mine", lang)):
                    view(notices.welcome(lang))
        shown = view("", elem_id="lx-drawer")
        view(notices.footer(lang), elem_id="lx-footer")
        seen = gr.Textbox(elem_id="seen", label="seen", container=False)

        def clicked(event: gr.EventData) -> tuple[str, str]:
            return _clicked(dict(event._data), lang)

        for one in [one for one in page.blocks.values() if isinstance(one, gr.HTML)]:
            one.select(clicked, None, [shown, seen])
    return page


def _conversation(lang: Lang) -> None:
    told: list[gr.MessageDict] = [{"role": "user", "content": samples.STORY}]
    told.append(
        {
            "role": "assistant",
            "content": "",
            "metadata": {"title": text("thoughts.steps", lang), "id": "turn", "status": "done", "duration": 2.6},
        }
    )
    told += [
        {
            "role": "assistant",
            "content": thoughts.content(step),
            "metadata": {
                "title": thoughts.title(step, lang),
                "id": f"turn-{at}",
                "parent_id": "turn",
                "status": "done",
            },
        }
        for at, step in enumerate(samples.TRACE)
    ]
    told.append({"role": "assistant", "content": samples.ANSWER})
    gr.Chatbot(told, elem_id="lx-conversation", show_label=False, buttons=[], feedback_options=None)
    view(actions.bar(5, samples.ANSWER, lang, "up"))
    view(citations.chips(samples.CITATIONS, lang))
    view(cases.cards(samples.CASES, lang))
    view(questions.chips(samples.QUESTIONS, lang))
    view(facts.sheet(samples.FACTS, lang))
    view(facts.sheet(samples.FACTS, lang, editable=False))
    with gr.Row(elem_id="lx-composer"):
        gr.Textbox(
            placeholder=text("composer.placeholder", lang),
            label=text("composer.label", lang),
            show_label=False,
            lines=1,
            max_lines=8,
            scale=1,
            container=False,
        )
        gr.Button(text("composer.send", lang), variant="primary", scale=0, min_width=88)


def _clicked(data: dict[str, object], lang: Lang) -> tuple[str, str]:
    """The drawer that the click opens, and what was reported."""
    if data["action"] == "article":
        return article.drawer(samples.ARTICLE, lang, (samples.ARTICLE, samples.OLD)), str(data)
    return (cases.drawer(samples.CASE, lang) if data["action"] == "case" else ""), str(data)


def app() -> FastAPI:
    """The gallery in Chinese under /zh and in English under /en."""
    made = FastAPI()
    head = f"<script>{assets.read('page.js')}</script>"
    for lang in ("zh", "en"):
        made = gr.mount_gradio_app(
            made, blocks(lang), path=f"/{lang}", theme=Paper(), css=assets.read("style.css"), head=head
        )
    return made


if __name__ == "__main__":
    uvicorn.run(app(), port=int(sys.argv[1]), log_level="warning")
