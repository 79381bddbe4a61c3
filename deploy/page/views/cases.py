"""Similar cases: what each has in common with the client's matter and what not, and a case in full."""

from collections.abc import Sequence

from deploy.page.texts import Lang, text
from deploy.page.views.markup import render
from models.contracts import SimilarCase
from retrievers.contracts import Case


def cards(cases: Sequence[SimilarCase], lang: Lang) -> str:
    """The cases beside an answer, each with its label; empty without cases.

    A click reports `{"action": "case", "id": …}`.
    """
    return render("cases", lang, cases=cases) if cases else ""


def drawer(case: Case, lang: Lang) -> str:
    """One case in full, in a drawer over the page. An invented one says so."""
    about = {
        "cases.court": case.court,
        "cases.number": case.number,
        "cases.year": str(case.year or ""),
        "cases.subject": "、".join(case.subjects),
        "cases.articles": "、".join(case.articles),
    }
    parts = {
        "cases.facts": case.facts,
        "cases.issue": case.issue,
        "cases.outcome": case.outcome,
        "cases.reasoning": case.reasoning,
    }
    return render("case", lang, case=case, about=_worded(about, lang), parts=_worded(parts, lang))


def _worded(rows: dict[str, str], lang: Lang) -> list[tuple[str, str]]:
    return [(text(key, lang), value) for key, value in rows.items() if value]
