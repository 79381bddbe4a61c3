"""The library of one machine: the serving generations of statutes, cases and documents, and all that is asked of them.

Follows the CURRENT pointers: a new generation is loaded beside the old one and takes over between two queries.
Knows nothing of imports but their result.
"""

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path
from typing import Generic, Protocol, Self, TypeVar

from threadpoolctl import threadpool_limits

from retrievers import checking, citations, embedded, generations, reading
from retrievers.contracts import (
    Case,
    CaseHit,
    CorpusState,
    CorruptIndex,
    DocumentHit,
    EncoderMismatch,
    Hit,
    NoSuchArticle,
    NoSuchCase,
    Passage,
    Query,
    Ranking,
    Resolution,
    Verdict,
)
from retrievers.documents import corpora
from retrievers.documents.corpora import Documents
from retrievers.encoding import ArticleRole
from retrievers.indexes.precedents import Precedents
from retrievers.indexes.statutes import Statutes
from retrievers.ranking.knowledge import Knowledge
from retrievers.storage import Manifest, Store
from retrievers.tokenise import Tokeniser

LOOK_EVERY = 1.0  # seconds between two looks at the CURRENT pointers

_log = logging.getLogger(__name__)


class _Searchable(Protocol):
    tokeniser: Tokeniser


Content = TypeVar("Content", bound=_Searchable)


@dataclass(frozen=True)
class _Generation(Generic[Content]):
    manifest: Manifest
    content: Content


class _Shelf(Generic[Content]):
    """The serving generation of one corpus."""

    def __init__(self, store: Store, load: Callable[[Path], Content], encoder: str = "") -> None:
        self._store = store
        self._load = load
        self._encoder = encoder
        self._refused: int | None = None  # the swap that led to a damaged generation; the next swap is tried again
        self.serving = self._loaded(self._pointed())

    def renew(self) -> None:
        """Take the generation that CURRENT names, if it is another one; a damaged one is logged and left alone."""
        swap = self._store.last_swap()
        try:
            digest = self._pointed()
            if digest != self.serving.manifest.digest and swap != self._refused:
                self.serving = self._loaded(digest)
        except CorruptIndex as error:
            self._refused = swap
            _log.error("keeping %s generation %s: %s", self._store.folder.name, self.serving.manifest.digest, error)

    def is_behind(self) -> bool:
        """Whether CURRENT names a generation that was not looked at yet."""
        digest = self._store.current()
        return digest not in (None, self.serving.manifest.digest) and self._store.last_swap() != self._refused

    def _pointed(self) -> str:
        if (digest := self._store.current()) is None:
            raise CorruptIndex(f"{self._store.folder}: no generation is there")
        return digest

    def _loaded(self, digest: str) -> _Generation[Content]:
        manifest = self._store.verified(digest)
        if manifest.encoder != self._encoder:
            folder = self._store.generation(digest)
            raise EncoderMismatch(f"{folder}: made with another encoder; `lexhub ingest rebuild` makes it again")
        content = self._load(self._store.generation(digest))
        if content.tokeniser.digest != manifest.tokeniser:
            folder = self._store.generation(digest)
            raise CorruptIndex(
                f"{folder}: its text was cut by another tokeniser; `lexhub ingest rebuild` makes it again"
            )
        return _Generation(manifest, content)


