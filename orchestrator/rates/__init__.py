"""Rates that vary by place or time: the published LPR, average wages, incomes, subsidies. Tables with source and date.

`tables/*.csv` ship with the product; an operator adds more with `lexhub ingest rates`, which checks and keeps them in
`$LEXHUB_HOME/rates.csv`. A rate that no table has is asked for, never guessed.
"""

import csv
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path

COLUMNS = ("kind", "place", "from", "until", "value", "unit", "source", "note")
NATIONAL = "全国"


class BadRates(Exception):
    """A table of rates that cannot be read; the message names file and line."""

    code = "bad_rates"


@dataclass(frozen=True, slots=True)
class Rate:
    """One published figure: what it is, where and from when it holds, and who published it.

    `until` is the last day on which it is known to hold, None when its successor in the table ends it.
    """

    kind: str
    place: str
    since: date
    until: date | None
    value: Decimal
    unit: str
    source: str
    note: str


class Rates:
    """Tables of rates, read-only."""

    def __init__(self, rows: Iterable[Rate]) -> None:
        self._rows: dict[tuple[str, str], list[Rate]] = {}
        for row in sorted(rows, key=lambda row: row.since):
            self._rows.setdefault((row.kind, row.place), []).append(row)

    def at(self, kind: str, day: date, place: str = NATIONAL) -> Rate | None:
        """The rate in force on the day; None when no table knows it."""
        found = [row for row in self._rows.get((kind, place), ()) if row.since <= day]
        if not found or (found[-1].until is not None and day > found[-1].until):
            return None
        return found[-1]

    def between(self, kind: str, first: date, last: date, place: str = NATIONAL) -> Sequence[Rate]:
        """The rates in force from `first` to `last`, in order; empty when a day of it is not covered."""
        start = self.at(kind, first, place)
        if start is None or self.at(kind, last, place) is None:
            return ()
        rows = self._rows[kind, place]
        return [start, *(row for row in rows if first < row.since <= last)]

    def rows(self) -> Sequence[Rate]:
        """All rows, by kind, place and date."""
        return [row for key in sorted(self._rows) for row in self._rows[key]]


def read(path: Path) -> list[Rate]:
    """The rows of a CSV table with the COLUMNS. Raises BadRates naming file and line."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.DictReader(file)
        if tuple(reader.fieldnames or ()) != COLUMNS:
            raise BadRates(f"{path.name}: 第一行应为 {','.join(COLUMNS)}")
        return [_row(row, f"{path.name} 第 {number} 行") for number, row in enumerate(reader, 2)]


@cache
def shipped() -> tuple[Rate, ...]:
    """The rates that ship with the product."""
    return tuple(row for path in sorted((Path(__file__).parent / "tables").glob("*.csv")) for row in read(path))


def _row(row: dict[str, str], where: str) -> Rate:
    try:
        since = date.fromisoformat(row["from"])
        until = date.fromisoformat(row["until"]) if row["until"] else None
        value = Decimal(row["value"])
    except (ValueError, TypeError, InvalidOperation) as error:
        raise BadRates(f"{where}: 日期应为 2024-01-01 的样子,数值应为数字") from error
    if not value.is_finite() or value < 0 or not row["kind"] or not row["place"] or not row["source"]:
        raise BadRates(f"{where}: kind、place、source 不能为空,数值不能为负")
    if until is not None and until < since:
        raise BadRates(f"{where}: until 早于 from")
    return Rate(row["kind"], row["place"], since, until, value, row["unit"] or "", row["source"], row["note"] or "")
