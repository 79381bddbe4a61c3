"""The report: its parts, official text and digests, and the same content in every format."""

import json
import re
from datetime import date
from io import BytesIO
from pathlib import Path

import docx
import pytest
import yaml
from pypdf import PdfReader

from models.contracts import Due, Source, Step, Worked, Working
from orchestrator.contracts import Fact, Opinion
from orchestrator.papers import markdown, pdf, word
from orchestrator.papers.label import VISIBLE, aigc
from orchestrator.papers.paper import Heading, Items, Paper, Paragraph, Quote, Table
from orchestrator.papers.text import prepared
from orchestrator.reports import report
from retrievers.contracts import Passage
from tests.orchestrator.opinions import opinion

REACHES = date(2024, 9, 1)
WHOLE = "第一款。\n借款人应当返还。\n第二款。"
DATED = (
    Fact(id="hurt_on", label="受伤时间", value="2026-01-31", iso="2026-01-31", source="story"),
    Fact(id="hired_on", label="入职日", value="2024年3月", iso="2024-03", source="reply"),
)


def made(**changes: object) -> Paper:
    return report(opinion(**changes), "会话-1", "某某公司", REACHES)


def text(**changes: object) -> str:
    return markdown.render(made(**changes))


def headings(shown: str) -> list[str]:
    return re.findall(r"^## (.+)$", shown, re.MULTILINE)


def passage(**changes: object) -> Passage:
    fields = {
        "id": "民法典#675", "law": "民法典", "article": "第六百七十五条", "number": 675, "text": WHOLE, "kind": "official",
        "version": "2020-05-28", **changes,
    }  # fmt: skip
    return Passage.model_validate(fields)


def test_the_front_matter_is_yaml_and_carries_the_aigc_label() -> None:
    head = yaml.safe_load(text().split("---\n")[1])
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
    shown = markdown.render(report(opinion(), "s", producer, None))
    [line] = [line for line in shown.splitlines() if line.startswith("AIGC:")]
    assert json.loads(line.removeprefix("AIGC: ")) == aigc(producer, "s")


def test_the_visible_label_stands_at_head_and_foot() -> None:
    shown = text()
    assert shown.count(VISIBLE) == 2
    assert shown.index("AI生成") < shown.index("## 一、")
    assert VISIBLE in shown.rstrip().splitlines()[-1]
    assert "12348" in "".join(shown.rstrip().splitlines()[-5:])


def test_it_says_to_which_day_its_law_reaches() -> None:
    assert "法条数据截至：2024-09-01" in text()
    assert "法条数据截至：未知" in markdown.render(report(opinion(), "s", "p", None))


def test_official_text_is_quoted_and_a_digest_is_not() -> None:
    shown = text()
    official = shown[shown.index("### 《民法典》第六百七十五条") : shown.index("### 《民法典》第六百七十六条")]
    digest = shown[shown.index("### 《民法典》第六百七十六条") : shown.index("## 五、")]
    assert "官方原文（已核对，2020-05-28 版本）：" in official
    assert "> 借款人应当返还。\n>\n> 第二款。" in official
    assert "要旨(非原文)：逾期要付利息。" in digest
    assert not re.search(r"^>|[“”「」]|官方原文", digest, re.MULTILINE)


def test_an_article_is_shown_whole_where_the_corpus_still_holds_the_text_that_was_cited() -> None:
    shown = report(opinion(), "s", "p", None, {"民法典#675": passage()})
    assert Quote(text=WHOLE) in shown.blocks
    assert Paragraph(text="官方原文全文(已核对,2020-05-28 版本):") in shown.blocks


@pytest.mark.parametrize(
    "changed", [{"version": "2030-01-01"}, {"text": "别的文字。"}, {"kind": "digest", "text": f"要旨:{WHOLE}"}]
)
def test_another_text_than_the_cited_one_is_never_shown(changed: dict[str, str]) -> None:
    shown = report(opinion(), "s", "p", None, {"民法典#675": passage(**changed)})
    quotes = [block.text for block in shown.blocks if isinstance(block, Quote)]
    assert quotes == ["他借了三万二\n不还", "借款人应当返还。\n第二款。"]


def test_the_question_is_quoted_line_by_line() -> None:
    assert "> 他借了三万二\n>\n> 不还" in text()


def test_table_cells_hold_no_bars_and_no_line_ends() -> None:
    rows = [line for line in text().splitlines() if line.startswith("|")]
    assert r"| 备注 | a\|b<br>c | 确认时更正 |" in rows
    assert r"| 1 | 起诉\|或申请<br>支付令 | 法院 | 三年内 |" in rows
    assert "| 2 | 保全 | — | — |" in rows
    assert {len(re.findall(r"(?<!\\)\|", row)) for row in rows} == {3, 4, 5}


def test_cases_say_what_is_alike_and_what_differs() -> None:
    shown = text()
    assert "### 〔教学案例，虚构，非真实裁判〕借船案" in shown
    assert "| 结果 | 还钱 |\n| 相同点 | 都有借条 |\n| 不同点 | — |" in shown


