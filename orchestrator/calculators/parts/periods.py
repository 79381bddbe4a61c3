"""Days, ages and periods of civil law: the first day does not count, the last is the corresponding day of its month."""

from calendar import monthrange
from datetime import date, timedelta

from orchestrator.calculators.calculator import BadInput

DAY = timedelta(days=1)
_WEEKDAYS = "一二三四五六日"


def months_after(start: date, months: int) -> date:
    """The corresponding day so many months after (or, below nought, before) `start`; the month's last day without one.

    As articles 201 and 202 of the Civil Code count, it is the last day of the period that begins after `start`.
    Raises BadInput beyond the calendar.
    """
    year, month = divmod(start.year * 12 + start.month - 1 + months, 12)
    if not 1 <= year <= 9998:
        raise BadInput(f"{shown_day(start)}起的期间超出了可以计算的范围")
    return date(year, month + 1, min(start.day, monthrange(year, month + 1)[1]))


def working_day(day: date) -> date:
    """The day itself, or the Monday after a Saturday or Sunday. Public holidays stand in no table."""
    return day + timedelta(days=max(0, 7 - day.weekday())) if day.weekday() >= 5 else day


def shown_day(day: date) -> str:
    """The day as people write it: 2026年3月5日."""
    return f"{day.year}年{day.month}月{day.day}日"


def with_weekday(day: date) -> str:
    """The day with its weekday: 2026年3月5日(星期四)."""
    return f"{shown_day(day)}(星期{_WEEKDAYS[day.weekday()]})"


def birthday(born: date, age: int) -> date:
    """The day on which this age is reached; born on 29 February, in other years the 28th."""
    return months_after(born, age * 12)


def age_on(born: date, day: date) -> int:
    """Completed years of age. Raises BadInput for a day before the birth."""
    if day < born:
        raise BadInput(f"{shown_day(day)}早于出生日期{shown_day(born)},请核对")
    years = day.year - born.year
    return years if birthday(born, years) <= day else years - 1
