"""Agreed penalties beside the loss: thirty percent exactly, below the loss, no loss, daily shares."""

from decimal import Decimal

import pytest

from orchestrator.calculators.calculator import BadInput, Input, MissingInputs
from tests.orchestrator.calculators.money import calculated, results, told, wanted

NAME = "penalty"
GENERAL = "最高人民法院关于适用民法典合同编通则若干问题的解释"


@pytest.mark.parametrize(
    ("penalty", "total", "said"),
    [
        ("13000", "13000", "没有超过"),  # thirty percent exactly is not over it
        ("10000", "10000", "没有超过"),
        ("9999.99", "10000", "请求增加"),
    ],
)
def test_up_to_thirty_percent_over_the_loss_it_stands(penalty: str, total: str, said: str) -> None:
    done = calculated(NAME, penalty=penalty, loss=10000)
    assert done.total == Decimal(total)
    assert said in done.summary


def test_a_cent_more_is_excessive_and_gives_a_range() -> None:
    done = calculated(NAME, penalty="13000.01", loss=10000)
    assert done.total is None
    assert "10000 元至 13000 元" in done.summary
    assert {"民法典#585", f"{GENERAL}#65"} <= set(done.articles)
    assert any("恶意" in one for one in done.assumed)


def test_bad_faith_is_as_a_rule_not_helped() -> None:
    done = calculated(NAME, penalty=50000, loss=10000, fault="恶意违约")
    assert done.total == 50000
    assert not any("恶意" in one for one in done.assumed)


def test_without_loss_no_figure_is_guessed() -> None:
    done = calculated(NAME, penalty=50000, loss=0)
    assert done.total is None
    assert "酌定" in done.summary


def test_a_share_by_the_day() -> None:
    done = calculated(NAME, penalty_rate="182.5", base=200000, late_for=Decimal(100) / 30, loss=90000)
    assert results(done)[0] == ("200000 元 × 每天 0.5% × 100 天", "100000 元")
    assert done.total == 100000


def test_a_share_by_the_year() -> None:
    done = calculated(NAME, penalty_rate=24, base=200000, late_for=3, loss=12000)
    assert results(done)[0] == ("200000 元 × 24% ÷ 12 × 3 个月", "12000 元")


def test_what_is_missing() -> None:
    def missing(**values: Input | int) -> tuple[str, ...]:
        with pytest.raises(MissingInputs) as raised:
            calculated(NAME, **values)
        return raised.value.ids

    assert missing() == ("penalty", "loss")
    assert missing(penalty=50000) == ("loss",)
    assert missing(penalty_rate=24, loss=5) == ("base", "late_for")


def test_impossible_values_and_contracts_with_rules_of_their_own() -> None:
    with pytest.raises(BadInput):
        calculated(NAME, penalty=0, loss=5)
    for contract in ("民间借贷", "劳动合同"):
        with pytest.raises(BadInput):
            calculated(NAME, penalty=5, loss=5, contract=contract)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        (
            "租房合同违约金写了3万,房东实际损失只有1万,违约金太高能减到多少",
            {"penalty": 30000, "loss": 10000, "contract": "其他合同"},
        ),
        (
            "卖房的反悔，约定违约金20万，我损失了30万，违约金太低怎么算",
            {"penalty": 200000, "loss": 300000, "contract": "其他合同"},
        ),
        (
            "装修合同约定违约金5万,他故意拖了3个月,我损失2万,违约金怎么算",
            {"penalty": 50000, "loss": 20000, "late_for": 3, "fault": "恶意违约", "contract": "其他合同"},
        ),
    ],
)
def test_messages(text: str, values: dict[str, Input]) -> None:
    assert told(NAME, text) == values
    assert wanted(text) == NAME


def test_a_message_with_a_share_by_the_day() -> None:
    text = "拖欠货款20万,合同约定每天千分之五的违约金,逾期了100天,违约金太高怎么办"
    values = told(NAME, text)
    assert values.pop("late_for") == pytest.approx(Decimal(100) / 30)
    assert values == {"penalty_rate": Decimal("182.5"), "base": 200000, "contract": "其他合同"}
    assert wanted(text) == NAME


@pytest.mark.parametrize("text", ["定金能退吗", "逾期利息怎么算", "利息太高怎么办"])
def test_other_requests(text: str) -> None:
    assert wanted(text) != NAME
