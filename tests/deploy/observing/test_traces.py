"""A turn as a trace: the plan as spans, in true order, with no word of the client's; and OTLP to a real receiver."""

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from deploy import settings
from deploy.observing import traces
from deploy.observing.context import carried, hashed, request_id
from deploy.observing.replicas import Watching
from orchestrator.services import Services
from tests.deploy.conftest import Start
from tests.deploy.test_consultation_api import STORY, new, reply_to, say
from tests.orchestrator.doubles import Library, Pool, scripted

TRACE, PARENT = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
TRACEPARENT = f"00-{TRACE}-{PARENT}-01"
PLAN = '{"route": "consult", "field": "民间借贷"}'


@pytest.fixture
def memory() -> InMemorySpanExporter:
    return InMemorySpanExporter()


@pytest.fixture
def watching(memory: InMemorySpanExporter) -> Watching:
    return Watching(provider=traces.provider(SimpleSpanProcessor(memory), 1.0, "ingress", "here"))


class Spans:
    """The spans of one trace, by name; each name must be there once."""

    def __init__(self, rows: tuple[ReadableSpan, ...]) -> None:
        self.all = rows
        self._ids = {row.context.span_id: row for row in rows if row.context}

    def __getitem__(self, name: str) -> ReadableSpan:
        (found,) = [row for row in self.all if row.name == name]
        return found

    def above(self, row: ReadableSpan) -> list[str]:
        """The names of its parents, the nearest first."""
        names = []
        while row.parent is not None and row.parent.span_id in self._ids:
            row = self._ids[row.parent.span_id]
            names.append(row.name)
        return names


async def test_the_plan_of_a_turn_is_a_tree_of_spans(
    start: Start, watching: Watching, memory: InMemorySpanExporter
) -> None:
    async with start(watching=watching) as client:
        id = await new(client, confirm="auto")
        reply, number = await say(client, id, {"content": STORY}), 1
        while reply["status"] == "question":
            memory.clear()
            reply, number = await say(client, id, reply_to(reply), traceparent=TRACEPARENT), number + 1
    spans = Spans(memory.get_finished_spans())
    root = spans["POST /v1/consultations/{id}/messages"]
    assert root.parent is not None and f"{root.parent.span_id:016x}" == PARENT
    assert {f"{row.context.trace_id:032x}" for row in spans.all if row.context} == {TRACE}
    turn = spans["turn"]
    assert spans.above(turn) == [root.name]
    told = dict(turn.attributes or {})
    assert told["gen_ai.conversation.id"] == hashed(id) != id
    assert (told["lexhub.turn"], told["lexhub.status"], told["lexhub.field"]) == (number, "answer", "民间借贷")
    assert told["lexhub.citations.digest"] == len(reply["citations"])
    for task in ("keywords", "articles", "cases"):
        assert spans.above(spans[task]) == ["execute", "turn", root.name], task
    for step in ("answer", "verify", "commit"):
        assert spans.above(spans[step]) == ["turn", root.name], step
    assert spans.above(spans["generate_content neighbour-keyword"])[0] == "keywords"
    assert spans.above(spans["retrieval search_articles"])[0] == "articles"
    # Articles and cases wait for the keywords, and then go side by side; the commit comes last.
    begun = {row.name: row.start_time or 0 for row in spans.all}
    ended = {row.name: row.end_time or 0 for row in spans.all}
    assert ended["keywords"] <= min(begun["articles"], begun["cases"])
    assert max(begun["articles"], begun["cases"]) < min(ended["articles"], ended["cases"])
    assert ended["verify"] <= begun["commit"] < ended["commit"] <= ended["turn"] <= ended[root.name]
    writer = dict(spans["chat composer"].attributes or {})
    assert writer["gen_ai.request.model"] == "composer"
    assert "通用" in str(writer["lexhub.reason"])
    assert int(str(writer["gen_ai.usage.output_tokens"])) > 0
    assert dict(root.attributes or {})["http.response.status_code"] == 200


async def test_retries_fallbacks_and_failures_are_in_the_trace(
    start: Start, watching: Watching, memory: InMemorySpanExporter
) -> None:
    pool = Pool(
        scripted("planner", "plan", PLAN),
        scripted("first", "dialogue", failures=["ModelOverloaded"] * 99).model_copy(update={"rank": 1}),
        scripted("second", "dialogue", "您可以要求还款。"),
    )
    async with start(Services(library=Library(broken={"search_cases"}), models=pool), watching) as client:
        body = {"model": "lexhub-normal", "messages": [{"role": "user", "content": STORY}]}
        answer = await client.post("/v1/chat/completions", json=body, headers={"X-Request-ID": "find-me"})
        assert answer.status_code == 200, answer.text
    spans = Spans(memory.get_finished_spans())
    attempts = [row for row in spans.all if row.name.startswith("chat ")]
    assert [(row.name, [event.name for event in row.events]) for row in attempts] == [
        ("chat first", []),
        ("chat first", ["retry"]),
        ("chat second", ["fallback"]),
    ]
    assert [dict(row.attributes or {}).get("error.type") for row in attempts] == ["model_overloaded"] * 2 + [None]
    assert all(spans.above(row) == ["answer", "turn", "POST /v1/chat/completions"] for row in attempts)
    assert dict(spans["turn"].attributes or {})["lexhub.request"] == "find-me"


