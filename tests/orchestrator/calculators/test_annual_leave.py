"""未休年休假工资: a wage of 6,525 yuan is 300 yuan a day (6525 ÷ 21.75), so 600 more for each day not taken."""

from datetime import date
from decimal import Decimal

import pytest

from orchestrator.calculators.calculator import BadInput, Input, MissingInputs
from tests.orchestrator.calculators.sums import asked, assumed, calculated, line, told

GONE, STAYING = "已离职或要离职", "还在职"


def worked(months: str, **more: Input) -> dict[str, Input]:
    return {"monthly_wage": Decimal(6525), "total_service": Decimal(months), "status": STAYING, **more}


@pytest.mark.parametrize(
    ("months", "days"),
    [("11", 0), ("11.9", 0), ("12", 5), ("119", 5), ("120", 10), ("239", 10), ("240", 15), ("480", 15)],
)
def test_days_by_all_years_of_work(months: str, days: int) -> None:
    assert calculated("annual_leave", worked(months)).total == days * 600


@pytest.mark.parametrize(
    ("last", "months", "days"),
    [
        (date(2026, 3, 13), "60", 0),  # 72 ÷ 365 × 5 = 0.98…
        (date(2026, 3, 14), "60", 1),  # 73 ÷ 365 × 5 = 1 exactly
        (date(2026, 6, 30), "150", 4),  # 181 ÷ 365 × 10 = 4.95…
        (date(2026, 12, 31), "60", 5),
        (date(2024, 12, 31), "250", 15),  # 366 days of a leap year give no sixteenth day
        (date(2024, 3, 13), "60", 1),  # 73 days, 29 February among them
        (date(2026, 1, 1), "250", 0),
    ],
)
def test_who_leaves_has_whole_days_in_proportion(last: date, months: str, days: int) -> None:
    assert calculated("annual_leave", worked(months, status=GONE, left_on=last)).total == days * 600


def test_who_came_and_left_in_the_year() -> None:
    done = calculated("annual_leave", worked("252", hired_on=date(2026, 3, 1), left_on=date(2026, 9, 15)))
    assert line(done, "折算应休天数") == "8 天"  # 199 ÷ 365 × 15 = 8.17…
    assert "企业职工带薪年休假实施办法#12" in done.articles


def test_who_came_in_the_year_has_the_days_that_remain() -> None:
    done = calculated("annual_leave", worked("60", hired_on=date(2026, 7, 1)))
    assert line(done, "折算应休天数") == "2 天"  # 184 ÷ 365 × 5 = 2.52…
    assert "企业职工带薪年休假实施办法#5" in done.articles


def test_days_taken_are_deducted_but_never_claimed_back() -> None:
    assert calculated("annual_leave", worked("60", taken_days=Decimal(2))).total == 1800
    assert calculated("annual_leave", worked("60", taken_days=Decimal("2.5"))).total == 1200
    more = calculated("annual_leave", worked("60", status=GONE, left_on=date(2026, 6, 30), taken_days=Decimal(5)))
    assert more.total == 0
    assert any("不再扣回" in note for note in more.notes)


def test_days_told_are_taken_as_told() -> None:
    done = calculated("annual_leave", {"monthly_wage": Decimal(6525), "unused_days": Decimal(8)})
    assert done.total == 4800
    assert set(done.articles) == {
        "职工带薪年休假条例#5",
        "企业职工带薪年休假实施办法#11",
        "企业职工带薪年休假实施办法#10",
    }


def test_an_amount_is_rounded_once_at_the_end() -> None:
    # 5000 ÷ 21.75 × 3 × 2 = 1379.310…; a rounded daily wage would give 1379.34
    assert calculated("annual_leave", {"monthly_wage": Decimal(5000), "unused_days": Decimal(3)}).total == Decimal(
        "1379.31"
    )


def test_who_waived_in_writing_gets_no_more() -> None:
    assert calculated("annual_leave", worked("60", waived="书面提出不休")).total == 0


@pytest.mark.parametrize(
    ("values", "ids"),
    [
        ({}, ("monthly_wage", "total_service", "status")),
        ({"monthly_wage": Decimal(1), "status": GONE}, ("total_service", "left_on")),
        ({"unused_days": Decimal(1)}, ("monthly_wage",)),
    ],
)
def test_what_is_missing_is_named(values: dict[str, Input], ids: tuple[str, ...]) -> None:
    with pytest.raises(MissingInputs) as missing:
        calculated("annual_leave", values)
    assert missing.value.ids == ids


@pytest.mark.parametrize(
    "values",
    [
        worked("60", hired_on=date(2026, 9, 1), left_on=date(2026, 8, 1)),
        worked("60", hired_on=date(2027, 9, 1)),
        worked("60", left_on=date(2030, 1, 1)),
        worked("900"),
        worked("60", taken_days=Decimal(61)),
        worked("60", unused_days=Decimal(-1)),
        worked("60", monthly_wage=Decimal(0)),
    ],
)
def test_the_impossible_is_refused(values: dict[str, Input]) -> None:
    with pytest.raises(BadInput):
        calculated("annual_leave", values)


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        (
            "我工作了12年，今年6月30号离职，年假一天没休，月薪8700，未休年假工资多少",
            {"total_service": "12年", "left_on": "2026年6月30日", "status": GONE, "monthly_wage": "8700元"},
        ),
        ("还有8天年假没休，工资6525，离职能折现多少钱", {"unused_days": "8", "monthly_wage": "6525元", "status": GONE}),
        (
            "在职，总工龄三年，今年休了2天年假，月薪5000",
            {"status": STAYING, "total_service": "3年", "taken_days": "2", "monthly_wage": "5000元"},
        ),
    ],
)
def test_a_message_gives_its_values(text: str, facts: dict[str, str]) -> None:
    assert told("annual_leave", text) == facts


@pytest.mark.parametrize(
    "text", ["年假没休能赔多少", "未休年休假工资怎么算", "离职年假折现多少钱", "我有几天年假没休,能要多少钱"]
)
def test_it_is_asked_for(text: str) -> None:
    assert asked("annual_leave", text)


@pytest.mark.parametrize("text", ["产假工资怎么算", "节假日加班工资怎么算", "今年工资多少"])
def test_other_requests_are_left_alone(text: str) -> None:
    assert not asked("annual_leave", text)


def test_where_nobody_can_be_asked_the_year_is_taken_as_whole_and_says_so() -> None:
    told: dict[str, Input] = {"monthly_wage": Decimal(8700), "total_service": Decimal(144)}
    staying = assumed("annual_leave", told)
    assert staying.total == 8000  # ten days, twice the daily wage
    assert any("您还在职" in one for one in staying.assumed)
    gone = assumed("annual_leave", {**told, "status": GONE})
    assert gone.total == 6400  # to 20 November: eight whole days
    assert any("按今天离职计算" in one for one in gone.assumed)


def test_the_years_in_this_job_are_not_all_years_of_work() -> None:
    text = "我累计工作12年,在现在公司干了3年,年假没休,月薪9000"
    assert told("annual_leave", text)["total_service"] == "12年"
    assert "total_service" not in told("annual_leave", "在这家公司干了3年,年假没休")
