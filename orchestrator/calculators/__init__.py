"""Calculators, one file each: `<name>.py` exposes `CALCULATOR`. The folder's listing is the register."""

from functools import cache
from importlib import import_module
from pathlib import Path

from orchestrator.calculators.calculator import Calculator
from orchestrator.domains import NAMES


@cache
def calculators() -> dict[str, Calculator]:
    """All calculators by name, in the order of the fields of law that they belong to first."""
    files = sorted(path.stem for path in Path(__file__).parent.glob("*.py"))
    found = [import_module(f"{__name__}.{stem}").CALCULATOR for stem in files if stem not in ("__init__", "calculator")]
    return {one.name: one for one in sorted(found, key=lambda one: NAMES.index(one.fields[0]))}
