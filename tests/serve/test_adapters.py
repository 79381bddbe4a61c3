"""Adapters through real Ray Serve: a request goes to the replica that has its adapter, and is answered as in-process."""

import asyncio
import json
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from models import registry
from models.contracts import GenerationRequest, ModelCard, Sampling
from tests.models import tiny, tuned
from tests.models.conftest import ask, collect

pytestmark = [pytest.mark.serve, pytest.mark.long]

NAMES = ("plain", "wide", "late")


def request(adapter: str | None) -> GenerationRequest:
    """A short one; with a deadline, it waits for room."""
    values = {"sampling": Sampling(max_tokens=8), "deadline": time.time() + 60}
    return ask("公司拖欠工资怎么办?", adapter=adapter, **values)


@pytest.fixture(scope="module")
def card(tmp_path_factory: pytest.TempPathFactory) -> ModelCard:
    """A tiny model with three adapters and room for one."""
    root = tmp_path_factory.mktemp("tiny")
    base = tiny.checkpoint(root / "base")
    kinds: dict[str, Any] = {"plain": tuned.PLAIN, "wide": tuned.WIDE, "late": tuned.LATE}
    adapters = {name: str(tuned.adapter(root / name, base, seed, **kinds[name])) for seed, name in enumerate(NAMES)}
    options = {"model": str(base), "dtype": "float32", "adapters": adapters, "adapter_slots": 1}
    return ModelCard(name="tiny", label="tiny", backend="transformers_local", abilities=("dialogue",), options=options)


def test_requests_for_an_adapter_go_to_the_replica_that_has_it(card: ModelCard) -> None:
    command = [sys.executable, "-m", "tests.serve.adapting", card.model_dump_json(), *NAMES]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=170, cwd=Path(__file__).parents[2])
    assert ran.returncode == 0, ran.stderr[-3000:]
    seen = json.loads(next(line for line in ran.stdout.splitlines() if line.startswith("{")))  # Ray says more

    async def local() -> dict[str, str]:
        model = registry.build(card)
        return {name or "base": (await collect(model, request(name)))[0] for name in (None, *NAMES)}

    wanted = asyncio.run(local())
    assert len(set(wanted.values())) == 4
    assert seen["said"] == {name: wanted[name] for name in ("base", "plain", "wide")}
    homes = {tuple(one) for one in seen["rounds"]}
    assert len(homes) == 1
    assert len(set(homes.pop())) == 2
    assert seen["together"] == [wanted[name] for name in ("plain", "base", "wide")] * 3
    assert seen["later"] == {name: wanted[name] for name in ("late", "plain", "wide")}
    assert seen["refused"] == "no_such_adapter"
