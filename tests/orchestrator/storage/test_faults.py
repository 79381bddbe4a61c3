"""Databases that fail: told by a stable code, nothing half kept, and served again as soon as they are back."""

import asyncio
import resource
import secrets
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from orchestrator.contracts import StorageFailed
from orchestrator.storage import database as databases
from orchestrator.storage.database import Database
from orchestrator.storage.sessions import SessionStore
from tests.databases import Server
from tests.orchestrator.storage.conftest import closed
from tests.orchestrator.storage.turns import begun, commit, keep


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "sessions.sqlite"


async def test_a_file_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(StorageFailed, match="file"):
        await Database.open(f"sqlite:///{tmp_path / 'file' / 'sessions.sqlite'}")
    broken = tmp_path / "broken.sqlite"
    broken.write_bytes(b"not a database at all" * 100)
    with pytest.raises(StorageFailed, match=r"broken.*not a database"):
        await Database.open(f"sqlite:///{broken}")


@pytest.mark.parametrize("url", ["postgresql://me:geheim@127.0.0.1:1/x", "mysql://me:geheim@x/y", "geheim", ""])
async def test_a_bad_address_is_told_without_its_password(url: str) -> None:
    with pytest.raises(StorageFailed) as raised:
        await Database.open(url)
    assert "geheim" not in str(raised.value)


