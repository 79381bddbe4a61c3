"""Dates in order: what was told, and the last days of what is to be done."""

from datetime import date

import pytest

from models.contracts import Due, Step
from orchestrator.contracts import Fact
from orchestrator.timeline import Entry, timeline


def fact(label: str, iso: str | None, id: str = "a") -> Fact:
    return Fact(id=id, label=label, value=iso or "不清楚", iso=iso, source="story")


def test_events_and_deadlines_stand_in_one_order() -> None:
    facts = [fact("离职时间", "2026-10"), fact("受伤时间", "2025-11-20", "b"), fact("月薪", None, "c")]
    due = (Due(iso="2026-11-20", event="受伤时间", began="2025-11-20", past=False),)
    steps = [Step(what="申请", deadline="受伤之日起一年内", due=due)] * 2
    assert timeline(facts, steps) == [
        Entry("2025-11-20", "受伤时间", "咨询人陈述"),
        Entry("2026-10", "离职时间", "咨询人陈述"),
        Entry("2026-11-20", "申请", "受伤之日起一年内;按「受伤时间」2025-11-20推算", due=True),
    ]


@pytest.mark.parametrize(
    ("iso", "past"), [("2026-11-19", True), ("2026-11-20", False), ("2026-10", True), ("2026", False)]
)
def test_past(iso: str, past: bool) -> None:
    assert Entry(iso, "甲", "乙", due=True).past(date(2026, 11, 20)) is past
