"""Accounts over one database, SQLite and PostgreSQL: keys, replicas that exchange counts, restarts, a database away."""

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest

from deploy import settings
from deploy.accounts import accounts as module
from deploy.accounts import quotas, usage
from deploy.accounts.account import Allowance, digest
from deploy.accounts.accounts import Accounts
from deploy.accounts.keys import Keys, UnknownKey
from orchestrator.contracts import StorageFailed
from orchestrator.storage.database import Database

NOW = 1_800_000_030.0


@asynccontextmanager
async def opened(url: str, count: int = 1, **given: Any) -> AsyncIterator[list[Accounts]]:
    """Replicas without their loop: each test says when they exchange."""
    databases = [await Database.open(url) for _ in range(count)]
    loaded = settings.load("embedded", given)
    made = [Accounts(loaded, database, lambda: NOW) for database in databases]
    for one in made:
        await one.exchange()
    try:
        yield made
    finally:
        for one, database in zip(made, databases, strict=True):
            await one.close()
            await database.close()


async def test_only_the_hash_of_a_key_is_kept(url: str) -> None:
    async with opened(url) as [one]:
        key, text = await one.keys.create("desk", ("consult",))
        assert text.startswith(f"{key.account.id}_")
        assert len(text) >= len(key.account.id) + 1 + 43  # 256 bits in base64
        async with one.database.read() as connection:
            rows = (await connection.exec_driver_sql("SELECT * FROM api_keys")).all()
        secret = text.removeprefix(f"{key.account.id}_")
        assert digest(text) in str(rows)
        assert secret not in str(rows)


async def test_a_key_opens_its_account_until_it_is_revoked_everywhere(url: str) -> None:
    async with opened(url, 2) as [here, there]:
        assert there.keyless
        key, text = await here.keys.create("desk", ("consult", "metrics"), ("hr",), Allowance(per_minute=5))
        await there.exchange()
        assert not there.keyless
        assert there.account(text) == key.account
        for wrong in (text[:-1], text + "x", key.account.id, key.account.id + "_", "lxh__", "", "lxh_0_é"):
            assert there.account(wrong) is None
        await here.keys.revoke(key.account.id)
        await there.exchange()
        assert there.account(text) is None
        assert not there.keyless  # a server that had a key never opens itself again
        for change in (here.keys.revoke(key.account.id), here.keys.rotate(key.account.id), here.keys.revoke("lxh_no")):
            with pytest.raises(UnknownKey):
                await change


