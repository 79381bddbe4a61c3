"""Interest on private loans: the cap, its transition, payments over time, and what a message tells."""

from datetime import date
from decimal import Decimal

import pytest

from orchestrator.calculators.calculator import BadInput, Input, MissingInputs
from tests.orchestrator.calculators.money import Values, calculated, results, told, wanted

NAME = "loan_interest"
LOAN: Values = {"principal": 100000, "rate": "13.8", "lent_on": "2024-01-01", "until": "2024-12-31"}


def owed(**values: Input | int) -> Decimal | None:
    return calculated(NAME, **(LOAN | values)).total


def test_each_step_can_be_done_again() -> None:
    done = calculated(NAME, **LOAN)
    assert results(done) == [
        ("2024年1月1日适用的一年期LPR 3.45% × 4", "年利率 13.8%"),
        ("约定 13.8% 没有超过上限 13.8%", "年利率 13.8%"),
        ("100000 元 × 13.8% ÷ 365 × 365 天", "13800 元"),
        ("本金 100000 元 + 未付利息 13800 元", "113800 元"),
    ]
    assert done.total == 113800
    assert "民法典#675" in done.articles


def test_a_leap_year_has_a_day_more() -> None:
    assert owed(until="2025-01-01") == Decimal("113837.81")  # 13800 × 366 ÷ 365 = 13837.808


@pytest.mark.parametrize(
    ("rate", "total"), [("13.79", "113790"), ("13.8", "113800"), ("13.81", "113800"), ("36", "113800")]
)
def test_exactly_four_times_is_allowed_and_no_more(rate: str, total: str) -> None:
    assert owed(rate=rate) == Decimal(total)


@pytest.mark.parametrize(
    ("lent_on", "cap"),
    [
        ("2020-08-20", "15.4%"),
        ("2024-07-21", "13.8%"),
        ("2024-07-22", "13.4%"),
        ("2025-05-19", "12.4%"),
        ("2025-06-19", "12%"),
    ],
)
def test_the_cap_is_of_the_day_of_the_contract(lent_on: str, cap: str) -> None:
    done = calculated(NAME, principal=100000, rate=24, lent_on=lent_on, until="2025-12-31")
    assert done.lines[0].result == f"年利率 {cap}"


def test_an_unknown_lpr_is_asked_for_and_then_used() -> None:
    late: Values = {"principal": 100000, "rate": 24, "lent_on": "2025-06-20", "until": "2026-06-20"}
    with pytest.raises(MissingInputs) as missing:
        calculated(NAME, **late)
    assert missing.value.ids == ("lpr",)
    assert calculated(NAME, **late, lpr=3).total == 112000
    with pytest.raises(BadInput):
        calculated(NAME, **late, lpr=0)


OLD: Values = {"principal": 100000, "lent_on": "2020-01-01", "until": "2021-08-19", "filed": "2024-01-01"}


def test_an_older_contract_under_the_cap_of_the_suit_needs_no_older_cap() -> None:
    done = calculated(NAME, **OLD, rate=12)
    assert done.total == Decimal("119594.52")  # 100000 × 12% ÷ 365 × 596
    assert "最高人民法院关于审理民间借贷案件适用法律若干问题的规定#31" in done.articles


def test_an_older_contract_over_it_is_split_at_the_turn() -> None:
    with pytest.raises(MissingInputs) as missing:
        calculated(NAME, **OLD, rate=24)
    assert missing.value.ids == ("old_cap",)
    done = calculated(NAME, **OLD, rate=24, old_cap=20)
    assert [one for one in results(done) if "÷" in one[0]] == [
        ("100000 元 × 20% ÷ 365 × 231 天", "12657.53 元"),  # to 2020-08-19, the last day of the older rule
        ("100000 元 × 13.8% ÷ 365 × 365 天", "13800 元"),
    ]
    assert done.total == Decimal("126457.53")


def test_a_suit_before_the_turn_follows_the_older_interpretation_alone() -> None:
    done = calculated(NAME, **(OLD | {"filed": "2020-08-19"}), rate=24, old_cap=20)
    assert done.total == Decimal("132657.53")  # 100000 × 20% ÷ 365 × 596


def test_an_older_contract_not_yet_sued_on_takes_the_lpr_of_today() -> None:
    with pytest.raises(MissingInputs) as missing:
        calculated(NAME, principal=100000, lent_on="2020-01-01", until="2021-08-19", rate=10)
    assert missing.value.ids == ("lpr",)


def test_interest_deducted_in_advance_is_no_principal() -> None:
    assert owed(cut_sum=10000) == 90000 + 12420
    assert owed(got=90000) == 90000 + 12420
    with pytest.raises(BadInput):
        owed(cut_sum=100000)
    with pytest.raises(BadInput):
        owed(got=100001)


def test_payments_meet_interest_first_then_principal() -> None:
    # 182 days to 2024-07-01: 6881.10; 3118.90 of principal; 183 days on 96881.10: 6703.11
    done = calculated(NAME, **LOAN, payments="2024-07-01 10000")
    assert done.total == Decimal("96881.10") + Decimal("6703.11")
    assert ("先抵利息 6881.1 元,再抵本金 3118.9 元", "剩余本金 96881.1 元,未付利息 0 元") in results(done)


def test_a_payment_below_the_interest_leaves_principal_and_bears_no_interest_on_interest() -> None:
    assert owed(payments="2024-07-01 1000; 2024-08-01 1000") == 111800


def test_payment_without_days_gives_the_most_that_can_be_owed() -> None:
    undated = calculated(NAME, **LOAN, returned=10000)
    assert undated.total == 103800
    assert "最多" in undated.summary
    dated = owed(payments="2024-07-01 10000")
    assert dated is not None and dated < 103800


