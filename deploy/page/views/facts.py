"""The fact sheet: what was understood, to be corrected and confirmed."""

from collections.abc import Sequence

from deploy.page.texts import Lang
from deploy.page.views.markup import render
from orchestrator.contracts import Fact


def sheet(facts: Sequence[Fact], lang: Lang, editable: bool = True) -> str:
    """A table of the facts; empty without facts. Editable, it is a form with a field for each value.

    The form reports `{"action": "confirm", "values": {fact id: corrected text}}` with what was changed only: without
    values the facts are confirmed. A value that was emptied counts as unchanged.
    """
    return render("facts", lang, facts=facts, editable=editable) if facts else ""
