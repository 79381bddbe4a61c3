"""Counts of outcomes over the last seconds, in a fixed amount of memory."""

from collections.abc import Callable

SLOTS = 12


class Tally:
    """How many of the requests of the last `span` seconds failed, to a twelfth of the span."""

    def __init__(self, span: float, clock: Callable[[], float]) -> None:
        self._width, self._clock = span / SLOTS, clock
        self._slots: dict[int, list[int]] = {}  # number of the slot: requests, failures

    def add(self, ok: bool) -> None:
        """Note one outcome."""
        slot = self._now()
        counts = self._slots.setdefault(slot, [0, 0])
        counts[0] += 1
        counts[1] += not ok
        if len(self._slots) > SLOTS:
            self._slots = {number: one for number, one in self._slots.items() if number > slot - SLOTS}

    def counts(self) -> tuple[int, int]:
        """Requests and failures."""
        oldest = self._now() - SLOTS
        recent = [one for number, one in self._slots.items() if number > oldest]
        return sum(one[0] for one in recent), sum(one[1] for one in recent)

    def _now(self) -> int:
        return int(self._clock() // self._width)
