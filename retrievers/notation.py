"""How citations are written: a text in compact form, and the chains of numbers with 条, 款 and 项 in it.

Knows nothing of laws' names; `retrievers.citations` finds the law before a chain.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from retrievers import numerals
from retrievers.titles import PLAIN, STATE

N = rf"[{numerals.DIGITS}]+"
_JOIN = r"(?:规定|当中|之中|中|里|下)?的?(?=第)|之(?=第)|[，,](?=第[^条编]{1,9}[款项])"
_LIST = r"(?:[、，,;；/~～—–－\-和与及跟或至到]|以及|或者|连同|还有)+"
_ITEM = re.compile(
    rf"(?P<sep>{_JOIN}|{_LIST})?"
    rf"(?:(?P<di>第)?(?P<open>（)?(?P<num>{N}(?:,[0-9]{{3}})?)(?(open)）)"
    rf"(?:(?:之(?P<mid>{N})|-(?P<dash>[0-9]+))(?=条))?"
    rf"(?:(?P<unit>[条款项目])(?:之(?P<sub>{N}))?)?|(?<=[、和及与])之(?P<more>{N})(?![款项]))"
)
_START = re.compile(rf"第?（?{N}")
HASH = re.compile(r"#([0-9]{1,4})(?:-([0-9]{1,2}))?(?![0-9])")
_NOISE = re.compile(rf"[ \t\r\u3000\u00a0\u200b\ufeff*`]+|{STATE}")


@dataclass(frozen=True)
class Compact:
    """A text without blanks, Markdown and 中华人民共和国, in half-width digits and simplified characters."""

    text: str
    places: tuple[int, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The places in the original text of characters `start` to `end`."""
        return self.places[start], self.places[end - 1] + 1


@dataclass(frozen=True)
class Item:
    """One link of a chain 第39条、第40条第二款: a number and its unit ("" for none)."""

    number: int
    unit: str
    sub: int
    start: int
    end: int
    di: bool
    sep: str
    more: bool


def compact(text: str) -> Compact:
    """The compact form of `text`, in which citations are read."""
    parts: list[str] = []
    places: list[int] = []
    last = 0
    for match in _NOISE.finditer(text):
        parts.append(text[last : match.start()])
        places.extend(range(last, match.start()))
        last = match.end()
    parts.append(text[last:])
    places.extend(range(last, len(text)))
    return Compact("".join(parts).translate(PLAIN), tuple(places))


def chains(text: str) -> Iterator[list[Item]]:
    """The chains of numbers in the text, each with one 条, 款 or 项 at least, or a lone number that may be one."""
    place = 0
    while (start := _START.search(text, place)) is not None:
        items: list[Item] = []
        place = start.start()
        while (match := _ITEM.match(text, place)) is not None and (not items or not _cuts(items[-1], match)):
            if not items and match["sep"]:
                break
            items.extend(_read(match))
            place = match.end()
        place = max(place, start.start() + 1)
        if items:
            yield items


def _cuts(before: Item, match: re.Match[str]) -> bool:
    """Whether a chain ends here: 解释（一）第五条 holds a number that belongs to the law's name."""
    return not before.unit and not match["sep"] and match["unit"] not in ("款", "项")


def _read(match: re.Match[str]) -> Iterator[Item]:
    sub = number(match["sub"] or match["mid"]) if match["sub"] or match["mid"] else 0
    item = Item(
        number=number(match["num"] or match["more"]),
        unit=match["unit"] or "",
        sub=sub,
        start=match.start() + len(match["sep"] or ""),
        end=match.end(),
        di=bool(match["di"]),
        sep=match["sep"] or "",
        more=bool(match["more"]),
    )
    if not match["dash"]:
        yield item
    elif (other := int(match["dash"])) > item.number:  # 39-41条 is a range, 133-1条 an inserted article
        yield replace(item, sub=0, end=match.start("dash") - 1)
        yield replace(item, number=other, start=match.start("dash"))
    else:
        yield replace(item, sub=other)


def number(numeral: str) -> int:
    """The number written; 0 where it cannot be read, so that a garbled citation is a citation still."""
    try:
        return numerals.to_int(numeral.replace(",", ""))
    except ValueError:
        return 0


def usable(chain: list[Item], known: bool) -> list[Item]:
    """The chain with every number's unit filled in from the next (39、40条) and what is no citation cut off."""
    items = chain
    while items and not items[-1].unit and not items[-1].more:
        items = items[:-1]
    filled: list[Item] = []
    unit = ""
    for item in reversed(items):
        unit = "条" if item.more else item.unit or unit
        filled.append(replace(item, unit=unit))
    filled.reverse()
    if not known:
        while filled and filled[0].unit == "条" and not filled[0].di:
            filled = filled[1:]
    return filled
