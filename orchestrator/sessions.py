"""Sessions and their turns in SQLite: who owns them, what was said, what was answered; leases and idempotent replay.

The graph's checkpoints lie in the same file, in tables of LangGraph's own. A turn is one row, written when its reply
is final; a turn whose row was lost to a crash after its checkpoint is recovered from the checkpoint (consultation.py).
"""

import json
import secrets
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiosqlite

from orchestrator.contracts import SessionBusy, StorageFailed, UnknownSession

LEASE_S = 5.0  # a turn's hold on its session; renewed while the turn runs, so a killed replica blocks it no longer

_SCHEMA = """
CREATE TABLE IF NOT EXISTS sessions (
  id TEXT PRIMARY KEY, owner TEXT NOT NULL, mode TEXT NOT NULL, settings TEXT NOT NULL, created REAL NOT NULL,
  holder TEXT NOT NULL DEFAULT '', held_until REAL NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS sessions_owner ON sessions (owner, created);
CREATE TABLE IF NOT EXISTS turns (
  session TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE, number INTEGER NOT NULL, key TEXT NOT NULL,
  message TEXT NOT NULL, reply TEXT NOT NULL, events TEXT NOT NULL, at REAL NOT NULL,
  PRIMARY KEY (session, number), UNIQUE (session, key)
);
CREATE TABLE IF NOT EXISTS feedback (
  session TEXT NOT NULL REFERENCES sessions (id) ON DELETE CASCADE, turn INTEGER NOT NULL, rating TEXT NOT NULL,
  comment TEXT NOT NULL, at REAL NOT NULL
);
"""


@dataclass(frozen=True)
class Session:
    """One session: `owner` is key name and subject together; `settings` are mode, confirm, as_of, jurisdiction."""

    id: str
    owner: str
    mode: str
    settings: dict[str, Any]
    created: float


@dataclass(frozen=True)
class Turn:
    """One acknowledged turn. `events` is the stream as it was sent, for a client that resumes it."""

    number: int
    key: str
    message: dict[str, Any]
    reply: dict[str, Any]
    events: list[dict[str, Any]]
    at: float


