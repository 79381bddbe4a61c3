"""Late loans, late prices, judgments that are not obeyed."""

from datetime import date
from decimal import Decimal

import pytest

from orchestrator.calculators.calculator import BadInput, Input, MissingInputs
from tests.orchestrator.calculators.money import Values, calculated, results, told, wanted

NAME = "late_interest"
NOTHING = "都没有约定"
LOAN: Values = {"debt": "借款到期没还", "amount": 100000, "due_since": "2024-03-01", "until": "2025-03-01"}
SALE: Values = {"debt": "货款到期没付", "amount": 200000, "due_since": "2024-06-30", "until": "2025-06-30"}
COURT: Values = {"debt": "判决生效后没履行", "amount": 100000, "due_since": "2024-05-10", "until": "2024-08-18"}


def missing(**values: Input | int) -> tuple[str, ...]:
    with pytest.raises(MissingInputs) as raised:
        calculated(NAME, **values)
    return raised.value.ids


def test_a_loan_with_nothing_agreed_bears_the_lpr_of_the_first_day_overdue() -> None:
    done = calculated(NAME, **LOAN, terms=NOTHING)
    assert done.total == 103450  # 100000 × 3.45% × 365 ÷ 365
    assert any("分段" in one for one in done.assumed)


@pytest.mark.parametrize(("due", "total"), [("2024-07-20", "3450"), ("2024-07-21", "3350")])
def test_the_first_day_overdue_is_the_day_after(due: str, total: str) -> None:
    until = f"2025{due[4:]}"
    done = calculated(NAME, **(LOAN | {"due_since": due, "until": until}), terms=NOTHING)
    assert done.total == 100000 + Decimal(total)  # the LPR changed on 2024-07-22


def test_or_the_lpr_of_each_stretch() -> None:
    done = calculated(NAME, **LOAN, terms=NOTHING, lpr_course="随LPR变动分段算")
    assert [one for one in results(done) if "÷" in one[0]] == [
        ("100000 元 × 3.45% ÷ 365 × 142 天", "1342.19 元"),  # to 2024-07-21
        ("100000 元 × 3.35% ÷ 365 × 91 天", "835.21 元"),  # to 2024-10-20
        ("100000 元 × 3.1% ÷ 365 × 132 天", "1121.1 元"),
    ]
    assert done.total == Decimal("103298.50")
    with pytest.raises(BadInput):
        calculated(NAME, **(LOAN | {"until": "2025-06-20"}), terms=NOTHING, lpr_course="随LPR变动分段算")


def test_a_loan_with_the_rate_of_its_term_keeps_it_within_the_cap() -> None:
    assert calculated(NAME, **LOAN, rate=10, lent_on="2024-01-01").total == 110000
    assert calculated(NAME, **LOAN, rate=24, lent_on="2024-01-01").total == 113800


def test_an_agreed_late_rate_goes_before_and_is_capped() -> None:
    assert calculated(NAME, **LOAN, rate=10, late_rate=12, lent_on="2024-01-01").total == 112000
    assert calculated(NAME, **LOAN, rate=10, late_rate="13.8", lent_on="2024-01-01").total == 113800
    assert calculated(NAME, **LOAN, rate=10, late_rate=24, lent_on="2024-01-01").total == 113800


def test_charges_fill_up_to_the_cap_and_no_more() -> None:
    agreed: Values = LOAN | {"late_rate": 10, "lent_on": "2024-01-01"}
    assert calculated(NAME, **agreed, charges=3800).total == 113800
    assert calculated(NAME, **agreed, charges=5000).total == 113800
    assert calculated(NAME, **agreed, charges=1000).total == 111000


def test_payments_reduce_what_bears_interest() -> None:
    # 122 days to 2024-07-01: 1153.15; principal 91153.15; 243 days: 2093.65
    done = calculated(NAME, **LOAN, terms=NOTHING, payments="2024-07-01 10000")
    assert done.total == Decimal("91153.15") + Decimal("2093.65")


def test_a_price_with_nothing_agreed_gives_a_range() -> None:
    done = calculated(NAME, **SALE, terms=NOTHING)
    assert done.total is None
    assert "8970 元至 10350 元" in done.summary  # 3.45% × 1.3 and × 1.5 of 200000
    assert calculated(NAME, **SALE, terms=NOTHING, extra=40).total == Decimal("209660")
    for extra in ("29.9", "50.1"):
        with pytest.raises(BadInput):
            calculated(NAME, **SALE, terms=NOTHING, extra=extra)


