"""The replicas of a Serve application, asked for their metrics and their last requests."""

import asyncio
from collections.abc import Sequence
from typing import Any

from ray.exceptions import RayError
from ray.serve.handle import DeploymentHandle

from deploy.observing.exposition import Snapshot
from deploy.shapes.operations import RequestRow, RequestTrace

PATIENCE_S = 2.0  # for the metrics of one deployment; a replica that hangs must not cost those of all others


class ServePeers:
    """All replicas of an application, and of the models that joined it, asked over Serve's handles."""

    def __init__(self, handles: Sequence[DeploymentHandle]) -> None:
        self._own = {handle.deployment_name: handle for handle in handles}
        self._joined: dict[str, DeploymentHandle] = {}

    def add(self, model: str, handle: DeploymentHandle) -> None:
        """A model has joined."""
        self._joined[model] = handle

    def drop(self, model: str) -> None:
        """A model has left."""
        self._joined.pop(model, None)

    async def snapshots(self) -> Sequence[Snapshot]:
        """Those of all replicas that answer within PATIENCE_S; one that does not is missing from the page."""
        found = await asyncio.gather(*(self._of(handle) for handle in (*self._own.values(), *self._joined.values())))
        return [one for several in found for one in several]

    async def latest(self, limit: int) -> Sequence[RequestRow]:
        """The last requests of all replicas of the API that answer, the newest first."""
        told = await _told(self._own["ingress"], "latest", limit)
        rows = [row for several in told if isinstance(several, list) for row in several]
        return sorted(rows, key=lambda row: row.at, reverse=True)[:limit]

    async def find(self, id: str) -> RequestTrace | None:
        """The newest request of this id, None when no replica remembers it."""
        told = await _told(self._own["ingress"], "find", id)
        return max((one for one in told if isinstance(one, RequestTrace)), key=lambda one: one.at, default=None)

    async def _of(self, handle: DeploymentHandle) -> Sequence[Snapshot]:
        return [one for one in await _told(handle, "snapshot") if isinstance(one, Snapshot)]


async def _told(handle: DeploymentHandle, method: str, *args: Any) -> Sequence[Any]:
    """What the replicas of a deployment answer; failures among it, nothing when the deployment is late."""
    try:
        answers = handle.broadcast(method, *args)
        return list(await answers.results_async(timeout_s=PATIENCE_S, return_exceptions=True))
    except (TimeoutError, RayError):
        return ()
