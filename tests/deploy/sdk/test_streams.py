"""Streams that break off: gone on with after the last event seen, and never ended as if they were complete."""

import httpx
import pytest

from deploy.sdk import LexhubError, calls
from deploy.sdk.events import Following, Row
from tests.deploy.sdk.servers import Either, Scripted, event, stream

REFUSED = {"error": {"message": "正在处理", "code": "session_busy"}}


@pytest.fixture(autouse=True)
def _hurried(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calls, "FIRST_PAUSE_S", 0.001)


@pytest.fixture(params=["blocking", "async"])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def numbers(rows: list[Row]) -> list[tuple[int, str]]:
    return [(number, event.kind) for number, event in rows]


async def test_a_stream_that_breaks_off_is_taken_up_again(kind: str) -> None:
    server = Scripted(
        stream(event(1, "step"), event(2, "delta"), "event: delta\nda", broken=True),
        stream(event(3, "delta"), event(4, "done")),
    )
    rows = await Either(kind, server).rows("stream", "a", "你好")
    assert numbers(rows) == [(1, "step"), (2, "delta"), (3, "delta"), (4, "done")]
    first, second = server.requests
    assert first.url.path == second.url.path == "/v1/consultations/a/messages"
    assert first.headers["Idempotency-Key"] == second.headers["Idempotency-Key"]
    assert first.content == second.content
    assert "Last-Event-ID" not in first.headers
    assert second.headers["Last-Event-ID"] == "2"


async def test_a_proxy_that_ends_the_stream_early_deceives_nobody(kind: str) -> None:
    server = Scripted(stream(event(1, "step")), stream(), stream())
    with pytest.raises(LexhubError) as failed:
        await Either(kind, server).rows("stream", "a", "你好")
    assert failed.value.code == "broken_off"
    assert len(server.requests) == 3


async def test_without_retries_a_break_is_an_error(kind: str) -> None:
    server = Scripted(stream(event(1, "step"), broken=True))
    with pytest.raises(LexhubError) as failed:
        await Either(kind, server, retries=0).rows("stream", "a", "你好")
    assert failed.value.code == "broken_off"


async def test_a_turn_that_fails_is_an_error_and_not_sent_again(kind: str) -> None:
    told = '{"code": "answer_failed", "message": "请重试"}'
    server = Scripted(stream(event(1, "delta"), event(2, "error", told)))
    with pytest.raises(LexhubError, match="请重试") as failed:
        await Either(kind, server).rows("stream", "a", "你好")
    assert failed.value.code == "answer_failed"
    assert len(server.requests) == 1


async def test_a_refusal_before_the_first_event(kind: str) -> None:
    server = Scripted(httpx.Response(409, json=REFUSED))
    with pytest.raises(LexhubError) as failed:
        await Either(kind, server).rows("stream", "a", "你好")
    assert (failed.value.code, failed.value.status) == ("session_busy", 409)
    assert len(server.requests) == 1


async def test_a_turn_that_goes_on_at_another_replica_is_read_from_there(kind: str) -> None:
    server = Scripted(
        stream(event(1, "step"), broken=True), httpx.Response(409, json=REFUSED), stream(event(2, "done"))
    )
    rows = await Either(kind, server).rows("stream", "a", "你好")
    assert numbers(rows) == [(1, "step"), (2, "done")]
    last = server.requests[-1]
    assert (last.method, last.url.path, last.headers["Last-Event-ID"]) == ("GET", "/v1/consultations/a/events", "1")


async def test_following_goes_on_too_and_ends_where_nothing_is_left(kind: str) -> None:
    server = Scripted(stream(event(3, "delta"), broken=True), stream(event(4, "done")))
    assert numbers(await Either(kind, server).rows("follow", "a", turn=2, after=2)) == [(3, "delta"), (4, "done")]
    assert [request.headers["Last-Event-ID"] for request in server.requests] == ["2", "3"]
    assert server.requests[1].url.query == b"turn=2"
    assert await Either(kind, Scripted(stream())).rows("follow", "a", after=9) == []


async def test_what_is_no_event_of_ours(kind: str) -> None:
    for said in ("data: {}\n\n", event(1, "delta", "{"), event(1, "unheard"), event(1, "delta", "[]")):
        with pytest.raises(LexhubError) as failed:
            await Either(kind, Scripted(stream(said))).rows("stream", "a", "你好")
        assert failed.value.code == "bad_answer"


def test_lines_as_the_standard_has_them() -> None:
    following = Following(events="/e")
    lines = [": ping", "", "id:7", "event:delta", 'data: {"text":', 'data:"好"}', "retry: 10", ""]
    rows = [row for line in lines if (row := following.read(line))]
    assert [(number, event.data) for number, event in rows] == [(7, {"text": "好"})]
