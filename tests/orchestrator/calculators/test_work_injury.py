"""工伤保险待遇: the scale of the grades, the bounds of the wage, death; provincial sums are never guessed."""

from datetime import date
from decimal import Decimal

import pytest

from orchestrator.calculators.calculator import BadInput, Input, MissingInputs
from tests.orchestrator.calculators.sums import asked, calculated, income, line, rate, told

DEATH, UNGRADED = "因工死亡", "没有评上等级"


def graded(grade: str, wage: str = "6000", **more: Input) -> dict[str, Input]:
    return {"outcome": grade, "monthly_wage": Decimal(wage), **more}


@pytest.mark.parametrize(
    ("grade", "total", "article"),
    [
        ("一级", 162000, 35),
        ("二级", 150000, 35),
        ("三级", 138000, 35),
        ("四级", 126000, 35),
        ("五级", 108000, 36),
        ("六级", 96000, 36),
        ("七级", 78000, 37),
        ("八级", 66000, 37),
        ("九级", 54000, 37),
        ("十级", 42000, 37),
    ],
)
def test_the_sum_paid_at_once_by_grade(grade: str, total: int, article: int) -> None:
    done = calculated("work_injury", graded(grade))
    assert done.total == total
    assert f"工伤保险条例#{article}" in done.articles


@pytest.mark.parametrize(
    ("grade", "monthly"),
    [("一级", "5400"), ("二级", "5100"), ("三级", "4800"), ("四级", "4500"), ("五级", "4200"), ("六级", "3600")],
)
def test_the_monthly_allowance(grade: str, monthly: str) -> None:
    done = calculated("work_injury", graded(grade))
    label = "伤残津贴" if grade in ("一级", "二级", "三级", "四级") else "伤残津贴(单位难以安排工作的)"
    assert line(done, label) == f"每月 {monthly} 元"


def test_lighter_grades_have_no_allowance() -> None:
    assert not any("津贴" in one.label for one in calculated("work_injury", graded("七级")).lines)


@pytest.mark.parametrize(
    ("wage", "own"),
    [("5999.99", "6000"), ("6000", "6000"), ("6000.01", "6000.01"), ("30000", "30000"), ("30000.01", "30000")],
)
def test_the_wage_is_kept_between_its_bounds(wage: str, own: str) -> None:
    done = calculated("work_injury", graded("十级", wage), rate("average_wage_month", "10000"))
    assert done.total == Decimal(own) * 7
    assert "工伤保险条例#64" in done.articles


def test_without_a_local_average_the_wage_stands_and_that_is_said() -> None:
    done = calculated("work_injury", graded("十级"))
    assert done.total == 42000
    assert any("60%" in one for one in done.assumed)


def test_sums_fixed_by_provinces_are_said_to_be_missing() -> None:
    stays = calculated("work_injury", graded("九级"))
    assert any("各省" in note for note in stays.notes)
    leaves = graded("九级", leaving="要解除或终止")
    assert line(calculated("work_injury", leaves), "一次性伤残就业补助金") == "没有计入"
    done = calculated("work_injury", {**leaves, "medical_subsidy": Decimal(20000), "job_subsidy": Decimal(30000)})
    assert done.total == 54000 + 50000


def test_heavy_grades_keep_the_job() -> None:
    done = calculated("work_injury", graded("四级", leaving="要解除或终止"))
    assert not any("就业补助金" in one.label for one in done.lines)


@pytest.mark.parametrize(("months", "wages"), [("3", "18000"), ("12", "72000"), ("24", "144000"), ("3.5", "21000")])
def test_wages_go_on_while_work_is_stopped(months: str, wages: str) -> None:
    done = calculated("work_injury", graded("十级", stoppage=Decimal(months)))
    assert line(done, "停工留薪期工资") == f"{wages} 元"
    assert done.total == 42000 + Decimal(wages)
    assert any("确认" in note for note in done.notes) == (Decimal(months) > 12)


def test_no_grade_leaves_the_wages_of_the_stoppage() -> None:
    assert calculated("work_injury", graded(UNGRADED, stoppage=Decimal(2))).total == 12000


@pytest.mark.parametrize(
    ("level", "monthly"), [("完全不能自理", "5000"), ("大部分不能自理", "4000"), ("部分不能自理", "3000")]
)
def test_nursing_is_a_share_of_the_local_average(level: str, monthly: str) -> None:
    values = graded("一级", nursing=level)
    known = calculated("work_injury", values, rate("average_wage_month", "10000"))
    assert line(known, "生活护理费") == f"每月 {monthly} 元"
    assert "没有计算" in line(calculated("work_injury", values), "生活护理费")


