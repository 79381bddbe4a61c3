"""The statutes of one generation in a SQLite file: written once, then read by id, law and number, or position.

A position is the number of an article in the indexes. Passages are made on demand, so that a corpus of tens of
thousands of articles costs no memory. Knows nothing of searching.
"""

import hashlib
import json
import sqlite3
import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from retrievers import versions
from retrievers.contracts import CorruptIndex, Passage, article_id
from retrievers.lawrefbook import Article
from retrievers.versions import Edition, Repeal, Validity

FILE = "passages.sqlite"
_SCHEMA = """
CREATE TABLE editions (
    edition INTEGER PRIMARY KEY, law TEXT NOT NULL, version TEXT NOT NULL, category TEXT NOT NULL,
    source TEXT NOT NULL, kind TEXT NOT NULL, starts TEXT, effective_to TEXT, ended TEXT, ended_by TEXT NOT NULL,
    repealed INTEGER NOT NULL, current INTEGER NOT NULL, repeals TEXT NOT NULL, UNIQUE (law, version, kind)
);
CREATE TABLE articles (
    position INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, edition INTEGER NOT NULL REFERENCES editions,
    number INTEGER NOT NULL, sub INTEGER NOT NULL, name TEXT NOT NULL, text TEXT NOT NULL, part TEXT NOT NULL,
    chapter TEXT NOT NULL, field TEXT NOT NULL, same INTEGER NOT NULL
);
CREATE INDEX articles_by_number ON articles (edition, number, sub);
"""
_PASSAGE = (
    "SELECT a.id, e.law, a.name, a.number, a.sub, a.text, e.kind, e.version, e.starts, e.effective_to, e.category, "
    "a.part, a.chapter, e.source, e.edition, a.position FROM articles a JOIN editions e USING (edition) "
)


@dataclass(frozen=True, slots=True)
class Extra:
    """What our digest adds to an article: its field of law and the words that people ask with."""

    field: str
    words: str


def rows(editions: Iterable[Edition]) -> Iterator[tuple[str, Edition, Article]]:
    """Every article with its id, in the order of positions."""
    for edition in editions:
        version = "" if edition.current else edition.version
        for article in edition.articles:
            yield article_id(edition.law, article.number, article.sub, version), edition, article


def content(editions: Sequence[Edition], extras: Mapping[str, Extra], salt: str) -> str:
    """The digest of a generation with these articles; `salt` holds what else it depends on."""
    digest = hashlib.sha256(salt.encode())
    for edition in editions:
        digest.update(json.dumps(_edition_row(edition), ensure_ascii=False).encode())
    for id_, _, article in rows(editions):
        extra = extras.get(id_)
        told = (id_, article.name, article.text, article.part, article.chapter, extra and (extra.field, extra.words))
        digest.update(json.dumps(told, ensure_ascii=False).encode())
    return digest.hexdigest()[:24]


def write(editions: Sequence[Edition], extras: Mapping[str, Extra], folder: Path) -> None:
    """Write the articles of `editions`, in this order, into a new file in `folder`."""
    with sqlite3.connect(folder / FILE, isolation_level=None) as database:
        database.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;" + _SCHEMA + "BEGIN;")
        number = {(edition.law, edition.version, edition.kind): i for i, edition in enumerate(editions)}
        database.executemany(
            "INSERT INTO editions VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)",
            ((i, *_edition_row(edition)) for i, edition in enumerate(editions)),
        )
        groups: dict[str, int] = {}
        for position, (id_, edition, article) in enumerate(rows(editions)):
            extra = extras.get(id_)
            same = groups.setdefault(article.text, len(groups))
            key = number[edition.law, edition.version, edition.kind]
            place = (article.part, article.chapter, extra.field if extra else "", same)
            values = (position, id_, key, article.number, article.sub, article.name, article.text, *place)
            database.execute("INSERT INTO articles VALUES (?,?,?,?,?,?,?,?,?,?,?)", values)
        database.executescript("COMMIT; PRAGMA optimize;")
    database.close()


def read_editions(folder: Path, kind: str = "official") -> list[Edition]:
    """The editions of one kind as they were imported, with their articles: what a further import adds to."""
    database = _opened(folder / FILE)
    try:
        articles: dict[int, list[Article]] = {}
        for edition, *values in database.execute(
            "SELECT edition, number, sub, name, text, chapter, part FROM articles ORDER BY position"
        ):
            articles.setdefault(edition, []).append(Article(*values))
        return [
            Edition(law, version, category, source, tuple(articles.get(edition, ())), kind, _day(starts), _repeals(ends))
            for edition, law, version, category, source, starts, ends in database.execute(
                "SELECT edition, law, version, category, source, starts, repeals FROM editions WHERE kind = ?", (kind,)
            )
        ]
    except sqlite3.DatabaseError as error:
        raise CorruptIndex(f"{folder / FILE}: {error}") from error
    finally:
        database.close()


