"""Amounts, durations and dates as people write them: 三万二, 干了一年半, 去年三月, 2024年5月6号.

Knows nothing of elements or fields. Own code because the libraries tried (jionlp, dateparser) miss the colloquial
forms that clients use (月薪八千, 3万2, 上个月) or need a compiler to install.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

import cn2an

CN = "零〇一二两三四五六七八九十百千"
_N = rf"(?:\d+(?:[,，]\d{{3}})*(?:\.\d+)?|[{CN}]+)"


@dataclass(frozen=True)
class Quantity:
    """One quantity found at text[start:end]. amount: yuan; duration: months; number: as is; date: ISO text.

    `bare` marks a number without a unit, which counts only beside a cue.
    """

    kind: Literal["amount", "duration", "date", "number"]
    value: float | str
    start: int
    end: int
    bare: bool = False


def number(text: str) -> float | None:
    """The number that `text` writes in Arabic or Chinese digits; None when it writes none."""
    plain = text.replace(",", "").replace("，", "").replace("两", "二").replace("〇", "零")
    try:
        return float(plain)
    except ValueError:
        pass
    try:
        return float(cn2an.cn2an(plain, "smart"))
    except ValueError:
        return None


_AMOUNT = re.compile(
    rf"(?P<head>{_N})\s*(?P<scale>万|千|百|亿|[wW](?![a-zA-Z])|[kK](?![a-zA-Z]))(?:多|来)?(?P<tail>[{CN}\d]+)?(?P<sub>千|百)?\s*(?P<unit1>元|块钱|块|圆|人民币)?"
    rf"|(?P<plain>{_N})\s*(?:多)?(?P<unit2>元|块钱|块(?!地)|圆|人民币)"
)
_SCALE = {"万": 1e4, "w": 1e4, "W": 1e4, "千": 1e3, "k": 1e3, "K": 1e3, "百": 1e2, "亿": 1e8}
_CHINESE_AMOUNT = re.compile(rf"(?<![第{CN}])([{CN}]*[千百][{CN}]*)(?![{CN}万年月日号天个分岁人次条平])")
_BARE = re.compile(r"(?<![\d.第年月])(\d{3,9}(?:\.\d+)?)(?![\d.]|\s*(?:年|月|日|号|天|个|人|平|%|％|点|岁|次|条|万|千|w|k|块|元))")


def amounts(text: str) -> Iterator[Quantity]:
    """Amounts of money in yuan."""
    taken: list[tuple[int, int]] = []
    for match in _AMOUNT.finditer(text):
        value = _amount(match)
        after = text[match.end() : match.end() + 1]
        if value is not None and not (match["unit1"] is None and match["unit2"] is None and after in ("年", "人", "个", "次", "平", "公", "米", "克", "倍")):
            taken.append(match.span())
            yield Quantity("amount", value, *match.span())
    for pattern in (_CHINESE_AMOUNT, _BARE):
        for match in pattern.finditer(text):
            if any(start < match.end() and match.start() < end for start, end in taken):
                continue
            if (value := number(match[1])) is not None and value >= 100:
                yield Quantity("amount", value, *match.span(), bare=True)


def _amount(match: re.Match[str]) -> float | None:
    if match["plain"]:
        return number(match["plain"])
    head = number(match["head"])
    if head is None:
        return None
    scale = _SCALE[match["scale"]]
    tail = 0.0
    if match["tail"]:
        below = number(match["tail"])
        if below is None:
            return None
        # 三万二 is 32,000: a lone digit after a scale counts in the next lower unit; 一万二千 and 3万2500 say theirs.
        step = _SCALE[match["sub"]] if match["sub"] else (scale / 10 if below < 10 else 1)
        tail = below * step
    return head * scale + tail


_DURATION = re.compile(
    rf"(?P<half>半)(?P<half_unit>年|个月)(?!前)"
    rf"|(?P<years>{_N})\s*年(?P<years_half>半)?(?:[零又]?(?P<and_months>{_N})\s*个(?:多)?月)?(?!前|\d|[{CN}]*月)"
    rf"|(?P<months>{_N})\s*个(?P<months_half>半)?(?:多)?月(?!前)"
    rf"|(?P<weeks>{_N})\s*(?:周|个?星期|个?礼拜)(?!前|岁)"
    rf"|(?P<days>{_N})\s*(?:多)?天(?!前)"
)


def durations(text: str) -> Iterator[Quantity]:
    """Durations in months (a day is 1/30, a week 7/30)."""
    for match in _DURATION.finditer(text):
        months: float | None
        if match["half"]:
            months = 6.0 if match["half_unit"] == "年" else 0.5
        elif match["years"]:
            years = number(match["years"])
            if years is None or years > 80:  # 2024年 is a date
                continue
            extra = number(match["and_months"]) if match["and_months"] else 0
            months = years * 12 + (6 if match["years_half"] else 0) + (extra or 0)
        elif match["months"]:
            whole = number(match["months"])
            months = None if whole is None else whole + (0.5 if match["months_half"] else 0)
        else:
            count, day = (match["weeks"], 7) if match["weeks"] else (match["days"], 1)
            days = number(count)
            months = None if days is None else days * day / 30
        if months is not None:
            yield Quantity("duration", months, *match.span())


_YEAR_WORD = {"今年": 0, "本年": 0, "去年": 1, "上年": 1, "前年": 2, "大前年": 3}
_DATE = re.compile(
    rf"(?P<year>(?:19|20)\d\d|[一二][零〇九][零〇一二三四五六七八九]{{2}})\s*[年\-./]\s*(?:的)?(?:(?P<ypart>年?初|年?底|年?中|春节|国庆)|(?P<month>\d{{1,2}}|[{CN}]{{1,3}})\s*(?:月份?|[\-./])(?:\s*(?P<day>\d{{1,2}}|[{CN}]{{1,3}})\s*[日号]?)?)?"
    rf"|(?P<word>大前年|今年|本年|去年|上年|前年)(?:的)?(?:(?P<wmonth>\d{{1,2}}|[{CN}]{{1,3}})\s*月份?(?:(?P<wday>\d{{1,2}}|[{CN}]{{1,3}})\s*[日号])?|(?P<part>年?初|年?底|年?中|春节|国庆))?"
    rf"|(?P<ago>{_N}|半)\s*(?P<ago_unit>年|个?多?月|个?星期|周|天)(?:多)?(?:以)?前"
    rf"|(?P<near>上上个?月|上个?月|这个月|本月|昨天|前天|今天|大前天)"
    rf"|(?P<bmonth>\d{{1,2}}|[{CN}]{{1,3}})\s*月份?(?P<bday>\d{{1,2}}|[{CN}]{{1,3}})\s*[日号]"
    rf"|(?<![{CN}\d个])(?P<mmonth>\d{{1,2}}|[{CN}]{{1,3}})\s*月份"
)


def dates(text: str, today: date) -> Iterator[Quantity]:
    """Dates as ISO text, as exact as written: 2024, 2024-03 or 2024-03-05. Bare months are the latest past ones."""
    for match in _DATE.finditer(text):
        if (value := _date(match, today)) is not None:
            yield Quantity("date", value, *match.span())


def _date(match: re.Match[str], today: date) -> str | None:
    if match["year"]:
        digits = match["year"].translate(str.maketrans("零〇一二三四五六七八九", "00123456789"))
        return _iso(int(digits), match["month"] or _part(match["ypart"]), match["day"])
    if match["word"]:
        year = today.year - _YEAR_WORD[match["word"]]
        return _iso(year, match["wmonth"] or _part(match["part"]), match["wday"])
    if match["ago"]:
        count = 0.5 if match["ago"] == "半" else number(match["ago"])
        if count is None:
            return None
        days = {"年": 365.25, "周": 7, "天": 1}.get(match["ago_unit"], 7 if "星期" in match["ago_unit"] else 30.44)
        if count * days > 36500:
            return None
        then = today - timedelta(days=count * days)
        return then.isoformat() if days < 30 else then.isoformat()[:7]
    if match["near"]:
        back = {"今天": 0, "昨天": 1, "前天": 2, "大前天": 3}
        if match["near"] in back:
            return (today - timedelta(days=back[match["near"]])).isoformat()
        months = 2 if match["near"].startswith("上上") else 1 if match["near"].startswith("上") else 0
        return _back(today, months).isoformat()[:7]
    month = number(match["bmonth"] or match["mmonth"])
    if month is None or not 1 <= month <= 12:
        return None
    year = today.year if month <= today.month else today.year - 1
    return _iso(year, str(int(month)), match["bday"])


def _part(word: str | None) -> str | None:
    return {"初": "1", "春节": "2", "中": "6", "国庆": "10", "底": "12"}.get((word or "").removeprefix("年"))


def _back(day: date, months: int) -> date:
    index = day.year * 12 + day.month - 1 - months
    return date(index // 12, index % 12 + 1, 1)


def _iso(year: int, month: str | None, day: str | None) -> str | None:
    if month is None:
        return f"{year:04d}"
    in_year = number(month)
    in_month = number(day) if day else None
    if in_year is None or not 1 <= in_year <= 12:
        return f"{year:04d}"
    if in_month is None or not 1 <= in_month <= 31:
        return f"{year:04d}-{int(in_year):02d}"
    return f"{year:04d}-{int(in_year):02d}-{int(in_month):02d}"


def months_since(iso: str, today: date) -> float:
    """Months from the ISO date (a month counts from its first day, a year from its middle) to `today`."""
    parts = [int(part) for part in iso.split("-")]
    year, month, day = parts[0], parts[1] if len(parts) > 1 else 7, parts[2] if len(parts) > 2 else 1
    return (today.year - year) * 12 + (today.month - month) + (today.day - day) / 30


def find(kind: str, text: str, today: date) -> list[Quantity]:
    """The quantities of this kind in `text`, in order. Kind number finds plain counts."""
    if kind == "amount":
        found = list(amounts(text))
    elif kind == "duration":
        found = list(durations(text))
    elif kind == "date":
        found = list(dates(text, today))
    else:
        found = [
            Quantity("number", value, *match.span())
            for match in re.finditer(_N, text)
            if (value := number(match[0])) is not None
        ]
    return sorted(found, key=lambda quantity: quantity.start)


def shown(kind: str, value: float | str) -> str:
    """The value as a person reads it: 32000元, 1年6个月, 2024年3月."""
    if isinstance(value, str):
        return "".join(part.lstrip("0") + unit for part, unit in zip(value.split("-"), ("年", "月", "日"), strict=False))
    if kind == "amount":
        return f"{value:.2f}".rstrip("0").rstrip(".") + "元"
    if kind == "duration":
        if value < 1:
            return f"{round(value * 30)}天"
        years, months = int(value // 12), value % 12
        months_shown = f"{months:.1f}".rstrip("0").rstrip(".")
        return (f"{years}年" if years else "") + (f"{months_shown}个月" if months_shown != "0" else "")
    return f"{value:g}"
