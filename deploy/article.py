"""The article role's embedder and reranker: in this process, and as a deployment of their own.

Introduces `models` to what `retrievers` asks for. Models, and Ray, are imported where they are needed.
"""

import asyncio
import time
from collections.abc import Awaitable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

from deploy.gathering import Gathering
from deploy.observing.replicas import Replica, start
from deploy.settings import ArticleDeployment, Observing, Settings
from models.contracts import ModelError, ModelUnavailable, OutOfMemory
from models.readers import EmbedderOptions
from retrievers.contracts import RetrievalError
from retrievers.encoding import Embedded, EmbedderName, Vectors

Answer = TypeVar("Answer")


class RoleFailed(RetrievalError):
    """The article role's embedder or reranker could not answer; the message says why."""

    code = "article_role_failed"


class PassageEmbedder:
    """`retrievers.encoding.Embedder` over a checkpoint, for building an index."""

    def __init__(self, options: EmbedderOptions) -> None:
        """Load it. Raises ModelUnavailable with the reason or the command that fetches the checkpoint, OutOfMemory."""
        from models.embedders.transformers_pooled import PooledEmbedder

        self._net = PooledEmbedder(options)
        self.name = EmbedderName(options.model, self._net.digest, options.dimensions)
        self.dimensions = self._net.dimensions

    def passages(self, texts: Sequence[str]) -> Vectors:
        """One row for each text."""
        return self._net.passages(texts)


def require_vectors(settings: Settings) -> None:
    """Raise EncoderMismatch, naming the command, unless the statutes have the vectors of the settings' embedder.

    Raises ModelUnavailable with the command that fetches the embedder where it is not here.
    """
    from retrievers import ingest
    from retrievers.ranking import vectors

    if settings.article is None or (options := settings.article.encoder) is None:
        return
    from models.embedders import transformers_pooled

    wanted = EmbedderName(options.model, transformers_pooled.digest(options), options.dimensions)
    vectors.require(ingest.embedder_of(settings.home), wanted, settings.home)


class LocalRole:
    """`retrievers.encoding.ArticleRole` in this process. One batch is read at a time; each answer has `patience`
    seconds, null: as long as it takes. `broken` says why no later call will succeed, empty while all is well.
    """

    def __init__(self, article: ArticleDeployment, patience: float | None = None) -> None:
        """Load the models. Raises ModelUnavailable with the reason or the command that fetches them, OutOfMemory."""
        self.embeds, self.reranks = article.encoder is not None, article.reranker is not None
        self._patience, self.broken = patience, ""
        self._thread = ThreadPoolExecutor(1, "lexhub-article")
        if article.encoder is not None:
            from models.embedders.transformers_pooled import PooledEmbedder

            self._embedder = PooledEmbedder(article.encoder)
            self._name = EmbedderName(article.encoder.model, self._embedder.digest, article.encoder.dimensions)
            self._questions = Gathering(self._vectors, self._thread, article.encoder.batch)
        if article.reranker is not None:
            from models.rerankers.cross_encoder import CrossReranker

            self._reranker = CrossReranker(article.reranker)

    async def embed(self, question: str, deadline: float | None = None) -> Embedded:
        """The vector of a question. `deadline`: Unix time, in place of the role's patience."""
        vector = await self._answer(self._questions.ask(question), self._until(deadline))
        return Embedded(vector, self._name)

    async def rerank(self, question: str, texts: Sequence[str], deadline: float | None = None) -> Sequence[float]:
        """A score for each text; `deadline` as in `embed`."""
        until, loop = self._until(deadline), asyncio.get_running_loop()
        return await self._answer(
            loop.run_in_executor(self._thread, self._reranker.scores, question, list(texts), until), until
        )

    async def _answer(self, reading: Awaitable[Answer], until: float | None) -> Answer:
        try:
            return await asyncio.wait_for(reading, None if until is None else max(0.0, until - time.time()))
        except ModelError as error:
            if isinstance(error, ModelUnavailable) and not isinstance(error, OutOfMemory):
                self.broken = str(error)
            raise RoleFailed(f"{error.code}: {error}") from error

    def _vectors(self, questions: Sequence[str]) -> Sequence[Vectors]:
        return list(self._embedder.questions(questions))

    def _until(self, deadline: float | None) -> float | None:
        if deadline is not None or self._patience is None:
            return deadline
        return time.time() + self._patience


class ArticleServer(Replica):
    """Hosts the models of the article role; questions that come at once share a batch."""

    def __init__(self, article: ArticleDeployment, private: bool, observing: Observing) -> None:
        self.watching = start(observing)
        if private:
            from deploy.loopback import keep_private

            keep_private()
        self._role = LocalRole(article)

    async def check_health(self) -> None:
        """Raises RoleFailed when the models have failed for good: Serve then replaces the replica."""
        if self._role.broken:
            raise RoleFailed(self._role.broken)

    async def embed(self, question: str, deadline: float) -> Embedded:
        """As `LocalRole.embed`."""
        return await self._role.embed(question, deadline)

    async def rerank(self, question: str, texts: list[str], deadline: float) -> Sequence[float]:
        """As `LocalRole.rerank`."""
        return await self._role.rerank(question, texts, deadline)
