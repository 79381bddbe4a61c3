"""The life of this replica as others see it: a row in the database, renewed by a thread while a turn runs here.

A thread of its own, with a connection of its own, beats on while the event loop is busy. Without turns it sleeps.
"""

import logging
import secrets
import threading
import time
from collections.abc import Sequence

from sqlalchemy import delete, update
from sqlalchemy.exc import SQLAlchemyError

from orchestrator.storage.database import Database, reason_of
from orchestrator.storage.tables import replicas, sessions

logger = logging.getLogger(__name__)
BEAT_S = 0.2
LATE_S = 0.35  # a replica not seen for so long may be dead
DEAD_S = 0.7  # a replica not seen for so long holds nothing any more


class Heartbeat:
    """Says that this replica lives, as long as it holds leases. Safe to use from any thread."""

    def __init__(self, database: Database) -> None:
        self.replica = secrets.token_hex(8)
        self.beat = database.upsert(replicas, {"id": self.replica, "seen": database.now})
        self._engine = database.beacon()
        self._held: set[str] = set()
        self._dropped: set[str] = set()
        self._beaten = float("-inf")
        self._changed = threading.Condition()
        self._stopped = False
        self._thread: threading.Thread | None = None

    def holds(self, lease: str) -> bool:
        """Whether the lease belongs to a turn that runs here."""
        with self._changed:
            return lease in self._held

    def fresh(self) -> bool:
        """Whether others have been told so lately that a lease may be taken at once."""
        return time.monotonic() - self._beaten < BEAT_S

    def hold(self, lease: str) -> None:
        """Beat for this lease, from before it is taken."""
        with self._changed:
            self._held.add(lease)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="heartbeat", daemon=True)
                self._thread.start()
            self._changed.notify()

    def let_go(self, lease: str) -> None:
        """The lease is no longer held, in the database either."""
        with self._changed:
            self._held.discard(lease)

    def drop(self, lease: str) -> None:
        """The turn is over, but the database could not be told: the thread does it, as soon as it can."""
        with self._changed:
            self._held.discard(lease)
            self._dropped.add(lease)
            self._changed.notify()

    def stop(self) -> None:
        """End the thread and take the replica's row away. Blocks for as long as one beat at most."""
        with self._changed:
            self._stopped = True
            self._changed.notify()
        if self._thread is not None:
            self._thread.join()
            try:
                with self._engine.begin() as connection:
                    connection.execute(delete(replicas).where(replicas.c.id == self.replica))
            except SQLAlchemyError as error:
                logger.warning("heartbeat: the row of this replica stays: %s", reason_of(error))
        self._engine.dispose()

    def _run(self) -> None:
        while True:
            with self._changed:
                while not (self._held or self._dropped or self._stopped):
                    self._changed.wait()
                if self._stopped:
                    return
                dropped = list(self._dropped)
            begun = time.monotonic()
            try:
                self._beat(dropped)
            except SQLAlchemyError as error:
                logger.warning("heartbeat: %s", reason_of(error))
            else:
                self._beaten = begun
                with self._changed:
                    self._dropped.difference_update(dropped)
            time.sleep(max(0.0, BEAT_S - (time.monotonic() - begun)))

    def _beat(self, dropped: Sequence[str]) -> None:
        with self._engine.begin() as connection:
            connection.execute(self.beat)
            if dropped:
                connection.execute(
                    update(sessions).where(sessions.c.lease.in_(dropped)).values(holder="", lease="", message="")
                )
