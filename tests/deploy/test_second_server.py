"""An `http_endpoint` against a real second server: this project's own API over a real tiny model, in its own process."""

import asyncio
import json
import subprocess
import sys
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import openai
import pytest
from pydantic import BaseModel
from transformers import AutoTokenizer

from deploy.server import free_port
from models.backends import http_endpoint, transformers_local
from models.backends.http_endpoint import HttpEndpoint
from models.backends.transformers_local import LocalModel
from models.contracts import (
    BadOutput,
    BadRequest,
    ContextLengthExceeded,
    DeadlineExceeded,
    GenerationRequest,
    ModelCard,
    ModelError,
    ModelUnavailable,
    NoSuchAdapter,
    Sampling,
)
from tests.models import tiny
from tests.models.conftest import ask, collect
from tests.orchestrator.doubles import card, scripted

READY_S = 120  # on a busy machine
FREED_S = 5.0  # the request alone would take far longer
LINES = "".join(f"这里说的是{word}。\n" for word in ("借款", "利息", "期限", "担保", "证据", "起诉", "管辖", "时效"))


@dataclass
class Second:
    """A running second server."""

    process: "subprocess.Popen[bytes]"
    url: str

    async def seen(self) -> dict[str, Any]:
        async with httpx.AsyncClient(base_url=self.url, trust_env=False) as client:
            return (await client.get("/seen")).json()  # type: ignore[no-any-return]

    async def active(self, name: str, wanted: int) -> int:
        """How many requests the model works on: as soon as it is `wanted`, else after a while."""
        ends = time.monotonic() + FREED_S
        while True:
            got = int((await self.seen())["active"].get(name, 0))
            if got == wanted or time.monotonic() > ends:
                return got
            await asyncio.sleep(0.05)

    def kill(self) -> None:
        self.process.kill()
        self.process.wait(30)


Launch = Callable[..., Second]


@pytest.fixture(scope="module")
def launch(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Launch]:
    """Start a server with these cards; `wait` until it answers."""
    started: list[Second] = []

    def run(*cards: ModelCard) -> Second:
        port, home = free_port(), tmp_path_factory.mktemp("second")
        told = json.dumps([one.model_dump(mode="json") for one in cards])
        command = [sys.executable, "-m", "tests.deploy.second", str(port), str(home), told]
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
        started.append(Second(process, f"http://127.0.0.1:{port}"))
        return started[-1]

    yield run
    for server in started:
        if server.process.poll() is None:
            server.kill()


def ready(server: Second) -> Second:
    """The server, once it answers."""
    deadline = time.monotonic() + READY_S
    while time.monotonic() < deadline:
        if server.process.poll() is not None:
            assert server.process.stderr is not None
            raise AssertionError(server.process.stderr.read().decode()[-3000:])
        try:
            if httpx.get(f"{server.url}/healthz", timeout=5, trust_env=False).status_code == 200:
                return server
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    raise AssertionError("the second server was not ready in time")


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny.checkpoint(tmp_path_factory.mktemp("tiny"), context=8192)


@pytest.fixture(scope="module")
def servers(launch: Launch, folder: Path) -> tuple[Second, Second]:
    """One server with the tiny model, and one whose model follows a script; both start at once."""
    options = {"model": str(folder), "dtype": "float32"}
    real = launch(card("tiny", "dialogue", backend="transformers_local", options=options))
    script = launch(scripted("script", "dialogue", LINES, piece=4, delay_s=0.02, adapters=["tuned"]))
    return ready(real), ready(script)


@pytest.fixture(scope="module")
def local(folder: Path) -> LocalModel:
    """The same tiny model in this process."""
    return transformers_local.build({"model": str(folder), "dtype": "float32"})


Dial = Callable[..., HttpEndpoint]


@pytest.fixture
async def dial() -> AsyncIterator[Dial]:
    """An endpoint at a server, as `dialogue`; closed with the test."""
    made: list[HttpEndpoint] = []

    def one(server: Second, **options: Any) -> HttpEndpoint:
        values = {"base_url": f"{server.url}/v1", "model": "dialogue", "backoff_s": 0, **options}
        made.append(http_endpoint.build(values))
        return made[-1]

    yield one
    for model in made:
        await model.aclose()


def sampled(text: str = "你好", **more: Any) -> GenerationRequest:
    sampling = {"max_tokens": 32, **more.pop("sampling", {})}
    return ask(text, sampling=Sampling.model_validate(sampling), **more)


def readable(folder: Path) -> dict[int, float]:
    """A bias against all tokens that are no readable text: an answer with those is not sent."""
    tokens = AutoTokenizer.from_pretrained(folder)
    said = (tokens.decode([token]) for token in range(tiny.ROWS))
    return {token: -100.0 for token, text in enumerate(said) if not text or not text.isprintable() or "\ufffd" in text}


