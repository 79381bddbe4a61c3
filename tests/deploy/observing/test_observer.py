"""The observer by itself: storage, streams that are left, and models asked without a turn."""

from collections.abc import AsyncIterator
from contextlib import aclosing
from pathlib import Path

import pytest
from opentelemetry import trace
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from sqlalchemy import text

from deploy.observing import exposition, traces
from deploy.observing.context import carried
from deploy.observing.middleware import CODES
from deploy.observing.observer import ServiceObserver
from deploy.observing.replicas import Watching
from deploy.observing.sessions import OpenSessions
from models.contracts import Chunk, GenerationRequest, Message
from orchestrator.contracts import StorageFailed
from orchestrator.observing import Attempt
from orchestrator.storage.database import Database
from tests.deploy.observing.readings import Page

REQUEST = GenerationRequest(task="dialogue", messages=(Message(role="user", content="你好"),))


class Echo:
    """A model that says what it would send on to a replica."""

    async def generate(self, request: GenerationRequest) -> AsyncIterator[Chunk]:
        for _ in range(3):
            yield Chunk(text=carried().get("traceparent", ""))

    async def check(self) -> None: ...


def observed(watching: Watching) -> ServiceObserver:
    return ServiceObserver(watching.metrics, watching.tracer, CODES)


def page(watching: Watching) -> Page:
    return Page(exposition.page([watching.snapshot()]).decode())


async def test_transactions_and_their_failures_are_timed(tmp_path: Path) -> None:
    watching = Watching()
    database = await Database.open(f"sqlite:///{tmp_path / 'db.sqlite'}")
    database.observer = observed(watching)
    async with database.write() as connection:
        await connection.execute(text("CREATE TABLE t (a INTEGER)"))
    async with database.read() as connection:
        await connection.execute(text("SELECT * FROM t"))
    with pytest.raises(StorageFailed):
        async with database.write() as connection:
            await connection.execute(text("SELECT * FROM nowhere"))
    await database.close()
    seen = page(watching)
    assert seen.sum("lexhub_storage_seconds_count", operation="write") == 2
    assert seen.sum("lexhub_storage_seconds_count", operation="read") == 1
    assert seen.sum("lexhub_storage_errors_total", operation="write") == 1
    assert seen.sum("lexhub_storage_errors_total", operation="read") == 0


async def test_a_stream_that_is_left_counts_as_cancelled_and_ends_its_span() -> None:
    memory = InMemorySpanExporter()
    watching = Watching(provider=traces.provider(SimpleSpanProcessor(memory), 1.0))
    async with aclosing(observed(watching).generate(Attempt("dialogue", "m"), Echo(), REQUEST)) as stream:
        async for _ in stream:
            break
    seen = page(watching)
    assert seen.sum("lexhub_model_calls_total", model="m", result="cancelled") == 1
    assert seen.sum("lexhub_model_calls_in_progress", model="m") == 0
    assert [dict(span.attributes or {})["error.type"] for span in memory.get_finished_spans()] == ["cancelled"]


async def test_what_a_model_sends_on_names_its_own_attempt() -> None:
    memory = InMemorySpanExporter()
    watching = Watching(provider=traces.provider(SimpleSpanProcessor(memory), 1.0))
    said = [chunk.text async for chunk in observed(watching).generate(Attempt("dialogue", "m"), Echo(), REQUEST)]
    (span,) = memory.get_finished_spans()
    assert span.context is not None
    assert [one[:-3] for one in said] == [f"00-{span.context.trace_id:032x}-{span.context.span_id:016x}"] * 3
    assert not trace.get_current_span().get_span_context().is_valid  # nothing is left behind


def test_a_session_is_open_until_it_is_silent_for_long() -> None:
    now = 0.0
    sessions = OpenSessions(lambda: now)

    def number() -> float:
        return next(sessions.collect()).samples[0].value

    sessions.seen("a")
    sessions.seen("b")
    now = 600.0
    sessions.seen("a")
    assert number() == 2
    now = 1000.0
    assert number() == 1
    now = 1501.0
    assert number() == 0


async def test_an_unknown_code_counts_as_internal() -> None:
    watching = Watching()

    class Strange(Exception):
        code = "甲秘密乙"

    with pytest.raises(Strange), observed(watching).retrieval("article"):
        raise Strange
    assert page(watching).sum("lexhub_retrieval_errors_total", call="article", code="internal_error") == 1
