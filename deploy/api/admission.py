"""Admission: how many requests a replica works on at once, how many may wait for it, and what the others are told.

Past capacity a server that takes everything answers nobody in time. So work beyond `ongoing` waits in a short queue,
and is refused at once, before anything expensive, where the queue is full or its turn would come too late: 503
`overloaded` with the seconds after which there should be room. What goes on with a consultation comes before what
begins one. Requests that only read have a wider bound and no queue; health, metrics and administration have none.
"""

import asyncio
import math
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

from fastapi import FastAPI, Request
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Receive, Scope, Send

from deploy.api.errors import BUSY, response
from deploy.haproxy import FULL
from deploy.settings import Settings

EXEMPT = ("/healthz", "/readyz", "/metrics", "/v1/admin/")
READERS = 4  # requests that only read, for each one that works
LONGEST_S = 60  # that a client is told to stay away
LEARNING = 0.1  # the weight of the newest request in the mean
OUTLIVES = "lexhub.outlives"  # the key of a task, in an ASGI scope, that works on when its request has ended


class Refused(Exception):
    """No room: `retry_after` seconds from now there should be. `full`: for nobody who comes as this one did, however
    much time they have.
    """

    def __init__(self, retry_after: int, full: bool = False) -> None:
        super().__init__(retry_after, full)
        self.retry_after, self.full = retry_after, full


@dataclass(eq=False)
class _Waiting:
    """Who waits: `admitted` is set when a place is theirs, or to Refused when they had to make room."""

    admitted: asyncio.Future[None] = field(default_factory=lambda: asyncio.get_running_loop().create_future())


class Gate:
    """`ongoing` places and a queue of `queued` before them, in which nobody waits longer than `patience` seconds.

    For one event loop. `clock` counts seconds.
    """

    def __init__(self, ongoing: int, queued: int, patience: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._ongoing, self._queued, self._patience, self._clock = ongoing, queued, patience, clock
        self._taken = 0
        self._first: deque[_Waiting] = deque()
        self._later: deque[_Waiting] = deque()
        self._mean: float | None = None  # seconds that a place is held

    @property
    def taken(self) -> int:
        """How many places are taken."""
        return self._taken

    @property
    def waiting(self) -> int:
        """How many wait."""
        return len(self._first) + len(self._later)

    async def enter(self, first: bool = False, within: float | None = None) -> float:
        """Take a place; returns what `leave` is to be told. Raises Refused, at once or after the time to wait.

        `first`: before all that are not. `within`: seconds in which all must be done, work included.
        """
        if self._taken < self._ongoing and not self.waiting:
            self._taken += 1
            return self._clock()
        patience = self._patience if within is None else min(within - (self._mean or 0.0), self._patience)
        ahead = len(self._first) if first else self.waiting
        if self._expected(ahead) > patience:
            raise Refused(self.retry_after(), full=self._expected(ahead) > self._patience)
        if not self._room(first):
            raise Refused(self.retry_after(), full=True)
        queue, mine = self._first if first else self._later, _Waiting()
        queue.append(mine)
        try:
            async with asyncio.timeout(patience):
                await mine.admitted
        except BaseException as error:
            if mine in queue:
                queue.remove(mine)
            elif mine.admitted.done() and not mine.admitted.cancelled() and mine.admitted.exception() is None:
                self._pass_on()  # the place came in the same moment
            if isinstance(error, TimeoutError):
                raise Refused(self.retry_after()) from None
            raise
        return self._clock()

    def leave(self, entered: float) -> None:
        """Give the place to who waits. `entered` is what `enter` returned."""
        held = self._clock() - entered
        self._mean = held if self._mean is None else (1 - LEARNING) * self._mean + LEARNING * held
        self._pass_on()

    def retry_after(self) -> int:
        """Whole seconds after which all that wait now should have been served."""
        return max(1, min(LONGEST_S, math.ceil(self._expected(self.waiting))))

    def _expected(self, ahead: int) -> float:
        """Seconds until a place is free behind `ahead` others; 0 until a request has shown how long one is held."""
        return 0.0 if self._mean is None else (ahead + 1) * self._mean / self._ongoing

    def _room(self, first: bool) -> bool:
        """Whether one more may wait; the newest of those that come later makes room for one that comes first."""
        if self.waiting < self._queued:
            return True
        if not first or not self._later:
            return False
        self._later.pop().admitted.set_exception(Refused(self.retry_after()))
        return True

    def _pass_on(self) -> None:
        for queue in (self._first, self._later):
            while queue:
                one = queue.popleft()
                if not one.admitted.done():
                    one.admitted.set_result(None)
                    return
        self._taken -= 1


class Admission:
    """Pure ASGI middleware that lets requests through the gate of their kind."""

    def __init__(self, app: ASGIApp, work: Gate, reading: Gate) -> None:
        self._app, self._work, self._reading = app, work, reading

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or refuse it."""
        if scope["type"] != "http" or scope["path"].startswith(EXEMPT):
            await self._app(scope, receive, send)
            return
        reads = scope["method"] in ("GET", "HEAD", "OPTIONS")
        gate = self._reading if reads else self._work
        try:
            entered = await gate.enter(_goes_on(scope), _timeout(scope))
        except Refused as refused:
            answer = response("overloaded", BUSY, retry_after=refused.retry_after)
            if refused.full and not reads:
                answer.headers[FULL] = "1"  # HAProxy refuses others of the kind for a moment, and takes this away
            await answer(scope, receive, send)
            return
        try:
            await self._app(scope, receive, send)
        finally:
            task: asyncio.Task[None] | None = scope.get(OUTLIVES)
            if task is None or task.done():
                gate.leave(entered)
            else:
                task.add_done_callback(lambda _: gate.leave(entered))


def outlives(request: Request, task: "asyncio.Task[None] | None") -> None:
    """The place of the request is held until the task ends, whether or not the client stays."""
    request.scope[OUTLIVES] = task


def _goes_on(scope: Scope) -> bool:
    """Whether the request goes on with a consultation."""
    path: str = scope["path"]
    return path.startswith("/v1/consultations/") and path.endswith("/messages")


def _timeout(scope: Scope) -> float | None:
    """The seconds that the client gives us; what cannot be read is refused where the request is validated."""
    try:
        return max(0.0, float(Headers(scope=scope)["lexhub-timeout"]))
    except (KeyError, ValueError):
        return None


def install(app: FastAPI, settings: Settings) -> None:
    """Put the gates before the app."""
    ingress, patience = settings.ingress, settings.limits.waiting
    app.add_middleware(
        Admission,
        work=Gate(ingress.ongoing, ingress.queued, patience),
        reading=Gate(READERS * ingress.ongoing, 0, patience),
    )
