"""What only a GPU can show of models.local: flash attention, CUDA graphs, memory that runs out. Skipped without one."""

import asyncio
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import torch

from models.backends import transformers_local
from models.backends.transformers_local import LocalModel
from models.contracts import OutOfMemory, Sampling
from models.local.attention import flash_error
from tests.models import tiny
from tests.models.conftest import ask, collect
from tests.models.test_transformers_local import reference

pytestmark = [pytest.mark.gpu, pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a GPU")]

TEXTS = ["你好", "公司拖欠工资怎么办?" * 14, "hello world" * 20, "我想离婚", "x" * 255]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny.checkpoint(tmp_path_factory.mktemp("tiny"))


async def said(folder: Path, **options: Any) -> list[str]:
    """What the model answers to TEXTS, all at once."""
    model: LocalModel = transformers_local.build({"model": str(folder), "device": "cuda:0", "memory": 0.1, **options})
    requests = [ask(text, sampling=Sampling(max_tokens=40)) for text in TEXTS]
    answers = await asyncio.gather(*(collect(model, request) for request in requests))
    await model.aclose()
    return [text for text, _ in answers]


async def test_single_precision_says_what_generate_says(folder: Path) -> None:
    wanted = [reference(folder, text, 40).rstrip("�") for text in TEXTS]
    assert await said(folder, dtype="float32", fast="any") == wanted


def test_torchs_flash_attention_agrees_with_the_plain_computation() -> None:
    for dtype in (torch.bfloat16, torch.float16):
        for size in (64, 128):
            assert flash_error(torch.device("cuda:0"), dtype, size) == ""


async def test_graphs_change_no_token(folder: Path) -> None:
    with_graphs = await said(folder, dtype="bfloat16", fast="required")
    assert with_graphs == await said(folder, dtype="bfloat16", fast="required", graphs=False)


async def test_a_prompt_that_the_device_cannot_hold_fails_alone(folder: Path) -> None:
    model = transformers_local.build({"model": str(folder), "device": "cuda:0", "dtype": "bfloat16", "memory": 0.1})
    await model.check()
    before = await collect(model, ask("你好", sampling=Sampling(max_tokens=20)))
    held = []
    with suppress(torch.OutOfMemoryError):
        while True:  # take all that is left
            held.append(torch.empty(2**28, dtype=torch.uint8, device="cuda:0"))
    small = [torch.empty(2**20, dtype=torch.uint8, device="cuda:0") for _ in range(200)]
    with suppress(OutOfMemory):  # whether the rest sufficed is the allocator's affair; the model must go on
        await collect(model, ask("公司拖欠工资" * 60, sampling=Sampling(max_tokens=20)))
    del held, small
    torch.cuda.empty_cache()
    assert (await collect(model, ask("你好", sampling=Sampling(max_tokens=20))))[0] == before[0]
    await model.aclose()
