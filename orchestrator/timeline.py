"""The dates of a matter in order: what the client told, and deadlines computed from it.

A deadline is computed only where the words of a step say from when and how long it runs, and exactly one known date is
that of the same event; nothing is added to what the field's pack says. Periods run by the calendar: the first day is
not counted, and a month without that day ends on its last.
"""

import re
from calendar import monthrange
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from models.contracts import Step
from orchestrator.contracts import Fact
from orchestrator.quantities import number
from orchestrator.wording import plain

_PERIOD = re.compile(
    r"(?:.*:)?自?(?P<event>.+?)(?:之日|次日|起|届满|的)*(?P<count>[一二三四五六七八九十百\d]+)(?P<unit>年|个月|月|日|天)之?内"
)
_NAMED = re.compile(r"的?(?:日期|时间|最后一天)$|日$")  # what a fact's label adds to the name of its event
_EVENT = re.compile(r"(?:发生|届满|书)+$|日$")
_EITHER = re.compile(r"\((.+?)\)")
_SAME = {"出事": "受伤", "事故": "受伤", "该付款": "应付款"}  # different words for one day
LEAST_PRECISE = {"年": 4, "个月": 7, "月": 7, "日": 10, "天": 10}  # characters of the ISO date that a period needs


@dataclass(frozen=True)
class Entry:
    """One date: `iso` a day, month or year; `what` happened or must be done; `how` it is known. Deadlines are `due`."""

    iso: str
    what: str
    how: str
    due: bool = False

    def past(self, today: date) -> bool:
        """Whether the whole of it lies before today."""
        return self.iso < today.isoformat()[: len(self.iso)]


def timeline(facts: Iterable[Fact], steps: Iterable[Step]) -> list[Entry]:
    """All dates, the earliest first; of one day, events before deadlines."""
    dated = [fact for fact in facts if fact.iso is not None]
    told = [Entry(fact.iso or "", fact.label, "咨询人陈述") for fact in dated]
    entries = [*told, *dict.fromkeys(entry for step in steps for entry in _deadlines(step, dated))]
    return sorted(entries, key=lambda entry: (entry.iso, entry.due))


def _deadlines(step: Step, dated: Sequence[Fact]) -> Iterator[Entry]:
    for clause in re.split(r"[;,]", plain(step.deadline)):
        found = _PERIOD.match(clause)
        if found is None:
            continue
        meant = [fact for fact in dated if _events(fact.label) & _events(found["event"])]
        count, unit = number(found["count"]), found["unit"]
        if len(meant) != 1 or count is None or len(meant[0].iso or "") < LEAST_PRECISE[unit]:
            continue
        [fact] = meant
        how = f"{step.deadline};按「{fact.label}」{fact.iso}推算"
        yield Entry(_after(fact.iso or "", int(count), unit), step.what, how, due=True)


def _events(name: str) -> set[str]:
    """The events that a label or the words of a deadline name: 收到(知道)决定的日期 is 收到决定 and 知道决定."""
    bare = _NAMED.sub("", plain(name))
    either = _EITHER.search(bare)
    names = [bare]
    if either is not None:
        before, after = bare[: either.start()], bare[either.end() :]
        names = [before + after, either[1] + after] if after else [before]
    events = {_EVENT.sub("", _NAMED.sub("", one)) for name in names for one in name.split("或")}
    return {_SAME.get(event, event) for event in events} - {""}


def _after(iso: str, count: int, unit: str) -> str:
    """The last day (or month, or year, as precise as `iso`) of a period that begins there."""
    if unit in "日天":
        return (date.fromisoformat(iso) + timedelta(days=count)).isoformat()
    year, *rest = (int(part) for part in iso.split("-"))
    if not rest:
        return str(year + count)
    months = year * 12 + rest[0] - 1 + count * (12 if unit == "年" else 1)
    year, month = divmod(months, 12)
    if len(rest) == 1:
        return f"{year:04d}-{month + 1:02d}"
    return date(year, month + 1, min(rest[1], monthrange(year, month + 1)[1])).isoformat()
