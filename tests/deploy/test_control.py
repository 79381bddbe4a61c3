"""The control plane over one database and a fleet in this process: replicas follow, models join and leave."""

import asyncio
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import pytest

from deploy import control, settings
from deploy.casting import joining
from deploy.control import Control, ControlError, Place
from deploy.settings import BadSettings
from orchestrator.storage import traffic as storage
from orchestrator.storage.database import Database
from orchestrator.storage.traffic import Joined, TrafficStore
from orchestrator.traffic import BadPolicy, Traffic
from tests.deploy.fleets import Cluster, LocalFleet
from tests.orchestrator.doubles import Pool, card

CARD = {"name": "new", "label": "新", "backend": "scripted", "abilities": ["dialogue"], "options": {"replies": ["好"]}}
OWN = (card("base", "dialogue"), card("other", "dialogue"), card("rest", "plan", "keywords", "articles"))
DEVELOPING = settings.load("embedded", {"shipped": False})


class Replica:
    """One replica: its pool, its fleet, its control plane."""

    def __init__(self, cluster: Cluster, database: Database, name: str, given: Any = DEVELOPING) -> None:
        self.pool = Pool(*OWN)
        self.fleet = LocalFleet(cluster, self.pool, name)
        self.control = Control(given, self.pool, TrafficStore(database), self.fleet)

    @property
    def names(self) -> set[str]:
        return set(self.pool.cards_)

    async def until(self, told: Callable[[], bool]) -> None:
        """Look until it is so."""
        async with asyncio.timeout(10):
            while not told():
                await self.control.look()
                await asyncio.sleep(0.01)


@pytest.fixture
def cluster() -> Cluster:
    return Cluster()


@pytest.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    opened = await Database.open(f"sqlite:///{tmp_path / 'd.sqlite'}")
    yield opened
    await opened.close()


@pytest.fixture
async def first(cluster: Cluster, database: Database, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Replica]:
    monkeypatch.setattr(control, "SETTLE_S", 0.0)
    monkeypatch.setattr(control, "LOOK_S", 0.05)
    made = Replica(cluster, database, "r1")
    yield made
    await made.control.close()


@pytest.fixture
async def second(cluster: Cluster, database: Database, first: Replica) -> AsyncIterator[Replica]:
    made = Replica(cluster, database, "r2")
    yield made
    await made.control.close()


async def test_a_change_holds_at_once_here_and_soon_at_every_replica(first: Replica, second: Replica) -> None:
    await second.control.open()
    await first.control.change(lambda policy: policy.drain("base"), "op", "维护")
    assert first.pool.watch.traffic.drained == ("base",)
    async with asyncio.timeout(5):
        while second.pool.watch.traffic.drained != ("base",):
            await asyncio.sleep(0.01)
    assert second.control.revision.who == "op"


async def test_a_policy_that_cannot_be_followed_is_never_kept(first: Replica) -> None:
    with pytest.raises(BadPolicy):
        await first.control.change(lambda policy: policy.drain("base").drain("other"), "op", "")
    with pytest.raises(BadPolicy):
        await first.control.change(lambda policy: policy.weigh("nobody", 1), "op", "")
    assert await first.control.revisions(10) == []
    assert first.pool.watch.traffic == Traffic()


async def test_rolling_back_is_a_revision_of_its_own(first: Replica) -> None:
    await first.control.change(lambda policy: policy.weigh("base", 2), "op", "")
    await first.control.change(lambda policy: policy.weigh("base", 9), "op", "")
    made = await first.control.roll_back(1, "op2", "")
    assert (made.revision, made.why, made.policy.weights) == (3, "回到第 1 版", {"base": 2})
    assert (await first.control.roll_back(0, "op2", "")).policy == Traffic()


async def test_a_model_joins_everywhere_and_is_deployed_once(first: Replica, second: Replica, cluster: Cluster) -> None:
    assert await first.control.join(CARD, {"replicas": 2}, "op") == "new"
    await asyncio.gather(*(one.until(lambda one=one: "new" in one.names) for one in (first, second)))  # type: ignore[misc]
    assert cluster.orders == [("deploy", "new")]
    assert (await second.control.places())["new"] == Place("ready", "", 2)


async def test_until_it_is_up_it_takes_no_traffic(first: Replica, cluster: Cluster) -> None:
    cluster.fate = "starting"
    await first.control.join(CARD, {}, "op")
    await first.until(lambda: "new" in cluster.places)
    await first.control.change(lambda policy: policy.try_out("new", 100), "op", "")  # may be said before
    assert "new" not in first.names
    first.fleet.mute.add("new")
    cluster.places["new"] = Place("ready")
    await first.control.look()
    assert "new" not in first.names
    first.fleet.mute.clear()
    await first.control.look()
    assert "new" in first.names


async def test_one_that_fails_is_told_of_and_can_be_removed_as_it_is(first: Replica, cluster: Cluster) -> None:
    cluster.fate = "failed"
    await first.control.join(CARD, {}, "op")
    await first.until(lambda: "new" in cluster.places)
    assert (await first.control.places())["new"] == Place("failed", "权重损坏", 1)
    assert "new" not in first.names
    await first.control.leave("new", "op")
    await first.until(lambda: "new" not in cluster.places)
    assert "new" not in await first.control.places()