def test_a_price_due_before_there_was_an_lpr() -> None:
    assert missing(**(SALE | {"due_since": "2019-08-18"}), terms=NOTHING) == ("bank_rate",)
    older = calculated(NAME, **(SALE | {"due_since": "2019-08-18", "until": "2020-08-17"}), terms=NOTHING, bank_rate=6)
    assert older.total == 212000
    newer = calculated(NAME, **(SALE | {"due_since": "2019-08-19", "until": "2020-08-18"}), terms=NOTHING)
    assert "11050 元至 12750 元" in newer.summary  # 4.25% × 1.3 and × 1.5


def test_an_agreed_penalty_on_a_price_is_not_capped_by_four_times_lpr() -> None:
    assert calculated(NAME, **SALE, late_rate=24).total == 248000


def test_a_judgment_is_doubled_by_the_day() -> None:
    done = calculated(NAME, **COURT)
    assert ("100000 元 × 日万分之1.75 × 100 天", "1750 元") in results(done)
    assert done.total == 101750
    assert {"民事诉讼法#264"} <= set(done.articles)


def test_general_interest_of_the_judgment_is_no_base_of_the_doubled_part() -> None:
    assert calculated(NAME, **COURT, rate="3.65").total == 102750


def test_payments_meet_the_judgment_first_and_the_doubled_part_last() -> None:
    longer: Values = COURT | {"until": "2024-11-26"}
    half = calculated(NAME, **longer, payments="2024-08-18 50000")
    assert half.total == 50000 + 1750 + 875
    assert "2625 元" in half.summary
    whole = calculated(NAME, **longer, payments="2024-08-18 101000")
    assert whole.total == 750


def test_what_is_missing() -> None:
    assert missing() == ("debt", "amount", "due_since")
    assert missing(**LOAN) == ("terms",)
    assert missing(**LOAN, rate=10) == ("lent_on",)
    assert missing(**LOAN, terms="约定了逾期利率(或逾期付款违约金)") == ("late_rate",)
    assert missing(**LOAN, terms="只约定了借期内的利率") == ("rate",)
    assert missing(**(LOAN | {"due_since": "2025-06-19", "until": "2026-01-01"}), terms=NOTHING) == ("lpr",)
    assert missing(**SALE) == ("terms",)


def test_impossible_values() -> None:
    for values in (
        LOAN | {"amount": 0},
        LOAN | {"until": "2024-02-29", "terms": NOTHING},
        LOAN | {"lent_on": "2024-03-02", "rate": 10},
        LOAN | {"due_since": "2019-08-18", "terms": NOTHING},
    ):
        with pytest.raises(BadInput):
            calculated(NAME, **values)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        (
            "借给他10万,约定2024年3月1日还,没约定利息,逾期利息怎么算",
            {"debt": "借款到期没还", "amount": 100000, "due_since": date(2024, 3, 1), "terms": NOTHING},
        ),
        (
            "货款20万，说好2024年6月30日付，现在还没付，没约定违约金，逾期利息怎么算",
            {"debt": "货款到期没付", "amount": 200000, "due_since": date(2024, 6, 30), "terms": NOTHING},
        ),
        (
            "法院判他还我15万,履行期限2024年5月10日届满,2025年5月10日执行到5万,加倍利息多少",
            {
                "debt": "判决生效后没履行",
                "amount": 150000,
                "due_since": date(2024, 5, 10),
                "payments": "2025-05-10 50000元",
            },
        ),
        (
            "2023年9月1日借出8万,年利率12%,约定逾期利率24%,2024年3月1日到期,到现在逾期利息是多少",
            {
                "debt": "借款到期没还",
                "amount": 80000,
                "due_since": date(2024, 3, 1),
                "late_rate": 24,
                "rate": 12,
                "lent_on": date(2023, 9, 1),
            },
        ),
    ],
)
def test_messages(text: str, values: dict[str, Input]) -> None:
    assert told(NAME, text) == values
    assert wanted(text) == NAME


@pytest.mark.parametrize("text", ["民间借贷利息怎么算", "诉讼费怎么算", "逾期交房怎么办"])
def test_other_requests(text: str) -> None:
    assert wanted(text) != NAME
