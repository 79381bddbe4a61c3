"""An article of law in full: its text, version and status, in a drawer over the page."""

from collections.abc import Sequence

from deploy.page.texts import Lang, text
from deploy.page.views import citations
from deploy.page.views.markup import render
from retrievers.contracts import Passage, Successor


def drawer(passage: Passage, lang: Lang, versions: Sequence[Passage] = ()) -> str:
    """The article; `versions` are all loaded ones of it, of which the others are listed under it."""
    others = [
        {"status": one.status, "period": period(one, lang), "text": one.text, "official": one.kind == "official"}
        for one in versions
        if one.id != passage.id
    ]
    successor = _successor(passage.successor, lang) if passage.successor else None
    return render("article", lang, passage=passage, about=_about(passage, lang), others=others, successor=successor)


def period(passage: Passage, lang: Lang) -> str:
    """From when until when the version governs."""
    start, end = passage.effective_from, passage.effective_to
    if start and end:
        return text("article.between", lang, start=start, end=end)
    if start:
        return text("article.since", lang, start=start)
    return text("article.until", lang, end=end) if end else text("article.unknown", lang)


def _about(passage: Passage, lang: Lang) -> list[tuple[str, str]]:
    adopted = text("article.adopted", lang, day=passage.version) if passage.version else ""
    rows = {
        "article.version": adopted or text("article.unknown", lang),
        "article.effective": period(passage, lang),
        "article.chapter": " · ".join(one for one in (passage.part, passage.chapter) if one),
        "article.category": passage.category,
        "article.source": passage.source,
    }
    return [(text(key, lang), value) for key, value in rows.items() if value]


def _successor(successor: Successor, lang: Lang) -> dict[str, str]:
    number = citations.number(successor.id)
    short = citations.short(successor.id, "", lang) if number else ""
    return {"law": successor.law, "id": successor.id, "number": number, "short": short}
