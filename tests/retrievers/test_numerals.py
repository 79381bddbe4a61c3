"""Numerals in every writing, to integers and back."""

import pytest

from retrievers import numerals


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("1079", 1079),
        ("１０７９", 1079),
        ("一千零七十九", 1079),
        ("一千〇七十九", 1079),
        ("一○七九", 1079),
        ("十", 10),
        ("廿一", 21),
        ("两百", 200),
        ("兩萬", 20_000),
        ("叁万伍仟", 35_000),
        ("3万", 30_000),
        ("千", 1000),
    ],
)
def test_a_numeral_is_read(written: str, value: int) -> None:
    assert numerals.to_int(written) == value


@pytest.mark.parametrize("written", ["", "条", "1.5", "一百二十三十"])
def test_what_is_no_whole_number_is_refused(written: str) -> None:
    with pytest.raises(ValueError):
        numerals.to_int(written)


def test_article_numbers_survive_the_way_there_and_back() -> None:
    assert all(numerals.to_int(numerals.to_chinese(number)) == number for number in range(1, 1300))
    assert [numerals.to_chinese(number) for number in (12, 110, 1079)] == ["十二", "一百一十", "一千零七十九"]
