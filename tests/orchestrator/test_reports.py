"""The report in Markdown: labels, quotations and digests, tables."""

import json
import re
from datetime import date

import yaml

from orchestrator.reports import VISIBLE, aigc, markdown
from tests.orchestrator.opinions import opinion

REACHES = date(2024, 9, 1)


def report(**changes: object) -> str:
    return markdown(opinion(**changes), "会话-1", "某某公司", REACHES)


def test_the_front_matter_is_yaml_and_carries_the_aigc_label() -> None:
    head = yaml.safe_load(report().split("---\n")[1])
    assert head["title"] == "法律咨询报告"
    assert head["date"] == date(2026, 11, 20)
    assert list(head["AIGC"]) == [
        "Label", "ContentProducer", "ProduceID", "ReservedCode1", "ContentPropagator", "PropagateID", "ReservedCode2",
    ]  # fmt: skip
    assert (head["AIGC"]["Label"], head["AIGC"]["ContentProducer"], head["AIGC"]["ProduceID"]) == (
        "1",
        "某某公司",
        "会话-1",
    )


def test_a_strange_producer_breaks_no_metadata() -> None:
    producer = 'A "quoted"\nname: {x} 某公司'
    text = markdown(opinion(), "s", producer, None)
    [line] = [line for line in text.splitlines() if line.startswith("AIGC:")]
    assert json.loads(line.removeprefix("AIGC: ")) == aigc(producer, "s")


def test_the_visible_label_stands_at_head_and_foot() -> None:
    text = report()
    assert text.count(VISIBLE) == 2
    assert text.index("AI生成") < text.index("## 一、")
    assert VISIBLE in text.rstrip().splitlines()[-1]
    assert "12348" in text.rstrip().splitlines()[-1]


def test_it_says_to_which_day_its_law_reaches() -> None:
    assert "法条数据截至：2024-09-01" in report()
    assert "法条数据截至：未知" in markdown(opinion(), "s", "p", None)


def test_official_text_is_quoted_and_a_digest_is_not() -> None:
    text = report()
    official = text[text.index("### 《民法典》第六百七十五条") : text.index("### 《民法典》第六百七十六条")]
    digest = text[text.index("### 《民法典》第六百七十六条") : text.index("## 五、")]
    assert "官方原文（已核对，2020-05-28 版本）：" in official
    assert "> 借款人应当返还。\n> 第二款。" in official
    assert "要旨(非原文)：逾期要付利息。" in digest
    assert not re.search(r"^>|[“”「」]|官方原文", digest, re.MULTILINE)


def test_the_question_is_quoted_line_by_line() -> None:
    assert "> 他借了三万二\n> 不还" in report()


def test_table_cells_hold_no_bars_and_no_line_ends() -> None:
    rows = [line for line in report().splitlines() if line.startswith("|")]
    assert r"| 备注 | a\|b c | 确认时更正 |" in rows
    assert r"| 1 | 起诉\|或申请 支付令 | 法院 | 三年内 |" in rows
    assert "| 2 | 保全 | — | — |" in rows
    assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows} == {4, 5}


def test_invented_cases_are_labelled() -> None:
    assert "〔教学案例，虚构，非真实裁判〕借船案" in report()


def test_all_parts_are_there_in_order() -> None:
    headings = re.findall(r"^## (.+)$", report(), re.MULTILINE)
    assert headings == [
        "一、咨询的问题", "二、事实", "更正与法律变动", "三、意见", "四、依据的法条", "五、相似案例", "六、证据清单", "七、下一步",
        "八、风险和注意事项", "九、尚不确定的事项",
    ]  # fmt: skip
    for said in (
        "您可以要求归还32000元。",
        "《民法典》没有第9999条。",
        "借条原件",
        "担保人：如果担保人为「有」，则可以找他",
        "超过三年对方可以抗辩。",
    ):
        assert said in report()


def test_what_there_is_not_is_left_out_or_said() -> None:
    empty = opinion(
        corrections=(), notices=(), grounds=(), steps=(), evidence=(), risks=(), assumptions=(), unknowns=(), cases=()
    ).model_copy(update={"citations": (), "facts": ()})
    text = markdown(empty, "s", "p", None)
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == ["一、咨询的问题", "二、事实", "三、意见", "四、依据的法条"]
    assert "没有可以核实的法条支持结论" in text
    assert "未提取到结构化的事实" in text
