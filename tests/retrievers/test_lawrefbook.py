import pytest

from retrievers import lawrefbook
from retrievers.contracts import BadSource
from retrievers.lawrefbook import Document
from tests.retrievers.conftest import LAWS


def read(path: str) -> Document:
    return lawrefbook.parse((LAWS / path).read_bytes(), path)


def parse(text: str, path: str = "社会法/某法(2020-01-01).md") -> Document:
    return lawrefbook.parse(text.encode(), path)


def test_articles_keep_paragraphs_and_place() -> None:
    law = read("民法商法/星火租赁法(2023-03-01).md")
    first = law.articles[0]
    assert (law.law, law.version, law.category) == ("星火租赁法", "2023-03-01", "民法商法")
    assert (first.number, first.sub, first.name) == (1, 0, "第一条")
    assert first.text.split("\n")[1:] == [
        "字据可以写在木板上，木板应当写明：",
        "（一）火种的名称；",
        "（二）归还的日子。",
    ]
    assert first.chapter == "第一章 总则 / 第一节 字据"
    assert law.articles[2].chapter == "第二章 附则"


def test_inserted_articles_have_a_sub_number_and_annexes_belong_to_none() -> None:
    law = read("刑法/纵火罚则(2010-10-10).md")
    assert [(a.number, a.sub, a.name) for a in law.articles] == [
        (1, 0, "第一条"),
        (1, 1, "第一条之一"),
        (2, 0, "第二条"),
    ]
    assert law.articles[-1].text == "本罚则自2010年12月1日起施行。"


def test_titles_lose_the_state_and_keep_inner_marks() -> None:
    law = read("司法解释/最高人民法院关于适用《星火租赁法》的解释(2024-01-05).md")
    assert law.law == "最高人民法院关于适用《星火租赁法》的解释"
    assert lawrefbook.title("《中华人民共和国某某法 (试行)》") == "某某法（试行）"


def test_a_part_of_a_code_says_which_part_and_takes_its_date_from_the_head() -> None:
    law = read("星河法典/渡船编.md")
    assert (law.law, law.part, law.version) == ("星河法典", "渡船编", "2020-08-08")


def test_points_stand_for_articles_where_there_are_none() -> None:
    law = read("行政法规/云梯使用暂行规定(1999-04-05).md")
    assert [(a.number, a.name) for a in law.articles] == [(1, "第一点"), (2, "第二点")]


def test_a_text_without_articles_or_points_is_one_whole() -> None:
    law = read("行政法规/关于清点风车的通知(1998-01-02).md")
    assert [(a.number, a.name) for a in law.articles] == [(0, "全文")]


def test_a_reference_at_the_start_of_a_line_is_no_article() -> None:
    law = parse("# 某法\n\n<!-- INFO END -->\n\n第一条 甲。\n\n第九条、第十条的规定另行适用。\n\n第二条 乙。")
    assert [a.number for a in law.articles] == [1, 2]
    assert law.articles[0].text.endswith("另行适用。")


def test_front_matter_marks_of_windows_and_comments_do_not_matter() -> None:
    law = parse(
        "\ufeff---\r\ndraft: true\r\n---\r\n# 某法 <!-- 旧称 -->\r\n\r\n## 第一章 总 则\r\n第一条　甲。<!-- x -->\r\n"
    )
    assert (law.law, law.articles[0].text, law.articles[0].chapter) == ("某法", "甲。", "第一章 总 则")


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        ("# 某法\n第一条 甲。".encode("gbk"), "not UTF-8"),
        (b"# \0", "NUL"),
        ("没有标题\n<!-- INFO END -->\n第一条 甲。".encode(), "no heading"),
        ("# 某攻略\n<!-- INFO END -->\n怎样省钱。".encode(), "neither articles nor a date"),
        ("# 某法\n2020年1月1日 通过\n<!-- INFO END -->\n".encode(), "no text"),
        ("# 某法\n2020年13月41日 通过\n<!-- INFO END -->\n第一条 甲。".encode(), "no such day"),
        (b"", "neither the INFO END mark"),
    ],
)
def test_bad_files_are_refused_with_the_reason(content: bytes, reason: str) -> None:
    with pytest.raises(BadSource, match=reason):
        lawrefbook.parse(content, "社会法/某法.md")


@pytest.mark.parametrize(
    ("path", "category"),
    [("社会法/某法.md", "社会法"), ("法律法规/社会法/旧/某法.md", "社会法"), ("杂/某法.md", "杂"), ("某法.md", "")],
)
def test_the_category_is_the_known_folder(path: str, category: str) -> None:
    assert parse("# 某法\n\n<!-- INFO END -->\n\n第一条 甲。", path).category == category


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("案例/租赁/木板丢失案.md", "案例"),
        ("民法商法/_index.md", "目录页"),
        ("README.md", "说明"),
        ("法律法规模版.md", "模版"),
        ("社会法/某法.md", "law"),
    ],
)
def test_what_a_file_is(path: str, kind: str) -> None:
    assert lawrefbook.kind(path) == kind
