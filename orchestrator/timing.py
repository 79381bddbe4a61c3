"""No work goes on past its deadline: streams and the library, each call with its own limit and the whole one's rest."""

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterable, Awaitable, Sequence
from contextlib import aclosing
from datetime import date
from typing import TypeVar

from orchestrator.contracts import ConsultationError
from retrievers.contracts import (
    Case,
    CaseHit,
    CorpusState,
    DocumentHit,
    Hit,
    Library,
    Passage,
    Query,
    Ranking,
    Resolution,
    SearchTooLate,
    Verdict,
)

T = TypeVar("T")


class OutOfTime(ConsultationError):
    """The deadline of the whole request has passed; nothing was kept."""

    code = "deadline_exceeded"


LATE = "这一轮处理超时,没有保存,请重新发送。"


async def until(stream: AsyncIterable[T], deadline: float) -> AsyncGenerator[T, None]:
    """What the stream gives, up to `deadline` (Unix time). Raises TimeoutError; the stream is closed in any case."""
    loop = asyncio.get_running_loop()
    ends = loop.time() + deadline - time.time()  # a clock that is set meanwhile changes nothing
    iterator = aiter(stream)
    try:
        while loop.time() < ends:
            try:
                async with asyncio.timeout_at(ends):
                    one = await anext(iterator)
            except StopAsyncIteration:
                return
            yield one
        raise TimeoutError
    finally:
        close = getattr(iterator, "aclose", None)
        if close is not None:
            await close()


async def in_time(stream: AsyncIterable[T], deadline: float) -> AsyncGenerator[T, None]:
    """As `until`, for a whole request. Raises OutOfTime."""
    try:
        async with aclosing(until(stream, deadline)) as limited:
            async for one in limited:
                yield one
    except TimeoutError as error:
        raise OutOfTime(LATE) from error


class TimedLibrary:
    """A Library whose every call ends within `limit` seconds and by `deadline` (Unix time). Raises SearchTooLate.

    Searches carry the time with them, so that a replica does not begin one that nobody waits for any more.
    """

    def __init__(self, library: Library, limit: float, deadline: float) -> None:
        self._library, self._limit, self._deadline = library, limit, deadline

    async def search_articles(self, query: Query) -> list[Hit]:
        """As Library.search_articles."""
        return await self._in_time(self._library.search_articles(self._timed(query)))

    async def rank_articles(self, query: Query) -> Ranking:
        """As Library.rank_articles."""
        return await self._in_time(self._library.rank_articles(self._timed(query)))

    async def search_cases(self, query: Query) -> list[CaseHit]:
        """As Library.search_cases."""
        return await self._in_time(self._library.search_cases(self._timed(query)))

    async def article(self, law: str, number: int, sub: int = 0, as_of: date | None = None) -> Passage:
        """As Library.article."""
        return await self._in_time(self._library.article(law, number, sub, as_of))

    async def versions(self, law: str, number: int, sub: int = 0, as_of: date | None = None) -> list[Passage]:
        """As Library.versions."""
        return await self._in_time(self._library.versions(law, number, sub, as_of))

    async def passages(self, ids: Sequence[str], as_of: date | None = None) -> list[Passage]:
        """As Library.passages."""
        return await self._in_time(self._library.passages(ids, as_of))

    async def case(self, id: str) -> Case:
        """As Library.case."""
        return await self._in_time(self._library.case(id))

    async def cases(self, ids: Sequence[str]) -> list[Case]:
        """As Library.cases."""
        return await self._in_time(self._library.cases(ids))

    async def documents(self, query: Query, corpora: Sequence[str]) -> list[DocumentHit]:
        """As Library.documents."""
        return await self._in_time(self._library.documents(self._timed(query), corpora))

    async def document_corpora(self) -> list[str]:
        """As Library.document_corpora."""
        return await self._in_time(self._library.document_corpora())

    async def resolve(self, text: str, as_of: date | None = None) -> list[Resolution]:
        """As Library.resolve."""
        return await self._in_time(self._library.resolve(text, as_of))

    async def check(self, sentences: Sequence[str], allowed: str = "", as_of: date | None = None) -> list[Verdict]:
        """As Library.check."""
        return await self._in_time(self._library.check(sentences, allowed, as_of))

    async def state(self) -> CorpusState:
        """As Library.state."""
        return await self._in_time(self._library.state())

    def _timed(self, query: Query) -> Query:
        return query.model_copy(update={"deadline": min(time.time() + self._limit, self._deadline)})

    async def _in_time(self, call: Awaitable[T]) -> T:
        seconds = min(self._limit, self._deadline - time.time())
        try:
            return await asyncio.wait_for(call, max(0.0, seconds))
        except TimeoutError as error:
            raise SearchTooLate(f"检索没有在 {max(0.0, seconds):.3g} 秒内完成") from error
