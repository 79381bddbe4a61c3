"""Citations in every notation, and what the corpus has under them."""

import json
import lzma
import os
import random
import time
from datetime import date
from pathlib import Path

import pytest

from retrievers import citations, numerals
from retrievers.contracts import Passage, Resolution, Successor
from retrievers.titles import Titles

BORROWING = "最高人民法院关于审理民间借贷案件适用法律若干问题的规定"
FAMILY_ONE = "最高人民法院关于适用《民法典》婚姻家庭编的解释（一）"
LOADED = [
    "民法典", "刑法", "公司法", "劳动法", "劳动合同法", "工伤保险条例", "刑法修正案（十一）",
    "物业管理条例", "治安管理处罚法", BORROWING, FAMILY_ONE,
]  # fmt: skip
TITLES = Titles(LOADED)

DIVORCE = (
    "夫妻一方要求离婚的，可以向人民法院提起离婚诉讼。\n人民法院审理离婚案件，应当进行调解。\n"
    "有下列情形之一，调解无效的，应当准予离婚：\n（一）重婚或者与他人同居；\n（二）实施家庭暴力；\n"
    "（三）因感情不和分居满二年。\n一方被宣告失踪，另一方提起离婚诉讼的，应当准予离婚。"
)


def passage(law: str, number: int, text: str, sub: int = 0, **more: object) -> Passage:
    article = f"第{numerals.to_chinese(number)}条" + (f"之{numerals.to_chinese(sub)}" if sub else "")
    values = {"kind": "official", "version": "2023-12-29", **more}
    ident = f"{law}#{number}" + (f"-{sub}" if sub else "")
    return Passage.model_validate(
        {"id": ident, "law": law, "article": article, "number": number, "sub": sub, "text": text, **values}
    )


REVISED = "《治安管理处罚法》已于2025-06-27修订"
CORPUS = {
    (row.law, row.number, row.sub): row
    for row in [
        passage("民法典", 1079, DIVORCE, version="2020-05-28"),
        passage("刑法", 133, "醉酒驾驶机动车的，处拘役。", sub=1),
        passage("公司法", 20, "公司从事经营活动，应当充分考虑公司职工的利益。"),
        passage("劳动合同法", 39, "劳动者有下列情形之一的：\n(一)试用期间不符合条件的;\n(二)严重违反规章制度的。"),
        passage("劳动合同法", 46, "单位提出解除的,应付经济补偿。", kind="digest", version=""),
        passage("治安管理处罚法", 43, "处五日以下拘留。", status="superseded", changed_by=REVISED),
        passage("工伤保险条例", 14, "有下列情形之一的，认定工伤：（一）工作原因；（二）患职业病的。"),
    ]
}  # fmt: skip


def lookup(law: str, number: int, sub: int) -> Passage | None:
    return CORPUS.get((law, number, sub))


def last_article(law: str) -> int | None:
    return {"民法典": 1260, "刑法": 452}.get(law)


