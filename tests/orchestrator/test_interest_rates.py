"""Rates of interest in what people write, as percent a year."""

from datetime import date

import pytest

from orchestrator import interest_rates
from orchestrator.domains.pack import Element
from orchestrator.facts import extract, read_reply

RATE = Element(id="rate", label="利率", why="", question="年利率多少?", kind="rate", near=("利率|利息|息",), sole=True)
TODAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("text", "rates"),
    [
        ("月息两分", [24]),
        ("月息2分", [24]),
        ("月息1分5", [18]),
        ("一分五的利", [18]),
        ("两分半的利息", [30]),
        ("月息五厘", [6]),
        ("年息5厘", [5]),
        ("年息一分", [10]),
        ("借一年利息2分", [24]),
        ("月息一毛", [120]),
        ("3分利", [36]),
        ("年利率24%", [24]),
        ("百分之二十四的年利率", [24]),
        ("年利率百分之三点四五", [3.45]),
        ("年化15.4%", [15.4]),
        ("月利率1.5%", [18]),
        ("每月2%的利息", [24]),
        ("2%每月的利息", [24]),
        ("日息万分之五", [18.25]),
        ("每天按千分之五付违约金", [182.5]),
        ("LPR3.45%", [3.45]),
        ("利息15%", [15]),
        ("利息2%", []),  # of a month or of a year?
        ("利息一分没给", []),
        ("等了10分钟", []),
        ("违约金30%", []),
        ("涨价20%", []),
        ("年利率10%,逾期后月息2分", [10, 24]),
    ],
)
def test_rates(text: str, rates: list[float]) -> None:
    assert [one.value for one in interest_rates.find(text)] == rates


def test_a_fact_shows_the_yearly_rate() -> None:
    fact = extract((RATE,), "借了5万，月息１分５", TODAY)["rate"]
    assert (fact.value, fact.number) == ("年利率18%", 18)


@pytest.mark.parametrize(
    ("text", "rate"), [("24", 24), ("24%", 24), ("百分之二十四", 24), ("月息两分", 24), ("不高", None)]
)
def test_a_reply(text: str, rate: float | None) -> None:
    fact = read_reply(RATE, text, TODAY)
    assert (fact.number if fact else None) == rate
