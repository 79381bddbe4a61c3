"""What both clients make of answers and refusals, and when they try again."""

import pickle
import subprocess
import sys
from typing import Any

import httpx
import pytest

from deploy.sdk import LexhubError, calls
from tests.deploy.sdk.servers import Either, Scripted

INFO = {
    "id": "a", "mode": "normal", "confirm": "ask", "as_of": None, "jurisdiction": None, "created": 1.0,
}  # fmt: skip
FULL = {"error": {"message": "满了", "type": "server_error", "param": None, "code": "overloaded"}}


@pytest.fixture(autouse=True)
def _hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calls, "FIRST_PAUSE_S", 0.001)


@pytest.fixture(params=["blocking", "async"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def refused(status: int, after: str = "0") -> httpx.Response:
    return httpx.Response(status, json=FULL, headers={"Retry-After": after, "X-Request-ID": "r1"})


def test_importing_loads_no_server() -> None:
    heavy = "('fastapi', 'starlette', 'ray', 'torch', 'sqlalchemy', 'langgraph', 'numpy')"
    said = subprocess.run(
        [sys.executable, "-c", f"import sys, deploy.sdk; print([name for name in {heavy} if name in sys.modules])"],
        capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert said.stdout.strip() == "[]"


async def test_what_is_sent(kind: str) -> None:
    server = Scripted(httpx.Response(200, json=[INFO]))
    found = await Either(kind, server, key="geheim", subject="张三").call("consultations", limit=7)
    assert found[0].mode == "normal"
    sent = server.requests[0]
    assert (sent.method, sent.url.path, sent.url.query) == ("GET", "/v1/consultations", b"limit=7")
    assert sent.headers["Authorization"] == "Bearer geheim"
    raw = dict(sent.headers.raw)
    assert raw[b"Lexhub-Subject"] == "张三".encode()


async def test_names_cannot_leave_their_place_in_the_path(kind: str) -> None:
    server = Scripted(httpx.Response(204))
    await Either(kind, server).call("delete", "../keys?x=1#y")
    assert server.requests[0].url.raw_path == b"/v1/consultations/..%2Fkeys%3Fx%3D1%23y"


async def test_a_full_server_is_asked_again(kind: str) -> None:
    server = Scripted(refused(503), refused(429), httpx.Response(200, json=[]))
    assert await Either(kind, server).call("consultations") == []
    assert len(server.requests) == 3


async def test_a_message_keeps_its_key_when_it_is_sent_again(kind: str) -> None:
    def gone(request: httpx.Request) -> httpx.Response:
        raise httpx.ReadError("gone")

    reply = {"status": "smalltalk", "route": "smalltalk", "domain": ""}
    server = Scripted(gone, httpx.Response(200, json=reply))
    assert (await Either(kind, server).call("send", "a", "你好")).status == "smalltalk"
    first, second = (request.headers["Idempotency-Key"] for request in server.requests)
    assert first == second != ""


@pytest.mark.parametrize(
    ("answer", "options", "sent"),
    [
        (refused(503), {"retries": 0}, 1),
        (refused(503), {}, 3),
        (refused(429, "3600"), {}, 1),
        (refused(400), {}, 1),
        (refused(504), {}, 1),
    ],
)
async def test_when_it_gives_up(kind: str, answer: httpx.Response, options: dict[str, Any], sent: int) -> None:
    server = Scripted(answer)
    with pytest.raises(LexhubError, match="满了") as failed:
        await Either(kind, server, **options).call("consultations")
    assert (failed.value.code, failed.value.status) == ("overloaded", answer.status_code)
    assert failed.value.retry_after == float(answer.headers["Retry-After"])
    assert failed.value.request_id == "r1"
    assert len(server.requests) == sent


async def test_what_would_be_done_twice_is_not_sent_twice(kind: str) -> None:
    server = Scripted(refused(503))
    with pytest.raises(LexhubError):
        await Either(kind, server).call("create")
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("error", "code", "sent"),
    [
        (httpx.ConnectError("refused"), "unreachable", 3),
        (httpx.ReadTimeout("slow"), "timeout", 1),
        (httpx.RemoteProtocolError("cut"), "broken_off", 3),
    ],
)
async def test_a_server_that_is_not_there(kind: str, error: httpx.HTTPError, code: str, sent: int) -> None:
    def failing(request: httpx.Request) -> httpx.Response:
        raise error

    server = Scripted(failing)
    with pytest.raises(LexhubError) as failed:
        await Either(kind, server).call("models")
    assert (failed.value.code, failed.value.status) == (code, 0)
    assert failed.value.__cause__ is error
    assert len(server.requests) == sent


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(200, text="<html>"),
        httpx.Response(200, json={"id": "a"}),
        httpx.Response(404, text="nginx"),
        httpx.Response(400, json={"error": "no"}),
    ],
)
async def test_an_answer_of_another_server_is_told_as_such(kind: str, answer: httpx.Response) -> None:
    with pytest.raises(LexhubError) as failed:
        await Either(kind, Scripted(answer)).call("consultation", "a")
    assert (failed.value.code, failed.value.status) == ("bad_answer", answer.status_code)


async def test_more_members_of_an_error_are_kept(kind: str) -> None:
    told = {"code": "missing_inputs", "message": "还缺少", "type": "x", "param": None, "missing": [{"id": "principal"}]}
    with pytest.raises(LexhubError) as failed:
        await Either(kind, Scripted(httpx.Response(400, json={"error": told}))).call("calculate", "loan_interest", {})
    assert failed.value.extra == {"missing": [{"id": "principal"}]}


async def test_what_no_server_would_take_is_not_sent(kind: str) -> None:
    server = Scripted(httpx.Response(204))
    with pytest.raises(LexhubError) as failed:
        await Either(kind, server).call("feedback", "a", 0, "up")
    assert (failed.value.code, failed.value.status, failed.value.param) == ("invalid_request", 0, "turn")
    assert server.requests == []


def test_the_error_survives_pickling() -> None:
    error = LexhubError("overloaded", "满了", 503, "model", 2.0, "r1", {"missing": []})
    again = pickle.loads(pickle.dumps(error))
    assert (again.code, again.message, again.status, again.param) == ("overloaded", "满了", 503, "model")
    assert (again.retry_after, again.request_id, again.extra, str(again)) == (
        2.0,
        "r1",
        {"missing": []},
        "overloaded: 满了",
    )


async def test_a_download_has_the_servers_name(kind: str) -> None:
    headers = {
        "Content-Disposition": "attachment; filename=\"x.md\"; filename*=UTF-8''%E5%80%9F%E6%9D%A1.md",
        "Content-Type": "text/markdown",
    }
    found = await Either(kind, Scripted(httpx.Response(200, content=b"# x", headers=headers))).call("draft", "note")
    assert (found.name, found.media_type, found.content) == ("借条.md", "text/markdown", b"# x")
    with pytest.raises(LexhubError, match="no file"):
        await Either(kind, Scripted(httpx.Response(200, content=b"# x"))).call("draft", "note")
