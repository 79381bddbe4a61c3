"""Figures and modal words of a sentence, and what of them another text does not hold."""

from fractions import Fraction

import pytest

from retrievers import figures


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("三万元", {(30_000, "元")}),
        ("1.5万元", {(15_000, "元")}),
        ("10,000元", {(10_000, "元")}),
        ("一亿五千万元", {(150_000_000, "元")}),
        ("2至3万元", {(20_000, "元"), (30_000, "元")}),
        ("三千至一万元", {(3000, "元"), (10_000, "元")}),
        ("1至1.5亿元", {(100_000_000, "元"), (150_000_000, "元")}),
        ("一块住", set()),
        ("借了5万不还", {(50_000, "元")}),
        ("3000块钱", {(3000, "元")}),
        ("3万元半年内付清", {(30_000, "元"), (6, "月")}),
        ("百分之二十", {(20, "%")}),
        ("24％", {(24, "%")}),
        ("二分之一", {(50, "%")}),
        ("十五天内", {(15, "日")}),
        ("３０日", {(30, "日")}),
        ("一个半月", {(Fraction(3, 2), "月")}),
        ("两年半", {(Fraction(5, 2), "年")}),
        ("三至五年", {(3, "年"), (5, "年")}),
        ("五日以上十日以下", {(5, "日"), (10, "日")}),
        ("1年6个月", {(1, "年"), (6, "月")}),
        ("2021年1月1日", {(2021, "年份"), (1, "月份"), (1, "号")}),
        ("一次性支付两次", {(2, "次")}),
        ("千万不要,万一发生", set()),
        ("5万人", set()),
    ],
)
def test_figures_of_a_text(text: str, expected: set[tuple[Fraction | int, str]]) -> None:
    assert figures.figures(text) == expected


REFERENCES = ["劳动合同法39、40条", "第八十二条第二款第（三）项", "《2024年规定》", "刑法133条之一"]


@pytest.mark.parametrize("text", REFERENCES)
def test_references_are_no_figures(text: str) -> None:
    assert figures.figures(text) == set()


def test_a_reference_beside_a_figure_leaves_the_figure() -> None:
    assert figures.figures("依照第82条2倍工资") == {(Fraction(2), "倍")}


def test_shares_in_different_words_are_equal() -> None:
    assert figures.figures("千分之五") == figures.figures("百分之零点五") == figures.figures("0.5%")
    assert figures.figures("三分之二") == {(Fraction(200, 3), "%")}


def test_a_calendar_date_founds_no_period() -> None:
    assert figures.unfounded("一个月", "自2021年1月1日起施行") == ["1月"]


def test_modal_words_mean_what_they_say() -> None:
    assert figures.modals("不得已采取的行为") == set()
    assert figures.modals("不可以") == figures.modals("不得") == {"不得"}
    assert figures.modals("应当…可以") == {"应当", "可以"}


def test_unfounded_names_what_is_missing_and_nothing_else() -> None:
    assert figures.unfounded("应当在15日内支付20%", "可以在三十日内支付百分之二十") == ["15日", "应当"]
    assert figures.unfounded("30天内付1/3", "三十日") == []
