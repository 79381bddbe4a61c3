"""The session store on a real file: owners, leases, turns, what deletion leaves, two connections at once."""

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from langgraph.checkpoint.sqlite.aio import AsyncSqliteSaver

from orchestrator import sessions
from orchestrator.contracts import SessionBusy, StorageFailed, UnknownSession
from orchestrator.sessions import SessionStore, Turn

SECRET = "我叫张三丰他欠我三万二"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "folder" / "sessions.sqlite"


@pytest.fixture
async def store(path: Path) -> AsyncIterator[SessionStore]:
    opened = await SessionStore.open(path)
    await AsyncSqliteSaver(opened.connection).setup()
    yield opened
    await opened.close()


@pytest.fixture
async def other(store: SessionStore, path: Path) -> AsyncIterator[SessionStore]:
    opened = await SessionStore.open(path)
    yield opened
    await opened.close()


def turn(number: int, key: str = "", text: str = SECRET) -> Turn:
    done: dict[str, Any] = {"kind": "done", "data": {"answer": text}}
    return Turn(number, key or f"key-{number}", {"content": text}, {"answer": text}, [done], 1000.0 + number)


async def checkpoints(store: SessionStore, session: str) -> list[str]:
    query = "SELECT checkpoint_id FROM checkpoints WHERE thread_id = ? ORDER BY checkpoint_id"
    async with store.connection.execute(query, (session,)) as cursor:
        return [row[0] for row in await cursor.fetchall()]


async def put(store: SessionStore, session: str, *ids: str) -> None:
    for id in ids:
        await store.connection.execute(
            "INSERT INTO checkpoints (thread_id, checkpoint_id, type, checkpoint, metadata) VALUES (?, ?, 'msgpack', x'80', '{}')",
            (session, id),
        )
        await store.connection.execute(
            "INSERT INTO writes (thread_id, checkpoint_id, task_id, idx, channel, type, value) VALUES (?, ?, 't', 0, 'c', 'm', x'80')",
            (session, id),
        )


async def test_a_session_is_what_it_was_made_as(store: SessionStore) -> None:
    made = await store.create("键:甲", "professional", {"confirm": "auto", "as_of": None, "地区": "上海"})
    assert await store.get(made.id, "键:甲") == made
    assert abs(made.created - time.time()) < 5
    assert len(made.id) >= 24


async def test_somebody_elses_session_is_as_unknown_as_none(store: SessionStore) -> None:
    made = await store.create("甲", "normal", {})
    said = []
    for id, owner in ((made.id, "乙"), ("no-such", "甲"), (made.id, ""), ("' OR 1=1 --", "甲")):
        with pytest.raises(UnknownSession) as raised:
            await store.get(id, owner)
        said.append(str(raised.value))
    assert len(set(said)) == 1


async def test_sessions_of_an_owner_newest_first(store: SessionStore) -> None:
    made = [await store.create("甲", "normal", {}) for _ in range(3)]
    await store.create("乙", "normal", {})
    assert [one.id for one in await store.of_owner("甲", 2)] == [made[2].id, made[1].id]
    assert await store.of_owner("丙", 10) == []


async def test_turns_come_back_in_order_as_kept(store: SessionStore) -> None:
    made = await store.create("甲", "normal", {})
    assert await store.last_number(made.id) == 0
    for number in (2, 1, 3):
        await store.keep(made.id, turn(number))
    assert await store.turns(made.id) == [turn(1), turn(2), turn(3)]
    assert await store.last_number(made.id) == 3


async def test_a_key_is_kept_once(store: SessionStore) -> None:
    made = await store.create("甲", "normal", {})
    await store.keep(made.id, turn(1, "k", "第一次"))
    await store.keep(made.id, turn(2, "k", "第二次"))
    await store.keep(made.id, turn(1, "other", "第三次"))
    assert [one.message for one in await store.turns(made.id)] == [{"content": "第一次"}]
    kept = await store.by_key(made.id, "k")
    assert kept is not None
    assert kept.number == 1
    assert await store.by_key(made.id, "other") is None


async def test_keys_belong_to_their_session(store: SessionStore) -> None:
    one, two = await store.create("甲", "normal", {}), await store.create("甲", "normal", {})
    await store.keep(one.id, turn(1, "k"))
    assert await store.by_key(two.id, "k") is None
    await store.keep(two.id, turn(1, "k"))
    assert len(await store.turns(two.id)) == 1


async def test_a_lease_keeps_others_out_until_released(store: SessionStore, other: SessionStore) -> None:
    made = await store.create("甲", "normal", {})
    holder = await store.acquire(made.id)
    for one in (store, other):
        with pytest.raises(SessionBusy):
            await one.acquire(made.id)
    await other.release(made.id, "somebody else")
    with pytest.raises(SessionBusy):
        await other.acquire(made.id)
    await store.release(made.id, holder)
    await other.acquire(made.id)


