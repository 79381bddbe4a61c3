"""经济补偿金 and 赔偿金: hand-worked figures at the boundaries of the rule."""

from datetime import date
from decimal import Decimal

import pytest

from orchestrator.calculators.calculator import BadInput, Input, MissingInputs
from tests.orchestrator.calculators.sums import asked, assumed, calculated, line, rate, told

AGREED, UNABLE, UNLAWFUL = "单位提出,协商一致解除", "不胜任、医疗期满或情况重大变化", "单位违法解除或终止"
EXPIRED, DISPUTED = "合同到期单位不续或降低条件", "被单位辞退,说不清是否合法"


def between(first: date, last: date, **more: Input) -> dict[str, Input]:
    return {"ended": AGREED, "monthly_wage": Decimal(8000), "hired_on": first, "left_on": last, **more}


def months(count: str, **more: Input) -> dict[str, Input]:
    return {"ended": AGREED, "monthly_wage": Decimal(8000), "worked": Decimal(count), **more}


@pytest.mark.parametrize(
    ("first", "last", "total"),
    [
        (date(2024, 1, 1), date(2024, 6, 30), 8000),  # six months to the day: one month
        (date(2024, 1, 1), date(2024, 6, 29), 4000),  # one day short: half a month
        (date(2024, 1, 1), date(2024, 12, 31), 8000),  # a year to the day
        (date(2024, 1, 1), date(2025, 1, 1), 12000),  # a year and a day
        (date(2024, 1, 1), date(2024, 1, 1), 4000),  # one day
        (date(2023, 8, 31), date(2024, 2, 29), 8000),  # six months end with February
        (date(2023, 8, 31), date(2024, 2, 28), 4000),
        (date(2022, 8, 31), date(2023, 2, 28), 8000),
        (date(2024, 2, 29), date(2025, 2, 28), 8000),  # a year from a leap day
        (date(2024, 2, 29), date(2025, 2, 27), 8000),  # a day less than a year rounds up all the same
        (date(2023, 3, 1), date(2024, 2, 29), 8000),  # a year that ends with a leap day
        (date(2023, 3, 1), date(2024, 3, 1), 12000),
        (date(2012, 7, 1), date(2026, 6, 30), 14 * 8000),  # no cap on years for an ordinary wage
    ],
)
def test_years_are_counted_to_the_day(first: date, last: date, total: int) -> None:
    assert calculated("severance", between(first, last)).total == total


@pytest.mark.parametrize(
    ("count", "total"), [("90", 64000), ("89", 60000), ("84", 56000), ("5", 4000), ("84.1", 60000)]
)
def test_a_duration_rounds_at_half_a_year(count: str, total: int) -> None:
    assert calculated("severance", months(count)).total == total


def test_one_month_more_without_notice_is_the_last_months_wage() -> None:
    told = {"ended": UNABLE, "monthly_wage": Decimal(8000), "worked": Decimal(60)}
    bare = calculated("severance", {**told, "notice": "没有提前通知", "last_month_wage": Decimal("9500.50")})
    assert bare.total == Decimal("49500.50")
    assert "劳动合同法实施条例#20" in bare.articles
    assert calculated("severance", {**told, "notice": "提前三十日书面通知了"}).total == 40000
    assert calculated("severance", {**told, "notice": "没有提前通知"}).total == 48000
    with pytest.raises(MissingInputs) as missing:
        calculated("severance", told)
    assert missing.value.ids == ("notice",)


def test_unlawful_is_twice_with_no_split_at_2008() -> None:
    done = calculated("severance", between(date(2004, 1, 1), date(2025, 12, 31), ended=UNLAWFUL))
    assert done.total == 8000 * 22 * 2
    assert {"劳动合同法#87", "劳动合同法实施条例#25"} <= set(done.articles)
    assert "劳动合同法#97" not in done.articles


def test_an_unclear_dismissal_shows_both_figures() -> None:
    done = calculated("severance", months("63", ended=DISPUTED))
    assert done.total is None
    assert "44000 元" in done.summary and "88000 元" in done.summary  # 5.5 months, and twice that


@pytest.mark.parametrize(
    ("wage", "total"),
    [
        ("30000", 30000 * 14),  # exactly three averages of 10,000: no cap, all fourteen years
        ("30000.01", 30000 * 12),  # a cent above: the cap, and twelve years
    ],
)
def test_the_cap_begins_above_three_averages(wage: str, total: int) -> None:
    values = between(date(2012, 1, 1), date(2025, 12, 31), monthly_wage=Decimal(wage))
    assert calculated("severance", values, rate("average_wage_month", "10000")).total == total
    assert calculated("severance", {**values, "local_wage": Decimal(10000)}).total == total
    twice = calculated("severance", {**values, "ended": UNLAWFUL}, rate("average_wage_month", "10000"))
    assert twice.total == 2 * total


