"""The statutes of one generation in a SQLite file: written once, then read by id, law and number, or position.

A position is the number of an article in the indexes. Passages are made on demand, so that a corpus of tens of
thousands of articles costs no memory. Knows nothing of searching.
"""

import hashlib
import json
import sqlite3
import threading
import weakref
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import astuple, dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from retrievers import versions
from retrievers.contracts import CorruptIndex, Passage, Successor, article_id, plain_title
from retrievers.lawrefbook import Article
from retrievers.versions import Edition, Heirs, Repeal, Validity

FILE = "passages.sqlite"
_SCHEMA = """
CREATE TABLE editions (
    edition INTEGER PRIMARY KEY, law TEXT NOT NULL, version TEXT NOT NULL, category TEXT NOT NULL,
    source TEXT NOT NULL, kind TEXT NOT NULL, starts TEXT, current INTEGER NOT NULL, repeals TEXT NOT NULL,
    last INTEGER NOT NULL, UNIQUE (law, version, kind)
);
CREATE TABLE articles (
    position INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, edition INTEGER NOT NULL REFERENCES editions,
    number INTEGER NOT NULL, sub INTEGER NOT NULL, name TEXT NOT NULL, text TEXT NOT NULL, part TEXT NOT NULL,
    chapter TEXT NOT NULL, field TEXT NOT NULL, same INTEGER NOT NULL
);
CREATE INDEX articles_by_number ON articles (edition, number, sub);
"""
_TOLD = ("id", "law", "article", "number", "sub", "text", "part", "chapter", "kind", "version", "category", "source")
_PASSAGE = (
    "SELECT a.id, e.law, a.name, a.number, a.sub, a.text, a.part, a.chapter, e.kind, e.version, e.category, e.source, "
    "e.edition, a.position FROM articles a JOIN editions e USING (edition) "
)


@dataclass(frozen=True, slots=True)
class Extra:
    """What we add to an article: field of law, digest, search terms, and the questions that people ask of it.

    `field` and `digest` are empty where we have questions only.
    """

    field: str
    digest: str = ""
    terms: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()


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
        told = (id_, article.name, article.text, article.part, article.chapter, extra and astuple(extra))
        digest.update(json.dumps(told, ensure_ascii=False).encode())
    return digest.hexdigest()[:24]


