"""抚养费: percentages by number of children, months until eighteen, what is read from messages."""

from datetime import date
from decimal import Decimal

import pytest

from orchestrator.calculators.calculator import BadInput, Input, MissingInputs
from tests.orchestrator.calculators.sums import asked, calculated, line, told

TODAY = date(2026, 11, 20)


def support(**more: Input) -> dict[str, Input]:
    return {"income": Decimal(10_000)} | more


def test_one_child_gets_twenty_to_thirty_percent() -> None:
    done = calculated("child_support", support())
    assert line(done, "每月抚养费") == "2000 元至 3000 元"
    assert done.total is None
    assert "最高人民法院关于适用民法典婚姻家庭编的解释（一）#49" in done.articles


def test_several_children_get_at_most_half() -> None:
    done = calculated("child_support", support(children=Decimal(3)))
    assert line(done, "3 个子女每月合计") == "2000 元至 5000 元"
    assert line(done, "平均每个子女每月") == "666.67 元至 1666.67 元"


def test_without_a_fixed_income_the_year_counts() -> None:
    done = calculated("child_support", {"steady": "没有固定收入", "year_income": Decimal(100_000)})
    assert line(done, "折合每月收入") == "8333.33 元"
    assert line(done, "每月抚养费") == "1666.67 元至 2500 元"


@pytest.mark.parametrize(
    ("born", "months"),
    [
        (date(2008, 11, 20), None),  # eighteen today
        (date(2008, 11, 21), 1),  # tomorrow
        (date(2008, 12, 20), 1),
        (date(2008, 12, 21), 2),
        (date(2009, 2, 28), 4),
        (date(2020, 2, 29), 136),  # until 28 February 2038: eleven years, three months and eight days
        (TODAY, 216),
    ],
)
def test_until_eighteen(born: date, months: int | None) -> None:
    done = calculated("child_support", support(born_on=born, agreed=Decimal(1_000)))
    if months is None:
        assert done.total == 0
        assert "一般不再" in done.summary
    else:
        assert line(done, "还要给的时间") == f"{months} 个月"
        assert done.total == 1_000 * months


def test_the_total_of_the_range() -> None:
    done = calculated("child_support", support(child_age=Decimal(5)))
    assert line(done, "这个孩子到十八周岁合计") == "312000 元至 468000 元"  # 156 months
    assert done.total is None


@pytest.mark.parametrize(("age", "noted"), [(15, False), (16, True), (17, True)])
def test_earning_ones_own_living_from_sixteen(age: int, noted: bool) -> None:
    notes = calculated("child_support", support(child_age=Decimal(age))).notes
    assert any("十六周岁" in note for note in notes) is noted


@pytest.mark.parametrize(("values", "ids"), [({}, ("income",)), ({"steady": "没有固定收入"}, ("year_income",))])
def test_what_is_missing(values: dict[str, Input], ids: tuple[str, ...]) -> None:
    with pytest.raises(MissingInputs) as missing:
        calculated("child_support", values)
    assert missing.value.ids == ids


@pytest.mark.parametrize(
    "values",
    [
        support(children=Decimal(0)),
        support(children=Decimal("1.5")),
        support(income=Decimal(0)),
        support(income=Decimal(-1)),
        support(born_on=date(2026, 11, 21)),
        support(child_age=Decimal(200)),
    ],
)
def test_impossible_values(values: dict[str, Input]) -> None:
    with pytest.raises(BadInput):
        calculated("child_support", values)


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        (
            "他月薪1万2,孩子5岁,离婚后抚养费每月给多少",
            {"steady": "有固定收入", "income": "12000元", "child_age": "5"},
        ),
        (
            "前夫做生意没有固定收入,一年挣15万左右,两个孩子,抚养费怎么算",
            {"steady": "没有固定收入", "year_income": "150000元", "children": "2"},
        ),
        (
            "儿子2015年3月6日出生,离婚协议约定每月给2000,工资8000,抚养费合理吗",
            {"steady": "有固定收入", "income": "8000元", "born_on": "2015年3月6日", "agreed": "2000元"},
        ),
    ],
)
def test_values_are_read_from_what_people_write(text: str, facts: dict[str, str]) -> None:
    assert told("child_support", text) == facts
    assert asked("child_support", text)


@pytest.mark.parametrize("text", ["抚养费过了时效没有", "赡养费给多少", "伤残十级赔多少", "他不给抚养费怎么办"])
def test_other_requests_are_left_alone(text: str) -> None:
    assert not asked("child_support", text)
