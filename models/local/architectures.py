"""The architectures that may be loaded as language models: transformers has them itself, and its continuous batching
says the same as its `generate`, token for token in fp32 (tried with random weights, sliding windows included).

Others fail in ways that end the batch for everybody (latent attention, linear attention, attention sinks), or need
code of their own.
"""

from typing import Any

from transformers.models.auto.modeling_auto import MODEL_FOR_CAUSAL_LM_MAPPING_NAMES

from models.contracts import ModelUnavailable

CAUSAL = frozenset(
    {
        "ernie4_5",
        "ernie4_5_moe",
        "gemma3_text",
        "glm",
        "glm4",
        "glm4_moe",
        "granite",
        "hunyuan_v1_dense",
        "hunyuan_v1_moe",
        "internlm3",
        "llama",
        "minimax_m2",
        "ministral",
        "ministral3",
        "mistral",
        "mixtral",
        "olmo2",
        "phi3",
        "qwen2",
        "qwen2_moe",
        "qwen3",
        "qwen3_moe",
        "seed_oss",
        "smollm3",
    }
)
ALSO = {"InternLM3ForCausalLM": "LlamaForCausalLM"}  # the name on the hub of what transformers calls otherwise


def require_causal(name: str, config: dict[str, Any]) -> None:
    """Raise ModelUnavailable unless the `config.json` of the checkpoint `name` is of an architecture in CAUSAL."""
    kind, classes = config.get("model_type"), config.get("architectures")
    if not isinstance(kind, str) or kind not in CAUSAL:
        raise ModelUnavailable(
            f"{name} cannot be loaded: its architecture {kind!r} is not served here ({', '.join(sorted(CAUSAL))}); "
            "serve it with a server that has it, behind an http_endpoint card"
        )
    wanted = MODEL_FOR_CAUSAL_LM_MAPPING_NAMES.get(kind)
    if wanted is None:
        raise ModelUnavailable(f"{name} cannot be loaded: this version of transformers has no {kind!r}")
    if not isinstance(classes, list) or [ALSO.get(one, one) for one in classes] != [wanted]:
        raise ModelUnavailable(
            f"{name} cannot be loaded: its config.json names the architectures {classes}, not {wanted}"
        )
