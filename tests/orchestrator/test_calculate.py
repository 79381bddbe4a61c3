"""Calculations in a consultation: asked for, asked back for, worked out from the facts of a matter."""

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from orchestrator import computing
from orchestrator.calculators import calculators
from orchestrator.domains import packs
from retrievers.library import LocalLibrary
from tests.orchestrator.offices import Office, asked, planner

FIRED = "我工资8000,干了七年半,被违法辞退,帮我算算能赔多少"


@pytest.fixture
async def office(library: LocalLibrary, tmp_path: Path) -> AsyncIterator[Office]:
    made = Office(tmp_path / "sessions.sqlite", library)
    made.pool.replace(planner(route="calculate", field="劳动"))
    await made.restart()
    yield made
    await made.close()


async def say(office: Office, *messages: str | dict[str, Any]) -> dict[str, Any]:
    id = await office.session()
    for message in messages:
        reply = await office.say(id, message)
    return reply


async def test_a_complete_request_is_worked_out_with_steps_and_articles(office: Office) -> None:
    reply = await say(office, FIRED)
    assert (reply["status"], reply["route"]) == ("answer", "calculate")
    assert "128000 元" in reply["answer"]
    assert "8000 元 × 8 个月 × 2" in reply["answer"]
    assert {"劳动合同法#47", "劳动合同法#87"} <= {row["id"] for row in reply["citations"]}


async def test_what_is_missing_is_asked_for_and_the_reply_completes_it(office: Office) -> None:
    id = await office.session()
    question = await office.say(id, "我被公司违法辞退了,帮我算算赔偿金")
    assert question["status"] == "question"
    assert set(asked(question)) <= {one.id for one in calculators()["severance"].inputs}
    assert {"monthly_wage"} <= set(asked(question))
    said = {"monthly_wage": "8000", "worked": "七年半", "hired_on": "跳过", "left_on": "跳过"}
    reply = await office.say(id, {"reply": {id: said[id] for id in asked(question)}})
    assert reply["status"] == "answer"
    assert "128000 元" in reply["answer"]


async def test_a_value_nobody_knows_is_never_guessed(office: Office) -> None:
    id = await office.session()
    question = await office.say(id, "我被公司违法辞退了,干了七年半,帮我算算赔偿金")
    reply = await office.say(id, {"reply": dict.fromkeys(asked(question), "不清楚")})
    assert reply["status"] == "answer"
    assert "还不能算出" in reply["answer"]
    assert "月工资" in reply["answer"]
    assert reply["citations"] == []


async def test_a_request_that_names_no_figure_is_asked_which(office: Office) -> None:
    id = await office.session()
    question = await office.say(id, "帮我算算")
    assert asked(question) == ["calculator"]
    title = calculators()["severance"].title
    assert title in question["questions"][0]["options"]
    following = await office.say(id, {"reply": {"calculator": title}})
    assert set(asked(following)) <= {one.id for one in calculators()["severance"].inputs}


async def test_normal_mode_asks_nothing(office: Office) -> None:
    id = await office.session("normal")
    reply = await office.say(id, "帮我算算赔偿金,我被违法辞退了")
    assert (reply["status"], reply["questions"]) == ("answer", [])
    assert "缺少" in reply["answer"]


async def test_a_consultation_works_out_what_its_facts_allow(office: Office) -> None:
    office.pool.replace(planner(field="劳动"))
    told = "公司昨天口头通知我不用来上班了,没有任何理由,我干了3年2个月,月薪9000,有解除通知的微信,签了合同的,有社保"
    id = await office.session(confirm="auto")
    reply = await office.say(id, told)
    while reply["status"] == "question":
        reply = await office.say(id, {"reply": dict.fromkeys(asked(reply), "不清楚")})
    assert "63000 元" in reply["answer"]
    assert reply["answer"].index("初步结论") < reply["answer"].index("63000 元") < reply["answer"].index("法律依据")


async def test_what_seldom_decides_is_assumed_by_name_in_a_consultation(office: Office) -> None:
    office.pool.replace(planner(field="劳动"))
    told = "公司昨天微信通知我不用来上班了,没有任何理由,我干了5年3个月,月薪15000,签了合同的,有社保"
    id = await office.session(confirm="auto")
    reply = await office.say(id, told)
    while reply["status"] == "question":
        reply = await office.say(id, {"reply": dict.fromkeys(asked(reply), "不清楚")})
    assert "165000 元" in reply["answer"]
    assert "没有超过当地上年度职工月平均工资的三倍" in reply["answer"]
    more = await office.say(id, "我能要多少赔偿")
    assert "165000 元" in more["answer"]


async def test_what_seldom_decides_is_asked_for_once_where_a_sum_is_wanted(office: Office) -> None:
    id = await office.session()
    question = await office.say(id, "我工资15000,干了七年半,被违法辞退,帮我算算能赔多少")
    assert asked(question) == ["over_cap"]
    reply = await office.say(id, {"reply": {"over_cap": "不清楚"}})
    assert "240000 元" in reply["answer"]
    assert "没有超过当地上年度职工月平均工资的三倍" in reply["answer"]


async def test_a_story_without_a_sum_to_work_out_is_a_consultation(office: Office) -> None:
    id = await office.session()
    reply = await office.say(id, "公司拖欠我三个月工资一共24000元,有工资条")
    assert reply["route"] == "consult"


async def test_a_consultation_names_what_a_figure_still_needs(office: Office) -> None:
    office.pool.replace(planner(field="劳动"))
    id = await office.session(confirm="auto")
    reply = await office.say(id, "公司昨天口头通知我不用来上班了,没有任何理由,干了3年2个月,有解除通知的微信,签了合同的")
    while reply["status"] == "question":
        reply = await office.say(id, {"reply": dict.fromkeys(asked(reply), "不清楚")})
    assert "告诉我「月工资」" in reply["answer"]


async def test_facts_of_the_matter_are_not_asked_again(office: Office) -> None:
    office.pool.replace(planner(field="劳动"))
    id = await office.session(confirm="auto")
    told = "公司昨天口头通知我不用来上班了,没有任何理由,我干了3年2个月,月薪9000,有解除通知的微信,签了合同的,有社保"
    reply = await office.say(id, told)
    while reply["status"] == "question":
        reply = await office.say(id, {"reply": dict.fromkeys(asked(reply), "不清楚")})
    office.pool.replace(planner(route="calculate", field="劳动"))
    reply = await office.say(id, "按违法解除,帮我算算赔偿金")
    assert reply["status"] == "answer"
    assert "63000 元" in reply["answer"]


def test_every_figure_that_a_field_promises_exists() -> None:
    for pack in packs().values():
        known = {element.id: element for element in pack.elements}
        for cause in pack.causes:
            for computes in (one for finding in cause.findings for one in finding.computes):
                calculator = calculators()[computes.calculator]
                for input_id, element_id in computes.takes.items():
                    kinds = (calculator.element(input_id).kind, known[element_id].kind)
                    assert kinds[0] == kinds[1], (cause.id, input_id, element_id)
                    assert element_id in cause.elements
                for input_id, value in computes.given.items():
                    choices = [choice.value for choice in calculator.element(input_id).choices]
                    assert not choices or value in choices, (cause.id, input_id, value)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("被辞退能拿多少经济补偿金", "severance"),
        ("周末加班费怎么算", "overtime"),
        ("没签合同的双倍工资是多少", "double_wage"),
        ("今天天气怎么样", None),
    ],
)
def test_a_calculator_is_known_by_its_words(text: str, name: str | None) -> None:
    found = computing.asked_for(text)
    assert (found.name if found else None) == name
