"""From a consultation's state to what the components show."""

from dataclasses import dataclass
from typing import Any

import gradio as gr

from deploy.page.conversing import Conversing
from deploy.page.texts import Lang, text
from deploy.page.views import actions, cases, citations, documents, errors, facts, notices, questions
from deploy.sdk import LexhubError
from orchestrator.contracts import NothingAsked

# While it stands there, the button that stops the wait takes the place of the one that sends (style.css).
RUNNING = '<span class="lx-running" hidden></span>'
PAPERS = "nav.papers"  # the tab of documents, by the key of its name


@dataclass(frozen=True)
class Parts:
    """The components of a conversation.

    `current` is the open consultation's id and `unsent` the message whose turn has not ended (turns.Unsent): both are
    kept by the browser, so that nothing is lost when the page's server starts anew.
    """

    chat: gr.Chatbot
    below: gr.HTML
    box: gr.Textbox
    send: gr.Button
    stop: gr.Button
    mode: gr.Radio
    notice: gr.HTML
    consented: gr.CheckboxGroup
    current: gr.Textbox
    unsent: gr.Textbox
    history: gr.HTML
    drawer: gr.HTML
    outlet: gr.HTML
    tabs: gr.Tabs

    @property
    def all(self) -> list[Any]:
        """Those that a turn changes; that the buttons come and go is the style sheet's work."""
        return [one for one in self.__dict__.values() if one is not self.send and one is not self.stop]


def frame(held: Conversing, parts: Parts, lang: Lang) -> dict[Any, Any]:
    """What the components show of the consultation.

    Values only. That a component comes and goes is the style sheet's work: Gradio's browser part builds its tree anew
    when `visible` changes, and may then show again what a component held before.
    """
    bubbles = held.bubbles(lang)
    return {
        parts.chat: bubbles,
        parts.below: below(held, lang),
        parts.mode: gr.update(value=held.mode, interactive=not bubbles),
        parts.current: held.id,
    }


def below(held: Conversing, lang: Lang) -> str:
    """What stands under the conversation: what is asked, what the answer rests on, what can be done with it."""
    if held.error is not None:
        card = failure(held.error, lang)
        # Answered elsewhere, or not understood: what is asked now is what helps.
        return card + _rest(held, lang) if held.error.code == NothingAsked.code else card
    if held.stopped:
        return stopped(lang)
    if held.work is not None:
        return RUNNING + citations.chips(held.work.citations, lang)
    return notices.welcome(lang) if held.reply is None else _rest(held, lang)


def _rest(held: Conversing, lang: Lang) -> str:
    """What stands under the last reply, if there is one."""
    if held.reply is None:
        return ""
    turn = len(held.turns)
    rows = [
        notices.emergency(lang) if held.reply.status == "emergency" else "",
        questions.chips(held.questions, lang),
        facts.sheet(held.facts, lang),
        citations.chips(held.citations, lang),
        cases.cards(held.cases, lang),
        documents.passages(held.documents, lang),
        actions.bar(turn, held.reply.answer, lang, held.ratings.get(turn, ""), held.reply.status == "answer")
        if held.answered
        else "",
    ]
    return "".join(rows)


def failure(error: LexhubError, lang: Lang) -> str:
    """What went wrong, in plain words."""
    return errors.card(error.code, error.message, error.request_id, lang, error.retry_after)


def stopped(lang: Lang) -> str:
    """What a visitor sees who no longer waits for a turn."""
    return (
        f'<section class="lx-card lx-stopped" role="status"><p>{text("chat.stopped", lang)}</p>'
        f'<button type="button" class="lx-second" data-action="follow">{text("chat.follow", lang)}</button></section>'
    )
