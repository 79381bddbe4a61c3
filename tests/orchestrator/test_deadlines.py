"""The last day of a step's period: only where the words say how long, and one known date is that of the event."""

from datetime import date

import pytest

from orchestrator.contracts import Fact
from orchestrator.deadlines import counted

TODAY = date(2026, 11, 20)


def fact(label: str, iso: str | None, id: str = "a") -> Fact:
    return Fact(id=id, label=label, value=iso or "不清楚", iso=iso, source="story")


def due(deadline: str, *facts: Fact, since: str = "") -> list[str]:
    return [one.iso for one in counted(deadline, since, facts, TODAY)]


@pytest.mark.parametrize(
    ("label", "iso", "deadline", "expected"),
    [
        ("受伤时间", "2026-01-31", "受伤之日起一年内", "2027-01-31"),
        ("事故日期", "2024-02-29", "事故发生之日起一年内", "2025-02-28"),
        ("出事日期", "2026-11-10", "事故之日起30日内", "2026-12-10"),
        ("收到(知道)决定的日期", "2026-11-10", "收到决定书六十日内", "2027-01-09"),
        ("收到(知道)决定的日期", "2026-11-10", "知道决定之日起六个月内", "2027-05-10"),
        ("知道决议的时间", "2026-11-10", "知道决议之日起六十日内,且决议作出起一年内", "2027-01-09"),
        ("还款日", "2025-03-31", "自还款日或最后一次催要起三年内", "2028-03-31"),
        ("还款日", "2025-08-31", "保证期间内;还款日届满起六个月内", "2026-02-28"),
        ("履行期的最后一天", "2024-11-10", "履行期届满起二年内", "2026-11-10"),
        ("还款日", "2025-03", "还款日起三年内", "2028-03"),
        ("还款日", "2025", "还款日起三年内", "2028"),
        ("离职时间", "2026-10-31", "仲裁:离职之日起一年内", "2027-10-31"),
    ],
)
def test_a_deadline_is_computed(label: str, iso: str, deadline: str, expected: str) -> None:
    assert due(deadline, fact(label, iso)) == [expected]


@pytest.mark.parametrize(
    ("label", "iso", "deadline"),
    [
        ("受伤时间", None, "受伤之日起一年内"),
        ("受伤时间", "2026-01-31", "一年内"),
        ("受伤时间", "2026-01-31", "马上"),
        ("受伤时间", "2026-01-31", ""),
        ("入职日", "2026-01-31", "离职之日起一年内"),
        ("收到的日期", "2026-01-31", "收到上诉状副本之日起十五日内"),
        ("收到复议决定(判决)的日期", "2026-01-31", "判决十五日内"),
        ("受伤时间", "2026-01", "事故发生起30日内"),
        ("受伤时间", "2026", "受伤之日起六个月内"),
        ("知道决定的时间", "2026-01-31", "知道之日起一年内"),
    ],
)
def test_nothing_is_computed_that_the_words_do_not_give(label: str, iso: str | None, deadline: str) -> None:
    assert due(deadline, fact(label, iso)) == []


def test_two_dates_of_the_same_event_decide_nothing() -> None:
    assert due("受伤之日起一年内", fact("受伤时间", "2026-01-31"), fact("出事日期", "2026-02-01", "b")) == []


def test_the_fact_that_the_step_names_is_the_beginning() -> None:
    facts = [fact("收到的日期", "2026-10-20", "served_on"), fact("签约日", "2024-01-05", "signed_on")]
    assert due("判决送达之日起十五日内", *facts) == []
    assert due("判决送达之日起十五日内", *facts, since="served_on") == ["2026-11-04"]
    assert due("十五日内", *facts, since="served_on") == ["2026-11-04"]
    assert due("十五日内", *facts, since="unknown") == []
    assert due("马上", *facts, since="served_on") == []


@pytest.mark.parametrize(("iso", "past"), [("2026-11-04", True), ("2026-11-05", False), ("2026-11-06", False)])
def test_a_last_day_before_today_is_past(iso: str, past: bool) -> None:
    [one] = counted("收到之日起十五日内", "a", [fact("收到的日期", iso)], TODAY)
    assert (one.past, one.event, one.began) == (past, "收到的日期", iso)
