"""Dated payments: the written list, and those told in a story."""

from datetime import date
from decimal import Decimal

import pytest

from orchestrator.domains.pack import Element
from orchestrator.facts import extract, read_reply
from orchestrator.payments import Payment, UnreadablePayments, read, shown

PAID = Element(id="paid", label="还款", why="", question="哪天还了多少?", kind="payments", near=(r"还(了|过)",))
TODAY = date(2026, 11, 20)


def test_a_list_is_read_by_day_and_shown_again() -> None:
    payments = read("2024-06-01 10000.50元; 2024-03 5000\n2024-01-02：还 1")
    assert payments == (
        Payment(date(2024, 1, 2), Decimal(1)),
        Payment(date(2024, 3, 1), Decimal(5000), exact=False),
        Payment(date(2024, 6, 1), Decimal("10000.50")),
    )
    assert shown(payments) == "2024-01-02 1元; 2024-03 5000元; 2024-06-01 10000.5元"
    assert read(shown(payments)) == payments
    assert read("") == ()


@pytest.mark.parametrize("text", ["5000", "2024-03-05", "2024-02-30 5000", "2024-03-05 五千", "2024-03-05 -5"])
def test_an_unreadable_list_names_the_part(text: str) -> None:
    with pytest.raises(UnreadablePayments, match=text[:10]):
        read(f"2024-01-01 1; {text}")


@pytest.mark.parametrize(
    ("text", "payments"),
    [
        (
            "2024年3月5日还了5000,2024年6月还了1万,去年底又还了2万",
            "2024-03-05 5000元; 2024-06 10000元; 2025-12 20000元",
        ),
        ("2024年3月5日借了10万,还了3万", ""),
        ("2024年3月5日借了10万。还了3万", ""),
        ("今年还了3万", ""),  # a year is no day
        ("还了3万", ""),
        ("去年五月还了三千块", "2025-05 3000元"),
    ],
)
def test_told(text: str, payments: str) -> None:
    fact = extract((PAID,), text, TODAY).get("paid")
    assert (fact.value if fact else "") == payments


def test_a_reply_needs_no_cue() -> None:
    fact = read_reply(PAID, "2024-03-05 5000；2024年6月1日 1万", TODAY)
    assert fact is not None
    assert fact.value == "2024-03-05 5000元; 2024-06-01 10000元"
    assert read_reply(PAID, "不多", TODAY) is None