def test_the_cap_leaves_fewer_than_twelve_years_as_they_are() -> None:
    values = months("30", monthly_wage=Decimal(50000), local_wage=Decimal(9000))
    assert calculated("severance", values).total == Decimal(27000) * 3


def test_the_notice_month_is_not_capped() -> None:
    values = months("24", ended=UNABLE, notice="没有提前通知", monthly_wage=Decimal(50000), local_wage=Decimal(9000))
    assert calculated("severance", values).total == 27000 * 2 + 50000


def test_the_cap_is_asked_for_only_when_the_wage_is_high() -> None:
    calculated("severance", months("24", monthly_wage=Decimal(12000)))
    high = months("24", monthly_wage=Decimal(20000))
    with pytest.raises(MissingInputs) as missing:
        calculated("severance", high)
    assert missing.value.ids == ("over_cap",)
    assert calculated("severance", {**high, "over_cap": "没有超过"}).total == 40000
    assert calculated("severance", {**high, "over_cap": "先按没有超过算"}).total == 40000
    with pytest.raises(MissingInputs) as missing:
        calculated("severance", {**high, "over_cap": "超过了"})
    assert missing.value.ids == ("local_wage",)


def test_where_nobody_can_be_asked_the_wage_is_taken_to_be_under_the_cap_and_says_so() -> None:
    done = assumed("severance", months("63", ended=UNLAWFUL, monthly_wage=Decimal(15000)))
    assert done.total == 165000
    assert "没有超过当地上年度职工月平均工资的三倍;超过的" in done.assumed[0]
    with pytest.raises(MissingInputs):  # whoever says that it is above has told what the sum hangs on
        assumed("severance", months("63", monthly_wage=Decimal(50000), over_cap="超过了"))


def test_a_notice_nobody_spoke_of_is_taken_as_given_and_says_what_else_follows() -> None:
    done = assumed("severance", months("60", ended=UNABLE))
    assert done.total == 40000
    assert any("另加一个月工资" in one for one in done.assumed)


def test_without_a_last_day_the_job_is_taken_to_end_today() -> None:
    told = {"ended": UNLAWFUL, "monthly_wage": Decimal(8000), "hired_on": date(2024, 11, 21)}
    done = assumed("severance", told)
    assert done.total == 8000 * 2 * 2  # two years to the day
    assert any("按今天离职计算" in one for one in done.assumed)
    assert assumed("severance", months("240")).total == 8000 * 21  # reckoned back past 2008: 2 years begun, and 19


def test_the_sum_itself_is_never_assumed() -> None:
    with pytest.raises(MissingInputs) as missing:
        assumed("severance", {"ended": AGREED, "worked": Decimal(12)})
    assert missing.value.ids == ("monthly_wage",)


def test_service_before_2008_is_counted_apart() -> None:
    done = calculated("severance", between(date(2005, 3, 1), date(2024, 9, 15)))
    assert line(done, "2008年起的经济补偿") == f"{17 * 8000} 元"  # 16 years, 8 months, 15 days
    assert line(done, "2008年以前的经济补偿(估算)") == f"{3 * 8000} 元"  # 2 years, 10 months
    assert done.total == 20 * 8000
    assert {"劳动合同法#97", "劳动法#28"} <= set(done.articles)
    assert any("2008年" in one for one in done.assumed)


def test_the_split_has_its_own_rounding() -> None:
    # From 2007-07-01 to 2008-07-01: a year and a day as a whole; half a year before, six months and a day after.
    done = calculated("severance", between(date(2007, 7, 1), date(2008, 7, 1)), today=date(2008, 7, 2))
    assert done.total == 2 * 8000
    assert calculated("severance", between(date(2008, 1, 1), date(2008, 6, 29)), today=date(2008, 7, 2)).total == 4000


def test_the_end_of_a_term_gives_nothing_for_the_time_before_2008() -> None:
    done = calculated("severance", between(date(2006, 1, 1), date(2025, 12, 31), ended=EXPIRED))
    assert done.total == 18 * 8000
    assert any("没有计入" in note for note in done.notes)