async def test_no_span_has_a_word_of_the_clients(
    start: Start, watching: Watching, memory: InMemorySpanExporter
) -> None:
    secret, phone = "甲秘密乙", "13812345678"
    story = f"{STORY}对方叫{secret},电话{phone}。"
    headers = {"X-Request-ID": phone, "traceparent": TRACEPARENT, "tracestate": f"x={phone}"}
    async with start(watching=watching) as client:
        id = await new(client, confirm="auto")
        reply = await say(client, id, {"content": story}, **headers)
        await client.get(f"/v1/articles/{secret}/1?as_of={phone}")
        await client.post("/v1/keywords", json={"text": story})
        while reply["status"] == "question":
            reply = await say(client, id, {"reply": {one["id"]: secret for one in reply["questions"]}}, **headers)
    written = "\n".join(row.to_json() for row in memory.get_finished_spans())
    assert len(written) > 10_000
    assert secret not in written and phone not in written and id not in written
    assert "拉黑" not in written


async def test_without_tracing_a_clients_trace_is_passed_on(start: Start) -> None:
    seen: list[dict[str, str]] = []

    class Listening(Library):
        async def article(self, *args: Any, **more: Any) -> Any:
            seen.append(carried())
            return await super().article(*args, **more)

    async with start(Services(library=Listening(), models=Pool(scripted("a", "dialogue")))) as client:
        headers = {"traceparent": TRACEPARENT, "X-Request-ID": "r-1"}
        await client.get("/v1/articles/民法典/1", headers=headers)
        await client.get("/v1/articles/民法典/1", headers={"X-Request-ID": "r-2", "traceparent": "nonsense"})
    assert seen == [{"request": "r-1", "traceparent": TRACEPARENT}, {"request": "r-2"}]
    assert request_id.get() == ""


@pytest.fixture
def receiver() -> Iterator[tuple[str, list[tuple[str, ExportTraceServiceRequest]]]]:
    """A real OTLP receiver: its URL, and what it got (the key sent, the spans)."""
    got: list[tuple[str, ExportTraceServiceRequest]] = []

    class Receiver(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["content-length"]))
            got.append((self.headers.get("x-key", ""), ExportTraceServiceRequest.FromString(body)))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args: Any) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Receiver)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}/v1/traces", got
    server.shutdown()
    server.server_close()
    thread.join()


async def test_spans_reach_an_otlp_receiver(
    start: Start, receiver: tuple[str, list[tuple[str, ExportTraceServiceRequest]]], monkeypatch: pytest.MonkeyPatch
) -> None:
    url, got = receiver
    monkeypatch.setenv("OTLP_HEADERS", "x-key=s3cret")
    tracing = {"endpoint": url, "headers_env": "OTLP_HEADERS"}
    observing = settings.observing(settings.load("embedded", {"tracing": tracing}))
    headers = {name: value.get_secret_value() for name, value in observing.headers.items()}
    assert "s3cret" not in repr(observing)
    provider = traces.exporting(url, headers, 1.0, "ingress", "r1")
    async with start(watching=Watching(provider=provider)) as client:
        await say(client, await new(client), {"content": STORY}, traceparent=TRACEPARENT)
    provider.shutdown()
    assert {key for key, _ in got} == {"s3cret"}
    resources = [one for _, batch in got for one in batch.resource_spans]
    named = {pair.key: pair.value.string_value for one in resources for pair in one.resource.attributes}
    assert (named["service.name"], named["service.instance.id"]) == ("lexhub-ingress", "r1")
    spans = [span for one in resources for scope in one.scope_spans for span in scope.spans]
    turn = next(span for span in spans if span.name == "turn")
    assert turn.trace_id.hex() == TRACE
    assert {"plan", "understand", "turn"} <= {span.name for span in spans}


def test_headers_must_be_there_and_readable(monkeypatch: pytest.MonkeyPatch) -> None:
    loaded = settings.load("embedded", {"tracing": {"endpoint": "http://127.0.0.1:4318/v1/traces", "headers_env": "H"}})
    monkeypatch.delenv("H", raising=False)
    with pytest.raises(settings.BadSettings, match="H is not set"):
        settings.observing(loaded)
    monkeypatch.setenv("H", "nonsense")
    with pytest.raises(settings.BadSettings, match="name=value") as refused:
        settings.observing(loaded)
    assert "nonsense" not in str(refused.value)
