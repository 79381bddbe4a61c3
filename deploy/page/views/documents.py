"""Passages of the organisation's own documents, shown beside an answer as plain text."""

from collections.abc import Sequence

from deploy.page.texts import Lang
from deploy.page.views.markup import render
from orchestrator.contracts import InternalPassage


def passages(documents: Sequence[InternalPassage], lang: Lang) -> str:
    """The passages, folded, with the word that they are no law; empty without passages."""
    return render("documents", lang, documents=documents) if documents else ""
