"""The database behind one URL: SQLite on one machine (`sqlite:///FILE`), PostgreSQL in a cluster (`postgresql://…`).

    async with database.write() as connection:
        await connection.execute(insert(table).values(…))

Tables are those of `tables.metadata`, statements SQLAlchemy Core. Knows nothing of what the tables hold.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, nullcontext
from pathlib import Path
from typing import Any

from sqlalchemy import (
    URL,
    ColumnElement,
    Engine,
    Executable,
    Float,
    Table,
    create_engine,
    event,
    literal_column,
    make_url,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import NullPool

from orchestrator.contracts import StorageFailed
from orchestrator.observing import Observer, Unobserved
from orchestrator.storage import migration
from orchestrator.storage.sealing import Sealing
from orchestrator.storage.tables import metadata

logger = logging.getLogger(__name__)
DRIVERS = {"sqlite": ("sqlite+aiosqlite", "sqlite+pysqlite"), "postgresql": ("postgresql+psycopg",) * 2}
BUSY_S = 5.0  # how long a write waits for another one
CONNECT_S = 3
POOL = 16  # connections of one replica to PostgreSQL; a transaction of ours takes milliseconds
POOL_S = 15.0  # how long a transaction waits for one of them
PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON")
LIMITS = ("statement_timeout='20s'", "lock_timeout='5s'", "idle_in_transaction_session_timeout='20s'")
CLOCKS = {
    "sqlite": "((julianday('now') - 2440587.5) * 86400.0)",
    "postgresql": "extract(epoch from clock_timestamp())::float8",
}
OPENING = 7_308_332_184  # PostgreSQL's advisory lock of whoever makes or changes tables


class Database:
    """Transactions on all tables. Concurrent calls are safe, from several processes too. Raises StorageFailed.

    A database that was away is used again as soon as it is back. `observer` is told of every transaction.
    """

    def __init__(self, url: URL, engine: AsyncEngine, sealing: Sealing) -> None:
        self._url, self._engine, self.sealing = url, engine, sealing
        self.observer: Observer = Unobserved()
        # SQLite has one writer at a time; those of this process queue here, in order and without polling the file.
        self._turnstile = asyncio.Lock() if self.dialect == "sqlite" else nullcontext()

    @classmethod
    async def open(cls, url: str | URL, sealing: Sealing | None = None) -> "Database":
        """Open the database, make the tables that it lacks and bring an older layout up to date.

        Raises StorageFailed with the reason and without the URL's password, also for a layout newer than ours.
        """
        try:
            parsed = make_url(url)
            engine = _engine(parsed)
        except (ArgumentError, KeyError) as error:
            raise StorageFailed("会话数据库的地址应为 sqlite:///文件 或 postgresql://用户@主机/库") from error
        database = cls(parsed, engine, sealing or Sealing())
        try:
            if database.dialect == "sqlite" and parsed.database:
                Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
            async with database.write() as connection:
                if database.dialect == "postgresql":
                    await connection.execute(text(f"SELECT pg_advisory_xact_lock({OPENING})"))
                moved = await connection.run_sync(migration.migrate, database.sealing)
                await connection.run_sync(metadata.create_all)
            if moved:
                await database.compact()
        except (OSError, StorageFailed) as error:
            await engine.dispose()
            reason = reason_of(error.__cause__ or error)
            raise StorageFailed(f"会话数据库 {parsed.render_as_string()} 无法打开:{reason}") from error
        return database

    @property
    def dialect(self) -> str:
        """sqlite or postgresql."""
        return self._engine.dialect.name

    @property
    def now(self) -> ColumnElement[float]:
        """The database's clock as an SQL expression: Unix time in seconds."""
        return literal_column(CLOCKS[self.dialect], Float)

    def upsert(self, table: Table, values: Mapping[str, Any]) -> Executable:
        """The statement that writes this row, in place of the one with the same primary key if there is one."""
        insert = sqlite.insert if self.dialect == "sqlite" else postgresql.insert
        keys = [column.name for column in table.primary_key]
        others = {name: value for name, value in values.items() if name not in keys}
        return insert(table).values(values).on_conflict_do_update(index_elements=keys, set_=others)

    async def close(self) -> None:
        """Close all connections."""
        await self._engine.dispose()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """A connection whose reads all see the same state."""
        with self.observer.step("read"):
            async with self._connection() as connection:
                if self.dialect == "sqlite":
                    await connection.exec_driver_sql("BEGIN")
                else:
                    await connection.execution_options(isolation_level="REPEATABLE READ")
                yield connection

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """A connection in a transaction, which is committed at the end, and undone when an error leaves the block.

        Once the block is left without an error, what was written survives a crash.
        """
        with self.observer.step("write"):
            async with self._turnstile, self._connection() as connection:
                if self.dialect == "sqlite":
                    # An upgrade from a read could only fail at once.
                    await connection.exec_driver_sql("BEGIN IMMEDIATE")
                yield connection
                await connection.commit()

    async def erase(self) -> bool:
        """Take what was deleted out of SQLite's log; its file holds zeros there already (secure_delete).

        False while another process reads the log: to be tried again later.
        """
        if self.dialect != "sqlite":
            return True
        async with self._turnstile, self._connection() as connection:
            busy = (await connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")).scalar_one()
        if busy:
            logger.warning("database: deleted text stays in the log until its readers are done")
        return not busy

    async def compact(self) -> None:
        """Rewrite the database without what was deleted from it. Others wait meanwhile."""
        command = "VACUUM" if self.dialect == "sqlite" else "VACUUM (FULL)"
        async with self._turnstile, self._connection() as connection:
            await connection.execution_options(isolation_level="AUTOCOMMIT")
            await connection.exec_driver_sql(command)
        await self.erase()

    def beacon(self) -> Engine:
        """An engine for a thread of its own: one short write at a time, which need not survive a loss of power."""
        url = self._url.set(drivername=DRIVERS[self.dialect][1])
        settings: tuple[str, ...]
        if self.dialect == "sqlite":
            engine = create_engine(url, connect_args={"timeout": 0.02, "isolation_level": None}, poolclass=NullPool)
            settings = ("PRAGMA synchronous=NORMAL",)
        else:
            engine = create_engine(url, connect_args={"connect_timeout": 1}, pool_size=1, max_overflow=0)
            settings = ("SET synchronous_commit=off", "SET statement_timeout='500ms'")
        _on_connect(engine, settings)
        return engine

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[AsyncConnection]:
        try:
            async with self._engine.connect() as connection:
                yield connection
        except SQLAlchemyError as error:
            # Neither statement nor values nor addresses are told to clients.
            logger.warning("database: %s", reason_of(error))
            raise StorageFailed("会话数据库暂时不可用,没有保存,请稍后重试。") from error


def reason_of(error: BaseException) -> str:
    """What the driver said, without the statement and its values."""
    return str(getattr(error, "orig", None) or error).strip() or type(error).__name__


def _engine(url: URL) -> AsyncEngine:
    kind = url.get_backend_name()
    url = url.set(drivername=DRIVERS[kind][0])
    if kind == "postgresql":
        engine = create_async_engine(
            url,
            connect_args={"connect_timeout": CONNECT_S, "tcp_user_timeout": int(BUSY_S * 1000)},
            pool_size=POOL,
            max_overflow=0,
            pool_timeout=POOL_S,
            pool_pre_ping=True,
            hide_parameters=True,
        )
        _on_connect(engine.sync_engine, [f"SET {limit}" for limit in LIMITS])
    else:
        arguments = {"timeout": BUSY_S, "isolation_level": None}
        # A connection is given back when its transaction has ended: to undo it once more is a step for nothing.
        engine = create_async_engine(url, connect_args=arguments, hide_parameters=True, pool_reset_on_return=None)
        _on_connect(engine.sync_engine, [f"PRAGMA {pragma}" for pragma in PRAGMAS])
    return engine


def _on_connect(engine: Engine, statements: Sequence[str]) -> None:
    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, record: Any) -> None:
        cursor = connection.cursor()
        for statement in statements:
            cursor.execute(statement)
        cursor.close()
        connection.commit()  # PostgreSQL would take a SET back with the first transaction that is undone
