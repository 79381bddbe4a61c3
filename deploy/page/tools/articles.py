"""The tab 查法条: one box. An article that is named is opened; anything else is searched, among articles or cases."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import get_args

from deploy.page.texts import Lang, text
from deploy.page.tools import drawers, naming, reading
from deploy.page.tools.cites import Cite, cite
from deploy.page.tools.context import PageContext
from deploy.page.tools.fields import Field
from deploy.page.tools.naming import Named
from deploy.page.tools.panel import Shown, Told, panel
from deploy.page.views import article
from deploy.page.views.markup import render
from deploy.sdk import AsyncLexhub, LexhubError
from deploy.shapes.experts import Articles, Cases
from retrievers.citations import paragraph
from retrievers.contracts import CaseFilter, Hit, Level, Passage, Term

TOP = 10
NEAR = 0.5  # from this likeness on, an earlier question counts as the like of this one
CASES = "cases"


@dataclass(frozen=True)
class Found:
    """An article as it is listed. `why`: sentences; `excerpt`: the 款 that was asked for, or why there is none."""

    passage: Passage
    cite: Cite
    period: str
    why: tuple[str, ...] = ()
    excerpt: str = ""


def tab(context: PageContext) -> None:
    """Put the tab's panel here."""
    panel(context, "articles", answer)


async def answer(client: AsyncLexhub, told: Told, lang: Lang) -> Shown:
    """What the panel shows after what was done in it. Raises LexhubError."""
    if told.action in drawers.ACTIONS:
        return await drawers.opened(client, told, lang)
    asked = told.values.get("query", "").strip()
    if told.action != "find" or not asked:
        return Shown(panel=page(told, lang))
    try:
        day = reading.day(told.values.get("as_of", ""))
    except ValueError:
        return Shown(panel=page(told, lang, fault=text("articles.day", lang)))
    if told.values.get("what") == CASES:
        return Shown(panel=page(told, lang, cases=await _cases(client, told, asked, day)))
    wanted = naming.read(asked)
    looked, lost = await _looked_up(client, wanted.named, day, lang)
    found = await client.search_articles(asked, as_of=day, top=TOP) if wanted.more else None
    return Shown(panel=page(told, lang, looked=looked, lost=lost, found=found))


async def _looked_up(
    client: AsyncLexhub, named: Sequence[Named], day: date | None, lang: Lang
) -> tuple[list[Found], list[str]]:
    """The articles that were named, and what the API says of those that do not exist. Raises LexhubError."""
    looked, lost = list[Found](), list[str]()
    for one in named:
        try:
            passage = await client.article(one.law, one.number, day)
        except LexhubError as error:
            if error.status != 404:
                raise
            lost.append(error.message)
        else:
            looked.append(_found(passage, lang, excerpt=_excerpt(passage, one.paragraph, lang)))
    return looked, lost


def _excerpt(passage: Passage, place: int | None, lang: Lang) -> str:
    if place is None:
        return ""
    if passage.kind != "official":
        return text("articles.paragraph.digest", lang)
    words = paragraph(passage, place)
    if words is None:
        return text("articles.paragraph.none", lang, number=place)
    return f"{text('articles.paragraph', lang, number=place)}:{words}"


async def _cases(client: AsyncLexhub, told: Told, asked: str, day: date | None) -> Cases:
    level, charge = told.values.get("level", ""), told.values.get("charge", "").strip()
    only = CaseFilter(
        levels=tuple(one for one in get_args(Level) if one == level), charges=(charge,) if charge else ()
    )
    return await client.search_cases(asked, as_of=day, top=TOP, filter=only)


def page(
    told: Told,
    lang: Lang,
    looked: Sequence[Found] = (),
    lost: Sequence[str] = (),
    found: Articles | None = None,
    cases: Cases | None = None,
    fault: str = "",
) -> str:
    """The box with what was typed, and what was found under it."""
    values = told.values
    hits = [_found(hit.passage, lang, _why(hit, place, found.keywords, lang)) for place, hit in enumerate(found.hits, 1)] if found else []
    terms = found.keywords if found else cases.keywords if cases else []
    return render(
        "tools/articles",
        lang,
        asked=values.get("query", ""),
        what=values.get("what", "articles"),
        day=values.get("as_of", ""),
        filters=_filters(values, fault, lang),
        open=bool(fault or any(values.get(one) for one in ("as_of", "charge", "level"))),
        looked=looked,
        lost=lost,
        hits=hits,
        cases=cases.hits if cases else [],
        keywords=[term.term for term in terms],
        nothing=(found is not None and not hits and not looked) or (cases is not None and not cases.hits),
        done=bool(looked or lost or found or cases),
    )


def _filters(values: dict[str, str], fault: str, lang: Lang) -> list[Field]:
    levels = tuple((one, one) for one in get_args(Level))
    day = Field("as_of", text("articles.as_of", lang), "date", text("articles.as_of.hint", lang), value=values.get("as_of", ""), error=fault)
    charge = Field("charge", text("articles.charge", lang), value=values.get("charge", ""))
    level = Field("level", text("articles.level", lang), "choice", value=values.get("level", ""), choices=levels, empty=text("articles.any", lang))
    return [day, charge, level]


def _found(passage: Passage, lang: Lang, why: tuple[str, ...] = (), excerpt: str = "") -> Found:
    return Found(passage, cite(passage.id, lang), article.period(passage, lang), why, excerpt)


def _why(hit: Hit, place: int, keywords: Sequence[Term], lang: Lang) -> tuple[str, ...]:
    """Why the article is among the found, as far as its scores and its text tell."""
    rows = [text("articles.why.first", lang, place=place)]
    if words := [term.term for term in keywords if term.term in hit.passage.text]:
        rows.append(text("articles.why.said", lang, words="、".join(words)))
    if hit.scores.get("nearest", 0) >= NEAR:
        rows.append(text("articles.why.asked", lang))
    if 0 < hit.score <= 1:
        rows.append(text("articles.why.score", lang, percent=round(100 * hit.score)))
    return tuple([*rows, *hit.lacking])
