"""The operator's decisions about models, kept: revisions of the traffic policy, and the models that joined the server.

Every change is made in one transaction over what is newest then, so that two operators cannot undo each other unseen.
"""

import time
from collections.abc import Callable
from typing import Any

from sqlalchemy import Row, func, insert, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from models.contracts import ModelCard
from orchestrator.contracts import ConsultationError, Value
from orchestrator.storage.database import Database
from orchestrator.storage.tables import joined_models, traffic
from orchestrator.traffic import Revision, Traffic, read

LOCK = 7_308_332_185  # PostgreSQL's advisory lock of whoever changes these tables
CLAIM_S = 15.0  # after which another replica takes over what one has begun


class NoSuchRevision(ConsultationError):
    """There is no revision of this number."""

    code = "no_such_revision"


class Joined(Value):
    """A model that joined the server: its card, and the settings of its deployment as plain data."""

    name: str
    card: ModelCard
    deployment: dict[str, Any]
    who: str = ""
    at: float = 0.0
    removed: float | None = None
    problem: str = ""


Stamp = tuple[int, int]


class TrafficStore:
    """The two tables. Concurrent calls are safe, from several processes too. Raises StorageFailed."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def stamp(self) -> Stamp:
        """What changes with every change: the numbers of the newest revision and of the newest version of a model."""
        newest = select(func.coalesce(func.max(traffic.c.revision), 0)).scalar_subquery()
        version = select(func.coalesce(func.max(joined_models.c.version), 0)).scalar_subquery()
        async with self._database.read() as connection:
            row = (await connection.execute(select(newest, version))).one()
        return int(row[0]), int(row[1])

    async def now(self) -> tuple[Revision, list[Joined]]:
        """The newest revision, and the models, those removed too."""
        async with self._database.read() as connection:
            revision = await _newest(connection)
            rows = (await connection.execute(select(joined_models).order_by(joined_models.c.at))).all()
        return revision, [_joined(row) for row in rows]

    async def revisions(self, limit: int) -> list[Revision]:
        """The newest first."""
        async with self._database.read() as connection:
            rows = await connection.execute(select(traffic).order_by(traffic.c.revision.desc()).limit(limit))
            return [_revision(row) for row in rows]

    async def revision(self, number: int) -> Revision:
        """One revision; 0 is the empty policy. Raises NoSuchRevision."""
        if number == 0:
            return Revision()
        async with self._database.read() as connection:
            row = (await connection.execute(select(traffic).where(traffic.c.revision == number))).one_or_none()
        if row is None:
            raise NoSuchRevision(f"没有第 {number} 版策略。")
        return _revision(row)

    async def change(self, change: Callable[[Traffic], Traffic], who: str, why: str) -> Revision:
        """A new revision made from the newest one by `change`, whose errors leave everything as it was."""
        async with self._database.write() as connection:
            await self._lock(connection)
            return await _next(connection, change, who, why)

    async def join(self, model: Joined) -> None:
        """Keep a model, in place of one of its name."""
        values: dict[str, Any] = {**model.model_dump(mode="json"), "claim": "", "claimed": 0.0}
        async with self._database.write() as connection:
            await self._lock(connection)
            values["version"] = await _version(connection)
            kind = sqlite if connection.dialect.name == "sqlite" else postgresql
            statement = kind.insert(joined_models).values(values)
            await connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_=values))

    async def remove(self, name: str, change: Callable[[Traffic], Traffic], who: str, why: str) -> Revision:
        """Mark the model as removed, and change the policy, which must not name it any more, with it."""
        async with self._database.write() as connection:
            await self._lock(connection)
            await _set(connection, name, removed=time.time(), problem="", claim="", claimed=0.0)
            return await _next(connection, change, who, why)

    async def claim(self, model: Joined, replica: str) -> bool:
        """Whether this replica is the one to deploy or remove the model now, which is still as the replica knows it."""
        now, columns = time.time(), joined_models.c
        async with self._database.write() as connection:
            free = (columns.name == model.name) & (columns.claimed < now - CLAIM_S)
            same = (columns.problem == model.problem) & columns.removed.is_not_distinct_from(model.removed)
            done = await connection.execute(update(joined_models).where(free, same).values(claim=replica, claimed=now))
            return done.rowcount == 1

    async def renew(self, name: str, replica: str) -> None:
        """Keep a claim of this replica from running out."""
        async with self._database.write() as connection:
            mine = (joined_models.c.name == name) & (joined_models.c.claim == replica)
            await connection.execute(update(joined_models).where(mine).values(claimed=time.time()))

    async def release(self, name: str, replica: str, problem: str = "") -> None:
        """End a claim; with a `problem` the model is not deployed again by itself."""
        async with self._database.write() as connection:
            await self._lock(connection)
            mine = (joined_models.c.name == name) & (joined_models.c.claim == replica)
            values: dict[str, Any] = {"claim": "", "claimed": 0.0}
            if problem:
                values |= {"problem": problem, "version": await _version(connection)}
            await connection.execute(update(joined_models).where(mine).values(values))

    async def give_up(self, replica: str) -> None:
        """End all claims of the replica, which stops."""
        async with self._database.write() as connection:
            mine = update(joined_models).where(joined_models.c.claim == replica)
            await connection.execute(mine.values(claim="", claimed=0.0))

    async def _lock(self, connection: AsyncConnection) -> None:
        # SQLite has one writer at a time anyway.
        if connection.dialect.name == "postgresql":
            await connection.execute(text(f"SELECT pg_advisory_xact_lock({LOCK})"))


async def _newest(connection: AsyncConnection) -> Revision:
    row = (await connection.execute(select(traffic).order_by(traffic.c.revision.desc()).limit(1))).one_or_none()
    return Revision() if row is None else _revision(row)


async def _next(connection: AsyncConnection, change: Callable[[Traffic], Traffic], who: str, why: str) -> Revision:
    before = await _newest(connection)
    made = Revision(revision=before.revision + 1, at=time.time(), who=who, why=why, policy=change(before.policy))
    await connection.execute(insert(traffic).values(made.model_dump(mode="json")))
    return made


async def _version(connection: AsyncConnection) -> int:
    newest = await connection.scalar(select(func.coalesce(func.max(joined_models.c.version), 0)))
    return int(newest or 0) + 1


async def _set(connection: AsyncConnection, name: str, **values: Any) -> None:
    values["version"] = await _version(connection)
    await connection.execute(update(joined_models).where(joined_models.c.name == name).values(values))


def _revision(row: Row[Any]) -> Revision:
    return Revision(revision=row.revision, at=row.at, who=row.who, why=row.why, policy=read(row.policy))


def _joined(row: Row[Any]) -> Joined:
    names = Joined.model_fields
    return Joined.model_validate({name: value for name, value in row._mapping.items() if name in names})
