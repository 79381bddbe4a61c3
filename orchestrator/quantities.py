"""Amounts, durations and dates as people write them: 三万二, 干了一年半, 去年三月, 2024年5月6号.

Knows nothing of elements or fields. Own code because the libraries tried (jionlp, dateparser) miss the colloquial
forms that clients use (月薪八千, 3万2, 上个月), fail on some of their own input (cn2an: KeyError for 二三十) or need a compiler to install.
"""

import re
from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

CN = "零〇一二两三四五六七八九十百千"
_N = rf"(?:(?:\d{{1,3}}(?:[,，]\d{{3}})+(?!\d)|\d+)(?:\.\d+)?|[{CN}]+)"  # 5000,2024年 is two numbers


@dataclass(frozen=True)
class Quantity:
    """One quantity found at text[start:end]. amount: yuan; duration: months; number: as is; date: ISO text;
    rate: percent a year (orchestrator/interest_rates.py finds these).

    `bare` marks a number without a unit, which counts only beside a cue.
    """

    kind: Literal["amount", "duration", "date", "number", "rate"]
    value: float | str
    start: int
    end: int
    bare: bool = False


_FORMAL = str.maketrans("壹贰叁肆伍陆柒捌玖拾佰仟两〇", "一二三四五六七八九十百千二零")
_DIGIT = {char: value for value, char in enumerate("零一二三四五六七八九")}
_UNIT = {"十": 1e1, "百": 1e2, "千": 1e3, "k": 1e3, "K": 1e3, "万": 1e4, "w": 1e4, "W": 1e4, "亿": 1e8}
_TOKEN = re.compile(r"\d+(?:\.\d+)?|[零一二三四五六七八九十百千万亿wWkK]")


def number(text: str) -> float | None:
    """The number that `text` writes in Arabic or Chinese digits or both (一千二, 3万2500); None when it writes none."""
    text = text.translate(_FORMAL).replace(",", "").replace("，", "")
    tokens = _TOKEN.findall(text)
    if not tokens or "".join(tokens) != text:
        return None
    if len(tokens) > 2 and all(token in _DIGIT for token in tokens):  # 一九九八, digit by digit
        return float("".join(str(_DIGIT[token]) for token in tokens))
    total = section = 0.0
    digit: float | None = None
    last, zero = 1.0, False
    for token in tokens:
        if token == "零":
            zero = True
            continue
        scale = _UNIT.get(token)
        if scale is None:
            if digit is not None:  # 三四千: between two numbers, so neither
                return None
            digit = float(_DIGIT[token]) if token in _DIGIT else float(token)
            continue
        if scale >= 1e4:
            if section + (digit or 0) == 0 and total == 0:
                return None
            total = (
                (total + section + (digit or 0)) * scale if scale > 1e4 else total + (section + (digit or 0)) * scale
            )
            section = 0.0
        elif digit is None and scale > 10:
            return None
        else:
            section += (1 if digit is None else digit) * scale
        digit, last, zero = None, scale, False
    if digit is not None:
        # 三万二 is 32,000: a lone digit after a scale counts in the next lower unit, unless a zero stands between.
        section += digit * (last / 10 if last > 10 and digit < 10 and digit % 1 == 0 and not zero else 1)
    return total + section


_HAN = "零〇一二两三四五六七八九十百千壹贰叁肆伍陆柒捌玖拾佰仟"
_RUN = re.compile(
    r"(?P<sign>[¥￥]|人民币)?\s*"
    rf"(?P<run>\d{{1,3}}(?:[,，]\d{{3}})+(?!\d)(?:\.\d+)?(?:万|亿)?"
    rf"|(?:\d+(?:\.\d+)?|[{_HAN}])(?:\d+(?:\.\d+)?|[{_HAN}万亿]|[wWkK](?![a-zA-Z]))*)"
    r"\s*(?P<vague>多|来|余)?\s*(?P<scale>万|亿)?(?P<unit>元|块钱|块(?![地板砖手表石布田])|圆|人民币)?"
)
_SCALED = re.compile(r"[百千万亿佰仟wWkK]")
# What such a number is written right behind an amount: 5万3年, 三千二一个月.
_LOOSE_TAIL = re.compile(
    r"(?<=[百千万亿佰仟wWkK])\d+$|(?<=[百千万亿佰仟][一二两三四五六七八九])[一二两三四五六七八九]$"
    r"|(?<=[百千万亿佰仟wWkK])(?:[一二两三四五六七八九]|[一二三四五六七八九]?十[一二三四五六七八九]?)$"
)
# What a number counts when it is no money: 500人, 3年, 50平, 第1079条, 110报警.
_COUNTED = re.compile(
    r"\s*(?:年|月|日|号|天|个|人|名|位|平|%|％|点|岁|次|条|项|款|倍|公里|公斤|公顷|米|克|吨|亩|斤|辆|台|件|间|套|层|楼|室|路"
    r"|分钟|小时|星期|周|分之|多(?:年|个|人|天|平|次)|[-/.:：]\s*\d|[a-zA-Z])"
)
_ADVERB = re.compile("[直分共般起下定样边旦向度些]")  # with the 一 before it: 50万一直没给, 80万一分没还
_NO_MONEY = tuple("第几数好之.-/*")


