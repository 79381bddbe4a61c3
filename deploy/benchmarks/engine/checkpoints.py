"""Writes a checkpoint of a given shape with random weights, as sharded safetensors that any loader takes.

A random model writes on for ever: the rows of the special tokens in the output matrix are zero, so that their score
is 0, which is never the highest of tens of thousands of random ones.
"""

import json
from collections.abc import Iterator
from pathlib import Path

import torch
from safetensors.torch import save_file
from torch import Tensor
from transformers import AutoModelForCausalLM, GenerationConfig, Qwen3Config

from deploy.benchmarks.engine.shapes import WIDTH, Shape
from deploy.benchmarks.engine.vocabulary import silent, tokenizer

SHARD = 4 * 2**30  # bytes of a file


def make(shape: Shape, folder: Path, device: str, seed: int = 0) -> Path:
    """Write model and tokenizer to `folder`, unless a whole checkpoint is there; the weights are drawn on `device`."""
    index = folder / "model.safetensors.index.json"
    if index.exists():
        return folder
    folder.mkdir(parents=True, exist_ok=True)
    words = tokenizer(shape.vocabulary)
    words.save_pretrained(folder)
    config = _config(shape, words.convert_tokens_to_ids("<|im_end|>"))
    config.save_pretrained(folder)
    GenerationConfig(eos_token_id=config.eos_token_id, pad_token_id=words.pad_token_id).save_pretrained(folder)
    generator = torch.Generator(device).manual_seed(seed)
    places: dict[str, str] = {}
    total = 0
    for number, shard in enumerate(_shards(config, shape, silent(words), generator)):
        name = f"model-{number:05d}.safetensors"
        save_file(shard, folder / name, metadata={"format": "pt"})
        places |= dict.fromkeys(shard, name)
        total += sum(tensor.nbytes for tensor in shard.values())
    # Written last: its presence says that the checkpoint is whole.
    index.write_text(json.dumps({"metadata": {"total_size": total}, "weight_map": places}), "utf-8")
    return folder


def _config(shape: Shape, end: int) -> Qwen3Config:
    return Qwen3Config(
        architectures=["Qwen3ForCausalLM"],
        vocab_size=shape.vocabulary,
        hidden_size=shape.hidden,
        intermediate_size=shape.inner,
        num_hidden_layers=shape.layers,
        num_attention_heads=shape.heads,
        num_key_value_heads=shape.kv_heads,
        head_dim=shape.head,
        max_position_embeddings=shape.context,
        tie_word_embeddings=shape.tied,
        rope_parameters={"rope_type": "default", "rope_theta": 1_000_000.0},
        eos_token_id=end,
        bos_token_id=None,
        dtype=shape.dtype,
    )


def _shards(
    config: Qwen3Config, shape: Shape, unsaid: list[int], generator: torch.Generator
) -> Iterator[dict[str, Tensor]]:
    """The weights under the names that transformers gives them, in portions of at most SHARD bytes."""
    with torch.device("meta"):
        model = AutoModelForCausalLM.from_config(config)
    shard: dict[str, Tensor] = {}
    held = 0
    for name, parameter in model.named_parameters():
        size = parameter.numel() * WIDTH[shape.dtype]
        if shard and held + size > SHARD:
            yield shard
            shard, held = {}, 0
        shard[name] = _weights(name, tuple(parameter.shape), shape, unsaid, generator)
        held += size
    yield shard


def _weights(name: str, size: tuple[int, ...], shape: Shape, unsaid: list[int], generator: torch.Generator) -> Tensor:
    dtype = getattr(torch, shape.dtype)
    if len(size) == 1:
        return torch.ones(size, dtype=dtype)  # a norm
    embeds = name.endswith("embed_tokens.weight")
    # What goes into a layer and what comes out have the same spread, so that each token moves the next one.
    spread = 0.02 if embeds else size[1] ** -0.5
    made = torch.empty(size, dtype=dtype, device=generator.device).normal_(0, spread, generator=generator)
    if name == "lm_head.weight" or (embeds and shape.tied):
        made[unsaid] = 0  # among so many others a score of nothing is never the highest
    return made.cpu()
