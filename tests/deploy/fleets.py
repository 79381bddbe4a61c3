"""A fleet in this process: what Serve does for models that join, told by the test when it is done."""

from collections.abc import Mapping

from deploy.control import Place
from deploy.settings import ModelDeployment
from models.contracts import ModelCard, ModelUnavailable
from tests.orchestrator.doubles import Pool


class Cluster:
    """What all replicas share: the deployments, and every order that was given."""

    def __init__(self) -> None:
        self.places: dict[str, Place] = {}
        self.orders: list[tuple[str, str]] = []
        self.refused: dict[str, Exception] = {}
        self.fate = "ready"  # of what is deployed next


class LocalFleet:
    """The Fleet of one replica. `mute` models do not answer it."""

    def __init__(self, cluster: Cluster, pool: Pool, replica: str = "r1") -> None:
        self._cluster, self._pool, self._replica = cluster, pool, replica
        self.mute: set[str] = set()

    @property
    def replica(self) -> str:
        return self._replica

    async def places(self, fresh: bool = False) -> Mapping[str, Place]:
        return dict(self._cluster.places)

    async def deploy(self, card: ModelCard, deployment: ModelDeployment) -> None:
        self._cluster.orders.append(("deploy", card.name))
        if card.name in self._cluster.refused:
            raise self._cluster.refused[card.name]
        reason = "权重损坏" if self._cluster.fate == "failed" else ""
        self._cluster.places[card.name] = Place(self._cluster.fate, reason, deployment.replicas)

    async def delete(self, name: str) -> None:
        self._cluster.orders.append(("delete", name))
        del self._cluster.places[name]

    async def connect(self, card: ModelCard, deployment: ModelDeployment) -> None:
        if card.name in self.mute:
            raise ModelUnavailable("no answer")
        self._pool.replace(card)

    def disconnect(self, name: str) -> None:
        del self._pool.cards_[name]
        self._pool.watch.forget(name)
