"""Attention over the paged cache of transformers' continuous batching, for every device: packed requests, no mask.

transformers' own `sdpa` puts all requests of a batch into one masked attention, so that each reads the keys of all
others: the work grows with the square of the number of requests. Here each request reads its own keys only. Where
torch has flash attention for packed sequences (`torch.nn.attention.varlen`, CUDA, 16 bits) that is used, elsewhere
torch's `scaled_dot_product_attention`. Tokens that are decoded together read their pages through a block table.
"""

from functools import cache as remembered
from typing import Any, NamedTuple, cast

import torch
from torch import Tensor
from torch.nn.functional import scaled_dot_product_attention
from transformers import AttentionInterface
from transformers.integrations.flash_paged import PagedAttentionCache

# transformers builds no mask, and says that attention is causal, for a name that contains `flash`.
NAME = "lexhub_flash"
# Bytes of keys that a CPU gathers at a time: they, and as many of values, stay in its cache until they are read. With
# 64 requests of 192 tokens on two cores an eighth of them at a time takes half as long as all at once.
TOGETHER = 3 * 2**19


def install(model: Any) -> None:
    """Make `model` (loaded with `sdpa`) attend this way; it can then only be run by continuous batching."""
    AttentionInterface.register(NAME, attend)
    # Not set_attn_implementation, which looks for the flash-attention package behind such a name.
    for config in {
        id(module.config): module.config for module in model.modules() if hasattr(module, "config")
    }.values():
        config._attn_implementation = NAME


def suits(model: Any) -> bool:
    """Whether the model's attention is plain: causal over everything before, no windows, no sinks, no soft cap."""
    config = model.config.get_text_config()
    kinds = set(getattr(config, "layer_types", None) or ["full_attention"])
    windowed = getattr(config, "sliding_window", None) is not None and getattr(config, "use_sliding_window", True)
    capped = getattr(config, "attn_logit_softcapping", None) is not None
    sinks = any(hasattr(module, "sinks") for module in model.modules())
    return kinds == {"full_attention"} and not windowed and not capped and not sinks


class Pages(NamedTuple):
    """A layer's cache for requests of one new token each: `keys`, `values` [pages, page, key heads, size], `table`
    [requests, most pages] of page numbers (-1: none), `ends` [requests + 1] where each would end if all stood in a row.
    """

    keys: Tensor
    values: Tensor
    table: Tensor
    ends: Tensor


def attend(
    module: torch.nn.Module,
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attention_mask: Tensor | None,
    scaling: float | None = None,
    cache: PagedAttentionCache | None = None,
    **more: Any,
) -> tuple[Tensor, None]:
    """`query` [1, heads, tokens, size], `key` and `value` [1, key heads, tokens, size] of all requests, one after
    another; gives [1, tokens, heads, size]. The new keys and values are kept in `cache`.
    """
    assert cache is not None, "this attention is only for continuous batching"
    key, value = cache.update(key_states=key, value_states=value, layer_idx=module.layer_idx, kwargs=more)
    flash = flash_error(query.device, query.dtype, query.shape[-1]) == ""
    if more.get("block_table") is not None:
        pages = Pages(more["k_cache"], more["v_cache"], more["block_table"], more["cu_seq_lens_k"])
        if flash:
            return _decode_flash(query, key, value, scaling, pages).unsqueeze(0), None
        if module.layer_idx == 0:
            cache.lexhub_step = step_of(pages)
        return _decode(query, key, value, scaling, pages, cache.lexhub_step).unsqueeze(0), None
    ends_q, ends_k = more["cu_seq_lens_q"], more["cu_seq_lens_k"]
    if flash:
        longest = (more["max_length_q"], more["max_length_k"])
        return _packed_flash(query, key, value, scaling, ends_q, ends_k, longest).unsqueeze(0), None
    return _packed(query, key, value, scaling, ends_q.tolist(), ends_k.tolist()), None


def _packed(
    query: Tensor, key: Tensor, value: Tensor, scaling: float | None, ends_q: list[int], ends_k: list[int]
) -> Tensor:
    """Request by request: a request's new tokens see all of its earlier ones and, causally, each other."""
    parts = []
    for at in range(len(ends_q) - 1):
        new = slice(ends_q[at], ends_q[at + 1])
        known = slice(ends_k[at], ends_k[at + 1])
        length, seen = new.stop - new.start, known.stop - known.start
        mask = None
        if 1 < length < seen:
            mask = torch.ones(length, seen, dtype=torch.bool, device=query.device).tril(seen - length)
        parts.append(
            scaled_dot_product_attention(
                query[:, :, new],
                key[:, :, known],
                value[:, :, known],
                attn_mask=mask,
                is_causal=length == seen and length > 1,
                scale=scaling,
                enable_gqa=True,
            )
        )
    return torch.cat(parts, 2).transpose(1, 2)


class Part(NamedTuple):
    """Some requests of a step, `rows` of it: which tokens of a layer's pages they know, [requests · longest], or from
    where to where when it is one request in one page; and which of those are a request's own, [requests, 1, 1,
    longest], None when all are of one length.
    """

    rows: slice
    known: Tensor | slice
    own: Tensor | None
    longest: int


class Step(NamedTuple):
    """A step of one new token a request: the tokens of the pages that take them [requests], and the step in parts."""

    places: Tensor
    parts: tuple[Part, ...]


