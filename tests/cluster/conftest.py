"""Lexhub on a cluster of five nodes: a head, two for requests and searches, two with made-up GPUs for the models."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from orchestrator.storage.sealing import new_key
from tests.cluster import nodes
from tests.cluster.nodes import Nodes
from tests.databases import Server

WEB = {"labels": {"tier": "web"}, "per_node": 1, "replicas": 2}
# With one on a node at most, a node that is lost takes one replica of two, and never both.
GPU = {"gpus": 1, "replicas": 2, "per_node": 1, "labels": {"tier": "models"}}


@pytest.fixture(scope="module")
def arguments(home: Path, tmp_path_factory: pytest.TempPathFactory, postgresql: Server) -> dict[str, Any]:
    """The settings of the cluster: the embedded models on made-up GPUs, and a home that all nodes see."""
    shared = tmp_path_factory.mktemp("cluster")
    shutil.copytree(home / "corpora", shared / "corpora")
    return {
        "profile": "cluster",
        "home": str(shared),
        "sessions": postgresql.emptied(),
        "models": [
            {"name": "embedded", "cards": ["neighbour-keyword", "ngram-planner", "ngram-article"], **GPU},
            {"name": "dialogue", "cards": ["composer"], **GPU},
        ],
        "ingress": {**WEB, "ongoing": 256},
        "retriever": WEB,
        "page": {"enabled": False},
    }


@pytest.fixture(scope="module")
def cluster(arguments: dict[str, Any]) -> Iterator[Nodes]:
    with nodes.started({"LEXHUB_STORAGE_KEYS": new_key("test")}) as made:
        made.add("web-1", cpus=3, tier="web")
        made.add("web-2", cpus=3, tier="web")
        made.add("gpu-1", cpus=2, gpus=8)
        made.add("gpu-2", cpus=2, gpus=8)
        made.serve(arguments)
        yield made
