"""Quantities that people give between two numbers: 两三万, 七八千, 2到3年, 十几万, 几个月.

They are no exact value and must not be taken for one; kept as told, with their two ends. Amounts in yuan, durations
in months, numbers as they are.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from orchestrator import interest_rates, quantities

_DENIED = re.compile(r"(?:(?<!是)不是|并非|而非)(?:什么|那个)?[“\"]?\s*$")
_DENIED_AFTER = re.compile(r"^[”\"]?(?:是)?(?:我)?(?:说|写|记|打|搞|弄|讲)错|^[”\"]?(?:不对|是错的)")
_DIGITS = "一二两三四五六七八九"
_SCALE = r"(?:[十百千万]|百万|十万|千万|亿)"
_BETWEEN = (
    rf"(?P<low>\d+(?:\.\d+)?|[{_DIGITS}十百千]+)\s*(?:万|千|百)?\s*(?:-|~|—|–|到|至|、|或者?)\s*"
    rf"(?P<high>\d+(?:\.\d+)?|[{_DIGITS}十百千]+)"
)
_PAIR = rf"(?P<one>[{_DIGITS}])(?P<two>[{_DIGITS}])(?![{_DIGITS}零〇\d])"
_SOME = r"(?P<some>十几|几十|几百|几千|几|好几|数十|数百|数千|数)"
_TAIL = {
    "amount": rf"\s*(?P<scale>{_SCALE}*)\s*(?:元|块钱?|人民币)?",
    "duration": r"\s*(?P<scale>个?多?月|年|天|个?星期|周)",
    "number": r"(?P<scale>)\s*[个人名次]",
}
_MONEY = re.compile(r"[百千万亿元块]")
_COUNTED = re.compile(r"\s*(?:[人名位次回遍个条只头套间平亩米斤倍岁多]|公里|年|月|天|小时)")
_MONTHS = {"年": 12.0, "天": 1 / 30, "周": 7 / 30}
_ENDS = {"十几": (11.0, 19.0), "几十": (20.0, 99.0), "几百": (200.0, 999.0), "几千": (2000.0, 9999.0)}


@dataclass(frozen=True)
class Range:
    """From `low` to `high`, found at text[start:end]."""

    low: float
    high: float
    start: int
    end: int


Measure = quantities.Quantity | Range


def find(kind: str, text: str) -> list[Range]:
    """The ranges of this kind (amount, duration, number) in `text`, in order; dates have none."""
    return sorted(_found(kind, text), key=lambda one: one.start) if kind in _TAIL else []


def shown(kind: str, low: float, high: float) -> str:
    """The range as a person reads it: 约20000元至30000元."""
    return f"约{quantities.shown(kind, low)}至{quantities.shown(kind, high)}"


def stated(kind: str, text: str, today: date) -> list[Measure]:
    """The quantities of this kind that `text` affirms, in order: not the 3万 of 是5万不是3万."""
    return [one for one in measured(kind, text, today) if not denied(one, text)]


def measured(kind: str, text: str, today: date) -> list[Measure]:
    """All quantities of this kind in `text`, in order, with those told between two numbers."""
    vague = find(kind, text)
    exact = [
        one
        for one in (interest_rates.find(text) if kind == "rate" else quantities.find(kind, text, today))
        if not any(wide.start < one.end and one.start < wide.end for wide in vague)
    ]
    return sorted([*exact, *vague], key=lambda one: one.start)


def denied(one: Measure, text: str) -> bool:
    """Whether the text says that it is not this quantity: 不是3万, 3万写错了."""
    return bool(_DENIED.search(text[: one.start]) or _DENIED_AFTER.match(text[one.end :]))


def _found(kind: str, text: str) -> Iterator[Range]:
    for pattern in (_BETWEEN, _PAIR, _SOME):
        # 第二三条 and 2023-2024 are no quantities.
        for match in re.finditer(rf"(?<![第\d{_DIGITS}.年月])(?:{pattern}){_TAIL[kind]}(?![\d月日号%])", text):
            factor = _factor(kind, match["scale"])
            ends = _ends(match)
            if factor is None or ends is None or not 0 < ends[0] < ends[1]:
                continue
            low, high = (end * factor for end in ends)
            if kind == "amount" and (not _MONEY.search(match[0]) or _COUNTED.match(text, match.end())):
                continue
            yield Range(low, high, match.start(), match.end())


def _ends(match: re.Match[str]) -> tuple[float, float] | None:
    named = match.groupdict()
    if named.get("low"):
        low, high = quantities.number(named["low"]), quantities.number(named["high"])
        return None if low is None or high is None else (low, high)
    if named.get("one"):
        low, high = quantities.number(named["one"]), quantities.number(named["two"])
        return (low, high) if low is not None and high is not None and 0 < high - low < 3 else None
    word = str(named["some"])
    return _ENDS.get(word.replace("数", "几"), (2.0, 9.0))


def _factor(kind: str, scale: str) -> float | None:
    if kind == "number":
        return 1.0
    if kind == "duration":
        return next((months for unit, months in _MONTHS.items() if unit in scale), 7 / 30 if "星期" in scale else 1.0)
    return quantities.number(f"一{scale}") if scale else 1.0
