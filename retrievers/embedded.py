"""The shipped corpus as generations: our digests of statutes and the invented teaching cases.

`embedded/laws.yaml` holds facts about each digested law (title, adoption, start, last article, category), made from
official texts by `python -m retrievers.embedded FOLDER`. Knows nothing of imports.
"""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from retrievers import cases, digests, generations, numerals, tokenise
from retrievers.contracts import Case, plain_title
from retrievers.corpus import Extra
from retrievers.digests import Digest
from retrievers.lawrefbook import Article
from retrievers.ranking.knowledge import Knowledge
from retrievers.storage import SCHEMA, Store
from retrievers.versions import Edition

LAWS = digests.HERE / "embedded" / "laws.yaml"
SOURCE = "lexhub"


@dataclass(frozen=True)
class Shipped:
    """The shipped texts: one edition of digests for each law, the words they add to articles, cases, dictionary.

    `fingerprint` names the files that all this was read from.
    """

    editions: tuple[Edition, ...]
    extras: dict[str, Extra]
    cases: tuple[Case, ...]
    dictionary: tuple[str, ...]
    fingerprint: str


def ensure(home: Path, knowledge: Knowledge) -> None:
    """Make the generations of laws and cases where there are none, or renew those made of other shipped texts alone.

    Generations with imported texts stay as they are. Raises CorruptIndex when the serving generation cannot be read.
    """
    stores: tuple[tuple[Store, Callable[[Store], bool]], ...] = (
        (generations.laws_store(home), lambda store: generations.build_laws(store, [], shipped(), knowledge)),
        (generations.cases_store(home), lambda store: generations.build_cases(store, [], shipped())),
    )
    for store, build in stores:
        if not _stale(store, knowledge):
            continue
        with store.writing(timeout=120):  # replicas that start together: the first builds, the others wait for it
            if _stale(store, knowledge):
                build(store)


def _stale(store: Store, knowledge: Knowledge) -> bool:
    if (digest := store.current()) is None:
        return True
    made = store.outline(digest)
    known = (SCHEMA, fingerprint(), made.get("knowledge") and knowledge.digest)
    return made.get("imported") is False and (made.get("layout"), made.get("embedded"), made.get("knowledge")) != known


def fingerprint() -> str:
    """Names the shipped files and the cutting of text: generations made of other ones are out of date."""
    digest = hashlib.sha256(f"{tokenise.VERSION} {cases.VERSION}".encode())
    folders = (digests.ARTICLES, digests.QUESTIONS, digests.CASES)
    for path in (LAWS, *(path for folder in folders for path in sorted(folder.glob("*.yaml")))):
        digest.update(path.name.encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:24]


@lru_cache(maxsize=1)
def shipped() -> Shipped:
    """All shipped texts. Raises ValueError naming a bad file."""
    rows = list(digests.digests())
    editions = _editions(rows)
    words = {term for row in rows for term in row.terms} | {edition.law for edition in editions}
    return Shipped(
        editions=editions,
        extras=_extras(rows),
        cases=tuple(_case(row) for row in digests.cases()),
        dictionary=tuple(sorted(words)),
        fingerprint=fingerprint(),
    )


def _extras(rows: Iterable[Digest]) -> dict[str, Extra]:
    found = {row.id: Extra(row.field, row.digest, row.terms, row.asked_as) for row in rows}
    for asked in digests.questions():
        known = found.get(asked.id, Extra(""))
        found[asked.id] = replace(known, questions=(*known.questions, *asked.asked_as))
    return found


def _editions(rows: Iterable[Digest]) -> tuple[Edition, ...]:
    facts = _facts()
    articles: dict[str, dict[tuple[int, int], Article]] = {}
    for row in rows:
        law, _, number = row.id.partition("#")
        main, _, sub = number.partition("-")
        key = (int(main), int(sub or 0))
        articles.setdefault(law, {})[key] = Article(*key, _name(*key), row.digest)
    return tuple(
        Edition(
            law=facts.get(law, {}).get("title", law),
            version=str(facts.get(law, {}).get("adopted", "")),
            category=facts.get(law, {}).get("category", ""),
            source=SOURCE,
            articles=tuple(found[key] for key in sorted(found)),
            kind="digest",
            starts=facts.get(law, {}).get("from"),
            last=facts.get(law, {}).get("last", 0),
        )
        for law, found in sorted(articles.items())
    )


def _name(number: int, sub: int) -> str:
    if number == 0:
        return "全文"
    return f"第{numerals.to_chinese(number)}条" + (f"之{numerals.to_chinese(sub)}" if sub else "")


def _facts() -> dict[str, dict[str, Any]]:
    facts: dict[str, dict[str, Any]] = yaml.load(LAWS.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader) or {}
    return facts


def _case(row: digests.TeachingCase) -> Case:
    return Case(kind="invented", source=SOURCE, **row.model_dump())


def main() -> None:
    """`python -m retrievers.embedded FOLDER`: write laws.yaml anew from official texts, for every digested law."""
    import sys

    from retrievers import sources, versions

    documents, _ = sources.documents(Path(sys.argv[1]))
    official = {plain_title(e.law): e for e in versions.arrange(versions.editions(documents)) if e.current}
    wanted = sorted({row.id.partition("#")[0] for row in digests.digests()})
    lines = ["# Facts about the digested laws, made by `python -m retrievers.embedded`: names, days, lengths."]
    for law in wanted:
        if (edition := official.get(law)) is None:
            sys.exit(f"{law}: no such law in {sys.argv[1]}")
        title = f"title: {edition.law}, " if edition.law != law else ""
        start = f", from: {edition.starts}" if edition.starts else ""
        last = max(article.number for article in edition.articles)
        facts = f"{title}adopted: {edition.version}{start}, last: {last}, category: {edition.category}"
        lines.append(f"{law}: {{{facts}}}")
    LAWS.write_text("\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
