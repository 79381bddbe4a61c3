"""Dates in order, and deadlines only where the words of a step and one known date name the same event."""

from datetime import date

import pytest

from models.contracts import Step
from orchestrator.contracts import Fact
from orchestrator.timeline import Entry, timeline


def fact(label: str, iso: str | None, id: str = "a") -> Fact:
    return Fact(id=id, label=label, value=iso or "不清楚", iso=iso, source="story")


def due(deadline: str, *facts: Fact) -> list[str]:
    return [entry.iso for entry in timeline(facts, [Step(what="做", deadline=deadline)]) if entry.due]


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


def test_events_and_deadlines_stand_in_one_order() -> None:
    facts = [fact("离职时间", "2026-10"), fact("受伤时间", "2025-11-20", "b"), fact("月薪", None, "c")]
    steps = [Step(what="申请", deadline="受伤之日起一年内"), Step(what="申请", deadline="受伤之日起一年内")]
    assert [(entry.iso, entry.what, entry.due) for entry in timeline(facts, steps)] == [
        ("2025-11-20", "受伤时间", False),
        ("2026-10", "离职时间", False),
        ("2026-11-20", "申请", True),
    ]


@pytest.mark.parametrize(
    ("iso", "past"), [("2026-11-19", True), ("2026-11-20", False), ("2026-10", True), ("2026", False)]
)
def test_past(iso: str, past: bool) -> None:
    assert Entry(iso, "甲", "乙", due=True).past(date(2026, 11, 20)) is past
