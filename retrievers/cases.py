"""The cases of one generation in a SQLite file: written once, then read by id or position."""

import hashlib
import sqlite3
import threading
import weakref
from collections.abc import Iterable, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from retrievers.contracts import Case, CorruptIndex

FILE = "cases.sqlite"


def content(cases: Iterable[Case], salt: str) -> str:
    """The digest of a generation with these cases; `salt` holds what else it depends on."""
    digest = hashlib.sha256(salt.encode())
    for case in cases:
        digest.update(case.model_dump_json().encode())
    return digest.hexdigest()[:24]


def text(case: Case) -> str:
    """What a case is found by."""
    return "\n".join(part for part in (case.title, case.cause, case.issue, case.facts) if part)


def write(cases: Iterable[Case], folder: Path) -> None:
    """Write `cases`, in this order, into a new file in `folder`."""
    with closing(sqlite3.connect(folder / FILE, isolation_level=None)) as database:
        database.executescript(
            "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; CREATE TABLE cases (position INTEGER PRIMARY KEY, "
            "id TEXT NOT NULL UNIQUE, field TEXT NOT NULL, kind TEXT NOT NULL, content TEXT NOT NULL);"
        )
        database.execute("BEGIN")
        rows = ((i, case.id, case.field, case.kind, case.model_dump_json()) for i, case in enumerate(cases))
        database.executemany("INSERT INTO cases VALUES (?,?,?,?,?)", rows)
        database.execute("COMMIT")


class Cases:
    """The stored cases. Safe for concurrent use. Every method may raise CorruptIndex."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE
        try:
            uri = f"{self._path.resolve().as_uri()}?mode=ro&immutable=1"
            self._database = sqlite3.connect(uri, uri=True, check_same_thread=False)
        except sqlite3.DatabaseError as error:
            raise CorruptIndex(f"{self._path}: {error}") from error
        weakref.finalize(self, self._database.close)  # queries may still run when a newer generation takes over
        self._lock = threading.Lock()

    def positions(self, ids: Sequence[str]) -> list[int]:
        """The positions of the ids that exist."""
        found: list[int] = []
        for start in range(0, len(ids), 500):
            some = ids[start : start + 500]
            found += [row[0] for row in self._all(f"SELECT position FROM cases WHERE id IN ({_marks(some)})", some)]
        return found

    def at(self, positions: Sequence[int]) -> dict[int, Case]:
        """Position → case."""
        found: dict[int, Case] = {}
        for start in range(0, len(positions), 500):
            some = positions[start : start + 500]
            rows = self._all(f"SELECT position, content FROM cases WHERE position IN ({_marks(some)})", some)
            found.update((position, self._case(content)) for position, content in rows)
        return found

    def case(self, id_: str) -> Case | None:
        """The case with this id, else null."""
        rows = self._all("SELECT content FROM cases WHERE id = ?", (id_,))
        return self._case(rows[0][0]) if rows else None

    def all(self) -> list[Case]:
        """Every case: what a further import adds to."""
        return [self._case(content) for (content,) in self._all("SELECT content FROM cases ORDER BY position")]

    def fields(self) -> dict[str, list[int]]:
        """Field of law → positions."""
        found: dict[str, list[int]] = {}
        for field, position in self._all("SELECT field, position FROM cases WHERE field != ''"):
            found.setdefault(field, []).append(position)
        return found

    def counts(self) -> dict[str, int]:
        """How many cases, and how many of them invented."""
        [(cases, invented)] = self._all("SELECT count(*), coalesce(sum(kind = 'invented'), 0) FROM cases")
        return {"cases": cases, "invented": invented}

    def _case(self, content: str) -> Case:
        try:
            return Case.model_validate_json(content)
        except ValidationError as error:
            raise CorruptIndex(f"{self._path}: not a case: {error}") from error

    def _all(self, query: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        try:
            with self._lock:
                return self._database.execute(query, values).fetchall()
        except sqlite3.DatabaseError as error:
            raise CorruptIndex(f"{self._path}: {error}") from error


def _marks(values: Sequence[object]) -> str:
    return ",".join("?" * len(values))
