"""A turn in progress at this replica, and those who follow it."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

from models.contracts import ModelError
from orchestrator.contracts import ConsultationError
from retrievers.contracts import RetrievalError


@dataclass
class Running:
    """A turn in progress, or replayed: its events so far, and a wake-up for those who follow it."""

    session: str
    number: int
    key: str
    events: list[dict[str, Any]] = field(default_factory=list)
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)
    finished: bool = False
    error: ConsultationError | ModelError | RetrievalError | None = None
    reply: dict[str, Any] | None = None
    task: "asyncio.Task[None] | None" = None

    async def add(self, event: dict[str, Any]) -> None:
        """Append an event and wake the followers."""
        async with self.changed:
            self.events.append(event)
            self.changed.notify_all()

    async def finish(self) -> None:
        """Let the followers go once they have read all."""
        async with self.changed:
            self.finished = True
            self.changed.notify_all()

    async def follow(self, after: int = 0) -> AsyncIterator[tuple[int, dict[str, Any]]]:
        """(number, event) from the event after `after` on, until the turn is finished."""
        at = after
        while True:
            async with self.changed:
                while len(self.events) <= at and not self.finished:
                    await self.changed.wait()
                fresh = self.events[at:]
                done = self.finished
            for event in fresh:
                at += 1
                yield at, event
            if done and at >= len(self.events):
                return
