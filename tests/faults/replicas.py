"""A real server whose replicas are killed one by one: its profile, and how to find the processes behind it."""

from pathlib import Path
from typing import Any

import psutil
import yaml

from deploy.settings import PROFILES
from models.contracts import ModelCard
from tests.faults.upstream import Upstream
from tests.orchestrator.doubles import card
from tests.serve.conftest import Server

TERM = '[{"term": "民间借贷", "weight": 0.9}, {"term": "返还", "weight": 0.5}]'
SCRIPT_PAUSE_S = 0.7  # before each of the two pieces of the scripted answer
LIMITS = {"model": 6, "turn": 60, "retrieval": 10}


def profile(folder: Path, upstream: Upstream, checkpoint: Path) -> Path:
    """The embedded profile with two replicas of the ingress and of two models, one of them over deploy.lines; what it has
    inside the ingress has replicas of its own, so that they can be killed.
    """
    url = f"http://127.0.0.1:{upstream.port}/v1"
    keywords = '{"keywords": ' + TERM + "}"
    made = [
        card("upstream", "dialogue", backend="http_endpoint", rank=5, options={"base_url": url, "attempts": 1}),
        card("tiny", "dialogue", backend="transformers_local", rank=3, options={"model": str(checkpoint)}),
        card(
            "script",
            "keywords",
            rank=5,
            options={"replies": [keywords], "delay_s": SCRIPT_PAUSE_S, "piece": len(keywords) // 2 + 1},
        ),
    ]
    cards = folder / "cards"
    cards.mkdir()
    for one in made:
        _write(cards / f"{one.name}.yaml", one)
    config = yaml.safe_load((PROFILES / "embedded.yaml").read_text("utf-8"))
    arguments: dict[str, Any] = config["applications"][0]["args"]
    arguments |= {
        "shipped": False,
        "card_folders": [str(cards)],
        "limits": LIMITS,
        "ingress": {"replicas": 2},
        "retriever": {},
        "models": [
            *({**one, "inside": False} for one in arguments["models"]),
            {"name": "upstream", "cards": ["upstream"], "replicas": 2},
            {"name": "script", "cards": ["script"], "replicas": 2},
            {"name": "tiny", "cards": ["tiny"]},
        ],
    }
    path = folder / "faults.yaml"
    path.write_text(yaml.safe_dump(config, allow_unicode=True))
    return path


def _write(path: Path, one: ModelCard) -> None:
    path.write_text(yaml.safe_dump(one.model_dump(mode="json"), allow_unicode=True))


def replicas(server: Server, deployment: str) -> list[psutil.Process]:
    """The processes of a deployment's replicas."""
    wanted = f"ServeReplica:lexhub:{deployment}"
    return [one for one in server.family() if wanted in _name(one)]


def caller(server: Server, deployment: str, port: int) -> psutil.Process:
    """The replica whose connection has this port at its own end."""
    for one in replicas(server, deployment):
        if any(connection.laddr.port == port for connection in one.net_connections(kind="tcp")):
            return one
    raise AssertionError("no replica has the connection")


def _name(process: psutil.Process) -> str:
    try:
        return " ".join(process.cmdline())
    except psutil.Error:
        return ""
