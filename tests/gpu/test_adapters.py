"""What only a GPU can show of adapters: CUDA graphs hold for every mixture of them. Skipped without one."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
import torch

from models.backends import transformers_local
from models.contracts import Sampling
from tests.models import tiny, tuned
from tests.models.conftest import ask, collect

pytestmark = [pytest.mark.gpu, pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")]

TEXT = "公司拖欠工资怎么办?"
MIXED = [None, "plain", "wide", None, "late", "plain", "wide"]


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny.checkpoint(tmp_path_factory.mktemp("tiny"))


@pytest.fixture(scope="module")
def adapters(base: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    kinds: dict[str, dict[str, Any]] = {"plain": tuned.PLAIN, "wide": tuned.WIDE, "late": tuned.LATE}
    root = tmp_path_factory.mktemp("adapters")
    return {name: str(tuned.adapter(root / name, base, seed, **kinds[name])) for seed, name in enumerate(kinds)}


async def said(base: Path, adapters: dict[str, str], **options: Any) -> list[list[str]]:
    """What is said with each of MIXED one by one, all at once, and once more in other slots and batches."""
    values = {"model": str(base), "device": "cuda:0", "memory": 0.1, "adapters": adapters, "adapter_slots": 3}
    model = transformers_local.build({**values, **options})

    async def one(adapter: str | None) -> str:
        return (await collect(model, ask(TEXT, adapter=adapter, sampling=Sampling(max_tokens=24))))[0]

    alone = [await one(adapter) for adapter in MIXED]
    together = await asyncio.gather(*(one(adapter) for adapter in MIXED))
    some = await asyncio.gather(*(one(adapter) for adapter in MIXED[:3]))
    await model.aclose()
    return [alone, list(together), list(some)]


async def test_graphs_change_no_token_of_any_adapter(base: Path, adapters: dict[str, str]) -> None:
    with_graphs = await said(base, adapters, dtype="bfloat16", fast="required")
    assert with_graphs == await said(base, adapters, dtype="bfloat16", fast="required", graphs=False)
    assert len(set(with_graphs[0])) == 4


async def test_in_single_precision_each_says_what_it_says_merged(base: Path, adapters: dict[str, str]) -> None:
    alone, together, some = await said(base, adapters, dtype="float32", fast="any")
    assert alone == together
    assert some == alone[:3]
    on_cpu = await said(base, adapters, dtype="float32", device="cpu", memory=0.8)
    assert alone == on_cpu[0]
