"""The hand-off to a lawyer: what is known, what is open, and nothing that the data does not hold."""

from datetime import date

from models.contracts import Due, Step
from orchestrator.contracts import Fact, Opinion
from orchestrator.handoff import handoff, told
from orchestrator.papers.paper import Table
from orchestrator.timeline import timeline
from tests.orchestrator.opinions import opinion

STORY = "我在厂里干活受了伤。厂长不管!我已经打电话投诉过。他们说是临时工?我想要赔偿,能不能告他们。"
FACTS = (
    Fact(id="wage", label="月工资", value="6000元", number=6000, source="story"),
    Fact(id="hurt_on", label="受伤时间", value="2026年1月31日", iso="2026-01-31", source="story"),
    Fact(id="contract", label="劳动合同", value="没有签", source="reply"),
    Fact(id="insured", label="工伤保险", value="不清楚", source="reply"),
)


def rows(made: Opinion) -> dict[str, str]:
    [table] = [block for block in handoff(made, timeline(made.facts, made.plan.steps)) if isinstance(block, Table)]
    return {row[0]: row[1] for row in table.rows}


def whole() -> Opinion:
    steps = (
        Step(
            what="申请工伤认定",
            deadline="受伤之日起一年内",
            due=(Due(iso="2027-01-31", event="受伤时间", began="2026-01-31", past=False),),
        ),
        Step(what="申请仲裁", deadline="一年内"),
        Step(what="拍照"),
    )
    risks = ("超过仲裁时效会败诉", "保管好原件")
    return opinion(steps=steps, risks=risks).model_copy(update={"facts": FACTS, "question": STORY})


def test_each_line_says_what_the_data_holds() -> None:
    said = rows(whole())
    assert said["事由"] == "民间借贷:民间借贷纠纷(讨还借款)"
    assert said["经过"] == STORY
    assert said["金额"] == "月工资:6000元"
    assert said["日期"] == "2026-01-31 受伤时间"
    assert said["其他事实"] == "劳动合同:没有签"
    assert said["证据及证明目的"].startswith("证明借款的金额和约定——借条原件\n【待填】——转账记录\n")
    assert said["尚待查明"] == "担保人、工伤保险"
    assert said["时效和期限"].splitlines() == [
        "2027-01-31 前:申请工伤认定(受伤之日起一年内;按「受伤时间」2026-01-31推算)",
        "一年内:申请仲裁",
        "超过仲裁时效会败诉",
    ]
    assert said["咨询人的诉求"] == "他们说是临时工?\n我想要赔偿,能不能告他们。"
    assert said["已经做过的事"] == "我已经打电话投诉过。"
    assert said["初步意见"] == "您可以要求归还32000元。\n利息要不到。"


def test_who_is_left_to_be_filled_in() -> None:
    said = rows(whole())
    assert said["咨询人"].startswith("【待填") and said["对方"].startswith("【待填")


def test_what_nobody_told_is_not_made_up() -> None:
    bare = opinion(evidence=(), steps=(), unknowns=(), risks=(), conclusions=("先收集材料。",)).model_copy(
        update={"facts": (), "question": "他打了我。"}
    )
    said = rows(bare)
    assert {said[name] for name in ("金额", "日期", "其他事实", "证据及证明目的", "尚待查明", "时效和期限")} == {"无"}
    assert "没有明说" in said["咨询人的诉求"]
    assert "没有提到" in said["已经做过的事"]


def test_a_long_story_is_shortened_to_keep_one_page() -> None:
    long = whole().model_copy(update={"question": STORY * 40})
    assert sum(map(len, rows(long).values())) < 1500


def test_replies_that_told_nothing_are_left_out() -> None:
    assert told("老板不管\n不清楚\n 不清楚 \n我不清楚数额") == "老板不管\n我不清楚数额"


def test_a_past_deadline_is_said_to_be_past() -> None:
    assert "推算的日期已过" in rows(whole().model_copy(update={"on": date(2027, 2, 1)}))["时效和期限"]
