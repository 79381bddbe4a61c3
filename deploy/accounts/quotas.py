"""Rates and quotas: counts by key and window, over all replicas, and what they still allow. Knows no database.

A replica counts in memory and exchanges counts with the others once a second (accounts.py), so a key goes past its
rate or quota by at most what it sends within that second. The rate is over the last 60 seconds: the minute that runs,
and of the one before the part that still lies within them, as if it had come evenly. Days and months are Beijing's.
"""

import math
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone

from deploy.accounts.account import Account

BEIJING = timezone(timedelta(hours=8))
MINUTE = 60
EXACT = 1e-6  # what fractions lose; a wait must not become a second longer for it
Cell = tuple[str, str]  # key, window


def minute(now: float) -> str:
    """The name of the minute's window."""
    return f"m{int(now) // MINUTE}"


def day(now: float) -> str:
    """The day in Beijing as YYYY-MM-DD."""
    return datetime.fromtimestamp(now, BEIJING).date().isoformat()


def windows(now: float) -> tuple[str, str, str, str]:
    """The windows that matter now: this minute, the one before, the day, the month."""
    today = day(now)
    return minute(now), minute(now - MINUTE), f"d{today}", f"M{today[:7]}"


def resets(now: float) -> tuple[float, float]:
    """When the day and the month end, in Unix seconds."""
    today = datetime.fromtimestamp(now, BEIJING).replace(hour=0, minute=0, second=0, microsecond=0)
    month = (today.replace(day=1) + timedelta(days=32)).replace(day=1)
    return (today + timedelta(days=1)).astimezone(UTC).timestamp(), month.astimezone(UTC).timestamp()


class Counts:
    """Amounts by key and window: what the database had at the last exchange, and what was counted here since."""

    def __init__(self) -> None:
        self._known: dict[Cell, int] = {}
        self._fresh: Counter[Cell] = Counter()

    def add(self, key: str, window: str, amount: int) -> None:
        """Count."""
        self._fresh[key, window] += amount

    def total(self, key: str, window: str) -> int:
        """The amount over all replicas, as far as known."""
        return self._known.get((key, window), 0) + self._fresh[key, window]

    def fresh(self) -> dict[Cell, int]:
        """What was counted here and is not in the database yet."""
        return {cell: amount for cell, amount in self._fresh.items() if amount}

    def written(self, cells: Mapping[Cell, int]) -> None:
        """These are in the database now."""
        for cell, amount in cells.items():
            self._fresh[cell] -= amount
            self._known[cell] = self._known.get(cell, 0) + amount
        self._fresh += Counter()  # drops what is zero

    def read(self, cells: Mapping[Cell, int], live: Collection[str]) -> None:
        """The database holds these; what lies outside the `live` windows is over."""
        self._known = {cell: n for cell, n in (self._known | dict(cells)).items() if cell[1] in live}

    def forget_minutes(self, live: Collection[str]) -> None:
        """Drop what was counted in minutes that are over: without a database they would pile up."""
        self._fresh = Counter({cell: n for cell, n in self._fresh.items() if cell[1][0] != "m" or cell[1] in live})


@dataclass(frozen=True)
class Standing:
    """Where a key stands. `limited`: the code of the error when it may not go on; `wait`: seconds until it may.

    `headers` are OpenAI's: of requests, and of tokens for the quota that is nearest to its end.
    """

    limited: str | None
    wait: float
    headers: dict[str, str]


def standing(account: Account, counts: Counts, now: float, spends: bool) -> Standing:
    """Where the account stands before a request, which `spends` tokens or not; the request itself is not counted."""
    this, last, today, month = windows(now)
    allowed = account.allowance
    headers: dict[str, str] = {}
    limited, wait = None, 0.0
    if allowed.per_minute is not None:
        into = now % MINUTE
        previous, current = counts.total(account.id, last), counts.total(account.id, this)
        wait = _wait(previous, current, allowed.per_minute, into)
        limited = "rate_limited" if wait else None
        fits = allowed.per_minute - previous * (MINUTE - into) / MINUTE - current - (not limited)
        full = (MINUTE - into if previous or current else 0) + (MINUTE if current else 0)
        headers |= _told("requests", allowed.per_minute, fits, full)
    ends = resets(now)
    quotas = [
        (limit - counts.total(account.id, window), limit, end - now)
        for limit, window, end in ((allowed.per_day, today, ends[0]), (allowed.per_month, month, ends[1]))
        if limit is not None
    ]
    if quotas:
        left, limit, end = min(quotas)
        headers |= _told("tokens", limit, left, end)
        used_up = [end for left, _, end in quotas if left <= 0]
        if spends and used_up and limited is None:
            limited, wait = "quota_exceeded", max(used_up)
    return Standing(limited, wait, headers)


def _wait(previous: int, current: int, limit: int, into: float) -> float:
    """Seconds until one more request fits, `into` seconds of the minute having gone; 0 when it fits now."""
    if previous * (MINUTE - into) / MINUTE + current + 1 <= limit + EXACT:
        return 0.0
    if current + 1 <= limit:  # the minute before must fade
        return round(MINUTE * (1 - (limit - 1 - current) / previous) - into, 6)
    return round(MINUTE - into + max(0.0, MINUTE * (1 - (limit - 1) / current)), 6)


def _told(what: str, limit: int, left: float, reset: float) -> dict[str, str]:
    seconds = math.ceil(reset)
    return {
        f"x-ratelimit-limit-{what}": str(limit),
        f"x-ratelimit-remaining-{what}": str(max(0, math.floor(left))),
        f"x-ratelimit-reset-{what}": f"{seconds // 60}m{seconds % 60}s" if seconds >= 60 else f"{seconds}s",
    }
