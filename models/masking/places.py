"""Where somebody lives and when they were born. Province, city and district stay: they say which court and which rates."""

import re
from collections.abc import Iterator

from models.masking.numbers import Found

_N = "(?:\\d{1,5}|[一二三四五六七八九十百]{1,4}|[A-Za-z])(?:[-—]\\d{1,4})?"
_WAY = "(?:大街|大道|公路|街道|社区|小区|花园|家园|公寓|新村|胡同|[路街巷弄镇乡村屯庄里苑])"
_UNIT = "(?:号院|号楼|号|弄|栋|幢|座|单元|室|楼|层|组|队|门)"
_ADDRESS = re.compile(
    f"(?:[\u4e00-\u9fff]{{1,8}}?{_WAY}){{1,3}}(?:[\u4e00-\u9fff]{{0,4}}{_N}{_UNIT}){{1,5}}(?:\\d{{2,4}}(?!\\d|[元年月天]))?"
)
_COARSE = re.compile("^.*?(?:省|自治区|特别行政区|[市州盟](?!场)|[区县旗](?!块))(?=[\u4e00-\u9fff])")
_LIVES = re.compile(
    "^(?:[^住址在于到]{0,8})(?:家住|住所地|住所|住址|地址|户籍地?|居住|住在|位于|家在|搬到|寄到|送到|在|住|于|到|从|是|为)[:为是]?"
)
_DATE = "(?:19|20)\\d{2}[年./-](?:1[0-2]|0?[1-9])[月./-](?:[12]\\d|3[01]|0?[1-9])日?"
_DIGIT = "[〇零○一二三四五六七八九]"
_CHINESE_DATE = f"[一二]{_DIGIT}{{3}}年[一二三四五六七八九十]{{1,2}}月[一二三四五六七八九十]{{1,3}}日"
_BIRTH = re.compile(
    f"(?:出生(?:日期|年月日?|时间)?|生日|生于|诞生于?|生辰)[是为于在: ]{{0,3}}(?P<after>{_DATE}|{_CHINESE_DATE}|(?:19|20)\\d{{6}})"
    f"|(?P<before>{_DATE}|{_CHINESE_DATE})(?=出?生(?!效))"
)


def found(text: str) -> Iterator[Found]:
    """Addresses below the district and dates of birth in a `plain` text."""
    for one in _BIRTH.finditer(text):
        yield *one.span("after" if one["after"] else "before"), "出生日期"
    for one in _ADDRESS.finditer(text):
        start, end = one.span()
        shown = one[0]
        for prefix in (_LIVES, _COARSE, _COARSE, _COARSE):
            if cut := prefix.match(shown):
                start, shown = start + cut.end(), shown[cut.end() :]
        if re.search(_WAY, shown):
            yield start, end, "地址"
