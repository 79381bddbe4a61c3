"""Papers as PDF, read back with pypdf; the font is one of the tests' own."""

import json
import re
from io import BytesIO
from pathlib import Path
from xml.etree import ElementTree

import pytest
from pypdf import PdfReader

from orchestrator.papers import pdf
from orchestrator.papers.fonts import MissingCharacters, NoFont
from orchestrator.papers.label import NAMESPACE, VISIBLE, aigc
from orchestrator.papers.paper import Block, Heading, Items, Paper, Paragraph, Quote, Table
from orchestrator.papers.pdf import LOST, render
from orchestrator.papers.text import UNSHOWN
from tests import fonts
from tests.orchestrator.papers.papers import CONTROLS, EMOJI, HOSTILE, MARKS, PRODUCER, SENTENCES, WHOLE, paper


@pytest.fixture(scope="module")
def cubic(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fonts.made(tmp_path_factory.mktemp("cubic") / "Cubic.otf", fonts.GB2312, cubic=True)


def opened(made: Paper, font: Path) -> PdfReader:
    return PdfReader(BytesIO(render(made, font)))


def squeezed(text: str) -> str:
    """The text without blanks: where a line ended is not kept in a PDF."""
    return re.sub(r"\s", "", text)


def bodies(reader: PdfReader) -> list[str]:
    """The text of each page between its head and its foot, which are checked."""
    found = []
    for number, page in enumerate(reader.pages, 1):
        lines = page.extract_text().splitlines()
        assert lines[0].startswith("AI生成 | ")
        assert lines[-2:] == [VISIBLE, f"第 {number} 页 / 共 {len(reader.pages)} 页"]
        found.append("\n".join(lines[1:-2]))
    return found


def words(*blocks: Block, font: Path) -> str:
    return squeezed("".join(bodies(opened(paper(*blocks), font))))


def test_every_sentence_is_there_in_order(chinese_font: Path) -> None:
    shown, at = squeezed("".join(bodies(opened(WHOLE, chinese_font)))), 0
    for sentence in map(squeezed, SENTENCES):
        at = shown.index(sentence, at) + len(sentence)


def test_a_font_with_cubic_outlines_gives_the_same_text(chinese_font: Path, cubic: Path) -> None:
    assert bodies(opened(WHOLE, cubic)) == bodies(opened(WHOLE, chinese_font))


def test_the_font_is_embedded_and_only_in_part(chinese_font: Path) -> None:
    made = opened(WHOLE, chinese_font)
    embedded = {
        (str(font["/BaseFont"]), "/FontFile2" in font["/DescendantFonts"][0].get_object()["/FontDescriptor"])
        for page in made.pages
        for font in (one.get_object() for one in page["/Resources"]["/Font"].values())
    }
    assert len(embedded) == 1
    assert {whole for _, whole in embedded} == {True}
    assert len(render(WHOLE, chinese_font)) < chinese_font.stat().st_size / 5


def test_the_visible_label_stands_at_head_and_foot_of_the_text(chinese_font: Path) -> None:
    text = squeezed("".join(bodies(opened(WHOLE, chinese_font))))
    assert text.startswith(squeezed(f"法律咨询报告AI生成{VISIBLE}"))
    assert text.endswith(squeezed(f"AI生成{VISIBLE}"))


def test_the_aigc_label_is_in_xmp_and_in_the_information(chinese_font: Path) -> None:
    made = opened(WHOLE, chinese_font)
    assert made.metadata is not None and made.xmp_metadata is not None
    assert json.loads(made.metadata["/AIGC"]) == aigc(PRODUCER, "会话-1")
    assert made.metadata.title == "法律咨询报告"
    root = ElementTree.fromstring(re.sub(rb"<\?.*?\?>", b"", made.xmp_metadata.stream.get_data()))
    [label] = root.iter(f"{{{NAMESPACE}}}AIGC")
    assert json.loads(label.text or "") == aigc(PRODUCER, "会话-1")


def test_headings_are_bookmarks(chinese_font: Path) -> None:
    assert [
        [inner["/Title"] for inner in one] if isinstance(one, list) else one["/Title"]
        for one in opened(WHOLE, chinese_font).outline
    ] == ["一、咨询的问题", ["经过"], "二、尾部"]


def test_a_table_goes_on_over_pages_under_its_header_with_no_row_lost(chinese_font: Path) -> None:
    rows = tuple((f"甲{at}", f"内容{at}。" * (at % 7)) for at in range(120))
    made = opened(paper(Table(header=("序号", "说明"), rows=rows, widths=(1, 4))), chinese_font)
    pages = bodies(made)
    assert len(pages) > 3
    assert all("序号 说明" in page for page in pages)
    joined = squeezed("".join(pages)).replace("序号说明", "")
    for name, text in rows:
        assert name + text in joined


def test_a_row_higher_than_a_page_is_split_and_not_cut(chinese_font: Path) -> None:
    text = "".join(f"第{at}句。" for at in range(1500))
    made = opened(paper(Table(header=("甲", "乙"), rows=(("名", text),), widths=(1, 5))), chinese_font)
    assert len(made.pages) > 2
    assert text in squeezed("".join(bodies(made))).replace("甲乙", "")


def test_a_header_higher_than_a_page_ends(chinese_font: Path) -> None:
    made = opened(paper(Table(header=("头" * 2500,), rows=(("行",),) * 3)), chinese_font)
    assert squeezed("".join(bodies(made))).count("头") == 2500


def test_a_part_that_wants_a_page_of_its_own_gets_it(chinese_font: Path) -> None:
    first, second = bodies(opened(paper(Paragraph(text="前"), Heading(text="摘要", new_page=True)), chinese_font))
    assert "前" in first and "摘要" not in first
    assert second.startswith("摘要")


def test_a_heading_is_never_alone_at_the_foot_of_a_page(chinese_font: Path) -> None:
    for count in range(28, 40):
        blocks = [*(Paragraph(text=f"第{at}段") for at in range(count)), Heading(text="标题"), Paragraph(text="正文")]
        [page] = [page for page in bodies(opened(paper(*blocks), chinese_font)) if "标题" in page]
        assert "标题\n正文" in page


def test_hostile_text_is_shown_and_no_control_is_left(chinese_font: Path) -> None:
    shown = squeezed("".join(bodies(opened(HOSTILE, chinese_font))))
    for line in MARKS.splitlines():
        assert shown.count(squeezed(line)) >= 3, line  # the narrow cell of the table breaks it among its neighbours
    assert squeezed(CONTROLS.translate(dict.fromkeys(map(ord, "\x00\x0b\x1b\u202e\ufffe"), UNSHOWN))) in shown
    assert shown.count("长") >= 3000
    assert shown.count("x") >= 3000


def test_emoji_become_a_mark_that_is_explained(chinese_font: Path) -> None:
    shown = words(Quote(text=EMOJI), font=chinese_font)
    assert f"气死我了{UNSHOWN}!" in shown
    assert squeezed(LOST) in shown
    assert squeezed(LOST) not in words(Quote(text="气死我了!"), font=chinese_font)


def test_the_clients_braces_are_not_the_number_of_pages(chinese_font: Path) -> None:
    assert "共{nb}页{}" in words(Quote(text="共{nb}页{}\ue000"), font=chinese_font)


def test_letters_that_the_font_lacks_are_named_and_nothing_is_made(chinese_font: Path) -> None:
    with pytest.raises(MissingCharacters, match=r"䶮.*U\+4DAE"):
        render(paper(Paragraph(text="原告李䶮")), chinese_font)


def test_what_slips_through_is_not_left_out_in_silence(chinese_font: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pdf.fonts, "shown", lambda text, has: text)
    with pytest.raises(MissingCharacters, match="䶮"):
        render(paper(Paragraph(text="原告李䶮")), chinese_font)


def test_a_font_without_chinese_is_refused(tmp_path: Path) -> None:
    with pytest.raises(NoFont):
        render(WHOLE, fonts.made(tmp_path / "Latin.ttf", "abc"))


def test_lists_are_marked(chinese_font: Path) -> None:
    assert "1.甲2.乙1.丙□丁" in words(
        Items(rows=("甲", "乙"), marks="number"), Items(rows=("丙",), marks="number"), Items(rows=("丁",), marks="box"), font=chinese_font
    )  # fmt: skip
