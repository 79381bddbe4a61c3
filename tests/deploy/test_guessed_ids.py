"""A session is there for the key and subject that made it; to all others it is as if it did not exist, on every route.

The routes are those of the API's description, so that a new one cannot be forgotten.
"""

import functools
from collections.abc import Callable
from typing import Any

import aiosqlite
import aiosqlite.cursor
import pytest

from deploy.accounts import accounts
from deploy.accounts.account import digest
from deploy.api import build_api
from deploy.local import LocalPool
from deploy.settings import load
from orchestrator.services import Services
from tests.deploy.conftest import Start

KEYS = [{"name": name, "sha256": digest(name)} for name in ("mine", "theirs")]
# A good body for each route that needs one.
BODIES: dict[str, Any] = {
    "/v1/consultations/{id}/messages": {"content": "我借给朋友五万元,他不还"},
    "/v1/consultations/{id}/feedback": {"turn": 1, "rating": "up"},
    "/v1/consultations/{id}/documents": {"template": "证据清单"},
}
# Ids that are the same for everybody, or an administrator's.
OTHERS = {"/v1/cases/{id}", "/v1/admin/keys/{id}", "/v1/admin/keys/{id}/rotate", "/v1/admin/requests/{id}"}
TABLES = ("sessions", "turns", "checkpoints", "feedback", "writes")


def _routes() -> list[tuple[str, str, dict[str, str]]]:
    described = build_api(load("embedded"), Services(library=None, models=LocalPool({}))).openapi()["paths"]  # type: ignore[arg-type]
    found = []
    for path, methods in described.items():
        if "{id}" not in path or path in OTHERS:
            continue
        for method, one in methods.items():
            found.append((method, path, {}))
            content = one["responses"].get("200", {}).get("content", {})
            if "text/event-stream" in content:
                found.append((method, path, {"Accept": "text/event-stream"}))
    return found


@pytest.fixture
def statements(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The statements about sessions that the database was asked."""
    asked: list[str] = []

    def spied(original: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(original)
        def execute(self: Any, sql: str, *values: Any) -> Any:
            if any(table in sql for table in TABLES):
                asked.append(sql)
            return original(self, sql, *values)

        return execute

    for owner in (aiosqlite.Connection, aiosqlite.cursor.Cursor):
        monkeypatch.setattr(owner, "execute", spied(owner.execute))
    monkeypatch.setattr(accounts, "SYNC_S", 1000.0)
    return asked


def test_all_routes_with_an_id_are_known() -> None:
    assert {path for _, path, _ in _routes()} >= {"/v1/consultations/{id}", *BODIES}
    assert all(path.startswith("/v1/consultations/{id}") for _, path, _ in _routes())


@pytest.mark.parametrize(("method", "path", "headers"), _routes())
async def test_a_guessed_id_is_like_an_absent_one(
    start: Start,
    shared: Services,
    statements: list[str],
    method: str,
    path: str,
    headers: dict[str, str],
) -> None:
    async with start(services=shared, api_keys=KEYS) as client:

        async def asked(id: str, who: dict[str, str]) -> tuple[Any, ...]:
            statements.clear()
            answer = await client.request(method, path.replace("{id}", id), json=BODIES.get(path), headers=who)
            told = {name: value for name, value in answer.headers.items() if name != "x-request-id"}
            return answer.status_code, answer.content, told, list(statements)

        def who(key: str, subject: str = "") -> dict[str, str]:
            return {"Authorization": f"Bearer {key}", "Lexhub-Subject": subject, **headers}

        id = (await client.post("/v1/consultations", headers=who("mine", "a"))).json()["id"]
        said = {"content": "我借给朋友五万元,他不还"}
        said_ = await client.post(f"/v1/consultations/{id}/messages", json=said, headers=who("mine", "a"))
        assert said_.status_code == 200
        absent = await asked("A" * len(id), who("mine", "a"))
        assert absent[0] == 404, absent
        assert b"session_not_found" in absent[1]
        assert absent[3], "the database was asked nothing, so this proves nothing"
        for stranger in (who("theirs", "a"), who("mine", "b"), who("mine"), who("theirs")):
            assert await asked(id, stranger) == absent
        own = await asked(id, who("mine", "a"))
        assert own[0] != 404
        if method == "delete":
            assert await asked(id, who("mine", "a")) == absent
