"""Linear layers with places for several LoRA adapters, each row of a step with the adapter of its own request.

A batch runs the tokens of many requests in one row of tensors, whatever their adapters. So all *slots* are computed for
every token, in shapes that no change of adapters changes (a CUDA graph holds), and what is not of the token's own slot
is set to zero before it is added. Set to zero, not multiplied: an overflow in one slot cannot reach another's tokens.
"""

from collections.abc import Sequence
from typing import NamedTuple, cast

import torch
from torch import Tensor, nn
from torch.nn.functional import linear

_MARK = "@"


class Pair(NamedTuple):
    """What an adapter adds to a layer: `x @ down.T @ up`; `down` [rank, in], `up` [rank, out], its scaling in it."""

    down: Tensor
    up: Tensor


def marked(request: str, slot: int | None) -> str:
    """The name of a request whose adapter is in `slot`. It is kept wherever a batch hands the request on."""
    return request if slot is None else f"{request}{_MARK}{slot}"


def slot_of(request: str) -> int | None:
    """The slot that `marked` wrote into the name; None for a request without adapter."""
    _, mark, slot = request.rpartition(_MARK)
    return int(slot) if mark else None


class Rows:
    """Which slot each token of the step that runs belongs to. `busy`: whether any token has one at all.

    `foreign` [tokens, slots · rank] is true where a column is not of the token's slot; it stays in one place, so that
    CUDA graphs find it.
    """

    def __init__(self, slots: int, rank: int, device: torch.device) -> None:
        self.busy = False
        self.foreign = torch.empty(0, slots * rank, dtype=torch.bool, device=device)
        self._columns = torch.arange(slots, device=device).repeat_interleave(rank)

    def reserve(self, tokens: int) -> None:
        """Make room for steps of up to `tokens` tokens."""
        self.foreign = torch.ones(tokens, len(self._columns), dtype=torch.bool, device=self.foreign.device)

    def place(self, requests: Sequence[tuple[int | None, int]], tokens: int) -> None:
        """Learn the slots and lengths of the requests of a step of `tokens` tokens; those past the last are padding."""
        self.busy = any(slot is not None for slot, _ in requests)
        if not self.busy:
            return
        none = -1
        slots = torch.tensor([none if slot is None else slot for slot, _ in requests])
        mine = torch.full((tokens,), none)
        given = slots.repeat_interleave(torch.tensor([length for _, length in requests]))
        mine[: len(given)] = given
        torch.ne(mine.to(self.foreign.device)[:, None], self._columns, out=self.foreign[:tokens])


class Slotted(nn.Module):
    """A linear layer with empty slots for adapters. `rows` is shared by all layers of a model."""

    def __init__(self, base: nn.Linear, rows: Rows, slots: int, rank: int, dtype: torch.dtype) -> None:
        super().__init__()
        self.base = base
        self._rows, self._rank = rows, rank
        for name, size in (("down", base.in_features), ("up", base.out_features)):
            held = torch.zeros(slots * rank, size, dtype=dtype, device=base.weight.device)
            self.register_buffer(name, held, persistent=False)

    def forward(self, x: Tensor) -> Tensor:
        """The layer of `x` [..., tokens, in], and what the adapters of the tokens add."""
        out = cast(Tensor, self.base(x))
        if not self._rows.busy:
            return out
        inner = linear(x, cast(Tensor, self.down))
        return out + inner.masked_fill(self._rows.foreign[: x.shape[-2]], 0) @ cast(Tensor, self.up)

    @torch.no_grad()
    def fill(self, slot: int, pair: Pair | None) -> None:
        """Put an adapter's part for this layer into a slot, in place of what was there; None empties it."""
        first = slot * self._rank
        for held, given in zip((self.down, self.up), pair or (None, None), strict=True):
            place = cast(Tensor, held)[first : first + self._rank]
            place.zero_()
            if given is not None:
                place[: len(given)].copy_(given)
