"""Court fees at the edges of every bracket, to the yuan."""

from decimal import Decimal

import pytest

from orchestrator.calculators.calculator import BadInput, Input, MissingInputs
from tests.orchestrator.calculators.money import calculated, results, told, wanted

NAME = "court_fee"
MONEY, DIVORCE = "财产案件(要钱、要物)", "离婚案件"
PERSONALITY = "人格权案件(名誉、肖像、姓名等)"


def total(matter: str, amount: str | None = None, **values: Input | int) -> Decimal | None:
    return calculated(NAME, matter=matter, **({} if amount is None else {"amount": amount}), **values).total


@pytest.mark.parametrize(
    ("amount", "fee"),
    [
        ("1", "50"),
        ("10000", "50"),
        ("10001", "50.03"),  # 2.5 cents more, half up
        ("100000", "2300"),
        ("200000", "4300"),
        ("500000", "8800"),
        ("1000000", "13800"),
        ("2000000", "22800"),
        ("5000000", "46800"),
        ("10000000", "81800"),
        ("20000000", "141800"),
        ("20000200", "141801"),
        ("150000", "3300"),
    ],
)
def test_a_suit_over_money(amount: str, fee: str) -> None:
    assert total(MONEY, amount) == Decimal(fee)


def test_each_bracket_is_a_step() -> None:
    done = calculated(NAME, matter=MONEY, amount=250000)
    assert results(done)[:4] == [
        ("每件定额", "50 元"),
        ("90000 元 × 2.5%", "2250 元"),
        ("100000 元 × 2%", "2000 元"),
        ("50000 元 × 1.5%", "750 元"),
    ]
    assert done.total == 5050
    assert {"诉讼费用交纳办法#13", "诉讼费用交纳办法#20", "诉讼费用交纳办法#29"} <= set(done.articles)
    assert any("1770 元" in note and "3650 元" in note for note in done.notes)  # preservation, enforcement


@pytest.mark.parametrize(
    ("course", "article"), [("简易程序(含小额诉讼)", 16), ("调解结案或撤诉", 15), ("反诉或第三人请求合并审理", 18)]
)
def test_halved_once(course: str, article: int) -> None:
    done = calculated(NAME, matter=MONEY, amount=100000, course=course)
    assert done.total == 1150
    assert f"诉讼费用交纳办法#{article}" in done.articles
    assert done.assumed == ()


def test_the_ordinary_course_is_assumed_aloud() -> None:
    assert calculated(NAME, matter=MONEY, amount=100000).assumed
    assert not calculated(NAME, matter=MONEY, amount=100000, course="普通程序").assumed


@pytest.mark.parametrize(
    ("matter", "amount", "low", "high"),
    [
        (DIVORCE, 0, "50 元", "300 元"),
        (DIVORCE, 200000, "50 元", "300 元"),
        (DIVORCE, 600000, "2050 元", "2300 元"),
        (PERSONALITY, 50000, "100 元", "500 元"),
        (PERSONALITY, 100000, "600 元", "1000 元"),
        (PERSONALITY, 300000, "1600 元", "2000 元"),
        ("知识产权民事案件", 0, "500 元", "1000 元"),
        ("申请执行", 0, "50 元", "500 元"),
    ],
)
def test_where_the_province_decides_a_range_is_given(matter: str, amount: int, low: str, high: str) -> None:
    done = calculated(NAME, matter=matter, amount=amount)
    assert f"{low}至 {high}" in done.summary
    assert done.total is None
    assert any("省" in note for note in done.notes)


def test_a_range_is_halved_at_both_ends() -> None:
    assert "25 元至 150 元" in calculated(NAME, matter=DIVORCE, amount=0, course="调解结案或撤诉").summary


@pytest.mark.parametrize(
    ("amount", "fee"),
    [("10000", "50"), ("500000", "7400"), ("5000000", "52400"), ("10000000", "77400"), ("20000000", "87400")],
)
def test_enforcement(amount: str, fee: str) -> None:
    assert total("申请执行", amount) == Decimal(fee)


@pytest.mark.parametrize(
    ("amount", "fee"),
    [("0", "30"), ("1000", "30"), ("100000", "1020"), ("896000", "5000"), ("895999", "5000"), ("895800", "4999")],
)
def test_preservation_and_its_highest_fee(amount: str, fee: str) -> None:
    # 1020 + 796000 × 0.5% = 5000; at 895999 it is 4999.995, half up
    assert total("申请财产保全", amount) == Decimal(fee)
    assert total("申请财产保全", "896001") == 5000


@pytest.mark.parametrize(
    ("matter", "amount", "fee"),
    [
        ("申请支付令", "100000", "766.67"),
        ("知识产权民事案件", "100000", "2300"),
        ("申请破产", "2000000", "11400"),
        ("申请破产", "1000000000", "300000"),
        ("劳动争议案件", None, "10"),
        ("商标、专利、海事行政案件", None, "100"),
        ("其他行政案件", None, "50"),
        ("申请公示催告", None, "100"),
        ("申请撤销仲裁裁决或认定仲裁协议效力", None, "400"),
    ],
)
def test_other_cases(matter: str, amount: str | None, fee: str) -> None:
    assert total(matter, amount) == Decimal(fee)


def test_an_application_is_not_halved() -> None:
    assert total("申请财产保全", "100000", course="简易程序(含小额诉讼)") == 1020


def test_enforcement_is_paid_afterwards_by_the_debtor() -> None:
    lines = {one.label: one for one in calculated(NAME, matter="申请执行", amount=10000).lines}
    assert "不用预交" in lines["由谁先交"].result
    assert "被执行人" in lines["最后由谁承担"].result


def test_what_is_missing_and_what_cannot_be() -> None:
    with pytest.raises(MissingInputs) as missing:
        calculated(NAME)
    assert missing.value.ids == ("matter",)
    with pytest.raises(MissingInputs) as missing:
        calculated(NAME, matter=MONEY)
    assert missing.value.ids == ("amount",)
    for values in ({"matter": MONEY, "amount": 0}, {"matter": MONEY, "amount": -1}, {"matter": "吵架"}):
        with pytest.raises(BadInput):
            calculated(NAME, **values)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("他欠我15万,起诉要交多少钱?", {"matter": MONEY, "amount": 150000}),
        ("离婚财产有60万，打官司诉讼费多少", {"matter": DIVORCE, "amount": 600000}),
        ("申请财产保全冻结他30万存款要交多少钱", {"matter": "申请财产保全", "amount": 300000}),
        ("申请强制执行80万执行费谁出", {"matter": "申请执行", "amount": 800000}),
        ("劳动仲裁后起诉到法院要交多少钱", {"matter": "劳动争议案件"}),
        ("10万块欠款申请支付令要花多少钱", {"matter": "申请支付令", "amount": 100000}),
        (
            "货款20万在法院调解结案了，诉讼费怎么算",
            {"matter": MONEY, "amount": 200000, "course": "调解结案或撤诉"},
        ),
    ],
)
def test_messages(text: str, values: dict[str, Input]) -> None:
    assert told(NAME, text) == values
    assert wanted(text) == NAME


@pytest.mark.parametrize("text", ["律师费多少钱", "利息怎么算", "离婚要分多少财产"])
def test_other_requests(text: str) -> None:
    assert wanted(text) != NAME
