"""The figures of a sentence of law: numbers with a unit, shares, dates, and the words that oblige or permit.

Two sentences agree when the figures of one are found in the other. References to articles (第十九条第二款,
39、40条) are not figures. Used to check digests, grounds and answers against the official text.
"""

import re
from fractions import Fraction

from retrievers import numerals

Figure = tuple[Fraction, str]

MODALS = ("应当", "可以", "不得")

_INTEGER = rf"[{numerals.DIGITS}]+"
_NUMBER = rf"[{numerals.DIGITS}亿]+(?:[,，][0-9０-９]{{3}}(?![0-9０-９]))*(?:[.．][0-9０-９]+)?"
_REFERENCE = re.compile(
    rf"第[（(]?{_INTEGER}[）)]?(?:[、,，和与及或至到]第?[（(]?{_INTEGER}[）)]?)*[条條编編章节節款项項](?:之{_INTEGER})?"
    rf"|{_INTEGER}(?:[、,，和与及或至到]{_INTEGER})*[条條](?:之{_INTEGER})?|《[^》]*》|[（(]{_INTEGER}[）)]"
)
_DATE = re.compile(rf"({_INTEGER})年(?:({_INTEGER})月)?(?:({_INTEGER})[日号])?|({_INTEGER})月(?:({_INTEGER})[日号]|份)")
_PERCENT = re.compile(rf"百分之({_INTEGER})(?:点({_INTEGER}))?|([0-9０-９.．]+)\s*[%％]")
_SHARE = re.compile(rf"({_INTEGER})分之({_INTEGER})(?:点({_INTEGER}))?")
_TENTHS = re.compile(r"(?<![一二两三四五六七八九十分0-9.])([一二两三四五六七八九1-9])成(?=[，。,;；、以左的]|$)")
_UNITS = (
    "元|块钱|(?<=[0-9百千万])块|周岁|岁|个?工作日|个?小时|分钟|个?月(?!份)|日|天|个?星期|年(?![级龄代轻])|周|倍|平方米|立方米|公里|米|亩|公顷"
    "|毫克|公斤|千克|克|吨|次(?!性)|人以上|名以上|个以上|级"
)
_UNIT = re.compile(
    rf"(?:({_NUMBER})(?:至|到|[-~～—–－])+)?({_NUMBER})\s*(亿|万)?(?:多|余)?\s*({_UNITS})(半(?![年月个天日小]))?"
)
_ONE_AND_HALF = re.compile(rf"({_INTEGER})个半(月|小时|星期)")
_HALF = re.compile(r"半(年|个?月|天|日|个?小时)")
_AMOUNT = re.compile(
    rf"((?:[0-9０-９.．]+|[一二两三四五六七八九十])[{numerals.DIGITS}]*[万亿萬])"
    rf"(?![{numerals.DIGITS}亿]|\s*[多余]?\s*(?:{_UNITS}|人|名|个|件|户|股|步|字|余|多))"
)
_SAME_UNIT = {
    **{"天": "日", "周岁": "岁", "块": "元", "块钱": "元", "周": "星期", "千克": "公斤"},
    **{"名以上": "人以上", "以上": "人以上"},  # 个以上, once its 个 is gone
}
_SCALE = {"万": 10_000, "亿": 100_000_000}
_MODAL = re.compile(r"不应当|不可以|应当|可以|不得(?![不已])")
_SAME_MODAL = {"不应当": "不得", "不可以": "不得"}
FIRST_YEAR, LAST_YEAR = 1900, 2200  # a number before 年 in this range is a year of the calendar, not a period


def _number(text: str) -> Fraction | None:
    plain = text.replace(",", "").replace("，", "").replace("．", ".")
    scale = 1
    if re.fullmatch(r"[0-9０-９.]+[万亿]", plain):  # cn2an refuses 1.5万
        plain, scale = plain[:-1], _SCALE[plain[-1]]
    try:
        return (Fraction(plain) if "." in plain else Fraction(numerals.to_int(plain))) * scale
    except ValueError:
        return None


