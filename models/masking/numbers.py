"""Identity data that has a form: numbers of papers, telephones, cards, plates, accounts. Knows no replacement.

Numbers are found however they are written: in full-width, Chinese or capital figures, with blanks and dashes between.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from datetime import date
from itertools import groupby

from models.scripts import simplified

Found = tuple[int, int, str]
"""Start, end, kind."""

_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}
_CHINESE = {
    ord(char): str(value)
    for value, chars in enumerate(
        ("〇零○", "一壹幺弌", "二贰貳", "三叁參叄", "四肆", "五伍", "六陆陸", "七柒", "八捌", "九玖")
    )
    for char in chars
}
_FIGURES = {
    code: str(unicodedata.digit(chr(code)))
    for span in (
        (0x660, 0x6FA),
        (0x966, 0x970),
        (0x2070, 0x208A),
        (0x2460, 0x249C),
        (0x24EA, 0x2500),
        (0x2776, 0x2794),
        (0x1D7CE, 0x1D800),
    )
    for code in range(*span)
    if unicodedata.digit(chr(code), None) is not None
}
_BLANKS = dict.fromkeys((0xA0, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF, *range(0x2000, 0x200B)), " ")
_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―－−·•・._/~"), "-")
_PLAIN: dict[int, int | str] = {**_WIDTH, **_BLANKS}
_NUMERIC: dict[int, str] = {**_CHINESE, **_FIGURES, **_DASHES}


def _any(codes: Iterable[int], more: str = "") -> str:
    """A class of these characters, those in a row as a range: `re` looks for one after the other past the first plane."""
    rows = groupby(enumerate(sorted(codes)), lambda one: one[1] - one[0])
    spans = ([code for _, code in row] for _, row in rows)
    return f"[{more}{''.join(f'{re.escape(chr(span[0]))}-{re.escape(chr(span[-1]))}' for span in spans)}]"


_STRANGE = re.compile(_any(_PLAIN))
_G = "[ -]{0,2}"
# Five figures in a row, in whatever writing: without them there is no number of a person.
_FIGURE = _any([*_CHINESE, *_FIGURES], r"\d")
_RUN = re.compile(rf"{_FIGURE}(?:{_any(_DASHES, ' -')}{{0,2}}{_FIGURE}){{4}}")
_LETTER, _LATIN = re.compile("[A-Za-z]"), re.compile("[A-Za-z0-9_]")
_IDENTITY = re.compile(
    rf"(?<![0-9A-Za-z])(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|[789][1-3])(?:{_G}\d){{4}}(?:(?:{_G}\d){{8}}(?:{_G}\d){{3}}{_G}[\dXx]|(?:{_G}\d){{6}}(?:{_G}\d){{3}})(?![0-9A-Za-z])"
)
_CARD = re.compile(rf"(?<![\d-])[3-9](?:{_G}\d){{14,18}}(?!\d)")
_ACCOUNT = re.compile(
    rf"(?:卡号|账号|帐号|银行卡|储蓄卡|信用卡|账户|帐户|户头)(?:尾号)?[号是为: (]{{0,4}}(?P<value>\d(?:{_G}\d){{8,22}})(?!\d)"
)
_MOBILE = re.compile(rf"(?<!\d)(?:(?:\+|00)?86{_G})?1{_G}[3-9](?:{_G}\d){{9}}(?!\d)")
_LANDLINE = re.compile(
    rf"(?<!\d)(?:(?:\+|00)86{_G}[1-9]\d{{1,2}}{_G}|[(]0\d{{2,3}}[)]{_G}|0\d{{2,3}}{_G})[2-9](?:{_G}\d){{6,7}}(?:(?: ?- ?| ?转 ?)\d{{1,5}})?(?!\d)"
)
_LOCAL = re.compile(r"(?:座机|固话|固定电话|电话|家里电话)[号码是为: ]{0,4}(?P<value>[2-9]\d{2,3}-?\d{4})(?!\d)")
_PLATE = re.compile(
    "[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][ -]{0,2}[A-HJ-NP-Za-hj-np-z][ -]{0,2}"
    "(?=[A-Za-z -]{0,7}\\d)(?:[A-HJ-NP-Za-hj-np-z0-9][ -]?){4,5}[A-HJ-NP-Za-hj-np-z0-9挂学警港澳领使](?![A-Za-z0-9])"
)
_EMAIL = re.compile(r"(?<![\w.+-])[A-Za-z0-9_][\w.+-]*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+", re.ASCII)
_CREDIT = re.compile(r"(?<![0-9A-Za-z])[159ANY][1-59A][0-9]{6}[0-9A-HJ-NPQRTUWXY]{10}(?![0-9A-Za-z])")
_PASSPORT = re.compile(
    r"(?<![0-9A-Za-z])(?:E[A-HJ-NP-Z]?\d{7,8}|G\d{8})(?![0-9A-Za-z])"
    r"|(?:护照|通行证|台胞证|回乡证|军官证|驾驶证|居住证|社保)(?:证)?[号码是为: ]{0,5}(?P<value>[A-Za-z]{0,2}\d{6,12})(?![0-9A-Za-z])"
)
_CHAT = re.compile(
    r"(?P<kind>微信|wechat|weixin|薇信|威信|vx|wx|v信|[+加]v)(?:账号|号码|号|id)?(?:[是为:: 用@]|名叫|名是|就是|叫|加){0,3}(?P<value>[a-z_][a-z0-9_-]{5,19})(?![a-z0-9_-])"
    r"|(?:qq|扣扣|企鹅)(?:账号|号码|号|群)?(?:[是为:: ]|就是){0,3}(?P<qq>[1-9]\d{4,11})(?![\d]|元|块|万|年|月)",
    re.IGNORECASE,
)
_CREDIT_FIGURES = "0123456789ABCDEFGHJKLMNPQRTUWXY"


def plain(text: str) -> str:
    """The text in half-width, simplified characters; each character for one."""
    return simplified(text.translate(_PLAIN) if _STRANGE.search(text) else text)


def found(text: str) -> Iterator[Found]:
    """Identity data with a form in a `plain` text; of those that overlap, the first named is meant."""
    if "@" in text:
        yield from ((*one.span(), "邮箱") for one in _EMAIL.finditer(text))
    if not _RUN.search(text):
        yield from _chats(text)
        return
    figures = text.translate(_NUMERIC)
    for one in _CREDIT.finditer(figures):
        if _credit(one[0]):
            yield *one.span(), "信用代码"
    for one in _IDENTITY.finditer(figures):
        if _dated(re.sub("[ -]", "", one[0])):
            yield *one.span(), "身份证号"
    for one in _PASSPORT.finditer(figures):
        yield *one.span("value" if one["value"] else 0), "证件号"
    for one in _ACCOUNT.finditer(figures):
        yield *one.span("value"), "银行卡号"
    for one in _CARD.finditer(figures):
        if _luhn(one[0]):
            yield *one.span(), "银行卡号"
    yield from ((*one.span(), "手机号") for one in _MOBILE.finditer(figures))
    yield from ((*one.span(), "电话") for one in _LANDLINE.finditer(figures))
    yield from ((*one.span("value"), "电话") for one in _LOCAL.finditer(figures))
    yield from _chats(text)


def _chats(text: str) -> Iterator[Found]:
    """Plates, which have a letter, and accounts of messengers, which have letters or figures."""
    if not _LATIN.search(text):
        return
    if _LETTER.search(text):
        yield from ((*one.span(), "车牌号") for one in _PLATE.finditer(text.translate(_NUMERIC)))
    for one in _CHAT.finditer(text):
        yield (*one.span("qq"), "QQ号") if one["qq"] else (*one.span("value"), "微信号")


def _dated(number: str) -> bool:
    """Whether an ID number of 15 or 18 characters contains a day. The check digit may be mistyped: still personal."""
    born = number[6:14] if len(number) == 18 else f"19{number[6:12]}"
    try:
        day = date(int(born[:4]), int(born[4:6]), int(born[6:]))
    except ValueError:
        return False
    return 1850 <= day.year <= date.today().year


def _luhn(card: str) -> bool:
    digits = [int(character) for character in card if character.isdigit()][::-1]
    return sum(digits[::2] + [sum(divmod(2 * digit, 10)) for digit in digits[1::2]]) % 10 == 0


def _credit(code: str) -> bool:
    """Whether the last character of a code of an enterprise (GB 32100) is its check character."""
    total = sum(_CREDIT_FIGURES.index(char) * pow(3, at, 31) for at, char in enumerate(code[:17]))
    return _CREDIT_FIGURES[(31 - total % 31) % 31] == code[17]
