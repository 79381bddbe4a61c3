"""加班费: a wage of 5,220 yuan is 30 yuan an hour (5220 ÷ 21.75 ÷ 8)."""

from decimal import Decimal

import pytest

from orchestrator.calculators.calculator import BadInput, Input, MissingInputs
from tests.orchestrator.calculators.sums import asked, assumed, calculated, line, told


def hours(wage: str = "5220", **values: str) -> dict[str, Input]:
    return {"monthly_wage": Decimal(wage), **{id: Decimal(value) for id, value in values.items()}}


@pytest.mark.parametrize(
    ("values", "total"),
    [
        (hours(weekday_hours="10"), "450"),  # 30 × 10 × 1.5
        (hours(weekday_hours="0.5"), "22.5"),
        (hours(daily_hours="2", weekdays="22"), "1980"),  # 30 × 44 × 1.5
        (hours(restday_days="2"), "960"),  # 30 × 16 × 2
        (hours(restday_hours="5"), "300"),
        (hours(restday_days="3", comp_days="2"), "480"),
        (hours(restday_days="2", comp_days="2"), "0"),
        (hours(holiday_days="1"), "720"),  # 30 × 8 × 3
        (hours(holiday_hours="4"), "360"),
        (hours(weekday_hours="10", restday_days="2", holiday_days="1"), "2130"),
        (hours(weekday_hours="10", paid="150"), "300"),
        (hours(weekday_hours="10", paid="1000"), "0"),
        (hours("8000", weekday_hours="10"), "689.66"),  # 45.977… an hour is not rounded before the end
        ({"hourly_wage": Decimal("25.5"), "holiday_days": Decimal(1)}, "612"),
    ],
)
def test_hours_by_their_kind(values: dict[str, Input], total: str) -> None:
    assert calculated("overtime", values).total == Decimal(total)


def test_steps_name_their_articles() -> None:
    done = calculated("overtime", hours(weekday_hours="10", restday_days="2"))
    assert line(done, "小时工资") == "约 30 元/小时"
    assert done.articles == ("劳动法#44", "工资支付暂行规定#13")
    assert any("21.75" in one for one in done.assumed)


def test_only_rest_days_are_made_good_by_time_off() -> None:
    with pytest.raises(BadInput):
        calculated("overtime", hours(holiday_days="3", comp_days="1"))


def test_combined_hours_know_no_rest_days() -> None:
    values = hours(weekday_hours="10", restday_days="4", holiday_days="1")
    done = calculated("overtime", {**values, "system": "综合计算工时"})
    assert done.total == 450 + 720
    assert any("不单独算" in note for note in done.notes)


def test_free_hours_have_no_overtime() -> None:
    done = calculated("overtime", {"system": "不定时工作制"})
    assert done.total == 0
    assert done.articles == ("工资支付暂行规定#13", "劳动法#39")


def test_thirty_six_hours_to_the_hour_are_no_excess() -> None:
    assert not any("三十六" in note for note in calculated("overtime", hours(weekday_hours="36")).notes)
    assert any("三十六" in note for note in calculated("overtime", hours(weekday_hours="37")).notes)


@pytest.mark.parametrize(
    ("values", "ids"),
    [
        ({}, ("monthly_wage", "weekday_hours", "restday_days", "holiday_days")),
        (hours(), ("weekday_hours", "restday_days", "holiday_days")),
        (hours(daily_hours="2"), ("weekdays",)),
        ({"weekday_hours": Decimal(3)}, ("monthly_wage",)),
    ],
)
def test_what_is_missing_is_named(values: dict[str, Input], ids: tuple[str, ...]) -> None:
    with pytest.raises(MissingInputs) as missing:
        calculated("overtime", values)
    assert missing.value.ids == ids


@pytest.mark.parametrize(
    "values",
    [
        hours(weekday_hours="-1"),
        hours("0", weekday_hours="1"),
        hours(weekday_hours="20001"),
        hours(restday_days="1", comp_days="2"),
        hours(daily_hours="17", weekdays="2"),
    ],
)
def test_the_impossible_is_refused(values: dict[str, Input]) -> None:
    with pytest.raises(BadInput):
        calculated("overtime", values)


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        (
            "月薪6000,这个月平时加班20小时,周末加班4天,国庆加班3天,加班费多少",
            {"monthly_wage": "6000元", "weekday_hours": "20", "restday_days": "4", "holiday_days": "3"},
        ),
        (
            "我一个月工资5220元，每天加班2个小时，一个月22天，加班费怎么算",
            {"monthly_wage": "5220元", "daily_hours": "2", "weekdays": "22"},
        ),
        ("公司十一让我上班三天，工资7000，应该给多少加班费", {"monthly_wage": "7000元", "holiday_days": "3"}),
        (
            "春节加班两天,周末加班16小时,调休了1天,工资八千",
            {"monthly_wage": "8000元", "restday_hours": "16", "holiday_days": "2", "comp_days": "1"},
        ),
        ("时薪25块，法定节假日上了6个小时", {"hourly_wage": "25元", "holiday_hours": "6"}),
    ],
)
def test_a_message_gives_its_values(text: str, facts: dict[str, str]) -> None:
    assert told("overtime", text) == facts


@pytest.mark.parametrize("text", ["加班费怎么算", "周末加班三天能拿多少钱", "国庆上班工资几倍", "加班工资算一下"])
def test_it_is_asked_for(text: str) -> None:
    assert asked("overtime", text)


@pytest.mark.parametrize("text", ["天天加班太累想辞职", "被辞退能赔多少钱"])
def test_other_requests_are_left_alone(text: str) -> None:
    assert not asked("overtime", text)


def test_where_nobody_can_be_asked_for_the_days_a_month_is_worked_out() -> None:
    done = assumed("overtime", hours(daily_hours="2"))
    assert done.total == Decimal("1957.50")  # 30 × 2 × 21.75 × 1.5
    assert "一个月的加班费约" in done.summary and "21.75 个工作日" in done.assumed[0]
    with pytest.raises(MissingInputs):  # totals of another kind do not go with a month
        assumed("overtime", hours(daily_hours="2", restday_days="5"))
