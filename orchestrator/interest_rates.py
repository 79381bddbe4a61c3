"""Rates of interest as people write them: 月息两分, 年利率24%, 一分五的利, 日息万分之五. All in percent a year.

Of old, a 分 is one percent a month and a 厘 a tenth of it; said of a year (年息), a 分 is ten percent and a 厘 one.
"""

import re
from collections.abc import Iterator

from orchestrator.quantities import CN, Quantity, number

_N = rf"(?:\d+(?:\.\d+)?|[{CN}]+(?:点[{CN}]+)?)"
_VALUE = re.compile(
    rf"(?P<share>百分之|千分之|万分之)(?P<of>{_N})"
    rf"|(?P<count>{_N})\s*(?P<unit>%|‰|个百分点|个点|分|厘|毛|角)(?P<tail>半|[1-9一二三四五六七八九](?![\d万千百元块]))?"
)
_SHARES = {"百分之": 1.0, "千分之": 0.1, "万分之": 0.01, "%": 1.0, "‰": 0.1, "个百分点": 1.0, "个点": 1.0}
_MONTHLY = {"分": 1.0, "厘": 0.1, "毛": 10.0, "角": 10.0}
_YEARLY = {"分": 10.0, "厘": 1.0}
_A_YEAR = {"年": 1, "月": 12, "日": 365, "天": 365}
_PERIOD = re.compile(
    rf"(?P<named>(?<![\d{CN}])[年月日])(?:利率|利息|息|利|化)|[每按](?:个)?(?P<each>[年月日天])|一个?(?P<one>[年月天])"
    r"|/(?P<per>[年月日天])|(?P<of>日)(?=千分之|万分之)"
)
_INTEREST = re.compile(r"息|利(?!润|用|益)|年化|LPR|报价", re.IGNORECASE)
_CLAUSE = re.compile(r"[,。;!?\n]")
_NO_RATE = re.compile(r"钱|没|都|也|不|未|钟|期|手|店|公司|之")  # 利息一分没给, 10分钟
_SPELLED = str.maketrans("零〇一二三四五六七八九", "00123456789")
BEFORE, AFTER = 12, 8
LEAST_UNSAID = 10.0  # a percentage that names no period is read as yearly from here on; below, it may be a monthly one


def find(text: str) -> list[Quantity]:
    """The rates in `text` (marks in ASCII), in order; each value is percent a year."""
    return list(_rates(text))


def percent(text: str) -> float | None:
    """The yearly percentage in a bare reply (24, 24%); None when it is none."""
    bare = text.strip().removesuffix("%").removeprefix("百分之")
    return _number(bare)


def _rates(text: str) -> Iterator[Quantity]:
    for match in _VALUE.finditer(text):
        before = _CLAUSE.split(text[max(0, match.start() - BEFORE) : match.start()])[-1]
        after = _CLAUSE.split(text[match.end() : match.end() + AFTER])[0]
        value = _worth(match, before, after)
        if value is not None:
            yield Quantity("rate", round(value, 6), *match.span())


def _worth(match: re.Match[str], before: str, after: str) -> float | None:
    count = _number(match["of"] or match["count"])
    if count is None:
        return None
    spoken = bool(_INTEREST.search(before) or _INTEREST.search(after))
    unit = match["share"] or match["unit"]
    if unit in _MONTHLY:
        if not spoken or (match["tail"] is None and _NO_RATE.match(after)):
            return None
        if match["tail"]:
            count += 0.5 if match["tail"] == "半" else (number(match["tail"]) or 0) / 10
        yearly = re.search(rf"(?<![\d{CN}])年(?:利率|利息|息|利|化)[^年月日]{{0,4}}$", before)
        return count * _YEARLY[unit] if yearly and unit in _YEARLY else count * _MONTHLY[unit] * 12
    period = _period(before, after)
    if not spoken and (period not in ("日", "天") or _SHARES[unit] == 1.0):
        return None
    if period is None:
        yearly_rate = re.search(r"LPR|报价", before + after, re.IGNORECASE)
        return count if _SHARES[unit] == 1.0 and (yearly_rate or count >= LEAST_UNSAID) else None
    return count * _SHARES[unit] * _A_YEAR[period]


def _period(before: str, after: str) -> str | None:
    """The period that the words around a percentage name: the last before it, else the first after it."""
    found = [*_PERIOD.finditer(before)]
    match = found[-1] if found else _PERIOD.search(after)
    if match is None:
        return None
    return next(said for said in match.groups() if said)


def _number(text: str) -> float | None:
    whole, point, rest = text.partition("点")
    if point:
        head = number(whole)
        return None if head is None else head + float(f"0.{rest.translate(_SPELLED)}")
    return number(text)
