"""models.backends.http_endpoint and models.openai_wire."""

import asyncio
import json
import socket
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import httpx
import pytest
import uvicorn
from fastapi import FastAPI, Request
from fastapi.responses import JSONResponse, StreamingResponse
from opentelemetry import trace

from models.backends import http_endpoint
from models.backends.http_endpoint import HttpEndpoint, Options
from models.contracts import (
    BadOutput,
    BadRequest,
    ContextLengthExceeded,
    DeadlineExceeded,
    GenerationRequest,
    ModelError,
    ModelOverloaded,
    ModelUnavailable,
    NoSuchAdapter,
    OutOfMemory,
    Sampling,
)
from tests.models.conftest import ask, collect

Answer = Callable[[httpx.Request], httpx.Response]


def event(text: str = "", reason: str | None = None, **more: object) -> str:
    choice = {"index": 0, "delta": {"content": text}, "finish_reason": reason}
    return f"data: {json.dumps({'choices': [choice], **more}, ensure_ascii=False)}\n\n"


def reply(*texts: str, reason: str = "stop") -> httpx.Response:
    usage = f"data: {json.dumps({'choices': [], 'usage': {'prompt_tokens': 3, 'completion_tokens': 2}})}\n\n"
    body = ": ping\n\n" + "".join(map(event, texts)) + event(reason=reason) + usage + "data: [DONE]\n\n"
    return httpx.Response(200, text=body, headers={"content-type": "text/event-stream"})


def endpoint(answer: Answer, **options: object) -> HttpEndpoint:
    values = {"base_url": "http://model.test/v1", "model": "m", "backoff_s": 0, **options}
    return HttpEndpoint(Options.model_validate(values), httpx.MockTransport(answer))


async def test_the_callers_trace_goes_on_at_the_server() -> None:
    seen: list[str | None] = []

    def answer(request: httpx.Request) -> httpx.Response:
        seen.append(request.headers.get("traceparent"))
        return reply("好")

    span = trace.NonRecordingSpan(trace.SpanContext(0xABC, 0xDEF, True, trace.TraceFlags(1)))
    with trace.use_span(span):
        await collect(endpoint(answer), ask("能起诉吗"))
    await collect(endpoint(answer), ask("能起诉吗"))
    assert seen == [f"00-{0xABC:032x}-{0xDEF:016x}-01", None]


async def test_an_answer_streams_with_its_usage() -> None:
    text, chunks = await collect(endpoint(lambda _: reply("可以", "起诉")), ask("能起诉吗"))
    assert text == "可以起诉"
    assert [chunk.text for chunk in chunks] == ["可以起诉", ""]  # what comes together is one chunk
    assert chunks[-1].finish_reason == "stop"
    assert chunks[-1].usage is not None
    assert chunks[-1].usage.completion_tokens == 2


class Pieces(httpx.AsyncByteStream):
    """A body that comes in these pieces, one after the other."""

    def __init__(self, *pieces: str) -> None:
        self._pieces = pieces

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for piece in self._pieces:
            yield piece.encode()
            await asyncio.sleep(0.02)


async def test_what_comes_apart_is_passed_on_apart() -> None:
    pieces = (
        event("可以"),
        event("起")[:20],
        event("起")[20:] + event("诉"),
        event(reason="stop") + "data: [DONE]\n\n",
    )
    text, chunks = await collect(endpoint(lambda _: httpx.Response(200, stream=Pieces(*pieces))), ask("能起诉吗"))
    assert text == "可以起诉"
    assert [chunk.text for chunk in chunks] == ["可以", "起诉", ""]


async def test_what_was_said_before_an_error_in_the_same_piece_is_passed_on_first() -> None:
    piece = event("可以") + 'data: {"error": {"message": "broken", "type": "server_error"}}\n\n'
    said: list[str] = []
    with pytest.raises(ModelError, match="broken"):
        async for chunk in endpoint(lambda _: httpx.Response(200, stream=Pieces(piece))).generate(ask("能起诉吗")):
            said.append(chunk.text)
    assert said == ["可以"]