def test_paid_beyond_the_debt() -> None:
    done = calculated(NAME, **LOAN, payments="2024-12-31 120000")
    assert done.total == 0
    assert "多还了 6200 元" in done.summary


@pytest.mark.parametrize(
    "payments",
    ["2023-12-31 5000", "2025-01-01 5000", "五千", "2024-02-30 5000", "2024-02-01 -5"],
)
def test_impossible_payments(payments: str) -> None:
    with pytest.raises(BadInput):
        owed(payments=payments)


def test_interest_written_into_a_new_note_counts_up_to_the_limit() -> None:
    rolled: Values = {"rolled_on": "2024-12-31", "until": "2025-12-31"}
    assert owed(rate=10, **rolled) == 121000  # 110000 × 1.1, below 100000 + 2 × 13800
    assert owed(rate="13.8", **rolled) == 127600  # 129504.40 is above it
    with pytest.raises(BadInput):
        owed(rolled_on="2024-01-01")


def test_without_agreement_there_is_no_interest_and_no_day_is_asked_for() -> None:
    done = calculated(NAME, principal=100000, agreed="没有约定利息", returned=30000)
    assert done.total == 70000
    assert "民法典#680" in done.articles
    assert (
        calculated(NAME, principal=100000, agreed="没有约定利息", payments="2024-01-01 100; 2024-02 200").total == 99700
    )
    over = calculated(NAME, principal=100000, agreed="没有约定利息", returned=100001)
    assert over.total == 0
    assert "多还了 1 元" in over.summary
    vague = "说要给利息但没说多少"
    assert calculated(NAME, principal=100000, agreed=vague, parties="都是个人").total == 100000
    court = calculated(NAME, **LOAN, agreed=vague, parties="有一方是公司或其他单位")
    assert court.total == 113800
    assert any("由法院" in note for note in court.notes)


def test_what_is_missing_depends_on_what_is_known() -> None:
    def missing(**values: Input | int) -> tuple[str, ...]:
        with pytest.raises(MissingInputs) as raised:
            calculated(NAME, **values)
        return raised.value.ids

    assert missing() == ("principal", "agreed")
    assert missing(principal=1, rate=10) == ("lent_on",)
    assert missing(principal=1, agreed="约定了利率") == ("rate", "lent_on")
    assert missing(principal=1, lent_on="2024-01-01", agreed="说要给利息但没说多少") == ("parties",)
    assert missing(
        principal=1, lent_on="2024-01-01", agreed="说要给利息但没说多少", parties="有一方是公司或其他单位"
    ) == ("rate",)


def test_impossible_values() -> None:
    with pytest.raises(BadInput):
        owed(until="2023-12-31")
    with pytest.raises(BadInput):
        owed(principal=0)
    with pytest.raises(BadInput):
        owed(principal=-5)
    with pytest.raises(BadInput):
        calculated(NAME, principal=5, rate=5, elapsed=100000)


def test_a_story_with_a_length_of_time() -> None:
    values = told(NAME, "借了10万,月息2分,借了一年半,还过3万,现在要还多少")
    assert values == {"principal": 100000, "rate": 24, "agreed": "约定了利率", "elapsed": 18, "returned": 30000}
    done = calculated(NAME, **values)
    # from 2025-05-20 (LPR 3%): 100000 × 12% ÷ 365 × 549 = 18049.32
    assert done.total == Decimal("88049.32")
    assert any("2025年5月20日" in one for one in done.assumed)


def test_stories_with_days_and_payments() -> None:
    assert told(NAME, "2024年3月5日借给朋友8万,说好年利率10%,2024年9月5日还了2万,利息怎么算?") == {
        "principal": 80000,
        "rate": 10,
        "agreed": "约定了利率",
        "parties": "都是个人",
        "lent_on": date(2024, 3, 5),
        "returned": 20000,
        "payments": "2024-09-05 20000元",
    }
    values = told(
        NAME, "同学2023年1月10日找我借20万，一分五的利，砍头息扣了6000，2023年7月1日还了5万，2024年2月又还了3万"
    )
    assert values["rate"] == 18
    assert values["cut_sum"] == 6000
    assert values["payments"] == "2023-07-01 50000元; 2024-02 30000元"


@pytest.mark.parametrize(
    ("text", "total"),
    [
        ("2022年5月1日向老王借款15万元，年利率百分之二十四，到2024年5月1日还清，应付多少利息", "194460.82"),
        # 150000 × 14.8% (four times 3.7%) ÷ 365 × 731
        ("我跟他借了三万块，一分五的息，两年了，中间还过八千，还要还多少", "29440"),  # 12.4%, 730 days
        ("借给表弟5万没说利息,他还了2万,还要还多少", "30000"),
    ],
)
def test_stories_to_the_end(text: str, total: str) -> None:
    assert calculated(NAME, **told(NAME, text)).total == Decimal(total)
    assert wanted(text) == NAME


def test_an_agreed_term_is_not_the_time_that_has_passed() -> None:
    assert "elapsed" not in told(NAME, "朋友借了5万,说好半年还,月息1分,现在该还多少")


@pytest.mark.parametrize(
    "text",
    ["民间借贷利息怎么算", "借了10万,月息2分,借了一年半,还过3万,现在要还多少", "四倍LPR是多少", "帮我算一下借款的利息"],
)
def test_requests(text: str) -> None:
    assert wanted(text) == NAME


@pytest.mark.parametrize("text", ["我想离婚", "加班费怎么算", "他欠我钱不还怎么办"])
def test_other_requests(text: str) -> None:
    assert wanted(text) != NAME
