"""The Chinese font of PDF files: found on this machine, and known to hold every character that it is to show."""

import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache
from pathlib import Path

from fontTools.ttLib import TTCollection, TTFont, TTLibError

from orchestrator.contracts import ConsultationError
from orchestrator.papers.text import UNSHOWN

NEEDED = (
    "律枢讼赡鉴条第款年月日元，。；：、？！“”《》【】（）□•0123456789AZaz"  # a font without these is not Chinese enough
)
SUFFIXES = frozenset({".ttf", ".otf", ".ttc", ".otc"})
# Families in the order of preference; the first that is there serves. Others are tried after these.
FAMILIES = (
    "notoserifcjk", "notoserifsc", "sourcehanserif", "notosanscjk", "notosanssc", "sourcehansans", "simsun", "songti",
    "stsong", "fandolsong", "msyh", "pingfang", "stheiti", "hiraginosansgb", "simhei", "harmonyossanssc", "wqymicrohei",
    "wqyzenhei", "uming", "droidsansfallback",
)  # fmt: skip
_HEAVY = re.compile(r"bold|black|heavy|light|thin|medium|italic|mono")
_SIMPLIFIED = re.compile(r"\b(?:SC|CN|GB)\b|Simplified|简")
# Of characters that some fonts lack, those that look like them, the likest first.
_ALIKE = {
    "☐": "□",
    "☑": "■",
    "☒": "■",
    "✓": "√",
    "✔": "√",
    "•": "·・-",
    "·": "・•",
    "\u2010": "-",
    "\u2011": "-",
    "−": "-",
}
_PAINTED = frozenset({"So", "Sk", "Sm", "Co", "Cn"})  # pictures and signs: shown as UNSHOWN where the font lacks them
_RESTRICTED, _NO_SUBSET = 0x0002, 0x0100  # OS/2 fsType
HOW = (
    "请安装一种中文字体(Debian/Ubuntu:apt install fonts-noto-cjk;Fedora:dnf install google-noto-sans-cjk-fonts;"
    "macOS、Windows 自带),或在配置中用 font 指定字体文件(.ttf、.otf、.ttc)的路径;也可以改用 md 或 docx 格式。"
)


class NoFont(ConsultationError):
    """No usable Chinese font: none is installed, or the configured one cannot serve."""

    code = "no_cjk_font"


class MissingCharacters(ConsultationError):
    """The font lacks letters of the text; a paper with a name spelt wrongly must not be made."""

    code = "font_lacks_characters"


def find(configured: Path | None = None, folders: Sequence[Path] | None = None) -> Path:
    """The font file for PDF: the configured one and no other, else the best of `folders` (default: the system's).

    Raises NoFont, which says what to do.
    """
    if configured is not None:
        if (fault := _fault(configured)) is not None:
            raise NoFont(f"配置的字体 {configured.name} 不能使用:{fault}。{HOW}")
        return configured
    for path in sorted(_files(system_folders() if folders is None else folders), key=_rank):
        if _fault(path) is None:
            return path
    raise NoFont(f"没有找到能够显示中文的字体,不能生成 PDF。{HOW}")


def system_folders() -> tuple[Path, ...]:
    """Where this system keeps fonts."""
    home = Path.home()
    if sys.platform == "darwin":
        return Path("/System/Library/Fonts"), Path("/Library/Fonts"), home / "Library/Fonts"
    if sys.platform == "win32":
        return Path("C:/Windows/Fonts"), home / "AppData/Local/Microsoft/Windows/Fonts"
    return Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), home / ".local/share/fonts", home / ".fonts"


