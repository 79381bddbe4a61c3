"""The database behind one URL: SQLite on one machine (`sqlite:///FILE`), PostgreSQL in a cluster (`postgresql://…`)."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import URL, event, make_url
from sqlalchemy.exc import ArgumentError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from orchestrator.contracts import StorageFailed
from orchestrator.observing import Observer, Unobserved
from orchestrator.storage.tables import metadata

DRIVERS = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+psycopg"}
BUSY_S = 5.0  # how long a write waits for another one
PRAGMAS = ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", "secure_delete=ON")


class Database:
    """The tables of `tables.metadata`. Concurrent calls are safe, from several processes too. Raises StorageFailed."""

    def __init__(self, engine: AsyncEngine) -> None:
        self._engine = engine
        self.observer: Observer = Unobserved()  # told of every transaction

    @classmethod
    async def open(cls, url: str) -> "Database":
        """Open the database, and make the tables that it lacks. Raises StorageFailed, without the URL's password."""
        try:
            parsed = make_url(url)
            engine = _engine(parsed)
        except (ArgumentError, KeyError) as error:
            raise StorageFailed("会话数据库的地址应为 sqlite:///文件 或 postgresql://用户@主机/库") from error
        database = cls(engine)
        try:
            if engine.dialect.name == "sqlite" and parsed.database:
                Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)
            async with database.write() as connection:
                await connection.run_sync(metadata.create_all)
        except (OSError, StorageFailed) as error:
            await engine.dispose()
            raise StorageFailed(f"会话数据库 {parsed.render_as_string()} 无法打开:{error}") from error
        return database

    @property
    def dialect(self) -> str:
        """sqlite or postgresql."""
        return self._engine.dialect.name

    async def close(self) -> None:
        """Close all connections."""
        await self._engine.dispose()

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """A connection whose reads all see the same state."""
        with self.observer.step("read"):
            async with self._connection() as connection:
                yield connection

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """A connection in a transaction, which is committed at the end, and undone when an error leaves the block.

        Once the block is left without an error, what was written survives a crash.
        """
        with self.observer.step("write"):
            async with self._connection() as connection:
                if self.dialect == "sqlite":
                    # An upgrade from a read could only fail at once.
                    await connection.exec_driver_sql("BEGIN IMMEDIATE")
                yield connection
                await connection.commit()

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[AsyncConnection]:
        try:
            async with self._engine.connect() as connection:
                yield connection
        except SQLAlchemyError as error:
            # The statement and its values are not repeated: they may be a client's words.
            reason = getattr(error, "orig", None) or type(error).__name__
            raise StorageFailed(f"会话数据库写入或读取失败,没有保存,请稍后重试:{reason}") from None


def _engine(url: URL) -> AsyncEngine:
    kind = url.get_backend_name()
    url = url.set(drivername=DRIVERS[kind])
    if kind == "postgresql":
        return create_async_engine(url, pool_pre_ping=True, hide_parameters=True)
    arguments = {"timeout": BUSY_S, "isolation_level": None}
    engine = create_async_engine(url, connect_args=arguments, hide_parameters=True)

    @event.listens_for(engine.sync_engine, "connect")
    def _prepare(connection: Any, record: Any) -> None:
        cursor = connection.cursor()
        for pragma in PRAGMAS:
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    return engine
