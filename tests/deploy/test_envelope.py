"""What every request and response has: headers, limits, errors; who may call a server without keys, and from where."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest
from fastapi import FastAPI

from deploy.accounts.account import digest
from deploy.api import build_api
from deploy.settings import BadSettings, load
from orchestrator.services import Services
from tests.deploy.conftest import Start

KEYS = [
    {"name": "desk", "sha256": digest("desk")},
    {"name": "nothing", "sha256": digest("nothing"), "scopes": ["metrics"]},
]
DESK, NOTHING = {"Authorization": "Bearer desk"}, {"Authorization": "Bearer nothing"}
HEADERS = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "content-security-policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
}
Make = Callable[..., Any]


@pytest.fixture
def api(start: Start, shared: Services) -> Make:
    return lambda **given: start(services=shared, **given)


async def test_every_response_has_the_headers_and_no_server(api: Make) -> None:
    async with api(api_keys=KEYS) as client:
        for path, headers, status in (
            ("/healthz", {}, 200),
            ("/v1/models", {}, 401),
            ("/v1/models", DESK, 200),
            ("/v1/nothing", DESK, 404),
            ("/v1/calculators", NOTHING, 403),
            ("/openapi.json", {}, 200),
        ):
            answer = await client.get(path, headers=headers)
            assert answer.status_code == status, path
            assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS
            assert "server" not in answer.headers
            assert "strict-transport-security" not in answer.headers
            assert answer.headers["permissions-policy"]
            assert answer.headers["x-request-id"]
            if status >= 400:
                assert set(answer.json()["error"]) == {"message", "type", "param", "code"}
        assert (await client.get("/v1/models")).headers["www-authenticate"] == "Bearer"
        wrong = await client.put("/v1/keywords", headers=DESK)
        assert (wrong.status_code, wrong.json()["error"]["code"]) == (405, "method_not_allowed")
        assert wrong.headers["allow"] == "POST"
        assert (await client.put("/v1/consultations/x", headers=DESK)).headers["allow"] == "GET, DELETE"
        assert (await client.put("/docs")).headers["allow"] == "GET"
    async with api(tls=True) as client:
        assert "max-age" in (await client.get("/healthz")).headers["strict-transport-security"]


async def test_unexpected_errors_have_them_too_and_tell_nothing(api: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: Any) -> None:
        raise RuntimeError("the inside")

    monkeypatch.setattr("deploy.api.calculators._info", broken)
    async with api() as client:
        answer = await client.get("/v1/calculators")
        assert (answer.status_code, answer.json()["error"]["code"]) == (500, "internal_error")
        assert "inside" not in answer.text
        assert {name: answer.headers.get(name) for name in HEADERS} == HEADERS


@pytest.mark.parametrize("path", ["/docs", "/redoc"])
async def test_pages_run_their_own_scripts_only(api: Make, path: str) -> None:
    async with api() as client:
        page = await client.get(path)
        policy = page.headers["content-security-policy"]
        scripts = policy.partition("script-src ")[2].partition(";")[0]
        assert "unsafe" not in scripts
        assert "frame-ancestors 'none'" in policy
        assert page.text.count("<script>") == scripts.count("sha256-")
        for name in ("swagger-ui-bundle.js", "redoc.standalone.js"):
            if name in page.text:
                assert (await client.get(f"/static-offline-docs/{name}")).status_code == 200
        assert "http" not in page.text.replace("http://www.w3.org", "")


async def test_request_ids_are_kept_when_they_are_readable(api: Make) -> None:
    async with api() as client:
        for given, kept in (("abc-1.2:3", True), ("x" * 65, False), ("a b", False), ("<script>", False), ("", False)):
            told = (await client.get("/healthz", headers={"X-Request-ID": given})).headers["x-request-id"]
            assert (told == given) == kept
            assert 1 <= len(told) <= 64


async def test_only_named_pages_may_call_from_a_browser(api: Make) -> None:
    asked = {"Origin": "https://page.example", "Access-Control-Request-Method": "POST",
             "Access-Control-Request-Headers": "authorization,content-type"}  # fmt: skip
    async with api(api_keys=KEYS) as client:
        answer = await client.get("/v1/models", headers={**DESK, "Origin": "https://page.example"})
        assert "access-control-allow-origin" not in answer.headers
        assert (await client.options("/v1/keywords", headers=asked)).status_code in (401, 405)
    async with api(api_keys=KEYS, cors_origins=["https://page.example"]) as client:
        allowed = await client.options("/v1/keywords", headers=asked)
        assert allowed.status_code == 200
        assert allowed.headers["access-control-allow-origin"] == "https://page.example"
        assert "access-control-allow-credentials" not in allowed.headers
        answer = await client.get("/v1/models", headers={**DESK, "Origin": "https://page.example"})
        assert "X-Request-ID" in answer.headers["access-control-expose-headers"]
        other = await client.options("/v1/keywords", headers={**asked, "Origin": "https://other.example"})
        assert "access-control-allow-origin" not in other.headers
    for origin in ("*", "page.example", "https://page.example/", "https://*.example", "null"):
        with pytest.raises(BadSettings, match="cors_origins"):
            load("embedded", {"cors_origins": [origin]})


async def test_without_keys_only_this_machine_is_served_and_no_page_of_another(api: Make) -> None:
    async with api() as client:
        for headers, status in (
            ({}, 200),
            ({"Host": "127.0.0.1:8000"}, 200),
            ({"Host": "[::1]:8000"}, 200),
            ({"Host": "rebound.example"}, 401),
            ({"Origin": "https://evil.example"}, 401),
            ({"Origin": "http://localhost"}, 200),
            ({"X-Forwarded-For": "203.0.113.9"}, 401),
            ({"Via": "1.1 proxy"}, 401),
            ({"Origin": "null"}, 401),
        ):
            assert (await client.get("/v1/models", headers=headers)).status_code == status, headers
    async with api(cors_origins=["http://localhost:3000"]) as client:
        assert (await client.get("/v1/models", headers={"Origin": "http://localhost:3000"})).status_code == 200


@pytest.mark.parametrize(
    ("subject", "status"),
    [("王律师的客户".encode(), 200), (b"a" * 128, 200), (b"a" * 129, 400), (b"a\x1fb", 400), (b"a\tb", 400),
     (b"\xc2\x85", 400), (b"\xff", 400), ("\u202e".encode(), 400)],
)  # fmt: skip
async def test_subjects_are_short_readable_text(api: Make, subject: bytes, status: int) -> None:
    async with api() as client:
        answer = await client.get("/v1/consultations", headers=[(b"Lexhub-Subject", subject)])
        assert answer.status_code == status
        if status == 400:
            assert answer.json()["error"]["param"] == "Lexhub-Subject"


async def test_long_addresses_and_headers_are_refused(api: Make) -> None:
    async with api() as client:
        long = await client.get("/v1/models?" + "x" * 8200)
        assert (long.status_code, long.json()["error"]["code"]) == (414, "uri_too_long")
        large = await client.get("/v1/models", headers={"X-Large": "x" * 17_000})
        assert (large.status_code, large.json()["error"]["code"]) == (431, "headers_too_large")


def _app(given: dict[str, Any], home: Any, services: Services) -> FastAPI:
    return build_api(load("embedded", {"home": str(home), **given}), services)


Sent = list[tuple[float, bytes, bool]]  # seconds before it, the bytes, whether more comes
CHUNKED, GZIP = (b"transfer-encoding", b"chunked"), (b"content-encoding", b"gzip")


@pytest.mark.parametrize(
    ("sent", "headers", "status", "code"),
    [
        ([(0, b'{"text": "', True), (0, b'x"}', False)], [CHUNKED], 200, ""),
        ([(0, b"x" * 1000, True)] * 3, [CHUNKED], 413, "body_too_large"),
        ([(0, b"x" * 10, False)], [(b"content-length", b"99999")], 413, "body_too_large"),
        ([(0, b"x" * 10, True), (9, b"x", False)], [(b"content-length", b"11")], 408, "request_timeout"),
        ([(0, b"x", True)] + [(0.02, b"x", True)] * 500, [CHUNKED], 408, "request_timeout"),
        ([(0, b"\x1f\x8b", False)], [(b"content-length", b"2"), GZIP], 415, "unsupported_encoding"),
        ([(0, b"[1", False)], [CHUNKED], 400, "invalid_request"),
    ],
)
async def test_bodies(
    own_home: Any,
    shared: Services,
    sent: Sent,
    headers: list[tuple[bytes, bytes]],
    status: int,
    code: str,
) -> None:
    """Chunked, slow, dripping, too large and compressed bodies, as a server hands them over."""
    app = _app({"api_keys": KEYS, "limits": {"body": 2048, "upload": 0.3}}, own_home, shared)
    got: list[dict[str, Any]] = []

    async def arriving() -> AsyncIterator[dict[str, Any]]:
        for seconds, body, more in sent:
            await asyncio.sleep(seconds)
            yield {"type": "http.request", "body": body, "more_body": more}
        await asyncio.Event().wait()

    messages = arriving()

    async def send(message: dict[str, Any]) -> None:
        got.append(message)

    scope = {
        "type": "http", "method": "POST", "path": "/v1/keywords", "raw_path": b"/v1/keywords", "query_string": b"",
        "root_path": "", "scheme": "http", "http_version": "1.1", "client": ("10.0.0.9", 1), "server": ("h", 80),
        "headers": [(b"host", b"h"), (b"authorization", b"Bearer desk"), (b"content-type", b"application/json"), *headers],
    }  # fmt: skip
    async with app.router.lifespan_context(app):
        async with asyncio.timeout(5):
            await app(scope, lambda: anext(messages), send)  # type: ignore[arg-type]
        assert got[0]["status"] == status, got
        assert code.encode() in got[1]["body"]
        # Without a key nothing of the body is waited for.
        got.clear()
        bare = [row for row in scope["headers"] if row[0] != b"authorization"]  # type: ignore[attr-defined,misc]
        await app({**scope, "headers": bare}, asyncio.Event().wait, send)  # type: ignore[arg-type]
        assert got[0]["status"] == 401


async def test_no_route_is_without_a_guard(api: Make) -> None:
    """Whatever lies in the API's description and is not meant for everybody asks for a key and for a scope."""
    async with api(api_keys=KEYS) as client:
        open_ = {"/healthz", "/readyz", "/v1/privacy"}
        described = (await client.get("/openapi.json")).json()["paths"]
        for path, methods in described.items():
            for method in methods:
                url = path.replace("{", "").replace("}", "")
                bare = await client.request(method, url)
                if path in open_:
                    assert bare.status_code in (200, 503), path
                    continue
                assert (bare.status_code, bare.json()["error"]["code"]) == (401, "missing_api_key"), path
                if path == "/metrics":
                    assert (await client.request(method, url, headers=DESK)).status_code == 403
                elif path != "/v1/usage":
                    weak = await client.request(method, url, headers=NOTHING, json={})
                    assert weak.json()["error"]["code"] == "forbidden", (path, weak.text)


async def test_a_metrics_key_reads_metrics(api: Make) -> None:
    async with api(api_keys=KEYS) as client:
        assert (await client.get("/metrics", headers=NOTHING)).status_code == 200


async def test_a_prefix_does_not_open_the_guard(own_home: Any, shared: Services) -> None:
    """Behind a proxy that serves it under a path of its own, and with addresses that are written otherwise."""
    app = _app({"api_keys": KEYS}, own_home, shared)
    async with app.router.lifespan_context(app):
        for root, path in (
            ("/law", "/law/v1/models"),
            ("", "//v1/models"),
            ("", "/V1/models"),
            ("", "/v1/privacy/../models"),
            ("", "/v1/privacy/%2e%2e/models"),
            ("", "/%76%31/models"),
            ("", "/./v1/models"),
        ):
            transport = httpx.ASGITransport(app=app, client=("127.0.0.1", 5), root_path=root)
            async with httpx.AsyncClient(transport=transport, base_url="http://localhost") as client:
                request = client.build_request("GET", "http://localhost/")
                request.url = httpx.URL("http://localhost").copy_with(raw_path=path.encode())
                assert (await client.send(request)).status_code in (401, 404), path
