import os
import re
import tarfile
import zipfile
from datetime import date
from io import BytesIO
from pathlib import Path

import pytest

from retrievers import lawdocx, lawrefbook, versions
from retrievers.contracts import BadSource
from tests.retrievers import wordlaws
from tests.retrievers.conftest import LAWS
from tests.retrievers.documents.samples import numbered
from tests.retrievers.wordlaws import ADOPTED, BODY, CONTENTS, TITLE, law, whole

DATA = Path(os.environ.get("LEXHUB_TEST_DATA", "/nonexistent")) / "laws-md.tar.xz"
NAME = "中华人民共和国星光借贷法_20231229.docx"


def test_a_law_is_read_with_its_version_headings_and_articles() -> None:
    read = lawdocx.parse(whole(), f"经济法/{NAME}")
    assert (read.law, read.version, read.category) == ("星光借贷法", "2023-12-29", "经济法")
    assert [(one.number, one.sub, one.name) for one in read.articles] == [
        (1, 0, "第一条"), (2, 0, "第二条"), (3, 0, "第三条"), (3, 1, "第三条之一"), (4, 0, "第四条"),
    ]  # fmt: skip
    assert read.articles[-1].text == "本法自2024年7月1日起施行。《月光法》同时废止。"
    assert read.articles[1].text == "本法所称星光，包括下列各项：\n（一）月光；\n（二）  烛光。"
    assert [one.chapter for one in read.articles] == [
        "第一编 总则 / 第一章 一般规定",
        "第一编 总则 / 第一章 一般规定",
        "第二编 借与还 / 第一章 借 / 第一节 字据",
        "第二编 借与还 / 第一章 借 / 第一节 字据",
        "第二编 借与还 / 附 则",
    ]


def test_what_happened_when_gives_dates_and_repeals() -> None:
    read = lawdocx.parse(whole(), NAME)
    assert [one.day for one in read.events] == [date(2001, 3, 5), date(2010, 6, 7), date(2023, 12, 29)]
    assert "第一次修正" in read.events[1].what
    [edition] = versions.editions([read])
    assert edition.starts == date(2024, 7, 1)
    assert [repeal.title for repeal in edition.repeals] == ["月光法"]


@pytest.mark.parametrize(
    ("name", "version"),
    [
        (NAME, "2023-12-29"),
        ("星光借贷法(2023-12-29).docx", "2023-12-29"),
        ("星光借贷法（2023年修订）.docx", "2023-12-29"),
        ("中华人民共和国星光借贷法(2010修正)_20100607.docx", "2010-06-07"),
        ("星光借贷法(2010年修正).docx", "2010-06-07"),
        ("星光借贷法.docx", "2023-12-29"),
        ("下载 (3).docx", "2023-12-29"),
    ],
)
def test_the_file_may_be_called_in_many_ways(name: str, version: str) -> None:
    read = lawdocx.parse(whole(), name)
    assert (read.law, read.version) == ("星光借贷法", version)


def test_an_interpretation_comes_with_its_announcement() -> None:
    lines = (
        "最高人民法院",
        "公　　告",
        "《最高人民法院关于审理星光纠纷案件的解释（一）》已于2020年12月25日由最高人民法院审判委员会第1825次会议通过，"
        "现予公布，自2021年1月1日起施行。",
        "最高人民法院",
        "2020年12月29日",
        "法释〔2020〕22号",
        "最高人民法院\v关于审理星光纠纷案件的\v解释（一）",
        "为正确审理星光纠纷案件，根据2001年3月5日通过的《星光借贷法》，制定本解释。",
        "一、一般规定",
        "第一条　持续的黑暗，可以认定为没有星光。",
        "二、借还",
        "第二条　借了不还的，应当还。",
    )
    read = lawdocx.parse(law(lines), "最高人民法院关于审理星光纠纷案件的解释（一）_20201229.docx")
    assert (read.law, read.version, read.category) == (
        "最高人民法院关于审理星光纠纷案件的解释（一）", "2020-12-29", "司法解释",
    )  # fmt: skip
    assert [(one.chapter, one.text) for one in read.articles] == [
        ("一、一般规定", "持续的黑暗，可以认定为没有星光。"),
        ("二、借还", "借了不还的，应当还。"),
    ]
    assert versions.editions([read])[0].starts == date(2021, 1, 1)


@pytest.mark.parametrize(
    "contents",
    [
        ("目　　录", *(f"{line}\t{at}" for at, line in enumerate(CONTENTS))),
        ("目录", *(f"{line}……{at}" for at, line in enumerate(CONTENTS))),
        ("目 次",),
        (),
    ],
)
def test_a_table_of_contents_is_no_text(contents: tuple[str, ...]) -> None:
    read = lawdocx.parse(law((TITLE, ADOPTED, *contents, *BODY)), NAME)
    assert read.articles == lawdocx.parse(whole(), NAME).articles


