"""All figures of a run as plain data, and the bars beside them."""

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from deploy.benchmarks.engine.bare import Calls, Prefill
from deploy.benchmarks.engine.machine import Machine
from deploy.benchmarks.engine.shapes import Shape
from deploy.benchmarks.engine.timing import Figures


@dataclass
class Size:
    """What was measured of one checkpoint, in the order of the loads. None: not measured; `failures` says why where
    that was not wished. `counted`: whether the API's usage counts tokens.
    """

    shape: Shape
    engine: list[Figures] | None = None
    prefill: Prefill | None = None
    calls: Calls | None = None
    plain: list[Figures] | None = None
    vllm: list[Figures] | None = None
    server: list[Figures] | None = None
    counted: bool | None = None
    failures: dict[str, str] = field(default_factory=dict)

    def at(self, requests: int, of: Sequence[Figures] | None) -> Figures | None:
        """The figures `of` a contender at so many requests; None when it was not measured there."""
        return next((one for one in of or () if one.load.requests == requests), None)

    def ratio(self, one: Figures | None, other: Figures | None) -> float | None:
        """The rate of one in parts of the other's; None unless both were measured."""
        return one.rate / other.rate if one is not None and other is not None else None


@dataclass
class Report:
    """A run: the machine, the versions of what was measured, how many processes wanted a core in the minute before
    (the load average: figures of a machine that was not idle say little), and every size.
    """

    machine: Machine
    versions: dict[str, str]
    others: float
    sizes: list[Size] = field(default_factory=list)

    def save(self, path: Path) -> None:
        """Write everything, bars included, as JSON; bytes, seconds and operations as they are."""
        content: dict[str, Any] = {**asdict(self), "bars": [asdict(bar) for bar in bars(self)]}
        path.write_text(json.dumps(content, ensure_ascii=False, indent=1), "utf-8")


@dataclass(frozen=True)
class Bar:
    """A bar of the engine room: `got` is None when it was not measured here; `most`: less is better."""

    size: str
    what: str
    wanted: float
    unit: str
    got: float | None
    most: bool = False

    @property
    def held(self) -> bool | None:
        """Whether it holds; None when it was not measured."""
        if self.got is None:
            return None
        return self.got <= self.wanted if self.most else self.got >= self.wanted


def bars(report: Report) -> list[Bar]:
    """The bars that are meant for the sizes of this run on this kind of machine."""
    return [bar for size in report.sizes for bar in _bars(size, report.machine)]


def _bars(size: Size, machine: Machine) -> Iterator[Bar]:
    name = size.shape.name
    one, many = size.at(1, size.engine), size.at(64, size.engine)
    whole = [
        ratio
        for served in size.server or ()
        if (ratio := size.ratio(served, size.at(served.load.requests, size.engine))) is not None
    ]
    worst = min(whole, default=None)
    read = size.prefill
    if (name, machine.kind) == ("8b", "cuda"):
        teraflops = None if read is None or read.busy is None else read.busy * machine.peak / 1e12
        yield Bar(name, "1 路,稳态", 178, "tok/s", one.steady if one else None)
        yield Bar(name, "1 路,占带宽上限", 0.60, "", one.share if one else None)
        yield Bar(name, "64 路,稳态", 5600, "tok/s", many.steady if many else None)
        yield Bar(name, "64 路,占带宽上限", 0.45, "", many.share if many else None)
        yield Bar(name, "读提示,占实测算力峰值", 0.55, "", read.busy if read else None)
        yield Bar(name, "读提示", 0.55 * 790, "TFLOP/s", teraflops)
        yield Bar(name, "整个服务 / 引擎(最差的一档)", 0.95, "", worst)
    elif (name, machine.kind) == ("1.7b", "cuda"):
        spent = size.calls.p50 if size.calls is not None else None
        yield Bar(name, "关键词一次(带语法)p50", 150, "ms", None if spent is None else spent * 1000, most=True)
    elif (name, machine.kind) == ("30m", "cpu"):
        yield Bar(name, "1 路 / generate 一条", 0.9, "", size.ratio(one, size.at(1, size.plain)))
        yield Bar(name, "64 路 / 逐条", 5, "", size.ratio(many, one))
        yield Bar(name, "64 路 / generate 一批 64 条", 0.8, "", size.ratio(many, size.at(64, size.plain)))
        yield Bar(name, "整个服务 / 引擎(最差的一档)", 0.80, "", worst)
