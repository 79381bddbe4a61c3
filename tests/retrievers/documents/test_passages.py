"""Passages: by clause and section, of a length that can be read, with the path above them."""

import pytest

from retrievers.documents.parts import Part
from retrievers.documents.passages import MOST, Piece, passages


def lines(*texts: str) -> list[Part]:
    return [Part(text) for text in texts]


def test_each_clause_is_a_passage_under_its_chapter() -> None:
    made = passages(
        lines(
            "第三章 考勤",
            "第十一条 上下班打卡。",
            "第十二条 旷工三日的,解除合同。",
            "(一)连续的;",
            "第四章 薪酬",
            "按月发放。",
        )
    )
    assert made == [
        Piece("第三章 考勤 > 第十一条", "第十一条 上下班打卡。"),
        Piece("第三章 考勤 > 第十二条", "第十二条 旷工三日的,解除合同。\n(一)连续的;"),
        Piece("第四章 薪酬", "按月发放。"),
    ]


def test_a_clause_with_a_title_of_its_own_is_named_by_it() -> None:
    assert passages(lines("第二条 交货", "十五日内交货。")) == [Piece("第二条 交货", "第二条 交货\n十五日内交货。")]


def test_styles_and_words_make_one_path() -> None:
    parts = [
        Part("协议", 1),
        Part("付款", 2),
        Part("一、期限"),
        Part("三十日内。"),
        Part("二、方式"),
        Part("转账。"),
        Part("验收", 2),
        Part("七日内。"),
    ]
    assert [piece.place for piece in passages(parts)] == [
        "协议 > 付款 > 一、期限",
        "协议 > 付款 > 二、方式",
        "协议 > 验收",
    ]


def test_a_list_of_short_lines_is_no_row_of_headings() -> None:
    assert passages([Part("流程", 1), *lines("1. 填表", "2. 签字", "3. 审核")]) == [
        Piece("流程", "1. 填表\n2. 签字\n3. 审核")
    ]


def test_a_heading_with_nothing_under_it_is_not_lost() -> None:
    made = passages([Part("甲", 1), Part("乙", 2), Part("丙", 2), Part("正文。")])
    assert made == [Piece("甲", "乙"), Piece("甲 > 丙", "正文。")]


@pytest.mark.parametrize("sentence", ["甲方应当按时付款。", "没有标点的很长的一段话"])
def test_long_texts_are_cut_and_nothing_is_lost(sentence: str) -> None:
    text = sentence * 200
    made = passages(lines(text))
    assert all(len(piece.text) <= MOST for piece in made)
    assert "".join(piece.text for piece in made) == text


def test_paragraphs_go_together_until_they_are_enough() -> None:
    made = passages(
        [
            Part("总述", 1),
            *lines(
                *(
                    ["这是一段六十个字左右的说明文字,写在没有条号的手册里,前后几段放在一起才看得明白,所以合并成一段。"]
                    * 20
                )
            ),
        ]
    )
    assert all(200 <= len(piece.text) <= MOST for piece in made)


def test_tables_and_pages_are_named() -> None:
    made = passages(
        [
            Part("费用", 1),
            Part("见下表。", page=3),
            Part("职级：经理", table=1, page=3),
            Part("职级：员工", table=1, page=3),
        ]
    )
    assert made == [Piece("费用，第3页", "见下表。"), Piece("费用，表1，第3页", "职级：经理\n职级：员工")]
