"""The files and passages of one generation of documents, in a SQLite file: written once, then only read."""

import hashlib
import sqlite3
import threading
import weakref
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from retrievers.contracts import CorruptIndex
from retrievers.documents.passages import Piece

FILE = "documents.sqlite"


@dataclass(frozen=True)
class Filed:
    """A file of a corpus. `sha256` is that of its bytes, `reader` the version of the code that read it."""

    name: str
    sha256: str
    size: int
    reader: int
    passages: int


def write(folder: Path, old: "Archive | None", kept: Sequence[str], new: Sequence[tuple[Filed, list[Piece]]]) -> None:
    """Write FILE: the files `kept` of the old archive, and the new ones, in the order of their names."""
    with closing(sqlite3.connect(folder / FILE)) as database:
        database.executescript(
            "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF;"
            "CREATE TABLE files (name TEXT PRIMARY KEY, sha256 TEXT, size INTEGER, reader INTEGER, passages INTEGER)"
            " WITHOUT ROWID;"
            "CREATE TABLE passages (position INTEGER PRIMARY KEY, file TEXT, ordinal INTEGER, place TEXT, text TEXT);"
        )
        known = {one.name: one for one in old.files()} if old is not None else {}
        fresh = {filed.name: (filed, pieces) for filed, pieces in new}
        position = 0
        with database:
            for name in sorted({*kept, *fresh}):
                if name in fresh:
                    filed, pieces = fresh[name]
                else:
                    assert old is not None
                    filed, pieces = known[name], old.pieces(name)
                row = (filed.name, filed.sha256, filed.size, filed.reader, filed.passages)
                database.execute("INSERT INTO files VALUES (?,?,?,?,?)", row)
                rows = [(position + at, name, at + 1, one.place, one.text) for at, one in enumerate(pieces)]
                database.executemany("INSERT INTO passages VALUES (?,?,?,?,?)", rows)
                position += len(rows)


class Archive:
    """A written file. Safe for concurrent use. Every method may raise CorruptIndex."""

    def __init__(self, folder: Path) -> None:
        self._path = folder / FILE
        try:
            uri = f"{self._path.resolve().as_uri()}?mode=ro&immutable=1"
            self._database = sqlite3.connect(uri, uri=True, check_same_thread=False)
        except sqlite3.DatabaseError as error:
            raise CorruptIndex(f"{self._path}: {error}") from error
        weakref.finalize(self, self._database.close)  # queries may still run when a newer generation takes over
        self._lock = threading.Lock()

    def files(self) -> list[Filed]:
        """All files by name."""
        return [
            Filed(*row) for row in self._all("SELECT name, sha256, size, reader, passages FROM files ORDER BY name")
        ]

    def pieces(self, name: str) -> list[Piece]:
        """The passages of a file in their order."""
        rows = self._all("SELECT place, text FROM passages WHERE file = ? ORDER BY ordinal", (name,))
        return [Piece(*row) for row in rows]

    def at(self, positions: Sequence[int]) -> dict[int, tuple[str, int, Piece]]:
        """Position → (file, ordinal, passage)."""
        found: dict[int, tuple[str, int, Piece]] = {}
        for start in range(0, len(positions), 500):
            some = positions[start : start + 500]
            marks = ",".join("?" * len(some))
            query = f"SELECT position, file, ordinal, place, text FROM passages WHERE position IN ({marks})"
            found |= {row[0]: (row[1], row[2], Piece(row[3], row[4])) for row in self._all(query, some)}
        return found

    def texts(self) -> Iterator[str]:
        """What every passage is found by, in the order of positions: its file's name, its place, its text."""
        start = 0
        query = "SELECT file, place, text FROM passages WHERE position >= ? ORDER BY position LIMIT 500"
        while rows := self._all(query, (start,)):
            yield from (searched(file, Piece(place, text)) for file, place, text in rows)
            start += len(rows)

    def digest(self, salt: str) -> str:
        """Names all files, their passages, and `salt`."""
        digest = hashlib.sha256(salt.encode())
        for one in self.files():
            digest.update(f"\0{one.name}\0{one.sha256}\0{one.size}\0{one.reader}".encode())
        for text in self.texts():
            digest.update(b"\0" + text.encode())
        return digest.hexdigest()[:24]

    def _all(self, query: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        try:
            with self._lock:
                return self._database.execute(query, values).fetchall()
        except sqlite3.DatabaseError as error:
            raise CorruptIndex(f"{self._path}: {error}") from error


def searched(file: str, piece: Piece) -> str:
    """The text that a passage is found by: headings say what the clauses under them do not repeat."""
    return f"{Path(file).with_suffix('').as_posix()}\n{piece.place}\n{piece.text}"