class LocalLibrary:
    """`contracts.Library` over the corpora of a home folder. Searches run in a thread, so that articles and cases
    are looked for at the same time; what takes less than a millisecond runs in the caller's."""

    def __init__(
        self,
        home: Path,
        knowledge: Knowledge,
        today: Callable[[], date] = date.today,
        role: ArticleRole | None = None,
    ) -> None:
        """Load what serves. Raises CorruptIndex naming the file when it cannot be read.

        `role`: the embedder and the reranker that searches for articles ask, where they are deployed. From then on
        NumPy's products use one thread in this process.
        """
        # Searches come many at once, and their products are small: threads within one cost more than they give.
        threadpool_limits(1, user_api="blas")
        self._today = today
        self._home = home
        self._role = role
        self._documents: dict[str, _Shelf[Documents]] = {}  # loaded when they are first asked for
        self._laws = _Shelf(
            generations.laws_store(home), lambda folder: Statutes(folder, knowledge), knowledge.encoder.digest
        )
        self._cases = _Shelf(generations.cases_store(home), Precedents)
        self._looked = time.monotonic()
        self._renewing = threading.Lock()

    @classmethod
    def open(
        cls,
        home: Path,
        knowledge: Knowledge,
        today: Callable[[], date] = date.today,
        role: ArticleRole | None = None,
    ) -> Self:
        """The library of `home`, whose embedded corpus is made first where nothing was imported."""
        embedded.ensure(home, knowledge)
        return cls(home, knowledge, today, role)

    def renew(self) -> None:
        """Load newer statutes and cases now. A damaged generation is logged by name and the old one serves on."""
        with self._renewing:
            self._laws.renew()
            self._cases.renew()

    async def search_articles(self, query: Query) -> list[Hit]:
        """As `Library.search_articles`."""
        self._look()
        laws, day = self._laws.serving.content, query.as_of or self._today()
        if self._role is None or not query.thorough:
            return await asyncio.to_thread(laws.search, query, day)
        ranked, lacking = await reading.ranked(laws, query, day, self._role)
        hits = await asyncio.to_thread(laws.hits, ranked, query, day)
        return [hit.model_copy(update={"lacking": lacking}) for hit in hits] if lacking else hits

    async def rank_articles(self, query: Query) -> Ranking:
        """As `Library.rank_articles`."""
        self._look()
        laws, day = self._laws.serving.content, query.as_of or self._today()
        if self._role is None or not query.thorough:
            return Ranking(scores=await asyncio.to_thread(laws.rank, query, day))
        ranked, lacking = await reading.ranked(laws, query, day, self._role)
        return Ranking(scores=await asyncio.to_thread(laws.ids, ranked, query), lacking=lacking)

    async def search_cases(self, query: Query) -> list[CaseHit]:
        """As `Library.search_cases`."""
        self._look()
        return await asyncio.to_thread(self._cases.serving.content.search, query)

    async def article(self, law: str, number: int, sub: int = 0, as_of: date | None = None) -> Passage:
        """As `Library.article`. Of a law without a version valid then, the nearest version with its status."""
        self._look()
        laws, day = self._laws.serving.content, as_of or self._today()
        title = laws.titles.canonical(law) or law
        if (passage := laws.corpus.article(title, number, sub, day)) is None:
            raise NoSuchArticle(_missing(laws, title, number, sub, day))
        return passage

    async def versions(self, law: str, number: int, sub: int = 0, as_of: date | None = None) -> list[Passage]:
        """As `Library.versions`."""
        self._look()
        laws, day = self._laws.serving.content, as_of or self._today()
        title = laws.titles.canonical(law) or law
        if not (found := laws.corpus.versions(title, number, sub, day)):
            raise NoSuchArticle(_missing(laws, title, number, sub, day))
        return found

    async def passages(self, ids: Sequence[str], as_of: date | None = None) -> list[Passage]:
        """As `Library.passages`."""
        self._look()
        corpus = self._laws.serving.content.corpus
        positions = corpus.positions(ids)
        found = corpus.at(list(positions.values()), as_of or self._today())
        return [found[positions[id_]] for id_ in ids if id_ in positions]

    async def case(self, id: str) -> Case:
        """As `Library.case`."""
        self._look()
        if (case := self._cases.serving.content.cases.case(id)) is None:
            raise NoSuchCase(f"没有编号为“{id}”的案例。")
        return case

    async def cases(self, ids: Sequence[str]) -> list[Case]:
        """As `Library.cases`."""
        self._look()
        known = self._cases.serving.content.cases
        return [case for id in ids if (case := known.case(id)) is not None]

    async def documents(self, query: Query, corpora: Sequence[str]) -> list[DocumentHit]:
        """As `Library.documents`. The first query of a generation waits until a thread has loaded it."""
        found: list[DocumentHit] = []
        for name in dict.fromkeys(corpora):
            if (shelf := await self._shelf(name)) is not None:
                found += await asyncio.to_thread(shelf.serving.content.search, query)
        return sorted(found, key=lambda hit: -hit.score)[: query.top]

    async def document_corpora(self) -> list[str]:
        """As `Library.document_corpora`."""
        return corpora.names(self._home)

    async def resolve(self, text: str, as_of: date | None = None) -> list[Resolution]:
        """As `Library.resolve`."""
        self._look()
        return _resolved(self._laws.serving.content, text, as_of or self._today())

    async def check(self, sentences: Sequence[str], allowed: str = "", as_of: date | None = None) -> list[Verdict]:
        """As `Library.check`."""
        self._look()
        laws, day, client = self._laws.serving.content, as_of or self._today(), checking.Allowed(allowed)
        return [
            checking.verdict(said, _resolved(laws, said, day), client, _gone(laws, said, day)) for said in sentences
        ]

    async def state(self) -> CorpusState:
        """As `Library.state`."""
        self._look()
        laws, cases = self._laws.serving, self._cases.serving
        return CorpusState(
            **laws.content.corpus.counts(),
            **cases.content.cases.counts(),
            generation=f"{laws.manifest.digest[:12]}-{cases.manifest.digest[:12]}",
            reaches=laws.manifest.reaches,
        )

    def _look(self) -> None:
        """At most once in LOOK_EVERY seconds see whether there is something newer, and load it in a thread."""
        now = time.monotonic()
        if now - self._looked < LOOK_EVERY or self._renewing.locked():
            return
        self._looked = now
        if self._laws.is_behind() or self._cases.is_behind():
            threading.Thread(target=self.renew, name="lexhub-renew", daemon=True).start()

    async def _shelf(self, name: str) -> _Shelf[Documents] | None:
        """The corpus of documents; null where none has the name, or everything was taken out of it."""
        if not corpora.holds(self._home, name):
            self._documents.pop(name, None)
            return None
        if (shelf := self._documents.get(name)) is not None:
            if shelf.is_behind():  # what was taken out of a corpus is not to be found even once more
                await asyncio.to_thread(shelf.renew)
            return shelf
        # Two first queries at once load it twice, and one of them is kept: both are the serving generation.
        load = partial(Documents, corpus=name)
        return self._documents.setdefault(name, await asyncio.to_thread(_Shelf, corpora.store(self._home, name), load))


