"""Lexhub on a cluster of five nodes: a head, two for requests and searches, two with made-up GPUs for the models."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from deploy import settings
from tests.cluster import nodes
from tests.cluster.nodes import Nodes

WEB = {"labels": {"tier": "web"}, "per_node": 1, "replicas": 2}
GPU = {"gpus": 1, "replicas": 2, "labels": {"tier": "models"}}


def arguments(home: Path, **more: Any) -> dict[str, Any]:
    """The settings of the cluster: the embedded models on made-up GPUs."""
    loaded = settings.load("embedded", {"home": str(home)}).model_dump(mode="json")
    models = [
        {"name": "embedded", "cards": ["neighbour-keyword", "ngram-planner", "ngram-article"], **GPU},
        {"name": "dialogue", "cards": ["composer"], **GPU},
    ]
    return {**loaded, "models": models, "ingress": WEB, "retriever": WEB, **more}


@pytest.fixture(scope="module")
def cluster_home(home: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a shared volume is in a real cluster."""
    path = tmp_path_factory.mktemp("cluster")
    shutil.copytree(home / "corpora", path / "corpora")
    return path


@pytest.fixture(scope="module")
def cluster(cluster_home: Path) -> Iterator[Nodes]:
    with nodes.started() as made:
        made.add("web-1", cpus=3, tier="web")
        made.add("web-2", cpus=3, tier="web")
        made.add("gpu-1", cpus=2, gpus=4)
        made.add("gpu-2", cpus=2, gpus=4)
        made.serve(arguments(cluster_home))
        yield made
