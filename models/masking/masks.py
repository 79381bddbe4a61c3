"""Replaces identity data by placeholders before text leaves the operator's machines, and puts it back in the reply.

Service numbers of few digits (110, 12348) stay: they are not about anybody. So do years, sums, articles of law and the
numbers of cases.
"""

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache

from models.masking import numbers, people, places

LONGEST_PLACEHOLDER = 12
_PLACEHOLDER = re.compile(r"〔[^〔〕]{2,10}〕")


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
        """`text` with identity data replaced by its kind and a number: 〔手机号1〕, 〔身份证号1〕, 〔姓名2〕."""
        spans = _spans(text)
        if not spans:
            return text
        # A placeholder that the text already contains must not be taken for ours when the reply is read.
        taken = set(_PLACEHOLDER.findall(text))
        parts, last = [], 0
        for start, end, kind in spans:
            parts += [text[last:start], self._placeholder(kind, text[start:end], taken)]
            last = end
        return "".join([*parts, text[last:]])

    def unmask(self, text: str) -> str:
        """`text` with our placeholders replaced by what they stand for; any other text stays as it is."""
        return _PLACEHOLDER.sub(lambda found: self._values.get(found[0], found[0]), text)

    def _placeholder(self, kind: str, value: str, taken: Iterable[str]) -> str:
        while value not in self._placeholders:
            self._counts[kind] = self._counts.get(kind, 0) + 1
            placeholder = f"〔{kind}{self._counts[kind]}〕"
            if placeholder not in taken:
                self._placeholders[value], self._values[placeholder] = placeholder, value
        return self._placeholders[value]


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


def identities(text: str) -> Iterator[tuple[str, str]]:
    """Kind and value of the identity data in `text` that has a form: not of names, addresses and dates of birth."""
    yield from ((kind, text[start:end]) for start, end, kind in _apart(numbers.found(numbers.plain(text))))


@lru_cache(maxsize=256)
def _spans(text: str) -> tuple[numbers.Found, ...]:
    """Where identity data stands, in order."""
    plain = numbers.plain(text)
    found = [*numbers.found(plain)]
    if not plain.isascii():  # names and places are known by their Chinese characters
        found += [*places.found(plain), *((*one, "姓名") for one in people.names(plain))]
    held = [one.span() for one in _PLACEHOLDER.finditer(text)]
    return tuple(one for one in _apart(found) if not any(start <= one[0] < end for start, end in held))


def _apart(found: Iterable[numbers.Found]) -> list[numbers.Found]:
    """The spans that do not overlap an earlier named one, in the order of the text."""
    kept: list[numbers.Found] = []
    for one in found:
        if one[0] < one[1] and not any(one[0] < end and start < one[1] for start, end, _ in kept):
            kept.append(one)
    return sorted(kept)
