"""models.local.architectures: families beside Qwen3 say in the batch what they say in transformers' own generate."""

from pathlib import Path
from typing import Any

import pytest
import torch
from transformers import AutoConfig, AutoModelForCausalLM, AutoTokenizer

from models.backends import transformers_local
from models.contracts import Sampling
from models.local.decoding import TextStream
from models.local.loading import load
from models.local.prompting import prompt_ids
from tests.models import tiny
from tests.models.conftest import ask, collect

COMMON = {
    "vocab_size": 448,
    "hidden_size": 64,
    "intermediate_size": 96,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "head_dim": 16,
    "max_position_embeddings": tiny.CONTEXT,
    "eos_token_id": 1,
    "bos_token_id": None,
    "pad_token_id": 2,
}
FAMILIES: dict[str, dict[str, Any]] = {
    "glm4": {},
    "internlm3": {},
    "mistral": {"sliding_window": 16},
    "mixtral": {"num_local_experts": 4, "num_experts_per_tok": 2},
    "ernie4_5_moe": {"moe_num_experts": 4, "moe_k": 2, "moe_intermediate_size": 32},
}


def checkpoint(folder: Path, kind: str, options: dict[str, Any]) -> Path:
    """A random checkpoint of the family, with the tokenizer of the tiny one."""
    AutoTokenizer.from_pretrained(tiny.checkpoint(folder / "tiny")).save_pretrained(folder)
    torch.manual_seed(0)
    model = AutoModelForCausalLM.from_config(AutoConfig.for_model(kind, **COMMON, **options))
    for parameter in model.parameters():
        if parameter.dim() > 1:
            torch.nn.init.normal_(parameter, std=0.3)
    model.generation_config.eos_token_id = 1
    model.save_pretrained(folder)
    return folder


@pytest.mark.parametrize("kind", FAMILIES)
async def test_the_batch_says_what_generate_says(tmp_path: Path, kind: str) -> None:
    folder = checkpoint(tmp_path, kind, FAMILIES[kind])
    request = ask("公司拖欠工资怎么办?", sampling=Sampling(max_tokens=24))
    model = transformers_local.build({"model": str(folder), "dtype": "float32"})
    said, _ = await collect(model, request)
    await model.aclose()
    whole = load(folder, "cpu", "float32", "sdpa", None)
    ids = torch.tensor([prompt_ids(whole, request.messages, {})])
    out = whole.model.generate(ids, attention_mask=torch.ones_like(ids), do_sample=False, max_new_tokens=24)
    text = TextStream(whole.tokenizer, ())
    pieces = [text.feed(token) for token in out[0, ids.shape[1] :].tolist()]
    assert said == "".join([*pieces, text.close()])
    assert said