async def test_it_says_what_the_model_says_here(
    servers: tuple[Second, Second], local: LocalModel, dial: Dial, folder: Path
) -> None:
    model = dial(servers[0])
    await model.check()
    bias = readable(folder)
    for text in ("你好", "公司拖欠工资怎么办?", "hello"):
        request = sampled(text, sampling={"max_tokens": 24, "logit_bias": bias})
        direct, here = await collect(local, request)
        there, chunks = await collect(model, request)
        assert there == direct != ""
        assert chunks[-1].finish_reason == here[-1].finish_reason
        assert chunks[-1].usage == here[-1].usage
    warm = {"temperature": 1.2, "seed": 7, "top_p": 0.9, "max_tokens": 24, "logit_bias": bias}
    direct, _ = await collect(local, sampled(sampling=warm))
    assert (await collect(model, sampled(sampling=warm)))[0] == direct


SCHEMA = {
    "type": "object",
    "properties": {"route": {"enum": ["consult", "smalltalk"]}, "count": {"type": "integer", "maximum": 9}},
    "required": ["route", "count"],
    "additionalProperties": False,
}


async def test_a_schema_binds_it(servers: tuple[Second, Second], local: LocalModel, dial: Dial) -> None:
    request = sampled(schema=SCHEMA, sampling={"max_tokens": 64})
    said, chunks = await collect(dial(servers[0]), request)
    assert set(json.loads(said)) == {"route", "count"}
    assert said == (await collect(local, request))[0]
    assert len(chunks) > 3  # JSON is not held back for sentences


async def test_log_probabilities_agree(servers: tuple[Second, Second], local: LocalModel, dial: Dial) -> None:
    request = sampled(schema=SCHEMA, sampling={"max_tokens": 64, "logprobs": 2})
    direct, here = await collect(local, request)
    ours = [token for chunk in here for token in chunk.tokens]
    if not ours:
        pytest.skip("transformers_local tells no log-probabilities yet")
    said, there = await collect(dial(servers[0]), request)
    theirs = [token for chunk in there for token in chunk.tokens]
    assert said == direct
    assert b"".join(token.token for token in theirs).decode() == said
    assert [token.token for token in theirs] == [token.token for token in ours[: len(theirs)]]
    for one, other in zip(theirs, ours, strict=False):
        assert one.logprob == pytest.approx(other.logprob, abs=1e-3)
        assert [row.token for row in one.top] == [row.token for row in other.top]


async def test_log_probabilities_pass_through(servers: tuple[Second, Second], dial: Dial) -> None:
    said, chunks = await collect(dial(servers[1]), sampled(sampling={"logprobs": 3}))
    tokens = [token for chunk in chunks for token in chunk.tokens]
    assert said == LINES
    assert b"".join(token.token for token in tokens).decode() == LINES
    assert {token.logprob for token in tokens} == {-0.5}
    assert {len(token.top) for token in tokens} == {3}


async def test_the_first_piece_comes_before_the_last_is_made(servers: tuple[Second, Second], dial: Dial) -> None:
    stream = dial(servers[1]).generate(sampled())
    first = await anext(stream)
    assert LINES.startswith(first.text) and len(first.text) < len(LINES)
    assert (await servers[1].seen())["active"]["script"] == 1  # it is still being made
    rest = [chunk async for chunk in stream]
    assert first.text + "".join(chunk.text for chunk in rest) == LINES
    assert len(rest) > 5


@pytest.mark.parametrize("which", [0, 1])
async def test_a_client_that_leaves_frees_the_server(servers: tuple[Second, Second], dial: Dial, which: int) -> None:
    server, name = servers[which], ("tiny", "script")[which]
    body = {
        "model": "dialogue",
        "messages": [{"role": "user", "content": "你好"}],
        "max_tokens": 8000,
        "logit_bias": {"1": -100},
        "n": 16,
    }
    for stream in (True, False):
        async with httpx.AsyncClient(base_url=server.url, trust_env=False, timeout=60) as client:
            task = asyncio.create_task(client.post("/v1/chat/completions", json={**body, "stream": stream}))
            assert await server.active(name, 16) == 16
            assert not task.done()
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            assert await server.active(name, 0) == 0
    running = dial(server).generate(sampled(sampling={"max_tokens": 8000}))
    if which == 1:
        await anext(running)
        assert await server.active(name, 1) == 1
        await running.aclose()  # type: ignore[attr-defined]
        assert await server.active(name, 0) == 0