@lru_cache(maxsize=8)
def face(path: Path) -> int:
    """The number of the face in the file that serves: of a collection, the regular one for simplified Chinese.

    Raises NoFont for a file that holds none.
    """
    faults = []
    good = []
    try:
        for number in range(_count(path)):
            with TTFont(path, fontNumber=number, lazy=True) as font:
                if (fault := _lack(font)) is not None:
                    faults.append(fault)
                else:
                    name = _name(font)
                    heavy = _HEAVY.search(name.lower()) is not None
                    good.append((_SIMPLIFIED.search(name) is None, heavy, number))
    except (OSError, TTLibError, KeyError, AssertionError) as error:
        raise NoFont(f"不是可以读取的字体文件({type(error).__name__})") from error
    if not good:
        raise NoFont(faults[0])
    return min(good)[-1]


@lru_cache(maxsize=8)
def characters(path: Path) -> frozenset[int]:
    """The code points that the face in use can show. Raises NoFont."""
    with TTFont(path, fontNumber=face(path), lazy=True) as font:
        return frozenset(font.getBestCmap())


@lru_cache(maxsize=8)
def quadratic(path: Path) -> bool:
    """Whether the face in use has TrueType outlines (else CFF ones). Raises NoFont."""
    with TTFont(path, fontNumber=face(path), lazy=True) as font:
        return "glyf" in font


def shown(text: str, has: frozenset[int]) -> str:
    """The text in characters of the font: pictures that it lacks (emoji) become UNSHOWN, a run of them one.

    Joiners and variation selectors, which show nothing, are left out. Raises MissingCharacters for letters, digits and
    punctuation that it lacks.
    """
    made: list[str] = []
    missing: dict[str, None] = {}
    for char in text:
        alike = next((like for like in _ALIKE.get(char, "") if ord(like) in has), "")
        kind = unicodedata.category(char)
        if char == "\n" or (ord(char) in has and kind not in ("Co", "Cn")):
            made.append(char)
        elif kind == "Zs" or char == "\t":
            made.append(" ")
        elif alike:
            made.append(alike)
        elif kind in _PAINTED:
            if made[-1:] != [UNSHOWN]:
                made.append(UNSHOWN)
        elif kind != "Cf" and not 0xFE00 <= ord(char) <= 0xFE0F and not 0xE0100 <= ord(char) <= 0xE01EF:
            missing[char] = None
    if missing:
        named = "、".join(f"{char}(U+{ord(char):04X})" for char in list(missing)[:10])
        raise MissingCharacters(f"PDF 所用的字体缺少这些文字:{named}。请改用 docx 或 md 格式,或配置字形更全的字体。")
    return "".join(made)


def _files(folders: Iterable[Path]) -> Iterator[Path]:
    for folder in folders:
        yield from (path for path in folder.rglob("*") if path.suffix.lower() in SUFFIXES)


def _rank(path: Path) -> tuple[int, bool, str]:
    name = re.sub(r"[^a-z0-9]", "", path.stem.lower())
    family = next((at for at, known in enumerate(FAMILIES) if known in name), len(FAMILIES))
    return family, _HEAVY.search(name) is not None, str(path)


def _fault(path: Path) -> str | None:
    try:
        face(path)
    except NoFont as error:
        return str(error)
    return None


def _count(path: Path) -> int:
    if path.suffix.lower() not in (".ttc", ".otc"):
        return 1
    with TTCollection(path, lazy=True) as collection:
        return len(collection.fonts)


def _lack(font: TTFont) -> str | None:
    """What keeps the face from being embedded in a Chinese PDF, or None."""
    if "fvar" in font or not ("glyf" in font or "CFF " in font):
        return "是可变字体或没有轮廓的字体,请换成静态的 TrueType 或 OpenType 字体"
    if lacking := [char for char in NEEDED if ord(char) not in (font.getBestCmap() or {}) and char not in _ALIKE]:
        return f"缺少中文字形(如 {lacking[0]})"
    rights = font["OS/2"].fsType
    if rights & 0x000F == _RESTRICTED or rights & _NO_SUBSET:
        return "字体的授权标志不允许嵌入文件"
    return None


def _name(font: TTFont) -> str:
    return font["name"].getDebugName(4) or ""
