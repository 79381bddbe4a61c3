"""The observer of a server: every turn, step and call becomes numbers, a span and, at the end of a turn, a log line."""

import logging
import time
from collections.abc import AsyncGenerator, Collection, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from typing import Any

from langgraph.errors import GraphBubbleUp
from opentelemetry import context, trace
from opentelemetry.trace import Span, SpanKind, Status, StatusCode

from deploy.observing import recording
from deploy.observing.context import hashed, request_id
from deploy.observing.metrics import OK, STORING, Metrics, known
from deploy.observing.traces import told
from models.contracts import Chunk, GenerationRequest, Generator, Usage
from orchestrator.domains import NAMES, OTHER
from orchestrator.observing import Attempt

logger = logging.getLogger("lexhub.turns")
FIELDS = (*NAMES, OTHER)
FAILED, CANCELLED, INTERNAL, LATE = "failed", "cancelled", "internal_error", "deadline_exceeded"
RETRIEVING = "retrieval "
OPERATIONS = {"dialogue": "chat"}  # GenAI's name of what a task does; the others fill a form: generate_content


class ServiceObserver:
    """Watches a replica. `codes` are the error codes there are; whatever else is raised counts as internal_error."""

    def __init__(self, metrics: Metrics, tracer: trace.Tracer, codes: Collection[str]) -> None:
        self.metrics, self.tracer = metrics, tracer
        self._codes = frozenset((*codes, INTERNAL))

    @contextmanager
    def turn(self, mode: str, session: str = "", number: int = 0) -> Iterator["WatchedTurn"]:
        """Around one turn."""
        # Not made current: a stateless turn is a generator, whose pieces may be asked for from several tasks.
        span = self.tracer.start_span("turn", attributes={"lexhub.mode": mode, "lexhub.request": request_id.get()})
        if session:
            self.metrics.sessions.seen(session)
            span.set_attributes({"gen_ai.conversation.id": hashed(session), "lexhub.turn": number})
        watched = WatchedTurn(self.metrics, self.tracer, self._codes, span)
        self.metrics.turns_now.inc()
        started, code = time.perf_counter(), ""
        try:
            yield watched
        except BaseException as error:
            code = self._failed(span, error)
            raise
        finally:
            seconds = time.perf_counter() - started
            self.metrics.turns_now.dec()
            watched.ended(mode, code, seconds)
            told_of = {"session": hashed(session), "turn": number, "mode": mode, "ms": round(seconds * 1000, 1)}
            logger.info("turn", extra={"told": {**told_of, **watched.outcome, **({"code": code} if code else {})}})
            span.end()

    @contextmanager
    def step(self, name: str) -> Iterator[None]:
        """Around a step of the graph or a task of its plan; spans below it are its children."""
        watched = name not in STORING or trace.get_current_span(self._parent()).get_span_context().is_valid
        # What the server looks up for itself is nobody's request, and would be a trace of its own every second.
        with self._span(name, SpanKind.INTERNAL) if watched else nullcontext(trace.INVALID_SPAN) as span:
            started, code = time.perf_counter(), ""
            try:
                yield
            except BaseException as error:
                if isinstance(error, GraphBubbleUp):
                    span.add_event("asks back")  # how LangGraph pauses: no failure
                else:
                    code = self._failed(span, error)
                    if name in STORING:
                        self.metrics.storage_errors.labels(name).inc()
                raise
            finally:
                seconds = time.perf_counter() - started
                kept = self.metrics.storage_seconds if name in STORING else self.metrics.step_seconds
                kept.labels(name).observe(seconds)
                recording.worked("storage" if name in STORING else "step", name, started, code)

    @contextmanager
    def retrieval(self, call: str) -> Iterator[None]:
        """Around a call of the library."""
        with self._span(RETRIEVING + call, SpanKind.CLIENT, {"gen_ai.operation.name": "retrieval"}) as span:
            started, code = time.perf_counter(), ""
            try:
                yield
            except BaseException as error:
                code = self._failed(span, error)
                self.metrics.retrieval_errors.labels(call, code).inc()
                raise
            finally:
                self.metrics.retrievals.labels(call).observe(time.perf_counter() - started)
                recording.worked("retrieval", call, started, code)

    async def generate(
        self, attempt: Attempt, model: Generator, request: GenerationRequest
    ) -> AsyncGenerator[Chunk, None]:
        """The model's own stream; what it calls in turn are children of this attempt."""
        task, name, metrics = request.task, attempt.model, self.metrics
        span = self.tracer.start_span(
            f"{OPERATIONS.get(task, 'generate_content')} {name}",
            context=self._parent(),
            kind=SpanKind.CLIENT,
            attributes={
                "gen_ai.operation.name": OPERATIONS.get(task, "generate_content"),
                "gen_ai.provider.name": "lexhub",
                "gen_ai.request.model": name,
                "lexhub.task": task,
                "lexhub.reason": told(attempt.reason),
                "lexhub.attempt": attempt.number,
            },
        )
        if attempt.number > 1:
            metrics.retries.labels(name).inc()
            span.add_event("retry", {"lexhub.attempt": attempt.number})
        elif attempt.fallback:
            metrics.fallbacks.labels(name).inc()
            span.add_event("fallback", {"lexhub.failed_model": attempt.fallback})
        metrics.calls_now.labels(name).inc()
        started, first, code = time.perf_counter(), 0.0, CANCELLED
        usage: Usage | None = None
        inside = trace.set_span_in_context(span, self._parent())
        stream = aiter(model.generate(request))
        try:
            while True:
                # The context is set for each piece alone: the next may be asked for from another task.
                token = context.attach(inside)
                try:
                    chunk = await anext(stream)
                except StopAsyncIteration:
                    break
                finally:
                    context.detach(token)
                if not first:
                    first = time.perf_counter() - started
                    metrics.first_chunk.labels(name, task).observe(first)
                usage = chunk.usage or usage
                yield chunk
            code = OK
        except BaseException as error:
            code = self._failed(span, error)
            raise
        finally:
            if (close := getattr(stream, "aclose", None)) is not None:
                await close()
            seconds = time.perf_counter() - started
            metrics.calls_now.labels(name).dec()
            metrics.calls.labels(name, task, code).inc()
            metrics.call_seconds.labels(name, task).observe(seconds)
            recording.worked(
                "model",
                task,
                started,
                "" if code == OK else code,
                model=name,
                attempt=attempt.number,
                fallback=attempt.fallback,
                first_ms=round(first * 1000, 1) if first else None,
            )
            if first:
                span.set_attribute("gen_ai.response.time_to_first_chunk", first)
            if usage is not None:
                metrics.tokens.labels(name, "in").inc(usage.prompt_tokens)
                metrics.tokens.labels(name, "out").inc(usage.completion_tokens)
                span.set_attribute("gen_ai.usage.input_tokens", usage.prompt_tokens)
                span.set_attribute("gen_ai.usage.output_tokens", usage.completion_tokens)
            span.end()

    @contextmanager
    def _span(self, name: str, kind: SpanKind, attributes: Mapping[str, str] | None = None) -> Iterator[Span]:
        with self.tracer.start_as_current_span(
            name,
            context=self._parent(),
            kind=kind,
            attributes=attributes,
            record_exception=False,  # its message may repeat what a client said
            set_status_on_exception=False,
        ) as span:
            yield span

    def _parent(self) -> context.Context:
        return context.get_current()

    def _failed(self, span: Span, error: BaseException) -> str:
        """Mark the span with the error's code, and return that."""
        if isinstance(error, Exception):
            code = LATE if isinstance(error, TimeoutError) else getattr(error, "code", INTERNAL)
            code = code if code in self._codes else INTERNAL
            span.set_status(Status(StatusCode.ERROR, code))
        else:
            code = CANCELLED  # the client left, or another answer came first
        span.set_attribute("error.type", code)
        return code


