"""Replaces identity data by placeholders before text leaves the operator's machines, and puts it back in the reply.

Finds what has a form: Chinese ID numbers, telephone numbers, bank cards, number plates, e-mail addresses. Names and
addresses have none, and stay. Service numbers of few digits (110, 12348) stay too: they are not about anybody.
"""

import re
from collections.abc import Iterable
from datetime import date

_GAP = r"[ -]?"
_EMAIL = re.compile(r"(?<![\w.+-])[A-Za-z0-9_][\w.+-]*@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+", re.ASCII)
_IDENTITY = re.compile(r"(?<![0-9A-Za-z])[1-9]\d{5}(?:\d{8}|\d{6})\d{3}(?:(?<=\d{17})[\dXx])?(?![0-9A-Za-z])")
_CARD = re.compile(rf"(?<!\d)[3-9](?:{_GAP}\d){{14,18}}(?!\d)")
_MOBILE = re.compile(rf"(?<!\d)(?:(?:\+|00)?86{_GAP})?1[3-9]\d{_GAP}\d{{4}}{_GAP}\d{{4}}(?!\d)")
_LANDLINE = re.compile(r"(?<!\d)(?:[(（]0\d{2,3}[)）] ?|0\d{2,3}[ -]?)[2-9]\d{6,7}(?:(?:-|转)\d{1,5})?(?!\d)")
_PLATE = re.compile(
    "[京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼][A-HJ-NP-Za-hj-np-z][·• ]?"
    "[A-HJ-NP-Za-hj-np-z0-9]{4,5}[A-HJ-NP-Za-hj-np-z0-9挂学警港澳](?![A-Za-z0-9])"
)
LONGEST_PLACEHOLDER = 12


class Mask:
    """The placeholders of one conversation: the same value has the same placeholder in every text. Not for sharing."""

    def __init__(self) -> None:
        self._placeholders: dict[str, str] = {}
        self._values: dict[str, str] = {}
        self._counts: dict[str, int] = {}

    @property
    def used(self) -> bool:
        """Whether anything was replaced so far."""
        return bool(self._values)

    def mask(self, text: str) -> str:
        """`text` with identity data replaced by its kind and a number: 〔手机号1〕, 〔身份证号1〕, 〔车牌号2〕."""
        # A placeholder that the text already contains must not be taken for ours when the reply is read.
        taken = set(re.findall(r"〔[^〔〕]{2,10}〕", text))
        for kind, form in (("邮箱", _EMAIL), ("身份证号", _IDENTITY), ("银行卡号", _CARD)):
            text = self._replaced(kind, form, text, taken)
        for kind, form in (("手机号", _MOBILE), ("电话", _LANDLINE), ("车牌号", _PLATE)):
            text = self._replaced(kind, form, text, taken)
        return text

    def unmask(self, text: str) -> str:
        """`text` with our placeholders replaced by what they stand for; any other text stays as it is."""
        return re.sub(r"〔[^〔〕]{2,10}〕", lambda found: self._values.get(found[0], found[0]), text)

    def _replaced(self, kind: str, form: re.Pattern[str], text: str, taken: Iterable[str]) -> str:
        def one(found: re.Match[str]) -> str:
            value = found[0]
            if (kind == "身份证号" and not _dated(value)) or (kind == "银行卡号" and not _luhn(value)):
                return value
            while value not in self._placeholders:
                self._counts[kind] = self._counts.get(kind, 0) + 1
                placeholder = f"〔{kind}{self._counts[kind]}〕"
                if placeholder not in taken:
                    self._placeholders[value], self._values[placeholder] = placeholder, value
            return self._placeholders[value]

        return form.sub(one, text)


class Unmasking:
    """Undoes a mask in a stream, where a placeholder may arrive in pieces."""

    def __init__(self, mask: Mask) -> None:
        self._mask = mask
        self._held = ""

    def feed(self, text: str) -> str:
        """What can be said for sure after `text`; the beginning of a placeholder is held back."""
        text = self._held + text
        start = text.rfind("〔")
        whole = start < 0 or "〕" in text[start:] or len(text) - start > LONGEST_PLACEHOLDER
        self._held = "" if whole else text[start:]
        return self._mask.unmask(text if whole else text[:start])

    def close(self) -> str:
        """What is still held, at the end of the stream."""
        held, self._held = self._held, ""
        return held


def mask(text: str) -> str:
    """`text` with identity data replaced, for one text that nobody needs to read back (a log line)."""
    return Mask().mask(text)


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