async def test_what_is_asked_reaches_the_server() -> None:
    sent: list[httpx.Request] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(request)
        return reply("{}", reason="length")

    options = {"api_key": "k", "api_key_env": "KEY", "extra": {"user": "u", "stream_options": None}}
    model = endpoint(answer, **options)
    sampling = Sampling(temperature=0.5, top_p=0.9, max_tokens=7, stop=("完",), seed=3)
    request = GenerationRequest(messages=ask("问").messages, sampling=sampling, schema_={"type": "object"}, adapter="a")
    _, chunks = await collect(model, request)
    body = json.loads(sent[0].content)
    assert str(sent[0].url) == "http://model.test/v1/chat/completions"
    assert sent[0].headers["authorization"] == "Bearer k"
    assert body == {
        "model": "a",
        "messages": [{"role": "user", "content": "问"}],
        "temperature": 0.5,
        "top_p": 0.9,
        "max_tokens": 7,
        "stop": ["完"],
        "seed": 3,
        "stream": True,
        "response_format": {
            "type": "json_schema",
            "json_schema": {"name": "output", "schema": {"type": "object"}, "strict": True},
        },
        "user": "u",
    }
    assert chunks[-1].finish_reason == "length"


async def body_of(request: GenerationRequest, **options: object) -> dict[str, Any]:
    """The JSON that the request is sent as."""
    sent: list[dict[str, Any]] = []

    def answer(given: httpx.Request) -> httpx.Response:
        sent.append(json.loads(given.content))
        return httpx.Response(400)

    with pytest.raises(BadRequest):
        await collect(endpoint(answer, **options), request)
    return sent[0]


async def test_only_what_differs_from_the_default_is_sent() -> None:
    plain = await body_of(ask("问"), limit_field="max_completion_tokens")
    assert plain == {
        "model": "m",
        "messages": [{"role": "user", "content": "问"}],
        "temperature": 0.0,
        "max_completion_tokens": 1024,
        "stream": True,
        "stream_options": {"include_usage": True},
    }
    given: dict[str, Any] = {
        "temperature": 1.0,
        "top_p": 0.8,
        "top_k": 3,
        "min_p": 0.1,
        "presence_penalty": 0.5,
        "frequency_penalty": -0.5,
        "repetition_penalty": 1.2,
        "seed": 0,
        "max_tokens": 5,
    }
    sampling = Sampling(**given, logit_bias={7: -5.0}, logprobs=2, stop=("完",))
    whole = await body_of(ask("问", sampling=sampling))
    more = {"logit_bias": {"7": -5.0}, "logprobs": True, "top_logprobs": 2, "stop": ["完"]}
    del plain["max_completion_tokens"]
    assert whole == {**plain, **given, **more}
    assert "top_logprobs" not in await body_of(ask("问", sampling=Sampling(logprobs=0)))


async def test_an_adapter_is_named_in_the_servers_way() -> None:
    assert (await body_of(ask("问", adapter="a")))["model"] == "a"
    assert (await body_of(ask("问", adapter="a"), adapter_form="{model}:{adapter}"))["model"] == "m:a"
    missing = endpoint(lambda _: httpx.Response(404, text="no such model"))
    with pytest.raises(NoSuchAdapter, match="adapter a"):
        await collect(missing, ask("问", adapter="a"))


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        (429, "slow down", ModelOverloaded),
        (429, '{"error": {"code": "insufficient_quota"}}', ModelUnavailable),
        (500, "oops", ModelUnavailable),
        (503, "", ModelUnavailable),
        (401, "bad key", ModelUnavailable),
        (404, "no such model", ModelUnavailable),
        (302, "", ModelUnavailable),
        (400, "temperature must be a number", BadRequest),
        (422, "", BadRequest),
        (400, '{"error": {"code": "context_length_exceeded"}}', ContextLengthExceeded),
        (400, "This model's maximum context length is 4096 tokens", ContextLengthExceeded),
        (503, '{"error": {"code": "model_overloaded"}}', ModelOverloaded),
        (503, '{"error": {"code": "model_out_of_memory"}}', OutOfMemory),
        (504, '{"error": {"code": "deadline_exceeded"}}', DeadlineExceeded),
        (404, '{"error": {"code": "no_such_adapter"}}', NoSuchAdapter),
        (502, '{"error": {"code": "bad_model_output"}}', BadOutput),
        (400, '{"error": {"code": null}}', BadRequest),
        (500, '{"error": "text"}', ModelUnavailable),
    ],
)
async def test_errors_are_of_our_family(status: int, body: str, error: type[ModelError]) -> None:
    with pytest.raises(error):
        await collect(endpoint(lambda _: httpx.Response(status, text=body)), ask("问"))


