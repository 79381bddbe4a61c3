"""What one replica knows about its models: live state, the operator's policy as it is now, the last choices."""

import time
from collections.abc import Callable

from orchestrator.breaker import BreakerRules
from orchestrator.decisions import Decisions
from orchestrator.tracking import Load, Tracker
from orchestrator.traffic import Traffic


class Watch:
    """Shared by all who see the pool; `traffic` is replaced when the policy changes; `clock` tells seconds.

    For one event loop.
    """

    def __init__(self, rules: BreakerRules | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self.traffic = Traffic()
        self.decisions = Decisions()
        self._rules, self._clock = rules or BreakerRules(), clock
        self._trackers: dict[str, Tracker] = {}

    def tracker(self, name: str) -> Tracker:
        """Where each request to the model is noted."""
        if name not in self._trackers:
            self._trackers[name] = Tracker(name, self._rules, self._clock)
        return self._trackers[name]

    def load(self, name: str) -> Load:
        """The live state of the model."""
        return self.tracker(name).load()

    def forget(self, name: str) -> None:
        """The model is gone; another one of its name begins anew."""
        self._trackers.pop(name, None)