def write(editions: Sequence[Edition], extras: Mapping[str, Extra], folder: Path) -> None:
    """Write the articles of `editions`, in this order, into a new file in `folder`."""
    with closing(sqlite3.connect(folder / FILE, isolation_level=None)) as database:
        database.executescript("PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;" + _SCHEMA)
        database.execute("BEGIN")
        number = {(edition.law, edition.version, edition.kind): i for i, edition in enumerate(editions)}
        database.executemany(
            "INSERT INTO editions VALUES (?,?,?,?,?,?,?,?,?,?)",
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
        database.execute("COMMIT")


def read_editions(folder: Path, kind: str = "official") -> list[Edition]:
    """The editions of one kind as they were imported, with their articles: what a further import adds to."""
    database = _opened(folder / FILE)
    try:
        articles: dict[int, list[Article]] = {}
        for edition, *values in database.execute(
            "SELECT edition, number, sub, name, text, chapter, part FROM articles ORDER BY position"
        ):
            articles.setdefault(edition, []).append(Article(*values))
        columns = "edition, law, version, category, source, starts, repeals"
        found = database.execute(f"SELECT {columns} FROM editions WHERE kind = ? ORDER BY edition", (kind,))
        return [
            Edition(law, version, category, source, tuple(articles[edition]), kind, _day(starts), _repeals(repeals))
            for edition, law, version, category, source, starts, repeals in found
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
        weakref.finalize(self, self._database.close)  # queries may still run when a newer generation takes over
        self._lock = threading.Lock()
        # A citation is looked up several times in one answer, and the same articles in many.
        self._holding = lru_cache(maxsize=4096)(self._preferred)
        self.categories: list[tuple[str, str]] = []  # (law, category) of each edition
        self._of_law: dict[str, list[int]] = {}
        columns = "law, version, category, source, kind, starts, repeals, last"
        known: list[Edition] = []
        for i, row in enumerate(self._all(f"SELECT {columns} FROM editions ORDER BY edition")):
            law, version, category, source, kind, starts, repeals, last = row
            days = (_day(starts), _repeals(repeals))
            known.append(Edition(law, version, category, source, (), kind, *days, last=last))
            self.categories.append((law, category))
            self._of_law.setdefault(law, []).append(i)
        self.validity = versions.validities(known)
        self._heirs = Heirs(self.validity)
        places = self._all("SELECT edition, same FROM articles ORDER BY position")
        self.editions: NDArray[np.int64] = np.array([row[0] for row in places], np.int64)
        self.same: NDArray[np.int64] = np.array([row[1] for row in places], np.int64)

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
        """Id → position, for the ids that exist; ids written with 《》 inside are understood."""
        plain = {id_: plain_title(id_) for id_ in ids}
        wanted, found = list(dict.fromkeys(plain.values())), dict[str, int]()
        for start in range(0, len(wanted), 500):
            some = wanted[start : start + 500]
            marks = ",".join("?" * len(some))
            found.update(self._all(f"SELECT id, position FROM articles WHERE id IN ({marks})", some))
        return {id_: found[written] for id_, written in plain.items() if written in found}

    def ids(self, positions: Sequence[int]) -> list[str]:
        """The ids of the articles at these positions, in their order."""
        found: dict[int, str] = {}
        for start in range(0, len(positions), 500):
            some = positions[start : start + 500]
            marks = ",".join("?" * len(some))
            found.update(self._all(f"SELECT position, id FROM articles WHERE position IN ({marks})", some))
        return [found[position] for position in positions]

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
        return self._holding(law, number, sub, day)

    def _preferred(self, law: str, number: int, sub: int, day: date) -> Passage | None:
        return min(self._in(self._of_law.get(law, ()), number, sub, day), key=_preference, default=None)

    def versions(self, law: str, number: int, sub: int, day: date) -> list[Passage]:
        """The article in every version that has it, newest first, each with its status on `day`."""
        return sorted(self._in(self._of_law.get(law, ()), number, sub, day), key=lambda row: row.version, reverse=True)

    def is_repealed(self, law: str, day: date) -> bool:
        """Whether the law is loaded and done away with by `day`: not one of its texts holds, or is yet to come."""
        texts = [versions.standing(self.validity[i], day)[0] for i in self._of_law.get(law, ())]
        return "repealed" in texts and not {"in_force", "not_yet"} & set(texts)

    def last_article(self, law: str, day: date, official: bool = True) -> int | None:
        """The number of the last article of `law` as it holds on `day`.

        Null when the law is unknown, or (`official`) when its whole text is not here, only digests of some articles.
        """
        known = [self.validity[i] for i in self._of_law.get(law, ())]
        known = [text for text in known if text.official or not official]
        holding = [text for text in known if versions.standing(text, day)[0] == "in_force"] or known[-1:]
        return max((text.last for text in holding), default=None) or None

    def counts(self) -> dict[str, int]:
        """How many laws, articles, and articles of each kind."""
        kinds = dict(self._all("SELECT kind, count(*) FROM articles JOIN editions USING (edition) GROUP BY kind"))
        official, digests = int(kinds.get("official", 0)), int(kinds.get("digest", 0))
        return {"laws": len(self._of_law), "articles": official + digests, "official": official, "digests": digests}

    def _all(self, query: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        try:
            with self._lock:
                return self._database.execute(query, values).fetchall()
        except sqlite3.DatabaseError as error:
            raise CorruptIndex(f"{self._path}: {error}") from error

    def _in(self, editions: Sequence[int], number: int, sub: int, day: date) -> list[Passage]:
        """The article in each of these editions that has it."""
        marks = ",".join("?" * len(editions))
        rows = self._all(
            f"{_PASSAGE} WHERE a.edition IN ({marks}) AND a.number = ? AND a.sub = ?", (*editions, number, sub)
        )
        return [self._passage(row, day) for row in rows]

    def _passage(self, row: tuple[Any, ...], day: date) -> Passage:
        *values, edition, _ = row
        told = dict(zip(_TOLD, values, strict=True))
        text = self.validity[edition]
        status, changed_by = versions.standing(text, day)
        successor = self._successor(told, text, day) if status in ("repealed", "superseded") else None
        days = {
            "effective_from": text.starts,
            "effective_to": text.end.day if text.end is not None and text.end.exact else None,
        }
        return Passage(**told, **days, status=status, changed_by=changed_by, successor=successor)

    def _successor(self, told: Mapping[str, Any], text: Validity, day: date) -> Successor | None:
        """What governs instead; the article of the same number where it is a newer version of the same law."""
        heir = self._heirs.of(text, day)
        if heir is None or not heir.law:
            return None
        same = [i for i in self._of_law.get(text.law, ()) if heir.law == text.law and heir.version]
        same = [i for i in same if self.validity[i].version == heir.version]
        marks = ",".join("?" * len(same))
        query = f"SELECT id FROM articles WHERE edition IN ({marks}) AND number = ? AND sub = ?"
        ids = self._all(query, (*same, told["number"], told["sub"])) if same else []
        return Successor(law=heir.law, version=heir.version, id=ids[0][0] if ids else "")


def _preference(passage: Passage) -> tuple[int, int]:
    """In force before all others; else the text that ended last, else the earliest of those to come."""
    rank = {"in_force": 0, "superseded": 1, "repealed": 1, "not_yet": 2}[passage.status]
    age = date.fromisoformat(passage.version).toordinal() if passage.version else 0
    return (rank, age if passage.status == "not_yet" else -age)


def _edition_row(edition: Edition) -> tuple[object, ...]:
    return (
        edition.law, edition.version, edition.category, edition.source, edition.kind, _iso(edition.starts),
        int(edition.current),
        json.dumps([[repeal.title, repeal.day.isoformat()] for repeal in edition.repeals], ensure_ascii=False),
        edition.last or max((article.number for article in edition.articles), default=0),
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
