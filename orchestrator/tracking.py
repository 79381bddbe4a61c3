"""What one replica sees of a model: requests under way, how long they take, how many fail, and its breaker.

Every request to a model is a `Work`; what leaves its block decides how it counts:

- done: success; a ModelError that lies with the model (unavailable, out of memory, bad output, late): failure;
- overloaded: a failure in the figures, but not for the breaker, since a full queue empties best when it is used;
- refused for what was asked (BadRequest, context too long), a client that left, a fault of ours: says nothing.
"""

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from types import TracebackType
from typing import Self

from models.contracts import BadRequest, ContextLengthExceeded, DeadlineExceeded, ModelError, ModelOverloaded
from orchestrator.breaker import Breaker, BreakerRules, BreakerState
from orchestrator.tally import Tally

logger = logging.getLogger("lexhub")
SPAN_S = 300.0  # of the counts that are shown
SMOOTHING = 0.2  # weight of the newest latency


@dataclass(frozen=True)
class Load:
    """The live state of a model as one replica sees it. Latencies in seconds, None before there was an answer.

    `ongoing`: requests under way here; `queued`: those of them that have no first piece yet. `requests`, `failures`:
    of the last five minutes. `reason`: the code of the failure for which the breaker is not closed; `rests`: seconds
    until it lets a probe through. `able`: whether a request may go to the model.
    """

    ongoing: int = 0
    queued: int = 0
    first_s: float | None = None
    total_s: float | None = None
    requests: int = 0
    failures: int = 0
    breaker: BreakerState = "closed"
    able: bool = True
    reason: str = ""
    rests: float = 0.0

    @property
    def error_rate(self) -> float:
        """The share of the last minutes' requests that failed."""
        return self.failures / self.requests if self.requests else 0.0


class Tracker:
    """The live state of the model `name`; `clock` tells seconds. For one event loop."""

    def __init__(self, name: str, rules: BreakerRules, clock: Callable[[], float] = time.monotonic) -> None:
        self.name = name
        self.breaker = Breaker(rules, clock)
        self._clock = clock
        self._tally = Tally(SPAN_S, clock)
        self._ongoing = self._queued = 0
        self._first: float | None = None
        self._total: float | None = None

    def begin(self, patient: bool = True, adapted: bool = False) -> "Work":
        """A request to the model. `patient`: it has time enough that being late is the model's own failure; `adapted`:
        it is for an adapter, and that one cannot be loaded says nothing of the model.
        """
        return Work(self, patient, adapted)

    def load(self) -> Load:
        """The state now."""
        requests, failures = self._tally.counts()
        return Load(
            ongoing=self._ongoing,
            queued=self._queued,
            first_s=self._first,
            total_s=self._total,
            requests=requests,
            failures=failures,
            breaker=self.breaker.state,
            able=self.breaker.able,
            reason=self.breaker.reason,
            rests=self.breaker.rests,
        )


class Work:
    """One request, as a context manager; `progressed` is called with every piece of output."""

    def __init__(self, tracker: Tracker, patient: bool, adapted: bool) -> None:
        self._tracker, self._patient, self._adapted = tracker, patient, adapted
        self._first: float | None = None

    def __enter__(self) -> Self:
        tracker = self._tracker
        self._began = tracker._clock()
        self._permit = tracker.breaker.begin()
        tracker._ongoing += 1
        tracker._queued += 1
        return self

    def progressed(self) -> None:
        """A piece came."""
        if self._first is None:
            self._first = self._tracker._clock() - self._began
            self._tracker._queued -= 1

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        tracker, breaker, permit = self._tracker, self._tracker.breaker, self._permit
        tracker._ongoing -= 1
        tracker._queued -= self._first is None
        if error is None:
            total = tracker._clock() - self._began
            tracker._first = _smoothed(tracker._first, total if self._first is None else self._first)
            tracker._total = _smoothed(tracker._total, total)
            tracker._tally.add(True)
            breaker.succeed(permit)
            return
        if isinstance(error, ModelError) and not isinstance(error, BadRequest | ContextLengthExceeded):
            late = isinstance(error, DeadlineExceeded)
            if self._patient or not late:
                tracker._tally.add(False)
            # One that has begun to speak is slow, but alive.
            excused = not self._patient or self._first is not None if late else self._adapted
            if not excused and not isinstance(error, ModelOverloaded):
                # The code alone is kept: other clients read it, and the message may hold words of this one.
                if breaker.fail(permit, error.code):
                    logger.warning("%s keeps failing, left alone for %.0f s: %s", tracker.name, breaker.rests, error)
                return
        breaker.drop(permit)


def _smoothed(before: float | None, now: float) -> float:
    return now if before is None else before + SMOOTHING * (now - before)
