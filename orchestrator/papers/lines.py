"""Lines of a given width: Chinese breaks between characters, but no line begins with 。 or ends with 《."""

import re
from collections.abc import Callable, Iterator

_TOKEN = re.compile(r"[!-~\u00c0-\u024f]+|.")
_NOT_FIRST = frozenset("，。；：！？、）》〉」』】〕”’…—·%％℃,.;:!?)]}")
_NOT_LAST = frozenset("（《〈「『【〔“‘([{")


def broken(text: str, width: float, measure: Callable[[str], float]) -> list[str]:
    """The text in lines no wider than `width`; `measure` gives the width of one character. Never empty.

    Nothing but blanks at the ends of lines is lost. A word longer than a line is broken where the line ends.
    """
    return [line for paragraph in text.split("\n") for line in _wrapped(paragraph, width, measure)]


def _wrapped(paragraph: str, width: float, measure: Callable[[str], float]) -> Iterator[str]:
    line, filled = "", 0.0
    for unit in _units(paragraph):
        wide = sum(measure(char) for char in unit)
        if filled + wide <= width:
            line, filled = line + unit, filled + wide
            continue
        if wide <= width:
            yield line.rstrip(" ")
            line, filled = ("", 0.0) if unit == " " else (unit, wide)
            continue
        for char in unit:
            if line and filled + measure(char) > width:
                yield line.rstrip(" ")
                line, filled = "", 0.0
            line, filled = line + char, filled + measure(char)
    yield line.rstrip(" ")


def _units(paragraph: str) -> Iterator[str]:
    """The parts between which a line may end."""
    unit = ""
    for token in _TOKEN.findall(paragraph):
        if unit and unit[-1] not in _NOT_LAST and token[0] not in _NOT_FIRST:
            yield unit
            unit = ""
        unit += token
    if unit:
        yield unit
