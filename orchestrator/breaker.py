"""The circuit breaker of one model at one replica: a model that fails again and again is left alone, then probed.

closed → open after failures in a row, or when too many of the last requests failed → half-open when its rest is over:
one request at a time is let through → closed when that succeeds, open again for twice as long when it fails.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field

from orchestrator.tally import Tally

BreakerState = Literal["closed", "open", "half_open"]


class BreakerRules(BaseModel):
    """When a breaker opens, and how long it rests; seconds.

    `failures` in a row open it, and so does a share of failures of `rate` or more among at least `least` requests of
    the last `window`. The first rest is `rest`; each failed probe doubles it, up to `longest`.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    failures: int = Field(default=5, ge=1)
    rate: float = Field(default=0.5, gt=0, le=1)
    least: int = Field(default=20, ge=1)
    window: float = Field(default=60, gt=0)
    rest: float = Field(default=5, gt=0)
    longest: float = Field(default=60, gt=0)


@dataclass(frozen=True)
class Permit:
    """A request that was begun; `probe`: whether it decides if a half-open breaker closes."""

    period: int
    probe: bool


class Breaker:
    """The state, told of every request by `begin` and then one of `succeed`, `fail` and `drop`. For one event loop."""

    def __init__(self, rules: BreakerRules, clock: Callable[[], float]) -> None:
        self._rules, self._clock = rules, clock
        self._tally = Tally(rules.window, clock)
        self._streak = 0
        self._period = 0  # counts the changes of state: outcomes of requests begun before the last one say nothing
        self._until: float | None = None  # when the rest is over; None while closed
        self._rest = rules.rest
        self._probing = False
        self.reason = ""

    @property
    def state(self) -> BreakerState:
        """The state now."""
        if self._until is None:
            return "closed"
        return "open" if self._clock() < self._until else "half_open"

    @property
    def able(self) -> bool:
        """Whether a request may go to the model now: it is closed, or half-open with no probe under way."""
        return self.state == "closed" or (self.state == "half_open" and not self._probing)

    @property
    def rests(self) -> float:
        """Seconds until the next probe may go out; 0 when it is not open."""
        return 0.0 if self._until is None else max(0.0, self._until - self._clock())

    def begin(self) -> Permit:
        """Note a request. The caller decides whether one goes to a model that is not `able`, for want of another."""
        probe = self.state == "half_open" and not self._probing
        self._probing = self._probing or probe
        return Permit(self._period, probe)

    def succeed(self, permit: Permit) -> None:
        """The request was answered."""
        if permit.period != self._period:
            return
        if self._until is not None:
            self._change(None)
            self._rest = self._rules.rest
            return
        self._streak = 0
        self._tally.add(True)

    def fail(self, permit: Permit, reason: str) -> bool:
        """The request failed for a reason that lies with the model; whether that opened the breaker."""
        if permit.period != self._period:
            return False
        self.reason = reason
        if self._until is not None:
            if permit.probe:
                self._rest = min(2 * self._rest, self._rules.longest)
                self._change(self._clock() + self._rest)
            return permit.probe
        self._streak += 1
        self._tally.add(False)
        asked, failed = self._tally.counts()
        often = asked >= self._rules.least and failed >= self._rules.rate * asked
        opens = self._streak >= self._rules.failures or often
        if opens:
            self._change(self._clock() + self._rest)
        return opens

    def drop(self, permit: Permit) -> None:
        """The request ended in a way that says nothing about the model."""
        if permit.period == self._period and permit.probe:
            self._probing = False

    def _change(self, until: float | None) -> None:
        self._until, self._streak, self._probing = until, 0, False
        self._period += 1
        self._tally = Tally(self._rules.window, self._clock)
        if until is None:
            self.reason = ""
