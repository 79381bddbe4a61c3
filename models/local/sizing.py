"""How much memory a checkpoint takes, from its configuration alone: no weights are read.

The weights follow from the model built without storage, the cache from how transformers' continuous batching lays it
out: pages of PAGE tokens, each page a layer's keys and values, in sectors that suit every kind of attention layer,
and two sectors that are never given out. All figures are bytes unless a name says tokens.
"""

import json
from math import lcm
from pathlib import Path
from typing import Any, Literal

import torch
from safetensors import SafetensorError, safe_open
from transformers import AutoConfig, AutoModelForCausalLM

from models.contracts import CacheShape, ModelUnavailable, Size

PAGE = 256  # tokens a page of the cache
BATCH_TOKENS = {"cpu": 1024, "gpu": 8192}  # the most that a step reads, unless the options say otherwise
ALIGNED = 128  # a sector is a multiple of it
TRASH = 2  # sectors that take what padding writes
SCORES = 4  # float32 copies of a row of scores: as computed, processed, sorted, as probabilities
RUNTIME = {"cpu": 700 * 2**20, "gpu": 1536 * 2**20}  # the process with torch; the CUDA context, kernels, workspaces
BLOCK = 64  # weights of 4-bit loading that share a scale
Quantised = Literal["int8", "int4"]


def size(folder: Path) -> Size:
    """The figures of the checkpoint in `folder`. Raises ModelUnavailable naming what cannot be read or served."""
    try:
        config = AutoConfig.from_pretrained(folder, trust_remote_code=False)
        # Built on the device that has no storage: exact for every architecture, within a second and without memory.
        with torch.device("meta"):
            model = AutoModelForCausalLM.from_config(config, trust_remote_code=False)
    except (OSError, ValueError, KeyError, ImportError, RuntimeError) as error:
        said = " ".join(str(error).split())[:300]
        raise ModelUnavailable(f"{folder}: its configuration is not that of a language model: {said}") from error
    head = model.get_output_embeddings()
    linear = [one for one in model.modules() if isinstance(one, torch.nn.Linear) and one is not head]
    text = config.get_text_config()
    intermediate = max((one.out_features for one in linear), default=text.hidden_size)
    return Size(
        **cache_shape(config).model_dump(),
        parameters=sum(one.numel() for one in model.parameters()),
        linear=sum(one.weight.numel() for one in linear),
        heads=text.num_attention_heads,
        hidden=text.hidden_size,
        intermediate=intermediate,
        vocab=text.vocab_size,
        context=getattr(text, "max_position_embeddings", None) or 2048,
        dtype=str(getattr(config, "dtype", None) or "float32").removeprefix("torch."),
    )


def require_whole(folder: Path) -> None:
    """Look at every safetensors file's header. Raises ModelUnavailable naming the file that is missing or damaged."""
    index = folder / "model.safetensors.index.json"
    try:
        listed = json.loads(index.read_text("utf-8"))["weight_map"] if index.exists() else {}
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelUnavailable(f"{index}: not an index of safetensors files") from error
    names = sorted(set(listed.values())) or sorted(path.name for path in folder.glob("*.safetensors"))
    if not names:
        raise ModelUnavailable(f"{folder} has no *.safetensors; convert older weights with `lexhub models convert`")
    for name in names:
        try:
            with safe_open(folder / name, "pt") as opened:
                opened.keys()
        except (OSError, SafetensorError) as error:
            raise ModelUnavailable(f"{folder / name}: missing or damaged: {error}") from error


def cache_shape(config: Any) -> CacheShape:
    """The cache of a model with this `config` (transformers' own object).

    Raises ModelUnavailable for attention that the paged cache does not hold: compressed (MLA) and linear layers.
    """
    text = config.get_text_config()
    if getattr(text, "kv_lora_rank", None):
        raise ModelUnavailable(f"{text.model_type}: compressed attention (MLA) does not fit the paged cache")
    layers, window = text.num_hidden_layers, getattr(text, "sliding_window", None) or 0
    kinds = getattr(text, "layer_types", None) or ["sliding_attention" if window else "full_attention"] * layers
    if strange := set(kinds) - {"full_attention", "sliding_attention"}:
        raise ModelUnavailable(f"{text.model_type}: the paged cache holds no layers of {', '.join(sorted(strange))}")
    sliding = kinds.count("sliding_attention")
    heads = text.num_attention_heads
    return CacheShape(
        layers=layers,
        kv_heads=getattr(text, "num_key_value_heads", None) or heads,
        head_dim=getattr(text, "head_dim", None) or text.hidden_size // heads,
        sliding=sliding,
        window=window if sliding else 0,
    )


