"""The accounts of one replica: keys and counts in memory, exchanged with the database every SYNC_S seconds.

No request waits for the database. Revoking a key, or using up a quota elsewhere, is known here SYNC_S later; when the
database has not been heard of for STALE_S, nobody is let in any more, since a revoked key could not be told.
"""

import asyncio
import logging
import time
from collections.abc import Callable

from deploy.accounts import quotas, usage
from deploy.accounts.account import Account, Allowance
from deploy.accounts.keys import Keys
from deploy.accounts.quotas import Counts, Standing
from deploy.accounts.ring import Ring
from deploy.accounts.usage import Ledger
from deploy.settings import Settings
from orchestrator.contracts import StorageFailed
from orchestrator.storage.database import Database

logger = logging.getLogger(__name__)
SYNC_S = 1.0
STALE_S = 30.0
LOOK_S = 30.0  # how often the counts of keys are read that were not used here lately
PRUNE_S = 600.0
LOOPBACK = "loopback"  # the account of the caller on this machine who needs no key


class Accounts:
    """Made with `open`, ended with `close`, which writes what was not written yet."""

    def __init__(self, settings: Settings, database: Database, clock: Callable[[], float] = time.time) -> None:
        self.database, self.keys, self._clock = database, Keys(database), clock
        self.ring = Ring(settings)
        self._counts, self._ledger = Counts(), Ledger()
        self._state: tuple[int, int] | None = None
        self._active: dict[str, float] = {}
        self._touched: dict[str, float] = {}
        self._heard = self._pruned = time.monotonic()
        self._looked = -LOOK_S
        self._loop: asyncio.Task[None] | None = None

    @classmethod
    async def open(cls, settings: Settings, database: Database) -> "Accounts":
        """The accounts of this database, in exchange with it from now on. Raises StorageFailed."""
        accounts = cls(settings, database)
        await accounts.exchange()
        accounts._loop = asyncio.create_task(accounts._exchange_forever())
        return accounts

    async def close(self) -> None:
        """Stop, and write what was counted."""
        if self._loop is not None:
            self._loop.cancel()
            await asyncio.gather(self._loop, return_exceptions=True)
        try:
            await self.exchange()
            await self._note()
        except StorageFailed as error:
            logger.error("the last second of usage was not written: %s", error)

    def account(self, text: str) -> Account | None:
        """The account of a key's text. Raises StorageFailed when keys cannot be told any more."""
        self._require_fresh()
        return self.ring.account(text)

    @property
    def keyless(self) -> bool:
        """Whether no key was ever made. Raises StorageFailed as `account`."""
        self._require_fresh()
        return self.ring.empty

    def standing(self, account: Account, spends: bool) -> Standing:
        """Where the account stands before a request, which is counted when it may go on."""
        now = self._clock()
        if account.allowance != Allowance():
            self._active[account.id] = time.monotonic()
        found = quotas.standing(account, self._counts, now, spends)
        if found.limited is None and account.allowance.per_minute is not None:
            self._counts.add(account.id, quotas.minute(now), 1)
        return found

    def requested(self, account: str, route: str) -> None:
        """Count a request that was let in."""
        now = self._clock()
        self._touched[account] = now
        self._ledger.add((quotas.day(now), account, route, ""), requests=1)

    def charge(self, account: str, route: str, model: str, prompt: int, completion: int) -> None:
        """Count tokens that a model used for a request."""
        now = self._clock()
        _, _, today, month = quotas.windows(now)
        for window in (today, month):
            self._counts.add(account, window, prompt + completion)
        place = (quotas.day(now), account, route, model)
        self._ledger.add(place, calls=1, prompt_tokens=prompt, completion_tokens=completion)

    async def exchange(self) -> None:
        """Learn of changed keys, write what was counted, read what other replicas counted. Raises StorageFailed."""
        if (state := await self.keys.state()) != self._state:
            self.ring.replace(await self.keys.list())
            self._state = state
        self._heard = time.monotonic()
        live = quotas.windows(self._clock())
        self._counts.forget_minutes(live)
        self._active = {id: at for id, at in self._active.items() if self._heard - at < 2 * quotas.MINUTE}
        keys, looks = list(self._active), self._heard - self._looked > LOOK_S
        await usage.exchange(self.database, self._counts, self._ledger, self.ring.limited() if looks else keys, live)
        if looks:
            await self._note()
            self._looked = self._heard
        if self._heard - self._pruned > PRUNE_S:
            await usage.prune(self.database, live)
            self._pruned = self._heard

    async def _note(self) -> None:
        """Write when keys were last used."""
        if touched := dict(self._touched):
            await self.keys.touch(touched)
            self._touched = {id: at for id, at in self._touched.items() if at != touched.get(id)}

    def _require_fresh(self) -> None:
        if time.monotonic() - self._heard > STALE_S:
            raise StorageFailed("密钥数据库暂时无法读取,请稍后重试。")

    async def _exchange_forever(self) -> None:
        failing = False
        while True:
            await asyncio.sleep(SYNC_S)
            try:
                await self.exchange()
                failing = False
            except StorageFailed as error:
                if not failing:
                    logger.warning("API keys and usage are not exchanged with the database: %s", error)
                failing = True
