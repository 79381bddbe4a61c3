"""The conversion itself, which runs in a child process (models.conversion.process)."""

import json
import os
import shutil
from collections import Counter
from importlib.metadata import version
from pathlib import Path

import torch

from models.contracts import ConversionFailed
from models.conversion import companions, deltas, reading, writing
from models.conversion.architecture import Architecture
from models.conversion.jobs import RECORD, Converted, Job, Origin, Progress, Record


def work(job: Job, progress: Progress) -> Converted:
    """Do the job. Raises BadCheckpoint for weights that cannot be converted, ConversionFailed for want of room."""
    source = _origin(job.source, reading.ADAPTER if job.kind == "lora" else reading.CHECKPOINT, progress)
    base = _origin(job.base, reading.CHECKPOINT, progress) if job.base is not None else None
    notes = _merge(job, progress) if job.kind == "lora" else _stream(job, progress)
    tensors = reading.read(job.out)
    architecture = Architecture(job.out)
    architecture.check(_shapes(tensors))
    folders = [job.source, *([job.base] if job.base is not None else [])]
    notes = (*notes, *companions.copy(job.out, folders, _rows(architecture, tensors)))
    record = Record(
        kind=job.kind,
        source=source,
        base=base,
        dtype=_dtype(tensors),
        tensors=len(tensors),
        size=sum(tensor.nbytes for tensor in tensors.values()),
        torch=version("torch"),
        transformers=version("transformers"),
        peft=version("peft") if job.kind == "lora" else None,
    )
    (job.out / RECORD).write_text(record.model_dump_json(indent=2) + "\n", "utf-8")
    return Converted(record=record, pins=_pins(job.out, progress), notes=notes)


def _stream(job: Job, progress: Progress) -> tuple[str, ...]:
    """Write a checkpoint, or a delta added to its base, one shard in memory at a time."""
    architecture = Architecture(job.source)
    tensors = architecture.untied(reading.read(job.source))
    notes: tuple[str, ...] = ()
    if job.base is not None:
        below = Architecture(job.base).untied(reading.read(job.base))
        entries = deltas.added(below, tensors, architecture.embeddings, job.dtype)
        if deltas.doubtful(below, tensors):
            notes = ("来源的数值与底座一样大,不像差值;如果它本来就是完整的模型,这次的结果不能使用",)
    else:
        entries = writing.kept(tensors, job.dtype)
    architecture.check({name: (entry.shape, entry.dtype) for name, entry in entries.items()})
    _require_room(job.out, sum(entry.size for entry in entries.values()))
    writing.write(job.out, entries, job.shard_bytes, progress)
    _write_config(job.out, architecture, reading.read(job.out))
    return notes


def _merge(job: Job, progress: Progress) -> tuple[str, ...]:
    """Write a base with an adapter merged into it."""
    from models.conversion import adapters  # peft takes seconds to import

    assert job.base is not None
    architecture = Architecture(job.base)
    below = reading.read(job.base)
    architecture.check(_shapes(below))
    dtype = writing.DTYPES.get(job.dtype, writing.DTYPES.get(_dtype(below), torch.float32))
    _require_room(job.out, sum(tensor.numel() for tensor in below.values()) * dtype.itemsize)
    progress(0, 2, "合并适配器")
    model = adapters.merged(job.source, below, architecture, dtype)
    progress(1, 2, "合并适配器")
    model.save_pretrained(job.out, max_shard_size=job.shard_bytes)
    progress(2, 2, "合并适配器")
    (job.out / companions.GENERATION).unlink()
    _write_config(job.out, architecture, reading.read(job.out))
    return ()


def _write_config(out: Path, architecture: Architecture, tensors: dict[str, torch.Tensor]) -> None:
    settings = architecture.written(_dtype(tensors), _rows(architecture, tensors))
    (out / "config.json").write_text(json.dumps(settings, ensure_ascii=False, indent=2) + "\n", "utf-8")


def _rows(architecture: Architecture, tensors: dict[str, torch.Tensor]) -> int:
    """How many tokens the embeddings have a row for."""
    return min(tensors[name].shape[0] for name in architecture.embeddings if name in tensors)


def _dtype(tensors: dict[str, torch.Tensor]) -> str:
    """The dtype of most of the numbers."""
    counts: Counter[torch.dtype] = Counter()
    for tensor in tensors.values():
        if tensor.is_floating_point():
            counts[tensor.dtype] += tensor.numel()
    return str(counts.most_common(1)[0][0]).removeprefix("torch.") if counts else "float32"


def _shapes(tensors: dict[str, torch.Tensor]) -> dict[str, tuple[torch.Size, torch.dtype]]:
    return {name: (tensor.shape, tensor.dtype) for name, tensor in tensors.items()}


def _origin(folder: Path, names: tuple[str, ...], progress: Progress) -> Origin:
    paths = reading.files(folder, names)
    digests = {}
    for done, path in enumerate(paths):
        progress(done, len(paths), f"核对 {folder.name}")
        digests[path.name] = reading.sha256(path)
    progress(len(paths), len(paths), f"核对 {folder.name}")
    return Origin(name=folder.resolve().name, files=digests)


def _pins(out: Path, progress: Progress) -> dict[str, str]:
    """The digest of every file, each on the disk for good before its name is.

    safetensors writes for the owner alone; a server may run as another user, so all get what config.json has.
    """
    mode = (out / "config.json").stat().st_mode
    paths = sorted(out.iterdir())
    digests = {}
    for done, path in enumerate(paths, 1):
        path.chmod(mode)
        with path.open("rb") as file:
            os.fsync(file.fileno())
        digests[path.name] = reading.sha256(path)
        progress(done, len(paths), "核对结果")
    return digests


def _require_room(out: Path, needed: int) -> None:
    free = shutil.disk_usage(out).free
    if free < needed:
        raise ConversionFailed(f"磁盘空间不够:要写 {needed / 2**30:.1f} GiB,只剩 {free / 2**30:.1f} GiB")