def step_of(pages: Pages) -> Step:
    """The step of these pages, the same for every layer."""
    size = pages.keys.shape[1]
    lengths = pages.ends.diff()
    starts = pages.table.clamp_min(0).long() * size
    last = (lengths - 1).long()
    places = starts.gather(1, (last // size)[:, None]).squeeze(1) + last % size
    within = torch.arange(size, device=starts.device)
    many = len(places)
    if starts.device.type == "cpu":
        many = max(1, TOGETHER // (int(lengths.max()) * pages.keys[0, 0].numel() * pages.keys.itemsize))
    parts = []
    for first in range(0, len(places), many):
        rows = slice(first, first + many)
        longest, shortest = int(lengths[rows].max()), int(lengths[rows].min())
        if len(places[rows]) == 1 and longest <= size:
            first_token = int(starts[first, 0])
            parts.append(Part(rows, slice(first_token, first_token + longest), None, longest))
            continue
        known = (starts[rows, : -(-longest // size), None] + within).flatten(1)[:, :longest]
        own = torch.arange(longest, device=starts.device) < lengths[rows, None]
        parts.append(Part(rows, known.flatten(), None if shortest == longest else own[:, None, None], longest))
    return Step(places, tuple(parts))


def _decode(query: Tensor, key: Tensor, value: Tensor, scaling: float | None, pages: Pages, step: Step) -> Tensor:
    """One new token of each request: [requests, heads, size]."""
    keys, values = (kept.flatten(0, 1) for kept in (pages.keys, pages.values))
    keys.index_copy_(0, step.places, key[0].transpose(0, 1))
    values.index_copy_(0, step.places, value[0].transpose(0, 1))
    # Heads that share a key head stand in for several tokens, so that keys are not copied for each.
    grouped = query[0].transpose(0, 1).unflatten(1, (keys.shape[1], -1))  # type: ignore[no-untyped-call]
    told = []
    for rows, known, own, longest in step.parts:
        k, v = (kept[known] if isinstance(known, slice) else kept.index_select(0, known) for kept in (keys, values))
        # [tokens, key heads, size] → [requests, key heads, tokens, size], as far as the longest reaches
        k, v = (read.view(-1, longest, *read.shape[1:]).transpose(1, 2) for read in (k, v))
        told.append(scaled_dot_product_attention(grouped[rows], k, v, attn_mask=own, scale=scaling))
    return torch.cat(told).flatten(1, 2)


def _packed_flash(
    query: Tensor,
    key: Tensor,
    value: Tensor,
    scaling: float | None,
    ends_q: Tensor,
    ends_k: Tensor,
    longest: tuple[int, int],
) -> Tensor:
    """As `_packed`, [tokens, heads, size], by torch's flash attention; `longest` new and known of a request."""
    from torch.nn.attention.varlen import varlen_attn

    query, key, value = (each[0].transpose(0, 1) for each in (query, key, value))
    out = varlen_attn(
        query, key, value, ends_q.int(), ends_k.int(), *longest, scale=scaling, window_size=(-1, 0), enable_gqa=True
    )
    return cast(Tensor, out)


def _decode_flash(query: Tensor, key: Tensor, value: Tensor, scaling: float | None, pages: Pages) -> Tensor:
    """As `_decode`. Every size is that of the whole table, so that a CUDA graph made of it holds for all lengths."""
    from torch.nn.attention.varlen import varlen_attn

    requests, most = pages.table.shape
    size = pages.keys.shape[1]
    lengths = pages.ends.diff()
    last = (lengths - 1).clamp_min(0).long()
    # What only fills up a CUDA graph has the page -1 and goes to page 0, which transformers keeps for such.
    table = pages.table.clamp_min(0)
    page = table.gather(1, (last // size)[:, None]).squeeze(1).long()
    pages.keys[page, last % size] = key[0].transpose(0, 1)
    pages.values[page, last % size] = value[0].transpose(0, 1)
    out = varlen_attn(
        query[0].transpose(0, 1),
        pages.keys,
        pages.values,
        torch.arange(requests + 1, dtype=torch.int32, device=query.device),
        None,
        1,
        most * size,
        scale=scaling,
        window_size=(-1, 0),
        enable_gqa=True,
        seqused_k=lengths.int(),
        block_table=table.int(),
    )
    return cast(Tensor, out)


@remembered
def flash_error(device: torch.device, dtype: torch.dtype, size: int) -> str:
    """Why torch's flash attention for packed sequences cannot be used here; empty when it can.

    It is tried on small tensors, packed and through a block table, and must agree with the plain computation.
    """
    if device.type != "cuda":
        return f"{device.type} has none"
    if dtype not in (torch.float16, torch.bfloat16):
        return f"it does not take {dtype}"
    made = torch.Generator(device).manual_seed(0)

    def tensor(*shape: int) -> Tensor:
        return torch.randn(*shape, generator=made, device=device, dtype=dtype)

    def heads(tokens: int) -> tuple[Tensor, Tensor, Tensor]:
        return tensor(1, 4, tokens, size), tensor(1, 2, tokens, size), tensor(1, 2, tokens, size)

    ends = torch.tensor([0, 3, 8], device=device, dtype=torch.int32)
    packed, decoded = heads(8), heads(2)
    table = torch.tensor([[1, -1], [2, 3]], device=device, dtype=torch.int32)
    lengths = torch.tensor([0, 40, 340], device=device, dtype=torch.int32)
    pages = [Pages(tensor(4, 256, 2, size), tensor(4, 256, 2, size), table, lengths)] * 2
    try:
        found = [_packed_flash(*packed, None, ends, ends, (5, 5)), _decode_flash(*decoded, None, pages[0])]
    except (ImportError, RuntimeError, TypeError, ValueError, NotImplementedError) as error:
        return f"{type(error).__name__}: {' '.join(str(error).split())[:200]}"
    wanted = [
        _packed(*packed, None, ends.tolist(), ends.tolist())[0],
        _decode(*decoded, None, pages[1], step_of(pages[1])),
    ]
    if not all(torch.allclose(*pair, atol=2e-2, rtol=2e-2) for pair in zip(found, wanted, strict=True)):
        return "it computes something else on this device"
    return ""