async def test_passing_failures_are_tried_again_and_others_are_not() -> None:
    calls: list[int] = []

    def answer(statuses: list[int]) -> Answer:
        def one(_: httpx.Request) -> httpx.Response:
            calls.append(1)
            return httpx.Response(statuses.pop(0)) if statuses else reply("好")

        return one

    assert (await collect(endpoint(answer([503, 429])), ask("问")))[0] == "好"
    assert len(calls) == 3
    calls.clear()
    with pytest.raises(ModelUnavailable):
        await collect(endpoint(answer([500] * 9), attempts=2), ask("问"))
    assert len(calls) == 2
    calls.clear()
    with pytest.raises(BadRequest):
        await collect(endpoint(answer([400])), ask("问"))
    assert len(calls) == 1


async def test_the_servers_wish_to_wait_is_kept_unless_it_is_too_long() -> None:
    waits = ["0.2"]

    def answer(_: httpx.Request) -> httpx.Response:
        return httpx.Response(429, headers={"retry-after": waits.pop()}) if waits else reply("好")

    begun = time.monotonic()
    assert (await collect(endpoint(answer), ask("问")))[0] == "好"
    assert time.monotonic() - begun >= 0.2
    waits.append("3600")
    with pytest.raises(ModelOverloaded):
        await collect(endpoint(answer), ask("问"))


class Broken(httpx.AsyncByteStream):
    """Says some events, then the connection breaks, or stays silent for ever."""

    def __init__(self, *events: str, silent: bool = False) -> None:
        self.events, self.silent, self.closed = events, silent, False

    async def __aiter__(self) -> AsyncIterator[bytes]:
        for said in self.events:
            yield said.encode()
        if self.silent:
            await asyncio.sleep(60)
        raise httpx.ReadError("reset")

    async def aclose(self) -> None:
        self.closed = True


async def test_nothing_is_tried_again_after_the_first_token() -> None:
    calls: list[Broken] = []

    def answer(_: httpx.Request) -> httpx.Response:
        calls.append(Broken(event("可以")))
        return httpx.Response(200, stream=calls[-1])

    stream = endpoint(answer).generate(ask("问"))
    assert (await anext(stream)).text == "可以"
    with pytest.raises(ModelUnavailable, match="ReadError"):
        await anext(stream)
    assert len(calls) == 1
    assert calls[0].closed


async def test_a_break_before_the_first_token_is_tried_again() -> None:
    streams = [Broken(), Broken()]

    def answer(_: httpx.Request) -> httpx.Response:
        return httpx.Response(200, stream=streams.pop()) if streams else reply("好")

    assert (await collect(endpoint(answer), ask("问")))[0] == "好"


async def test_a_break_after_the_announcement_alone_is_tried_again() -> None:
    announced = 'data: {"choices": [{"delta": {"role": "assistant", "content": ""}}]}\n\n'
    bodies = [httpx.Response(200, stream=Broken(announced)), httpx.Response(200, text=announced)]
    assert (await collect(endpoint(lambda _: bodies.pop(0) if bodies else reply("好")), ask("问")))[0] == "好"


async def test_a_connection_that_its_server_had_closed_costs_no_attempt() -> None:
    failures: list[Exception] = [httpx.RemoteProtocolError("Server disconnected without sending a response.")]

    def answer(_: httpx.Request) -> httpx.Response:
        if failures:
            raise failures.pop()
        return reply("好")

    assert (await collect(endpoint(answer, attempts=1), ask("问")))[0] == "好"
    failures += [httpx.ReadError("reset"), httpx.RemoteProtocolError("again")]
    with pytest.raises(ModelUnavailable, match="ReadError"):
        await collect(endpoint(answer, attempts=1), ask("问"))


async def test_a_wait_may_be_a_date_and_none_outlasts_the_deadline() -> None:
    calls: list[int] = []

    def answer(header: str) -> Answer:
        def one(_: httpx.Request) -> httpx.Response:
            calls.append(1)
            return httpx.Response(503, headers={"retry-after": header}) if len(calls) == 1 else reply("好")

        return one

    past = "Wed, 21 Oct 2015 07:28:00 GMT"
    assert (await collect(endpoint(answer(past)), ask("问")))[0] == "好"
    calls.clear()
    with pytest.raises(ModelUnavailable, match="503"):  # and not DeadlineExceeded after a wait in vain
        await collect(endpoint(answer("30")), ask("问", deadline=time.time() + 20))
    assert len(calls) == 1


async def test_no_character_of_the_text_ends_an_event() -> None:
    said = "一\u2028二\x85三"
    assert (await collect(endpoint(lambda _: reply(said)), ask("问")))[0] == said


