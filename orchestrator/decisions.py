"""Each choice of a model, told to the operator: a line in the log, and the last few hundred of this replica.

A record names request, task, models and reasons, and holds no word of the client.
"""

import json
import logging
import time
from collections import deque
from collections.abc import Callable
from typing import Any

from pydantic import Field

from models.contracts import Ability
from orchestrator.contracts import Value

KEPT = 500
logger = logging.getLogger("lexhub.decisions")
logger.setLevel(logging.INFO)  # asked for by name; other loggers tell warnings only


class Decision(Value):
    """One choice and what came of it.

    `at` is Unix time. `model` answered; empty when none did, and `error` then has the code of the failure (`left`: the
    caller went away). `reason` is why the first candidate was chosen, `others` why each other one was not, `failed`
    the attempts before, as `model: code`. `breakers`: of candidates whose breaker is not closed. `revision`: of the
    policy. `ms`: until the end.
    """

    at: float
    request: str
    task: Ability
    field: str
    chosen: str
    model: str
    reason: str
    others: dict[str, str]
    failed: tuple[str, ...] = ()
    breakers: dict[str, str] = Field(default={})
    error: str = ""
    ms: float = 0.0


class Decisions:
    """The last decisions of this replica, and their log. `heard` is told of each where it is made."""

    def __init__(self) -> None:
        self._kept: deque[Decision] = deque(maxlen=KEPT)
        self.heard: Callable[[Decision], None] | None = None

    def add(self, **values: Any) -> None:
        """Keep and log one decision, made now."""
        made = Decision(at=round(time.time(), 3), **values)
        self._kept.append(made)
        if self.heard is not None:
            self.heard(made)
        logger.info(json.dumps(made.model_dump(exclude_defaults=True), ensure_ascii=False))

    def latest(self, limit: int) -> list[Decision]:
        """The newest first."""
        return list(self._kept)[::-1][:limit]
