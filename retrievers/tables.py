"""The checked tables of validity, read once: what is gone, what changed lately, and when versions took effect.

Facts that no closing clause of a usual collection tells, in `repealed.yaml`, `superseded.yaml` and `effective.yaml`.
Knows no corpus.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Gone:
    """A law that is gone since a day, by an instrument. `now` governs instead, empty where nothing does.

    `amended`: only its older texts are gone, those adopted before `adopted`; the law lives on.
    """

    law: str
    since: date
    by: str
    now: str
    adopted: date
    amended: bool = False


@dataclass(frozen=True, slots=True)
class Changed:
    """A law made or changed after the usual collections: texts of `ended` adopted before `adopted` end on `since`."""

    law: str
    change: str
    adopted: date
    since: date
    ended: str


@lru_cache(maxsize=1)
def gone() -> tuple[Gone, ...]:
    """The rows of repealed.yaml."""
    return tuple(
        Gone(
            law=row["law"],
            since=row["from"],
            by=row["by"],
            now=row.get("now", row["law"] if amended else row["by"]),
            adopted=row.get("adopted", row["from"]),
            amended=amended,
        )
        for row in _rows("repealed.yaml")
        for amended in [row.get("change") == "amended"]
    )


@lru_cache(maxsize=1)
def changed() -> tuple[Changed, ...]:
    """The rows of superseded.yaml."""
    return tuple(
        Changed(row["law"], row["change"], row["adopted"], row["from"], row.get("replaces", row["law"]))
        for row in _rows("superseded.yaml")
    )


def start(law: str, adopted: date | None) -> date | None:
    """The day on which the version of `law` adopted on that day took effect, null where no table tells."""
    known: Mapping[date, date] = _rows("effective.yaml")["laws"].get(law, {})
    if adopted is not None and adopted in known:
        return known[adopted]
    return next((row.since for row in changed() if (row.law, row.adopted) == (law, adopted)), None)


def package_start(law: str, adopted: date | None, category: str) -> date | None:
    """As `start`, for a law that was amended together with many others by one decision."""
    for row in _rows("effective.yaml")["packages"]:
        if row["adopted"] == adopted and category in row["categories"]:
            since: date = row["from"]
            return since if law not in row.get("except", ()) else None
    return None


@lru_cache(maxsize=4)
def _rows(name: str) -> Any:
    return yaml.safe_load((HERE / name).read_text(encoding="utf-8"))