def told(*tokens: tuple[str, list[int] | None], text: str) -> str:
    """An event with the log-probabilities of its tokens."""
    top = [{"token": "别", "logprob": -2, "bytes": None}]
    rows = [{"token": token, "bytes": spelled, "logprob": -1, "top_logprobs": top} for token, spelled in tokens]
    choice = {"delta": {"content": text}, "logprobs": {"content": rows}}
    return f"data: {json.dumps({'choices': [choice]}, ensure_ascii=False)}\n\n"


async def test_log_probabilities_are_read() -> None:
    asked = ask("问", sampling=Sampling(logprobs=1))
    first = list("可".encode())
    body = told(("�", first[:1]), ("�", first[1:]), text="可") + told(("以", None), text="以") + event(reason="stop")
    text, chunks = await collect(endpoint(lambda _: httpx.Response(200, text=body)), asked)
    tokens = [token for chunk in chunks for token in chunk.tokens]
    assert b"".join(token.token for token in tokens).decode() == text == "可以"
    assert [(token.logprob, token.top[0].token.decode()) for token in tokens] == [(-1.0, "别")] * 3
    with pytest.raises(BadRequest, match="log-probabilities"):
        await collect(endpoint(lambda _: reply("好")), asked)
    hidden = endpoint(lambda _: reply("好"), outside=True)
    with pytest.raises(BadRequest, match="masked"):
        await collect(hidden, asked.model_copy(update={"messages": ask("13812345678打来的").messages}))


async def test_an_answer_that_just_ends_is_no_answer() -> None:
    for body in (event("可以"), ""):
        with pytest.raises(ModelUnavailable, match="broke off"):
            await collect(endpoint(lambda _, body=body: httpx.Response(200, text=body)), ask("问"))  # type: ignore[misc]


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (event("不", reason="content_filter"), BadOutput),
        ("data: nonsense\n\n", ModelUnavailable),
        ("data: [1]\n\n", ModelUnavailable),
        ('data: {"choices": 5}\n\n', ModelUnavailable),
        ('data: {"error": {"message": "the prompt is too long"}}\n\n', ContextLengthExceeded),
        ('data: {"error": {"message": "cuda"}}\n\n', ModelUnavailable),
        ('data: {"error": {"message": "bad", "code": 400}}\n\n', BadRequest),
        ('data: {"error": {"message": "late", "code": "deadline_exceeded"}}\n\n', DeadlineExceeded),
    ],
)
async def test_a_stream_that_goes_wrong_is_said(body: str, error: type[ModelError]) -> None:
    with pytest.raises(error):
        await collect(endpoint(lambda _: httpx.Response(200, text=body)), ask("问"))


async def test_the_deadline_ends_a_silent_answer_and_closes_it() -> None:
    silent = Broken(event("可以"), silent=True)
    stream = endpoint(lambda _: httpx.Response(200, stream=silent)).generate(ask("问", deadline=time.time() + 0.2))
    assert (await anext(stream)).text == "可以"
    with pytest.raises(DeadlineExceeded):
        await anext(stream)
    assert silent.closed
    with pytest.raises(DeadlineExceeded):
        await collect(endpoint(lambda _: reply("好")), ask("问", deadline=time.time() - 1))


async def test_identity_data_leaves_only_under_a_mask_and_comes_back() -> None:
    sent: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        sent.append(json.loads(request.content)["messages"][0]["content"])
        return reply("请保存与〔手", "机号1〕的通话" if "〔" in sent[-1] else "")

    request = ask("13812345678打来的")
    assert (await collect(endpoint(answer, outside=True), request))[0] == "请保存与13812345678的通话"
    await collect(endpoint(answer), request)
    await collect(endpoint(answer, outside=True, mask=False), request)
    assert sent == ["〔手机号1〕打来的", "13812345678打来的", "13812345678打来的"]


async def test_a_key_that_is_missing_is_named() -> None:
    model = endpoint(lambda _: reply("好"), api_key_env="MODEL_KEY")
    with pytest.raises(ModelUnavailable, match="MODEL_KEY"):
        await model.check()
    with pytest.raises(ModelUnavailable, match="MODEL_KEY"):
        await collect(model, ask("问"))


def listing(*names: str) -> Answer:
    def answer(request: httpx.Request) -> httpx.Response:
        if request.method == "GET":
            return httpx.Response(200, json={"data": [{"id": name} for name in names]})
        return reply(json.loads(request.content)["model"])

    return answer


async def test_without_a_name_the_first_model_listed_is_asked() -> None:
    assert (await collect(endpoint(listing("a", "b"), model=""), ask("问")))[0] == "a"
    with pytest.raises(ModelUnavailable, match="option `model`"):
        await collect(endpoint(listing(), model=""), ask("问"))


