"""Random LoRA adapters for a tiny checkpoint, written by peft, and what the base says with one of them merged into it."""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
from peft import LoraConfig, PeftModel, get_peft_model
from transformers import AutoModelForCausalLM, AutoTokenizer

# Of every kind that is served: few layers and many, plain and rank-stabilised scaling, ranks of single layers.
PLAIN = {"r": 4, "lora_alpha": 8, "target_modules": ["q_proj", "v_proj"]}
WIDE = {
    "r": 8,
    "lora_alpha": 4,
    "use_rslora": True,
    "target_modules": ["q_proj", "k_proj", "o_proj", "gate_proj", "up_proj", "down_proj"],
    "rank_pattern": {"down_proj": 3, r"layers\.0\.self_attn\.k_proj": 16},
    "alpha_pattern": {"up_proj": 2},
}
LATE = {"r": 2, "lora_alpha": 6, "target_modules": ["down_proj"], "layers_to_transform": [1]}


@contextmanager
def quiet() -> Iterator[None]:
    """Without peft's asking by a name that transformers 5.23 renamed."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "`is_gradient_checkpointing` is deprecated", FutureWarning)
        yield


def adapter(folder: Path, base: Path, seed: int, **config: Any) -> Path:
    """Save an adapter whose tensors are all random, strong enough to change what is said."""
    network = AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32)
    with quiet():
        tuned = get_peft_model(network, LoraConfig(task_type="CAUSAL_LM", **config))
    made = torch.Generator().manual_seed(seed)
    for name, parameter in tuned.named_parameters():
        if "lora_" in name:
            parameter.data = torch.randn(parameter.shape, generator=made) * 0.3
    tuned.save_pretrained(folder, save_embedding_layers=False)
    return folder


def merged(base: Path, adapter: Path | None) -> Any:
    """The base with the adapter merged into its weights by peft."""
    network = AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32)
    with quiet():
        return network if adapter is None else PeftModel.from_pretrained(network, adapter).merge_and_unload()


def beside(base: Path, adapter: Path, quantised: Any) -> Any:
    """The base, loaded with this quantisation, with peft's layers for the adapter around its own."""
    network = AutoModelForCausalLM.from_pretrained(base, dtype=torch.float32, quantization_config=quantised)
    with quiet():
        return PeftModel.from_pretrained(network, adapter)


def generated(network: Any, base: Path, text: str, tokens: int) -> tuple[list[int], list[float]]:
    """The ids that transformers' own generate gives for a user's message, and their log-probabilities."""
    tokenizer = AutoTokenizer.from_pretrained(base)
    prompt = tokenizer.apply_chat_template(
        [{"role": "user", "content": text}], tokenize=False, add_generation_prompt=True
    )
    ids = tokenizer(prompt, add_special_tokens=False, return_tensors="pt")["input_ids"]
    out = network.generate(
        ids,
        attention_mask=torch.ones_like(ids),
        do_sample=False,
        max_new_tokens=tokens,
        output_logits=True,
        return_dict_in_generate=True,
    )
    chosen = out.sequences[0, ids.shape[1] :].tolist()
    logs = [float(row[0].log_softmax(-1)[token]) for row, token in zip(out.logits, chosen, strict=True)]
    return chosen, logs
