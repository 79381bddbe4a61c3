"""Import of statutes and cases into the corpora of a home. Nothing serves before all of it is whole.

A failing import leaves the serving generation as it was; importing the same again changes nothing.
"""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from retrievers import corpus, embedded, generations, sources, versions
from retrievers.cases import FILE as CASES
from retrievers.cases import Cases
from retrievers.contracts import Case, plain_title
from retrievers.encoding import Embedder
from retrievers.generations import Progress, silent
from retrievers.judgments import reading
from retrievers.ranking import vectors
from retrievers.ranking.knowledge import Knowledge
from retrievers.ranking.vectors import Made
from retrievers.storage import Store
from retrievers.versions import Edition


@dataclass(frozen=True)
class Report:
    """What an import did. `laws`, `versions`, `articles` (or `cases`) count what was read, not what was there.

    `skipped`: (file or line, reason); of cases the first ones only, `faulty` counts all. `others`: files that are no
    laws, by kind. `changed` is false when everything was there already.
    """

    laws: int = 0
    versions: int = 0
    articles: int = 0
    cases: int = 0
    skipped: tuple[tuple[str, str], ...] = ()
    faulty: int = 0
    others: tuple[tuple[str, int], ...] = ()
    seconds: float = 0.0
    changed: bool = False


def ingest_laws(
    path: Path, home: Path, knowledge: Knowledge, progress: Progress = silent, embedder: Embedder | None = None
) -> Report:
    """Import laws in any form that `sources` knows; with an `embedder` also make their vectors.

    An imported law replaces the same version of that law, or only those parts (编) of it that were given. Raises
    BadSource, ImportRunning, or CorruptIndex when the serving generation, which it adds to, cannot be read.
    """
    began = time.monotonic()
    progress(0, 1, "读取法规")
    documents, skipped = sources.documents(path)
    read = versions.editions(documents)
    progress(1, 1, "读取法规")
    store = generations.laws_store(home)
    with store.writing():
        known = {(plain_title(edition.law), edition.version): edition for edition in imported_laws(store)}
        for edition in read:
            key = (plain_title(edition.law), edition.version)
            known[key] = joined(known[key], edition) if key in known else edition
        changed = generations.build_laws(store, list(known.values()), embedded.shipped(), knowledge, progress, embedder)
    return Report(
        laws=len({edition.law for edition in read}),
        versions=len(read),
        articles=sum(len(edition.articles) for edition in read),
        skipped=tuple(skipped.faults),
        others=tuple(sorted(skipped.others.items())),
        seconds=round(time.monotonic() - began, 2),
        changed=changed,
    )


def rebuild(home: Path, knowledge: Knowledge, progress: Progress = silent, embedder: Embedder | None = None) -> bool:
    """Make all indexes of statutes and cases anew from the stored texts, for another encoder, ranker or layout.

    With an `embedder` also the vectors of the statutes.

    False if those that serve are what would be made. Raises ImportRunning, or CorruptIndex when the stored texts
    cannot be read.
    """
    shipped, changed = embedded.shipped(), False
    if (laws := generations.laws_store(home)).current() is not None:
        with laws.writing():
            changed = generations.build_laws(laws, imported_laws(laws), shipped, knowledge, progress, embedder)
    if (cases := generations.cases_store(home)).current() is not None:
        with cases.writing():
            changed = generations.build_cases(cases, _imported_cases(cases), shipped, progress) or changed
    return changed


def ingest_cases(path: Path, home: Path, progress: Progress = silent, form: str = "") -> Report:
    """Import judgments in any form that `judgments.reading` knows; `form` forces one.

    Read, stored and indexed as a stream. A case with a known id replaces it; teaching cases are never replaced.
    Raises as `ingest_laws`.
    """
    began = time.monotonic()
    store = generations.cases_store(home)
    outcome = reading.Outcome()

    def told(done: int, total: int) -> None:
        progress(done, total, "读取案例")

    with store.writing():
        read = reading.cases(path, outcome, form, told)
        changed = generations.build_cases(store, chain(_imported_cases(store), read), embedded.shipped(), progress)
    return Report(
        cases=outcome.cases,
        skipped=tuple(outcome.faults),
        faulty=outcome.faulty,
        seconds=round(time.monotonic() - began, 2),
        changed=changed,
    )


def embedder_of(home: Path) -> Made | None:
    """By which embedder the vectors of the serving statutes were made; null where there are none.

    Raises CorruptIndex.
    """
    store = generations.laws_store(home)
    return None if (digest := store.current()) is None else vectors.made(store.generation(digest))


def imported_laws(store: Store) -> list[Edition]:
    """The imported texts, also of a generation whose indexes this program cannot read any more."""
    if (digest := store.current()) is None or not store.outline(digest).get("imported"):
        return []
    return corpus.read_editions(store.file(digest, corpus.FILE).parent)


def _imported_cases(store: Store) -> Iterator[Case]:
    """The imported cases, also of a generation whose indexes this program cannot read any more."""
    if (digest := store.current()) is not None and store.outline(digest).get("imported"):
        folder = store.file(digest, CASES).parent
        yield from (case for case in Cases(folder).all() if case.kind != "invented")


def joined(old: Edition, new: Edition) -> Edition:
    """The new text, with those parts of the old one that the new one does not bring."""
    brought = {article.part for article in new.articles}
    if "" in brought:
        return new
    kept = [article for article in old.articles if article.part and article.part not in brought]
    articles = sorted((*kept, *new.articles), key=lambda article: (article.number, article.sub))
    source = new.source if not kept else old.source
    repeals = {repeal.title: repeal for repeal in (*old.repeals, *new.repeals)}
    return Edition(
        law=new.law,
        version=new.version,
        category=new.category or old.category,
        source=source,
        articles=tuple(articles),
        starts=new.starts or old.starts,
        repeals=tuple(repeals.values()),
    )
