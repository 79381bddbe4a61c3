"""Damages for personal injury: ages at the bounds, degrees, dependants under the ceiling, who pays on the road."""

from datetime import date
from decimal import Decimal

import pytest

from orchestrator.calculators.calculator import BadInput, Input, MissingInputs
from orchestrator.calculators.parts.harm_inputs import DEAD, DISABLED, HURT, OTHER, ROAD
from orchestrator.rates import NATIONAL
from tests.orchestrator.calculators.sums import asked, assumed, calculated, line, rate, told

INCOME = Decimal(50_000)


def number(value: str | int) -> Decimal:
    return Decimal(value)


def disabled(**more: Input) -> dict[str, Input]:
    return {"event": OTHER, "grade": "十级", "age": number(45), "urban_income": INCOME} | more


def hurt(**more: Input) -> dict[str, Input]:
    return {"event": OTHER, "outcome": HURT, "medical": number(10_000), **more}


@pytest.mark.parametrize(
    ("age", "years"), [("0", 20), ("59", 20), ("60", 20), ("61", 19), ("74", 6), ("74.9", 6), ("75", 5), ("90", 5)]
)
def test_years_shrink_from_sixty_on(age: str, years: int) -> None:
    done = calculated("injury", disabled(age=number(age)))
    assert line(done, "赔偿年限") == f"{years} 年"
    assert done.total == 5_000 * years


@pytest.mark.parametrize(
    ("grade", "total"), [("一级", 1_000_000), ("五级", 600_000), ("九级", 200_000), ("十级", 100_000)]
)
def test_the_degree_is_a_convention_and_says_so(grade: str, total: int) -> None:
    done = calculated("injury", disabled(grade=grade))
    assert done.total == total
    assert any("没有规定百分比" in one for one in done.assumed)


def test_a_given_factor_goes_before_the_convention() -> None:
    done = calculated("injury", disabled(factor=number(12)))
    assert done.total == 120_000
    assert not any("没有规定百分比" in one for one in done.assumed)


def test_items_of_treatment_and_lost_earnings() -> None:
    done = calculated(
        "injury",
        hurt(
            hospital=Decimal("0.6667"),  # twenty days, as a message gives them
            meal_rate=number(100),
            leave=Decimal("1.5"),
            income=number(8_000),
            care=number(1),
            care_rate=number(150),
            transport=Decimal("123.45"),
        ),
    )
    assert line(done, "住院伙食补助费") == "2000 元"
    assert line(done, "误工费") == "12000 元"
    assert line(done, "护理费") == "4500 元"
    assert done.total == Decimal("28623.45")


def test_death() -> None:
    done = calculated(
        "injury",
        {"event": OTHER, "outcome": DEAD, "age": number(70), "urban_income": INCOME, "average_wage": number(9_000)},
    )
    assert line(done, "死亡赔偿金") == "500000 元"  # ten years
    assert line(done, "丧葬费") == "54000 元"
    assert done.total == 554_000


def test_published_figures_stand_in_for_told_ones() -> None:
    values = disabled()
    del values["urban_income"]
    with pytest.raises(MissingInputs, match="urban_income"):
        calculated("injury", values)
    assert calculated("injury", values, rate("urban_income_year", "60000")).total == 120_000


def test_dependants_together_get_at_most_the_yearly_spending() -> None:
    family: dict[str, Input] = {
        "outcome": DEAD,
        "event": OTHER,
        "age": number(40),
        "urban_income": INCOME,
        "average_wage": number(9_000),
        "urban_spending": number(30_000),
        "child_age": number(8),  # ten years, a half
        "parent_age": number(75),  # five years, a half
        "second_parent_age": number(65),  # fifteen years, a half
        "siblings": number(2),
    }
    done = calculated("injury", family)
    assert line(done, "被扶养人生活费(第 1 至 5 年)") == "150000 元"  # one and a half shares, capped at one
    assert line(done, "被扶养人生活费(第 6 至 10 年)") == "150000 元"
    assert line(done, "被扶养人生活费(第 11 至 15 年)") == "75000 元"
    assert done.total == 1_000_000 + 54_000 + 375_000


def test_dependants_of_the_disabled_get_the_share_of_the_degree() -> None:
    done = calculated("injury", disabled(urban_spending=number(30_000), child_age=number(8)))
    assert line(done, "被扶养人生活费(第 1 至 10 年)") == "15000 元"
    grown = calculated("injury", disabled(urban_spending=number(30_000), child_age=number(18)))
    assert grown.total == 100_000


def road(**more: Input) -> dict[str, Input]:
    limits = {"limit_medical": number(4_000), "limit_disability": number(80_000)}  # invented limits
    return disabled(**{"event": ROAD, "medical": number(10_000), "fault": "对方全责", **limits, **more})


def test_on_the_road_the_insurer_pays_first_and_the_rest_is_shared() -> None:
    assert calculated("injury", road()).total == 110_000
    half = calculated("injury", road(fault="同等责任"))
    assert line(half, "交强险(医疗费用)") == "4000 元"
    assert line(half, "交强险(死亡伤残)") == "80000 元"
    assert half.total == 84_000 + 13_000  # half of 26000 beyond the limits
    assert calculated("injury", road(share=number(70))).total == 84_000 + 18_200
    assert calculated("injury", road(fault="我方全责")).total == 84_000
    assert {"民法典#1213", "道路交通安全法#76"} <= set(half.articles)


