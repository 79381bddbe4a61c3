"""Sessions and their turns: who owns them, what was said, what was answered; leases, replay, retention.

A turn is one transaction: its row, the session's checkpoint and the end of its lease, or nothing of them. The lease
names a replica; one whose replica is no longer seen (heartbeat.py) is free, and whoever lost it can commit nothing.
"""

import asyncio
import re
import secrets
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import RowMapping, Select, delete, func, insert, or_, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from orchestrator.contracts import LeaseLost, SessionBusy, StorageFailed, UnknownSession
from orchestrator.storage import rows
from orchestrator.storage.database import Database
from orchestrator.storage.heartbeat import DEAD_S, LATE_S, Heartbeat
from orchestrator.storage.tables import checkpoints, feedback, replicas, sessions, turns

SURE_S = 2.0  # how long a replica that looks dead is waited for
POLL_S = 0.05
GONE_S = 3600.0  # the row of a replica not seen for so long is swept away
BATCH = 200  # sessions purged in one transaction
FREE = {"holder": "", "lease": "", "message": ""}


@dataclass(frozen=True)
class Session:
    """One session: `owner` is key name and subject together; `settings` are confirm, as_of, jurisdiction."""

    id: str
    owner: str
    mode: str
    settings: dict[str, Any]
    created: float


@dataclass(frozen=True)
class Turn:
    """One acknowledged turn."""

    number: int
    message: dict[str, Any]
    reply: dict[str, Any]
    at: float


@dataclass(frozen=True)
class Lease:
    """The right to write this turn of a session. `checkpoint` is what the turn before left, None for the first."""

    session: Session
    token: str
    number: int
    checkpoint: bytes | None