def test_all_parts_are_there_in_order() -> None:
    shown = markdown.render(report(dated(), "会话-1", "某某公司", REACHES))
    assert headings(shown) == [
        "一、咨询的问题", "二、事实", "更正与法律变动", "三、意见", "四、依据的法条", "五、相似案例", "六、证据清单", "七、下一步",
        "八、风险和注意事项", "九、尚不确定的事项", "十、时间线和期限", "律师交接摘要",
    ]  # fmt: skip
    for said in (
        "您可以要求归还32000元。",
        "《民法典》没有第9999条。",
        "借条原件",
        "担保人：如果担保人为「有」，则可以找他",
        "超过三年对方可以抗辩。",
    ):
        assert said in shown


def test_what_there_is_not_is_left_out_or_said() -> None:
    empty = opinion(
        corrections=(), notices=(), grounds=(), steps=(), evidence=(), risks=(), assumptions=(), unknowns=(), cases=()
    ).model_copy(update={"citations": (), "facts": ()})
    shown = markdown.render(report(empty, "s", "p", None))
    assert headings(shown) == ["一、咨询的问题", "二、事实", "三、意见", "四、依据的法条", "律师交接摘要"]
    assert "没有可以核实的法条支持结论" in shown
    assert "未提取到结构化的事实" in shown


def dated() -> Opinion:
    steps = (
        Step(
            what="申请工伤认定",
            where="人社局",
            deadline="受伤之日起一年内",
            due=(Due(iso="2027-01-31", event="受伤时间", began="2026-01-31", past=False),),
        ),
    )
    return opinion(steps=steps).model_copy(update={"facts": DATED})


def test_the_timeline_is_in_order_with_deadlines() -> None:
    shown = markdown.render(report(dated(), "s", "p", None))
    rows = [line for line in shown.splitlines() if line.startswith("| 20")]
    assert rows == [
        "| 2024-03 | 入职日 | 咨询人陈述 |",
        "| 2026-01-31 | 受伤时间 | 咨询人陈述 |",
        "| 2027-01-31 前 | 期限：申请工伤认定 | 受伤之日起一年内；按「受伤时间」2026-01-31推算 |",
    ]
    assert "法定休假日" in shown
    assert "时间线" not in text()


def test_a_computed_day_that_is_over_is_said_to_be() -> None:
    later = dated().model_copy(update={"on": date(2027, 2, 1)})
    assert "推算的日期已过" in markdown.render(report(later, "s", "p", None))
    assert "推算的日期已过" not in markdown.render(report(dated(), "s", "p", None))


def test_an_opinion_of_an_older_session_still_makes_a_report() -> None:
    saved = opinion().model_dump(mode="json")
    del saved["documents"]
    assert report(Opinion.model_validate(saved), "s", "p", None).blocks == report(opinion(), "s", "p", None).blocks


def test_every_format_says_the_same(chinese_font: Path) -> None:
    """Every text of every block stands in all three, in the same order."""
    paper = report(dated(), "会话-1", "某某公司", REACHES)
    document = docx.Document(BytesIO(word.render(paper)))
    in_word: list[str] = []
    for block in document.iter_inner_content():
        cells = [cell.text for row in block.rows for cell in row.cells] if hasattr(block, "rows") else [block.text]
        in_word += cells
    lines = [
        page.extract_text().splitlines()[1:-2] for page in PdfReader(BytesIO(pdf.render(paper, chinese_font))).pages
    ]
    shown = {
        "docx": "".join(in_word),
        "pdf": "".join("".join(page) for page in lines),
        "md": re.sub(r"\\(.)", r"\1", markdown.render(paper).replace("\n>", "").replace("<br>", "")),
    }
    for name, whole in shown.items():
        squeezed, at = re.sub(r"\s", "", whole), 0
        for said in all_texts(prepared(paper)):
            if name == "pdf":  # a cell's lines stand beside those of its neighbours
                assert all(part in squeezed for part in re.findall(r".{1,8}", re.sub(r"\s", "", said))), (name, said)
            else:
                at = squeezed.index(re.sub(r"\s", "", said), at) + 1


def all_texts(paper: Paper) -> list[str]:
    found: list[str] = []
    for block in paper.blocks:
        match block:
            case Heading() | Paragraph() | Quote():
                found.append(block.text)
            case Items():
                found += block.rows
            case Table():
                found += [cell for row in (block.header, *block.rows) for cell in row]
    return found


def test_calculations_stand_with_every_step_and_its_articles() -> None:
    source = Source(id="劳动合同法#47", name="《劳动合同法》第四十七条", excerpt="…", quoted=True)
    lines = (
        Working(label="月数", working="3 年 2 个月", result="3.5 个月", sources=(source,)),
        Working(label="数额", working="9000 元 × 3.5", result="31500 元"),
    )
    worked = Worked(
        title="经济补偿金", summary="应付 31500 元。", inputs=("月工资:9000元",), lines=lines, notes=("一年内申请。",)
    )
    shown = text(calculations=(worked,))
    part = shown[shown.index("计算\n") : shown.index("依据的法条")]
    for wanted in ("31500 元", "月工资：9000元", "9000 元 × 3.5", "《劳动合同法》第四十七条", "一年内申请。"):
        assert wanted in part
    assert "计算" not in "".join(headings(text()))
