"""Each reader gives the text as a reader of the file sees it; what cannot be read is refused with its reason."""

import zipfile
from io import BytesIO

import pytest

from retrievers.contracts import BadSource
from retrievers.documents import markdown, pdf, plain, word
from retrievers.documents.parts import Part, clean
from tests.retrievers.documents import samples


def texts(parts: list[Part]) -> list[str]:
    return [part.text for part in parts]


def test_word_keeps_headings_clauses_and_tables() -> None:
    table = [("岗位", "审批人"), ("生产岗", "车间主任"), ("销售岗", "")]
    parts = word.read(samples.word(*samples.HANDBOOK, table=table))
    assert [part.level for part in parts[:5]] == [2, 0, 0, 2, 0]
    assert texts(parts[5:]) == ["岗位：生产岗；审批人：车间主任", "岗位：销售岗"]
    assert {part.table for part in parts[5:]} == {1}


@pytest.mark.parametrize(
    ("form", "pattern", "said"),
    [
        ("chineseCounting", "第%1条", ["第一条 甲方交货", "第二条 乙方付款"]),
        ("decimal", "%1.", ["1.甲方交货", "2.乙方付款"]),
        ("upperRoman", "%1)", ["I)甲方交货", "II)乙方付款"]),
        ("bullet", "·", ["甲方交货", "乙方付款"]),
    ],
)
def test_word_writes_the_numbers_that_word_shows(form: str, pattern: str, said: list[str]) -> None:
    assert texts(word.read(samples.numbered("甲方交货", "乙方付款", form=form, pattern=pattern))) == said


def test_word_reads_tracked_changes_as_accepted() -> None:
    assert texts(word.read(samples.tracked("违约金为", "百分之五", "百分之十"))) == ["违约金为百分之五"]


def test_a_frame_around_paragraphs_is_no_table() -> None:
    assert word.read(samples.word(table=[("第一条 交货",), ("第二条 付款",)])) == [
        Part("第一条 交货"),
        Part("第二条 付款"),
    ]


@pytest.mark.parametrize(
    ("content", "said"),
    [(b"PK\x03\x04broken", "不是 .docx"), (b"\xd0\xcf\x11\xe0rest", "加密"), (b"plain", "不是 .docx")],
)
def test_word_refuses_what_is_no_docx(content: bytes, said: str) -> None:
    with pytest.raises(BadSource, match=said):
        word.read(content)


def test_a_zip_without_a_document_is_refused() -> None:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr("x.txt", "x")
    with pytest.raises(BadSource, match="不是完好的"):
        word.read(out.getvalue())


def test_zip_bombs_are_refused_before_they_unpack(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(word, "LARGEST_XML", 1000)
    with pytest.raises(BadSource, match="压缩炸弹"):
        word.read(samples.word(*samples.HANDBOOK))


def test_pdf_joins_lines_and_leaves_running_heads_out() -> None:
    pages = [
        [
            "星火公司内部资料",
            f"第{what}条 乙方应当在收到订单之后的十五日之内把{what}",
            f"送到甲方指定的仓库。{what}完",
            f"第{page}页 共3页",
        ]
        for page, what in enumerate(("甲", "乙", "丙"), 1)
    ]
    parts = pdf.read(samples.pdf(*pages))
    said = "第{0}条 乙方应当在收到订单之后的十五日之内把{0}送到甲方指定的仓库。{0}完"
    assert texts(parts) == [said.format(what) for what in "甲乙丙"]
    assert [part.page for part in parts] == [1, 2, 3]


def test_pdf_with_a_password_is_refused() -> None:
    with pytest.raises(BadSource, match="密码"):
        pdf.read(samples.pdf(["第一条 不给看的内容在这里写着"], password="secret"))


@pytest.mark.parametrize(("content", "said"), [(b"%PDF-1.4 broken", "不是完好的"), (b"", "不是完好的")])
def test_pdf_refuses_what_is_damaged(content: bytes, said: str) -> None:
    with pytest.raises(BadSource, match=said):
        pdf.read(content)


def test_scanned_pages_are_said_to_be_scanned() -> None:
    with pytest.raises(BadSource, match="扫描件"):
        pdf.read(samples.pdf([], []))


def test_markdown_keeps_structure_and_drops_links_and_front_matter() -> None:
    source = (
        "---\ntitle: x\n---\n# 差旅\n\n住宿见[标准](http://x.example/a),![图](y.png)**不超过**四百元。\n\n"
        "1. 填表\n2. 签字\n\n| 职级 | 交通 |\n|---|---|\n| 经理 | 高铁 |\n\n<b>粗</b>\n"
    )
    parts = markdown.read(source.encode())
    assert parts[0] == Part("差旅", level=1)
    assert texts(parts[1:]) == [
        "住宿见标准,图不超过四百元。",
        "1. 填表",
        "2. 签字",
        "职级：经理；交通：高铁",
        "<b>粗</b>",
    ]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_text_in_the_usual_encodings(encoding: str) -> None:
    assert texts(plain.read("第一条 甲\r\n\r\n第二条 乙".encode(encoding))) == ["第一条 甲", "第二条 乙"]


@pytest.mark.parametrize("content", [b"\x00\x01\x02", b"\xff\xff\xff"])
def test_bytes_that_are_no_text_are_refused(content: bytes) -> None:
    with pytest.raises(BadSource, match="不是文本"):
        plain.read(content)


def test_what_is_not_seen_is_not_kept() -> None:
    assert clean("付\u202e款\u200b \x1b[31m十万\t元\u3000整\n\n  ") == "付款 [31m十万 元 整"
