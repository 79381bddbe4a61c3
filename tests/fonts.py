"""Small fonts made for the tests: each character has a glyph of its own, so that its text can be read back from a PDF."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.t2CharStringPen import T2CharStringPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTCollection, TTFont

GB2312 = "".join(
    bytes((high, low)).decode("gbk", "ignore") for high in range(0xA1, 0xF8) for low in range(0xA1, 0xFF)
) + "".join(map(chr, range(0x20, 0x7F)))  # fmt: skip


def made(path: Path, characters: Iterable[str], name: str = "Test", *, cubic: bool = False, rights: int = 0) -> Path:
    """A font file with a box for each character: TrueType, or with `cubic` outlines (CFF). `rights` is OS/2 fsType."""
    font(characters, name, cubic=cubic, rights=rights).save(path)
    return path


def collection(path: Path, fonts: Iterable[TTFont]) -> Path:
    """A collection file (.ttc) of these fonts."""
    made = TTCollection()
    made.fonts = list(fonts)
    made.save(path)
    return path


def font(characters: Iterable[str], name: str = "Test", *, cubic: bool = False, rights: int = 0) -> TTFont:
    """The font, not saved yet."""
    cmap = {ord(char): f"u{ord(char):05X}" for char in characters}
    order = [".notdef", *dict.fromkeys(cmap.values())]
    widths = {glyph: 1000 for glyph in order} | {cmap[code]: 500 for code in cmap if code < 0x80}
    builder = FontBuilder(1000, isTTF=not cubic)
    builder.setupGlyphOrder(order)
    builder.setupCharacterMap(cmap)
    if cubic:
        pen = _box(T2CharStringPen(1000, None))
        builder.setupCFF(f"{name}-Regular", {}, dict.fromkeys(order, pen.getCharString()), {})
    else:
        builder.setupGlyf(dict.fromkeys(order, _box(TTGlyphPen(None)).glyph()))
    builder.setupHorizontalMetrics({glyph: (width, 100) for glyph, width in widths.items()})
    builder.setupHorizontalHeader(ascent=880, descent=-120)
    builder.setupNameTable({"familyName": name, "styleName": "Regular", "fullName": name})
    builder.setupOS2(fsType=rights)
    builder.setupPost()
    return builder.font


def _box(pen: Any) -> Any:
    pen.moveTo((100, 0))
    for corner in ((100, 700), (400, 700), (400, 0)):
        pen.lineTo(corner)
    pen.closePath()
    return pen
