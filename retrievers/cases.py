"""The cases of one generation in a SQLite file: written once, as a stream, then read by id or position.

Besides the file there are the properties that searches filter by, as columns (`retrievers.columns`).
"""

import hashlib
import sqlite3
import threading
import weakref
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from retrievers import columns
from retrievers.contracts import Case, CorruptIndex

VERSION = 4  # raise it when the files of a generation of cases change
FILE = "cases.sqlite"
_STAGE = "stage.sqlite"


def text(case: Case) -> str:
    """What a case is found by: its facts, and what they do not say already of title, cause and issue.

    A charge that stands three times in a text would count for more than what happened.
    """
    cause = "" if all(subject in case.facts for subject in case.subjects) else case.cause
    title = "" if case.title.removesuffix("案") in (case.cause, case.facts) else case.title
    return "\n".join(part for part in (title, cause, case.issue, case.facts) if part)


class Written:
    """A file of cases while it is made: added in any order, of one id the last, then closed in the order of ids."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._database = sqlite3.connect(folder / _STAGE, isolation_level=None)
        self._database.executescript(
            "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; "
            "CREATE TABLE cases (id TEXT PRIMARY KEY, content TEXT NOT NULL) WITHOUT ROWID; BEGIN"
        )

    def add(self, cases: Iterable[Case]) -> None:
        """Take these cases; an id that is there already is replaced."""
        rows = ((case.id, case.model_dump_json(exclude_defaults=True)) for case in cases)
        self._database.executemany("INSERT OR REPLACE INTO cases VALUES (?,?)", rows)

    def close(self, salt: str) -> str:
        """Write FILE and the columns, without the stage. Returns the digest of cases and `salt`."""
        digest = hashlib.sha256(f"{VERSION} {salt}".encode())
        with closing(self._database) as stage, closing(sqlite3.connect(self._folder / FILE)) as database:
            stage.execute("COMMIT")
            database.executescript(
                "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; CREATE TABLE cases (position INTEGER PRIMARY KEY, "
                "id TEXT NOT NULL UNIQUE, kind TEXT NOT NULL, content TEXT NOT NULL);"
            )
            made = columns.Builder()

            def rows() -> Iterator[tuple[int, str, str, str]]:
                for position, (id_, content) in enumerate(stage.execute("SELECT id, content FROM cases ORDER BY id")):
                    digest.update(content.encode())
                    case = Case.model_validate_json(content)
                    made.add(case)
                    yield position, id_, case.kind, content

            with database:
                database.executemany("INSERT INTO cases VALUES (?,?,?,?)", rows())
        (self._folder / _STAGE).unlink()
        made.write(self._folder)
        return digest.hexdigest()[:24]


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

    def all(self) -> Iterator[Case]:
        """Every case in the order of positions, read as it is asked for: what an index is made of."""
        start = 0
        while rows := self._all("SELECT content FROM cases WHERE position >= ? ORDER BY position LIMIT 500", (start,)):
            yield from (self._case(content) for (content,) in rows)
            start += len(rows)

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
