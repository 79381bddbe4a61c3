"""What the machine can do at most: memory bandwidth and matrix products, measured and not read off a data sheet."""

import os
import platform
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import torch

from deploy.benchmarks.engine.shapes import Dtype

Kind = Literal["cpu", "cuda"]
# Sizes: several times the last cache for the bandwidth (bytes), square matrices for the peak (rows), rounds of each.
LARGE: dict[Kind, tuple[int, int, int]] = {"cpu": (256 * 2**20, 2048, 10), "cuda": (4 * 2**30, 8192, 20)}


@dataclass(frozen=True)
class Machine:
    """`bandwidth` in bytes a second, the best of copying (read and written bytes both count) and of reading;
    `peak` in operations a second of a square product in `dtype`, on random numbers.
    """

    name: str
    kind: Kind
    cores: int
    bandwidth: float
    peak: float
    dtype: Dtype


def device() -> Kind:
    """Where this machine's engine runs when nobody says."""
    return "cuda" if torch.cuda.is_available() else "cpu"


def measure(kind: Kind, dtype: Dtype) -> Machine:
    """Measure this machine; takes a few seconds."""
    size, rows, rounds = LARGE[kind]
    name = torch.cuda.get_device_name() if kind == "cuda" else platform.processor() or platform.machine()
    bandwidth = max(_copying(kind, size, rounds), _reading(kind, size, rounds))
    return Machine(name, kind, os.cpu_count() or 1, bandwidth, _multiplying(kind, dtype, rows, rounds), dtype)


def _copying(kind: Kind, size: int, rounds: int) -> float:
    source = torch.ones(size // 4, dtype=torch.float32, device=kind)
    target = torch.empty_like(source)
    return 2 * size / _fastest(lambda: target.copy_(source), kind, rounds)


def _reading(kind: Kind, size: int, rounds: int) -> float:
    """A matrix times a vector reads each number once, as the step of one token does."""
    matrix = torch.ones(size // 4 // 4096, 4096, dtype=torch.float32, device=kind)
    vector = torch.ones(4096, dtype=torch.float32, device=kind)
    return size / _fastest(lambda: matrix @ vector, kind, rounds)


def _multiplying(kind: Kind, dtype: Dtype, rows: int, rounds: int) -> float:
    left, right = (torch.randn(rows, rows, device=kind).to(getattr(torch, dtype)) for _ in range(2))
    return 2 * rows**3 / _fastest(lambda: left @ right, kind, rounds)


def _fastest(work: Callable[[], object], kind: Kind, rounds: int) -> float:
    """Seconds of the fastest round after two to warm up; on a GPU each round is waited for."""
    best = float("inf")
    for at in range(rounds + 2):
        began = time.perf_counter()
        work()
        if kind == "cuda":
            torch.cuda.synchronize()
        if at >= 2:
            best = min(best, time.perf_counter() - began)
    return best