def test_without_compulsory_insurance_the_owner_stands_in() -> None:
    done = calculated("injury", road(insured="没有交强险"))
    assert done.total == 110_000
    assert any(id.endswith("交通事故损害赔偿案件适用法律若干问题的解释#16") for id in done.articles)


def test_no_insurance_against_a_bicycle() -> None:
    values = road(against="非机动车", share=number(60))
    del values["limit_medical"], values["limit_disability"]
    assert calculated("injury", values).total == 66_000


def test_limits_come_from_tables_only_for_a_driver_at_fault() -> None:
    values = road()
    del values["limit_medical"], values["limit_disability"]
    tables = (rate("compulsory_medical", "4000", NATIONAL), rate("compulsory_disability", "80000", NATIONAL))
    assert line(calculated("injury", values, *tables), "交强险(医疗费用)") == "4000 元"
    with pytest.raises(MissingInputs, match="limit_medical"):
        calculated("injury", {**values, "fault": "我方全责"}, *tables)


def test_what_was_paid_is_taken_off() -> None:
    assert calculated("injury", hurt(paid=number(4_000))).total == 6_000
    assert calculated("injury", hurt(paid=number(14_000))).total == 0


def test_earlier_acts_are_marked() -> None:
    assert any("当时的解释" in note for note in calculated("injury", hurt(happened_on=date(2022, 4, 30))).notes)
    assert not any("当时的解释" in note for note in calculated("injury", hurt(happened_on=date(2022, 5, 1))).notes)


@pytest.mark.parametrize(
    ("values", "ids"),
    [
        ({}, ("event", "outcome")),
        ({"event": OTHER, "outcome": HURT}, ("medical",)),
        ({"event": OTHER, "outcome": DISABLED}, ("grade", "age", "urban_income")),
        ({"event": OTHER, "outcome": DEAD}, ("age", "urban_income", "average_wage")),
        (hurt(hospital=number(1), leave=number(1), care=number(1)), ("meal_rate", "income", "care_rate")),
        (hurt(event=ROAD), ("fault", "limit_medical", "limit_disability")),
        (road(fault="对方主责"), ("share",)),
        (disabled(parent_age=number(70)), ("urban_spending", "siblings")),
    ],
)
def test_what_is_missing_depends_on_the_case(values: dict[str, Input], ids: tuple[str, ...]) -> None:
    with pytest.raises(MissingInputs) as missing:
        calculated("injury", values)
    assert missing.value.ids == ids


@pytest.mark.parametrize(
    "values",
    [
        disabled(age=number(121)),
        disabled(grade="十一级"),
        disabled(factor=number(101)),
        hurt(share=number(101)),
        hurt(medical=number(-1)),
        hurt(care=number(241), care_rate=number(100)),
        disabled(parent_age=number(70), siblings=Decimal("1.5"), urban_spending=number(1)),
    ],
)
def test_impossible_values(values: dict[str, Input]) -> None:
    with pytest.raises(BadInput):
        calculated("injury", values)


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        (
            "十级伤残,住院20天,今年45岁,医药费3万2,对方全责,能赔多少",
            {
                "event": ROAD,
                "outcome": DISABLED,
                "grade": "十级",
                "age": "45",
                "medical": "32000元",
                "hospital": "20天",
                "fault": "对方全责",
            },
        ),
        (
            "交通事故九级伤残,我38岁,孩子6岁,父亲70岁,兄弟姐妹3个,对方承担70%,怎么赔偿",
            {
                "event": ROAD,
                "outcome": DISABLED,
                "grade": "九级",
                "age": "38",
                "child_age": "6",
                "parent_age": "70",
                "siblings": "3",
                "share": "70",
            },
        ),
        (
            "我爸72岁被货车撞死了,对方主责,死亡赔偿金多少",
            {"event": ROAD, "outcome": DEAD, "age": "72", "fault": "对方主责", "against": "机动车"},
        ),
        (
            "打架被打伤,没有评残,医疗费花了1万5,护理期30天护工一天200,能要多少赔偿",
            {"event": OTHER, "outcome": HURT, "medical": "15000元", "care": "1个月", "care_rate": "200元"},
        ),
    ],
)
def test_values_are_read_from_what_people_write(text: str, facts: dict[str, str]) -> None:
    assert told("injury", text) == facts
    assert asked("injury", text)


@pytest.mark.parametrize("text", ["被辞退赔多少", "抚养费给多少", "工伤十级能拿多少补助金", "刑期什么时候满"])
def test_other_requests_are_left_alone(text: str) -> None:
    assert not asked("injury", text)


def test_where_nobody_can_be_asked_the_other_side_bears_all_and_says_so() -> None:
    done = assumed("injury", {**hurt(), "event": ROAD})
    assert done.total == 10_000
    assert any("受害人自己也有过错的" in one for one in done.assumed)
    with pytest.raises(MissingInputs):  # a share decides, and with it the limits of the insurance
        assumed("injury", {**hurt(), "event": ROAD, "fault": "同等责任"})


def test_half_an_item_leaves_the_others_their_figure() -> None:
    done = assumed("injury", hurt(leave=number(2), care=number(1), care_rate=number(100)))
    assert done.total == 13_000
    assert any("误工费" in note for note in done.notes)
