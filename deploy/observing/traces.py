"""OpenTelemetry traces, off by default: OTLP over HTTP to the endpoint of the settings.

Attributes are ids, names, counts and codes, named by the semantic conventions where these have a name. Never a client's
words: texts are masked as well, in case one comes along in a reason.
"""

from collections.abc import Mapping

from opentelemetry import trace
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import SpanProcessor, TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.sdk.trace.sampling import ParentBasedTraceIdRatio

from deploy.masked import MaskingExporter
from models.masking import mask

DELAY_MS = 1000  # how long spans wait for others; a replica that is killed loses these
SCOPE = "lexhub"
LONGEST = 300  # characters of an attribute


def exporting(
    endpoint: str, headers: Mapping[str, str], sample: float, deployment: str, replica: str
) -> TracerProvider:
    """A provider that sends the spans of one replica to `endpoint` (the whole URL, as https://host:4318/v1/traces)."""
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter

    exporter = MaskingExporter(OTLPSpanExporter(endpoint=endpoint, headers=dict(headers), timeout=5))
    return provider(BatchSpanProcessor(exporter, schedule_delay_millis=DELAY_MS), sample, deployment, replica)


def provider(processor: SpanProcessor, sample: float, deployment: str = "", replica: str = "") -> TracerProvider:
    """A provider with one processor; a trace that a client began is sampled as the client says."""
    named = {"service.name": f"lexhub-{deployment}" if deployment else "lexhub", "service.instance.id": replica}
    made = TracerProvider(sampler=ParentBasedTraceIdRatio(sample), resource=Resource(named))
    made.add_span_processor(processor)
    return made


def tracer(made: TracerProvider | None) -> trace.Tracer:
    """The tracer of a provider; without one, a tracer that does nothing."""
    return made.get_tracer(SCOPE) if made is not None else trace.NoOpTracer()


def told(text: str) -> str:
    """Text as an attribute may have it."""
    return mask(text)[:LONGEST]