def ids(text: str) -> list[str]:
    return [
        mention.id
        + (f"/{mention.paragraph}款" if mention.paragraph else "")
        + (f"/{mention.item}项" if mention.item else "")
        + (f"@{mention.version}" if mention.version else "")
        for mention in citations.mentions(text, TITLES)
    ]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("《民法典》第一千零七十九条", ["民法典#1079"]),
        ("《民法典》一千零七十九条", ["民法典#1079"]),
        ("《 民法典 》 第 1079 条", ["民法典#1079"]),
        ("《民法典》第１０７９条", ["民法典#1079"]),
        ("《民法典》第1,079条", ["民法典#1079"]),
        ("**《民法典》**第**1079**条", ["民法典#1079"]),
        ("《中华人民共和国民法典》第一千零七十九条", ["民法典#1079"]),
        ("民法典1079条", ["民法典#1079"]),
        ("民法典1079怎么说", ["民法典#1079"]),
        ("民法典第1079怎么说", ["民法典#1079"]),
        ("《中华人民共和国劳动合同法》(以下简称《劳动合同法》)第39条", ["劳动合同法#39"]),
        ("民法典#1079和刑法#133-1", ["民法典#1079", "刑法#133-1"]),
        ("民法典第1079条第三款第二项", ["民法典#1079/3款/2项"]),
        ("民法典第1079条第一款、第三款第(二)项", ["民法典#1079/1款", "民法典#1079/3款/2项"]),
        ("民法典第1079条第一、二款", ["民法典#1079/1款", "民法典#1079/2款"]),
        ("民法典婚姻家庭编第1079条", ["民法典#1079"]),
        ("《民法典》第五编第1079条", ["民法典#1079"]),
        ("民法典规定的第1079条", ["民法典#1079"]),
        ("刑法133条之一", ["刑法#133-1"]),
        ("刑法第133条之1第2款", ["刑法#133-1/2款"]),
        ("刑法第133-1条", ["刑法#133-1"]),
        ("刑法第二百八十七条之一、之二", ["刑法#287-1", "刑法#287-2"]),
        ("刑法第二百六十四条至第二百六十六条", ["刑法#264", "刑法#266"]),
        ("刑法264-266条", ["刑法#264", "刑法#266"]),
        ("刑法修正案（十一）第三条", ["刑法修正案（十一）#3"]),
        ("劳动合同法39、40条", ["劳动合同法#39", "劳动合同法#40"]),
        (
            "《劳动合同法》第三十八条、第四十六条第(一)项和第四十七条",
            ["劳动合同法#38", "劳动合同法#46/1项", "劳动合同法#47"],
        ),
        ("《劳动合同法》第三十九条第(二)、(三)项", ["劳动合同法#39/2项", "劳动合同法#39/3项"]),
        ("《勞動合同法》第三十九條第二項", ["劳动合同法#39/2项"]),
        ("《劳动合同法》自2008年施行,该法第39条和第40条", ["劳动合同法#39", "劳动合同法#40"]),
        (f"《{BORROWING}》第一条:依照民法典第680条和本规定第二条", [f"{BORROWING}#1", "民法典#680", f"{BORROWING}#2"]),
        ("劳动合同法规定了解除。第三十九条很清楚", ["劳动合同法#39"]),
        ("《民法典》第1079条说调解，该条第二款又说", ["民法典#1079", "民法典#1079/2款"]),
        ("民法典第十条、《刑法》第二十条、第二十一条", ["民法典#10", "刑法#20", "刑法#21"]),
        ("民间借贷司法解释第25条", [f"{BORROWING}#25"]),
        (
            "《最高人民法院关于适用〈中华人民共和国民法典〉婚姻家庭编的解释（一）》第二十五条",
            ["最高人民法院关于适用民法典婚姻家庭编的解释（一）#25"],
        ),
        ("根据火星法第3条,应当赔偿", ["火星法#3"]),
        ("日本民法典第709条", ["日本民法典#709"]),
        ("北京市物业管理条例第3条", ["北京市物业管理条例#3"]),
        ("公司法（2018修正）第20条", ["公司法#20@2018"]),
        ("《公司法》(2018年修正)第二十条", ["公司法#20@2018"]),
        ("2018年《公司法》第二十条", ["公司法#20@2018"]),
        ("原《合同法》第52条", ["合同法#52@旧"]),
        ("第39条规定", ["#39"]),
        ("本法第三条", ["#3"]),
        ("民法典第一百二十三十条", ["民法典#0"]),
        ("《劳动合同法》第八十二条2倍工资,三十日内", ["劳动合同法#82"]),
    ],
)
def test_what_a_text_cites(text: str, found: list[str]) -> None:
    assert ids(text) == found


@pytest.mark.parametrize(
    "text",
    [
        "劳动合同第八条约定",
        "根据民法典签订的合同第八条",
        "公司员工手册第5条",
        "《房屋租赁合同》第五条",
        "第二条路是起诉",
        "我的第一条建议是先协商",
        "民法典2021年1月1日施行",
        "民法典第五编规定了婚姻家庭",
        "工资3000元,工作2年,第一次被拖欠",
        "",
    ],
)
def test_what_is_no_citation(text: str) -> None:
    assert ids(text) == []


