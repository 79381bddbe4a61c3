"""Finding law and cases with the models' help: keywords, then proposed articles, then the search (design.md section 5).

Used by the consultation's execute step, by the experts' API and by the batch commands, so that all search alike.
"""

import asyncio
from collections.abc import Sequence
from datetime import date

from models.contracts import GenerationRequest, Message
from models.schemas import ARTICLES, KEYWORDS, read_articles, read_keywords
from orchestrator import dispatch, likeness
from orchestrator.contracts import TraceEntry
from orchestrator.services import EVERY_CORPUS, Services
from orchestrator.wording import plain
from retrievers.contracts import CaseFilter, CaseHit, DocumentHit, Hit, Query, Ranking, Term

Proposals = tuple[tuple[str, float], ...]


async def keywords(services: Services, text: str, domain: str = "") -> tuple[tuple[Term, ...], TraceEntry]:
    """Weighted legal terms for the story. Raises ModelError, NoModel."""
    request = GenerationRequest(task="keywords", messages=(Message(role="user", content=text),), schema_=KEYWORDS)
    rows, made = await dispatch.ask(services, request, domain, read_keywords)
    return tuple(Term(term=row.term, weight=row.weight) for row in rows), made


async def proposals(
    services: Services, text: str, domain: str = "", as_of: date | None = None
) -> tuple[Proposals, int, TraceEntry]:
    """Articles that the article model names, resolved against the corpus: (id, weight) of those in force, and how
    many were named that the corpus does not have or that are not in force. Raises ModelError, NoModel, RetrievalError.
    """
    request = GenerationRequest(task="articles", messages=(Message(role="user", content=text),), schema_=ARTICLES)
    named, made = await dispatch.ask(services, request, domain, read_articles)
    # One line for each, found again by its place: a name that is no citation must not shift those after it.
    lines = [f"《{row.law}》{row.article}\n" for row in named]
    starts = {sum(map(len, lines[:at])): row for at, row in enumerate(named)}
    resolved = await services.library.resolve("".join(lines), as_of) if named else []
    kept = tuple(
        (one.passage.id, starts[one.mention.start].weight)
        for one in resolved
        if one.outcome == "found" and one.passage is not None and one.passage.citable and one.mention.start in starts
    )
    return kept, len(named) - len(kept), made


async def articles(
    services: Services,
    text: str,
    *,
    top: int,
    domain: str = "",
    as_of: date | None = None,
    terms: Sequence[Term] | None = None,
) -> list[Hit]:
    """The articles for a text as a consultation finds them; `terms`: its keywords where they are known already.

    Raises ModelError, NoModel, RetrievalError.
    """
    return await services.library.search_articles(await _query(services, text, top, domain, as_of, terms))


async def ranking(services: Services, text: str, *, top: int, domain: str = "", as_of: date | None = None) -> Ranking:
    """What `articles` finds, without the texts. Raises ModelError, NoModel, RetrievalError."""
    return await services.library.rank_articles(await _query(services, text, top, domain, as_of))


async def _query(
    services: Services,
    text: str,
    top: int,
    domain: str,
    as_of: date | None,
    terms: Sequence[Term] | None = None,
) -> Query:
    if terms is None:
        terms, _ = await keywords(services, text, domain)
    proposed, _, _ = await proposals(services, text, domain, as_of)
    return Query(text=plain(text), keywords=tuple(terms), proposed=proposed, field=domain, as_of=as_of, top=top)


async def cases(
    services: Services,
    text: str,
    *,
    top: int,
    pool: Sequence[str] | None = None,
    only: CaseFilter | None = None,
    terms: Sequence[Term] | None = None,
) -> list[CaseHit]:
    """The cases for a text as a consultation finds them; `pool` limits them to these ids, `only` by properties.

    `terms` and errors as in `articles`.
    """
    if terms is None:
        terms, _ = await keywords(services, text)
    query = Query(
        text=plain(text), keywords=tuple(terms), top=top, pool=None if pool is None else tuple(pool), only=only
    )
    return await services.library.search_cases(query)


async def documents(services: Services, text: str, terms: Sequence[Term], *, top: int) -> list[DocumentHit]:
    """The passages of the private documents that the caller may see. Raises RetrievalError."""
    every = services.corpora == EVERY_CORPUS
    corpora = await services.library.document_corpora() if every else services.corpora
    if not corpora:
        return []
    return await services.library.documents(Query(text=plain(text), keywords=tuple(terms), top=top), corpora)


async def compared(hits: Sequence[CaseHit], text: str, terms: Sequence[Term], today: date) -> list[CaseHit]:
    """The hits with what each case has in common with the text, and what not. Reading many cases takes a thread."""
    told = likeness.Told(text, {}, tuple(term.term for term in terms))

    def read() -> list[CaseHit]:
        found = [likeness.compare(hit.case, told, None, today) for hit in hits]
        return [
            hit.model_copy(update={"alike": one.alike, "differing": one.differing})
            for hit, one in zip(hits, found, strict=True)
        ]

    return await asyncio.to_thread(read)
