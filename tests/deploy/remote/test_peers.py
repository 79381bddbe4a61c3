"""The replicas whose metrics are shown: the application's own, and those of models while they are joined."""

import asyncio
from typing import Any

from ray.exceptions import RayError

from deploy.observing.exposition import Snapshot
from deploy.observing.replicas import Watching
from deploy.remote.peers import ServePeers


class Answers:
    """What a broadcast gives."""

    def __init__(self, told: Any) -> None:
        self._told = told

    async def results_async(self, timeout_s: float, return_exceptions: bool) -> Any:
        await asyncio.sleep(0)
        if isinstance(self._told, Exception):
            raise self._told
        return self._told


class Deployment:
    def __init__(self, name: str, told: Any) -> None:
        self.deployment_name, self._told = name, told

    def broadcast(self, method: str) -> Answers:
        assert method == "snapshot"
        return Answers(self._told)


async def test_models_that_join_are_shown_until_they_leave() -> None:
    one, two = (Watching().snapshot() for _ in range(2))
    peers = ServePeers([Deployment("ingress", [one])])
    assert list(await peers.snapshots()) == [one]
    peers.add("qwen", Deployment("model-qwen", [two, RuntimeError("away")]))
    assert list(await peers.snapshots()) == [one, two]
    peers.drop("qwen")
    peers.drop("never there")
    assert list(await peers.snapshots()) == [one]


async def test_a_deployment_that_is_away_costs_the_others_nothing() -> None:
    one: Snapshot = Watching().snapshot()
    peers = ServePeers([Deployment("ingress", [one]), Deployment("retriever", RayError("gone"))])
    assert list(await peers.snapshots()) == [one]
