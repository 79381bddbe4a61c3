"""Leases: one turn at a time, replicas that die or fall silent, and what a lost lease can still do: nothing."""

import asyncio
import time

import pytest
from sqlalchemy import select, update

from orchestrator.contracts import LeaseLost, SessionBusy
from orchestrator.storage.database import Database
from orchestrator.storage.heartbeat import DEAD_S, LATE_S
from orchestrator.storage.sessions import Lease, SessionStore
from orchestrator.storage.tables import replicas
from tests.orchestrator.storage.turns import begun, commit, keep


async def die(store: SessionStore) -> None:
    """As kill -9: nothing more is heard of the replica, and nothing is released."""
    died = time.monotonic()
    store._heartbeat._beat = lambda dropped: None  # type: ignore[method-assign]
    while store._heartbeat._beaten < died:  # a beat may be on its way
        await asyncio.sleep(0.01)


async def seen(store: SessionStore, ago: float) -> None:
    """Let every replica have been seen so many seconds ago."""
    async with store.database.write() as connection:
        await connection.execute(update(replicas).values(seen=store.database.now - ago))


async def test_a_lease_keeps_others_out_until_released(
    store: SessionStore, other: SessionStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("orchestrator.storage.sessions.LATE_S", DEAD_S)
    monkeypatch.setattr("orchestrator.storage.sessions.POLL_S", 1000.0)  # whoever waits would never come back
    made = await store.create("甲", "normal", {})
    lease = await begun(store, made.id, "one")
    for one in (store, other):
        with pytest.raises(SessionBusy):
            await asyncio.wait_for(one.begin(made.id, "甲", "two", 5), 60)
    assert await other.progress(made.id) == (0, True)
    await store.release(lease)
    assert await other.progress(made.id) == (0, False)
    await other.release(await begun(other, made.id, "two"))


async def test_a_busy_event_loop_loses_no_lease(store: SessionStore, other: SessionStore) -> None:
    made = await store.create("甲", "normal", {})
    lease = await begun(store, made.id, "one")
    time.sleep(2 * DEAD_S)  # nothing of this loop runs meanwhile
    with pytest.raises(SessionBusy):
        await other.begin(made.id, "甲", "two", 5)
    await commit(store, lease, "one")


async def test_of_many_at_once_one_gets_the_lease(store: SessionStore, other: SessionStore) -> None:
    made = await store.create("甲", "normal", {})
    calls = [one.begin(made.id, "甲", f"key-{number}", 5) for number, one in enumerate((store, other) * 5)]
    tried = await asyncio.gather(*calls, return_exceptions=True)
    assert sum(isinstance(one, Lease) for one in tried) == 1
    assert sum(isinstance(one, SessionBusy) for one in tried) == 9


async def test_a_dead_replica_is_taken_over_and_can_commit_nothing(store: SessionStore, other: SessionStore) -> None:
    made = await store.create("甲", "normal", {})
    await keep(store, made.id, "zero")
    lost = await begun(store, made.id, "one")
    await die(store)
    taken = await begun(other, made.id, "one")  # the same request again, at once
    assert (taken.number, taken.checkpoint) == (2, lost.checkpoint)
    with pytest.raises(LeaseLost) as raised:
        await commit(store, lost, "one", "来晚了")
    assert raised.value.code == "lease_lost"
    await store.release(lost)
    await commit(other, taken, "one", "接手的")
    with pytest.raises(LeaseLost):
        await commit(store, lost, "one", "来晚了")
    assert [one.message["content"] for one in await other.turns(made.id)][1:] == ["接手的"]


async def test_another_message_waits_for_certainty_about_a_silent_replica(
    store: SessionStore, other: SessionStore
) -> None:
    made = await store.create("甲", "normal", {})
    await begun(store, made.id, "one")
    await die(store)
    await seen(store, 0)
    with pytest.raises(SessionBusy):
        await other.begin(made.id, "甲", "two", 5)
    await seen(store, (LATE_S + DEAD_S) / 2)
    await begun(other, made.id, "two")


async def test_the_same_message_at_another_replica_waits_for_its_turn(store: SessionStore, other: SessionStore) -> None:
    made = await store.create("甲", "normal", {})
    lease = await begun(store, made.id, "one")
    again = asyncio.create_task(other.begin(made.id, "甲", "one", 20))
    await asyncio.sleep(2 * DEAD_S)
    assert not again.done()
    await commit(store, lease, "one")
    assert await again == 1

    failed = await begun(store, made.id, "two")
    retry = asyncio.create_task(other.begin(made.id, "甲", "two", 20))
    await asyncio.sleep(0.1)
    await store.release(failed)
    assert isinstance(await retry, Lease)


async def test_patience_ends(store: SessionStore, other: SessionStore) -> None:
    made = await store.create("甲", "normal", {})
    lease = await begun(store, made.id, "one")
    with pytest.raises(SessionBusy):
        await other.begin(made.id, "甲", "one", 0.2)
    await store.release(lease)


async def test_a_lease_that_could_not_be_released_is_free_soon(store: SessionStore, other: SessionStore) -> None:
    made = await store.create("甲", "normal", {})
    lease = await begun(store, made.id, "one")
    store._heartbeat.drop(lease.token)  # as after a release that could not be written
    await asyncio.sleep(0.3)
    assert isinstance(await other.begin(made.id, "甲", "two", 5), Lease)


async def test_a_closed_replica_leaves_no_row(url: str, store: SessionStore) -> None:
    made = await store.create("甲", "normal", {})
    brief = SessionStore(await Database.open(url))
    await begun(brief, made.id)
    await brief.close()
    await brief.database.close()
    async with store.database.read() as connection:
        assert (await connection.execute(select(replicas))).all() == []
    await begun(store, made.id, "two")
