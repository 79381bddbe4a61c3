"""The replicas of a Serve application, asked for their metrics."""

import asyncio
from collections.abc import Sequence

from ray.exceptions import RayError
from ray.serve.handle import DeploymentHandle

from deploy.observing.exposition import Snapshot

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

    async def _of(self, handle: DeploymentHandle) -> Sequence[Snapshot]:
        try:
            answers = await handle.broadcast("snapshot").results_async(timeout_s=PATIENCE_S, return_exceptions=True)
        except (TimeoutError, RayError):
            return ()
        return [one for one in answers if isinstance(one, Snapshot)]
