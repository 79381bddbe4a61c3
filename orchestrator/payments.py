"""Dated payments: written as `2024-03-05 5000; 2024-06-01 10000`, or told in a story (去年三月还了5000).

This is the value of an element of the kind `payments`: one text, so that it stays plain JSON.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation

from orchestrator import quantities
from orchestrator.wording import pattern as compiled
from orchestrator.wording import plain

REACH = 24  # characters between a date and the amount that was paid on it
FORM = "2024-03-05 5000; 2024-06-01 10000"
_ITEM = re.compile(r"(?P<day>\d{4}-\d{2}(?:-\d{2})?)[\s:还]*(?P<amount>\d+(?:\.\d+)?)\s*元?")


class UnreadablePayments(ValueError):
    """A text that is no list of payments; the message names the part that cannot be read."""


@dataclass(frozen=True, slots=True, order=True)
class Payment:
    """An amount in yuan paid on a day. `exact` is False where only the month is known: then `day` is its first."""

    day: date
    amount: Decimal
    exact: bool = True


def read(text: str) -> tuple[Payment, ...]:
    """The payments of a written list, by day. Raises UnreadablePayments."""
    found = []
    for item in filter(None, (piece.strip() for piece in re.split(r"[;\n]", plain(text)))):
        match = _ITEM.fullmatch(item)
        if match is None:
            raise UnreadablePayments(f"「{item}」不是一笔还款,请写成:{FORM}")
        exact = len(match["day"]) == 10
        try:
            day = date.fromisoformat(match["day"] if exact else f"{match['day']}-01")
            found.append(Payment(day, Decimal(match["amount"]), exact))
        except (ValueError, InvalidOperation) as error:
            raise UnreadablePayments(f"「{item}」的日期不存在") from error
    return tuple(sorted(found))


def shown(payments: Iterable[Payment]) -> str:
    """The written list that `read` reads."""
    return "; ".join(f"{_day(one)} {quantities.shown('amount', float(one.amount))}" for one in payments)


def find(text: str, near: Iterable[str], today: date) -> tuple[Payment, ...]:
    """The payments told in `text`: an amount after a cue of `near`, with its day before the amount in one sentence."""
    dates = [one for one in quantities.dates(text, today) if len(str(one.value)) > 4]  # a year alone is no day
    cues = [match for said in near for match in compiled(said).finditer(text)]
    found, last = [], 0
    for amount in quantities.amounts(text):
        cue = max((cue.end() for cue in cues if last <= cue.end() <= amount.start), default=None)
        before = [one for one in dates if last <= one.start < amount.start and amount.start - one.end <= REACH]
        last = amount.end
        if cue is None or not before or re.search(r"[。;!?\n]", text[before[-1].end : amount.start]):
            continue
        if re.search(r"[,。;]", text[cue : amount.start]):
            continue
        iso = str(before[-1].value)
        exact = len(iso) == 10
        day = date.fromisoformat(iso if exact else f"{iso}-01")
        found.append(Payment(day, Decimal(str(amount.value)), exact))
    return tuple(sorted(found))


def _day(one: Payment) -> str:
    return one.day.isoformat() if one.exact else one.day.isoformat()[:7]
