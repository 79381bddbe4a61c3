"""A peft adapter merged into its base by peft itself; unlike the rest, with the whole base in memory."""

from pathlib import Path
from typing import Any

import torch
from peft import PeftConfig, get_peft_model, set_peft_model_state_dict
from transformers import GenerationConfig

from models.contracts import BadCheckpoint
from models.conversion import reading
from models.conversion.architecture import Architecture, named
from models.conversion.jobs import ADAPTER_CONFIG


def merged(adapter: Path, base: dict[str, torch.Tensor], architecture: Architecture, dtype: torch.dtype) -> Any:
    """The base, whose tensors must fit `architecture`, in `dtype` with the adapter merged into it: a model.

    A base with fewer tokens than the adapter's own embeddings grows to theirs. Raises BadCheckpoint when the adapter
    is no LoRA or does not fit the base.
    """
    reading.read_json(adapter / ADAPTER_CONFIG)
    weights = reading.read(adapter, reading.ADAPTER)
    try:
        config = PeftConfig.from_pretrained(str(adapter))
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise BadCheckpoint(f"{ADAPTER_CONFIG} 不能用: {' '.join(str(error).split())[:300]}") from error
    if config.peft_type != "LORA":
        raise BadCheckpoint(f"适配器的类型是 {config.peft_type},只能合并 LORA")
    if getattr(config, "megatron_config", None):
        raise BadCheckpoint(f"{ADAPTER_CONFIG} 里有 megatron_config,会让 peft 载入别的程序,拒绝合并")
    config.inference_mode = True
    model = architecture.loaded(base, dtype)
    rows = _rows(weights, architecture.embeddings)
    if rows > model.get_input_embeddings().weight.shape[0]:
        model.resize_token_embeddings(rows, mean_resizing=False)
    try:
        adapted = get_peft_model(model, config)
        found = set_peft_model_state_dict(adapted, weights)
        missing = [name for name in found.missing_keys if "lora_" in name]  # the base's own are not the adapter's
        # peft saves grown embeddings a second time under a name that it does not read.
        strays = [name for name in found.unexpected_keys if name.replace(".modules_to_save", "") not in weights]
        if missing or strays:
            raise BadCheckpoint(f"适配器与底座 {architecture.name} 不符: {named([*missing, *strays])}")
        whole = adapted.merge_and_unload(safe_merge=True)
    except (ValueError, RuntimeError, KeyError) as error:
        raise BadCheckpoint(f"适配器合并不进底座: {' '.join(str(error).split())[:300]}") from error
    whole = whole.to(dtype)
    # Old generation settings are often such that transformers refuses to save them; the file itself is copied.
    whole.generation_config = GenerationConfig()
    return whole


def _rows(weights: dict[str, torch.Tensor], embeddings: set[str]) -> int:
    """The most rows of an embedding that the adapter brings whole; 0 when it brings none."""
    whole = (
        tensor.shape[0]
        for name, tensor in weights.items()
        if any(name.endswith(f".{embedding}") for embedding in embeddings)
    )
    return max(whole, default=0)
