"""Replicas added and taken away, and a new version of everything, while clients go on: none of them notices."""

import asyncio
import time
from typing import Any

import pytest

from tests.cluster.clients import Clients, chat, consult, kept, opened, search, told
from tests.cluster.nodes import Nodes

pytestmark = [pytest.mark.serve, pytest.mark.long, pytest.mark.timeout(300)]


@pytest.fixture(scope="module")
def arguments(arguments: dict[str, Any]) -> dict[str, Any]:
    """There are fewer nodes than there shall be replicas."""
    return {**arguments, "models": [{**one, "per_node": None} for one in arguments["models"]]}


async def test_one_replica_becomes_eight_and_one_again(cluster: Nodes, arguments: dict[str, Any]) -> None:
    await asyncio.to_thread(cluster.serve, arguments, model_dialogue=1)
    await asyncio.to_thread(cluster.wait_for, "model-dialogue", 1)
    clients = Clients([cluster.named["web-1"].url, cluster.named["web-2"].url])
    clients.begin(3, chat)
    clients.begin(1, consult)
    await asyncio.sleep(3)
    for count in (8, 1):
        began = time.monotonic()
        await asyncio.to_thread(cluster.serve, arguments, model_dialogue=count)
        where = await asyncio.to_thread(cluster.wait_for, "model-dialogue", count)
        print(f"\n{count} replicas after {time.monotonic() - began:.1f} s: {where}")
        await asyncio.sleep(2)
    account = await clients.end()
    print(account.line())
    assert account.failed == [] and account.again == []
    assert await kept(clients) == []
    await clients.close()


async def test_a_new_version_takes_over(cluster: Nodes, arguments: dict[str, Any]) -> None:
    clients = Clients([cluster.named["web-1"].url, cluster.named["web-2"].url])
    begun = [id for id in [await opened(clients) for _ in range(3)] if id is not None]
    for work in (search, chat, consult):
        clients.begin(1, work)
    await asyncio.sleep(3)
    began = time.monotonic()
    await asyncio.to_thread(cluster.serve, {**arguments, "producer": "另一个版本"})
    print(f"\nupdated in {time.monotonic() - began:.1f} s")
    await asyncio.sleep(2)
    account = await clients.end()
    print(account.line(end=began), account.line(began), *account.again[:9], sep="\n")
    assert account.failed == [] and account.again == []
    # What the old version stored, the new one reads and goes on with.
    for id in begun:
        await told(clients, id)
        report = await clients.text(f"/v1/consultations/{id}/report")
        assert "另一个版本" in report
    assert account.failed == []
    assert await kept(clients) == []
    await clients.close()
