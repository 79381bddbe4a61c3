"""Last days to sue or apply: hand-worked at month ends, leap days, weekends, restarts, obstacles and ceilings."""

from datetime import date
from decimal import Decimal

import pytest

from orchestrator.calculators.calculator import BadInput, Input, MissingInputs
from orchestrator.calculators.parts import limits
from tests.orchestrator.calculators.sums import asked, calculated, line, told


def last(claim: str, **more: Input) -> date | None:
    return calculated("limitation", {"claim": claim, **more}).day


@pytest.mark.parametrize(
    ("claim", "start", "day"),
    [
        (limits.DEBT, date(2024, 3, 5), date(2027, 3, 5)),  # a Friday
        (limits.DEBT, date(2024, 2, 29), date(2027, 3, 1)),  # 28 February 2027 is a Sunday
        (limits.DEBT, date(2025, 2, 28), date(2028, 2, 28)),  # the corresponding day, not the month's end
        (limits.DEBT, date(2024, 3, 6), date(2027, 3, 8)),  # a Saturday moves to Monday
        (limits.INSTALMENT, date(2023, 12, 31), date(2026, 12, 31)),
        (limits.EXECUTION, date(2024, 11, 20), date(2026, 11, 20)),
        (limits.CHEQUE, date(2026, 8, 31), date(2027, 3, 1)),  # 28 February 2027, a Sunday
        (limits.DRAWER, date(2025, 1, 1), date(2027, 1, 1)),
    ],
)
def test_the_first_day_does_not_count_and_the_last_is_the_corresponding_one(claim: str, start: date, day: date) -> None:
    assert last(claim, due_on=start) == day


@pytest.mark.parametrize(
    ("claim", "day"),
    [
        (limits.TORT, date(2029, 1, 8)),
        (limits.TRADE, date(2030, 1, 8)),
        (limits.PRODUCT, date(2028, 1, 10)),  # 8 January 2028 is a Saturday
        (limits.LIFE, date(2031, 1, 8)),
        (limits.INSURED, date(2028, 1, 10)),
        (limits.LABOUR, date(2027, 1, 8)),
        (limits.FRAUD, date(2027, 1, 8)),
        (limits.MISTAKE, date(2026, 4, 8)),  # 23 + 28 + 31 + 8 days
        (limits.CREDITOR, date(2027, 1, 8)),
        (limits.RECOURSE, date(2026, 7, 8)),
        (limits.RECOURSE_AGAIN, date(2026, 4, 8)),
    ],
)
def test_each_claim_has_its_period(claim: str, day: date) -> None:
    assert last(claim, known_on=date(2026, 1, 8)) == day


@pytest.mark.parametrize(
    ("claim", "day"),
    [
        (limits.SUIT, date(2026, 7, 8)),
        (limits.AFTER, date(2026, 1, 23)),
        (limits.REVIEW, date(2026, 3, 9)),  # 23 + 28 + 9 days
    ],
)
def test_against_authorities(claim: str, day: date) -> None:
    assert last(claim, known_on=date(2026, 1, 8), told="书面告知了") == day


def test_unless_told_of_the_period_it_is_a_year_at_most() -> None:
    known: dict[str, Input] = {"known_on": date(2026, 1, 8), "told": "没有告知"}
    assert last(limits.SUIT, **known) == date(2027, 1, 8)  # learnt today: six months would be 20 May 2027
    assert last(limits.SUIT, **known, learnt_on=date(2026, 3, 2)) == date(2026, 9, 2)
    assert last(limits.REVIEW, **known, learnt_on=date(2026, 3, 2)) == date(2026, 5, 1)
    with pytest.raises(BadInput):
        last(limits.SUIT, **known, learnt_on=date(2026, 1, 7))


def test_a_demand_in_time_starts_it_anew() -> None:
    told = {"due_on": date(2021, 6, 1), "interrupted_on": date(2024, 6, 1)}  # the very last day
    done = calculated("limitation", {"claim": limits.DEBT, **told})
    assert done.day == date(2027, 6, 1)
    assert "民法典#195" in done.articles


def test_a_demand_after_the_period_counts_only_in_a_chain() -> None:
    told: dict[str, Input] = {"due_on": date(2018, 6, 4), "interrupted_on": date(2024, 6, 3)}
    with pytest.raises(MissingInputs, match="gap"):
        last(limits.DEBT, **told)
    assert last(limits.DEBT, **told, gap="没有超过") == date(2027, 6, 3)
    late = calculated("limitation", {"claim": limits.DEBT, **told, "gap": "有过超过"})
    assert late.day == date(2021, 6, 4)
    assert "已经过了" in late.summary and "民法典#193" in late.articles
    assert any("同意" in note for note in late.notes)


def test_no_demand_prolongs_a_right_to_rescind() -> None:
    assert last(limits.FRAUD, known_on=date(2026, 1, 8), interrupted_on=date(2026, 9, 1)) == date(2027, 1, 8)


@pytest.mark.parametrize(
    ("since", "until", "day"),
    [
        (date(2026, 10, 1), date(2026, 10, 31), date(2027, 4, 30)),  # in the last six months: six months after
        (date(2026, 1, 1), date(2026, 7, 20), date(2027, 1, 20)),  # reaches into them
        (date(2026, 1, 1), date(2026, 6, 18), date(2026, 12, 18)),  # over before them
        (date(2027, 1, 1), date(2027, 2, 1), date(2026, 12, 18)),  # after the end
    ],
)
def test_an_obstacle_in_the_last_six_months(since: date, until: date, day: date) -> None:
    assert last(limits.DEBT, due_on=date(2023, 12, 18), obstacle_from=since, obstacle_until=until) == day


