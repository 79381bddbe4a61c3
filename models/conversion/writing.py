"""Writes tensors as safetensors, one shard in memory at a time."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from math import prod
from pathlib import Path

import torch
from huggingface_hub import split_state_dict_into_shards_factory
from safetensors.torch import save_file

from models.contracts import BadCheckpoint, ConversionFailed
from models.conversion.jobs import Progress
from models.conversion.reading import CHECKPOINT, INDEX

DTYPES = {"bfloat16": torch.bfloat16, "float16": torch.float16, "float32": torch.float32}


@dataclass(frozen=True, slots=True)
class Entry:
    """A tensor to write: its shape and dtype, and how it is made when its turn comes."""

    shape: torch.Size
    dtype: torch.dtype
    make: Callable[[], torch.Tensor]

    @property
    def size(self) -> int:
        """Bytes."""
        return prod(self.shape) * self.dtype.itemsize


def kept(tensors: dict[str, torch.Tensor], dtype: str) -> dict[str, Entry]:
    """The tensors as they are, those of numbers with a fraction in `dtype` (`keep`: in their own)."""
    return {name: _entry(name, tensor, dtype) for name, tensor in tensors.items()}


def chosen(tensor: torch.Tensor, dtype: str) -> torch.dtype:
    """The dtype that a tensor is written in."""
    return DTYPES.get(dtype, tensor.dtype) if tensor.is_floating_point() else tensor.dtype


def cast(name: str, tensor: torch.Tensor, dtype: torch.dtype) -> torch.Tensor:
    """The tensor in `dtype`. Raises BadCheckpoint when a finite number would become infinite."""
    made = tensor.to(dtype)
    if dtype == torch.float16 and tensor.dtype != dtype and made.isinf().any() and not tensor.isinf().any():
        raise BadCheckpoint(f"{name} 里有 float16 放不下的数,请改用 --dtype bfloat16 或 float32")
    return made


def write(folder: Path, entries: dict[str, Entry], shard_bytes: int, progress: Progress) -> None:
    """Write the entries to `folder`, with an index when there is more than one file.

    Raises ConversionFailed when the disk is full.
    """
    plan = split_state_dict_into_shards_factory(
        entries,
        get_storage_size=lambda entry: entry.size,
        filename_pattern="model{suffix}.safetensors",
        max_shard_size=shard_bytes,
    )
    done = 0
    for file, names in plan.filename_to_tensors.items():
        shard: dict[str, torch.Tensor] = {}
        for name in names:
            # A copy: mapped tensors may overlap, which safetensors refuses, or be a part of a larger one.
            shard[name] = entries[name].make().clone(memory_format=torch.contiguous_format)
            done += 1
            progress(done, len(entries), "转换张量")
        try:
            save_file(shard, folder / file, {"format": "pt"})
        except Exception as error:
            # safetensors hides the system's error behind one of its own.
            raise ConversionFailed(f"{file} 写不进去: {' '.join(str(error).split())[:200]}") from error
    if plan.is_sharded:
        index = {"metadata": plan.metadata, "weight_map": dict(sorted(plan.tensor_to_filename.items()))}
        (folder / f"{CHECKPOINT[0]}{INDEX}").write_text(json.dumps(index, indent=2) + "\n", "utf-8")


def _entry(name: str, tensor: torch.Tensor, dtype: str) -> Entry:
    target = chosen(tensor, dtype)
    return Entry(tensor.shape, target, lambda: cast(name, tensor, target))
