"""Import of statutes and cases into the corpora of a home. Nothing serves before all of it is whole.

A failing import leaves the serving generation as it was; importing the same again changes nothing.
"""

import json
import time
from dataclasses import dataclass
from pathlib import Path

from pydantic import ValidationError

from retrievers import corpus, embedded, generations, sources, versions
from retrievers.cases import Cases
from retrievers.contracts import BadSource, Case, plain_title
from retrievers.generations import Progress, silent
from retrievers.storage import Store
from retrievers.versions import Edition


@dataclass(frozen=True)
class Report:
    """What an import did. `laws`, `versions`, `articles` (or `cases`) count what was read, not what was there.

    `skipped`: (file or line, reason). `others`: files that are no laws, by kind. `changed` is false when everything
    was there already.
    """

    laws: int = 0
    versions: int = 0
    articles: int = 0
    cases: int = 0
    skipped: tuple[tuple[str, str], ...] = ()
    others: tuple[tuple[str, int], ...] = ()
    seconds: float = 0.0
    changed: bool = False


def ingest_laws(path: Path, home: Path, progress: Progress = silent) -> Report:
    """Import a LawRefBook folder, an archive of one, or one file of it.

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
        known = {(plain_title(edition.law), edition.version): edition for edition in _imported_laws(store)}
        for edition in read:
            key = (plain_title(edition.law), edition.version)
            known[key] = _joined(known[key], edition) if key in known else edition
        changed = generations.build_laws(store, list(known.values()), embedded.shipped(), progress)
    return Report(
        laws=len({edition.law for edition in read}),
        versions=len(read),
        articles=sum(len(edition.articles) for edition in read),
        skipped=tuple(skipped.faults),
        others=tuple(sorted(skipped.others.items())),
        seconds=round(time.monotonic() - began, 2),
        changed=changed,
    )


def ingest_cases(path: Path, home: Path, progress: Progress = silent) -> Report:
    """Import judgments: one JSON object a line, with the fields of `Case`; `kind` may be left out (judgment).

    A case with a known id replaces it; teaching cases are never replaced. Raises as `ingest_laws`.
    """
    began = time.monotonic()
    read, skipped = _cases(path, progress)
    store = generations.cases_store(home)
    with store.writing():
        known = {case.id: case for case in _imported_cases(store)} | {case.id: case for case in read}
        changed = generations.build_cases(store, list(known.values()), embedded.shipped(), progress)
    seconds = round(time.monotonic() - began, 2)
    return Report(cases=len(read), skipped=tuple(skipped), seconds=seconds, changed=changed)


def _imported_laws(store: Store) -> list[Edition]:
    if (digest := store.current()) is None or not store.verified(digest).imported:
        return []
    return corpus.read_editions(store.generation(digest))


def _imported_cases(store: Store) -> list[Case]:
    if (digest := store.current()) is None or not store.verified(digest).imported:
        return []
    return [case for case in Cases(store.generation(digest)).all() if case.kind != "invented"]


def _joined(old: Edition, new: Edition) -> Edition:
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


def _cases(path: Path, progress: Progress) -> tuple[list[Case], list[tuple[str, str]]]:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise BadSource(f"{path}: {error.strerror}") from error
    read: dict[str, Case] = {}
    skipped: list[tuple[str, str]] = []
    lines = content.splitlines()
    for number, line in enumerate(lines, start=1):
        if number % 1000 == 1:
            progress(number - 1, len(lines), "读取案例")
        if not line.strip():
            continue
        try:
            case = _case(line)
        except ValueError as error:
            skipped.append((f"{path.name}:{number}", str(error)))
        else:
            read[case.id] = case
    progress(len(lines), len(lines), "读取案例")
    if not read:
        reasons = "; ".join(f"{place}: {reason}" for place, reason in skipped[:3])
        raise BadSource(f"{path}: no case found{': ' + reasons if reasons else ''}")
    return list(read.values()), skipped


def _case(line: bytes) -> Case:
    """One line as a case. Raises ValueError with the reason in one line."""
    try:
        row = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise ValueError(f"not UTF-8 (byte {error.start})") from error
    except json.JSONDecodeError as error:
        raise ValueError(f"not JSON: {error}") from error
    if not isinstance(row, dict):
        raise ValueError("not a JSON object")
    try:
        case = Case.model_validate_json(json.dumps({"kind": "judgment", **row}))
    except ValidationError as error:
        reasons = (f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors()[:3])
        raise ValueError("; ".join(reasons)) from error
    if case.kind == "invented":
        raise ValueError("kind invented is for the teaching cases of this project")
    if not case.id.strip() or not case.facts.strip():
        raise ValueError("id and facts must not be empty")
    return case