def test_a_mention_is_a_slice_of_the_text() -> None:
    text = "依据中华人民共和国刑法 第 264 条、第２６６条,以及《民法典》第一千零七十九条第三款。"
    found = citations.mentions(text, TITLES)
    assert [text[row.start : row.end] for row in found] == [row.text for row in found]
    assert [row.text for row in found] == [
        "中华人民共和国刑法 第 264 条",
        "第２６６条",
        "《民法典》第一千零七十九条第三款",
    ]


def test_paragraphs_and_items_of_an_official_text() -> None:
    divorce = CORPUS["民法典", 1079, 0]
    assert len(citations.paragraphs(divorce)) == 4
    assert citations.paragraph(divorce, 2) == "人民法院审理离婚案件，应当进行调解。"
    assert citations.paragraph(divorce, 4) == "一方被宣告失踪，另一方提起离婚诉讼的，应当准予离婚。"
    assert citations.paragraph(divorce, 5) is None and citations.paragraph(divorce, 0) is None
    assert citations.item(divorce, 3, 2) == citations.item(divorce, None, 2) == "（二）实施家庭暴力；"
    assert citations.item(divorce, 1, 2) is None and citations.item(divorce, 3, 9) is None
    assert citations.item(CORPUS["工伤保险条例", 14, 0], None, 1) == "（一）工作原因；"
    assert citations.item(CORPUS["劳动合同法", 39, 0], 1, 2) == "(二)严重违反规章制度的。"


@pytest.mark.parametrize(
    ("text", "outcome", "excerpt", "note"),
    [
        ("民法典第1079条", "found", DIVORCE, ""),
        ("民法典第1079条第二款", "found", "人民法院审理离婚案件，应当进行调解。", ""),
        ("民法典第1079条第三款第一项", "found", "（一）重婚或者与他人同居；", ""),
        ("民法典第1079条第九款", "no_such_paragraph", "", "《民法典》第一千零七十九条共4款,没有第9款。"),
        ("民法典第1079条第一款第三项", "no_such_paragraph", "", "《民法典》第一千零七十九条第1款没有第3项。"),
        ("民法典第9999条", "no_such_article", "", "《民法典》没有第9999条,现行《民法典》共1260条。"),
        ("刑法第264条之九", "no_such_article", "", "《刑法》没有第264条之九,现行《刑法》共452条。"),
        ("劳动法第50条", "no_such_article", "", "现有资料没有收录《劳动法》第50条,不能核对。"),
        ("民法典第一百二十三十条", "no_such_article", "", "“民法典第一百二十三十条”的条号无法识别。"),
        ("火星法第3条", "no_such_law", "", "现有资料没有收录《火星法》,不能核对第3条。"),
        ("第3条", "no_such_law", "", "“第3条”没有写明是哪一部法律。"),
        ("婚姻法第32条", "repealed", "", "《婚姻法》自2021年1月1日起已废止,现在适用《民法典》。"),
        ("治安管理处罚法第43条", "superseded", "", "《治安管理处罚法》已于2025-06-27修订。"),
        ("公司法(2023修订)第20条", "found", "公司从事经营活动，应当充分考虑公司职工的利益。", ""),
        (
            "公司法(2018修正)第20条",
            "superseded",
            "",
            "文中指的是《公司法》2018年的版本,现在收录的是2023-12-29版本,条文内容和序号可能不同。",
        ),
        (
            "劳动合同法第46条第二款",
            "found",
            "单位提出解除的,应付经济补偿。",
            "现在只收录了《劳动合同法》第四十六条的要旨,没有官方原文,不能区分到款、项。",
        ),
    ],
)
def test_what_a_citation_turns_out_to_be(text: str, outcome: str, excerpt: str, note: str) -> None:
    (found,) = citations.resolve(text, TITLES, lookup, last_article)
    assert (found.outcome, found.excerpt, found.note) == (outcome, excerpt, note)


