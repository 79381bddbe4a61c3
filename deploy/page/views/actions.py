"""What can be done with an answer: copy, answer again, rate, report, document, print."""

from typing import Literal

from deploy.page.texts import Lang
from deploy.page.views.markup import render


def bar(turn: int, answer: str, lang: Lang, given: Literal["up", "down", ""] = "", report: bool = True) -> str:
    """The buttons under the answer of a turn. `answer` is what copying takes, `given` the rating it has.

    `report`: whether there is an opinion that a report or a document can be made of.

    Reports `{"action": "regenerate", "turn": …}`, `{"action": "rate", "turn": …, "rating": "up" or "down"}`,
    `{"action": "report", "format": …}` and `{"action": "paper"}`; values of attributes are text.
    """
    return render("actions", lang, turn=turn, answer=answer, given=given, report=report)