class SessionStore:
    """The tables of sessions. Concurrent calls are safe, from several processes too. Errors are ConsultationErrors."""

    def __init__(self, connection: aiosqlite.Connection) -> None:
        self.connection = connection

    @classmethod
    async def open(cls, path: Path) -> "SessionStore":
        """Open (or make) the file in WAL mode with synchronous FULL. Raises StorageFailed naming it."""
        connection: aiosqlite.Connection | None = None
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            connection = await aiosqlite.connect(path, isolation_level=None)
            for pragma in (
                "journal_mode=WAL",
                "synchronous=FULL",
                "foreign_keys=ON",
                "busy_timeout=5000",
                "secure_delete=ON",
            ):
                await connection.execute(f"PRAGMA {pragma}")
            await connection.executescript(_SCHEMA)
        except (OSError, aiosqlite.Error) as error:
            if connection is not None:
                await connection.close()  # its thread would keep the process from ending
            raise StorageFailed(f"会话数据库 {path} 无法打开:{error}") from error
        return cls(connection)

    async def close(self) -> None:
        """Close the file."""
        await self.connection.close()

    async def create(self, owner: str, mode: str, settings: dict[str, Any]) -> Session:
        """A new session with an unguessable id."""
        session = Session(secrets.token_urlsafe(18), owner, mode, settings, time.time())
        await self._write(
            "INSERT INTO sessions (id, owner, mode, settings, created) VALUES (?, ?, ?, ?, ?)",
            (session.id, owner, mode, json.dumps(settings, ensure_ascii=False), session.created),
        )
        return session

    async def get(self, id: str, owner: str) -> Session:
        """The session. Raises UnknownSession when there is none or it is somebody else's, indistinguishably."""
        rows = await self._read(
            "SELECT id, owner, mode, settings, created FROM sessions WHERE id = ? AND owner = ?", (id, owner)
        )
        if not rows:
            raise UnknownSession("没有这个咨询会话。")
        return _session(rows[0])

    async def of_owner(self, owner: str, limit: int) -> list[Session]:
        """The owner's sessions, the newest first."""
        query = "SELECT id, owner, mode, settings, created FROM sessions WHERE owner = ? ORDER BY created DESC LIMIT ?"
        return [_session(row) for row in await self._read(query, (owner, limit))]

    async def delete(self, id: str) -> None:
        """Delete the session with its turns and feedback, and empty the write-ahead log of its text."""
        await self._write("DELETE FROM sessions WHERE id = ?", (id,))
        await self._read("PRAGMA wal_checkpoint(TRUNCATE)", ())

    async def turns(self, id: str) -> list[Turn]:
        """All turns in order."""
        query = "SELECT number, key, message, reply, events, at FROM turns WHERE session = ? ORDER BY number"
        return [_turn(row) for row in await self._read(query, (id,))]

    async def last_number(self, id: str) -> int:
        """The number of the last turn kept, 0 for none."""
        rows = await self._read("SELECT COALESCE(MAX(number), 0) FROM turns WHERE session = ?", (id,))
        return int(rows[0][0])

    async def by_key(self, id: str, key: str) -> Turn | None:
        """The turn that was made under this idempotency key."""
        query = "SELECT number, key, message, reply, events, at FROM turns WHERE session = ? AND key = ?"
        rows = await self._read(query, (id, key))
        return _turn(rows[0]) if rows else None

    async def keep(self, id: str, turn: Turn) -> None:
        """Commit the turn; once this returns it survives a crash."""
        await self._write(
            "INSERT OR IGNORE INTO turns (session, number, key, message, reply, events, at)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (id, turn.number, turn.key, _json(turn.message), _json(turn.reply), _json(turn.events), turn.at),
        )

    async def prune_checkpoints(self, id: str) -> None:
        """Keep only the session's newest checkpoint: each holds the whole state, and older ones are never resumed.

        LangGraph's SQLite saver has no pruning of its own; its checkpoint ids grow with time.
        """
        newest = "(SELECT MAX(checkpoint_id) FROM checkpoints WHERE thread_id = ?)"
        for table in ("checkpoints", "writes"):
            await self._write(f"DELETE FROM {table} WHERE thread_id = ? AND checkpoint_id < {newest}", (id, id))

    async def undo_checkpoints(self, id: str, after: str) -> None:
        """Drop the checkpoints made after the one with id `after` (all, when empty): a failed turn leaves nothing."""
        for table in ("checkpoints", "writes"):
            await self._write(f"DELETE FROM {table} WHERE thread_id = ? AND checkpoint_id > ?", (id, after))

    async def add_feedback(self, id: str, turn: int, rating: str, comment: str) -> None:
        """Keep the client's verdict on a turn."""
        await self._write("INSERT INTO feedback VALUES (?, ?, ?, ?, ?)", (id, turn, rating, comment, time.time()))

    async def feedback(self, id: str) -> list[dict[str, Any]]:
        """All feedback on the session."""
        rows = await self._read("SELECT turn, rating, comment, at FROM feedback WHERE session = ? ORDER BY at", (id,))
        return [{"turn": row[0], "rating": row[1], "comment": row[2], "at": row[3]} for row in rows]

    async def acquire(self, id: str) -> str:
        """Take the session for a turn and return the lease. Raises SessionBusy while another turn holds it."""
        holder, now = secrets.token_hex(8), time.time()
        changed = await self._write(
            "UPDATE sessions SET holder = ?, held_until = ? WHERE id = ? AND held_until < ?",
            (holder, now + LEASE_S, id, now),
        )
        if changed != 1:
            raise SessionBusy("这个会话正在处理上一条消息,请等它回复后再发。")
        return holder

    async def renew(self, id: str, holder: str) -> None:
        """Hold on to the session for another LEASE_S."""
        await self._write(
            "UPDATE sessions SET held_until = ? WHERE id = ? AND holder = ?", (time.time() + LEASE_S, id, holder)
        )

    async def release(self, id: str, holder: str) -> None:
        """Let the session go."""
        await self._write("UPDATE sessions SET holder = '', held_until = 0 WHERE id = ? AND holder = ?", (id, holder))

    async def _read(self, query: str, values: tuple[Any, ...]) -> list[Any]:
        async with _translated(), self.connection.execute(query, values) as cursor:
            return list(await cursor.fetchall())

    async def _write(self, query: str, values: tuple[Any, ...]) -> int:
        async with _translated(), self.connection.execute(query, values) as cursor:
            return cursor.rowcount


@asynccontextmanager
async def _translated() -> AsyncIterator[None]:
    try:
        yield
    except aiosqlite.Error as error:
        raise StorageFailed(f"会话数据库写入或读取失败,这一轮没有保存,请稍后重试:{error}") from error


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _session(row: Any) -> Session:
    return Session(row[0], row[1], row[2], json.loads(row[3]), row[4])


def _turn(row: Any) -> Turn:
    return Turn(row[0], row[1], json.loads(row[2]), json.loads(row[3]), json.loads(row[4]), row[5])
