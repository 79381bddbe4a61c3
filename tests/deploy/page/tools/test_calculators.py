"""The calculators' tab: a form for every calculator, the way to a result, and what is wrong said at its field."""

import asyncio
import re
from datetime import date
from html import unescape

import pytest

from deploy.api.calculators import available
from deploy.page.tools import calculators, reading
from deploy.page.tools.calculators import answer, form
from deploy.page.tools.panel import Told, answered
from deploy.sdk import AsyncLexhub
from deploy.shapes.calculators import CalculatorInfo
from orchestrator.calculators import calculators as register
from orchestrator.wording import typeset
from tests.deploy.page.tools.conftest import Visiting

HOSTILE = "\"><img src=x onerror=alert(1)>'"
TYPED = {
    "amount": "5万",
    "duration": "6个月",
    "number": "2",
    "rate": "12",
    "date": "2025-03-05",
    "payments": "2025-04-05 500",
}
ROUNDS = 6


async def told(client: AsyncLexhub, name: str, **values: str) -> str:
    made = await answer(client, Told(action="calculate", name=name, values=values), "zh")
    assert made.panel is not None
    return made.panel


@pytest.fixture(scope="module")
def infos() -> dict[str, CalculatorInfo]:
    """All calculators as the API lists them."""
    return {one.name: one for one in asyncio.run(available(None))}  # type: ignore[arg-type]


@pytest.mark.parametrize("name", register())
def test_every_calculator_has_a_form_with_all_its_inputs(name: str, infos: dict[str, CalculatorInfo]) -> None:
    info = infos[name]
    for lang in ("zh", "en"):
        made = form(info, {}, [info.inputs[0].id], lang)  # type: ignore[arg-type]
        names = re.findall(r' name="([^"]+)"', made)
        assert sorted(names) == sorted([one.id for one in info.inputs] + [calculators.PLACE, calculators.ON])
        labelled = set(re.findall(r'<label for="([^"]+)"', made))
        assert labelled == {f"calc-{one}" for one in names}
        for one in info.inputs:
            assert all(f'<option value="{choice}">' in unescape(made) for choice in one.choices)
            assert one.kind != "date" or re.search(f'<input type="date" id="calc-{one.id}"', made)


@pytest.mark.parametrize("name", register())
def test_what_was_typed_stays_and_takes_no_effect(name: str, infos: dict[str, CalculatorInfo]) -> None:
    info = infos[name]
    typed = {one.id: HOSTILE for one in info.inputs if not one.choices}
    made = form(info, {**typed, calculators.PLACE: HOSTILE}, (), "zh", {info.inputs[0].id: HOSTILE}, HOSTILE)
    assert "<img" not in made
    assert unescape(made).count(HOSTILE) >= len(typed) + 3


@pytest.mark.parametrize("name", register())
async def test_every_calculator_comes_to_its_result_by_what_it_asks_for(name: str, visiting: Visiting) -> None:
    async with visiting() as client:
        info = next(one for one in await client.calculators() if one.name == name)
        values: dict[str, str] = {}
        for _ in range(ROUNDS):
            made = await told(client, name, **values)
            asked = re.findall(r' name="([a-z_0-9]+)"[^>]*aria-required="true"', made)
            if not asked:
                break
            assert not set(asked) & set(values), "asked again for what was given"
            values |= {
                one.id: one.choices[0] if one.choices else TYPED[one.kind] for one in info.inputs if one.id in asked
            }
        result = await client.calculate(name, {id: words for id, words in _read(info, values).items()})
    assert typeset(result.calculation.summary) in unescape(made)
    assert all(unescape(made).count(typeset(line.working)) for line in result.calculation.lines)
    cited = set(re.findall(r'data-action="article"[^>]* data-id="([^"]+)"', made))
    assert cited == set(result.calculation.articles)


async def test_missing_inputs_are_asked_for_by_their_labels_and_marked(visiting: Visiting) -> None:
    async with visiting() as client:
        opened = (await answer(client, Told(action="calculator", name="severance"), "zh")).panel or ""
        asked = await told(client, "severance", monthly_wage="8000")
    assert "怎么离开的" in opened
    assert "aria-invalid" not in opened, "nobody did anything wrong yet"
    assert "还缺少：怎么离开的" in asked
    assert re.search(r'name="ended"[^>]*aria-invalid="true"[^>]*data-focus', asked)
    assert 'name="monthly_wage"' in asked and 'value="8000"' in asked


async def test_what_the_api_refuses_is_said_at_the_field(visiting: Visiting) -> None:
    given = {"ended": "单位违法解除或终止", "worked": "90个月"}
    async with visiting() as client:
        unread = await told(client, "severance", **given, monthly_wage="很多")
        negative = await told(client, "severance", **given, monthly_wage="-1")
        both = await told(client, "severance", monthly_wage="很多", hired_on="去年", ended="单位违法解除或终止")
        day = await told(client, "severance", **given, monthly_wage="8000", **{calculators.ON: "明天"})
    assert re.search(r'id="calc-monthly_wage-fault">「月工资」应为数字', unread)
    assert re.search(r'id="calc-monthly_wage-fault">[^<]*月工资', negative)
    assert "calc-monthly_wage-fault" in both and "calc-hired_on-fault" in both, "all that is wrong is marked at once"
    assert re.search(r'name=":on"[^>]*aria-invalid="true"', day)


async def test_a_duration_needs_its_unit(visiting: Visiting) -> None:
    async with visiting() as client:
        given = {"ended": "单位违法解除或终止", "monthly_wage": "8000", "over_average": "没有超过"}
        bare = await told(client, "severance", **given, worked="5")
        years = await told(client, "severance", **given, worked="5年")
    assert re.search(r'id="calc-worked-fault">请写明单位', bare) and 'value="5"' in bare
    assert "calc-worked-fault" not in years


async def test_an_article_of_the_result_opens_in_the_drawer(visiting: Visiting) -> None:
    async with visiting() as client:
        made = await answer(client, Told(action="article", law="劳动合同法", number="87"), "zh")
        lost = await answer(client, Told(action="article", law="劳动合同法", number="9999"), "zh")
    assert made.panel is None and 'role="dialog"' in (made.drawer or "") and "第八十七条" in (made.drawer or "")
    assert lost.panel is None and "no_such_article" in (lost.drawer or "")


async def test_a_calculator_that_does_not_exist_leads_to_the_list(visiting: Visiting) -> None:
    async with visiting() as client:
        made = await answered(answer, client, {"action": "calculate", "name": "luck"}, "zh")
        known = [one.title for one in await client.calculators()]
    assert all(title in (made.panel or "") for title in known)


def _read(info: CalculatorInfo, values: dict[str, str]) -> dict[str, str]:
    return {one.id: reading.value(one, values[one.id], date.today()) for one in info.inputs if one.id in values}
