"""What keys used, by day, route and model: added up in the database, reported as rows and as CSV."""

import csv
import io
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import Table, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from deploy.accounts.quotas import Cell, Counts
from deploy.shapes.usage import Row
from orchestrator.storage.database import Database
from orchestrator.storage.tables import key_usage, key_windows

Place = tuple[str, str, str, str]  # day, key, route, model
FIGURES = ("requests", "calls", "prompt_tokens", "completion_tokens")


class Ledger:
    """Uses that are not in the database yet."""

    def __init__(self) -> None:
        self._fresh: dict[Place, Counter[str]] = {}

    def add(self, place: Place, **figures: int) -> None:
        """Count."""
        self._fresh.setdefault(place, Counter()).update(figures)

    def fresh(self) -> dict[Place, dict[str, int]]:
        """What was counted since."""
        return {place: dict(figures) for place, figures in self._fresh.items()}

    def written(self, rows: Mapping[Place, Mapping[str, int]]) -> None:
        """These are in the database now."""
        for place, figures in rows.items():
            left = self._fresh[place]
            left.subtract(figures)
            if not any(left.values()):
                del self._fresh[place]


async def exchange(
    database: Database, counts: Counts, ledger: Ledger, keys: Sequence[str], live: Sequence[str]
) -> None:
    """Add what was counted here to the database, and read what all replicas counted of these keys and windows.

    A commit whose answer was lost is added again with the next exchange: at most one second's counts are then doubled.
    """
    windows, uses = counts.fresh(), ledger.fresh()
    if windows or uses:
        async with database.write() as connection:
            # In one order everywhere, so that two replicas cannot wait for each other.
            for (key, window), amount in sorted(windows.items()):
                await _add(database, connection, key_windows, {"key": key, "window": window}, {"amount": amount})
            for place, figures in sorted(uses.items()):
                where = dict(zip(("day", "key", "route", "model"), place, strict=True))
                await _add(database, connection, key_usage, where, {**dict.fromkeys(FIGURES, 0), **figures})
        ledger.written(uses)
        counts.written(windows)
    counts.read(await _read(database, keys, live) if keys else {}, live)


async def _add(
    database: Database, connection: AsyncConnection, table: Table, where: Mapping[str, str], figures: Mapping[str, int]
) -> None:
    insert: Any = (sqlite if database.dialect == "sqlite" else postgresql).insert(table).values({**where, **figures})
    more = {name: table.c[name] + insert.excluded[name] for name in figures}
    await connection.execute(insert.on_conflict_do_update(index_elements=list(where), set_=more))


async def _read(database: Database, keys: Sequence[str], live: Sequence[str]) -> dict[Cell, int]:
    wanted = select(key_windows).where(key_windows.c.key.in_(keys), key_windows.c.window.in_(live))
    async with database.read() as connection:
        rows = await connection.execute(wanted)
        return {(row.key, row.window): row.amount for row in rows}


async def prune(database: Database, live: Sequence[str]) -> None:
    """Drop the windows that are over."""
    async with database.write() as connection:
        await connection.execute(delete(key_windows).where(key_windows.c.window.not_in(live)))


async def report(
    database: Database, names: Mapping[str, str], since: str, until: str, key: str | None = None
) -> list[Row]:
    """The uses of the days from `since` to `until` (YYYY-MM-DD, both included), of one key or of all."""
    wanted = select(key_usage).where(key_usage.c.day >= since, key_usage.c.day <= until)
    if key is not None:
        wanted = wanted.where(key_usage.c.key == key)
    wanted = wanted.order_by(key_usage.c.day, key_usage.c.key, key_usage.c.route, key_usage.c.model)
    async with database.read() as connection:
        rows = (await connection.execute(wanted)).mappings()
        return [Row(**row, name=names.get(row["key"], row["key"])) for row in rows]


def as_csv(rows: Sequence[Row]) -> str:
    """The rows as CSV with a head. A name that a spreadsheet would take for a formula is made text."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(Row.model_fields)
    for row in rows:
        values = row.model_dump().values()
        writer.writerow([f"'{one}" if isinstance(one, str) and one[:1] in tuple("=+-@\t\r") else one for one in values])
    return out.getvalue()
