"""Every metric of the server, in one place. Labels take values of ours alone: routes as templates, the names of model
cards, steps of the graph, codes of the error table. Whatever else comes is counted as `other`.

One `Metrics` for each replica, in memory; `exposition` puts those of all replicas together.
"""

from collections.abc import Collection

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram
from prometheus_client.process_collector import ProcessCollector

from deploy.observing.sessions import OpenSessions

OTHER = "other"
OK = "ok"
STORING = ("read", "write", "commit")  # steps that are work on the session database
# Seconds. A hop takes milliseconds, a search tens of them, a language model on a CPU minutes.
BUCKETS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 180, 420)


class Metrics:
    """The metrics of one replica. Recording takes about a microsecond each."""

    def __init__(self) -> None:
        self.registry = one = CollectorRegistry()
        ProcessCollector(registry=one)

        # HTTP
        self.requests = Counter("lexhub_http_requests", "Requests", ("method", "route", "status"), registry=one)
        self.request_seconds = _seconds(one, "lexhub_http_request_seconds", "Whole requests", "method", "route")
        self.requests_now = Gauge("lexhub_http_requests_in_progress", "Requests being served", registry=one)
        self.errors = Counter("lexhub_errors", "Error objects told to clients", ("code",), registry=one)
        self.sse_events = Counter("lexhub_sse_events", "Server-sent events", ("route",), registry=one)

        # Consultations
        self.turns = Counter("lexhub_turns", "Turns that ended", ("mode", "route", "status"), registry=one)
        self.turn_failures = Counter("lexhub_turn_failures", "Turns that failed", ("code",), registry=one)
        self.turn_seconds = _seconds(one, "lexhub_turn_seconds", "Whole turns", "mode", "status")
        self.sessions = OpenSessions()
        one.register(self.sessions)
        self.turns_now = Gauge("lexhub_turns_in_progress", "Turns being answered", registry=one)
        self.fields = Counter("lexhub_turn_fields", "Turns by field of law", ("field",), registry=one)
        self.questions = Counter("lexhub_questions_asked", "Questions asked back", registry=one)
        self.citations = Counter(
            "lexhub_citations",
            "Citations of answers (verified against official text, or resting on a digest), and sentences rejected",
            ("result",),
            registry=one,
        )
        self.degraded = Counter("lexhub_degraded", "Turns that went without a task", ("task",), registry=one)
        self.step_seconds = _seconds(one, "lexhub_step_seconds", "Steps of the graph and tasks of the plan", "step")

        # Models
        called = ("model", "task")
        self.calls = Counter("lexhub_model_calls", "Attempts to ask a model", (*called, "result"), registry=one)
        self.first_chunk = _seconds(one, "lexhub_model_first_chunk_seconds", "Until the first chunk", *called)
        self.call_seconds = _seconds(one, "lexhub_model_seconds", "Whole attempts", *called)
        self.calls_now = Gauge("lexhub_model_calls_in_progress", "Attempts under way", ("model",), registry=one)
        self.tokens = Counter(
            "lexhub_model_tokens", "Tokens, or characters of a model without", ("model", "direction"), registry=one
        )
        self.retries = Counter("lexhub_model_retries", "Attempts after a failed one", ("model",), registry=one)
        self.fallbacks = Counter(
            "lexhub_model_fallbacks", "Candidates that stepped in for a failed one", ("model",), registry=one
        )

        # Retrieval and storage
        self.retrievals = _seconds(one, "lexhub_retrieval_seconds", "Calls of the library", "call")
        self.retrieval_errors = Counter(
            "lexhub_retrieval_errors", "Calls of the library that failed", ("call", "code"), registry=one
        )
        self.storage_seconds = _seconds(one, "lexhub_storage_seconds", "Work on the session database", "operation")
        self.storage_errors = Counter(
            "lexhub_storage_errors", "Work on the session database that failed", ("operation",), registry=one
        )

        for operation in STORING:  # there from the start, so that the first failure is seen as a rise
            self.storage_errors.labels(operation)

        # What a replica of a model or of the retriever does itself
        self.replica_seconds = _seconds(one, "lexhub_replica_call_seconds", "Calls at the replica that works", "call")
        self.replica_now = Gauge("lexhub_replica_calls_in_progress", "Calls at the replica", registry=one)


def known(value: str, among: Collection[str]) -> str:
    """`value` when it is one of ours, else `other`."""
    return value if value in among else OTHER


def _seconds(registry: CollectorRegistry, name: str, about: str, *labels: str) -> Histogram:
    return Histogram(name, f"{about}, seconds", labels, buckets=BUCKETS, registry=registry)
