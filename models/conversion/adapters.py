"""A peft adapter merged into its base by peft itself; unlike the rest, with the whole base in memory."""

from pathlib import Path
from typing import Any

import torch
from peft import PeftConfig, get_peft_model
from transformers import AutoModelForCausalLM, GenerationConfig

from models.contracts import BadCheckpoint
from models.conversion import reading
from models.conversion.architecture import Architecture, named
from models.conversion.jobs import ADAPTER_CONFIG


def merged(adapter: Path, base: Path, architecture: Architecture, dtype: torch.dtype) -> Any:
    """The base in `dtype`, the adapter merged into it: a transformers model.

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
    config.inference_mode = True
    model = AutoModelForCausalLM.from_pretrained(
        base,
        config=architecture.config,
        dtype=dtype,
        trust_remote_code=False,
        weights_only=True,
        use_safetensors=reading.files(base)[0].suffix == ".safetensors",
    )
    rows = _rows(weights, architecture.embeddings)
    if rows > model.get_input_embeddings().weight.shape[0]:
        model.resize_token_embeddings(rows, mean_resizing=False)
    try:
        adapted = get_peft_model(model, config)
        found = adapted.load_adapter(str(adapter), "default", torch_device="cpu")
        # peft saves grown embeddings a second time under a name that it does not read.
        strays = [name for name in found.unexpected_keys if name.replace(".modules_to_save", "") not in weights]
        if found.missing_keys or strays:
            raise BadCheckpoint(f"适配器与底座 {architecture.name} 不符: {named([*found.missing_keys, *strays])}")
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
