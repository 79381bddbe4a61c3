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


@pytest.mark.parametrize("name", ["gpu-1", "web-1"])
async def test_a_node_is_killed_under_load(cluster: Nodes, name: str) -> None:
    survivor = cluster.named["web-2"]
    clients = Clients([survivor.url])
    for work in (search, chat):
        await work(clients, 0)
    clients.account.took.clear()
    clients.begin(2, search)
    clients.begin(2, chat)
    await asyncio.sleep(8)
    killed = time.monotonic()
    cluster.named[name].signal(signal.SIGKILL)
    await asyncio.sleep(10)
    account = await clients.end()
    print(f"\n{name} before:", account.line(end=killed), f"\n{name} after: ", account.line(killed), *account.again[:20], sep="\n  ")
    assert account.failed == []
