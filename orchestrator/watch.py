"""What one replica knows about its models: live state, the operator's policy as it is now, the last choices."""

from orchestrator.breaker import BreakerRules
from orchestrator.decisions import Decisions
from orchestrator.tracking import Load, Tracker
from orchestrator.traffic import Traffic


class Watch:
    """Shared by all who see the pool; `traffic` is replaced when the policy changes. For one event loop."""

    def __init__(self, rules: BreakerRules | None = None) -> None:
        self.traffic = Traffic()
        self.decisions = Decisions()
        self._rules = rules or BreakerRules()
        self._trackers: dict[str, Tracker] = {}

    def tracker(self, name: str) -> Tracker:
        """Where each request to the model is noted."""
        if name not in self._trackers:
            self._trackers[name] = Tracker(name, self._rules)
        return self._trackers[name]

    def load(self, name: str) -> Load:
        """The live state of the model."""
        return self.tracker(name).load()

    def forget(self, name: str) -> None:
        """The model is gone; another one of its name begins anew."""
        self._trackers.pop(name, None)
