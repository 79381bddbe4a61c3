"""Which font serves, why another does not, and what becomes of characters that it lacks."""

from pathlib import Path

import pytest

from orchestrator.papers.fonts import MissingCharacters, NoFont, characters, face, find, quadratic, shown
from orchestrator.papers.text import UNSHOWN
from tests import fonts
from tests.fonts import GB2312, made

HAS = frozenset(map(ord, GB2312))


def test_the_configured_font_serves_and_no_other(tmp_path: Path) -> None:
    good, latin = made(tmp_path / "甲.ttf", GB2312), made(tmp_path / "Latin.ttf", "abc")
    assert find(good, []) == good
    with pytest.raises(NoFont, match=r"Latin\.ttf.*缺少中文字形.*安装"):
        find(latin, [tmp_path])
    with pytest.raises(NoFont, match=r"没有\.ttf"):
        find(tmp_path / "没有.ttf", [tmp_path])


def test_the_best_known_family_is_found_in_folders_below(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    made(tmp_path / "AAA.ttf", GB2312)
    made(tmp_path / "a" / "NotoSansCJK-Bold.otf", GB2312, cubic=True)
    made(tmp_path / "NotoSerifCJK-Regular.ttf", "abc")
    wanted = made(tmp_path / "a" / "b" / "NotoSansCJK-Regular.otf", GB2312, cubic=True)
    assert find(None, [tmp_path / "missing", tmp_path]) == wanted
    wanted.unlink()
    assert find(None, [tmp_path]).name == "NotoSansCJK-Bold.otf"


def test_without_any_font_the_words_say_what_to_do(tmp_path: Path) -> None:
    made(tmp_path / "Latin.ttf", "abc")
    (tmp_path / "broken.ttf").write_bytes(b"no font")
    (tmp_path / "broken.ttc").write_bytes(b"")
    with pytest.raises(NoFont, match=r"安装一种中文字体.*配置中用 font") as caught:
        find(None, [tmp_path])
    assert caught.value.code == "no_cjk_font"


def test_of_a_collection_the_simplified_chinese_face_is_taken(tmp_path: Path) -> None:
    path = fonts.collection(
        tmp_path / "All.ttc",
        [
            fonts.font("abc", "All SC"),
            fonts.font(GB2312, "All CJK JP"),
            fonts.font(GB2312, "All CJK SC Black"),
            fonts.font(GB2312 + "䶮", "All CJK SC"),
        ],
    )
    assert find(path) == path
    assert face(path) == 3
    assert ord("䶮") in characters(path)


def test_a_font_that_forbids_embedding_is_not_used(tmp_path: Path) -> None:
    with pytest.raises(NoFont, match="不允许嵌入"):
        find(made(tmp_path / "a.ttf", GB2312, rights=0x0002))
    assert find(made(tmp_path / "b.ttf", GB2312, rights=0x0008)).name == "b.ttf"


def test_outlines_are_told_apart(tmp_path: Path) -> None:
    assert quadratic(made(tmp_path / "a.ttf", GB2312))
    assert not quadratic(made(tmp_path / "a.otf", GB2312, cubic=True))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("李某：32000元\n第二行", "李某：32000元\n第二行"),
        ("甲😀乙", f"甲{UNSHOWN}乙"),
        ("甲👨‍👩‍👧‍👦👍🏽乙", f"甲{UNSHOWN}乙"),
        ("甲\t乙\u00a0丙\u2003丁", "甲 乙 丙 丁"),
        ("甲\u200b乙\ufe0f", "甲乙"),
        ("☐ 是 ☑ 否", "□ 是 ■ 否"),
        ("\ue000", UNSHOWN),
    ],
)
def test_characters_that_may_be_lacking(text: str, expected: str) -> None:
    assert shown(text, HAS) == expected


@pytest.mark.parametrize("text", ["䶮", "ñ", "Ω̆", "①ب"])
def test_letters_are_never_replaced(text: str) -> None:
    with pytest.raises(MissingCharacters) as caught:
        shown(f"甲{text}", HAS)
    assert caught.value.code == "font_lacks_characters"
