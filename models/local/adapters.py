"""The adapters of a model: loaded when a request asks for one, into a bounded number of slots.

Runs in the event loop of the model; files are read in a thread, and changed between two steps of the batch.
"""

import asyncio
import logging
import time
from collections import Counter, OrderedDict
from collections.abc import AsyncIterator, Coroutine, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import torch
from torch import nn

from models.contracts import DeadlineExceeded, ModelOverloaded, ModelUnavailable
from models.local.batching import Batch
from models.local.loading import Checkpoint
from models.local.lora import Base, Lora
from models.local.slots import Rows, Slotted

logger = logging.getLogger("lexhub")


class Adapters:
    """`rows` tells the batch's layers whose token is whose."""

    def __init__(self, folders: Mapping[str, Path], base: Path, checkpoint: Checkpoint, slots: int, rank: int) -> None:
        """Give the layers of the model their slots, as far as an adapter in `folders` (by name) has any use for them.

        `base` is the checkpoint's folder. Raises ModelUnavailable for an adapter that cannot be served.
        """
        model = checkpoint.model
        linear = _linear(model)
        self._folders, self._rank, self._dtype = folders, rank, model.dtype
        self._base = Base(base, {name: (one.in_features, one.out_features) for name, one in linear.items()})
        # All papers are read now, so that an adapter which cannot be served is told at the start.
        opened = [Lora.open(name, folder, self._base, rank) for name, folder in folders.items()]
        self.rows = Rows(slots, rank, model.device)
        self._layers: dict[str, Slotted] = {}
        for name in dict.fromkeys(name for one in opened for name in one.scales):
            self._layers[name] = Slotted(linear[name], self.rows, slots, rank, self._dtype)
            model.set_submodule(name, self._layers[name])
        self._slots: OrderedDict[str, int] = OrderedDict()  # of the loaded ones, the least recently used first
        self._free = list(range(slots))
        self._users: Counter[int] = Counter()
        self._turn = asyncio.Lock()  # in the order of asking, so that who waits for a slot is not overtaken
        self._left = asyncio.Event()

    @property
    def loaded(self) -> tuple[str, ...]:
        """The adapters that are in a slot, the least recently used first."""
        return tuple(self._slots)

    @asynccontextmanager
    async def held(self, name: str, batch: Batch, deadline: float | None) -> AsyncIterator[int]:
        """The slot of an adapter, which stays there until the end of the block.

        Raises DeadlineExceeded when no slot becomes free, or it cannot be loaded, before `deadline` (Unix time);
        without a deadline ModelOverloaded when all slots are in use. Raises ModelUnavailable when it cannot be loaded.
        """
        try:
            async with asyncio.timeout(None if deadline is None else deadline - time.time()), self._turn:
                if name not in self._slots:
                    await self._load(name, batch, patient=deadline is not None)
                self._slots.move_to_end(name)
                slot = self._slots[name]
                self._users[slot] += 1
        except TimeoutError as error:
            raise DeadlineExceeded(f"the deadline passed before the adapter {name} was there") from error
        try:
            yield slot
        finally:
            self._users[slot] -= 1
            self._left.set()

    async def _load(self, name: str, batch: Batch, patient: bool) -> None:
        while (slot := self._vacant()) is None:
            if not patient:
                raise ModelOverloaded(f"no slot for the adapter {name}: all are in use")
            self._left.clear()
            await self._left.wait()
        self._free.append(slot)  # until it is loaded, so that a failure leaves it free
        await _whole(asyncio.to_thread(self._fill, slot, name, batch))
        self._free.remove(slot)
        self._slots[name] = slot
        logger.info("adapter %s loaded; now here: %s", name, ", ".join(self._slots))

    def _vacant(self) -> int | None:
        """Take a slot that nobody uses, an empty one before that of the least recently used adapter."""
        if self._free:
            return self._free.pop()
        unused = next((name for name, slot in self._slots.items() if not self._users[slot]), None)
        return None if unused is None else self._slots.pop(unused)

    def _fill(self, slot: int, name: str, batch: Batch) -> None:
        """Read an adapter, as it is in its folder now, and put it into a slot between two steps."""
        opened = Lora.open(name, self._folders[name], self._base, self._rank)
        if new := sorted(opened.scales.keys() - self._layers.keys()):
            raise ModelUnavailable(f"the adapter {name} was changed: {new[0]} had none when the model was loaded")
        pairs = opened.pairs(self._dtype)
        with batch.between_steps():
            for module, layer in self._layers.items():
                layer.fill(slot, pairs.get(module))
            if self.rows.foreign.is_cuda:
                torch.cuda.synchronize(self.rows.foreign.device)


def _linear(model: nn.Module) -> dict[str, nn.Linear]:
    """The linear layers that see every token of a step in its place, by name: not those of experts, not the last."""
    last = model.get_output_embeddings()  # type: ignore[operator]
    return {
        name: one
        for name, one in model.named_modules()
        if isinstance(one, nn.Linear) and one is not last and "experts" not in name.split(".")
    }


async def _whole(work: Coroutine[None, None, None]) -> None:
    """Wait for `work` in a thread to its end, even when cancelled meanwhile: a thread cannot be stopped."""
    task = asyncio.ensure_future(work)
    try:
        await asyncio.shield(task)
    except asyncio.CancelledError:
        while not task.done():
            with suppress(asyncio.CancelledError):
                await asyncio.wait([task])
        raise
