"""The metrics of all replicas as one page for Prometheus: each series says which replica of which deployment it is of.

Sums are left to the reader, as between any instances: a sum made here would fall whenever a replica goes, which
Prometheus would take for a restart and count all of it anew.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from deploy.shapes.operations import RequestRow, RequestTrace


@dataclass(frozen=True)
class Snapshot:
    """The metrics of one replica. Survives pickling."""

    deployment: str
    replica: str
    families: tuple[Metric, ...]


def snapshot(deployment: str, replica: str, registry: Collector | CollectorRegistry) -> Snapshot:
    """What a replica has counted so far."""
    return Snapshot(deployment, replica, tuple(registry.collect()))


class Peers(Protocol):
    """The replicas of a service."""

    async def snapshots(self) -> Sequence[Snapshot]:
        """Those of all replicas that answer, of every deployment."""
        ...

    async def latest(self, limit: int) -> Sequence[RequestRow]:
        """The last requests of all replicas of the API that answer, the newest first."""
        ...

    async def find(self, id: str) -> RequestTrace | None:
        """The newest request of this id, None when no replica remembers it."""
        ...


class Merged(Collector):
    """Families of several replicas and of the whole service, each once."""

    def __init__(self, snapshots: Iterable[Snapshot], whole: Iterable[Metric] = ()) -> None:
        self._families: dict[str, Metric] = {family.name: family for family in whole}
        for one in snapshots:
            for family in one.families:
                into = self._families.setdefault(family.name, Metric(family.name, family.documentation, family.type))
                for sample in family.samples:
                    if not sample.name.endswith("_created"):  # a reader of Prometheus' text format has no use for it
                        labels = {**sample.labels, "deployment": one.deployment, "replica": one.replica}
                        into.samples.append(sample._replace(labels=labels))

    def collect(self) -> Iterator[Metric]:
        """The families."""
        yield from self._families.values()


def page(snapshots: Iterable[Snapshot], whole: Iterable[Metric] = ()) -> bytes:
    """Prometheus' text format."""
    # As a collector of a registry, since that is what the writer takes.
    registry = CollectorRegistry(auto_describe=False)
    registry.register(Merged(snapshots, whole))
    return generate_latest(registry)
