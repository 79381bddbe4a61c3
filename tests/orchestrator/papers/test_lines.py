"""Where lines end."""

import pytest

from orchestrator.papers.lines import broken


def wide(char: str) -> float:
    return 0.5 if char.isascii() else 1.0


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("", [""]),
        ("甲\n\n乙", ["甲", "", "乙"]),
        ("一二三四五六", ["一二三四五", "六"]),
        ("一二三四五。六", ["一二三四", "五。六"]),
        ("一二三四《五》", ["一二三四", "《五》"]),
        ("一二三 32000元整", ["一二三", "32000元整"]),
        ("一二三四 五六", ["一二三四", "五六"]),
        ("abcdefghijklmnopqrs", ["abcdefghij", "klmnopqrs"]),
        ("一二abcdefghijklmn", ["一二abcdef", "ghijklmn"]),
        ("。。。。。。。", ["。。。。。", "。。"]),
    ],
)
def test_lines(text: str, lines: list[str]) -> None:
    assert broken(text, 5, wide) == lines


def test_nothing_but_blanks_is_lost_and_no_line_is_too_wide() -> None:
    text = "《民法典》第六百七十五条:借款人应当按照约定的期限返还借款(loan agreement)。" * 9
    lines = broken(text, 7.5, wide)
    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert max(sum(map(wide, line)) for line in lines) <= 7.5


def test_a_column_narrower_than_a_character_still_ends() -> None:
    assert broken("甲乙", 0.1, wide) == ["甲", "乙"]
