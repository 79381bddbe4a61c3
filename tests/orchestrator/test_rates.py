"""Tables of rates: what ships, what the home adds, and tables that cannot be read."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from orchestrator import rates
from orchestrator.rates import COLUMNS, KEPT, BadRates, Rate, Rates

HEAD = ",".join(COLUMNS) + "\n"


def wage(place: str, since: str, value: int, until: str = "") -> str:
    return f"average_wage_month,{place},{since},{until},{value},元/月,某省统计局公报,\n"


def table(folder: Path, *rows: str, head: str = HEAD) -> Path:
    path = folder / "table.csv"
    path.write_text(head + "".join(rows), "utf-8")
    return path


def test_the_shipped_lpr_is_known_by_day_and_not_beyond_its_last_month() -> None:
    shipped = Rates(rates.shipped())
    known = [shipped.at("lpr_1y", day) for day in (date(2020, 8, 20), date(2024, 7, 21), date(2024, 7, 22))]
    assert [one.value if one else None for one in known] == [Decimal("3.85"), Decimal("3.45"), Decimal("3.35")]
    assert shipped.at("lpr_1y", date(2019, 8, 19)) is None
    assert shipped.at("lpr_1y", date(2025, 6, 19)) is not None
    assert shipped.at("lpr_1y", date(2025, 6, 20)) is None


def test_between_gives_every_change_or_nothing() -> None:
    shipped = Rates(rates.shipped())
    rows = shipped.between("lpr_1y", date(2024, 7, 1), date(2024, 10, 21))
    assert [row.value for row in rows] == [Decimal("3.45"), Decimal("3.35"), Decimal("3.10")]
    assert shipped.between("lpr_1y", date(2019, 1, 1), date(2024, 1, 1)) == ()
    assert shipped.between("lpr_1y", date(2024, 1, 1), date(2026, 1, 1)) == ()


def test_places_are_kept_apart_and_nothing_is_guessed_from_another() -> None:
    row = Rate("average_wage_month", "四川省", date(2025, 1, 1), None, Decimal(8000), "元/月", "公报", "")
    held = Rates([row])
    assert held.at("average_wage_month", date(2026, 1, 1), "四川省") == row
    assert held.at("average_wage_month", date(2026, 1, 1), "重庆市") is None
    assert held.at("average_wage_month", date(2026, 1, 1)) is None


def test_the_home_adds_and_replaces_at_once(tmp_path: Path) -> None:
    current = rates.kept(tmp_path)
    assert current().at("average_wage_month", date(2026, 1, 1), "四川省") is None
    assert rates.add(tmp_path, table(tmp_path, wage("四川省", "2025-01-01", 8000))) == (1, 1)
    found = current().at("average_wage_month", date(2026, 1, 1), "四川省")
    assert found is not None and found.value == 8000
    assert rates.add(tmp_path, table(tmp_path, wage("四川省", "2025-01-01", 8100), wage("成都市", "2025-01-01", 9000)))
    assert rates.add(tmp_path, table(tmp_path, wage("成都市", "2025-01-01", 9000))) == (0, 2)
    again = rates.kept(tmp_path)().at("average_wage_month", date(2026, 1, 1), "四川省")
    assert again is not None and again.value == 8100


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        ("average_wage_month,四川省,2025年,,8000,元/月,公报,\n", "第 2 行.*日期"),
        ("average_wage_month,四川省,2025-01-01,,八千,元/月,公报,\n", "第 2 行"),
        ("average_wage_month,四川省,2025-01-01,,-1,元/月,公报,\n", "不能为负"),
        ("average_wage_month,四川省,2025-01-01,,NaN,元/月,公报,\n", "不能为负"),
        ("average_wage_month,四川省,2025-01-01,,8000,元/月,,\n", "source"),
        ("average_wage_month,四川省,2025-01-01,,8000,元/年,公报,\n", "kind 与 unit"),
        ("house_price,四川省,2025-01-01,,8000,元,公报,\n", "kind 与 unit"),
        ("average_wage_month,四川省,2025-01-01,2024-01-01,8000,元/月,公报,\n", "until"),
        ("average_wage_month,四川省\n", "第 2 行"),
    ],
)
def test_a_bad_row_is_named_and_the_home_stays_as_it_was(tmp_path: Path, row: str, complaint: str) -> None:
    rates.add(tmp_path, table(tmp_path, wage("四川省", "2025-01-01", 8000)))
    before = (tmp_path / KEPT).read_bytes()
    with pytest.raises(BadRates, match=complaint):
        rates.add(tmp_path, table(tmp_path, row))
    assert (tmp_path / KEPT).read_bytes() == before


def test_another_first_line_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadRates, match="第一行"):
        rates.read(table(tmp_path, head="a,b\n"))