def test_death_is_twenty_incomes_and_six_local_wages() -> None:
    values: dict[str, Input] = {"outcome": DEATH, "happened_on": date(2026, 3, 1)}
    done = calculated("work_injury", values, income("50000"), rate("average_wage_month", "10000"))
    assert done.total == 1_000_000 + 60_000
    assert "工伤保险条例#39" in done.articles
    partly = calculated("work_injury", values, income("50000"))
    assert partly.total == 1_000_000
    assert "没有计入" in line(partly, "丧葬补助金")
    own = calculated("work_injury", {**values, "urban_income": Decimal("54188"), "local_wage": Decimal(8000)})
    assert own.total == 54188 * 20 + 48000


@pytest.mark.parametrize(
    ("family", "monthly"),
    [
        ({"spouse": "有"}, "2400"),
        ({"spouse": "有", "dependants": Decimal(2)}, "6000"),  # 40 + 30 + 30: exactly the wage
        ({"spouse": "有", "dependants": Decimal(3)}, "6000"),  # never more than the wage
        ({"dependants": Decimal(1)}, "1800"),
        ({"dependants": Decimal(2), "lone": Decimal(1)}, "4200"),
    ],
)
def test_those_who_lived_on_the_dead(family: dict[str, Input], monthly: str) -> None:
    values = {"outcome": DEATH, "monthly_wage": Decimal(6000), "urban_income": Decimal(50000), **family}
    assert line(calculated("work_injury", values), "供养亲属抚恤金") == f"每月 {monthly} 元"


def test_an_uninsured_employer_pays_it_all() -> None:
    assert "工伤保险条例#62" in calculated("work_injury", graded("十级", insured="没交")).articles
    assert "工伤保险条例#62" not in calculated("work_injury", graded("十级", insured="交了")).articles


@pytest.mark.parametrize(
    ("values", "ids"),
    [
        ({}, ("outcome", "monthly_wage")),
        ({"monthly_wage": Decimal(1)}, ("outcome",)),
        ({"outcome": "七级"}, ("monthly_wage",)),
        ({"outcome": UNGRADED}, ("stoppage", "monthly_wage")),
        ({"outcome": DEATH}, ("urban_income", "local_wage")),
        ({"outcome": DEATH, "local_wage": Decimal(8000)}, ("urban_income",)),
        ({"outcome": DEATH, "urban_income": Decimal(50000), "spouse": "有"}, ("monthly_wage",)),
    ],
)
def test_what_is_missing_is_named(values: dict[str, Input], ids: tuple[str, ...]) -> None:
    with pytest.raises(MissingInputs) as missing:
        calculated("work_injury", values)
    assert missing.value.ids == ids


@pytest.mark.parametrize(
    "values",
    [
        graded("十一级"),
        graded("十级", "0"),
        graded("十级", stoppage=Decimal("24.1")),
        graded("十级", happened_on=date(2027, 1, 1)),
        graded("十级", leaving="要解除或终止", medical_subsidy=Decimal(-1)),
        {"outcome": DEATH, "urban_income": Decimal(500)},
        {
            "outcome": DEATH,
            "urban_income": Decimal(50000),
            "dependants": Decimal(1),
            "lone": Decimal(2),
            "monthly_wage": Decimal(1),
        },
        {"outcome": DEATH, "urban_income": Decimal(50000), "dependants": Decimal(21), "monthly_wage": Decimal(1)},
    ],
)
def test_the_impossible_is_refused(values: dict[str, Input]) -> None:
    with pytest.raises(BadInput):
        calculated("work_injury", values)


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        ("工伤8级,工资6000,能赔多少", {"outcome": "八级", "monthly_wage": "6000元"}),
        (
            "上班时右手被机器轧断，评了五级伤残，月工资5500，休养了6个月，没交社保，要解除合同",
            {
                "outcome": "五级",
                "monthly_wage": "5500元",
                "stoppage": "6个月",
                "leaving": "要解除或终止",
                "insured": "没交",
            },
        ),
        ("我老公在工地干活去世了，认定了工伤，留下两个孩子，能赔多少钱", {"outcome": DEATH}),
        (
            "一级伤残生活完全不能自理，工资8000，社平工资9000，工伤待遇怎么算",
            {"outcome": "一级", "nursing": "完全不能自理", "monthly_wage": "8000元", "local_wage": "9000元"},
        ),
    ],
)
def test_a_message_gives_its_values(text: str, facts: dict[str, str]) -> None:
    found = told("work_injury", text)
    assert {id: found.get(id) for id in facts} == facts
    assert set(found) <= {*facts, "dependants"}


@pytest.mark.parametrize(
    "text",
    [
        "工伤八级赔多少",
        "工亡能赔多少钱",
        "一次性伤残补助金怎么算",
        "停工留薪期工资怎么算",
        "在工地上摔断了腿能赔多少钱",
    ],
)
def test_it_is_asked_for(text: str) -> None:
    assert asked("work_injury", text)


@pytest.mark.parametrize(
    "text", ["交通事故十级伤残赔多少", "上班路上被车撞了能赔多少钱", "被狗咬伤赔多少", "被辞退能赔多少钱"]
)
def test_other_requests_are_left_alone(text: str) -> None:
    assert not asked("work_injury", text)
