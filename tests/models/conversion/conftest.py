"""Tiny checkpoints to convert, in the old form."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from transformers import AutoModelForCausalLM, LlamaConfig, LlamaForCausalLM, PreTrainedModel

from models.conversion import worker
from models.conversion.jobs import Converted, Dtype, Job, Kind
from tests.models import tiny

ROWS = 448
WORDS = torch.tensor([[5, 9, 2, 77, 301, 400, 12, 63]])

Convert = Callable[..., Converted]


@pytest.fixture(scope="session")
def tokenizer_files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the files of a fast tokenizer and its chat template."""
    folder = tiny.checkpoint(tmp_path_factory.mktemp("tokenizer"))
    for name in ("config.json", "model.safetensors", "generation_config.json"):
        (folder / name).unlink()
    return folder


def llama(seed: int, rows: int = ROWS, tied: bool = False, dtype: torch.dtype = torch.float16) -> LlamaForCausalLM:
    """A random model; all its weights are multiples of 1/1024 below 1, so that differences are exact in float16."""
    config = LlamaConfig(
        vocab_size=rows,
        hidden_size=32,
        intermediate_size=48,
        num_hidden_layers=2,
        num_attention_heads=4,
        num_key_value_heads=2,
        max_position_embeddings=512,
        tie_word_embeddings=tied,
        bos_token_id=None,
        eos_token_id=1,
        dtype=dtype,
    )
    model = LlamaForCausalLM(config)
    source = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for parameter in model.parameters():
            drawn = torch.randint(-1023, 1024, parameter.shape, generator=source) / 1024
            parameter.copy_(drawn * 0.5 if parameter.dim() > 1 else drawn)
    return model.to(dtype).eval()


def save(model: PreTrainedModel, folder: Path, tokenizer: Path | None, shards: int = 1) -> Path:
    """The model as `pytorch_model.bin` in `folder`, or as so many shards with their index."""
    folder.mkdir()
    (folder / "config.json").write_text(model.config.to_json_string())
    (folder / "generation_config.json").write_text(json.dumps({"eos_token_id": 1, "temperature": 0.9}))
    state = model.state_dict()
    if shards == 1:
        torch.save(state, folder / "pytorch_model.bin")
    else:
        names = [f"pytorch_model-{at + 1:05d}-of-{shards:05d}.bin" for at in range(shards)]
        places = {name: names[at % shards] for at, name in enumerate(state)}
        for file in names:
            torch.save({name: state[name] for name, place in places.items() if place == file}, folder / file)
        index = {"metadata": {}, "weight_map": places}
        (folder / "pytorch_model.bin.index.json").write_text(json.dumps(index))
    if tokenizer is not None:
        shutil.copytree(tokenizer, folder, dirs_exist_ok=True)
    return folder


def logits(folder: Path) -> torch.Tensor:
    """What the model in `folder`, converted or not, says to a fixed row of tokens."""
    model = AutoModelForCausalLM.from_pretrained(folder, use_safetensors=not (folder / "pytorch_model.bin").is_file())
    with torch.inference_mode():
        return model(WORDS).logits


@pytest.fixture
def convert(tmp_path: Path) -> Convert:
    """A conversion in this process, into `tmp_path / "out"`."""

    def run(
        source: Path, kind: Kind = "checkpoint", base: Path | None = None, dtype: Dtype = "keep", shard: int = 10**9
    ) -> Converted:
        out = tmp_path / "out"
        out.mkdir()
        job = Job(kind=kind, source=source, base=base, out=out, dtype=dtype, shard_bytes=shard)
        return worker.work(job, lambda done, total, label: None)

    return run
