"""The figures of a run as plain data, and the bars beside them."""

import json
import os
from dataclasses import asdict, dataclass, field
from importlib.metadata import version
from pathlib import Path

PACKAGES = ("ray", "langgraph", "starlette", "uvicorn")


@dataclass(frozen=True)
class Figure:
    """One measured value."""

    part: str
    what: str
    value: float
    unit: str


@dataclass(frozen=True)
class Bar:
    """A measured value against what was promised; `most`: less is better."""

    part: str
    what: str
    got: float
    bar: float
    aim: float | None = None
    unit: str = ""
    most: bool = False

    @property
    def held(self) -> bool:
        """Whether the bar holds."""
        return self.got <= self.bar if self.most else self.got >= self.bar


@dataclass
class Report:
    """A run. `load` is the machine's load average before it: with others at work, only the ratios tell anything."""

    load: float
    cores: int = field(default_factory=lambda: os.cpu_count() or 1)
    versions: dict[str, str] = field(default_factory=lambda: {name: version(name) for name in PACKAGES})
    figures: list[Figure] = field(default_factory=list)
    bars: list[Bar] = field(default_factory=list)

    def add(self, part: str, what: str, value: float, unit: str) -> None:
        """Note a figure."""
        self.figures.append(Figure(part, what, value, unit))

    def save(self, path: Path) -> None:
        """Write everything as JSON."""
        content = {**asdict(self), "bars": [{**asdict(one), "held": one.held} for one in self.bars]}
        path.write_text(json.dumps(content, ensure_ascii=False, indent=1), "utf-8")
