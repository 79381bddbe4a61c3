"""The open questions, to be answered together: quick replies, 不清楚, 跳过, and own words."""

from collections.abc import Sequence

from deploy.page.texts import Lang, text
from deploy.page.views.markup import render
from orchestrator.contracts import UNCLEAR, Question

SKIPPED = "跳过"  # what the API takes as a reply for a question passed over, in any language of the page


def chips(questions: Sequence[Question], lang: Lang) -> str:
    """A form with a group of quick replies for each question and for what is asked beside it; empty without questions.

    It reports `{"action": "reply", "values": {question id: text}}` with what was answered, several choices joined by
    `;`; what a client writes in own words goes before a chip.
    """
    if not questions:
        return ""
    return render("questions", lang, asked=[_asked(part, lang) for question in questions for part in question.parts])


def _asked(question: Question, lang: Lang) -> dict[str, object]:
    ours = {UNCLEAR: text("questions.unclear", lang), SKIPPED: text("questions.skip", lang)}
    told = [option for option in question.options if option not in ours]
    options = [{"value": one, "label": one, "ours": False, "alone": one in question.alone} for one in told]
    options += [{"value": value, "label": label, "ours": True, "alone": True} for value, label in ours.items()]
    return {
        "id": question.id,
        "text": question.text.removesuffix(question.beside.text) if question.beside else question.text,
        "why": question.why,
        "several": question.several,
        "options": options,
    }
