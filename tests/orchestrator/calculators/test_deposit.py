"""Deposits: a fifth of the price exactly, lost, returned or doubled, or the penalty instead."""

from decimal import Decimal

import pytest

from orchestrator.calculators import calculators
from orchestrator.calculators.calculator import BadInput, Input, MissingInputs
from orchestrator.rates import Rates
from tests.orchestrator.calculators.money import TODAY, Values, calculated, results, told, wanted

NAME = "deposit"
GENERAL = "最高人民法院关于适用民法典合同编通则若干问题的解释"
PAYER, RECEIVER = "付定金的一方违约", "收定金的一方违约"
SALE: Values = {"deposit": 40000, "price": 200000, "nature": "写明是定金"}
OVER: Values = SALE | {"deposit": "50000"}


@pytest.mark.parametrize(
    ("deposit", "breach", "total"),
    [
        ("40000", RECEIVER, "80000"),  # a fifth exactly
        ("40000.01", RECEIVER, "80000.01"),  # what is over it comes back once
        ("50000", RECEIVER, "90000"),
        ("10000", RECEIVER, "20000"),
        ("40000", PAYER, "0"),
        ("40000.01", PAYER, "0.01"),
        ("50000", PAYER, "10000"),
    ],
)
def test_a_fifth_of_the_price_has_effect(deposit: str, breach: str, total: str) -> None:
    done = calculated(NAME, **(SALE | {"deposit": deposit}), breach=breach)
    assert done.total == Decimal(total)
    assert {"民法典#586", "民法典#587"} <= set(done.articles)


def test_each_step_can_be_done_again() -> None:
    assert results(calculated(NAME, **OVER, breach=RECEIVER)) == [
        ("实付 50000 元,总价的 20% 为 200000 元 × 20% = 40000 元", "40000 元"),
        ("50000 元 - 40000 元", "10000 元"),
        ("40000 元 × 2", "80000 元"),
        ("50000 元 - 40000 元", "10000 元"),
        ("实付 50000 元 + 加付 40000 元", "90000 元"),
    ]


@pytest.mark.parametrize(("penalty", "said"), [(39999, "选定金更多"), (40000, "数额一样"), (40001, "选违约金更多")])
@pytest.mark.parametrize("breach", [PAYER, RECEIVER])
def test_deposit_or_penalty_whichever_is_more(penalty: int, said: str, breach: str) -> None:
    done = calculated(NAME, **SALE, breach=breach, penalty=penalty)
    assert said in done.summary
    assert "民法典#588" in done.articles


def test_a_greater_loss_is_paid_beside_the_deposit() -> None:
    done = calculated(NAME, **SALE, breach=RECEIVER, loss=100000)
    assert ("损失 100000 元 - 定金 40000 元", "60000 元") in results(done)
    assert "还可以另要 60000 元" in done.summary
    assert "选定金更多(净得 100000 元)" in calculated(NAME, **SALE, breach=PAYER, loss=100000, penalty=90000).summary


def test_only_the_part_not_performed_is_touched() -> None:
    done = calculated(NAME, **OVER, breach=RECEIVER, undone=25)
    assert done.total == 60000  # 40000 × 25% on top of what was paid
    assert calculated(NAME, **OVER, breach=PAYER, undone=25).total == 40000
    assert f"{GENERAL}#68" in done.articles


@pytest.mark.parametrize(
    ("values", "article"),
    [
        ({"breach": "不可抗力,怪不着谁"}, f"{GENERAL}#68"),
        ({"breach": "双方都严重违约"}, f"{GENERAL}#68"),
        ({"breach": "没有违约,合同正常履行"}, "民法典#587"),
        ({"breach": RECEIVER, "nature": "订金、押金、意向金等,没说是定金"}, f"{GENERAL}#67"),
    ],
)
def test_where_it_comes_back_once(values: Values, article: str) -> None:
    done = calculated(NAME, **(OVER | values))
    assert done.total == 50000
    assert article in done.articles


def test_money_that_is_no_deposit_answers_for_damages_of_who_paid_it() -> None:
    done = calculated(NAME, deposit=5000, nature="订金、押金、意向金等,没说是定金", breach=PAYER)
    assert done.total is None
    assert "最多 5000 元" in done.summary


def test_what_is_missing() -> None:
    def missing(**values: Input | int) -> tuple[str, ...]:
        with pytest.raises(MissingInputs) as raised:
            calculated(NAME, **values)
        return raised.value.ids

    assert missing() == ("deposit", "nature", "breach")
    assert missing(deposit=5, nature="写明是定金", breach=PAYER) == ("price",)


def test_where_nobody_can_be_asked_the_deposit_is_taken_to_be_within_a_fifth_and_says_so() -> None:
    values: dict[str, Input] = {"deposit": Decimal(20000), "nature": "写明是定金", "breach": RECEIVER}
    done = calculators()[NAME].calculate(values, Rates(()), TODAY, assuming=True)
    assert done.total == 40000
    assert any("超过的部分不算定金" in one for one in done.assumed)


def test_impossible_values() -> None:
    for values in (SALE | {"deposit": 0}, SALE | {"price": 0}, SALE | {"undone": 0}, SALE | {"undone": 101}):
        with pytest.raises(BadInput):
            calculated(NAME, **values, breach=PAYER)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        (
            "买房交了10万定金,总价200万,卖家现在反悔不卖了,定金能退多少",
            {"deposit": 100000, "price": 2000000, "nature": "写明是定金", "breach": RECEIVER},
        ),
        (
            "我交了5万定金买车，车价20万，我不想要了，定金能退吗",
            {"deposit": 50000, "price": 200000, "nature": "写明是定金", "breach": PAYER},
        ),
        (
            "付了3000定金订婚纱照,总共8000,现在不想拍了,定金可以退吗",
            {"deposit": 3000, "price": 8000, "nature": "写明是定金", "breach": PAYER},
        ),
        (
            "交两万定金定车,4S店说涨价不卖了,定金怎么赔",
            {"deposit": 20000, "nature": "写明是定金", "breach": RECEIVER},
        ),
        (
            "认购书交了20万定金,房款300万,贷款批不下来,定金能退吗",  # whose fault is asked for
            {"deposit": 200000, "price": 3000000, "nature": "写明是定金"},
        ),
        (
            "交了2万订金租店面,房东租给别人了,订金退多少",
            {"deposit": 20000, "nature": "订金、押金、意向金等,没说是定金", "breach": RECEIVER},
        ),
        (
            "定金30万,房价100万,约定违约金25万,对方反悔,定金和违约金选哪个",
            {
                "deposit": 300000,
                "price": 1000000,
                "nature": "写明是定金",
                "breach": RECEIVER,
                "penalty": 250000,
            },
        ),
    ],
)
def test_messages(text: str, values: dict[str, Input]) -> None:
    assert told(NAME, text) == values
    assert wanted(text) == NAME


@pytest.mark.parametrize("text", ["租房押金不退怎么办", "违约金怎么算", "诉讼费能退吗"])
def test_other_requests(text: str) -> None:
    assert wanted(text) != NAME
