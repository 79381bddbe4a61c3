"""What every format shows: characters that no file may hold, and whose words are set in Chinese marks."""

from orchestrator.papers.paper import Paragraph, Quote, Table
from orchestrator.papers.text import UNSHOWN, clean, prepared, rectangle, shares
from tests.orchestrator.papers.papers import CONTROLS, paper


def test_controls_are_replaced_visibly_and_line_ends_are_one() -> None:
    assert clean(CONTROLS) == f"一{UNSHOWN}二{UNSHOWN}三{UNSHOWN}[31m四{UNSHOWN}五{UNSHOWN}六"
    assert clean("一\r\n二\r三\u2028四") == "一\n二\n三\n四"
    assert clean("\U0001fffe\udcff") == UNSHOWN * 2
    assert clean("制表\t符 😀") == "制表\t符 😀"


def test_our_words_get_chinese_marks_and_quotations_stay_as_they_are() -> None:
    shown = prepared(paper(Paragraph(text="结论:可以(应当)起诉"), Quote(text="他说:不还,算了"), title="报告:一"))
    assert shown.title == "报告：一"
    assert [block.text for block in shown.blocks if isinstance(block, Paragraph | Quote)] == [
        "结论：可以（应当）起诉",
        "他说:不还,算了",
    ]


def test_rows_are_made_equally_long() -> None:
    assert rectangle(Table(header=("甲",), rows=(("一", "二"), ()))) == [("甲", ""), ("一", "二"), ("", "")]
    assert rectangle(Table(rows=((), ()))) == []


def test_widths_hold_only_where_each_column_has_one() -> None:
    assert shares(Table(rows=(), widths=(1, 3)), 2) == [0.25, 0.75]
    assert shares(Table(rows=(), widths=(1, 3)), 4) == [0.25] * 4
    assert shares(Table(rows=(), widths=(0, 1)), 2) == [0.5, 0.5]