def amounts(text: str) -> Iterator[Quantity]:
    """Amounts of money in yuan."""
    for match in _RUN.finditer(text):
        run, end = match["run"], match.end()
        before = text[max(0, match.start("run") - 2) : match.start("run")]
        # 第1079条, 几十万, 百分之三百; 3、4万 is between two numbers, so neither.
        if (before[-1:] in _NO_MONEY and not match["sign"]) or re.fullmatch(rf"[\d{CN}]、", before):
            continue
        if match["unit"] is None and _COUNTED.match(text, end):
            # 5万3年: the last digit belongs to what is counted after it.
            tail = _LOOSE_TAIL.search(run)
            if tail is None or match["vague"] or match["scale"]:
                continue
            run = run[: tail.start()]
            end = match.start("run") + len(run)
        if match["unit"] is None and run.endswith("一") and _SCALED.search(run[:-1]) and _ADVERB.match(text, end):
            run, end = run[:-1], end - 1
        value = number(run + (match["scale"] or ""))
        if value is None:
            continue
        sure = match["sign"] is not None or (match["unit"] is not None and end == match.end())
        if sure or _SCALED.search(run + (match["scale"] or "")):
            yield Quantity("amount", value, match.start(), end)
        elif value >= 100 and run[0].isdigit() and len(run.partition(".")[0]) <= 9:
            yield Quantity("amount", value, match.start("run"), end, bare=True)