async def test_the_file_is_safe_against_power_loss(path: Path) -> None:
    database = await Database.open(f"sqlite:///{path}")
    async with database.read() as connection:
        for pragma, value in (("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("secure_delete", 1)):
            assert (await connection.execute(text(f"PRAGMA {pragma}"))).scalar_one() == value
    await database.close()


async def test_a_reader_sees_one_state(url: str) -> None:
    database = await Database.open(url)
    count = text("SELECT count(*) FROM layout")
    async with database.read() as reader:
        assert (await reader.execute(count)).scalar_one() == 1
        async with database.write() as writer:
            await writer.execute(text("DELETE FROM layout"))
        assert (await reader.execute(count)).scalar_one() == 1
    async with database.read() as reader:
        assert (await reader.execute(count)).scalar_one() == 0
    await database.close()


async def test_an_error_or_a_cancelled_task_undoes_its_transaction(url: str) -> None:
    database = await Database.open(url)

    async def write(error: BaseException | None) -> None:
        async with database.write() as connection:
            await connection.execute(text("DELETE FROM layout"))
            if error is not None:
                raise error
            await asyncio.sleep(60)

    with pytest.raises(ZeroDivisionError):
        await write(ZeroDivisionError())
    task = asyncio.create_task(write(None))
    await asyncio.sleep(0.1)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with database.write() as connection:
        assert (await connection.execute(text("SELECT count(*) FROM layout"))).scalar_one() == 1
    await database.close()


async def test_a_locked_file_is_told_and_then_served(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(databases, "BUSY_S", 0.1)
    store = SessionStore(await Database.open(f"sqlite:///{path}"))
    made = await store.create("甲", "normal", {})
    lease = await begun(store, made.id)
    locker = sqlite3.connect(path, isolation_level=None)
    locker.execute("BEGIN IMMEDIATE")
    with pytest.raises(StorageFailed) as raised:
        await commit(store, lease, "k")
    assert raised.value.code == "storage_failed"
    assert await store.turns(made.id) == []  # reading goes on
    await store.release(lease)
    locker.execute("ROLLBACK")
    locker.close()
    await asyncio.sleep(0.5)  # the heartbeat releases what could not be released
    assert (await keep(store, made.id, "k")).number == 1
    await closed(store)


async def test_a_full_database_is_told_and_then_served(path: Path) -> None:
    store = SessionStore(await Database.open(f"sqlite:///{path}"))
    made = await store.create("甲", "normal", {})
    lease = await begun(store, made.id)
    async with store.database._connection() as connection:
        pages = (await connection.execute(text("PRAGMA page_count"))).scalar_one()
        await connection.execute(text(f"PRAGMA max_page_count={pages}"))
    long = "".join(map(chr, range(0x4E00, 0x8E00)))
    with pytest.raises(StorageFailed):
        await commit(store, lease, "k", long)
    assert await store.turns(made.id) == []
    async with store.database._connection() as connection:
        await connection.execute(text("PRAGMA max_page_count=1000000"))
    await commit(store, lease, "k", long)
    assert [one.reply["answer"] for one in await store.turns(made.id)] == [long]
    await closed(store)


@pytest.fixture
def _small_files() -> Iterator[None]:
    """No file of this process can grow over 400 kB: what a full disk does, with another error."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (400_000, hard))
    yield
    resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    signal.signal(signal.SIGXFSZ, handler)


@pytest.mark.usefixtures("_small_files")
async def test_a_disk_that_takes_no_more_is_told_and_then_served(path: Path) -> None:
    store = SessionStore(await Database.open(f"sqlite:///{path}"))
    made = await store.create("甲", "normal", {})
    long = "".join(map(chr, range(0x4E00, 0x8E00)))
    kept = 0
    with pytest.raises(StorageFailed):
        while kept < 50:
            lease = await begun(store, made.id, f"k{kept}")
            await commit(store, lease, f"k{kept}", long)
            kept += 1
    assert len(await store.turns(made.id)) == kept
    hard = resource.getrlimit(resource.RLIMIT_FSIZE)[1]
    resource.setrlimit(resource.RLIMIT_FSIZE, (hard, hard))
    await commit(store, lease, f"k{kept}", long)
    assert len(await store.turns(made.id)) == kept + 1
    await closed(store)


async def test_a_postgresql_that_restarts_is_told_and_then_served(postgresql: Server) -> None:
    store = SessionStore(await Database.open(postgresql.emptied()))
    made = await store.create("甲", "normal", {})
    lease = await begun(store, made.id)
    postgresql.stop()
    try:
        for call in (commit(store, lease, "k"), store.get(made.id, "甲"), store.create("甲", "normal", {})):
            with pytest.raises(StorageFailed) as raised:
                await call
            assert "127.0.0.1" not in str(raised.value)
            assert "connection" not in str(raised.value)
        await store.release(lease)
    finally:
        postgresql.start()
    assert await store.turns(made.id) == []
    await asyncio.sleep(0.5)  # the heartbeat releases what could not be released
    assert (await keep(store, made.id, "k")).number == 1
    await closed(store)


async def test_connections_that_the_server_cut_are_replaced(postgresql: Server) -> None:
    store = SessionStore(await Database.open(postgresql.emptied()))
    made = await store.create("甲", "normal", {})
    postgresql.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname IS NOT NULL"
    )
    assert await store.get(made.id, "甲") == made
    await closed(store)


REPLICA = """
import asyncio, sys
from orchestrator.storage.database import Database
from orchestrator.storage.sessions import SessionStore
async def main(url, id):
    store = SessionStore(await Database.open(url))
    await store.begin(id, "甲", "k", 5)
    print("begun", flush=True)
    await asyncio.sleep(60)
asyncio.run(main(*sys.argv[1:]))
"""


async def test_a_killed_replica_is_taken_over_by_the_same_request(url: str) -> None:
    store = SessionStore(await Database.open(url))
    made = await store.create("甲", "normal", {})
    await keep(store, made.id, "before")
    replica = subprocess.Popen([sys.executable, "-c", REPLICA, url, made.id], stdout=subprocess.PIPE, text=True)
    assert replica.stdout is not None
    assert await asyncio.to_thread(replica.stdout.readline) == "begun\n"
    replica.kill()
    killed = time.monotonic()
    await keep(store, made.id, "k")
    print(f"taken over after {time.monotonic() - killed:.2f} s")
    replica.wait()
    assert [one.number for one in await store.turns(made.id)] == [1, 2]
    await closed(store)


# Deletion


async def test_a_deleted_session_leaves_no_text_in_any_file(path: Path) -> None:
    store = SessionStore(await Database.open(f"sqlite:///{path}"))
    made, kept = await store.create("甲", "normal", {}), await store.create("乙", "normal", {})
    for number in range(10):
        await keep(store, made.id, f"k{number}", secrets.token_hex(3000))
    stored: list[bytes] = []
    async with store.database.read() as connection:
        for query in ("SELECT content FROM turns", "SELECT events FROM turns", "SELECT content FROM checkpoints"):
            stored += (await connection.execute(text(query))).scalars().all()
    await keep(store, kept.id, "k", owner="乙")

    def found() -> int:
        files = [file.read_bytes() for file in path.parent.iterdir()]
        return sum(one[500:540] in file for one in stored for file in files)

    assert found() >= 21
    await store.delete(made.id, "甲")
    assert found() == 0
    assert len(await store.turns(kept.id)) == 1
    await closed(store)


async def test_text_that_a_reader_held_in_the_log_goes_with_the_next_sweep(
    path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(databases, "BUSY_S", 0.1)
    store = SessionStore(await Database.open(f"sqlite:///{path}"))
    made = await store.create("甲", "normal", {})
    log = path.with_name(path.name + "-wal")
    reader = sqlite3.connect(path, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT * FROM layout").fetchall()
    await keep(store, made.id, "k")
    await store.delete(made.id, "甲")
    assert log.stat().st_size > 0
    reader.close()
    await store.sweep()
    assert log.stat().st_size == 0
    await closed(store)
