"""Nodes that are lost under load: clients that try again see nothing but a short delay, and no turn is lost or doubled."""

import asyncio
import signal
import time

import pytest

from tests.cluster.clients import Clients, chat, consult, kept, search
from tests.cluster.nodes import Nodes

pytestmark = [pytest.mark.serve, pytest.mark.long, pytest.mark.timeout(300)]
LOSSES = [
    ("gpu-1", signal.SIGKILL),
    ("web-1", signal.SIGKILL),
    # As when its power or its network fails: no connection is closed, all that is sent to it stays without an answer.
    ("gpu-2", signal.SIGSTOP),
    ("web-3", signal.SIGSTOP),
]


def test_replicas_are_spread_over_the_nodes(cluster: Nodes) -> None:
    assert cluster.replicas("ingress") == ["web-1", "web-2"]
    assert cluster.replicas("retriever") == ["web-1", "web-2"]
    assert cluster.replicas("model-embedded") == ["gpu-1", "gpu-2"]
    assert cluster.replicas("model-dialogue") == ["gpu-1", "gpu-2"]


@pytest.mark.parametrize(("name", "how"), LOSSES, ids=[f"{name}-{how.name}" for name, how in LOSSES])
async def test_a_node_is_lost_under_load(cluster: Nodes, name: str, how: signal.Signals) -> None:
    lost, survivor = cluster.named[name], cluster.named["web-2"]
    clients = Clients([survivor.url])
    # Of these, some have their requests at the node that is lost.
    others = Clients([lost.url, survivor.url]) if name.startswith("web") and how == signal.SIGKILL else None
    if others is not None:
        await others.warm()
    await clients.warm(search, chat, consult)
    for work in (search, chat, consult):
        clients.begin(1, work)
    if others is not None:
        others.begin(1, consult)
    await asyncio.sleep(6)
    when = time.monotonic()
    lost.signal(how)
    await asyncio.sleep(10)
    for some in [clients] if others is None else [clients, others]:
        await some.end()
        account = some.account
        print(
            f"\n{name} {how.name}\n  before: {account.line(end=when)}\n  after: {account.line(when)}",
            f"slowest: {account.slowest(when)}",
            *account.again[:9],
            sep="\n  ",
        )
        assert account.failed == []
        assert await kept(some) == []
        await some.close()
    lost.signal(signal.SIGKILL)
    _replace(cluster, name)


def _replace(cluster: Nodes, name: str) -> None:
    """Another node in the place of a lost one, and the replicas on it."""
    kind, number = name.split("-")
    if kind == "web":
        cluster.add(f"web-{int(number) + 2}", cpus=3, tier="web")
    else:
        cluster.add(f"gpu-{int(number) + 2}", cpus=2, gpus=8)
    for deployment in ("ingress", "retriever") if kind == "web" else ("model-embedded", "model-dialogue"):
        assert "?" not in cluster.wait_for(deployment, 2)
