"""Rates and quotas: what is let in, how long to wait, and what clients are told."""

import math
import random
from datetime import datetime

import pytest

from deploy.accounts import quotas
from deploy.accounts.account import Account, Allowance
from deploy.accounts.quotas import BEIJING, Counts, standing

START = 1_800_000_000.0  # the first second of a minute


def account(**allowance: int) -> Account:
    return Account("one", "one", ("consult",), (), Allowance(**allowance))


def admitted(who: Account, counts: Counts, now: float) -> bool:
    if standing(who, counts, now, False).limited is not None:
        return False
    counts.add(who.id, quotas.minute(now), 1)
    return True


def test_a_rate_lets_in_that_many_and_then_names_the_second_from_which_it_lets_in_again() -> None:
    chance = random.Random(6)
    who, counts, now = account(per_minute=7), Counts(), START
    let_in: list[float] = []
    refused = 0
    for _ in range(400):
        now += chance.choice([0.0, 0.5, 3.0, 11.0])
        before = standing(who, counts, now, False)
        if admitted(who, counts, now):
            let_in.append(now)
            continue
        refused += 1
        wait = math.ceil(before.wait)
        assert before.limited == "rate_limited"
        assert 1 <= wait <= 60
        assert standing(who, counts, now + wait, False).limited is None
        assert wait == 1 or standing(who, counts, now + wait - 1, False).limited == "rate_limited"
    assert refused > 50
    for first in range(len(let_in)):
        assert (
            sum(let_in[first] <= at < let_in[first] + 60 for at in let_in) <= 7 + 4
        )  # the minute before is an average


def test_the_end_of_a_minute_does_not_double_the_rate() -> None:
    who, counts = account(per_minute=10), Counts()
    assert [admitted(who, counts, START + 59) for _ in range(11)] == [True] * 10 + [False]
    assert not admitted(who, counts, START + 60)
    assert [admitted(who, counts, START + 90) for _ in range(6)] == [True] * 5 + [False]


def test_headers_are_those_of_openai() -> None:
    who, counts = account(per_minute=10, per_day=1000, per_month=1200), Counts()
    at = datetime(2026, 11, 20, 23, 59, 30, tzinfo=BEIJING).timestamp()
    counts.add("one", "d2026-11-20", 900)
    counts.add("one", "M2026-11", 1150)
    assert standing(who, counts, at, True).headers == {
        "x-ratelimit-limit-requests": "10",
        "x-ratelimit-remaining-requests": "9",
        "x-ratelimit-reset-requests": "0s",
        "x-ratelimit-limit-tokens": "1200",
        "x-ratelimit-remaining-tokens": "50",
        "x-ratelimit-reset-tokens": "14400m30s",
    }
    assert standing(account(), counts, at, True).headers == {}


@pytest.mark.parametrize(("window", "wait"), [("d2026-11-20", 30), ("M2026-11", 30 + 10 * 86_400)])
def test_a_used_up_quota_ends_what_spends_until_the_day_or_month_in_beijing_ends(window: str, wait: int) -> None:
    who, counts = account(per_day=100, per_month=100), Counts()
    at = datetime(2026, 11, 20, 23, 59, 30, tzinfo=BEIJING).timestamp()
    counts.add("one", window, 100)
    found = standing(who, counts, at, True)
    assert (found.limited, found.wait) == ("quota_exceeded", wait)
    assert standing(who, counts, at, False).limited is None
    assert standing(who, counts, at + wait, True).limited is None


def test_counts_are_exchanged_without_loss() -> None:
    counts = Counts()
    counts.add("one", "m1", 3)
    written = counts.fresh()
    counts.add("one", "m1", 2)  # while it is being written
    assert counts.total("one", "m1") == 5
    counts.written(written)
    assert counts.total("one", "m1") == 5
    counts.read({("one", "m1"): 10}, ["m1"])  # another replica's seven
    assert counts.total("one", "m1") == 12
    assert counts.fresh() == {("one", "m1"): 2}
    counts.forget_minutes(["m2"])
    assert counts.fresh() == {}
