"""二倍工资: from the day after one month to the day before one year, at most eleven months."""

from datetime import date
from decimal import Decimal

import pytest

from orchestrator.calculators.calculator import BadInput, Input, MissingInputs
from tests.orchestrator.calculators.sums import asked, assumed, calculated, line, told


def lasting(months: str, **more: Input) -> dict[str, Input]:
    return {"monthly_wage": Decimal(6000), "unsigned": Decimal(months), **more}


def hired(on: date, **more: Input) -> dict[str, Input]:
    return {"monthly_wage": Decimal(6000), "hired_on": on, **more}


@pytest.mark.parametrize(
    ("months", "total"),
    [
        ("1", 0),  # within the month in which to sign
        ("0.5", 0),
        ("1.5", 3000),
        ("8", 42000),
        ("12", 66000),  # eleven months
        ("13", 66000),  # and no more
        ("60", 66000),
    ],
)
def test_a_duration_gives_all_but_its_first_month(months: str, total: int) -> None:
    assert calculated("double_wage", lasting(months)).total == total


@pytest.mark.parametrize(
    ("values", "total"),
    [
        (hired(date(2024, 1, 1), left_on=date(2024, 1, 31)), "0"),  # one month to the day
        (hired(date(2024, 1, 1), left_on=date(2024, 2, 1)), "206.90"),  # the day after: 6000 × 1/29
        (hired(date(2024, 1, 1), left_on=date(2024, 3, 31)), "12000"),
        (hired(date(2024, 1, 1), left_on=date(2024, 12, 30)), "65806.45"),  # ten months and 30 of 31 days
        (hired(date(2024, 1, 1), left_on=date(2024, 12, 31)), "66000"),
        (hired(date(2024, 1, 1), left_on=date(2026, 6, 30)), "66000"),
        (hired(date(2024, 1, 1), signed_on=date(2024, 4, 1)), "12000"),  # to the day before signing
        (hired(date(2024, 1, 1), signed_on=date(2024, 4, 1), left_on=date(2024, 8, 1)), "12000"),
        (hired(date(2024, 1, 31), left_on=date(2024, 3, 31)), "6000"),  # the month ends with February: from 1 March
        (hired(date(2024, 2, 29), signed_on=date(2025, 3, 15)), "66000"),
        (hired(date(2024, 1, 1), unsigned=Decimal(3)), "12000"),
    ],
)
def test_dates_are_counted_to_the_day(values: dict[str, Input], total: str) -> None:
    assert calculated("double_wage", values).total == Decimal(total)


def test_who_came_before_2008_counts_from_2008() -> None:
    done = calculated("double_wage", hired(date(2005, 6, 1), left_on=date(2008, 3, 31)), today=date(2008, 4, 1))
    assert done.total == 12000
    assert "劳动合同法#97" in done.articles


def test_all_is_in_time_within_a_year_of_the_first_day() -> None:
    values = hired(date(2026, 1, 1), left_on=date(2026, 10, 31), claimed_on=date(2027, 2, 1))
    assert line(calculated("double_wage", values), "仲裁时效") == "全部在一年以内"


def test_the_stricter_limit_takes_what_is_older_than_a_year() -> None:
    # Second wage from 1 February to 31 December 2025; a claim of 1 June 2026 reaches back to 1 June 2025.
    values = hired(date(2025, 1, 1), left_on=date(2026, 5, 31), claimed_on=date(2026, 6, 1))
    done = calculated("double_wage", values)
    assert done.total == 66000
    assert line(done, "仲裁时效(从严)") == "24000 元 可能过时效,剩 42000 元"
    assert any("从整段结束那天起算一年" in note for note in done.notes)


def test_a_claim_a_year_after_the_end_is_late_in_any_way() -> None:
    in_time = hired(date(2025, 1, 1), left_on=date(2025, 12, 31), claimed_on=date(2026, 12, 31))
    assert any("仍可要全部" in note for note in calculated("double_wage", in_time).notes)
    late = calculated("double_wage", {**in_time, "claimed_on": date(2027, 1, 1)})
    assert line(late, "仲裁时效(从严)").endswith("剩 0 元")
    assert any("都已超过一年" in note for note in late.notes)


def test_the_new_interpretation_is_named() -> None:
    assert any("解释(二)" in note for note in calculated("double_wage", lasting("8")).notes)


@pytest.mark.parametrize(
    ("values", "ids"),
    [
        ({}, ("monthly_wage", "unsigned")),
        ({"unsigned": Decimal(5)}, ("monthly_wage",)),
        (hired(date(2024, 1, 1)), ("unsigned",)),
        ({"monthly_wage": Decimal(6000), "left_on": date(2024, 1, 1)}, ("hired_on",)),
    ],
)
def test_what_is_missing_is_named(values: dict[str, Input], ids: tuple[str, ...]) -> None:
    with pytest.raises(MissingInputs) as missing:
        calculated("double_wage", values)
    assert missing.value.ids == ids


@pytest.mark.parametrize(
    "values",
    [
        hired(date(2024, 5, 1), left_on=date(2024, 4, 1)),
        hired(date(2027, 1, 1), unsigned=Decimal(3)),
        hired(date(2024, 1, 1), left_on=date(2024, 8, 1), claimed_on=date(2023, 1, 1)),
        hired(date(2006, 1, 1), left_on=date(2007, 1, 1)),
        lasting("-1"),
        lasting("8", monthly_wage=Decimal(0)),
    ],
)
def test_the_impossible_is_refused(values: dict[str, Input]) -> None:
    with pytest.raises(BadInput):
        calculated("double_wage", values)


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("我干了8个月没签合同,工资6000,双倍工资多少", {"monthly_wage": "6000元", "unsigned": "8个月"}),
        ("公司没跟我签劳动合同，干了两年，一个月5500，能要多少钱", {"monthly_wage": "5500元", "unsigned": "2年"}),
        (
            "2025年1月10号入职，2025年9月1号才补签合同，每月工资7千，打算2026年11月20日去仲裁，要双倍工资",
            {
                "hired_on": "2025年1月10日",
                "signed_on": "2025年9月1日",
                "claimed_on": "2026年11月20日",
                "monthly_wage": "7000元",
            },
        ),
        (
            "2024年3月1日入职一直没签劳动合同，2025年1月15日离职，月薪5000",
            {"hired_on": "2024年3月1日", "left_on": "2025年1月15日", "monthly_wage": "5000元"},
        ),
    ],
)
def test_a_message_gives_its_values(text: str, facts: dict[str, str]) -> None:
    assert told("double_wage", text) == facts


@pytest.mark.parametrize("text", ["双倍工资怎么算", "没签劳动合同能赔多少", "二倍工资差额是多少"])
def test_it_is_asked_for(text: str) -> None:
    assert asked("double_wage", text)


@pytest.mark.parametrize("text", ["没签租房合同能要回押金吗", "加班费是不是双倍", "定金双倍返还多少钱"])
def test_other_requests_are_left_alone(text: str) -> None:
    assert not asked("double_wage", text)


def test_where_nobody_can_be_asked_the_contract_is_taken_as_unsigned_to_this_day() -> None:
    done = assumed("double_wage", {"monthly_wage": Decimal(6000), "hired_on": date(2026, 3, 21)})
    assert done.total == 6000 * 7  # from 21 April to 20 November
    assert any("到今天还没有签" in one for one in done.assumed)
