"""API keys in the database: made, listed, revoked, rotated. Their text is given back once and never kept."""

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import case, func, insert, select, update

from deploy.accounts.account import Account, Allowance, Right, digest, new_id, new_key
from orchestrator.contracts import ConsultationError
from orchestrator.storage.database import Database
from orchestrator.storage.tables import api_keys


class UnknownKey(ConsultationError):
    """There is no such key, or it was revoked."""

    code = "no_such_key"


@dataclass(frozen=True)
class Key:
    """One key as lists show it; times are Unix seconds.

    `digests`: of its text, and of the one before with the time until which that holds.
    """

    account: Account
    created: float
    used: float | None
    revoked: float | None
    digests: tuple[tuple[str, float | None], ...]

    def open(self, now: float) -> bool:
        """Whether it may be used."""
        return self.revoked is None and (self.account.expires is None or now < self.account.expires)


class Keys:
    """The keys of one database. Concurrent calls are safe. Raises StorageFailed, UnknownKey."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def create(
        self,
        name: str,
        scopes: tuple[Right, ...],
        corpora: tuple[str, ...] = (),
        allowance: Allowance = Allowance(),  # noqa: B008  # frozen
        expires: float | None = None,
    ) -> tuple[Key, str]:
        """A new key and its text."""
        id, now = new_id(), time.time()
        text = new_key(id)
        row = {
            "id": id,
            "name": name,
            "digest": digest(text),
            "scopes": list(scopes),
            "corpora": list(corpora),
            "per_minute": allowance.per_minute,
            "per_day": allowance.per_day,
            "per_month": allowance.per_month,
            "created": now,
            "expires": expires,
        }
        async with self._database.write() as connection:
            await connection.execute(insert(api_keys).values(row))
        return Key(
            Account(id, name, scopes, corpora, allowance, expires), now, None, None, ((digest(text), None),)
        ), text

    async def list(self) -> list[Key]:
        """All keys, those that were revoked too, the newest first."""
        async with self._database.read() as connection:
            rows = await connection.execute(select(api_keys).order_by(api_keys.c.created.desc(), api_keys.c.id))
            return [_key(row) for row in rows.mappings()]

    async def revoke(self, id: str) -> Key:
        """End the key for good: every replica refuses it at its next look (accounts.SYNC_S)."""
        return await self._changed(id, {"revoked": time.time()})

    async def rotate(self, id: str, overlap_s: float = 0.0) -> tuple[Key, str]:
        """A new text for the key, whose sessions and counts stay; the text before holds for `overlap_s` more."""
        text, until = new_key(id), time.time() + overlap_s
        changed = {"old_digest": api_keys.c.digest, "old_until": until, "digest": digest(text)}
        return await self._changed(id, changed), text

    async def state(self) -> tuple[int, int]:
        """Two figures that differ after every change of a key."""
        async with self._database.read() as connection:
            found = select(func.count(), func.coalesce(func.sum(api_keys.c.revision), 0)).select_from(api_keys)
            row = (await connection.execute(found)).one()
            return int(row[0]), int(row[1])

    async def touch(self, used: Mapping[str, float]) -> None:
        """Note when keys were last used."""
        async with self._database.write() as connection:
            for id, at in sorted(used.items()):
                latest = case((api_keys.c.used > at, api_keys.c.used), else_=at)
                await connection.execute(update(api_keys).where(api_keys.c.id == id).values(used=latest))

    async def _changed(self, id: str, values: Mapping[str, Any]) -> Key:
        open_ = (api_keys.c.id == id) & api_keys.c.revoked.is_(None)
        change = update(api_keys).where(open_).values({**values, "revision": api_keys.c.revision + 1})
        async with self._database.write() as connection:
            if (await connection.execute(change)).rowcount != 1:
                raise UnknownKey(f"没有编号为 {id[:40]} 的密钥,或者它已经作废。")
            rows = await connection.execute(select(api_keys).where(api_keys.c.id == id))
            return _key(rows.mappings().one())


def _key(row: Mapping[Any, Any]) -> Key:
    allowance = Allowance(row["per_minute"], row["per_day"], row["per_month"])
    account = Account(row["id"], row["name"], tuple(row["scopes"]), tuple(row["corpora"]), allowance, row["expires"])
    digests: tuple[tuple[str, float | None], ...] = ((row["digest"], None),)
    if row["old_digest"] is not None:
        digests += ((row["old_digest"], row["old_until"]),)
    return Key(account, row["created"], row["used"], row["revoked"], digests)
