"""Names of laws, in any writing, to canonical titles."""

import lzma
import os
from datetime import date
from pathlib import Path

import pytest
import yaml

from retrievers import tables, titles
from retrievers.titles import Titles

BORROWING = "最高人民法院关于审理民间借贷案件适用法律若干问题的规定"
FAMILY_ONE = "最高人民法院关于适用《民法典》婚姻家庭编的解释（一）"
CIVIL_PROCEDURE = "最高人民法院关于适用《民事诉讼法》的解释"
LOADED = [
    "民法典", "刑法", "公司法", "劳动法", "劳动合同法", "消费者权益保护法", "民事诉讼法", "物业管理条例",
    "工伤保险条例", "刑法修正案（十一）", "宪法修正案（2018年）", BORROWING, FAMILY_ONE, CIVIL_PROCEDURE,
    "最高人民法院关于审理买卖合同纠纷案件适用法律问题的解释",
    "最高人民法院关于审理信用证纠纷案件若干问题的规定",
    "最高人民法院关于审理非法集资刑事案件具体应用法律若干问题的解释",
]  # fmt: skip


@pytest.fixture(scope="module")
def known() -> Titles:
    return Titles(LOADED)


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("民法典", "民法典"),
        ("《中华人民共和国民法典》", "民法典"),
        (" 中华人民共和国 民法典 ", "民法典"),
        ("民法典（2020年5月28日）", "民法典"),
        ("公司法(2018修正)", "公司法"),
        ("民法典婚姻家庭编", "民法典"),
        ("消法", "消费者权益保护法"),
        ("消保法", "消费者权益保护法"),
        ("劳合法", "劳动合同法"),
        ("勞動合同法", "劳动合同法"),
        ("民诉法", "民事诉讼法"),
        ("工伤条例", "工伤保险条例"),
        ("刑法修正案(十一)", "刑法修正案（十一）"),
        ("宪法修正案(2018年)", "宪法修正案（2018年）"),
        ("最高人民法院关于适用《中华人民共和国民事诉讼法》的解释", CIVIL_PROCEDURE),
        ("最高人民法院关于适用<民事诉讼法>的解释", CIVIL_PROCEDURE),
        ("民诉法解释", CIVIL_PROCEDURE),
        ("最高院民诉法解释", CIVIL_PROCEDURE),
        ("最高人民法院关于适用﹤民事诉讼法﹥的解释", CIVIL_PROCEDURE),
        ("婚姻家庭编解释(一)", FAMILY_ONE),
        ("最高人民法院关于适用〈中华人民共和国民法典〉婚姻家庭编的解释(一)", FAMILY_ONE),
        ("最高人民法院关于适用民法典婚姻家庭编的解释（一）", FAMILY_ONE),
        ("关于审理民间借贷案件适用法律若干问题的规定", BORROWING),
        ("民间借贷司法解释", BORROWING),
        ("最高法关于民间借贷的司法解释", BORROWING),
        ("信用证司法解释", "最高人民法院关于审理信用证纠纷案件若干问题的规定"),
    ],
)
def test_a_name_in_any_writing(known: Titles, name: str, title: str) -> None:
    assert known.canonical(name) == title


@pytest.mark.parametrize("name", ["火星法", "合同解释", "劳动争议司法解释", "解释", "规定", "", "公司法（征求意见稿）"])
def test_the_unknown_and_the_ambiguous_have_no_title(known: Titles, name: str) -> None:
    assert known.canonical(name) is None


def test_a_known_law_that_is_not_loaded_keeps_its_title(known: Titles) -> None:
    assert known.canonical("道交法") == "道路交通安全法"
    assert "道路交通安全法" not in known and "民法典" in known


@pytest.mark.parametrize(
    "name", ["婚姻法", "继承法", "合同法", "物权法", "担保法", "侵权责任法", "民法通则", "民法总则", "收养法"]
)
def test_old_civil_laws_are_known_as_such(known: Titles, name: str) -> None:
    assert known.canonical(f"《中华人民共和国{name}》") == name
    assert known.old_law(f"中华人民共和国{name}") == "民法典"
    old = known.old(name)
    assert old is not None and old.since == date(2021, 1, 1)


def test_a_living_law_is_not_old(known: Titles) -> None:
    assert known.old_law("民法典") is None and known.old_law("火星法") is None
    assert known.old_law("婚姻法解释(一)") == FAMILY_ONE


def test_the_version_that_a_name_asks_for(known: Titles) -> None:
    assert known.version("公司法（2018修正）") == "2018"
    assert known.version("民法典") == known.version("宪法修正案（2018年）") == ""


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("根据劳动合同法", ("劳动合同法", 2)),
        ("我国民法典", ("民法典", 2)),
        ("依照《民法典", ("民法典", 2)),
        (f"按{FAMILY_ONE}", (FAMILY_ONE, 1)),
        ("日本民法典", None),
        ("北京市物业管理条例", None),
        ("今天天气", None),
    ],
)
def test_the_name_at_the_end_of_a_text(known: Titles, text: str, found: tuple[str, int] | None) -> None:
    assert known.ending(text) == found


def test_every_name_in_the_table_means_one_law() -> None:
    table = yaml.safe_load(titles.ALIASES.read_text(encoding="utf-8"))
    keys = [titles.key(name) for names in table["names"].values() for name in names]
    assert len(keys) == len(set(keys))
    gone = [row.law for row in tables.gone()]
    assert not {titles.key(title) for title in (*table["names"], *gone)} & set(keys)


@pytest.mark.skipif("LEXHUB_TEST_DATA" not in os.environ, reason="needs the real statutes")
def test_every_target_in_the_table_is_a_real_title() -> None:
    import json

    with lzma.open(Path(os.environ["LEXHUB_TEST_DATA"]) / "articles.jsonl.xz", "rt", encoding="utf-8") as lines:
        real = {json.loads(line)["law"] for line in lines}
    table = yaml.safe_load(titles.ALIASES.read_text(encoding="utf-8"))
    gone = [row for row in tables.gone() if not row.amended]
    given = real | {row.law for row in tables.changed()} | {row.law for row in gone}
    assert set(table["names"]) <= given
    newer = {row.now for row in gone if row.now} - given
    assert len(newer) == 6, "made after the collection, or rules that it does not hold"
    everything = Titles(real)
    assert [title for title in real if everything.canonical(title) != title] == []
