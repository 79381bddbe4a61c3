"""The library and the article role behind Serve handles."""

import time
from collections.abc import Sequence
from datetime import date
from typing import Any

from ray.serve.handle import DeploymentHandle

from deploy.article import RoleFailed
from deploy.observing.context import carried
from deploy.remote.errors import unwrapped
from deploy.remote.retrying import Budget, Hedging, hedged
from deploy.settings import ArticleDeployment
from retrievers.contracts import (
    Case,
    CaseHit,
    CorpusState,
    DocumentHit,
    Hit,
    Passage,
    Query,
    Ranking,
    Resolution,
    RetrievalError,
    Verdict,
)
from retrievers.encoding import Embedded


class LibraryUnavailable(RetrievalError):
    """The retriever deployment cannot be reached."""

    code = "retriever_unavailable"


class LibraryOverloaded(RetrievalError):
    """The retriever deployment's queue is full."""

    code = "retriever_overloaded"


class RemoteLibrary:
    """The Library behind a Serve handle; see retrievers.contracts.Library for what each method promises.

    A call has `patience` seconds, within which it outlives its replica and, by `hedging`, a silent one: all are reads.
    """

    def __init__(self, handle: DeploymentHandle, hedging: Hedging, patience: float) -> None:
        self._handle, self._hedging, self._patience = handle, hedging, patience
        self._budget = Budget()

    async def search_articles(self, query: Query) -> list[Hit]:
        """Articles for the query."""
        return await self._call("search_articles", query)  # type: ignore[no-any-return]

    async def rank_articles(self, query: Query) -> Ranking:
        """The ids and scores of articles for the query."""
        return await self._call("rank_articles", query)  # type: ignore[no-any-return]

    async def search_cases(self, query: Query) -> list[CaseHit]:
        """Cases for the query."""
        return await self._call("search_cases", query)  # type: ignore[no-any-return]

    async def article(self, law: str, number: int, sub: int = 0, as_of: date | None = None) -> Passage:
        """One article."""
        return await self._call("article", law, number, sub, as_of)  # type: ignore[no-any-return]

    async def versions(self, law: str, number: int, sub: int = 0, as_of: date | None = None) -> list[Passage]:
        """One article in all its versions."""
        return await self._call("versions", law, number, sub, as_of)  # type: ignore[no-any-return]

    async def passages(self, ids: Sequence[str], as_of: date | None = None) -> list[Passage]:
        """Passages by id."""
        return await self._call("passages", list(ids), as_of)  # type: ignore[no-any-return]

    async def case(self, id: str) -> Case:
        """One case."""
        return await self._call("case", id)  # type: ignore[no-any-return]

    async def cases(self, ids: Sequence[str]) -> list[Case]:
        """Cases by id."""
        return await self._call("cases", list(ids))  # type: ignore[no-any-return]

    async def documents(self, query: Query, corpora: Sequence[str]) -> list[DocumentHit]:
        """Passages of private documents."""
        return await self._call("documents", query, list(corpora))  # type: ignore[no-any-return]

    async def document_corpora(self) -> list[str]:
        """The corpora of private documents."""
        return await self._call("document_corpora")  # type: ignore[no-any-return]

    async def resolve(self, text: str, as_of: date | None = None) -> list[Resolution]:
        """The citations in a text."""
        return await self._call("resolve", text, as_of)  # type: ignore[no-any-return]

    async def check(self, sentences: Sequence[str], allowed: str = "", as_of: date | None = None) -> list[Verdict]:
        """A verdict for each sentence."""
        return await self._call("check", list(sentences), allowed, as_of)  # type: ignore[no-any-return]

    async def state(self) -> CorpusState:
        """What is loaded."""
        return await self._call("state")  # type: ignore[no-any-return]

    async def _call(self, method: str, *args: Any) -> Any:
        remote = getattr(self._handle, method).remote
        try:
            answer, _ = await hedged(
                lambda: remote(*args, carried=carried()), self._hedging, self._budget, self._patience
            )
            return answer
        except TimeoutError as error:
            raise LibraryUnavailable(f"retriever: {error}") from error
        except Exception as error:
            raise unwrapped(error, RetrievalError, LibraryOverloaded, LibraryUnavailable, "retriever") from error


class RemoteRole:
    """The ArticleRole behind a Serve handle; each answer has `patience` seconds.

    Reading takes much of them, so a silent replica is given up for another one only after half.
    """

    def __init__(self, article: ArticleDeployment, handle: DeploymentHandle, patience: float) -> None:
        self.embeds, self.reranks = article.encoder is not None, article.reranker is not None
        self._handle, self._patience = handle, patience
        self._hedging, self._budget = Hedging(patience / 2, most=min(2, article.upto)), Budget()

    async def embed(self, question: str) -> Embedded:
        """The vector of a question."""
        return await self._call("embed", question)  # type: ignore[no-any-return]

    async def rerank(self, question: str, texts: Sequence[str]) -> Sequence[float]:
        """A score for each text."""
        return await self._call("rerank", question, list(texts))  # type: ignore[no-any-return]

    async def _call(self, method: str, *args: Any) -> Any:
        remote, until = getattr(self._handle, method).remote, time.time() + self._patience
        try:
            answer, _ = await hedged(
                lambda: remote(*args, until, carried=carried()), self._hedging, self._budget, self._patience
            )
            return answer
        except TimeoutError:
            raise
        except Exception as error:
            raise unwrapped(error, RetrievalError, LibraryOverloaded, RoleFailed, "article") from error
