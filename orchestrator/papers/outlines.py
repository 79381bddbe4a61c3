"""A font with cubic outlines (CFF) made into one with quadratic ones (TrueType), for the characters in use.

CFF fonts with numbered glyphs, as the Chinese ones are, need an encoding of their own in a PDF, which readers of text
get wrong; TrueType needs none.
"""

from collections.abc import Set
from io import BytesIO
from pathlib import Path

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.cu2quPen import Cu2QuPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont

FINENESS = 0.001  # of an em: how far the outlines may move


def truetype(path: Path, face: int, wanted: Set[int]) -> bytes:
    """A TrueType font that holds `wanted` (code points that the face has), under the same names and measures."""
    with TTFont(path, fontNumber=face, lazy=True) as font:
        per_em = font["head"].unitsPerEm
        cmap = {code: glyph for code, glyph in font.getBestCmap().items() if code in wanted}
        names = [".notdef", *dict.fromkeys(cmap.values())]
        outlines = font.getGlyphSet()
        glyphs = {}
        for name in names:
            pen = TTGlyphPen(None)
            outlines[name].draw(Cu2QuPen(pen, FINENESS * per_em, reverse_direction=True))
            glyphs[name] = pen.glyph()
        made = FontBuilder(per_em, isTTF=True)
        made.setupGlyphOrder(names)
        made.setupCharacterMap(cmap)
        made.setupGlyf(glyphs)
        made.setupHorizontalMetrics({name: (font["hmtx"][name][0], glyphs[name].xMin) for name in names})
        made.setupHorizontalHeader(ascent=font["hhea"].ascent, descent=font["hhea"].descent)
        made.setupNameTable({"familyName": font["name"].getDebugName(1) or path.stem, "styleName": "Regular"})
        made.setupOS2(usWeightClass=font["OS/2"].usWeightClass, fsType=font["OS/2"].fsType)
        made.setupPost()
    out = BytesIO()
    made.save(out)
    return out.getvalue()
