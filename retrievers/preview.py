"""What an import would bring into a home, worked out without writing anything, not even into a home that is not there.

Reads the same files by the same readers as `retrievers.ingest`, and compares them with what the corpora hold now.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Literal

from retrievers import embedded, generations, ingest, sources, versions
from retrievers.cases import FILE as CASES
from retrievers.cases import Cases
from retrievers.contracts import Case, Status, plain_title
from retrievers.generations import Progress, silent
from retrievers.judgments import reading
from retrievers.storage import Store
from retrievers.versions import Edition

EXAMPLES = 20  # cases that are named of each kind
What = Literal["new", "version", "changed", "same"]
"""A law that is not there; another version of one that is; other text for a version that is there; nothing else."""


@dataclass(frozen=True)
class Law:
    """One version of one law. `status` and `ends`: once it is in, on the day of the preview.

    `changed` articles have another text, `added` and `removed` are those that the version has or had besides.
    `digests` of ours stand aside for official text; `older` and `newer` are the versions that are there already.
    """

    law: str
    version: str
    what: What
    articles: int
    starts: date | None
    ends: date | None
    status: Status
    said: str
    source: str
    changed: int = 0
    added: int = 0
    removed: int = 0
    digests: int = 0
    older: tuple[str, ...] = ()
    newer: tuple[str, ...] = ()


@dataclass(frozen=True)
class Laws:
    """What an import of laws would bring, and what of its files it would leave out and why."""

    laws: tuple[Law, ...]
    skipped: tuple[tuple[str, str], ...]
    others: tuple[tuple[str, int], ...]

    @property
    def changes(self) -> bool:
        """Whether anything would be different afterwards."""
        return any(one.what != "same" for one in self.laws)


@dataclass
class Judgments:
    """What an import of cases would bring: how many are new, replace another text, or are the same already.

    `refused` have the id of a teaching case, which is never replaced. `examples`: (id, title) of some of each kind.
    """

    new: int = 0
    replaced: int = 0
    same: int = 0
    refused: int = 0
    repeated: int = 0
    kinds: Counter[str] = field(default_factory=Counter)
    fields: Counter[str] = field(default_factory=Counter)
    examples: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    skipped: tuple[tuple[str, str], ...] = ()
    faulty: int = 0

    @property
    def changes(self) -> bool:
        """Whether anything would be different afterwards."""
        return bool(self.new or self.replaced)


def laws(path: Path, home: Path, today: date, progress: Progress = silent) -> Laws:
    """What `ingest_laws` would do. Raises BadSource, CorruptIndex."""
    progress(0, 1, "读取法规")
    documents, skipped = sources.documents(path)
    read = versions.editions(documents)
    progress(1, 1, "读取法规")
    before = {_key(one): one for one in ingest.imported_laws(generations.laws_store(home))}
    brought = {key: ingest.joined(before[key], one) if key in before else one for one in read for key in (_key(one),)}
    shipped = embedded.shipped()
    arranged, _ = generations.with_digests([*(before | brought).values()], shipped)
    standing = zip(arranged, versions.validities(arranged), strict=True)
    valid = {_key(one): validity for one, validity in standing if one.kind == "official"}
    digests = {plain_title(one.law): one for one in shipped.editions}
    found = []
    for key, one in brought.items():
        old = before.get(key)
        others = sorted(version for law, version in before if law == key[0] and version != key[1])
        status, said = versions.standing(valid[key], today)
        end = valid[key].end
        found.append(
            Law(
                law=one.law,
                version=one.version,
                what=_what(old, one, bool(others)),
                articles=len(one.articles),
                starts=one.starts,
                ends=end.day if end is not None else None,
                status=status,
                said=said,
                source=one.source,
                digests=_stand_aside(digests.get(key[0]), one) if old is None else 0,
                older=tuple(version for version in others if version < key[1]),
                newer=tuple(version for version in others if version > key[1]),
                **_differences(old, one),
            )
        )
    return Laws(tuple(found), tuple(skipped.faults), tuple(sorted(skipped.others.items())))


def cases(path: Path, home: Path, form: str = "", progress: Progress = silent) -> Judgments:
    """What `ingest_cases` would do. Raises BadSource, CorruptIndex."""
    outcome, made = reading.Outcome(), Judgments()
    there = _cases(generations.cases_store(home))
    teaching = {case.id for case in embedded.shipped().cases}
    seen: set[str] = set()
    for case in reading.cases(path, outcome, form, lambda done, total: progress(done, total, "读取案例")):
        _count(made, case, _of(case, there, teaching, seen))
        seen.add(case.id)
    made.skipped, made.faulty = tuple(outcome.faults), outcome.faulty
    return made


def _of(case: Case, there: Cases | None, teaching: set[str], seen: set[str]) -> str:
    if case.id in teaching:
        return "refused"
    if case.id in seen:
        return "repeated"
    known = there.case(case.id) if there is not None else None
    if known is None:
        return "new"
    return "same" if known == case else "replaced"


def _count(made: Judgments, case: Case, kind: str) -> None:
    setattr(made, kind, getattr(made, kind) + 1)
    if kind in ("new", "replaced"):
        made.kinds[case.kind] += 1
        made.fields[case.field or "未注明"] += 1
    named = made.examples.setdefault(kind, [])
    if kind != "same" and len(named) < EXAMPLES:
        named.append((case.id, case.title))


def _key(edition: Edition) -> tuple[str, str]:
    return plain_title(edition.law), edition.version


def _cases(store: Store) -> Cases | None:
    digest = store.current()
    return None if digest is None else Cases(store.file(digest, CASES).parent)


def _what(old: Edition | None, new: Edition, others: bool) -> What:
    if old is None:
        return "version" if others else "new"
    return "same" if _content(old) == _content(new) else "changed"


def _content(edition: Edition) -> tuple[object, ...]:
    """What of an edition makes a generation another one."""
    return edition.law, edition.category, edition.source, edition.articles, edition.starts, edition.repeals


def _differences(old: Edition | None, new: Edition) -> dict[str, int]:
    if old is None:
        return {}
    before = {(one.number, one.sub): one.text for one in old.articles}
    after = {(one.number, one.sub): one.text for one in new.articles}
    both = before.keys() & after.keys()
    return {
        "changed": sum(before[key] != after[key] for key in both),
        "added": len(after.keys() - before.keys()),
        "removed": len(before.keys() - after.keys()),
    }


def _stand_aside(digest: Edition | None, official: Edition) -> int:
    """How many digests the official text takes the place of."""
    if digest is None or (digest.version and digest.version > official.version):
        return 0
    covered = {(one.number, one.sub) for one in official.articles}
    return sum((one.number, one.sub) in covered for one in digest.articles)
