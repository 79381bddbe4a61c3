"""What this machine has: cores, memory within the limits of its container, GPUs with what is free on each."""

import os
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import psutil

# The limit that a container sets and what it uses, of cgroups version 2 and 1.
_LIMITS = (
    (Path("/sys/fs/cgroup/memory.max"), Path("/sys/fs/cgroup/memory.current")),
    (Path("/sys/fs/cgroup/memory/memory.limit_in_bytes"), Path("/sys/fs/cgroup/memory/memory.usage_in_bytes")),
)


@dataclass(frozen=True)
class Gpu:
    """One device; memory in bytes."""

    name: str
    memory: int
    free: int


@dataclass(frozen=True)
class Machine:
    """Memory in bytes; `available` is what can be taken without swapping."""

    cores: int
    memory: int
    available: int
    gpus: tuple[Gpu, ...] = ()


def found() -> Machine:
    """This machine as it is now."""
    host = psutil.virtual_memory()
    memory, available = host.total, host.available
    for limit, used in _LIMITS:
        if limit.exists() and (said := limit.read_text().strip()) != "max":
            memory = min(memory, int(said))
            available = min(available, memory - int(used.read_text()))
    return Machine(os.cpu_count() or 1, memory, max(0, available), _gpus())


def _gpus() -> tuple[Gpu, ...]:
    import torch

    if not torch.cuda.is_available():
        return ()
    # Asking for free memory takes some of it, as long as the process that asked lives.
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(_asked).result()


def _asked() -> tuple[Gpu, ...]:
    import torch

    rows = []
    for at in range(torch.cuda.device_count()):
        free, memory = torch.cuda.mem_get_info(at)
        rows.append(Gpu(torch.cuda.get_device_name(at), memory, free))
    return tuple(rows)
