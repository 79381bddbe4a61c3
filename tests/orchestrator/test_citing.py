"""The articles beside the grounds: what the field and the search say of them, and in which order they are shown."""

from datetime import date

import pytest

from orchestrator import citing
from orchestrator.contracts import Fact
from orchestrator.domains.pack import Cause, Choice, Domain, Element, Finding, Is, Says
from orchestrator.reasoning import Decision, decide

DAY = date(2026, 11, 20)
PAPER = Element(
    id="paper", label="字据", why="证明", question="有字据吗?", choices=(Choice(value="有"), Choice(value="没有"))
)


def says(*articles: str, weight: int = 5, when: str = "") -> Finding:
    conditions = (Is("paper", when),) if when else ()
    return Finding(when=conditions, concludes="甲", grounds=(Says(text="乙", articles=articles),), weight=weight)


BOAT = Cause(
    id="boat",
    name="租船纠纷",
    elements=("paper",),
    findings=(
        says("租船法#1", "租船法#2", weight=9),
        says("租船法#2", when="有"),
        says("租船法#3", when="没有", weight=8),
    ),
    governing=("租船法#4", "租船法#5"),
)
LIGHT = Cause(id="light", name="灯塔纠纷", elements=("paper",), findings=(says("灯塔法#1"), says("租船法#1")))
FIELD = Domain(name="水上", label="水上", elements=(PAPER,), causes=(BOAT, LIGHT))


def decided(*causes: Cause, paper: str = "") -> Decision:
    facts = {"paper": Fact(id="paper", label="字据", value=paper, source="story")} if paper else {}
    return decide(causes, facts, DAY)


SURE = {"boat": 0.8, "light": 0.2}


def row(id: str, *causes: Cause, paper: str = "", found: tuple[str, ...] = ()) -> dict[str, float]:
    rows = citing.features(FIELD, causes, decided(*causes, paper=paper), found, SURE)
    return dict(zip(citing.FEATURES, rows[id], strict=True))


def test_what_the_field_says_of_an_article() -> None:
    assert row("租船法#1", BOAT, LIGHT) | {"findings": 0} == pytest.approx(
        {
            "place": 0, "found": 0, "listed": 0, "order": 0, "findings": 0, "weight": 0.8 + 0.2 * 5 / 9, "resting": 1,
            "active": 1, "out": 0, "common": 1,
        }
    )  # fmt: skip
    assert row("租船法#2", BOAT)["findings"] > row("租船法#3", BOAT)["findings"] > 0
    assert row("租船法#5", BOAT)["listed"] == 0.8
    assert row("租船法#5", BOAT)["order"] == 0.4


def test_a_cause_that_is_only_likely_brings_its_articles() -> None:
    assert row("灯塔法#1", BOAT)["active"] == 0
    assert row("灯塔法#1", BOAT)["resting"] == 0.2
    rows = citing.features(FIELD, (BOAT,), decided(BOAT), (), {"boat": 0.99, "light": 0.01})
    assert "灯塔法#1" not in rows


def test_an_article_whose_findings_the_facts_exclude_is_out() -> None:
    assert row("租船法#3", BOAT)["out"] == 0
    assert row("租船法#3", BOAT, paper="没有")["out"] == 0
    assert row("租船法#3", BOAT, paper="有")["out"] == 1


def test_what_the_search_says_of_an_article() -> None:
    found = ("别的法#9", "租船法#2")
    assert row("租船法#2", BOAT, found=found)["place"] == 0.5
    assert row("别的法#9", BOAT, found=found)["place"] == 1
    many = tuple(f"别的法#{number}" for number in range(1, 50))
    assert len(citing.features(FIELD, (), decided(), many, {})) == citing.FOUND


def test_the_likeliest_come_first() -> None:
    shown = citing.ranked(FIELD, (BOAT,), decided(BOAT, paper="有"), ("租船法#4", "别的法#9"), {"boat": 1.0})
    assert set(shown) == {"租船法#1", "租船法#2", "租船法#3", "租船法#4", "租船法#5", "别的法#9"}
    assert shown.index("租船法#4") < shown.index("租船法#5")
    assert shown.index("租船法#1") < shown.index("租船法#3")


def test_without_causes_only_what_was_found_is_shown() -> None:
    assert citing.ranked(FIELD, (), decided(), ("甲法#2", "甲法#1"), {}) == ["甲法#2", "甲法#1"]
