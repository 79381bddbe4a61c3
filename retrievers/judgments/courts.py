"""What the name of a court and the number of a case tell: the court's level, its province, the year.

Case numbers are read in the form that is used since 2016, （2019）京01民终123号: year, the sign of the province with
the court's digits (none: high court, two: intermediate, four: basic). Older ones abbreviate towns and tell the year.
"""

import re

from retrievers.contracts import Case, Level

_SIGNS = {
    "京": "北京", "津": "天津", "冀": "河北", "晋": "山西", "内": "内蒙古", "辽": "辽宁", "吉": "吉林", "黑": "黑龙江",
    "沪": "上海", "苏": "江苏", "浙": "浙江", "皖": "安徽", "闽": "福建", "赣": "江西", "鲁": "山东", "豫": "河南",
    "鄂": "湖北", "湘": "湖南", "粤": "广东", "桂": "广西", "琼": "海南", "渝": "重庆", "川": "四川", "贵": "贵州",
    "黔": "贵州", "云": "云南", "滇": "云南", "藏": "西藏", "陕": "陕西", "秦": "陕西", "甘": "甘肃", "陇": "甘肃",
    "青": "青海", "宁": "宁夏", "新": "新疆", "兵": "新疆兵团",
}  # fmt: skip
_REGIONS = {*_SIGNS.values(), "香港", "澳门", "台湾"}
_CORPS = "新疆生产建设兵团"
_NUMBER = re.compile(
    r"[（(〔\[](?P<year>(?:19|20)\d\d)[）)〕\]](?:(?P<top>最高法)|(?P<sign>[一-龥])(?P<digits>\d{2,4})?)?"
)
_OF_OLD = re.compile(r"字第")
# The higher name first: 市中级人民法院 is not 市…人民法院.
_LEVELS: tuple[tuple[Level, re.Pattern[str]], ...] = (
    ("最高", re.compile("最高人民法院")),
    ("高级", re.compile("高级人民法院|兵团分院|解放军军事法院")),
    ("中级", re.compile("中级|知识产权法院|海事法院|金融法院|破产法庭")),
    ("基层", re.compile("法院")),
)


def completed(case: Case) -> Case:
    """The case with level, region and year filled from its court and number where it does not give them."""
    known = {
        "level": case.level or level(case.court, case.number),
        "region": region(case.region) or region(case.court) or region_of_number(case.number),
        "year": case.year if case.year is not None else year(case.number),
    }
    return case.model_copy(update=known)


def level(court: str, number: str) -> Level | str:
    """The level by the court's name, else by the number; empty where neither tells."""
    for found, name in _LEVELS:
        if name.search(court):
            return found
    match = _NUMBER.search(number)
    if match is None or _OF_OLD.search(number):
        return ""
    if match["top"]:
        return "最高"
    if match["sign"] not in _SIGNS:
        return ""
    return {0: "高级", 2: "中级"}.get(len(match["digits"] or ""), "基层")


def region(name: str) -> str:
    """The province that a name of a court or region begins with, in its short form; empty where it names none."""
    name = name.strip().removeprefix("中华人民共和国")
    if name.startswith((_CORPS, "新疆兵团")):
        return "新疆兵团"
    return next((found for found in _REGIONS if name.startswith(found)), "")


def region_of_number(number: str) -> str:
    """The province by the sign in a case number; empty where it has none."""
    match = _NUMBER.search(number)
    if match is None or match["sign"] is None or _OF_OLD.search(number):
        return ""
    return _SIGNS.get(match["sign"], "")


def year(number: str) -> int | None:
    """The year of a case number, null without one."""
    match = _NUMBER.search(number)
    return int(match["year"]) if match else None
