"""The articles that an answer cites, by law, each opening its full text."""

from collections.abc import Iterable, Sequence
from itertools import groupby

from deploy.page.texts import Lang, text
from deploy.page.views.markup import render
from orchestrator.contracts import Citation

STATUSES = ("verified", "digest")


def chips(citations: Sequence[Citation], lang: Lang) -> str:
    """Buttons by law, official text before digests, with what each rests on; empty without citations.

    A click reports `{"action": "article", "law": …, "number": "675" or "133-1", "id": …}`.
    """
    groups = [
        (status, _by_law((one for one in citations if one.status == status), lang))
        for status in STATUSES
        if any(one.status == status for one in citations)
    ]
    return render("citations", lang, groups=groups) if groups else ""


def number(id: str) -> str:
    """The article's number as the API's address has it: 675 of `民法典#675`."""
    return id.rpartition("#")[2]


def short(id: str, article: str, lang: Lang) -> str:
    """第675条, 第133条之1; the article as written where the id has no such number."""
    main, _, sub = number(id).partition("-")
    if not main.isdecimal() or (sub and not sub.isdecimal()):
        return article
    return text("article.sub", lang, number=main, sub=sub) if sub else text("article.number", lang, number=main)


def _by_law(citations: Iterable[Citation], lang: Lang) -> list[tuple[str, list[dict[str, str]]]]:
    """The rows of each law: first the law with most of them, of equal ones that which the answer names first."""
    found = {one.id: one for one in citations}.values()
    laws = [one.law for one in found]
    ordered = sorted(found, key=lambda one: (-laws.count(one.law), laws.index(one.law)))
    return [(law, [_row(one, lang) for one in rows]) for law, rows in groupby(ordered, lambda one: one.law)]


def _row(citation: Citation, lang: Lang) -> dict[str, str]:
    return {
        "id": citation.id,
        "number": number(citation.id),
        "name": f"《{citation.law}》{citation.article}",
        "short": short(citation.id, citation.article, lang),
        "told": citation.quote or citation.digest,
    }