def _resolved(laws: Statutes, text: str, day: date) -> list[Resolution]:
    """The citations of `text`. Also of a law known by digests alone is said where its articles end."""
    corpus = laws.corpus
    lookup, last_article = partial(corpus.article, day=day), partial(corpus.last_article, day=day)
    found = citations.resolve(text, laws.titles, lookup, last_article, partial(corpus.versions, day=day), day)
    return [_ended(row, last_article(row.mention.law, official=False)) for row in found]


def _gone(laws: Statutes, text: str, day: date) -> list[tuple[str, int, int]]:
    """The laws named in `text`, and where, that are done away with by `day`."""
    found: list[tuple[str, int, int]] = []
    for law, start, end in laws.titles.named(text):
        old = None if law in laws.titles else laws.titles.old(law)
        if laws.corpus.is_repealed(law, day) or (old is not None and old.since <= day):
            found.append((law, start, end))
    return found


def _ended(row: Resolution, last: int | None) -> Resolution:
    law, number = row.mention.law, row.mention.number
    if row.outcome != "no_such_article" or last is None or number <= last:
        return row
    return row.model_copy(update={"note": f"《{law}》没有第{number}条,现行《{law}》共{last}条。"})


def _missing(laws: Statutes, law: str, number: int, sub: int, day: date) -> str:
    """The sentence that says whether the law or the article is missing."""
    written = f"《{law}》第{number}条" + (f"之{sub}" if sub else "")
    notes = [row.note for row in _resolved(laws, written, day) if row.note]
    return notes[0] if notes else f"现有资料没有收录{written}。"