def test_obstacles_elsewhere_only_give_back_their_days() -> None:
    held: dict[str, Input] = {"obstacle_from": date(2026, 2, 1), "obstacle_until": date(2026, 2, 11)}
    assert last(limits.LABOUR, known_on=date(2026, 1, 8), **held) == date(2027, 1, 18)
    assert last(limits.SUIT, known_on=date(2026, 1, 8), told="书面告知了", **held) == date(
        2026, 7, 20
    )  # from a Saturday
    assert last(limits.FRAUD, known_on=date(2026, 1, 8), **held) == date(2027, 1, 8)
    # Two years end on 8 June 2026; only what lies in the six months before counts.
    assert last(limits.EXECUTION, due_on=date(2024, 6, 8), **held) == date(2026, 6, 18)


@pytest.mark.parametrize(
    ("start", "day"),
    [
        (date(2015, 9, 30), date(2017, 10, 2)),
        (date(2015, 10, 1), date(2018, 10, 1)),
        (date(2017, 9, 29), date(2020, 9, 29)),
    ],
)
def test_two_years_that_ran_out_before_the_general_part_stay_out(start: date, day: date) -> None:
    assert last(limits.DEBT, due_on=start) == day  # 30 September 2017 was a Saturday


def test_ceilings() -> None:
    assert last(limits.TORT, known_on=date(2025, 1, 8), harmed_on=date(2005, 6, 1)) == date(
        2025, 6, 2
    )  # a Sunday before
    assert last(limits.PRODUCT, known_on=date(2026, 1, 8), delivered_on=date(2016, 12, 1)) == date(2026, 12, 1)
    assert last(limits.FRAUD, known_on=date(2026, 1, 8), acted_on=date(2021, 3, 4)) == date(2026, 3, 4)
    act: dict[str, Input] = {"known_on": date(2026, 1, 8), "told": "书面告知了", "acted_on": date(2021, 1, 29)}
    assert last(limits.SUIT, **act) == date(2026, 1, 29)
    assert last(limits.SUIT, **act, estate="因不动产") == date(2026, 7, 8)
    with pytest.raises(BadInput):
        last(limits.FRAUD, known_on=date(2026, 1, 8), acted_on=date(2026, 1, 9))


def test_a_minor_counts_from_eighteen() -> None:
    assert last(limits.MINOR, born_on=date(2008, 2, 29)) == date(2029, 2, 28)


def test_wages_do_not_run_while_employed() -> None:
    with pytest.raises(MissingInputs, match="employment"):
        last(limits.WAGES)
    assert last(limits.WAGES, employment="还在职") is None
    with pytest.raises(MissingInputs, match="left_on"):
        last(limits.WAGES, employment="已经离职")
    assert last(limits.WAGES, left_on=date(2025, 12, 1)) == date(2026, 12, 1)


def test_some_claims_never_expire() -> None:
    assert last(limits.NEVER) is None


def test_the_days_left_are_told() -> None:
    assert "就是今天" in calculated("limitation", {"claim": limits.EXECUTION, "due_on": date(2024, 11, 20)}).summary
    # 21 November 2026 is a Saturday.
    assert "还有 3 天" in calculated("limitation", {"claim": limits.LABOUR, "known_on": date(2025, 11, 21)}).summary
    gone = calculated("limitation", {"claim": limits.LABOUR, "left_on": date(2025, 11, 19)})
    assert "已经过了 1 天" in gone.summary
    assert line(gone, "期限") == "到2026年11月19日"


@pytest.mark.parametrize(
    ("claim", "ids"), [(limits.DEBT, ("due_on",)), (limits.SUIT, ("known_on", "told")), (limits.MINOR, ("born_on",))]
)
def test_what_is_missing_depends_on_the_claim(claim: str, ids: tuple[str, ...]) -> None:
    with pytest.raises(MissingInputs) as missing:
        last(claim)
    assert missing.value.ids == ids


@pytest.mark.parametrize(
    "values",
    [
        {"known_on": date(2026, 11, 21)},
        {"known_on": date(2026, 1, 1), "obstacle_from": date(2026, 5, 2), "obstacle_until": date(2026, 5, 1)},
        {"known_on": Decimal(3)},
    ],
)
def test_impossible_values(values: dict[str, Input]) -> None:
    with pytest.raises(BadInput):
        last(limits.TORT, **values)
    with pytest.raises(BadInput):
        last("别的")


@pytest.mark.parametrize(
    ("text", "facts"),
    [
        (
            "朋友借了我5万,说好2023年6月1日还,现在还没还,过了诉讼时效没有",
            {"claim": limits.DEBT, "due_on": "2023年6月1日"},
        ),
        (
            "公司拖欠工资,我去年3月离职的,最晚什么时候申请仲裁",
            {"claim": limits.WAGES, "left_on": "2025年3月", "employment": "已经离职"},
        ),
        (
            "2026年8月3日收到行政处罚决定书,最晚哪天起诉来得及",
            {"claim": limits.SUIT, "known_on": "2026年8月3日"},
        ),
        (
            "2019年5月1日借给他的钱,2022年3月5日催过一次,还能起诉吗,时效怎么算",
            {"claim": limits.DEBT, "interrupted_on": "2022年3月5日"},
        ),
        ("2024年5月6日被车撞伤,什么时候过时效", {"claim": limits.TORT, "known_on": "2024年5月6日"}),
    ],
)
def test_values_are_read_from_what_people_write(text: str, facts: dict[str, str]) -> None:
    assert told("limitation", text) == facts
    assert asked("limitation", text)


@pytest.mark.parametrize("text", ["追诉时效多久", "抚养费给多少", "伤残十级赔多少", "刑期什么时候满"])
def test_other_requests_are_left_alone(text: str) -> None:
    assert not asked("limitation", text)
