"""What people type into fields, as the API takes it."""

from datetime import date

import pytest

from deploy.page.tools import reading
from deploy.shapes.calculators import InputInfo
from orchestrator.domains.pack import Kind

TODAY = date(2026, 11, 20)


@pytest.mark.parametrize(
    ("kind", "typed", "value"),
    [
        ("amount", "8000", "8000"),
        ("amount", "8,000.50 元", "8000.50"),
        ("amount", "5万", "50000.0"),
        ("amount", "８０００", "8000"),
        ("amount", "8千到9千", "8千到9千"),
        ("duration", "90", "90"),
        ("duration", "7年6个月", "90.0"),
        ("duration", "15天", "0.5"),
        ("number", "3个", "3.0"),
        ("rate", "12%", "12"),
        ("rate", "月息2分", "月息2分"),
        ("date", " 2024-03-05 ", "2024-03-05"),
        ("choice", "没有超过", "没有超过"),
        ("payments", "2024-03-05 5000\n\n2024-06-01 10000", "2024-03-05 5000; 2024-06-01 10000"),
        ("amount", "很多", "很多"),
        ("amount", "nan", "nan"),
    ],
)
def test_a_value_is_read_or_left_to_the_api(kind: Kind, typed: str, value: str) -> None:
    wanted = InputInfo(id="one", label="一项", kind=kind, unit="", question="", why="", choices=[])
    assert reading.value(wanted, typed, TODAY) == value


def test_a_day_may_be_left_open() -> None:
    assert reading.day(" ") is None
    assert reading.day("2024-03-05") == date(2024, 3, 5)
    with pytest.raises(ValueError):
        reading.day("明天")