async def test_check_says_what_is_wrong() -> None:
    await endpoint(listing("m")).check()
    await endpoint(lambda _: httpx.Response(404)).check()
    with pytest.raises(ModelUnavailable, match="it has a, b"):
        await endpoint(listing("a", "b")).check()
    with pytest.raises(ModelUnavailable, match="OpenAI protocol"):
        await endpoint(lambda _: httpx.Response(200, text="<html>")).check()
    with pytest.raises(ModelUnavailable, match="500"):
        await endpoint(lambda _: httpx.Response(500)).check()


def server() -> FastAPI:
    """A small OpenAI-compatible server that says one character at a time."""
    app = FastAPI()
    app.state.left = 0

    @app.get("/v1/models")
    async def models() -> dict[str, Any]:
        return {"data": [{"id": "tiny"}]}

    @app.post("/v1/chat/completions", response_model=None)
    async def chat(request: Request) -> StreamingResponse | JSONResponse:
        text = (await request.json())["messages"][-1]["content"]
        if text == "满":
            return JSONResponse({"error": {"message": "busy"}}, 429)

        async def said() -> AsyncIterator[str]:
            try:
                for character in text:
                    yield event(character)
                    await asyncio.sleep(0.02)
                yield event(reason="stop") + "data: [DONE]\n\n"
            finally:
                app.state.left += 1

        return StreamingResponse(said(), media_type="text/event-stream")

    return app


@pytest.fixture(scope="module")
def live() -> Iterator[tuple[str, FastAPI]]:
    """A real server on a free port of this machine."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        app = server()
        running = uvicorn.Server(uvicorn.Config(app, log_level="warning", lifespan="off", ws="none"))
        thread = threading.Thread(target=running.run, kwargs={"sockets": [listener]}, daemon=True)
        thread.start()
        while not running.started:
            time.sleep(0.01)
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/v1", app
        running.should_exit = True
        thread.join(10)


async def test_a_real_server_is_heard_token_by_token(live: tuple[str, FastAPI]) -> None:
    model = http_endpoint.build({"base_url": live[0]})
    await model.check()
    begun, times = time.monotonic(), []
    async for chunk in model.generate(ask("一二三四五六七八九十")):
        times.append((time.monotonic() - begun, chunk.text))
    assert "".join(text for _, text in times) == "一二三四五六七八九十"
    assert times[0][0] < times[-1][0] - 0.1
    texts = await asyncio.gather(*(collect(model, ask(f"第{index}位")) for index in range(8)))
    assert [text for text, _ in texts] == [f"第{index}位" for index in range(8)]
    with pytest.raises(ModelOverloaded):
        await collect(model, ask("满"))
    await model.aclose()


async def test_a_real_server_learns_that_the_client_left(live: tuple[str, FastAPI]) -> None:
    model = http_endpoint.build({"base_url": live[0]})
    left = live[1].state.left
    stream = model.generate(ask("很" * 500))
    await anext(stream)
    await stream.aclose()  # type: ignore[attr-defined]
    for _ in range(100):
        if live[1].state.left > left:
            break
        await asyncio.sleep(0.02)
    assert live[1].state.left == left + 1
    await model.aclose()


async def test_a_server_that_is_not_there_is_unavailable() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{free.getsockname()[1]}/v1"
    model = http_endpoint.build({"base_url": address, "model": "m", "backoff_s": 0})
    with pytest.raises(ModelUnavailable, match="cannot be reached"):
        await model.check()
    with pytest.raises(ModelUnavailable, match="cannot be reached"):
        await collect(model, ask("问"))
    await model.aclose()


async def test_a_kept_connection_that_a_real_server_drops_is_replaced() -> None:
    connections: list[int] = []
    body = (event("好", reason="stop") + "data: [DONE]\n\n").encode()
    head = f"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ncontent-length: {len(body)}\r\n\r\n".encode()

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer the first request of a connection; at the second, close it without a word."""
        connections.append(0)
        asked = await reader.readuntil(b"\r\n\r\n")
        length = next(int(line[15:]) for line in asked.lower().split(b"\r\n") if line.startswith(b"content-length"))
        await reader.readexactly(length)
        writer.write(head + body)
        await reader.readuntil(b"\r\n\r\n")
        connections[-1] += 1
        writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    model = http_endpoint.build({"base_url": f"http://127.0.0.1:{port}/v1", "model": "m", "attempts": 1})
    for _ in range(2):
        assert (await collect(model, ask("问")))[0] == "好"
    assert connections == [1, 0]
    await model.aclose()
    server.close()
