"""The session store on SQLite and on PostgreSQL: owners, turns, replay, deletion."""

import time

import pytest
from sqlalchemy import func, select, text

from orchestrator.contracts import SessionBusy, UnknownSession
from orchestrator.storage.database import Database
from orchestrator.storage.sealing import Sealing, new_key
from orchestrator.storage.sessions import SessionStore
from orchestrator.storage.tables import metadata
from tests.orchestrator.storage.conftest import closed
from tests.orchestrator.storage.turns import SECRET, begun, commit, keep


async def count(store: SessionStore, table: str) -> int:
    async with store.database.read() as connection:
        return int((await connection.execute(select(func.count()).select_from(metadata.tables[table]))).scalar_one())


async def test_a_session_is_what_it_was_made_as(store: SessionStore, other: SessionStore) -> None:
    made = await store.create("键:甲\x00", "professional", {"confirm": "auto", "as_of": None, "地区": "上海"})
    assert await other.get(made.id, "键:甲\x00") == made
    assert abs(made.created - time.time()) < 5
    assert len(made.id) >= 24


async def test_somebody_elses_session_is_as_unknown_as_none(store: SessionStore) -> None:
    made = await store.create("甲", "normal", {})
    said = []
    for id, owner in (
        (made.id, "乙"),
        ("no-such", "甲"),
        (made.id, ""),
        ("' OR 1=1 --", "甲"),
        ("a\x00b", "甲"),
        ("\ud800", "甲"),
        ("x" * 5000, "甲"),
    ):
        for call in (store.get(id, owner), store.delete(id, owner), store.begin(id, owner, "k", 1)):
            with pytest.raises(UnknownSession) as raised:
                await call
            said.append(str(raised.value))
    assert len(set(said)) == 1
    assert await store.get(made.id, "甲") == made


async def test_sessions_of_an_owner_newest_first(store: SessionStore) -> None:
    made = [await store.create("甲", "normal", {}) for _ in range(3)]
    await store.create("乙", "normal", {})
    assert [one.id for one in await store.of_owner("甲", 2)] == [made[2].id, made[1].id]
    assert len(await store.of_owner("甲")) == 3
    assert await store.of_owner("丙", 10) == []


async def test_turns_come_back_as_kept_with_their_events(store: SessionStore, other: SessionStore) -> None:
    made = await store.create("甲", "normal", {})
    assert await store.progress(made.id) == (0, False)
    assert await store.checkpoint(made.id) is None
    for key in ("a", "b", "c"):
        lease = await keep(store, made.id, key, f"第{key}句")
        assert lease.checkpoint == (None if key == "a" else f"第{chr(ord(key) - 1)}句{chr(ord(key) - 1)}".encode())
    kept = await other.turns(made.id)
    assert [(one.number, one.message, one.reply) for one in kept] == [
        (number, {"content": f"第{key}句"}, {"answer": f"第{key}句"}) for number, key in enumerate("abc", 1)
    ]
    assert await other.progress(made.id) == (3, False)
    assert await other.checkpoint(made.id) == "第c句c".encode()
    assert await other.events(made.id, 2) == [
        {"kind": "delta", "data": {"text": "第b句"}},
        {"kind": "done", "data": {"answer": "第b句"}},
    ]
    assert await other.events(made.id, 4) is None
    assert await count(store, "checkpoints") == 1


async def test_a_key_is_kept_once_and_belongs_to_its_session(store: SessionStore, other: SessionStore) -> None:
    one, two = await store.create("甲", "normal", {}), await store.create("甲", "normal", {})
    await keep(store, one.id, "k")
    assert await other.begin(one.id, "甲", "k", 1) == 1
    assert (await keep(other, one.id, "another")).number == 2
    assert await store.begin(one.id, "甲", "k", 1) == 1
    assert (await keep(store, two.id, "k")).number == 1


async def test_feedback_is_kept_with_its_session(store: SessionStore) -> None:
    made = await store.create("甲", "normal", {})
    await keep(store, made.id, "k")
    await store.add_feedback(made.id, 1, "up", "有用")
    await store.add_feedback(made.id, 1, "down", "")
    assert [(row["turn"], row["rating"], row["comment"]) for row in await store.feedback(made.id)] == [
        (1, "up", "有用"),
        (1, "down", ""),
    ]
    with pytest.raises(UnknownSession):
        await store.add_feedback("gone", 1, "up", "")


async def test_a_deleted_session_takes_all_with_it(store: SessionStore) -> None:
    made, kept = await store.create("甲", "normal", {}), await store.create("乙", "normal", {})
    for key in "abc":
        await keep(store, made.id, key)
    await store.add_feedback(made.id, 1, "down", SECRET)
    await keep(store, kept.id, "k", owner="乙")
    await store.delete(made.id, "甲")
    assert [await count(store, name) for name in ("sessions", "turns", "checkpoints", "feedback")] == [1, 1, 1, 0]
    with pytest.raises(UnknownSession):
        await store.get(made.id, "甲")


async def test_all_of_an_owner_go_or_none(store: SessionStore, other: SessionStore) -> None:
    made = [await store.create("甲", "normal", {}) for _ in range(3)]
    await store.create("乙", "normal", {})
    lease = await begun(other, made[1].id)
    for call in (store.delete_of("甲"), store.delete(made[1].id, "甲")):
        with pytest.raises(SessionBusy):
            await call
    assert len(await store.of_owner("甲")) == 3
    await other.release(lease)
    assert await store.delete_of("甲") == 3
    assert (await store.of_owner("甲"), len(await store.of_owner("乙"))) == ([], 1)


async def test_old_sessions_are_purged_and_running_ones_are_not(store: SessionStore, other: SessionStore) -> None:
    old, running, fresh = [(await store.create("甲", "normal", {})).id for _ in range(3)]
    await keep(store, old, "k")
    lease = await begun(other, running)
    async with store.database.write() as connection:
        await connection.execute(text("UPDATE sessions SET touched = touched - 1000"))
    await keep(store, fresh, "k")
    assert await store.purge(time.time() - 500) == 1
    assert {one.id for one in await store.of_owner("甲")} == {running, fresh}
    assert await count(store, "turns") == 1
    await commit(other, lease, "k")
    assert await store.purge(time.time() - 500) == 0


async def test_the_owner_stands_nowhere_and_is_found_under_older_keys_too(url: str) -> None:
    one, two = new_key("one"), new_key("two")
    first = SessionStore(await Database.open(url, Sealing.parse(one)))
    made = await first.create("desk\x1f王小二", "normal", {"jurisdiction": "上海"})
    await keep(first, made.id, "k", owner="desk\x1f王小二")
    second = SessionStore(await Database.open(url, Sealing.parse(f"{two},{one}")))
    assert await second.of_owner("desk\x1f王小二") == [made]
    assert await second.begin(made.id, "desk\x1f王小二", "k", 1) == 1
    async with second.database.read() as connection:
        rows = (await connection.execute(text("SELECT * FROM sessions"))).all()
    assert "王小二" not in repr(rows)
    assert "desk" not in repr(rows)
    for store in (first, second):
        await closed(store)
