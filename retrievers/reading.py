"""A search that also asks the article role: its embedder for more candidates, its reranker for their order.

What the role cannot do is left out and told; the search itself goes on. Knows no models.
"""

import asyncio
import logging
from datetime import date

from retrievers.contracts import EncoderMismatch, Query, RetrievalError
from retrievers.encoding import ArticleRole, Vectors
from retrievers.indexes.statutes import Ranked, Statutes

_log = logging.getLogger(__name__)


async def ranked(laws: Statutes, query: Query, day: date, role: ArticleRole) -> tuple[Ranked, tuple[str, ...]]:
    """As `Statutes.ranked`, with the role's help; and a sentence for each model that failed."""
    lacking: list[str] = []
    vector = await _vector(laws, query.text, role, lacking) if role.embeds else None
    found = await asyncio.to_thread(laws.ranked, query, day, vector)
    if role.reranks:
        rows, texts = await asyncio.to_thread(laws.to_read, found, day)
        try:
            scores = await role.rerank(query.text, texts)
            found = found.read(rows, scores)
        except (RetrievalError, TimeoutError) as error:
            lacking.append(_told("重排模型", error))
    return found, tuple(lacking)


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
