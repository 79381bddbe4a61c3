"""Theme, style sheet and script: of this page only, with enough contrast, and small."""

import re

import pytest

from deploy.page import assets
from deploy.page.theme import Paper
from deploy.page.views import LOCAL, notices

OUTSIDE = re.compile(r"(?:https?:)?//[a-z]|@import|url\(", re.I)


def test_nothing_comes_from_outside() -> None:
    theme = Paper()
    assert not OUTSIDE.search(re.sub(r"url\(.data:[^)]*\)", "", theme._get_theme_css()))
    assert not theme._stylesheets and not theme._font_css
    assert not OUTSIDE.search(assets.read("style.css"))
    assert not re.search(r"https?:|fetch\(|XMLHttp|import\(|eval\(|innerHTML", assets.read("page.js"))


def test_every_local_action_is_served_by_the_script() -> None:
    for name in LOCAL:
        assert f'"{name}"' in assets.read("page.js")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_skeleton_is_small_and_has_no_script(lang: str) -> None:
    html = notices.skeleton("en" if lang == "en" else "zh")
    assert len(html.encode()) < 6 * 1024
    assert "<script" not in html


def palette(dark: bool) -> dict[str, str]:
    """The colours of a mode by name."""
    light, night = re.findall(r"color-scheme: \w+;(.*?)\n\}", assets.read("style.css"), re.S)[:2]
    return dict(re.findall(r"--lx-([\w-]+): (#[0-9a-f]{6});", night if dark else light))


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, as WCAG 2 defines it."""

    def light(colour: str) -> float:
        parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
        red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
        return 0.2126 * red + 0.7152 * green + 0.0722 * blue

    high, low = sorted((light(one), light(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_words_can_be_read(dark: bool) -> None:
    colours = palette(dark)
    grounds = [colours[name] for name in ("paper", "sheet", "wash", "field")]
    for name in ("ink", "soft", "blue", "red", "green", "ochre"):
        assert min(contrast(colours[name], ground) for ground in grounds) >= 4.5, name
    for name in ("red", "green", "ochre"):
        assert contrast(colours[name], colours[f"{name}-tint"]) >= 4.5, name
    assert contrast("#ffffff", colours["fill"]) >= 4.5
    assert contrast("#ffffff", colours["fill-hover"]) >= 4.5
    assert min(contrast(colours["edge"], ground) for ground in grounds) >= 3  # of fields and buttons
