"""The last hour in figures: the API's metrics, read every EVERY_S seconds while an operator is there to see them."""

import asyncio
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from deploy.observing.frames import Latency, Reading, latency
from deploy.sdk import AsyncLexhub, LexhubError

EVERY_S = 10.0
SPAN_S = 3600.0
KEPT = int(SPAN_S / EVERY_S)
LINGER_S = 900.0  # how long it goes on after the last look
OWN = ("/v1/admin", "/metrics", "/healthz", "/readyz")  # routes of operators and machines, the console among them
logger = logging.getLogger("lexhub")


@dataclass(frozen=True)
class Point:
    """What happened in the `seconds` before `at` (Unix time): latencies by route and model, counts by their names."""

    at: float
    seconds: float
    routes: dict[str, Latency]
    models: dict[str, Latency]
    requests: float
    queued: dict[str, float]
    calls: float
    failed: float
    errors: dict[str, float]
    citations: dict[str, float]


@dataclass(frozen=True)
class Now:
    """How things stand: replicas and their memory in bytes, by deployment."""

    replicas: dict[str, int] = field(default_factory=dict)
    memory: dict[str, float] = field(default_factory=dict)


class Sampler:
    """Reads while it is looked at, as whom `operator` gives. For one event loop; `clock` tells Unix time."""

    def __init__(
        self, operator: Callable[[], Awaitable[AsyncLexhub | None]], clock: Callable[[], float] = time.time
    ) -> None:
        self._operator, self._clock = operator, clock
        self._points: deque[Point] = deque(maxlen=KEPT)
        self._last: Reading | None = None
        self._looked = -LINGER_S
        self._task: asyncio.Task[None] | None = None
        self.now = Now()

    def points(self) -> list[Point]:
        """Those of the last hour, the oldest first."""
        since = self._clock() - SPAN_S
        return [point for point in self._points if point.at > since]

    def look(self) -> None:
        """An operator is there: go on reading."""
        self._looked = self._clock()
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._read())

    async def close(self) -> None:
        """Stop reading."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def sample(self, operator: AsyncLexhub) -> None:
        """Read once. Raises LexhubError."""
        text = await operator.admin.metrics()
        after = await asyncio.to_thread(Reading, text, self._clock())
        self.now = Now(
            after.count("process_resident_memory_bytes", "deployment"),
            after.by("process_resident_memory_bytes", "deployment"),
        )
        if self._last is not None:
            self._points.append(await asyncio.to_thread(point, self._last, after))
        self._last = after

    async def _read(self) -> None:
        failing = False
        while self._clock() < self._looked + LINGER_S and (operator := await self._operator()) is not None:
            try:
                await self.sample(operator)
                failing = False
            except LexhubError as error:
                self._last = None  # a gap in the figures is shown as one
                if not failing:
                    logger.warning("console: no metrics: %s", error.code)
                failing = True
            await asyncio.sleep(EVERY_S)
        self._last = None


def point(before: Reading, after: Reading) -> Point:
    """What happened between two readings."""
    counted = _grown(before, after, "lexhub_http_requests_total", "route")
    requests = {route: count for route, count in counted.items() if not route.startswith(OWN)}
    calls = _grown(before, after, "lexhub_model_calls_total", "model")
    results = _grown(before, after, "lexhub_model_calls_total", "result")
    return Point(
        at=after.at,
        seconds=max(after.at - before.at, 1e-3),
        routes={route: latency(before, after, "lexhub_http_request_seconds", route=route) for route in requests},
        models={model: latency(before, after, "lexhub_model_seconds", model=model) for model in calls},
        requests=sum(requests.values()),
        queued=after.by("lexhub_model_queued", "model"),
        calls=sum(calls.values()),
        failed=sum(count for result, count in results.items() if result not in ("ok", "cancelled")),
        errors=_grown(before, after, "lexhub_errors_total", "code"),
        citations=_grown(before, after, "lexhub_citations_total", "result"),
    )


def _grown(before: Reading, after: Reading, name: str, label: str) -> dict[str, float]:
    """How much counters grew, by a label; one that fell has begun anew. Those that stood still are left out."""
    old = before.by(name, label)
    grown = {
        one: value - old.get(one, 0.0) if value >= old.get(one, 0.0) else value
        for one, value in after.by(name, label).items()
    }
    return {one: more for one, more in grown.items() if more > 0}
