"""Who gets a place, who waits, who is told to come back, and that no place is ever lost."""

import asyncio
import json
from typing import Any

import pytest

from deploy.api.admission import OUTLIVES, Admission, Gate, Refused
from deploy.haproxy import FULL


class Clock:
    def __init__(self) -> None:
        self.now = 0.0

    def __call__(self) -> float:
        return self.now


def gate(ongoing: int = 1, queued: int = 2, patience: float = 5) -> Gate:
    return Gate(ongoing, queued, patience, Clock())


async def waiting(made: Gate, *, first: bool = False, within: float | None = None) -> "asyncio.Task[float]":
    task = asyncio.create_task(made.enter(first, within))
    await asyncio.sleep(0)
    return task


async def test_places_go_in_order_and_past_the_queue_nobody_waits() -> None:
    made = gate(ongoing=2)
    entered = [await made.enter(), await made.enter()]
    second, third = await waiting(made), await waiting(made)
    with pytest.raises(Refused):
        await made.enter()
    made.leave(entered[0])
    await second
    assert not third.done() and made.taken == 2
    made.leave(entered[1])
    await third
    made.leave(0), made.leave(0)
    assert (made.taken, made.waiting) == (0, 0)


async def test_what_goes_on_with_a_consultation_comes_first_and_takes_the_room_of_the_newest_other() -> None:
    made = gate()
    entered = await made.enter()
    older, newer = await waiting(made), await waiting(made)
    turn = await waiting(made, first=True)
    with pytest.raises(Refused):
        await newer
    made.leave(entered)
    await turn
    assert not older.done()
    made.leave(0)
    await older


async def test_who_would_wait_too_long_is_refused_at_once_with_the_time_that_it_takes() -> None:
    clock = Clock()
    made = Gate(2, 100, 10, clock)
    entered = await made.enter()
    clock.now = 8.0
    made.leave(entered)  # a place is held for 8 s
    await made.enter(), await made.enter()
    tasks = [await waiting(made), await waiting(made)]
    with pytest.raises(Refused) as refused:  # the third would wait 3 * 8 / 2 = 12 s
        await made.enter()
    assert refused.value.retry_after == 12
    assert not any(task.done() for task in tasks)
    for task in tasks:
        task.cancel()


async def test_who_must_be_done_sooner_than_the_work_takes_is_refused() -> None:
    clock = Clock()
    made = Gate(1, 100, 10, clock)
    entered = await made.enter()
    clock.now = 2.0
    made.leave(entered)
    await made.enter(within=0.1)  # a free place refuses nobody
    with pytest.raises(Refused) as refused:
        await made.enter(within=3.0)
    assert not refused.value.full  # others have more time
    assert not (await waiting(made, within=5.0)).done()


async def test_patience_ends() -> None:
    made = gate(patience=0.01)
    await made.enter()
    with pytest.raises(Refused):
        await made.enter()
    assert made.waiting == 0


@pytest.mark.parametrize("passed_on", [False, True])
async def test_who_leaves_while_waiting_takes_no_place_along(passed_on: bool) -> None:
    made = gate()
    entered = await made.enter()
    task = await waiting(made)
    if passed_on:
        made.leave(entered)  # in the same moment
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    if not passed_on:
        made.leave(entered)
    assert (made.taken, made.waiting) == (0, 0)


class App:
    """Answers once it may; `outliving` is a task that it leaves behind."""

    def __init__(self) -> None:
        self.go = asyncio.Event()
        self.seen: list[str] = []
        self.outliving: asyncio.Task[None] | None = None

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        self.seen.append(scope["path"])
        if self.outliving is not None:
            scope[OUTLIVES] = self.outliving
        await self.go.wait()
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b""})


async def ask(app: Admission, path: str, method: str = "POST", **headers: str) -> list[Any]:
    sent: list[Any] = []

    async def send(message: Any) -> None:
        sent.append(message)

    async def receive() -> Any:
        return {"type": "http.request"}

    rows = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    await app({"type": "http", "method": method, "path": path, "headers": rows}, receive, send)
    return sent


async def test_refusals_are_error_objects_and_some_paths_are_never_refused() -> None:
    app = App()
    guarded = Admission(app, Gate(1, 0, 5), Gate(1, 0, 5))
    held = asyncio.create_task(ask(guarded, "/v1/chat/completions"))
    await asyncio.sleep(0)
    start, body = await ask(guarded, "/v1/chat/completions")
    assert start["status"] == 503
    assert int(dict(start["headers"])[b"retry-after"]) >= 1 and dict(start["headers"])[FULL.encode()] == b"1"
    assert json.loads(body["body"])["error"]["code"] == "overloaded"
    app.go.set()
    for path, method in (("/healthz", "GET"), ("/metrics", "GET"), ("/v1/admin/models", "POST"), ("/v1/models", "GET")):
        assert (await ask(guarded, path, method))[0]["status"] == 200
    await held
    assert len(app.seen) == 5
    assert (await ask(guarded, "/v1/chat/completions"))[0]["status"] == 200


async def test_a_turn_whose_client_left_keeps_its_place() -> None:
    app, work = App(), Gate(1, 0, 5)
    guarded, done = Admission(app, work, Gate(1, 0, 5)), asyncio.Event()
    app.go.set()
    app.outliving = asyncio.create_task(_until(done))
    assert (await ask(guarded, "/v1/consultations/x/messages"))[0]["status"] == 200
    assert work.taken == 1
    done.set()
    await app.outliving
    await asyncio.sleep(0)
    assert work.taken == 0


async def _until(done: asyncio.Event) -> None:
    await done.wait()
