"""Reads the tensors of weights files, mapped from disk: .bin with `weights_only`, or safetensors.

For a process of its own: the unpickler admits tensors only, and what it might yet let through ends with that process.
"""

import hashlib
import json
import pickle
import re
import zipfile
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import load_file

from models.contracts import BadCheckpoint

CHECKPOINT = ("model.safetensors", "pytorch_model.bin")
ADAPTER = ("adapter_model.safetensors", "adapter_model.bin")
INDEX = ".index.json"
# Tables of older LLaMA checkpoints, worked out anew from the configuration since.
COMPUTED = "rotary_emb.inv_freq"


def files(folder: Path, names: tuple[str, ...] = CHECKPOINT) -> list[Path]:
    """The weights files of `folder`: the first of `names` that is there, whole or in shards.

    Raises BadCheckpoint when there is none, when the index cannot be read, and for a shard that is not there.
    """
    for name in names:
        if (folder / name).is_file():
            return [folder / name]
        if (folder / f"{name}{INDEX}").is_file():
            return [folder / shard for shard in sorted(set(_weight_map(folder / f"{name}{INDEX}").values()))]
    looked = "、".join(f"{name}、{name}{INDEX}" if names is CHECKPOINT else name for name in names)
    raise BadCheckpoint(f"{folder.name} 里没有权重文件(找过 {looked})")


def read(folder: Path, names: tuple[str, ...] = CHECKPOINT) -> dict[str, torch.Tensor]:
    """All tensors of `folder` by name, without tables that are worked out anew.

    Raises BadCheckpoint naming the file that cannot be read, and for tensors that are missing or there twice.
    """
    found: dict[str, torch.Tensor] = {}
    paths = files(folder, names)
    for path in paths:
        tensors = read_file(path)
        if twice := sorted(set(tensors) & set(found)):
            raise BadCheckpoint(f"{path.name}: {twice[0]} 在别的分片里也有")
        found |= tensors
    index = next((path for name in names if (path := folder / f"{name}{INDEX}").is_file()), None)
    if index is not None and len(paths) > 1 and (absent := sorted(set(_weight_map(index)) - set(found))):
        raise BadCheckpoint(f"{index.name} 列出的 {absent[0]} 不在任何分片里(共缺 {len(absent)} 个)")
    return {name: tensor for name, tensor in found.items() if not name.endswith(COMPUTED)}


def read_file(path: Path) -> dict[str, torch.Tensor]:
    """The tensors of one file, mapped from disk where its format allows. Raises BadCheckpoint naming the file."""
    try:
        if path.suffix == ".safetensors":
            tensors: Any = load_file(path)
        else:
            # Files from before PyTorch 1.6 are no archives and cannot be mapped: they are read whole.
            tensors = torch.load(path, map_location="cpu", weights_only=True, mmap=zipfile.is_zipfile(path))
    except Exception as error:
        # A damaged or hostile file can make the readers raise anything at all.
        raise BadCheckpoint(_unreadable(path, error)) from error
    if not isinstance(tensors, dict) or not all(isinstance(name, str) for name in tensors):
        raise BadCheckpoint(f"{path.name} 不是按名称存放的张量")
    for name, tensor in tensors.items():
        if not isinstance(tensor, torch.Tensor) or tensor.layout != torch.strided or tensor.is_quantized:
            raise BadCheckpoint(f"{path.name}: {name} 不是普通的张量")
    return {name: tensor.detach() for name, tensor in tensors.items()}


def sha256(path: Path) -> str:
    """The hex digest of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def read_json(path: Path) -> dict[str, Any]:
    """The object in a JSON file. Raises BadCheckpoint naming the file."""
    try:
        row = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as error:
        raise BadCheckpoint(f"{path.name} 读不了: {error}") from error
    if not isinstance(row, dict):
        raise BadCheckpoint(f"{path.name} 不是 JSON 对象")
    return row


def _weight_map(index: Path) -> dict[str, str]:
    rows = read_json(index).get("weight_map")
    if not isinstance(rows, dict) or not rows or not all(isinstance(shard, str) for shard in rows.values()):
        raise BadCheckpoint(f"{index.name} 没有 weight_map")
    for shard in rows.values():
        if Path(shard).name != shard or Path(shard).suffix not in (".bin", ".safetensors"):
            raise BadCheckpoint(f"{index.name}: {shard!r} 不是同一文件夹里的权重文件")
        if not (index.parent / shard).is_file():
            raise BadCheckpoint(f"缺少分片 {shard}({index.name} 列出了它)")
    return rows


def _unreadable(path: Path, error: Exception) -> str:
    said = " ".join(str(error).split())
    if isinstance(error, pickle.UnpicklingError) and (wanted := re.search(r"GLOBAL (\S+)", said)):
        return f"{path.name} 里除了张量还要调用 {wanted[1]},拒绝读取(pickle 能借此执行任意代码)"
    reason = said.partition("WeightsUnpickler error: ")[2] or said or type(error).__name__
    return f"{path.name} 读不了,可能不完整、已损坏或不是权重文件: {reason[:200]}"
