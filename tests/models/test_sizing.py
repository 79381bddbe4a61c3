"""What a checkpoint takes, against what transformers and bitsandbytes really allocate."""

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import torch
from transformers import (
    AutoModelForCausalLM,
    ContinuousBatchingConfig,
    DeepseekV3Config,
    Gemma3ForCausalLM,
    Gemma3TextConfig,
    LlamaConfig,
    LlamaForCausalLM,
    Qwen3Config,
    Qwen3NextConfig,
)
from transformers.generation.continuous_batching.cache import PagedAttentionCache

from models import registry
from models.contracts import ModelUnavailable
from models.local import sizing
from tests.models import tiny

SMALL = {"vocab_size": 320, "hidden_size": 64, "intermediate_size": 96, "num_attention_heads": 4}
# The published dimensions; everything else about memory must follow from them.
QWEN3 = {
    "qwen3-0.6b": {"hidden_size": 1024, "intermediate_size": 3072, "num_hidden_layers": 28, "num_attention_heads": 16},
    "qwen3-1.7b": {"hidden_size": 2048, "intermediate_size": 6144, "num_hidden_layers": 28, "num_attention_heads": 16},
    "qwen3-8b": {"hidden_size": 4096, "intermediate_size": 12288, "num_hidden_layers": 36, "num_attention_heads": 32},
}


def sliding_config() -> Gemma3TextConfig:
    kinds = ["sliding_attention", "full_attention", "sliding_attention", "sliding_attention"]
    return Gemma3TextConfig(
        **SMALL, num_hidden_layers=4, num_key_value_heads=2, head_dim=16, sliding_window=512, layer_types=kinds
    )


def llama_config() -> LlamaConfig:
    return LlamaConfig(**SMALL, num_hidden_layers=3, num_key_value_heads=4)


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    root = tmp_path_factory.mktemp("sized")
    Gemma3ForCausalLM(sliding_config()).save_pretrained(root / "gemma")
    LlamaForCausalLM(llama_config()).to(torch.bfloat16).save_pretrained(root / "llama")
    return {"qwen": tiny.checkpoint(root / "qwen"), "gemma": root / "gemma", "llama": root / "llama"}


def allocated(config: Any, tokens: int, dtype: torch.dtype) -> PagedAttentionCache:
    """The cache that transformers makes for `tokens`."""
    config._attn_implementation = "sdpa"
    wanted = ContinuousBatchingConfig(
        page_size=sizing.PAGE,
        num_blocks=tokens // sizing.PAGE,
        max_batch_tokens=64,
        max_memory_percent=0.9,
        max_blocks_per_request=0,
    )
    return PagedAttentionCache(config, wanted, torch.device("cpu"), SimpleNamespace(tp_size=1), dtype)


@pytest.mark.parametrize("name", ["qwen", "gemma", "llama"])
@pytest.mark.parametrize("dtype", ["float32", "bfloat16"])
def test_weights_are_the_sum_over_the_parameters(name: str, dtype: str, folders: dict[str, Path]) -> None:
    model = AutoModelForCausalLM.from_pretrained(folders[name], dtype=dtype)
    taken = sum(one.numel() * one.element_size() for one in model.parameters())
    assert sizing.weights(sizing.size(folders[name]), dtype) == taken


def test_the_checkpoints_own_dtype_counts(folders: dict[str, Path]) -> None:
    size = sizing.size(folders["llama"])
    assert size.dtype == "bfloat16"
    assert sizing.weights(size) == 2 * size.parameters


@pytest.mark.parametrize("make", [sliding_config, llama_config])
@pytest.mark.parametrize("dtype", [torch.float32, torch.bfloat16])
@pytest.mark.parametrize("pages", [1, 7, 12])
def test_the_cache_is_what_transformers_allocates(make: Any, dtype: torch.dtype, pages: int) -> None:
    config = make()
    made = allocated(config, pages * sizing.PAGE, dtype)
    assert sizing.cache_bytes(sizing.cache_shape(config), pages * sizing.PAGE, dtype) == made.cache_tensor.numel()


@pytest.mark.parametrize("make", [sliding_config, llama_config])
def test_a_budget_is_filled_and_never_exceeded(make: Any) -> None:
    config, dtype = make(), torch.bfloat16
    for budget in (2**20, 5 * 10**6, 2**24):
        tokens = sizing.cache_tokens(config, budget, dtype)
        made = allocated(config, tokens, dtype)
        assert made.cache_tensor.numel() <= budget
        assert made.num_blocks * sizing.PAGE >= tokens
        assert allocated(config, tokens + sizing.PAGE, dtype).cache_tensor.numel() > budget


