"""A search that also asks the article role: its embedder for more candidates, its reranker for their order.

What the role cannot do is left out and told in every hit; the search itself goes on. Knows no models.
"""

import asyncio
import logging
from datetime import date

from retrievers.contracts import EncoderMismatch, Hit, Query, RetrievalError
from retrievers.encoding import ArticleRole, Vectors
from retrievers.indexes.statutes import Statutes

_log = logging.getLogger(__name__)


async def search(laws: Statutes, query: Query, day: date, role: ArticleRole) -> list[Hit]:
    """As `Statutes.search`, with the role's help."""
    lacking: list[str] = []
    vector = await _vector(laws, query.text, role, lacking) if role.embeds else None
    ranked = await asyncio.to_thread(laws.ranked, query, day, vector)
    if role.reranks:
        rows, texts = await asyncio.to_thread(laws.to_read, ranked, day)
        try:
            scores = await role.rerank(query.text, texts)
            ranked = ranked.read(rows, scores)
        except (RetrievalError, TimeoutError) as error:
            lacking.append(_told("重排模型", error))
    hits = await asyncio.to_thread(laws.hits, ranked, query, day)
    return [hit.model_copy(update={"lacking": tuple(lacking)}) for hit in hits] if lacking else hits


async def _vector(laws: Statutes, text: str, role: ArticleRole, lacking: list[str]) -> Vectors | None:
    try:
        embedded = await role.embed(text)
        laws.require_embedder(embedded.by)
    except (RetrievalError, TimeoutError) as error:
        lacking.append(_told("向量模型", error))
        return None
    return embedded.vector


def _told(model: str, error: Exception) -> str:
    _log.warning("%s: %r", model, error)
    if isinstance(error, EncoderMismatch):
        return f"{model}与法条的向量不是同一个模型做的,需要重建索引({error})"
    return f"{model}本次不可用({getattr(error, 'code', 'timeout')}):{error}".removesuffix(":")