class SessionStore:
    """The tables of sessions. Concurrent calls are safe, from several replicas too. Errors are ConsultationErrors.

    `owner` is whoever asks: somebody else's session is as unknown to them as none. What is stored and cannot be
    trusted raises SealedDataRefused; a database that is away raises StorageFailed.
    """

    def __init__(self, database: Database) -> None:
        self.database, self._sealing = database, database.sealing
        self._heartbeat = Heartbeat(database)

    async def close(self) -> None:
        """Stop the heartbeat; the database stays open."""
        await asyncio.to_thread(self._heartbeat.stop)

    # Sessions

    async def create(self, owner: str, mode: str, settings: Mapping[str, Any]) -> Session:
        """A new session with an unguessable id."""
        made = Session(secrets.token_urlsafe(18), owner, mode, dict(settings), time.time())
        values = rows.session(self._sealing, made.id, owner, mode, made.settings, made.created)
        async with self.database.write() as connection:
            await connection.execute(insert(sessions).values(values))
        return made

    async def get(self, id: str, owner: str) -> Session:
        """The session. Raises UnknownSession."""
        async with self.database.read() as connection:
            return (await self._owned(connection, id, owner))[1]

    async def of_owner(self, owner: str, limit: int | None = None) -> list[Session]:
        """The owner's sessions, the newest first."""
        query = self._of(owner).order_by(sessions.c.created.desc()).limit(limit)
        async with self.database.read() as connection:
            return [self._session(row) for row in (await connection.execute(query)).mappings()]

    async def delete(self, id: str, owner: str) -> None:
        """Delete the session with all that belongs to it. Raises UnknownSession, SessionBusy while a turn runs."""
        async with self.database.write() as connection:
            row, _ = await self._owned(connection, id, owner, locked=True)
            await self._remove(connection, [row])
        await self.database.erase()

    async def delete_of(self, owner: str) -> list[str]:
        """Delete all sessions of the owner, or none of them while a turn runs (SessionBusy). Their ids."""
        async with self.database.write() as connection:
            found = (await connection.execute(self._of(owner).with_for_update())).mappings().all()
            await self._remove(connection, found)
        await self.database.erase()
        return [row["id"] for row in found]

    async def purge(self, before: float) -> int:
        """Delete the sessions in which nothing happened since `before` (Unix time). How many there were."""
        total = 0
        while True:
            async with self.database.write() as connection:
                free = or_(sessions.c.holder == "", sessions.c.holder.not_in(self._living()))
                old = (
                    select(sessions.c.id)
                    .where(sessions.c.touched < before, free)
                    .limit(BATCH)
                    .with_for_update(skip_locked=True)
                )
                ids = (await connection.execute(old)).scalars().all()
                await connection.execute(delete(sessions).where(sessions.c.id.in_(ids)))
            total += len(ids)
            if len(ids) < BATCH:
                break
        if total:
            await self.database.erase()
        return total

    async def sweep(self) -> None:
        """Take away what is of no use: rows of replicas that are gone, deleted text in the log."""
        async with self.database.write() as connection:
            await connection.execute(delete(replicas).where(replicas.c.seen < self.database.now - GONE_S))
        await self.database.erase()

    # Turns

    async def turns(self, id: str) -> list[Turn]:
        """All turns in order."""
        query = select(turns.c.number, turns.c.content, turns.c.at).where(turns.c.session == id)
        async with self.database.read() as connection:
            found = (await connection.execute(query.order_by(turns.c.number))).all()
        return [self._turn(id, *row) for row in found]

    async def first_messages(self, ids: Sequence[str]) -> dict[str, dict[str, Any]]:
        """The message that each of these sessions began with, by session; those without a turn are left out."""
        query = select(turns.c.session, turns.c.number, turns.c.content, turns.c.at)
        async with self.database.read() as connection:
            found = await connection.execute(query.where(turns.c.session.in_(ids), turns.c.number == 1))
            return {row.session: self._turn(*row).message for row in found}

    async def events(self, id: str, number: int) -> list[dict[str, Any]] | None:
        """The stream of a turn as it was sent, the reply last. None for a turn that is not kept."""
        async with self.database.read() as connection:
            query = select(turns).where(turns.c.session == id, turns.c.number == number)
            row = (await connection.execute(query)).mappings().one_or_none()
        return None if row is None else self._events(row)

    async def progress(self, id: str) -> tuple[int, bool]:
        """The number of the last turn kept (0 for none), and whether a next one is running, here or elsewhere."""
        async with self.database.read() as connection:
            living = sessions.c.holder.in_(self._living())
            query = select(func.coalesce(func.max(turns.c.number), 0)).where(turns.c.session == id)
            held = select(func.count()).select_from(sessions).where(sessions.c.id == id, living)
            last, running = (await connection.execute(select(query.scalar_subquery(), held.scalar_subquery()))).one()
        return last, bool(running)

    async def checkpoint(self, id: str) -> bytes | None:
        """What the last turn left."""
        query = select(checkpoints.c.turn, checkpoints.c.content).where(checkpoints.c.session == id)
        async with self.database.read() as connection:
            row = (await connection.execute(query)).one_or_none()
        return None if row is None else self._opened(id, *row)

    async def add_feedback(self, id: str, turn: int, rating: str, comment: str) -> None:
        """Keep the client's verdict on a turn."""
        values = rows.feedback(self._sealing, id, turn, rating, comment, time.time())
        async with self.database.write() as connection:
            try:
                await connection.execute(insert(feedback).values(values))
            except IntegrityError as error:  # the session was deleted meanwhile
                raise UnknownSession("没有这个咨询会话。") from error

    async def feedback(self, id: str) -> list[dict[str, Any]]:
        """All feedback on the session."""
        query = select(feedback).where(feedback.c.session == id).order_by(feedback.c.id)
        async with self.database.read() as connection:
            found = (await connection.execute(query)).mappings().all()
        return [
            {
                "turn": row["turn"],
                **self._sealing.unpack(row["content"], "feedback.content", id, row["turn"]),
                "at": row["at"],
            }
            for row in found
        ]

    # Leases

    async def begin(self, id: str, owner: str, key: str, patience: float) -> Lease | int:
        """Take the session for its next turn; or the number of the turn that was made under this key already.

        A turn of the same key that runs at another replica is waited for, at most `patience` seconds, and taken over
        if that replica dies. Raises UnknownSession, and SessionBusy while another turn runs.
        """
        token = secrets.token_hex(8)
        started = time.monotonic()
        self._heartbeat.hold(token)
        taken: Lease | int | None = None
        try:
            while True:
                async with self.database.write() as connection:
                    taken, waits = await self._taken(connection, id, owner, key, token, patience)
                if taken is not None:
                    return taken
                if time.monotonic() - started > waits:
                    raise SessionBusy("这个会话正在处理上一条消息,请等它回复后再发。")
                await asyncio.sleep(POLL_S)
        except (StorageFailed, asyncio.CancelledError):
            self._heartbeat.drop(token)  # it may have been taken, although nobody could tell us
            raise
        finally:
            if not isinstance(taken, Lease):
                self._heartbeat.let_go(token)

    async def commit(
        self,
        lease: Lease,
        key: str,
        message: Mapping[str, Any],
        reply: Mapping[str, Any],
        events: Sequence[Mapping[str, Any]],
        checkpoint: bytes,
    ) -> None:
        """Keep the turn and end its lease; once this returns the turn survives a crash. `events` without the reply.

        Raises LeaseLost when the session was taken over or deleted meanwhile; nothing is kept then.
        """
        id, number, at = lease.session.id, lease.number, time.time()
        turn = rows.turn(self._sealing, id, number, key, message, reply, events, at)
        left = rows.checkpoint(self._sealing, id, number, checkpoint)
        async with self.database.write() as connection:
            mine = (sessions.c.id == id) & (sessions.c.lease == lease.token)
            ended = await connection.execute(update(sessions).where(mine).values(**FREE, touched=at))
            if ended.rowcount != 1:
                raise LeaseLost("处理这条消息的服务副本一度失去联系,这一轮没有保存,请用同一个 Idempotency-Key 重发。")
            await self._show_life(connection)  # for the other turns of this replica
            await connection.execute(insert(turns).values(turn))
            if lease.checkpoint is None:
                await connection.execute(insert(checkpoints).values(left))
            else:
                await connection.execute(update(checkpoints).where(checkpoints.c.session == id).values(left))
        self._heartbeat.let_go(lease.token)

    async def release(self, lease: Lease) -> None:
        """End the lease of a turn that is not kept; at once, or as soon as the database is back."""
        if not self._heartbeat.holds(lease.token):
            return
        try:
            async with self.database.write() as connection:
                await connection.execute(update(sessions).where(sessions.c.lease == lease.token).values(FREE))
            self._heartbeat.let_go(lease.token)
        except StorageFailed:
            self._heartbeat.drop(lease.token)
        except asyncio.CancelledError:
            self._heartbeat.drop(lease.token)
            raise

    # Inside

    async def _taken(
        self, connection: AsyncConnection, id: str, owner: str, key: str, token: str, patience: float
    ) -> tuple[Lease | int | None, float]:
        """The lease, the kept turn's number, or None and how many seconds to wait at most. Raises SessionBusy."""
        row, session = await self._owned(connection, id, owner, locked=True)
        marks = self._sealing.marks(key)
        # A statement of its own after the one that locks: only so does it see what the turn before has kept meanwhile.
        own, kept = turns.c.session == id, turns.c.key.in_(marks)
        left = [
            select(column).where(checkpoints.c.session == id).scalar_subquery()
            for column in (checkpoints.c.turn, checkpoints.c.content)
        ]
        numbers = func.max(turns.c.number).filter(kept), func.coalesce(func.max(turns.c.number), 0)
        number, last, *checkpoint = (await connection.execute(select(*numbers, *left).where(own))).one()
        if number is not None:
            return int(number), 0.0
        age = await self._age(connection, row)
        if age is not None and age <= DEAD_S:
            if row["message"] in marks:
                return None, patience
            if age <= LATE_S:
                raise SessionBusy("这个会话正在处理上一条消息,请等它回复后再发。")
            return None, SURE_S
        lease = Lease(session, token, last + 1, self._opened(id, *checkpoint))
        await self._show_life(connection)
        taken = {"holder": self._heartbeat.replica, "lease": token, "message": marks[0]}
        await connection.execute(update(sessions).where(sessions.c.id == id).values(taken))
        return lease, 0.0

    async def _age(self, connection: AsyncConnection, row: RowMapping) -> float | None:
        """Seconds since the holder of the session was seen; None when nobody holds it."""
        if not row["holder"]:
            return None
        if row["holder"] == self._heartbeat.replica:
            return 0.0 if self._heartbeat.holds(row["lease"]) else None
        seen = select(self.database.now - replicas.c.seen).where(replicas.c.id == row["holder"])
        return (await connection.execute(seen)).scalar_one_or_none()

    async def _show_life(self, connection: AsyncConnection) -> None:
        """Let others see this replica with this transaction, where the heartbeat has not done so just now."""
        if not self._heartbeat.fresh():
            await connection.execute(self._heartbeat.beat)

    async def _remove(self, connection: AsyncConnection, found: Sequence[RowMapping]) -> None:
        for row in found:
            age = await self._age(connection, row)
            if age is not None and age <= DEAD_S:
                raise SessionBusy("会话正在处理消息,请等它回复后再删除。")
        await connection.execute(delete(sessions).where(sessions.c.id.in_([row["id"] for row in found])))

    def _living(self) -> Select[tuple[str]]:
        return select(replicas.c.id).where(replicas.c.seen > self.database.now - DEAD_S)

    def _of(self, owner: str) -> Select[Any]:
        return select(sessions).where(sessions.c.owner.in_(self._sealing.marks(owner)))

    async def _owned(
        self, connection: AsyncConnection, id: str, owner: str, locked: bool = False
    ) -> tuple[RowMapping, Session]:
        # PostgreSQL would choke on an id with characters that no id of ours has.
        if re.fullmatch(r"[\w-]{1,64}", id, re.ASCII) is not None:
            query = select(sessions).where(sessions.c.id == id)
            found = await connection.execute(query.with_for_update() if locked else query)
            if (row := found.mappings().one_or_none()) is not None and (session := self._session(row)).owner == owner:
                return row, session
        raise UnknownSession("没有这个咨询会话。")

    def _session(self, row: RowMapping) -> Session:
        opening = self._sealing.unpack(row["opening"], "sessions.opening", row["id"], 0)
        return Session(row["id"], opening["owner"], row["mode"], opening["settings"], row["created"])

    def _turn(self, id: str, number: int, content: bytes, at: float) -> Turn:
        kept = self._sealing.unpack(content, "turns.content", id, number)
        return Turn(number, kept["message"], kept["reply"], at)

    def _events(self, row: RowMapping) -> list[dict[str, Any]]:
        sent = self._sealing.unpack(row["events"], "turns.events", row["session"], row["number"])
        reply = self._turn(row["session"], row["number"], row["content"], row["at"]).reply
        return [*sent, {"kind": "done", "data": reply}]

    def _opened(self, id: str, turn: int | None, content: bytes | None) -> bytes | None:
        """The checkpoint in a row; None where there is none."""
        return None if content is None else self._sealing.open(content, "checkpoints.content", id, turn or 0)
