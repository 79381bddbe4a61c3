from datetime import date
from typing import Any

import pytest

from orchestrator import likeness, opinion
from orchestrator.domains import packs
from orchestrator.facts import extract
from retrievers.contracts import Case

TODAY = date(2026, 11, 20)
STORY = "朋友去年借我五万块钱,写了借条,现在不还。"


def case(**given: Any) -> Case:
    return Case.model_validate({"id": "甲", "title": "甲案", "kind": "judgment", "facts": "无", **given})


def compare(one: Case, story: str = STORY, *terms: str) -> likeness.Likeness:
    return likeness.compare(one, likeness.Told(story, {}, terms), None, TODAY)


def test_elements_are_compared_with_the_field_s_own_pack() -> None:
    found = compare(
        case(field="民间借贷", cause="民间借贷纠纷", facts="甲某借给乙某25万元,只有转账记录,没有借条,乙某拒不归还。")
    )
    assert "案由同为「民间借贷纠纷」" in found.alike
    assert any(said.startswith("借款本金不同:您是「50000元」,该案是「250000元」") for said in found.differing)


def test_the_facts_of_the_consultation_count_where_they_are_known() -> None:
    pack = packs()["民间借贷"]
    facts = extract(pack.elements, "借给朋友25万元", TODAY)
    told = likeness.Told("借钱不还", facts)
    found = likeness.compare(case(field="民间借贷", facts="甲某借给乙某30万元。"), told, pack, TODAY)
    assert "借款本金相近:您是「250000元」,该案是「300000元」" in found.alike


@pytest.mark.parametrize(
    ("story", "alike", "differing"),
    [
        ("他盗窃电动车被抓了", "罪名同为「盗窃罪」", "该案还涉及「贩卖、运输毒品罪」"),
        ("他贩卖毒品被抓了", "罪名同为「贩卖、运输毒品罪」", "该案还涉及「盗窃罪」"),
        ("他醉酒开车被抓了", "", "该案的罪名是「盗窃罪、贩卖、运输毒品罪」"),
    ],
)
def test_charges(story: str, alike: str, differing: str) -> None:
    found = compare(case(field="刑事", charges=("盗窃罪", "贩卖、运输毒品罪"), facts="某日夜里。"), story)
    assert any(said.startswith(differing) for said in found.differing)
    assert not alike or alike in found.alike


def test_without_a_pack_legal_terms_are_compared() -> None:
    found = compare(
        case(field="海商", facts="货物运输途中落水,承运人拒绝赔偿损失。"), "货掉水里了", "承运人", "赔偿损失", "赔偿"
    )
    assert found.alike == ("都涉及承运人、赔偿损失",)


def test_nothing_in_common_is_said_honestly() -> None:
    assert compare(case(facts="无")).alike == (likeness.NOTHING,)


@pytest.mark.parametrize(
    ("text", "shown"),
    [("短", "短"), ("第一句。第二句很长很长很长", "第一句。"), ("没有句号的一句话一直说", "没有句号的一……")],
)
def test_outcomes_are_shortened_at_sentences(text: str, shown: str) -> None:
    assert likeness.shortened(text, 8) == shown


def test_a_case_without_outcome_says_so() -> None:
    [shown] = opinion.similar([case(facts="渡船超载。", charges=("超载罪",))], likeness.Told(STORY, {}), None, TODAY)
    assert shown.outcome == "资料没有载明裁判结果。案情:渡船超载。"
    assert shown.alike and shown.differs
