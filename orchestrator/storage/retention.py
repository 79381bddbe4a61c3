"""Sessions are deleted when their time is over, while the service runs."""

import asyncio
import logging
import random
import time

from orchestrator.contracts import StorageFailed
from orchestrator.storage.sessions import SessionStore

logger = logging.getLogger(__name__)
DAY_S = 86_400.0
EVERY_S = 3600.0


class Retention:
    """Deletes, from now on and every hour, the sessions in which nothing happened for `days`; None keeps all."""

    def __init__(self, store: SessionStore, days: float | None, every_s: float = EVERY_S) -> None:
        self._store, self._days, self._every_s = store, days, every_s
        self._task = asyncio.create_task(self._run())

    async def close(self) -> None:
        """Stop."""
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    async def _run(self) -> None:
        while True:
            try:
                await self._store.sweep()
                if self._days is not None and (count := await self._store.purge(time.time() - self._days * DAY_S)):
                    logger.info("retention: %d sessions deleted", count)
            except StorageFailed as error:
                logger.warning("retention: put off: %s", error)
            await asyncio.sleep(self._every_s * random.uniform(0.8, 1.2))  # replicas take turns
