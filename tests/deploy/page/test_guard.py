"""What reaches the page, and what all its answers carry."""

from collections.abc import AsyncIterator

import pytest

from deploy.page.guard import allowed
from deploy.page.subjects import COOKIE
from tests.deploy.page.conftest import Begin, Both

NEEDED = [
    ("GET", "/"), ("GET", "/en/"), ("HEAD", "/"), ("GET", "/own/page.js"), ("GET", "/theme.css"),
    ("GET", "/assets/index-DphvyggB.js"), ("GET", "/en/assets/x.css"), ("GET", "/gradio_api/queue/data"),
    ("POST", "/gradio_api/queue/join"), ("POST", "/en/gradio_api/queue/join"), ("POST", "/gradio_api/cancel"),
    ("GET", "/gradio_api/app_id"), ("GET", "/console/"), ("POST", "/console/session"),
]  # fmt: skip
REFUSED = [
    ("POST", "/gradio_api/upload"), ("GET", "/gradio_api/file=/etc/passwd"), ("GET", "/gradio_api/file/etc/passwd"),
    ("GET", "/gradio_api/proxy=http://example.com/"), ("GET", "/gradio_api/info"), ("GET", "/gradio_api/openapi.json"),
    ("GET", "/monitoring"), ("GET", "/gradio_api/mcp/sse"), ("POST", "/gradio_api/mcp/"), ("POST", "/gradio_api/component_server"),
    ("GET", "/gradio_api/runs"), ("POST", "/gradio_api/run/predict"), ("POST", "/gradio_api/api/predict"),
    ("POST", "/gradio_api/call/send"), ("GET", "/gradio_api/call/send/x"), ("GET", "/gradio_api/deep_link"), ("GET", "/config"),
    ("GET", "/gradio_api/custom_component/x/client/y/z"), ("GET", "/gradio_api/stream/a/b/c/playlist.m3u8"),
    ("POST", "/gradio_api/process_recording"), ("POST", "/gradio_api/vibe-edit"), ("GET", "/manifest.json"), ("GET", "/pwa_icon"),
    ("POST", "/login"), ("GET", "/gradio_api/token"), ("GET", "/assets/../routes.py"), ("GET", "/static/../../x"),
    ("GET", "/gradio_api/dev/reload"), ("GET", "/svelte/x"), ("PUT", "/"), ("DELETE", "/"), ("POST", "/"), ("GET", "//x/"),
]  # fmt: skip


@pytest.fixture
async def both(begin: Begin) -> AsyncIterator[Both]:
    async with begin() as started:
        yield started


@pytest.mark.parametrize(("method", "path"), NEEDED)
def test_what_the_page_needs_is_let_through(method: str, path: str) -> None:
    assert allowed(method, path)


@pytest.mark.parametrize(("method", "path"), REFUSED)
def test_what_the_page_does_not_need_is_not_there(method: str, path: str) -> None:
    assert not allowed(method, path)


async def test_refusals_are_404_and_carry_the_headers(both: Both) -> None:
    answer = await both.page.get("/ui/gradio_api/info")
    assert answer.status_code == 404
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["content-security-policy"].startswith("default-src 'none'")


async def test_only_this_machine_and_no_other_site(both: Both) -> None:
    assert (await both.page.get("/ui/", headers={"Host": "evil.example"})).status_code == 403
    for origin in ("http://evil.example", "null", "http://localhost:1"):
        answer = await both.page.post("/ui/gradio_api/queue/join", json={}, headers={"Origin": origin})
        assert answer.status_code == 403, origin
    crossed = await both.page.post("/ui/gradio_api/queue/join", json={}, headers={"Sec-Fetch-Site": "cross-site"})
    assert crossed.status_code == 403
    assert (await both.page.get("/ui/", headers={"Origin": "http://localhost"})).status_code == 200


async def test_bodies_are_bounded_and_their_length_is_told(both: Both) -> None:
    large = await both.page.post("/ui/gradio_api/queue/join", content=b"x" * 300_000)
    assert large.status_code == 413

    async def pieces() -> AsyncIterator[bytes]:
        yield b"{}"

    assert (await both.page.post("/ui/gradio_api/queue/join", content=pieces())).status_code == 411


async def test_a_visitor_gets_one_cookie_and_keeps_it(both: Both) -> None:
    first = await both.page.get("/ui/")
    told = first.headers["set-cookie"]
    assert "HttpOnly" in told and "SameSite=Strict" in told and "Path=/ui;" in told and "Secure" not in told
    assert "set-cookie" not in (await both.page.get("/ui/")).headers


@pytest.mark.parametrize("cookie", ["nobody", "a" * 22 + "." + "0" * 64])
async def test_a_forged_cookie_is_replaced(both: Both, cookie: str) -> None:
    answer = await both.page.get("/ui/", headers={"Cookie": f"{COOKIE}={cookie}"})
    assert COOKIE in answer.headers["set-cookie"]


async def test_cookies_survive_a_restart(begin: Begin) -> None:
    async with begin() as both:
        told = (await both.page.get("/ui/")).headers["set-cookie"].partition(";")[0]
    async with begin() as both:
        assert "set-cookie" not in (await both.page.get("/ui/", headers={"Cookie": told})).headers


async def test_a_link_on_another_site_does_not_make_a_new_visitor(both: Both) -> None:
    """The browser keeps a Strict cookie back then; the page asks itself again, with it."""
    answer = await both.page.get("/ui/", headers={"Sec-Fetch-Site": "cross-site"})
    assert "set-cookie" not in answer.headers and 'http-equiv="refresh"' in answer.text


async def test_over_tls_the_cookie_is_for_tls(begin: Begin) -> None:
    async with begin(tls=True) as both:
        answer = await both.page.get("/ui/")
    assert "Secure" in answer.headers["set-cookie"] and "max-age" in answer.headers["strict-transport-security"]
    assert '"root":"https://localhost/ui"' in answer.text


async def test_the_chosen_language_decides_where_the_page_is(both: Both) -> None:
    asked = {"Cookie": "lexhub-lang=en"}
    to = await both.page.get("/ui/?c=x", headers=asked)
    assert (to.status_code, to.headers["location"]) == (307, "/ui/en/?c=x")
    assert (await both.page.get("/ui/en/", headers=asked)).status_code == 200
    back = await both.page.get("/ui/en/", headers={"Cookie": "lexhub-lang=zh"})
    assert (back.status_code, back.headers["location"]) == (307, "/ui/")


async def test_the_way_without_a_slash(both: Both) -> None:
    answer = await both.page.get("/ui?c=x")
    assert (answer.status_code, answer.headers["location"]) == (307, "/ui/?c=x")


@pytest.mark.parametrize("name", ["X-Forwarded-For", "X-Forwarded-Host", "Forwarded", "Via", "X-Real-IP"])
async def test_what_a_proxy_brings_is_not_of_this_machine(both: Both, name: str) -> None:
    assert (await both.page.get("/ui/", headers={name: "203.0.113.9"})).status_code == 403
