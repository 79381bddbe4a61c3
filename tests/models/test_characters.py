"""Characters that nobody sees are taken out of texts; what joins two emoji to one is kept."""

import pytest

from models.characters import visible

FAMILY = "\U0001f468\u200d\U0001f469\u200d\U0001f467"


@pytest.mark.parametrize(
    ("written", "seen"),
    [
        ("第\u200b一百\u2060条", "第一百条"),
        ("离\u200d婚", "离婚"),
        (f"我们一家{FAMILY}被赶了出来", f"我们一家{FAMILY}被赶了出来"),
        ("\u200d\U0001f468", "\U0001f468"),
        ("\U0001f468\u200d条", "\U0001f468条"),
        ("\U0001f468\u200d\u200b\U0001f469", "\U0001f468\U0001f469"),
        ("\u2764\ufe0f\u200d\U0001f525", "\u2764\u200d\U0001f525"),
    ],
)
def test_visible(written: str, seen: str) -> None:
    assert visible(written) == seen
