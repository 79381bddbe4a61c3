"""The number of replicas follows the load, and nobody notices."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
import yaml

from tests.cluster.clients import Clients, keywords
from tests.cluster.nodes import Nodes
from tests.faults.replicas import TERM
from tests.orchestrator.doubles import card

pytestmark = [pytest.mark.serve, pytest.mark.long, pytest.mark.timeout(300)]
MOST = 4


@pytest.fixture(scope="module")
def arguments(arguments: dict[str, Any], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """A model for keywords that takes five seconds, with one replica for each request under way."""
    cards: Path = tmp_path_factory.mktemp("cards")
    slow = card("slow", "keywords", options={"replies": [f'{{"keywords": {TERM}}}'], "delay_s": 0.5})
    (cards / "slow.yaml").write_text(yaml.safe_dump(slow.model_dump(mode="json")), "utf-8")
    scaling = {"most": MOST, "target_ongoing": 1, "upscale_delay_s": 1, "downscale_delay_s": 3, "gpus": 1}
    embedded, dialogue = arguments["models"]
    return {
        **arguments,
        "shipped": False,
        "card_folders": [str(cards)],
        "models": [
            {**embedded, "cards": ["ngram-planner", "ngram-article"]},
            dialogue,
            {"name": "slow", "cards": ["slow"], "labels": {"tier": "models"}, **scaling},
        ],
    }


async def test_replicas_come_with_the_load_and_go_with_it(cluster: Nodes) -> None:
    assert len(cluster.replicas("model-slow")) == 1
    clients = Clients([cluster.named["web-1"].url, cluster.named["web-2"].url])
    busy = Clients(clients.urls)
    clients.begin(1, keywords)
    busy.begin(MOST + 1, keywords)
    where = await asyncio.to_thread(cluster.wait_for, "model-slow", MOST)
    assert set(where) == {"gpu-1", "gpu-2"}
    await busy.end()
    await asyncio.to_thread(cluster.wait_for, "model-slow", 1)
    await clients.end()
    for some in (clients, busy):
        print(f"\n{some.account.line()}")
        assert some.account.failed == [] and some.account.again == []
        await some.close()
