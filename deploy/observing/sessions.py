"""Which sessions are open: those with a turn lately, as one replica of the API sees them."""

import time
from collections import OrderedDict
from collections.abc import Callable, Iterator

from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

OPEN_S = 900.0


class OpenSessions(Collector):
    """Sessions by their last turn. One that is served by two replicas is open at both."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._last: OrderedDict[str, float] = OrderedDict()  # the longest silent first

    def seen(self, session: str) -> None:
        """A turn of this session begins."""
        self._last[session] = self._clock()
        self._last.move_to_end(session)
        self._forget()

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """The number of them."""
        self._forget()
        yield GaugeMetricFamily("lexhub_sessions_open", "Sessions with a turn in the last 15 minutes", len(self._last))

    def _forget(self) -> None:
        silent = self._clock() - OPEN_S
        while self._last and next(iter(self._last.values())) < silent:
            self._last.popitem(last=False)