_NOT_AGO = "(?!多?[之以]?前)"  # 三年多以前 is a date
_DURATION = re.compile(
    rf"(?<![第{CN}])(?:(?P<half>半)(?P<half_unit>年|个多?月){_NOT_AGO}"
    rf"|(?P<years>{_N})\s*多?年(?P<years_half>半)?(?:[零又]?(?P<and_months>{_N})\s*个(?:多)?月)?(?!\d|[{CN}]*月){_NOT_AGO}"
    rf"|(?P<months>{_N})\s*个(?P<months_half>半)?(?:多)?月{_NOT_AGO}"
    rf"|(?P<weeks>{_N})\s*(?:周|个?星期|个?礼拜)(?!岁){_NOT_AGO}"
    rf"|(?P<days>{_N})\s*(?:多)?天{_NOT_AGO})"
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


_YEAR_WORD = {"今年": 0, "本年": 0, "去年": 1, "上年": 1, "前年": 2, "大前年": 3, "明年": -1, "后年": -2}
_DATE = re.compile(
    rf"(?P<year>(?:19|20)\d\d|[一二][零〇九][零〇一二三四五六七八九]{{2}})\s*[年\-./]\s*(?:的)?(?:(?P<ypart>年?初|年?底|年?中|春节|国庆)|(?P<month>\d{{1,2}}|[{CN}]{{1,3}})\s*(?:月份?|[\-./])(?:\s*(?P<day>\d{{1,2}}|[{CN}]{{1,3}})\s*[日号]?)?)?"
    rf"|(?P<word>大前年|今年|本年|去年|上年|前年|明年|后年)(?:的)?(?:(?P<wmonth>\d{{1,2}}|[{CN}]{{1,3}})\s*月份?(?:(?P<wday>\d{{1,2}}|[{CN}]{{1,3}})\s*[日号])?|(?P<part>年?初|年?底|年?中|春节|国庆))?"
    rf"|(?P<ago>{_N}|半)\s*(?P<ago_unit>年|个?多?月|个?星期|周|天)(?:多)?[之以]?前"
    rf"|(?P<near>(?<!年)年初|(?<!年)年底|(?:上上|上|下)个?月|这个月|本月)(?:(?P<nday>\d{{1,2}}|[{CN}]{{1,3}})\s*[日号])?"
    rf"|(?P<day_word>大前天|昨天|前天|今天|上(?:个?星期|周))"
    rf"|(?<!\d)(?P<short>\d\d)年(?P<smonth>\d{{1,2}})月(?:(?P<sday>\d{{1,2}})\s*[日号])?"
    rf"|(?P<bmonth>\d{{1,2}}|[{CN}]{{1,3}})\s*月份?(?P<bday>\d{{1,2}}|[{CN}]{{1,3}})\s*[日号]"
    rf"|(?<![{CN}\d个])(?P<mmonth>\d{{1,2}}|[{CN}]{{1,3}})\s*月份"
    rf"|(?<![{CN}\d年.])(?P<plain>1[0-2]|[1-9])月(?![{CN}\d])"
)


SOON = 6  # months ahead of which people speak of a coming day without its year
# A day that is still to come: 定在12月15号, 12月1日前搬走. A contract that ended is told with 到期了 or 已经.
_COMING_BEFORE = re.compile(
    r"(?:开庭(?:时间|日期)?|定[在到于]|排[在到期]|截止(?:日期|时间|到)?|期限(?:到|是)|通知我?(?:们)?|让我们?|要求?我们?|打算|准备|计划|[租签住]到)"
    r"(?:是|为|在|于|到|:)?$"
)
_COMING_AFTER = re.compile(
    r"\s*(?:就要|要|即将|将|马上要?|才|再|之?前(?:要|必须|得|搬|交|付|还|缴|腾|履行|到庭|答复)|开庭(?!了|过|时)|截止|到期(?!了|后|没|未|至今|他|对方))"
)


def dates(text: str, today: date) -> Iterator[Quantity]:
    """Dates as ISO text, as exact as written: 2024, 2024-03 or 2024-03-05.

    Bare months are the latest past ones, unless the words beside them speak of what is to come (12月15号开庭).
    """
    for match in _DATE.finditer(text):
        coming = _COMING_BEFORE.search(text, 0, match.start()) or _COMING_AFTER.match(text, match.end())
        if (value := _date(match, today, coming=coming is not None)) is not None:
            yield Quantity("date", value, *match.span())


def _date(match: re.Match[str], today: date, *, coming: bool) -> str | None:
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
    if match["day_word"]:
        back = {"今天": 0, "昨天": 1, "前天": 2, "大前天": 3}
        return (today - timedelta(days=back.get(match["day_word"], 7))).isoformat()
    if match["near"] in ("年初", "年底"):
        ended = match["near"] == "年底" and today.month < 12
        return _iso(today.year - ended, _part(match["near"]), None)
    if match["near"]:
        months = {"上上": 2, "上": 1, "下": -1}.get(match["near"].removesuffix("月").removesuffix("个"), 0)
        then = _back(today, months)
        return _iso(then.year, str(then.month), match["nday"])
    if match["short"]:
        century = 2000 if int(match["short"]) <= today.year % 100 else 1900
        return _iso(century + int(match["short"]), match["smonth"], match["sday"])
    month = number(match["bmonth"] or match["mmonth"] or match["plain"])
    if month is None or not 1 <= month <= 12:
        return None
    day = (number(match["bday"]) if match["bday"] else None) or 1
    passed = (month, day) <= (today.month, today.day)
    # 10月30号前付清, said in November, was three weeks ago.
    soon = 12 * passed + month - today.month <= SOON
    year = today.year + passed if coming and soon else today.year - (not passed)
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
    if in_month is None or not 1 <= in_month <= monthrange(year, int(in_year))[1]:
        return f"{year:04d}-{int(in_year):02d}"
    return f"{year:04d}-{int(in_year):02d}-{int(in_month):02d}"


def months_since(iso: str, today: date) -> float:
    """Months from the ISO date (a month counts from its first day, a year from its middle) to `today`."""
    parts = [int(part) for part in iso.split("-")]
    year, month, day = parts[0], parts[1] if len(parts) > 1 else 7, parts[2] if len(parts) > 2 else 1
    return (today.year - year) * 12 + (today.month - month) + (today.day - day) / 30


def ago(months: float, today: date) -> str:
    """The ISO date so many months before `today`: a month from one month on, a day below."""
    if months < 1:
        return (today - timedelta(days=round(months * 30))).isoformat()
    return _back(today, round(months)).isoformat()[:7]


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
        return "".join(
            part.lstrip("0") + unit for part, unit in zip(value.split("-"), ("年", "月", "日"), strict=False)
        )
    if kind == "amount":
        return f"{value:.2f}".rstrip("0").rstrip(".") + "元"
    if kind == "duration":
        if value < 1:
            return f"{round(value * 30)}天"
        value = round(value, 1)
        years, months = int(value // 12), value % 12
        months_shown = f"{months:.1f}".rstrip("0").rstrip(".")
        return (f"{years}年" if years else "") + (f"{months_shown}个月" if months_shown != "0" else "")
    return f"年利率{value:g}%" if kind == "rate" else f"{value:g}"