def test_articles_that_word_numbers_itself() -> None:
    read = lawdocx.parse(numbered("为了规范星光，制定本法。", "借星光应当立字据。"), NAME)
    assert [(one.number, one.text) for one in read.articles] == [
        (1, "为了规范星光，制定本法。"), (2, "借星光应当立字据。"),
    ]  # fmt: skip


def test_a_text_of_points_and_a_text_without_any() -> None:
    points = law((TITLE, ADOPTED, "一、借了要还。", "还要说谢谢。", "二、不还的加倍。"))
    assert [(one.name, one.text) for one in lawdocx.parse(points, NAME).articles] == [
        ("第一点", "借了要还。\n还要说谢谢。"), ("第二点", "不还的加倍。"),
    ]  # fmt: skip
    plain = law((TITLE, ADOPTED, "星光属于大家。"))
    assert [(one.number, one.text) for one in lawdocx.parse(plain, NAME).articles] == [(0, "星光属于大家。")]


def deep() -> bytes:
    """A DOCX whose XML is nested far deeper than any text."""
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(whole())) as old, zipfile.ZipFile(out, "w") as new:
        for member in old.infolist():
            content = old.read(member)
            if member.filename == "word/document.xml":
                content = content.replace(b"<w:body>", b"<w:body>" + b"<w:sdt>" * 5000 + b"</w:sdt>" * 5000)
            new.writestr(member, content)
    return out.getvalue()


def bomb() -> bytes:
    """A DOCX with a member that unpacks to 300 MB."""
    out = BytesIO(whole())
    with zipfile.ZipFile(out, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/media/a.xml", b"0" * 300_000_000)
    return out.getvalue()


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"\xd0\xcf\x11\xe0 encrypted", "加密"),
        (b"plain text", "损坏"),
        (whole()[:2000], "损坏"),
        (deep(), "不是完好的"),
        (bomb(), "压缩炸弹"),
        (law(()), "statute"),
        (law(("没有日期的通知", "第一章　空")), "statute"),
    ],
)
def test_what_cannot_be_read_is_refused_with_the_reason(content: bytes, why: str) -> None:
    with pytest.raises(BadSource, match=why):
        lawdocx.parse(content, "某法.docx")


def test_entities_are_not_resolved(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("the secret")
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(whole())) as old, zipfile.ZipFile(out, "w") as new:
        for member in old.infolist():
            content = old.read(member)
            if member.filename == "word/document.xml":
                begins = content.index(b"<w:document")
                kind = f'<!DOCTYPE x [<!ENTITY s SYSTEM "file://{tmp_path}/secret">]>'.encode()
                content = content[:begins] + kind + content[begins:]
                content = content.replace("借星光应当立字据".encode(), b"&s;")
            new.writestr(member, content)
    assert "secret" not in str(lawdocx.parse(out.getvalue(), NAME).articles)


def test_the_laws_of_our_own_tests_come_out_as_from_markdown() -> None:
    compared = 0
    for path in sorted(LAWS.rglob("*.md")):
        name = path.relative_to(LAWS).as_posix()
        if lawrefbook.kind(name) == "law" and "(" in name:
            compared += 1
            _require_same(path.read_bytes(), name)
    assert compared >= 5


@pytest.mark.skipif(not DATA.is_file(), reason="LEXHUB_TEST_DATA is not set")
def test_real_laws_come_out_as_from_markdown_byte_for_byte() -> None:
    wanted = {
        "公司法(2023-12-29).md", "劳动合同法(2012-12-28).md", "民事诉讼法(2023-09-01).md", "刑法.md",
        "消费者权益保护法(2013-10-25).md", "著作权法(2020-11-11).md", "个人信息保护法(2021-08-20).md",
        "最高人民法院关于适用《民法典》婚姻家庭编的解释（一）(2020-12-29).md",
    }  # fmt: skip
    with tarfile.open(DATA) as archive:
        for member in archive:
            if member.name.rsplit("/", 1)[-1] in wanted and (file := archive.extractfile(member)) is not None:
                wanted.discard(member.name.rsplit("/", 1)[-1])
                _require_same(file.read(), member.name.removeprefix("./"))
    assert not wanted


def _require_same(content: bytes, name: str) -> None:
    known = lawrefbook.parse(content, name)
    stem = re.sub(r"\((\d{4})-(\d\d)-(\d\d)\)$", r"_\1\2\3", name.removesuffix(".md"))
    read = lawdocx.parse(wordlaws.of_markdown(content), f"{stem}.docx")
    assert (read.law, read.version) == (known.law, known.version)
    assert [(one.number, one.sub, one.name, one.text) for one in read.articles] == [
        (one.number, one.sub, one.name, one.text) for one in known.articles
    ]
    [first], [second] = versions.editions([read]), versions.editions([known])
    assert (first.starts, first.repeals) == (second.starts, second.repeals)
