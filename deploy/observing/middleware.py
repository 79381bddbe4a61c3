"""Every HTTP request under observation: request id, root span, numbers, and one access line. Pure ASGI, outermost."""

import asyncio
import json
import logging
import time
from collections.abc import Iterable
from contextvars import Context
from typing import Any

from opentelemetry import context, trace
from opentelemetry.trace import Span, SpanKind, Status, StatusCode
from starlette.datastructures import Headers, MutableHeaders
from starlette.routing import BaseRoute
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from deploy.api import errors
from deploy.observing import recording
from deploy.observing.context import hashed, joined, new_id, request_id
from deploy.observing.metrics import OTHER, known
from deploy.observing.observer import ServiceObserver
from deploy.observing.recording import Record, Records

access = logging.getLogger("lexhub.access")
METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS")
QUIET = ("/healthz", "/readyz", "/metrics")  # asked all the time by machines: no line, no trace
OPERATORS = "/v1/admin/"
UNROUTED = "none"
SESSION_ROUTES = "/v1/consultations/{id}"
LEFT = 499  # what is noted when the client left before the answer began
INTERNAL = "internal_error"
REFUSED = "overloaded"  # what a refused request is answered; thousands of lines of it would tell nobody more
TOLD_EVERY_S = 1.0
CODES = frozenset((*errors.STATUS, INTERNAL, "consultation_failed", "model_failed", "retrieval_failed"))


class Observed:
    """Serves an app with every request observed; the request's id is in its state from here on.

    `echoed`: whoever is around this (Ray Serve) puts the id on the response, so that it must not be there yet.
    """

    def __init__(self, app: ASGIApp, observer: ServiceObserver, records: Records, echoed: bool = False) -> None:
        self._app, self._observer, self._records, self._echoed = app, observer, records, echoed
        self._refusals = _Refusals()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        id = new_id(headers.get("x-request-id"))
        state: dict[str, Any] = scope.setdefault("state", {})
        state["request_id"] = id
        named = request_id.set(id)
        seen = _Seen()
        method = known(scope["method"], METHODS)
        tracer = trace.NoOpTracer() if scope["path"] in QUIET else self._observer.tracer
        # A span that a client sent is passed on even where none is recorded here.
        span = tracer.start_span(
            method,
            context=joined(headers.get("traceparent", "")),
            kind=SpanKind.SERVER,
            attributes={"lexhub.request": id},
        )
        inside = context.attach(trace.set_span_in_context(span))
        self._observer.metrics.requests_now.inc()
        path = scope["path"].removeprefix(scope.get("root_path", ""))
        unrecorded = path in QUIET or path.startswith(OPERATORS)
        record = None if unrecorded else self._records.begin(id, method)
        recorded = recording.current.set(record)
        started = time.perf_counter()

        async def watched(message: Message) -> None:
            seen.take(message)
            if self._echoed and message["type"] == "http.response.start":
                del MutableHeaders(scope=message)["x-request-id"]
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except Exception:
            seen.code = INTERNAL
            raise
        finally:
            self._ended(scope, method, seen, span, time.perf_counter() - started, record)
            recording.current.reset(recorded)
            context.detach(inside)
            request_id.reset(named)

    def _ended(
        self, scope: Scope, method: str, seen: "_Seen", span: Span, seconds: float, record: Record | None
    ) -> None:
        state, metrics = scope["state"], self._observer.metrics
        route, status, code = template(scope), seen.status or LEFT, known(seen.code, CODES) if seen.code else ""
        metrics.requests_now.dec()
        metrics.requests.labels(method, route, str(status)).inc()
        metrics.request_seconds.labels(method, route).observe(seconds)
        if seen.events:
            metrics.sse_events.labels(route).inc(seen.events)
        if code:
            metrics.errors.labels(code).inc()
        told: dict[str, Any] = {"method": method, "route": route, "status": status, "ms": round(seconds * 1000, 1)}
        if code:
            told["code"] = code
        if (who := state.get("caller")) is not None:
            told["key"] = who.key
        if route.startswith(SESSION_ROUTES):
            told["session"] = hashed(scope["path_params"]["id"])
        if record is not None and code != REFUSED:
            record.ended(route, status, code, told.get("key", ""), told.get("session", ""))
        if code == REFUSED:
            self._refusals.add()
        elif scope["path"] not in QUIET:
            access.info("request", extra={"told": told})
        if span.is_recording():
            span.update_name(f"{method} {route}")
            span.set_attributes(
                {"http.request.method": method, "http.route": route, "http.response.status_code": status}
            )
            if status >= 500:
                span.set_status(Status(StatusCode.ERROR, code))
        span.end()


class _Refusals:
    """Counts refused requests, and says so in one line for all within TOLD_EVERY_S."""

    def __init__(self) -> None:
        self._count = 0

    def add(self) -> None:
        if not self._count:
            # In a context of its own: the line is of no one request.
            asyncio.get_running_loop().call_later(TOLD_EVERY_S, self._tell, context=Context())
        self._count += 1

    def _tell(self) -> None:
        access.warning("refused", extra={"told": {"code": REFUSED, "requests": self._count}})
        self._count = 0


class _Seen:
    """What went out: the status, the code of an error object, and the events of a stream."""

    def __init__(self) -> None:
        self.status, self.events, self.code = 0, 0, ""
        self._streams = False

    def take(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = int(message["status"])
            kind = dict(_lower(message.get("headers", ()))).get(b"content-type", b"")
            self._streams = kind.startswith(b"text/event-stream")
        elif self._streams and message.get("body"):
            self.events += message["body"].count(b"\n\n")  # which ends an event; a message may hold several
        elif self.status >= 400 and message.get("body"):
            self.code = _code(message["body"])


def _lower(headers: Iterable[tuple[bytes, bytes]]) -> Iterable[tuple[bytes, bytes]]:
    return ((name.lower(), value) for name, value in headers)


def _code(body: bytes) -> str:
    """The code of OpenAI's error object; nothing for another body."""
    try:
        return str(json.loads(body)["error"]["code"])
    except (ValueError, KeyError, TypeError):
        return ""


def template(scope: Scope) -> str:
    """The route that took the request, as it was declared: never a path that a client made up."""
    route: BaseRoute | None = scope.get("route")
    return str(getattr(route, "path", OTHER)) if route is not None else UNROUTED
