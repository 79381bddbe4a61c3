"""Papers as DOCX, read back with python-docx."""

import json
import zipfile
from io import BytesIO
from xml.etree import ElementTree

import docx
import pytest
from docx.document import Document
from docx.oxml.ns import qn
from docx.table import Table

from orchestrator.papers.label import VISIBLE, aigc
from orchestrator.papers.paper import Heading, Items, Paper, Quote
from orchestrator.papers.text import UNSHOWN
from orchestrator.papers.word import render
from tests.orchestrator.papers.papers import EMOJI, HOSTILE, MARKS, PRODUCER, SENTENCES, WHOLE, paper


def opened(made: Paper) -> Document:
    return docx.Document(BytesIO(render(made)))


def texts(document: Document) -> list[str]:
    """The texts of the body in order, those of a table's cells each by itself."""
    found: list[str] = []
    for block in document.iter_inner_content():
        if isinstance(block, Table):
            found += [cell.text for row in block.rows for cell in row.cells]
        else:
            found.append(block.text)
    return found


def test_every_sentence_is_there_in_order() -> None:
    shown, at = "\n".join(texts(opened(WHOLE))), 0
    for sentence in SENTENCES:
        at = shown.index(sentence, at) + len(sentence)


def test_the_visible_label_stands_at_head_and_foot_of_text_and_pages() -> None:
    document = opened(WHOLE)
    found = [text for text in texts(document) if text]
    assert found[:2] == ["法律咨询报告", f"AI生成 {VISIBLE}"]
    assert found[-1] == f"AI生成 {VISIBLE}"
    [section] = document.sections
    assert "AI生成" in section.header.paragraphs[0].text
    assert VISIBLE in section.footer.paragraphs[0].text
    fields = [field.get(qn("w:instr")) for field in section.footer.paragraphs[0]._p.iter(qn("w:fldSimple"))]
    assert fields == ["PAGE", "NUMPAGES"]


def test_the_aigc_label_is_a_custom_property_that_a_reader_of_the_package_finds() -> None:
    with zipfile.ZipFile(BytesIO(render(WHOLE))) as package:
        assert package.testzip() is None
        assert "custom-properties+xml" in package.read("[Content_Types].xml").decode()
        assert 'Target="docProps/custom.xml"' in package.read("_rels/.rels").decode()
        root = ElementTree.fromstring(package.read("docProps/custom.xml"))
    [entry] = root
    assert (entry.get("name"), entry.get("pid")) == ("AIGC", "2")
    assert json.loads(entry[0].text or "") == aigc(PRODUCER, "会话-1")
    core = opened(WHOLE).core_properties
    assert (core.title, core.author, core.comments) == ("法律咨询报告", PRODUCER, VISIBLE)


def test_headings_tables_and_page_are_what_they_are() -> None:
    document = opened(WHOLE)
    headings = [
        (one.style.name, one.text) for one in document.paragraphs if one.style and "Heading" in str(one.style.name)
    ]
    assert headings == [("Heading 1", "一、咨询的问题"), ("Heading 2", "经过"), ("Heading 1", "二、尾部")]
    facts, form = document.tables
    assert [[cell.text for cell in row.cells] for row in facts.rows] == [
        ["事实", "内容"],
        ["借款本金", "32000元"],
        ["备注", "第一行\n第二行"],
    ]
    assert facts.rows[0]._tr.find(qn("w:trPr")).find(qn("w:tblHeader")) is not None
    assert [round(column.width.cm, 1) for column in facts.columns if column.width] == [4.0, 12.0]
    assert [[cell.text for cell in row.cells] for row in form.rows] == [["案由", "民间借贷"], ["法院", "某某区法院"]]
    assert {table.style.name for table in (facts, form) if table.style} == {"Table Grid"}
    [section] = document.sections
    assert (round(section.page_width.cm, 1), round(section.page_height.cm, 1)) == (21.0, 29.7)


@pytest.mark.parametrize(
    ("style", "font"), [("Normal", "宋体"), ("Heading 1", "黑体"), ("Title", "黑体"), ("Quote", "楷体")]
)
def test_chinese_fonts_are_named_and_no_theme_overrides_them(style: str, font: str) -> None:
    fonts = opened(WHOLE).styles[style].element.rPr.rFonts
    assert fonts.get(qn("w:eastAsia")) == font
    assert not [name for name in fonts.attrib if "Theme" in name]


def test_a_part_that_wants_a_page_of_its_own_gets_it() -> None:
    document = opened(paper(Heading(text="甲"), Heading(text="乙", new_page=True)))
    breaks = {one.text: one.paragraph_format.page_break_before for one in document.paragraphs}
    assert (breaks["甲"], breaks["乙"]) == (None, True)


def test_lists_are_marked_and_each_counts_from_one() -> None:
    found = texts(opened(paper(*[Items(rows=("甲", "乙"), marks="number")] * 2, Items(rows=("丙",), marks="box"))))
    assert [text for text in found if text[:2] in ("1.", "2.", "□ ")] == ["1. 甲", "2. 乙", "1. 甲", "2. 乙", "□ 丙"]


def test_hostile_text_is_shown_and_what_xml_forbids_is_replaced() -> None:
    shown = "\n".join(texts(opened(HOSTILE)))
    assert shown.count(MARKS) == 4
    assert shown.count(EMOJI) == 2
    assert f"一{UNSHOWN}二{UNSHOWN}三{UNSHOWN}[31m四{UNSHOWN}五{UNSHOWN}六" in shown
    assert "长" * 3000 in shown
    assert "x" * 3000 in shown


def test_a_quotation_keeps_every_character() -> None:
    text = " 行首空格\n\n空行之后\t制表,半角"
    assert text in texts(opened(paper(Quote(text=text))))