def _decimal(whole: str, fraction: str | None) -> Fraction | None:
    value = _number(whole)
    if value is None or not fraction:
        return value
    digits = "".join(str(numerals.to_int(digit)) for digit in fraction)
    return value + Fraction(int(digits), 10 ** len(digits))


def figures(text: str) -> set[Figure]:
    """Every figure of `text` as (value, unit): 三万元 → (30000, 元), 百分之二十 → (20, %), 十五天 → (15, 日).

    Shares are percentages (三分之二 → (200/3, %)); a date gives 年份, 月份 and 号, which no period matches; both ends
    of 三至五年 are figures; a bare 5万 is money.
    """
    found: set[Figure] = set()
    rest = _REFERENCE.sub(" ", text)
    rest = _DATE.sub(lambda match: _dated(match, found), rest)
    for match in _PERCENT.finditer(rest):
        whole, fraction, arabic = match.groups()
        if (value := _number(arabic) if arabic else _decimal(whole, fraction)) is not None:
            found.add((value, "%"))
    rest = _PERCENT.sub(" ", rest)
    for match in _SHARE.finditer(rest):
        below, above = _number(match.group(1)), _decimal(match.group(2), match.group(3))
        if below and above is not None:
            found.add((above * 100 / below, "%"))
    rest = _SHARE.sub(" ", rest)
    found.update((Fraction(numerals.to_int(match.group(1)) * 10), "%") for match in _TENTHS.finditer(rest))
    for match in _ONE_AND_HALF.finditer(rest):
        if (value := _number(match.group(1))) is not None:
            found.add((value + Fraction(1, 2), match.group(2)))
    rest = _ONE_AND_HALF.sub(" ", rest)
    for match in _HALF.finditer(rest):
        unit = match.group(1).removeprefix("个")
        found.add((Fraction(6), "月") if unit == "年" else (Fraction(1, 2), _SAME_UNIT.get(unit, unit)))
    for match in _UNIT.finditer(rest):
        found.update(_measured(match))
    for match in _AMOUNT.finditer(rest):
        if (value := _number(match.group(1))) is not None:
            found.add((value, "元"))
    return found


def _dated(match: re.Match[str], found: set[Figure]) -> str:
    year, month, day, alone, of_month = match.groups()
    value = _number(year) if year else None
    if year and (value is None or not FIRST_YEAR <= value <= LAST_YEAR):
        return match.group()
    dated = ((value, "年份"), (_number(month or alone or ""), "月份"), (_number(day or of_month or ""), "号"))
    found.update((figure, unit) for figure, unit in dated if figure is not None)
    return " "


def _measured(match: re.Match[str]) -> list[Figure]:
    low, high, scale, unit, half = match.groups()
    unit = _SAME_UNIT.get(unit.removeprefix("个"), unit.removeprefix("个"))
    factor = _SCALE.get(scale or high[-1], 1)
    last, first = _number(high + (scale or "")), _number(low) if low else None
    if first is not None and last is not None and low[-1] not in _SCALE and first * factor < last:
        first *= factor  # 2至3万元 says the scale once; 三千至一万元 says it of the second number only
    found = [(value, unit) for value in (first, last) if value is not None]
    if found and half:
        found[-1] = (found[-1][0] + Fraction(1, 2), unit)
    return found


def modals(text: str) -> set[str]:
    """Which of 应当, 可以, 不得 the text uses; 不应当 and 不可以 count as 不得, 不得已 as none."""
    return {_SAME_MODAL.get(word, word) for word in _MODAL.findall(text)}


def unfounded(claim: str, source: str) -> list[str]:
    """What `claim` states and `source` does not: figures and modal words, readable, empty when all is founded."""
    missing = [shown(figure) for figure in sorted(figures(claim) - figures(source))]
    return missing + sorted(modals(claim) - modals(source))


def shown(figure: Figure) -> str:
    """The figure for a reader: 30000元, 20%, 1/3, 2024年."""
    value, unit = figure
    unit = {"年份": "年", "月份": "月", "号": "日"}.get(unit, unit)
    if unit == "%" and value.denominator != 1:
        share = value / 100
        return f"{share.numerator}/{share.denominator}"
    return f"{value.numerator}{unit}" if value.denominator == 1 else f"{float(value):g}{unit}"