def weights(size: Size, dtype: str = "auto", quantised: Quantised | None = None) -> int:
    """The weights as loaded. Quantised (bitsandbytes), the linear layers take a byte or half of one, and scales."""
    itemsize = _itemsize(size.dtype if dtype == "auto" else dtype)
    if quantised is None:
        return size.parameters * itemsize
    # int8 has a scale for each row, of which there is less than one in a hundred weights; 4-bit one for each block.
    each = 1 + 4 / size.hidden if quantised == "int8" else 0.5 + 4 / BLOCK
    return (size.parameters - size.linear) * itemsize + round(size.linear * each)


def cache_per_token(shape: CacheShape, dtype: "str | torch.dtype") -> int:
    """What one token takes in all layers: keys and values of every head. Sliding layers give it back, see `held`."""
    return 2 * shape.layers * shape.kv_heads * shape.head_dim * _itemsize(dtype)


def held(shape: CacheShape, tokens: int, dtype: "str | torch.dtype") -> int:
    """What one request of `tokens` holds: whole pages in every layer, in sliding layers no more than their window."""
    page = cache_per_token(shape, dtype) // shape.layers * PAGE
    full, slid = -(-tokens // PAGE), -(-min(tokens, shape.window) // PAGE)
    return page * ((shape.layers - shape.sliding) * full + shape.sliding * slid)


def cache_bytes(shape: CacheShape, tokens: int, dtype: "str | torch.dtype") -> int:
    """What transformers allocates for a cache of `tokens` (of all layers), its unused sectors included."""
    sector = _sector(shape, dtype)
    wanted = -(-tokens // PAGE) * PAGE * cache_per_token(shape, dtype)
    return (-(-wanted // sector) + TRASH) * sector


def cache_tokens(config: Any, budget: int, dtype: "str | torch.dtype") -> int:
    """How many tokens, in whole pages, a cache of at most `budget` bytes holds; `config` is transformers' own object.

    Raises ModelUnavailable when not even one page fits.
    """
    return tokens_within(cache_shape(config), budget, dtype)


def tokens_within(shape: CacheShape, budget: int, dtype: "str | torch.dtype") -> int:
    """`cache_tokens` of a shape."""
    sector, page = _sector(shape, dtype), cache_per_token(shape, dtype) * PAGE
    pages = (budget // sector - TRASH) * sector // page
    if pages < 1:
        least = cache_bytes(shape, PAGE, dtype)
        raise ModelUnavailable(f"a cache of {budget} bytes holds no page of {PAGE} tokens; at least {least} are needed")
    return pages * PAGE


def reserve(
    size: Size, dtype: str, device: Literal["cpu", "gpu"], batch_tokens: int, requests: int, cached: int
) -> int:
    """An estimate of what is needed beside weights and cache: the process, a step's activations, the scores.

    `cached` tokens are read by a step at most: on the CPU attention copies them, a layer at a time, each head its own.
    """
    itemsize = _itemsize(size.dtype if dtype == "auto" else dtype)
    attention = (2 * size.heads + 2 * size.kv_heads) * size.head_dim
    activations = batch_tokens * (2 * size.hidden + max(attention, 3 * size.intermediate)) * itemsize
    scores = requests * size.vocab * 4 * SCORES
    read = 0
    if device == "cpu":
        mask = batch_tokens * (cached + batch_tokens) * itemsize
        read = cached * (2 * size.heads + size.kv_heads) * size.head_dim * itemsize + mask
    return RUNTIME[device] + activations + scores + read


def _sector(shape: CacheShape, dtype: "str | torch.dtype") -> int:
    """The unit in which the cache is given out: whole blocks of every kind of layer."""
    page = cache_per_token(shape, dtype) // shape.layers * PAGE
    kinds = [layers for layers in (shape.layers - shape.sliding, shape.sliding) if layers]
    return lcm(*(page * layers for layers in kinds), ALIGNED)


def _itemsize(dtype: "str | torch.dtype") -> int:
    found = getattr(torch, dtype) if isinstance(dtype, str) else dtype
    return int(found.itemsize)
