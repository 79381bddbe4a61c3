"""Who gets into the console, and what nobody else can reach."""

from http.cookies import SimpleCookie

import httpx
import pytest

from deploy.page.console import keeper
from deploy.page.console.keeper import COOKIE, Keeper
from deploy.sdk import AsyncLexhub
from tests.deploy.page.console.conftest import Open

BEHIND = (
    "/console/config",
    "/console/theme.css",
    "/console/gradio_api/queue/data?session_hash=x",
    "/console/assets/x.js",
)


async def test_without_keys_this_machine_is_admitted_and_no_other(opened: Open) -> None:
    async with opened() as at:
        assert "gradio" in (await at.page.get("/console/")).text
    async with opened(address="192.0.2.7") as at:
        assert 'name="key"' in (await at.page.get("/console/")).text
    async with opened(host="http://evil.example") as at:  # a name that was made to point here
        assert 'name="key"' in (await at.page.get("/console/")).text


async def test_with_keys_a_visitor_sees_the_sign_in_alone(opened: Open) -> None:
    async with opened(keys=True) as at:
        told = await at.page.get("/console/")
        assert told.status_code == 200 and 'name="key"' in told.text and "gradio" not in told.text
        assert "<script" not in told.text and "default-src 'none'" in told.headers["content-security-policy"]
        for path in BEHIND:
            assert (await at.page.get(path)).status_code == 401, path
        assert (await at.page.post("/console/gradio_api/queue/join", json={})).status_code == 401
        for name in (COOKIE, "other"):
            assert (await at.page.get("/console/config", headers={"Cookie": f"{name}=guessed"})).status_code == 401


async def test_a_key_with_the_scope_signs_in_and_out(opened: Open) -> None:
    async with opened(keys=True) as at:
        made = await at.sign_in("op")
        assert (made.status_code, made.headers["location"]) == (303, "/console/")
        cookie = SimpleCookie(made.headers["set-cookie"])[COOKIE]
        assert cookie["httponly"] and cookie["samesite"] == "Strict" and int(cookie["max-age"]) <= 8 * 3600
        assert len(cookie.value) >= 40 and cookie.value != "op"
        assert (await at.page.get("/console/config")).status_code == 200
        again = await at.sign_in("op")
        assert SimpleCookie(again.headers["set-cookie"])[COOKIE].value != cookie.value
        old = await at.page.get("/console/config", headers={"Cookie": f"{COOKIE}={cookie.value}"})
        assert old.status_code == 401  # the session before ended
        assert (await at.page.post("/console/session", data={"out": "1"})).status_code == 200
        assert COOKIE not in at.page.cookies
        assert (await at.page.get("/console/config")).status_code == 401


async def test_wrong_keys_are_told_nothing_and_are_bounded(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    async with opened(keys=True) as at:
        answers = [await at.sign_in(key) for key in ("", "web", "密钥", "x" * 5000, "a\tb")]
        texts = {answer.text for answer in answers[:3]}
        assert len(texts) == 1 and [one.status_code for one in answers] == [401, 401, 401, 413, 401]
        assert all("set-cookie" not in one.headers for one in answers)
        assert (await at.sign_in("no")).status_code == 401
        often = await at.sign_in("op")
        assert (often.status_code, often.headers["retry-after"]) == (429, "300")
        assert (await at.page.get("/console/config")).status_code == 401


async def test_another_site_cannot_sign_anybody_in(opened: Open) -> None:
    async with opened(keys=True) as at:
        for headers in ({"Origin": "http://evil.example"}, {"Origin": "null"}, {"Sec-Fetch-Site": "cross-site"}):
            assert (await at.sign_in("op", **headers)).status_code == 403
        assert (await at.sign_in("op", Origin="http://127.0.0.1")).status_code == 303


def answering(status: int) -> httpx.MockTransport:
    return httpx.MockTransport(lambda request: httpx.Response(status, json={"error": {"code": "x", "message": "y"}}))


class Server:
    """Answers as an API whose keys are those in `good`; counts what it was asked."""

    def __init__(self, *good: str) -> None:
        self.good, self.asked = good, 0

    def connect(self, key: str) -> AsyncLexhub:
        def answer(request: httpx.Request) -> httpx.Response:
            self.asked += 1
            fine = request.headers.get("authorization", "").removeprefix("Bearer ") in self.good
            error = {"error": {"code": "invalid_api_key", "message": "密钥无效。"}}
            told = {"revision": 0, "at": 0, "who": "", "why": "", "policy": {}}
            return httpx.Response(200, json=told) if fine else httpx.Response(401, json=error)

        return AsyncLexhub("http://x", key, transport=httpx.MockTransport(answer), retries=0)


async def test_sessions_end_by_themselves() -> None:
    now = 0.0
    held = Keeper(Server("op").connect, lambda: now)
    cookie, denied = await held.enter("op", "192.0.2.1")
    assert denied is None
    assert await held.admitted(cookie, "192.0.2.1", "host") is await held.anybody() is not None
    now = keeper.LIFE_S
    assert await held.admitted(cookie, "192.0.2.1", "host") is None
    assert await held.anybody() is None


async def test_only_so_many_sessions_are_kept() -> None:
    held = Keeper(Server("op").connect)
    cookies = [(await held.enter("op", "192.0.2.1"))[0] for _ in range(keeper.SESSIONS + 1)]
    assert await held.admitted(cookies[0], "192.0.2.1", "host") is None
    assert await held.admitted(cookies[1], "192.0.2.1", "host") is not None


async def test_past_the_bounds_the_server_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(keeper, "WRONG_S", 0.0)
    now, server = 0.0, Server("op")
    held = Keeper(server.connect, lambda: now)
    told = [(await held.enter("bad", "192.0.2.1"))[1] for _ in range(keeper.OF_ONE + 3)]
    assert told == ["wrong"] * keeper.OF_ONE + ["often"] * 3 and server.asked == keeper.OF_ONE
    assert (await held.enter("op", "192.0.2.2"))[1] is None  # another address is not made to wait for it
    for number in range(keeper.OF_ALL):
        await held.enter("bad", f"198.51.100.{number}")
    assert (await held.enter("op", "192.0.2.3"))[1] == "often"  # but there is a bound for all
    now = keeper.SPAN_S + 1
    assert (await held.enter("op", "192.0.2.1"))[1] is None


async def test_a_server_that_is_away_is_no_wrong_key() -> None:
    held = Keeper(lambda key: AsyncLexhub("http://x", key, transport=answering(503), retries=0))
    assert [(await held.enter("op", "192.0.2.1"))[1] for _ in range(keeper.OF_ONE + 1)] == ["away"] * (
        keeper.OF_ONE + 1
    )
    assert await held.admitted("", "127.0.0.1", "127.0.0.1") is None


async def test_once_there_is_a_key_nobody_is_admitted_without() -> None:
    now, server = 0.0, Server("")
    held = Keeper(server.connect, lambda: now)
    assert await held.admitted("", "127.0.0.1", "localhost:8000") is not None
    for address, host in (("127.0.0.1", "evil.example"), ("192.0.2.1", "localhost"), ("", "localhost"), ("x", "")):
        assert await held.admitted("", address, host) is None
    server.good = ("op",)
    now = keeper.LOOKED_S
    assert await held.admitted("", "127.0.0.1", "localhost:8000") is None