async def test_a_lease_runs_out_unless_renewed(
    store: SessionStore, other: SessionStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sessions, "LEASE_S", 0.2)
    made = await store.create("甲", "normal", {})
    holder = await store.acquire(made.id)
    await asyncio.sleep(0.12)
    await store.renew(made.id, holder)
    await asyncio.sleep(0.12)
    with pytest.raises(SessionBusy):
        await other.acquire(made.id)
    await asyncio.sleep(0.15)
    taken = await other.acquire(made.id)
    await store.renew(made.id, holder)
    await store.release(made.id, holder)
    with pytest.raises(SessionBusy):
        await store.acquire(made.id)
    await other.release(made.id, taken)


async def test_of_many_at_once_one_gets_the_lease(store: SessionStore, other: SessionStore) -> None:
    made = await store.create("甲", "normal", {})
    tried = await asyncio.gather(*(one.acquire(made.id) for one in (store, other) * 5), return_exceptions=True)
    assert sum(isinstance(one, str) for one in tried) == 1
    assert sum(isinstance(one, SessionBusy) for one in tried) == 9


async def test_a_second_connection_sees_what_was_committed(store: SessionStore, other: SessionStore) -> None:
    made = await store.create("甲", "normal", {"a": 1})
    await store.keep(made.id, turn(1))
    await store.add_feedback(made.id, 1, "up", "有用")
    assert await other.get(made.id, "甲") == made
    assert await other.turns(made.id) == [turn(1)]
    assert [row["comment"] for row in await other.feedback(made.id)] == ["有用"]


async def test_what_is_committed_outlives_the_connection(path: Path) -> None:
    first = await SessionStore.open(path)
    made = await first.create("甲", "normal", {})
    await first.keep(made.id, turn(1))
    # Not closed: as after kill -9, the file and its log are all there is.
    second = await SessionStore.open(path)
    assert await second.turns(made.id) == [turn(1)]
    await second.close()
    await first.close()


async def test_the_file_is_safe_against_power_loss(store: SessionStore) -> None:
    for pragma, value in (("journal_mode", "wal"), ("synchronous", 2), ("foreign_keys", 1), ("secure_delete", 1)):
        async with store.connection.execute(f"PRAGMA {pragma}") as cursor:
            row = await cursor.fetchone()
            assert row is not None
            assert row[0] == value


async def test_a_deleted_session_leaves_no_text(store: SessionStore, path: Path) -> None:
    made = await store.create("甲", "normal", {})
    kept = await store.create("乙", "normal", {})
    for number in range(1, 30):
        await store.keep(made.id, turn(number, text=SECRET * 50))
    await store.keep(kept.id, turn(1, text="别人的话"))
    await store.add_feedback(made.id, 1, "down", SECRET)
    assert any(SECRET.encode() in one.read_bytes() for one in path.parent.iterdir())
    await store.delete(made.id)
    for file in path.parent.iterdir():
        assert SECRET.encode() not in file.read_bytes(), file.name
    with pytest.raises(UnknownSession):
        await store.get(made.id, "甲")
    assert await store.turns(made.id) == []
    assert await store.feedback(made.id) == []
    assert len(await store.turns(kept.id)) == 1


async def test_pruning_keeps_the_newest_checkpoint_of_each_session(store: SessionStore) -> None:
    await put(store, "a", "1", "2", "3")
    await put(store, "b", "1", "2")
    await store.prune_checkpoints("a")
    assert await checkpoints(store, "a") == ["3"]
    assert await checkpoints(store, "b") == ["1", "2"]
    async with store.connection.execute("SELECT checkpoint_id FROM writes WHERE thread_id = 'a'") as cursor:
        assert [row[0] for row in await cursor.fetchall()] == ["3"]
    await store.prune_checkpoints("none")


async def test_undoing_drops_what_came_after(store: SessionStore) -> None:
    await put(store, "a", "1", "2", "3")
    await put(store, "b", "9")
    await store.undo_checkpoints("a", "2")
    assert await checkpoints(store, "a") == ["1", "2"]
    await store.undo_checkpoints("a", "")
    assert await checkpoints(store, "a") == []
    assert await checkpoints(store, "b") == ["9"]


async def test_a_file_that_cannot_be_opened_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("no folder")
    with pytest.raises(StorageFailed, match="file"):
        await SessionStore.open(tmp_path / "file" / "sessions.sqlite")
    broken = tmp_path / "broken.sqlite"
    broken.write_bytes(b"not a database at all" * 100)
    with pytest.raises(StorageFailed, match="broken"):
        await SessionStore.open(broken)


async def test_a_write_that_fails_is_told(store: SessionStore, path: Path) -> None:
    made = await store.create("甲", "normal", {})
    await store.connection.execute("PRAGMA busy_timeout=50")
    locker = sqlite3.connect(path, isolation_level=None)
    locker.execute("BEGIN IMMEDIATE")
    try:
        with pytest.raises(StorageFailed) as raised:
            await store.keep(made.id, turn(1))
        assert raised.value.code == "storage_failed"
    finally:
        locker.execute("ROLLBACK")
        locker.close()
    await store.keep(made.id, turn(1))
    assert await store.last_number(made.id) == 1
