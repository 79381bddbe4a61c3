"""Quantities between two numbers."""

from datetime import date

import pytest

from orchestrator import facts, ranges, reasoning
from orchestrator.domains.pack import AtLeast, Below
from tests.orchestrator.fields import FERRY

TODAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("kind", "text", "ends"),
    [
        ("amount", "大概两三万", (20000, 30000)),
        ("amount", "2-3万", (20000, 30000)),
        ("amount", "2万到3万", (20000, 30000)),
        ("amount", "七八千块", (7000, 8000)),
        ("amount", "三五万", (30000, 50000)),
        ("amount", "十几万", (110000, 190000)),
        ("amount", "几万块钱", (20000, 90000)),
        ("amount", "3000-4000元", (3000, 4000)),
        ("amount", "第二三条", None),
        ("amount", "2023-2024年", None),
        ("amount", "偷了十几次", None),
        ("amount", "三万", None),
        ("duration", "两三年", (24, 36)),
        ("duration", "3到5个月", (3, 5)),
        ("duration", "几个月", (2, 9)),
        ("duration", "三年", None),
        ("number", "三四个人", (3, 4)),
        ("date", "两三年前", None),
    ],
)
def test_the_two_ends(kind: str, text: str, ends: tuple[float, float] | None) -> None:
    assert [(one.low, one.high) for one in ranges.find(kind, text)] == ([] if ends is None else [ends])


def test_a_vague_fact_is_known_and_decides_what_both_ends_decide() -> None:
    told = facts.extract(FERRY.elements, "占用了三四个月，船费大概两三百块", TODAY)
    assert told["fare"].value == "约200元至300元"
    assert told["fare"].number is None
    kept = told["kept"]
    assert (kept.low, kept.high) == (3, 4)
    for condition, holds in (
        (AtLeast("kept", 3), True),
        (AtLeast("kept", 4), None),
        (AtLeast("kept", 5), False),
        (Below("kept", 5), True),
        (Below("kept", 4), None),
        (Below("kept", 3), False),
    ):
        assert reasoning.truth(condition, told, TODAY) is holds


def test_a_vague_reply_is_taken() -> None:
    fact = facts.read_reply(FERRY.element("fare"), "大概两三百吧", TODAY)
    assert fact is not None
    assert fact.value == "约200元至300元"
