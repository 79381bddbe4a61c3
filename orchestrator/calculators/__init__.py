"""Calculators, one file each: `<name>.py` exposes `CALCULATOR`. The folder's listing is the register."""

from functools import cache
from importlib import import_module
from pathlib import Path

from orchestrator.calculators.calculator import Calculator


@cache
def calculators() -> dict[str, Calculator]:
    """All calculators by name."""
    files = sorted(path.stem for path in Path(__file__).parent.glob("*.py"))
    found = [import_module(f"{__name__}.{stem}").CALCULATOR for stem in files if stem not in ("__init__", "calculator")]
    return {one.name: one for one in found}
