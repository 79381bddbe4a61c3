"""When the deadline of a step ends: counted from what the client told, by the words of the step.

A day is counted only where the words say from when and how long the period runs, and the date of that event is known:
the fact that the step names (`Do.since`), else the one whose label names the same event. Periods run by the calendar:
the first day is not counted, and a month without that day ends on its last (民法典#200 to #202).
"""

import re
from calendar import monthrange
from collections.abc import Collection, Iterator
from datetime import date, timedelta

from models.contracts import Due
from orchestrator.contracts import Fact
from orchestrator.quantities import number
from orchestrator.wording import plain

_PERIOD = re.compile(
    r"(?:.*:)?自?(?P<event>.*?)(?:之日|次日|起|届满|的)*(?P<count>[一二三四五六七八九十百\d]+)(?P<unit>年|个月|月|日|天)之?内"
)
_NAMED = re.compile(r"的?(?:日期|时间|最后一天)$|日$")  # what a fact's label adds to the name of its event
_EVENT = re.compile(r"(?:发生|届满|书)+$|日$")
_EITHER = re.compile(r"\((.+?)\)")
_SAME = {"出事": "受伤", "事故": "受伤", "该付款": "应付款"}  # different words for one day
LEAST_PRECISE = {"年": 4, "个月": 7, "月": 7, "日": 10, "天": 10}  # characters of the ISO date that a period needs


def counted(deadline: str, since: str, facts: Collection[Fact], today: date) -> Iterator[Due]:
    """The days on which the periods in the words of a deadline end. `since`: id of the fact they run from, or empty."""
    dated = [fact for fact in facts if fact.iso is not None]
    for clause in re.split(r"[;,]", plain(deadline)):
        found = _PERIOD.match(clause)
        if found is None:
            continue
        if since:
            meant = [fact for fact in dated if fact.id == since]
        else:
            meant = [fact for fact in dated if events(fact.label) & events(found["event"])]
        count, unit = number(found["count"]), found["unit"]
        if len(meant) != 1 or count is None or len(meant[0].iso or "") < LEAST_PRECISE[unit]:
            continue
        began = meant[0].iso or ""
        iso = after(began, int(count), unit)
        yield Due(iso=iso, event=meant[0].label, began=began, past=iso < today.isoformat()[: len(iso)])


def events(name: str) -> set[str]:
    """The events that a label or the words of a deadline name: 收到(知道)决定的日期 is 收到决定 and 知道决定."""
    bare = _NAMED.sub("", plain(name))
    either = _EITHER.search(bare)
    names = [bare]
    if either is not None:
        before, behind = bare[: either.start()], bare[either.end() :]
        names = [before + behind, either[1] + behind] if behind else [before]
    found = {_EVENT.sub("", _NAMED.sub("", one)) for name in names for one in name.split("或")}
    return {_SAME.get(event, event) for event in found} - {""}


def after(iso: str, count: int, unit: str) -> str:
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
