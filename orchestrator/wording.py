"""How a message is read by rules: full-width letters, digits and punctuation as their ASCII forms, same length.

The client's own text is kept as written; only what rules look at passes through here, so that a pattern needs each
mark once and positions stay valid in the original.
"""

_ASCII = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)} | {0x3000: 0x20}


def plain(text: str) -> str:
    """The text with full-width forms of ASCII characters (and the wide space) replaced, character by character."""
    return text.translate(_ASCII)
