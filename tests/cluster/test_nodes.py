"""Nodes that die under load: nothing but a short delay is seen by clients that try again."""

import asyncio
import signal
import time

import pytest

from tests.cluster.clients import Clients, chat, search
from tests.cluster.nodes import Nodes

pytestmark = [pytest.mark.serve, pytest.mark.long, pytest.mark.timeout(300)]


async def test_replicas_are_spread_over_the_nodes(cluster: Nodes) -> None:
    assert cluster.replicas("ingress") == ["web-1", "web-2"]
    assert cluster.replicas("retriever") == ["web-1", "web-2"]
    assert cluster.replicas("model-embedded") == ["gpu-1", "gpu-2"]
    assert cluster.replicas("model-dialogue") == ["gpu-1", "gpu-2"]


KILLS = [
    ("gpu-1", signal.SIGKILL),
    ("web-1", signal.SIGKILL),
    # As when its power or its network fails: no connection is closed, all that is sent to it stays without an answer.
    ("gpu-2", signal.SIGSTOP),
    ("web-3", signal.SIGSTOP),
]


@pytest.mark.parametrize(("name", "how"), KILLS, ids=[f"{name}-{how.name}" for name, how in KILLS])
async def test_a_node_is_lost_under_load(cluster: Nodes, name: str, how: signal.Signals) -> None:
    lost, survivor = cluster.named[name], cluster.named["web-2"]
    clients = Clients([survivor.url])
    for work in (search, chat):
        await work(clients, 0)
    clients.account.took.clear()
    clients.begin(2, search)
    clients.begin(2, chat)
    await asyncio.sleep(6)
    killed = time.monotonic()
    lost.signal(how)
    await asyncio.sleep(10)
    account = await clients.end()
    print(
        f"\n{name} {how.name} before: {account.line(end=killed)}\n  after: {account.line(killed)}",
        *account.again[:9],
        sep="\n  ",
    )
    lost.signal(signal.SIGKILL)
    replaced = _replace(cluster, name)
    assert "?" not in replaced
    assert account.failed == []


def _replace(cluster: Nodes, name: str) -> list[str]:
    """Another node in the place of a lost one; where the replicas are then."""
    tier, number = name.split("-")
    cluster.add(
        f"{tier}-{int(number) + 2}",
        cpus=3 if tier == "web" else 2,
        gpus=4 * (tier == "gpu"),
        tier="web" if tier == "web" else "models",
    )
    deployments = ("ingress", "retriever") if tier == "web" else ("model-embedded", "model-dialogue")
    return [one for deployment in deployments for one in cluster.wait_for(deployment, 2)]