def test_full_attention_takes_two_vectors_a_layer_and_head() -> None:
    shape = sizing.cache_shape(llama_config())
    assert sizing.cache_per_token(shape, "float32") == 2 * 3 * 4 * 16 * 4
    assert sizing.held(shape, sizing.PAGE, "float32") == sizing.PAGE * sizing.cache_per_token(shape, "float32")


def test_sliding_layers_stop_at_their_window() -> None:
    shape = sizing.cache_shape(sliding_config())
    layer = sizing.cache_per_token(shape, "bfloat16") // 4
    assert sizing.held(shape, 256, "bfloat16") == 4 * 256 * layer
    assert sizing.held(shape, 4096, "bfloat16") == (4096 + 3 * 512) * layer


def test_a_budget_below_a_page_is_refused_with_the_least() -> None:
    with pytest.raises(ModelUnavailable, match="at least"):
        sizing.cache_tokens(llama_config(), 1000, "float32")


@pytest.mark.parametrize("config", [DeepseekV3Config(), Qwen3NextConfig()])
def test_attention_that_the_engine_cannot_hold_is_refused(config: Any) -> None:
    with pytest.raises(ModelUnavailable, match=config.model_type):
        sizing.cache_shape(config)


@pytest.mark.parametrize("kind", ["int8", "int4"])
def test_quantised_weights_are_what_bitsandbytes_keeps(kind: str, tmp_path: Path) -> None:
    pytest.importorskip("bitsandbytes")
    from transformers import BitsAndBytesConfig

    config = LlamaConfig(
        vocab_size=320, hidden_size=256, intermediate_size=512, num_attention_heads=4, num_hidden_layers=2
    )
    LlamaForCausalLM(config).to(torch.bfloat16).save_pretrained(tmp_path)
    options = BitsAndBytesConfig(load_in_8bit=kind == "int8", load_in_4bit=kind == "int4")
    model = AutoModelForCausalLM.from_pretrained(tmp_path, dtype="bfloat16", quantization_config=options)
    taken = sum(one.numel() * one.element_size() for one in model.parameters())
    for one in model.modules():
        weight = getattr(one, "weight", None)
        if (state := getattr(weight, "quant_state", None)) is not None:
            taken += state.absmax.numel() * state.absmax.element_size()
        if (scales := getattr(weight, "SCB", None)) is not None:
            taken += scales.numel() * scales.element_size()
    estimated = sizing.weights(sizing.size(tmp_path), "bfloat16", kind)  # type: ignore[arg-type]
    assert abs(estimated - taken) < 0.01 * taken


def test_the_folder_of_something_else_is_named(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text('{"model_type": "nothing-known"}')
    with pytest.raises(ModelUnavailable, match=tmp_path.name):
        sizing.size(tmp_path)


def test_missing_and_cut_files_are_named(folders: dict[str, Path], tmp_path: Path) -> None:
    sizing.require_whole(folders["qwen"])
    with pytest.raises(ModelUnavailable, match="lexhub models convert"):
        sizing.require_whole(tmp_path)
    weights = (folders["qwen"] / "model.safetensors").read_bytes()
    (tmp_path / "model.safetensors").write_bytes(weights[: len(weights) // 2])
    with pytest.raises(ModelUnavailable, match=r"model\.safetensors: missing or damaged"):
        sizing.require_whole(tmp_path)
    (tmp_path / "model.safetensors.index.json").write_text('{"weight_map": {"a": "model-2.safetensors"}}')
    with pytest.raises(ModelUnavailable, match=r"model-2\.safetensors"):
        sizing.require_whole(tmp_path)


@pytest.mark.parametrize("name", QWEN3)
def test_cards_state_the_figures_of_their_checkpoint(name: str, tmp_path: Path) -> None:
    Qwen3Config(
        **QWEN3[name],
        num_key_value_heads=8,
        head_dim=128,
        vocab_size=151936,
        max_position_embeddings=40960,
        tie_word_embeddings=name != "qwen3-8b",
        dtype="bfloat16",
        architectures=["Qwen3ForCausalLM"],
    ).save_pretrained(tmp_path)
    assert registry.cards()[name].size == sizing.size(tmp_path)