def test_a_long_duration_needs_the_dates() -> None:
    with pytest.raises(MissingInputs) as missing:
        calculated("severance", months("240"))  # twenty years before November 2026
    assert missing.value.ids == ("hired_on", "left_on")
    assert calculated("severance", months("240", ended=UNLAWFUL)).total == 8000 * 20 * 2


def test_a_wage_below_the_minimum_counts_as_the_minimum() -> None:
    values = months("24", monthly_wage=Decimal(1500))
    assert calculated("severance", {**values, "minimum_wage": Decimal(2000)}).total == 4000
    assert any("最低工资" in note for note in calculated("severance", values).notes)
    assert calculated("severance", {**values, "minimum_wage": Decimal(1500)}).total == 3000


@pytest.mark.parametrize("ended", ["我自己辞职", "到期单位同等条件续签,我不续", "严重违纪等,单位依法解除"])
def test_some_ends_give_nothing_and_ask_nothing(ended: str) -> None:
    done = calculated("severance", {"ended": ended})
    assert done.total == 0 and "劳动合同法#46" in done.articles


@pytest.mark.parametrize(
    ("values", "ids"),
    [
        ({}, ("ended", "monthly_wage", "worked")),
        ({"ended": AGREED, "monthly_wage": Decimal(1)}, ("worked",)),
        ({"ended": AGREED, "monthly_wage": Decimal(1), "hired_on": date(2020, 1, 1)}, ("left_on",)),
        ({"ended": UNABLE, "worked": Decimal(3)}, ("monthly_wage", "notice")),
    ],
)
def test_what_is_missing_is_named(values: dict[str, Input], ids: tuple[str, ...]) -> None:
    with pytest.raises(MissingInputs) as missing:
        calculated("severance", values)
    assert missing.value.ids == ids


@pytest.mark.parametrize(
    "values",
    [
        between(date(2024, 5, 2), date(2024, 5, 1)),
        between(date(2024, 5, 2), date(2029, 5, 1)),
        months("24", monthly_wage=Decimal(0)),
        months("24", monthly_wage=Decimal(-1)),
        months("24", monthly_wage=Decimal(99_999_999)),
        months("0"),
        months("1200"),
        months("24", ended="不想干了"),
        months("24", boss=Decimal(1)),
        between(date(2001, 1, 1), date(2007, 6, 1)),
    ],
)
def test_the_impossible_is_refused(values: dict[str, Input]) -> None:
    with pytest.raises(BadInput):
        calculated("severance", values)


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        (
            "我工资8000,干了七年半,被违法辞退,能赔多少",
            {"monthly_wage": "8000元", "worked": "7年6个月", "ended": UNLAWFUL},
        ),
        (
            "2019年3月1日入职,2024年9月15日离职,月薪1万2,公司给N+1是多少钱",
            {
                "hired_on": "2019年3月1日",
                "left_on": "2024年9月15日",
                "monthly_wage": "12000元",
                "ended": UNABLE,
                "notice": "没有提前通知",
            },
        ),
        (
            "合同到期公司不续签，我在厂里干了10年，月薪五千，有补偿吗",
            {"ended": EXPIRED, "worked": "10年", "monthly_wage": "5000元"},
        ),
        (
            "被公司裁员了，工龄3年零2个月，每个月到手6500，能拿多少补偿",
            {"ended": DISPUTED, "worked": "3年2个月", "monthly_wage": "6500元"},
        ),
    ],
)
def test_a_message_gives_its_values(text: str, facts: dict[str, str]) -> None:
    assert told("severance", text) == facts


@pytest.mark.parametrize(
    "text",
    [
        "被辞退能赔多少钱",
        "经济补偿金怎么算",
        "N+1是多少",
        "公司给我2n够不够",
        "违法解除劳动合同赔偿金算一下",
        "公司倒闭了能拿多少补偿",
        "合同到期不续签有补偿吗",
        "离职补偿怎么算",
        "被裁了能拿几个月工资",
    ],
)
def test_it_is_asked_for(text: str) -> None:
    assert asked("severance", text)


@pytest.mark.parametrize(
    "text",
    [
        "交通事故赔偿怎么算",
        "死亡赔偿金多少",
        "竞业限制经济补偿怎么算",
        "房东违约要赔我多少",
        "拆迁补偿",
        "解除租赁合同的赔偿",
        "贷款到期要还多少钱",
        "公司去仲裁要我赔多少",
    ],
)
def test_other_requests_are_left_alone(text: str) -> None:
    assert not asked("severance", text)
