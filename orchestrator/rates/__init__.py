"""Rates that vary by place or time: the published LPR, average wages, incomes, subsidies. Tables with source and date.

`tables/*.csv` ship with the product: the LPR as far as known, and an empty one for local figures (its README.md says
what goes in). An operator adds rows with `lexhub ingest rates`, which keeps them in `rates.csv` of the home; a row
there replaces the shipped one of the same kind, place and day. A rate that no table has is asked for, never guessed.
"""

import csv
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path

from orchestrator.contracts import ConsultationError

COLUMNS = ("kind", "place", "from", "until", "value", "unit", "source", "note")
NATIONAL = "全国"
KEPT = "rates.csv"  # in the home
KINDS = {
    "lpr_1y": "percent",
    "average_wage_month": "元/月",
    "average_wage_year": "元/年",
    "minimum_wage_month": "元/月",
    "urban_income_year": "元/年",
    "urban_spending_year": "元/年",
    "compulsory_medical": "元",
    "compulsory_disability": "元",
}


class BadRates(ConsultationError):
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
        latest = {_key(row): row for row in rows}  # of two for one day, the later given counts
        for row in sorted(latest.values(), key=lambda row: row.since):
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


def kept(home: Path) -> Callable[[], Rates]:
    """The shipped rates with those of the home on top, read again when the file changes. Raises BadRates at once."""
    path = home / KEPT
    last: tuple[int, Rates] | None = None

    def current() -> Rates:
        nonlocal last
        changed = path.stat().st_mtime_ns if path.exists() else 0
        if last is None or last[0] != changed:
            last = (changed, Rates([*shipped(), *(read(path) if changed else ())]))
        return last[1]

    current()
    return current


@dataclass(frozen=True)
class Changes:
    """What a table would change of the home's own: the rows that are new, replace another one, or are there already."""

    new: tuple[Rate, ...]
    replaced: tuple[Rate, ...]
    same: tuple[Rate, ...]


def changes(home: Path, path: Path) -> Changes:
    """What `add` would do, without writing anything. Raises BadRates."""
    before = _own(home)
    given = {_key(row): row for row in read(path)}
    return Changes(
        new=tuple(row for key, row in given.items() if key not in before),
        replaced=tuple(row for key, row in given.items() if before.get(key, row) != row),
        same=tuple(row for key, row in given.items() if before.get(key) == row),
    )


def add(home: Path, path: Path) -> tuple[int, int]:
    """Add the rows of a table to those of the home: how many were new or changed, how many are kept now.

    The file is replaced as a whole or not at all. Raises BadRates.
    """
    target = home / KEPT
    before = _own(home)
    after = before | {_key(row): row for row in read(path)}
    home.mkdir(parents=True, exist_ok=True)
    draft = target.with_suffix(".new")
    with draft.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(COLUMNS)
        for row in (after[key] for key in sorted(after)):
            until = row.until.isoformat() if row.until else ""
            writer.writerow(
                (row.kind, row.place, row.since.isoformat(), until, row.value, row.unit, row.source, row.note)
            )
    draft.replace(target)
    return sum(before.get(key) != row for key, row in after.items()), len(after)


def _own(home: Path) -> dict[tuple[str, str, date], Rate]:
    """The rows of the home's own table."""
    path = home / KEPT
    return {_key(row): row for row in (read(path) if path.exists() else ())}


def _key(row: Rate) -> tuple[str, str, date]:
    return row.kind, row.place, row.since


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
    if row["unit"] != KINDS.get(row["kind"]):
        known = "、".join(f"{kind}({unit})" for kind, unit in KINDS.items())
        raise BadRates(f"{where}: kind 与 unit 应为其中之一:{known}")
    if until is not None and until < since:
        raise BadRates(f"{where}: until 早于 from")
    return Rate(row["kind"], row["place"], since, until, value, row["unit"] or "", row["source"], row["note"] or "")