async def test_the_deadline_ends_it_here_and_there(servers: tuple[Second, Second], dial: Dial) -> None:
    request = sampled(sampling={"max_tokens": 8000}, deadline=time.time() + 0.3)
    with pytest.raises(DeadlineExceeded):
        await collect(dial(servers[0]), request)
    assert await servers[0].active("tiny", 0) == 0


async def test_connections_are_kept(servers: tuple[Second, Second], dial: Dial) -> None:
    model, before = dial(servers[0]), len((await servers[0].seen())["ports"])
    for _ in range(3):
        await collect(model, sampled(sampling={"max_tokens": 2}))
    ports = (await servers[0].seen())["ports"][before:]
    assert len(ports) == 3
    assert len(set(ports)) == 1


async def test_errors_keep_their_kind(servers: tuple[Second, Second], dial: Dial) -> None:
    form = "{model}:{adapter}"
    assert (await collect(dial(servers[1], adapter_form=form), sampled(adapter="tuned")))[0] == LINES
    for server, request, error in (
        (servers[1], sampled(adapter="other"), NoSuchAdapter),
        (servers[0], sampled("很长" * 8192), ContextLengthExceeded),
        (servers[0], sampled(schema={"type": "odd"}), BadRequest),
    ):
        with pytest.raises(error):
            await collect(dial(server, adapter_form=form), request)
    with pytest.raises(ModelUnavailable, match="no_such_model"):
        await collect(dial(servers[1], model="gpt"), sampled())
    with pytest.raises(ModelUnavailable, match="it has lexhub"):
        await dial(servers[1], model="gpt").check()
    with pytest.raises(BadOutput, match="schema"):
        await collect(dial(servers[1]), sampled(schema=SCHEMA))


class Answer(BaseModel):
    """A form for the stock client's `parse`."""

    route: str
    count: int


async def test_the_stock_client_is_served(servers: tuple[Second, Second]) -> None:
    asked: list[Any] = [{"role": "user", "content": "你好"}]
    async with openai.AsyncOpenAI(api_key="none", base_url=f"{servers[0].url}/v1", max_retries=0) as client:
        form: Any = {"type": "json_schema", "json_schema": {"name": "answer", "schema": SCHEMA}}
        stream = await client.chat.completions.create(
            model="dialogue", messages=asked, max_tokens=64, response_format=form, stream=True
        )
        chunks = [chunk async for chunk in stream]
        parsed = await client.chat.completions.parse(
            model="dialogue", messages=asked, max_tokens=64, response_format=Answer, temperature=0.8, seed=3
        )
        Answer.model_validate_json("".join(chunk.choices[0].delta.content or "" for chunk in chunks))
        assert chunks[-1].choices[0].finish_reason == "stop"
        assert isinstance(parsed.choices[0].message.parsed, Answer)
        assert parsed.usage is not None and parsed.usage.prompt_tokens > 5
        cut = await client.chat.completions.create(model="dialogue", messages=asked, max_tokens=1)
        assert cut.choices[0].finish_reason == "length"
        with pytest.raises(openai.NotFoundError):
            await client.chat.completions.create(model="none", messages=asked)
        with pytest.raises(openai.BadRequestError):
            await client.chat.completions.create(model="dialogue", messages=asked, temperature=9)


async def test_what_may_pass_is_tried_again_and_a_killed_server_is_no_end(launch: Launch, dial: Dial) -> None:
    failures = ["ModelOverloaded", None, "OutOfMemory", "ModelUnavailable"]
    server = ready(launch(scripted("script", "dialogue", LINES, piece=4, delay_s=0.05, failures=failures)))
    naps: list[float] = []
    sleep, here = asyncio.sleep, threading.get_ident()

    async def nap(seconds: float) -> None:
        if threading.get_ident() != here:  # a server that another test left running in this process
            await sleep(seconds)
            return
        naps.append(seconds)
        await sleep(0)

    model = dial(server)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(asyncio, "sleep", nap)
        assert (await collect(model, sampled()))[0] == LINES
        assert naps == [2.0]  # what the server asked for; there is no pause of our own here
        with pytest.raises(ModelError) as caught:
            await collect(dial(server, attempts=1), sampled())
        assert caught.value.code == "model_out_of_memory"
        with pytest.raises(ModelUnavailable):
            await collect(dial(server, attempts=1), sampled())
    stream = model.generate(sampled())
    said = (await anext(stream)).text
    server.kill()
    with pytest.raises(ModelUnavailable):
        async for chunk in stream:
            said += chunk.text
    assert LINES.startswith(said) and said != LINES
    with pytest.raises(ModelUnavailable, match="cannot be reached"):
        await collect(model, sampled())
