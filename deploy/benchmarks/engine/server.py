"""The whole server: `lexhub serve` with the checkpoint as its dialogue model, asked through /v1/chat/completions.

What `dialogue` says leaves the API sentence by sentence, each checked; a random answer ends a line about as often as
a real one, so an event carries a line and not a token.
"""

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from deploy.benchmarks import readiness
from deploy.benchmarks.engine import bare
from deploy.benchmarks.engine.apart import apart
from deploy.benchmarks.engine.client import ask
from deploy.benchmarks.engine.prompts import Prompts
from deploy.benchmarks.engine.timing import Figures, Load, figures, median

READY_S = 300.0  # loading 16 GB of weights and making the embedded corpus may both be part of it
LIMIT_S = 600.0  # for one answer
NAME = "bench-dialogue"


def measure(folder: Path, loads: Sequence[Load], repeat: int, gpus: int) -> tuple[list[Figures], bool]:
    """Every load `repeat` times against one server, the median run of each; and whether the usage that the API tells
    counts tokens (when it does not, the tokens asked for are counted: a random model never stops early).
    """
    prompts = Prompts(folder)
    measured, counted = [], True
    with tempfile.TemporaryDirectory() as home, running(profile(Path(home), folder, loads, gpus)) as url:
        for load in loads:
            apart(ask, url, prompts.texts(load), min(bare.WARM, load.new))
            runs = []
            for _ in range(repeat):
                answers = apart(ask, url, prompts.texts(load), load.new)
                counted = counted and all(answer.timeline.tokens == load.new for answer in answers)
                rows = [replace(answer.timeline, tokens=load.new) for answer in answers]
                runs.append(figures(load, rows, by_token=False))
            measured.append(median(runs))
    return measured, counted


def profile(home: Path, folder: Path, loads: Sequence[Load], gpus: int) -> Path:
    """The file of a profile in `home` whose only dialogue model is the checkpoint in `folder`; all else is embedded."""
    most = max(load.requests for load in loads)
    cards = home / "cards"
    cards.mkdir(parents=True)
    card = {
        "name": NAME,
        "label": "随机权重(测速用)",
        "backend": "transformers_local",
        "abilities": ["dialogue"],
        "options": bare.options(folder, loads),
    }
    (cards / f"{NAME}.yaml").write_text(json.dumps(card, ensure_ascii=False), "utf-8")
    wide = {"ongoing": 2 * most, "queued": 2 * most}
    # Ray gives a replica as many threads as it has CPUs; the bare engine has all of them.
    dialogue = {"name": "dialogue", "cards": [NAME], "cpus": os.cpu_count() or 1, "gpus": gpus, **wide}
    args = {
        "profile": "bench",
        "home": str(home),
        "card_folders": [str(cards)],
        "models": [
            {"name": "keyword", "cards": ["neighbour-keyword", "ngram-planner"]},
            {"name": "article", "cards": ["ngram-article"]},
            dialogue,
        ],
        "ingress": wide,
        "limits": {"model": LIMIT_S, "turn": LIMIT_S},
    }
    application = {"name": "lexhub", "route_prefix": "/", "import_path": "deploy.app:build_app", "args": args}
    path = home / "bench.yaml"
    path.write_text(json.dumps({"applications": [application]}, ensure_ascii=False), "utf-8")
    return path


@contextmanager
def running(profile: Path) -> Iterator[str]:
    """A server of that profile on a free port, stopped at the end. Raises BadSettings when it does not become ready."""
    from deploy.server import free_port

    port = free_port()
    command = [sys.executable, "-m", "deploy.cli", "serve", "--profile", str(profile), "--port", str(port)]
    log = profile.with_suffix(".log")
    with log.open("wb") as written:
        process = subprocess.Popen(command, stdout=written, stderr=subprocess.STDOUT)
    try:
        url = f"http://127.0.0.1:{port}"
        readiness.wait(process, url, READY_S, log)
        yield url
    finally:
        process.terminate()
        process.wait(60)
