"""A model published as its difference to a base: base and delta added, key by key."""

import torch

from models.contracts import BadCheckpoint
from models.conversion.architecture import named
from models.conversion.writing import Entry, cast, chosen

ALIKE = 0.5  # a delta is far smaller than what it is added to; a whole model is about as large


def added(
    base: dict[str, torch.Tensor], delta: dict[str, torch.Tensor], embeddings: set[str], dtype: str
) -> dict[str, Entry]:
    """base + delta for every tensor, in `dtype` (`keep`: that of the delta), summed in float32 or finer.

    A tensor of `embeddings` may have more rows in the delta: those of new tokens, taken as they are. Raises
    BadCheckpoint naming the tensors that only one side has, or whose shapes do not go together.
    """
    if lone := set(delta) - set(base):
        raise BadCheckpoint(f"底座里没有 {named(lone)}:这份差值不是对这个底座的")
    if lone := set(base) - set(delta):
        raise BadCheckpoint(f"差值里没有 {named(lone)}:这份差值不是对这个底座的")
    wrong = [name for name in delta if not _fits(base[name], delta[name], name in embeddings)]
    if wrong:
        rows = (f"{name}(底座 {list(base[name].shape)},差值 {list(delta[name].shape)})" for name in wrong)
        raise BadCheckpoint(f"底座与差值形状不符: {named(rows)}")
    return {name: _entry(name, base[name], tensor, chosen(tensor, dtype)) for name, tensor in delta.items()}


def doubtful(base: dict[str, torch.Tensor], delta: dict[str, torch.Tensor]) -> bool:
    """Whether the delta looks like a whole model, which would give nonsense: judged by the vectors (norms, biases)."""
    names = [name for name in delta if delta[name].dim() == 1 and delta[name].is_floating_point()]
    sizes = [sum(float(side[name].abs().float().sum()) for name in names) for side in (base, delta)]
    return bool(names) and sizes[1] > ALIKE * sizes[0]


def _fits(base: torch.Tensor, delta: torch.Tensor, embedding: bool) -> bool:
    if base.shape == delta.shape:
        return True
    return embedding and base.shape[1:] == delta.shape[1:] and delta.shape[0] > base.shape[0]


def _entry(name: str, base: torch.Tensor, delta: torch.Tensor, dtype: torch.dtype) -> Entry:
    def make() -> torch.Tensor:
        if not delta.is_floating_point():
            return delta  # tables of positions and masks are no weights
        exact = torch.promote_types(torch.promote_types(base.dtype, delta.dtype), torch.float32)
        total = delta.to(exact, copy=True)
        known = total[: base.shape[0]] if total.dim() else total  # the rows of tokens that the base has
        known += base
        return cast(name, total, dtype)

    return Entry(delta.shape, dtype, make)
