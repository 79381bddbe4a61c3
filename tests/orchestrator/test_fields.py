"""orchestrator.fields: the planner's probabilities and the words of the packs, together."""

import pytest

from orchestrator import fields
from orchestrator.domains import NAMES, OTHER


def even() -> dict[str, float]:
    return {name: 1 / 21 for name in (*NAMES, OTHER)}


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("房东不退押金", "房屋租赁"),
        ("我想离婚，孩子归谁", "婚姻家庭"),
        ("公司拖欠工资三个月", "劳动"),
        ("房東不退押金", "房屋租赁"),
    ],
)
def test_the_words_decide_where_the_planner_does_not(text: str, field: str) -> None:
    found = fields.judged(even(), text)
    assert next(iter(found)) == field
    assert sum(found.values()) == pytest.approx(1)
    assert list(found.values()) == sorted(found.values(), reverse=True)


def test_without_words_the_planner_decides() -> None:
    assert next(iter(fields.judged({"继承": 0.6, "物业": 0.4}, "嗯"))) == "继承"


def test_a_sure_planner_stands_against_the_words() -> None:
    assert next(iter(fields.judged({"物业": 0.999, "房屋租赁": 0.001}, "房东不退押金"))) == "物业"


def test_a_field_that_the_planner_left_out_can_be_named_by_the_text() -> None:
    found = fields.judged({"物业": 0.5, OTHER: 0.5}, "房东不退押金")
    assert set(found) == {*NAMES, OTHER}
    assert found["房屋租赁"] > found["继承"]
