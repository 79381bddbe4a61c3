"""A deployment called over handles: the caller's request goes on in it; its metrics join those of all others."""

import asyncio
import logging
import pickle
from collections.abc import AsyncIterator

import pytest
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from deploy.observing import exposition, traces
from deploy.observing.context import carried, request_id
from deploy.observing.metrics import Metrics
from deploy.observing.replicas import Replica, Watching
from models.contracts import ModelOverloaded
from tests.deploy.observing.readings import Page

TRACEPARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
BROUGHT = {"request": "r-1", "traceparent": TRACEPARENT}


class Server(Replica):
    def __init__(self, watching: Watching) -> None:
        self.watching = watching
        self.closed = False

    async def said(self, word: str) -> tuple[str, str]:
        return word, request_id.get()

    async def stream(self, number: int) -> AsyncIterator[dict[str, str]]:
        try:
            for _ in range(number):
                yield carried()
        finally:
            self.closed = True

    async def fails(self) -> None:
        raise ModelOverloaded("full of 13812345678")

    async def check_health(self) -> str:
        return request_id.get()


@pytest.fixture
def memory() -> InMemorySpanExporter:
    return InMemorySpanExporter()


@pytest.fixture
def server(memory: InMemorySpanExporter) -> Server:
    return Server(Watching("model-x", "r", provider=traces.provider(SimpleSpanProcessor(memory), 1.0)))


async def test_a_call_goes_on_in_the_request_that_it_brings(server: Server, memory: InMemorySpanExporter) -> None:
    assert await asyncio.create_task(server.said("hello", carried=BROUGHT)) == ("hello", "r-1")
    (span,) = memory.get_finished_spans()
    assert span.parent is not None and f"{span.parent.span_id:016x}" == "b7ad6b7169203331"
    assert (span.name, dict(span.attributes or {})["lexhub.replica"]) == ("model-x said", "r")
    page = Page(exposition.page([server.watching.snapshot()]).decode())
    assert page.sum("lexhub_replica_call_seconds_count", call="said", deployment="model-x", replica="r") == 1


async def test_a_call_without_a_request_is_of_none(server: Server) -> None:
    await asyncio.create_task(server.said("hello", carried=BROUGHT))
    assert await asyncio.create_task(server.said("again")) == ("again", "")
    assert await server.check_health() == ""


async def test_a_stream_goes_on_in_its_request_and_is_closed(server: Server, memory: InMemorySpanExporter) -> None:
    async def first() -> dict[str, str]:
        stream = server.stream(3, carried=BROUGHT)
        told = await anext(stream)
        await stream.aclose()
        return told

    told = await asyncio.create_task(first())
    assert server.closed
    (span,) = memory.get_finished_spans()
    assert span.context is not None
    assert told == {"request": "r-1", "traceparent": f"00-{span.context.trace_id:032x}-{span.context.span_id:016x}-01"}
    assert told["traceparent"].startswith("00-0af7651916cd43dd8448eb211c80319c-")


async def test_a_failure_is_named_by_its_code_alone(
    server: Server, memory: InMemorySpanExporter, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "lexhub.calls")
    with pytest.raises(ModelOverloaded):
        await asyncio.create_task(server.fails(carried=BROUGHT))
    (span,) = memory.get_finished_spans()
    assert span.status.description == "model_overloaded"
    assert "13812345678" not in span.to_json()
    (record,) = caplog.records
    assert (record.told["call"], record.told["code"]) == ("fails", "model_overloaded")  # type: ignore[attr-defined]
    assert "13812345678" not in record.getMessage()


def test_the_page_has_the_series_of_every_replica_and_each_family_once() -> None:
    snapshots = []
    for deployment, replica, calls in (("ingress", "a", 2), ("ingress", "b", 3), ("retriever", "c", 5)):
        metrics = Metrics()
        metrics.requests.labels("GET", "/x", "200").inc(calls)
        metrics.request_seconds.labels("GET", "/x").observe(0.02)
        made = exposition.snapshot(deployment, replica, metrics.registry)
        snapshots.append(pickle.loads(pickle.dumps(made)))  # as it comes over a handle
    text = exposition.page(snapshots).decode()
    page = Page(text)
    assert page.sum("lexhub_http_requests_total") == 10
    assert page.sum("lexhub_http_requests_total", deployment="ingress") == 5
    assert page.sum("lexhub_http_requests_total", replica="c") == 5
    assert page.sum("lexhub_http_request_seconds_bucket", le="0.025") == 3
    assert page.sum("lexhub_http_request_seconds_bucket", le="0.01") == 0
    assert text.count("# TYPE lexhub_http_requests_total counter") == 1
    assert "_created" not in text


def test_nothing_of_a_request_is_left_to_the_log_of_the_next(server: Server, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        asyncio.run(server.said("a", carried=BROUGHT))
        asyncio.run(server.said("b", carried={}))
    assert caplog.records == []  # OpenTelemetry logs a context that was put back in another task
