"""A replica under observation: its log, metrics and tracer, and what each call to it brings along and costs."""

import functools
import inspect
import logging
import time
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from opentelemetry import context, trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.trace import SpanKind

from deploy import logs
from deploy.observing import exposition, traces
from deploy.observing.context import Carried, enter
from deploy.observing.exposition import Snapshot
from deploy.observing.metrics import Metrics
from deploy.observing.recording import Records
from deploy.settings import Observing
from deploy.shapes.operations import RequestRow, RequestTrace

logger = logging.getLogger("lexhub.calls")
UNWATCHED = frozenset({"check_health", "snapshot"})  # asked by Serve and by us, not by a request


@dataclass(frozen=True)
class Watching:
    """What one replica is watched with."""

    deployment: str = "ingress"
    replica: str = "local"
    metrics: Metrics = field(default_factory=Metrics)
    records: Records = field(default_factory=Records)
    provider: TracerProvider | None = None
    served: bool = False  # whether Ray Serve runs it

    @property
    def tracer(self) -> trace.Tracer:
        """The tracer of this replica."""
        return traces.tracer(self.provider)

    def snapshot(self) -> Snapshot:
        """What this replica has counted so far."""
        return exposition.snapshot(self.deployment, self.replica, self.metrics.registry)

    def latest(self, limit: int) -> list[RequestRow]:
        """The last requests of this replica, the newest first."""
        return self.records.latest(limit, self.replica)

    def find(self, id: str) -> RequestTrace | None:
        """A request of this replica, if it is one of the last."""
        return self.records.find(id, self.replica)


def start(observing: Observing) -> Watching:
    """Watch the Serve replica that this process is: its log, its metrics, and its spans where they are wanted."""
    from ray import serve

    id = serve.get_replica_context().replica_id
    deployment, replica = id.deployment_id.name, id.unique_id
    logs.install(observing.log, {"deployment": deployment, "replica": replica})
    tracing, provider = observing.tracing, None
    if tracing is not None:
        headers = {name: value.get_secret_value() for name, value in observing.headers.items()}
        provider = traces.exporting(tracing.endpoint, headers, tracing.sample, deployment, replica)
    return Watching(deployment, replica, provider=provider, served=True)


class Alone:
    """The only replica there is."""

    def __init__(self, watching: Watching) -> None:
        self._watching = watching

    async def snapshots(self) -> Sequence[Snapshot]:
        """Its own metrics."""
        return [self._watching.snapshot()]

    async def latest(self, limit: int) -> Sequence[RequestRow]:
        """Its own requests."""
        return self._watching.latest(limit)

    async def find(self, id: str) -> RequestTrace | None:
        """A request of its own."""
        return self._watching.find(id)


class Replica:
    """Base of the deployments that are called over handles.

    Every public coroutine or stream of a subclass takes, beside its own arguments, what the call `carried`: it is done
    in that request, inside a span, and its time is kept.
    """

    watching: Watching

    def __init_subclass__(cls, **options: Any) -> None:
        super().__init_subclass__(**options)
        for name, method in list(vars(cls).items()):
            if name.startswith("_") or name in UNWATCHED:
                continue
            if inspect.iscoroutinefunction(method):
                setattr(cls, name, _coroutine(name, method))
            elif inspect.isasyncgenfunction(method):
                setattr(cls, name, _stream(name, method))

    async def snapshot(self) -> Snapshot:
        """The metrics of this replica."""
        return self.watching.snapshot()


def _coroutine(name: str, method: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(method)
    async def watched(self: Replica, *args: Any, carried: Carried | None = None, **more: Any) -> Any:
        enter(carried)
        with _call(self.watching, name) as inside:
            token = context.attach(inside)
            try:
                return await method(self, *args, **more)
            finally:
                context.detach(token)

    return watched


def _stream(name: str, method: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(method)
    async def watched(self: Replica, *args: Any, carried: Carried | None = None, **more: Any) -> AsyncIterator[Any]:
        enter(carried)
        with _call(self.watching, name) as inside:
            context.attach(inside)  # for the task of this call; a stream may be closed from another one
            stream = method(self, *args, **more)
            try:
                async for one in stream:
                    yield one
            finally:
                await stream.aclose()

    return watched


@contextmanager
def _call(watching: Watching, name: str) -> Iterator[context.Context]:
    metrics, started = watching.metrics, time.perf_counter()
    span = watching.tracer.start_span(f"{watching.deployment} {name}", kind=SpanKind.SERVER)
    span.set_attribute("lexhub.replica", watching.replica)
    metrics.replica_now.inc()
    try:
        yield trace.set_span_in_context(span)
    except Exception as error:
        code = str(getattr(error, "code", type(error).__name__))
        span.set_status(trace.StatusCode.ERROR, code)
        ms = round((time.perf_counter() - started) * 1000, 1)
        logger.info("call failed", extra={"told": {"call": name, "code": code, "ms": ms}})
        raise
    finally:
        metrics.replica_now.dec()
        metrics.replica_seconds.labels(name).observe(time.perf_counter() - started)
        span.end()