async def test_one_that_cannot_be_deployed_says_why_at_every_replica_and_is_not_tried_again(
    first: Replica, second: Replica, cluster: Cluster
) -> None:
    cluster.refused["new"] = BadSettings("没有这个文件夹")
    await first.control.join(CARD, {}, "op")

    def told() -> bool:
        return any(row.problem for row in second.control._joined.values())

    async with asyncio.timeout(10):
        while not told():
            await asyncio.gather(first.control.look(), second.control.look())
            await asyncio.sleep(0.01)
    assert (await second.control.places())["new"] == Place("failed", "bad_settings: 没有这个文件夹")
    for _ in range(3):
        await first.control.look()
        await asyncio.sleep(0.01)
    assert cluster.orders == [("deploy", "new")]


async def test_leaving_needs_to_be_drained_and_leaves_nothing(
    first: Replica, second: Replica, cluster: Cluster
) -> None:
    await first.control.join(CARD, {}, "op")
    await asyncio.gather(*(one.until(lambda one=one: "new" in one.names) for one in (first, second)))  # type: ignore[misc]
    await first.control.change(lambda policy: policy.weigh("new", 5), "op", "")
    with pytest.raises(ControlError) as raised:
        await first.control.leave("new", "op")
    assert raised.value.code == "model_not_drained"
    await first.control.change(lambda policy: policy.drain("new"), "op", "")
    await first.control.leave("new", "op")
    assert "new" not in first.names
    await second.until(lambda: "new" not in second.names and "new" not in cluster.places)
    await first.until(lambda: "new" not in first.control.known())
    assert first.pool.watch.traffic == Traffic()
    assert [order for order, _ in cluster.orders] == ["deploy", "delete"]
    await first.control.join(CARD, {}, "op")  # and may come back
    await first.until(lambda: "new" in first.names)


async def test_rolling_back_to_what_names_a_model_that_is_gone_is_refused(first: Replica, cluster: Cluster) -> None:
    await first.control.join(CARD, {}, "op")
    await first.until(lambda: "new" in first.names)
    with_it = await first.control.change(lambda policy: policy.try_out("new", 50), "op", "")
    await first.control.roll_back(0, "op", "")
    await first.control.change(lambda policy: policy.drain("new"), "op", "")
    await first.control.leave("new", "op")
    await first.until(lambda: "new" not in cluster.places)
    with pytest.raises(BadPolicy, match="new"):
        await first.control.roll_back(with_it.revision, "op", "")


async def test_the_profiles_own_models_stay(first: Replica) -> None:
    for name, code in (("base", "model_not_removable"), ("nobody", "no_such_model")):
        with pytest.raises(ControlError) as raised:
            await first.control.leave(name, "op")
        assert raised.value.code == code
    with pytest.raises(ControlError) as raised:
        await first.control.join({**CARD, "name": "base"}, {}, "op")
    assert raised.value.code == "model_exists"


async def test_no_test_double_joins_a_shipped_server(cluster: Cluster, database: Database) -> None:
    shipped = Replica(cluster, database, "r1", settings.load("embedded"))
    with pytest.raises(ControlError, match="测试替身"):
        await shipped.control.join(CARD, {}, "op")
    assert cluster.orders == []


async def test_after_a_restart_the_models_that_joined_are_deployed_again(
    first: Replica, cluster: Cluster, database: Database
) -> None:
    await first.control.join(CARD, {}, "op")
    await first.control.change(lambda policy: policy.weigh("base", 2), "op", "")
    await first.until(lambda: "new" in first.names)
    await first.control.close()
    cluster.places.clear()  # as after a stop of everything
    again = Replica(cluster, database, "r9")
    await again.control.open()
    await again.until(lambda: "new" in again.names)
    assert again.pool.watch.traffic.weights == {"base": 2}
    assert cluster.orders == [("deploy", "new")] * 2
    await again.control.close()


async def test_what_a_dead_replica_had_begun_is_done_by_another(
    second: Replica, cluster: Cluster, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = TrafficStore(database)
    deployment, made = joining(DEVELOPING, CARD, {})
    row = Joined(name="new", card=made, deployment=deployment.model_dump(mode="json"))
    await store.join(row)
    assert await store.claim(row, "dead")
    for _ in range(5):
        await second.control.look()
        await asyncio.sleep(0.01)
    assert cluster.orders == []
    monkeypatch.setattr(storage, "CLAIM_S", -1.0)
    await second.until(lambda: "new" in second.names)


async def test_a_replica_that_stops_gives_its_claim_back(
    first: Replica, second: Replica, cluster: Cluster, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun = asyncio.Event()

    async def never(*_: object) -> None:
        begun.set()
        await asyncio.sleep(60)

    with monkeypatch.context() as slow:
        slow.setattr(LocalFleet, "deploy", never)
        await first.control.join(CARD, {}, "op")
        await asyncio.wait_for(begun.wait(), 5)
        await first.control.close()
    await second.until(lambda: "new" in second.names)
    assert cluster.orders == [("deploy", "new")]


async def test_while_the_database_is_away_the_last_policy_holds(
    first: Replica, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    await first.control.change(lambda policy: policy.drain("base"), "op", "")
    await first.control.open()

    async def fail() -> None:
        raise OSError("away")

    with monkeypatch.context() as broken:
        broken.setattr(first.control._store, "stamp", fail)
        await asyncio.sleep(0.2)
    assert first.pool.watch.traffic.drained == ("base",)
    assert len([row for row in caplog.records if "the last policy holds" in row.getMessage()]) == 1
    await TrafficStore(first.control._store._database).change(lambda policy: policy.resume("base"), "op", "")
    async with asyncio.timeout(5):
        while first.pool.watch.traffic.drained:
            await asyncio.sleep(0.01)