class Corpus:
    """The stored statutes. Safe for concurrent use. Every method may raise CorruptIndex."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE
        self._database = _opened(self._path)
        self._lock = threading.Lock()
        self.validity: list[Validity] = []
        self.categories: list[tuple[str, str]] = []  # (law, category) of each edition
        self._of_law: dict[str, list[int]] = {}
        found = self._all("SELECT law, version, starts, ended, ended_by, repealed, category FROM editions ORDER BY edition")
        for i, (law, version, starts, ended, ended_by, repealed, category) in enumerate(found):
            self.validity.append(Validity(law, version, _day(starts), _day(ended), ended_by, bool(repealed)))
            self.categories.append((law, category))
            self._of_law.setdefault(law, []).append(i)
        columns = self._all("SELECT edition, same FROM articles ORDER BY position")
        self.editions: NDArray[np.int64] = np.array([row[0] for row in columns], np.int64)
        self.same: NDArray[np.int64] = np.array([row[1] for row in columns], np.int64)

    @property
    def laws(self) -> list[str]:
        """The titles of all laws."""
        return list(self._of_law)

    def fields(self) -> dict[str, list[int]]:
        """Field of law → positions of the articles that our digests give to it."""
        found: dict[str, list[int]] = {}
        for field, position in self._all("SELECT field, position FROM articles WHERE field != ''"):
            found.setdefault(field, []).append(position)
        return found

    def positions(self, ids: Sequence[str]) -> dict[str, int]:
        """Id → position, for the ids that exist."""
        found: dict[str, int] = {}
        for start in range(0, len(ids), 500):
            some = ids[start : start + 500]
            marks = ",".join("?" * len(some))
            found.update(self._all(f"SELECT id, position FROM articles WHERE id IN ({marks})", some))
        return found

    def at(self, positions: Sequence[int], day: date) -> dict[int, Passage]:
        """Position → passage with its status on `day`."""
        found: dict[int, Passage] = {}
        for start in range(0, len(positions), 500):
            some = positions[start : start + 500]
            marks = ",".join("?" * len(some))
            for row in self._all(f"{_PASSAGE} WHERE a.position IN ({marks})", some):
                found[row[-1]] = self._passage(row, day)
        return found

    def article(self, law: str, number: int, sub: int, day: date) -> Passage | None:
        """The article of the version that holds on `day`, else of the version nearest to that; null if none has it."""
        found: dict[int, Passage] = {}
        for edition in self._of_law.get(law, ()):
            values = (edition, number, sub)
            for row in self._all(f"{_PASSAGE} WHERE a.edition = ? AND a.number = ? AND a.sub = ?", values):
                found[edition] = self._passage(row, day)
        return min(found.values(), key=_preference, default=None)

    def last_article(self, law: str, day: date) -> int | None:
        """The highest article number of the version of `law` that holds on `day`, null for an unknown law."""
        editions = self._of_law.get(law, ())
        holding = [i for i in editions if versions.standing(self.validity[i], day)[0] == "in_force"] or list(editions)
        if not holding:
            return None
        marks = ",".join("?" * len(holding))
        [(last,)] = self._all(f"SELECT max(number) FROM articles WHERE edition IN ({marks})", holding)
        return int(last)

    def counts(self) -> dict[str, int]:
        """How many laws, articles, and articles of each kind."""
        kinds = dict(self._all("SELECT kind, count(*) FROM articles JOIN editions USING (edition) GROUP BY kind"))
        official, digests = int(kinds.get("official", 0)), int(kinds.get("digest", 0))
        return {"laws": len(self._of_law), "articles": official + digests, "official": official, "digests": digests}

    def close(self) -> None:
        """Give the file back. Nothing may be asked afterwards."""
        with self._lock:
            self._database.close()

    def _all(self, query: str, values: Sequence[object] = ()) -> list[tuple]:  # type: ignore[type-arg]
        try:
            with self._lock:
                return self._database.execute(query, values).fetchall()  # type: ignore[arg-type]
        except sqlite3.DatabaseError as error:
            raise CorruptIndex(f"{self._path}: {error}") from error

    def _passage(self, row: tuple, day: date) -> Passage:  # type: ignore[type-arg]
        id_, law, name, number, sub, text, kind, version, starts, ends, category, part, chapter, source, edition, _ = row
        status, changed_by = versions.standing(self.validity[edition], day)
        return Passage(
            id=id_, law=law, article=name, number=number, sub=sub, text=text, kind=kind, status=status, version=version,
            effective_from=_day(starts), effective_to=_day(ends), changed_by=changed_by, category=category, part=part,
            chapter=chapter, source=source,
        )  # fmt: skip


def _preference(passage: Passage) -> tuple[int, int]:
    """In force before all others; else the text that ended last, else the earliest of those to come."""
    rank = {"in_force": 0, "superseded": 1, "repealed": 1, "not_yet": 2}[passage.status]
    age = date.fromisoformat(passage.version).toordinal() if passage.version else 0
    return (rank, age if passage.status == "not_yet" else -age)


def _edition_row(edition: Edition) -> tuple[object, ...]:
    return (
        edition.law, edition.version, edition.category, edition.source, edition.kind, _iso(edition.starts),
        _iso(edition.effective_to), _iso(edition.ended), edition.ended_by, int(edition.repealed), int(edition.current),
        json.dumps([[repeal.title, repeal.day.isoformat()] for repeal in edition.repeals], ensure_ascii=False),
    )  # fmt: skip


def _opened(path: Path) -> sqlite3.Connection:
    try:
        return sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro&immutable=1", uri=True, check_same_thread=False)
    except sqlite3.DatabaseError as error:
        raise CorruptIndex(f"{path}: {error}") from error


def _repeals(text: str) -> tuple[Repeal, ...]:
    return tuple(Repeal(title, date.fromisoformat(day)) for title, day in json.loads(text))


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