class WatchedTurn(ServiceObserver):
    """The observer of one turn: what happens in it lies below its span."""

    def __init__(self, metrics: Metrics, tracer: trace.Tracer, codes: Collection[str], span: Span) -> None:
        super().__init__(metrics, tracer, codes)
        self._span_of_turn = span
        self._top = trace.get_current_span().get_span_context().span_id
        self._reply: Mapping[str, Any] = {}

    @property
    def outcome(self) -> dict[str, Any]:
        """How the turn ended, for its log line."""
        if not self._reply:
            return {}
        models = [entry["model"] for entry in self._reply["trace"] if entry["model"]]
        named = {name: self._reply[name] for name in ("status", "route", "domain")}
        return {**named, "degraded": list(self._reply["degraded"]), "models": list(dict.fromkeys(models))}

    def replied(self, reply: Mapping[str, Any]) -> None:
        """Count what the reply says of itself."""
        self._reply, metrics, span = reply, self.metrics, self._span_of_turn
        metrics.fields.labels(known(reply["domain"], FIELDS)).inc()
        asked = 0 if reply["answer"] else len(reply["questions"])  # beside an answer stand those that were open before
        metrics.questions.inc(asked)
        for task in dict.fromkeys(reply["degraded"]):
            metrics.degraded.labels(task).inc()
        results = {"verified": 0, "digest": 0, "rejected": 0}
        if reply["answer"]:
            for citation in reply["citations"]:
                results[citation["status"]] += 1
            results["rejected"] = sum(len(entry["details"].get("rejected", ())) for entry in reply["trace"])
        for result, number in results.items():
            metrics.citations.labels(result).inc(number)
        span.set_attributes({f"lexhub.citations.{result}": number for result, number in results.items()})
        span.set_attributes(
            {
                "lexhub.status": reply["status"],
                "lexhub.route": reply["route"],
                "lexhub.field": reply["domain"],
                "lexhub.questions": asked,
                "lexhub.degraded": list(reply["degraded"]),
            }
        )
        for entry in reply["trace"]:
            if entry["model"]:
                span.add_event("decision", {"lexhub.task": entry["step"], "gen_ai.request.model": entry["model"]})

    def ended(self, mode: str, code: str, seconds: float) -> None:
        """Count the turn."""
        status = CANCELLED if code == CANCELLED else FAILED if code else self._reply.get("status", CANCELLED)
        self.metrics.turns.labels(mode, self._reply.get("route", "none"), status).inc()
        self.metrics.turn_seconds.labels(mode, status).observe(seconds)
        recording.replied(mode, status, self._reply)
        if status == FAILED:
            self.metrics.turn_failures.labels(code).inc()

    def _parent(self) -> context.Context:
        """Below the turn, unless a step of it is under way here."""
        here = context.get_current()
        if trace.get_current_span(here).get_span_context().span_id == self._top:
            return trace.set_span_in_context(self._span_of_turn, here)
        return here