def test_the_version_that_is_named_is_looked_up() -> None:
    heir = Successor(law="公司法", version="2023-12-29", id="公司法#20")
    new = passage("公司法", 20, "新。", version="2023-12-29", effective_from=date(2024, 7, 1))
    said = "《公司法》已有2023-12-29通过的新版本,自2024-07-01起施行"
    old = passage("公司法", 20, "旧。", version="2018-10-26", status="superseded", changed_by=said, successor=heir)

    def found(text: str) -> Resolution:
        (one,) = citations.resolve(text, TITLES, lambda *place: new, versions=lambda *place: [new, old])
        return one

    for text in ("公司法(2018修正)第20条", "旧公司法第20条"):
        assert (found(text).outcome, found(text).passage) == ("superseded", old)
        assert found(text).note == f"{said},条文内容和序号可能不同。"
    for text in ("公司法(2023修订)第20条", "公司法(2024版)第20条"):
        assert (found(text).outcome, found(text).passage) == ("found", new)


def test_a_law_that_is_gone_was_law_before() -> None:
    (now,) = citations.resolve("合同法第52条", TITLES, lambda *place: None)
    (before,) = citations.resolve("合同法第52条", TITLES, lambda *place: None, day=date(2020, 12, 31))
    assert (now.outcome, now.note) == ("repealed", "《合同法》自2021年1月1日起已废止,现在适用《民法典》。")
    assert before.outcome == "no_such_law"


def test_nothing_is_said_not_to_exist_where_only_digests_are_loaded() -> None:
    (found,) = citations.resolve("民法典第5条", TITLES, lookup)
    assert found.outcome == "no_such_article" and "没有收录" in found.note


def test_an_old_law_that_is_loaded_is_what_its_passage_says() -> None:
    old = passage("合同法", 52, "有下列情形之一的，合同无效。", status="in_force", version="1999-03-15")
    (found,) = citations.resolve("合同法第52条", TITLES, lambda law, number, sub: old)
    assert found.outcome == "found"


def test_reading_a_sentence_is_fast() -> None:
    text = "根据《劳动合同法》第三十八条、第四十六条第(一)项,该法第五条以及民间借贷司法解释第25条、火星法第3条," * 5
    citations.mentions(text, TITLES)
    began = time.perf_counter()
    for _ in range(20):
        citations.mentions(text[:300], TITLES)
    assert (time.perf_counter() - began) / 20 < 0.02  # about 1 ms where nothing else runs


@pytest.mark.skipif("LEXHUB_TEST_DATA" not in os.environ, reason="needs the real statutes")
def test_real_articles_are_found_in_several_notations() -> None:
    with lzma.open(Path(os.environ["LEXHUB_TEST_DATA"]) / "articles.jsonl.xz", "rt", encoding="utf-8") as lines:
        rows = [json.loads(line) for line in lines]
    known = Titles({row["law"] for row in rows})
    sample = random.Random(7).sample([row for row in rows if row["article"].startswith("第")], 500)
    for row in sample:
        law, number, sub = row["law"], row["number"], row["sub"]
        digits = f"第{number}条" + (f"之{sub}" if sub else "")
        inner = law.replace("《", "〈").replace("》", "〉")
        for text in (
            f"《{inner}》{row['article']}",
            f"《中华人民共和国{inner}》{digits}",
            f"根据《{inner}》的{digits}第一款",
            f"{law}{digits}",
            f"依照{law}{digits.removeprefix('第')},当事人",
            f"《{inner}》自公布之日起施行,该法{digits}",
            f"{law.replace('（', '(').replace('）', ')')} {digits}".replace("《", "").replace("》", ""),
        ):
            found = [(mention.law, mention.number, mention.sub) for mention in citations.mentions(text, known)]
            assert found == [(law, number, sub)], text