async def test_the_loop_brings_a_revocation(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert module.SYNC_S <= 1.5  # within two seconds, the database's answer included
    monkeypatch.setattr(module, "SYNC_S", 0.1)
    database = await Database.open(url)
    accounts = await Accounts.open(settings.load("embedded"), database)
    key, text = await Keys(database).create("desk", ("consult",))
    await asyncio.sleep(0.5)
    assert accounts.account(text) is not None
    await Keys(database).revoke(key.account.id)
    await asyncio.sleep(0.5)
    assert accounts.account(text) is None
    await accounts.close()
    await database.close()


async def test_a_rotated_key_keeps_its_account_and_the_old_text_for_as_long_as_said(url: str) -> None:
    async with opened(url) as [one]:
        key, old = await one.keys.create("desk", ("consult",))
        _, overlapping = await one.keys.rotate(key.account.id, 60)
        await one.exchange()
        assert one.account(old) == one.account(overlapping) == key.account
        _, new = await one.keys.rotate(key.account.id)
        await one.exchange()
        assert one.account(old) is one.account(overlapping) is None
        assert one.account(new) == key.account


async def test_an_expired_key_is_refused(url: str) -> None:
    async with opened(url) as [one]:
        _, text = await one.keys.create("desk", ("consult",), expires=time.time() - 1)
        await one.exchange()
        assert one.account(text) is None


async def test_replicas_share_rates_and_quotas_up_to_one_exchange(url: str) -> None:
    async with opened(url, 2) as [here, there]:
        key, _ = await here.keys.create("desk", ("consult",), (), Allowance(per_minute=10, per_day=100))
        for one in (here, there):
            await one.exchange()
        assert sum(here.standing(key.account, True).limited is None for _ in range(8)) == 8
        here.charge(key.account.id, "/v1/keywords", "model", 60, 40)
        assert there.standing(key.account, True).limited is None  # not known there yet
        await here.exchange()
        await there.exchange()
        assert there.standing(key.account, True).limited == "quota_exceeded"
        assert [there.standing(key.account, False).limited for _ in range(2)] == [None, "rate_limited"]


async def test_counts_survive_a_restart(url: str) -> None:
    async with opened(url) as [one]:
        key, _ = await one.keys.create("desk", ("consult",), (), Allowance(per_minute=2, per_day=100))
        await one.exchange()
        one.standing(key.account, True)
        one.requested(key.account.id, "/v1/keywords")
        one.charge(key.account.id, "/v1/keywords", "model", 90, 20)  # closing writes it
    async with opened(url) as [one]:
        assert one.standing(key.account, True).limited == "quota_exceeded"
        assert one.standing(key.account, False).limited is None
        assert one.standing(key.account, False).limited == "rate_limited"
        day = quotas.day(NOW)
        rows = await usage.report(one.database, one.ring.named(), day, day)
        assert [(row.name, row.route, row.model, row.requests, row.calls) for row in rows] == [
            ("desk", "/v1/keywords", "", 1, 0),
            ("desk", "/v1/keywords", "model", 0, 1),
        ]
        assert (rows[1].prompt_tokens, rows[1].completion_tokens) == (90, 20)
        assert await usage.report(one.database, {}, day, day, "other") == []
        assert (await one.keys.list())[0].used == NOW


async def test_windows_that_are_over_are_pruned(url: str) -> None:
    async with opened(url) as [one]:
        key, _ = await one.keys.create("desk", ("consult",), (), Allowance(per_minute=2))
        one.standing(key.account, True)
        await one.exchange()
        await usage.prune(one.database, quotas.windows(NOW + 3600))
        async with one.database.read() as connection:
            assert (await connection.exec_driver_sql("SELECT COUNT(*) FROM key_windows")).scalar() == 0


async def test_without_its_database_a_replica_counts_on_and_in_the_end_lets_nobody_in(
    tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "one.sqlite"
    monkeypatch.setattr("orchestrator.storage.database.BUSY_S", 0.0)
    async with opened(f"sqlite:///{path}") as [one]:
        key, text = await one.keys.create("desk", ("consult",), (), Allowance(per_day=100))
        await one.exchange()
        blocker = sqlite3.connect(path, isolation_level=None)
        blocker.execute("BEGIN EXCLUSIVE")
        one.charge(key.account.id, "/v1/keywords", "model", 60, 40)
        with pytest.raises(StorageFailed):
            await one.exchange()
        assert one.standing(key.account, True).limited == "quota_exceeded"
        assert one.account(text) == key.account
        monkeypatch.setattr(module, "STALE_S", 0.0)
        with pytest.raises(StorageFailed):
            one.account(text)
        blocker.execute("ROLLBACK")
        blocker.close()
        await one.exchange()
        rows = await usage.report(one.database, {}, "2000-01-01", "2100-01-01")
        assert [row.prompt_tokens for row in rows] == [60]


def test_csv_holds_no_formula() -> None:
    row = usage.Row(
        day="2026-11-20", key="k", name="=cmd()", route="/v1/usage", model="", requests=1, calls=0,
        prompt_tokens=0, completion_tokens=0,
    )  # fmt: skip
    assert usage.as_csv([row]).splitlines()[1] == "2026-11-20,k,'=cmd(),/v1/usage,,1,0,0,0"
