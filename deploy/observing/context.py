"""What belongs to the request at hand, wherever it is worked on: its id, and the span that it is in.

Both travel to other replicas beside the arguments of a handle call, as `carried`.
"""

import hashlib
import re
import secrets
from contextvars import ContextVar

from opentelemetry import context, trace
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from models.masking import mask

Carried = dict[str, str]  # `request`, and `traceparent` as W3C writes it, where there are such

request_id: ContextVar[str] = ContextVar("lexhub_request_id", default="")
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._:-]{0,63}", re.ASCII)
_W3C = TraceContextTextMapPropagator()


def new_id(given: str | None = None) -> str:
    """A new id; for a client's own that one, or its hash where it is not fit for a log line or may be of a person."""
    if not given:
        return secrets.token_hex(8)
    return given if _ID.fullmatch(given) and mask(given) == given else f"sha256-{hashed(given)}"


def carried() -> Carried:
    """What a call to another replica carries."""
    made: Carried = {}
    if id := request_id.get():
        made["request"] = id
    _W3C.inject(made)
    made.pop("tracestate", None)  # a client's own text
    return made


def enter(brought: Carried | None) -> None:
    """Go on in the request that a call brought. For the task of that call: nothing is put back afterwards."""
    brought = brought or {}
    request_id.set(brought.get("request", ""))
    context.attach(joined(brought.get("traceparent", "")))


def joined(traceparent: str) -> context.Context:
    """The context of a span elsewhere; an empty one for a header that is none."""
    return _W3C.extract({"traceparent": traceparent}, context.Context()) if traceparent else context.Context()


def trace_id() -> str:
    """The id of the trace that is being recorded here, empty when none is."""
    span = trace.get_current_span().get_span_context()
    return trace.format_trace_id(span.trace_id) if span.is_valid else ""


def hashed(id: str) -> str:
    """A session's id as logs and traces name it: who reads them must not be able to open the session."""
    return hashlib.sha256(id.encode()).hexdigest()[:12] if id else ""
