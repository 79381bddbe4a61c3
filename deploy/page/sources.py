"""What a reply rests on, as Markdown of the conversation: links that open an article or a case in the drawer.

A link's target is a place on the page that only page.js understands: `#article/<law>/<number>/<id>` and `#case/<id>`,
each part percent-encoded.
"""

import html
import re
from collections.abc import Sequence
from urllib.parse import quote

from deploy.page.texts import Lang, text
from deploy.page.views.citations import number
from orchestrator.contracts import Citation, Reply
from orchestrator.wording import typeset

_ACTIVE = re.compile(r"([\\`*_{}\[\]()#+\-.!|~$])")
_BREAKING = re.compile(r"[\[\]\\`]")  # what would end a link's label early


def plain(words: str) -> str:
    """The words as Markdown that shows them as they are, whatever they hold."""
    return _ACTIVE.sub(r"\\\1", html.escape(words, quote=False)).replace("\n", "  \n")


def linked(answer: str, citations: Sequence[Citation]) -> str:
    """The answer, with a link wherever it names an article that it cites: 《民法典》第六百七十五条."""
    names = {f"《{one.law}》{one.article}": one for one in citations if not _BREAKING.search(one.law + one.article)}
    if not names:
        return answer
    longest_first = "|".join(map(re.escape, sorted(names, key=len, reverse=True)))
    whole = rf"(?:{longest_first})(?!之[一二三四五六七八九十])"
    return re.sub(whole, lambda found: f"[{found[0]}]({_article(names[found[0]])})", answer)


def count(reply: Reply, lang: Lang) -> str:
    """依据的法条 24 · 相似案例 3; empty for a reply that rests on nothing."""
    kinds = {"citations.title": _cited(reply), "cases.title": reply.cases, "documents.title": reply.documents}
    return " · ".join(f"{text(key, lang)} {len(rows)}" for key, rows in kinds.items() if rows)


def listed(reply: Reply) -> str:
    """The articles, the cases and the passages of the organisation's documents that stand beside the answer."""
    rows = [f"[{plain(f'《{one.law}》{one.article}')}]({_article(one)})" for one in _cited(reply)]
    rows += [
        f"{plain(typeset(one.label))} [{plain(typeset(one.title))}]({_place('case', one.id)})" for one in reply.cases
    ]
    rows += [f"{plain(one.file)} · {plain(one.place)}" for one in reply.documents]
    return "\n".join(f"- {row}" for row in rows)


def _cited(reply: Reply) -> Sequence[Citation]:
    return tuple({one.id: one for one in reply.citations}.values())


def _article(one: Citation) -> str:
    return _place("article", one.law, number(one.id), one.id)


def _place(*parts: str) -> str:
    return "#" + "/".join(quote(part, safe="") for part in parts)
