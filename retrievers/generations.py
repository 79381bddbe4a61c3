"""From editions and cases to a generation that can be searched: passages, indexes, manifest, swap.

Official text replaces a digest under the same id. The same content gives the same generation, and building it
again changes nothing.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from retrievers import cases, corpus, tokenise, versions
from retrievers.contracts import Case, plain_title
from retrievers.corpus import Extra
from retrievers.encoding import Embedder
from retrievers.indexes import fused, latent, precedents
from retrievers.ranking import index
from retrievers.ranking.knowledge import Knowledge
from retrievers.storage import Manifest, Store
from retrievers.versions import Edition

if TYPE_CHECKING:
    from retrievers.embedded import Shipped

Progress = Callable[[int, int, str], None]
"""Called with (done, total, label)."""


def silent(done: int, total: int, label: str) -> None:
    """The progress of nobody watching."""


def laws_store(home: Path) -> Store:
    """Where the statutes of this home are kept."""
    return Store(home / "corpora" / "laws")


def cases_store(home: Path) -> Store:
    """Where the cases of this home are kept."""
    return Store(home / "corpora" / "cases")


def build_laws(
    store: Store,
    official: Sequence[Edition],
    shipped: "Shipped",
    knowledge: Knowledge,
    progress: Progress = silent,
    embedder: Embedder | None = None,
) -> bool:
    """Make and publish the generation of these imported editions and the digests; false if it serves already.

    With an `embedder` also the vectors of all articles. The caller holds `store.writing()`.
    """
    editions, extras = with_digests(official, shipped)
    cutter = tokenise.tokeniser(shipped.dictionary)
    salt = f"{cutter.digest} {shipped.fingerprint} {knowledge.digest}"
    digest = corpus.content(editions, extras, salt if embedder is None else f"{salt} {embedder.name.digest}")
    if _serves(store, digest):
        return False
    manifest = Manifest(
        kind="laws",
        digest=digest,
        embedded=shipped.fingerprint,
        tokeniser=cutter.digest,
        encoder=knowledge.encoder.digest,
        knowledge=knowledge.digest,
        imported=bool(official),
        counts={
            "laws": len({edition.law for edition in editions}),
            "articles": sum(len(edition.articles) for edition in editions),
            "versions": len(editions),
        },
        reaches=max((date.fromisoformat(e.version) for e in editions if e.version), default=None),
    )
    with store.building() as folder:
        corpus.write(editions, extras, folder)
        (folder / tokenise.DICTIONARY).write_text("\n".join(cutter.dictionary), encoding="utf-8")
        index.build(editions, extras, cutter, knowledge, folder, progress)
        if embedder is not None:
            current = store.current()
            before = store.generation(current) if current is not None else None
            index.embed(editions, embedder, folder, store.work, before, progress)
        store.publish(folder, manifest)
    return True


def build_cases(store: Store, imported: Iterable[Case], shipped: "Shipped", progress: Progress = silent) -> bool:
    """Make and publish the generation of these imported cases and the teaching cases; as `build_laws`.

    `imported` is read once, as a stream; of one id the last case counts, and teaching cases are never replaced. A
    build that was cut off goes on where it was when the same is imported again.
    """
    cutter = tokenise.tokeniser(shipped.dictionary)
    with store.building() as folder:
        written = cases.Written(folder)
        written.add(imported)
        written.add(shipped.cases)
        digest = written.close(f"{cutter.digest} {shipped.fingerprint}")
        if _serves(store, digest):
            return False
        stored = cases.Cases(folder)
        counts = stored.counts()

        def texts() -> Iterator[str]:
            return (cases.text(case) for case in stored.all())

        reads = 2 if counts["cases"] < latent.FEWEST else 4
        read = watched(texts, counts["cases"] * reads, progress)
        fused.build(read, cutter, folder, precedents.LENGTH, store.work)
        latent.build(read, counts["cases"], folder)
        manifest = Manifest(
            kind="cases",
            digest=digest,
            embedded=shipped.fingerprint,
            tokeniser=cutter.digest,
            imported=counts["cases"] > counts["invented"],
            counts=counts,
        )
        store.publish(folder, manifest)
    return True


def _serves(store: Store, digest: str) -> bool:
    """Whether the generation serves and is whole: importing again is how a damaged one is mended."""
    return store.current() == digest and store.is_whole(digest)


def with_digests(official: Sequence[Edition], shipped: "Shipped") -> tuple[list[Edition], dict[str, Extra]]:
    """All editions in the order of positions, and the words of those digests that speak of the current texts.

    A digest of the current version gives way where there is official text; one of an older version goes, and one of
    a newer version than the imported text makes that text the old one.
    """
    newest = {plain_title(edition.law): edition for edition in sorted(official, key=lambda edition: edition.version)}
    newer, beside, gone = [], [], set()
    for edition in shipped.editions:
        known = newest.get(plain_title(edition.law))
        if known is None or edition.version > known.version:
            newer.append(edition)
        elif not edition.version or edition.version == known.version:
            beside.append(edition)
        else:
            gone.add(plain_title(edition.law))
    arranged = versions.arrange([*official, *newer])
    current = {plain_title(edition.law): edition for edition in arranged if edition.current}
    for edition in beside:
        model = current[plain_title(edition.law)]
        covered = {(article.number, article.sub) for article in model.articles}
        if left := tuple(a for a in edition.articles if (a.number, a.sub) not in covered):
            arranged.append(replace(model, kind="digest", source=edition.source, articles=left, repeals=()))
    extras = {id_: extra for id_, extra in shipped.extras.items() if id_.partition("#")[0] not in gone}
    return sorted(arranged, key=lambda e: (e.law, e.version, e.kind)), extras


def watched(texts: Callable[[], Iterable[str]], total: int, progress: Progress) -> Callable[[], Iterator[str]]:
    """The texts, to be read as often as is needed, with progress over `total` texts of all readings."""
    done = 0

    def read() -> Iterator[str]:
        nonlocal done
        for text in texts():
            if done % 500 == 0:
                progress(done, total, "建立索引")
            done += 1
            yield text
        progress(done, total, "建立索引")

    return read
