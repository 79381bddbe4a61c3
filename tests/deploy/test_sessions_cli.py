"""`lexhub sessions` on a real file."""

import asyncio
from pathlib import Path

import pytest
from typer.testing import CliRunner

from deploy import settings, storage
from deploy.cli import app
from deploy.settings import BadSettings
from orchestrator.storage.sealing import Sealing
from orchestrator.storage.sessions import SessionStore

run = CliRunner()


@pytest.fixture(autouse=True)
def _home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEXHUB_HOME", str(tmp_path))
    monkeypatch.delenv("LEXHUB_STORAGE_KEYS", raising=False)


def made(count: int) -> None:
    async def make() -> None:
        store = SessionStore(await storage.open_database(settings.load("embedded")))
        for _ in range(count):
            await store.create("甲", "normal", {})
        await store.close()
        await store.database.close()

    asyncio.run(make())


def said(*command: str, code: int = 0) -> str:
    result = run.invoke(app, ["sessions", *command])
    assert result.exit_code == code, result.output + repr(result.exception)
    return result.output


def test_from_plain_to_sealed_to_another_key(monkeypatch: pytest.MonkeyPatch) -> None:
    made(3)
    assert "sessions     3 行(明文 3)" in said("stats")
    result = run.invoke(app, ["sessions", "seal"])
    assert isinstance(result.exception, BadSettings)
    one, two = said("key").strip(), said("key", "--id", "second").strip()
    assert Sealing.parse(f"{one},{two}").sealed
    monkeypatch.setenv("LEXHUB_STORAGE_KEYS", one)
    assert "重新加密 3 行" in said("seal")
    assert "sessions     3 行(k1 3)" in said("stats")
    made(1)
    monkeypatch.setenv("LEXHUB_STORAGE_KEYS", f"{two},{one}")
    assert "重新加密 4 行" in said("seal")
    monkeypatch.setenv("LEXHUB_STORAGE_KEYS", two)
    assert "sessions     4 行(second 4)" in said("stats")
    assert "重新加密 0 行" in said("seal")
    monkeypatch.setenv("LEXHUB_STORAGE_KEYS", one)
    assert said("seal", code=2).count("拒绝") == 4


def test_purge() -> None:
    made(2)
    assert "删除 0 个会话" in said("purge", "--older-than", "1")
    assert "删除 2 个会话" in said("purge", "--older-than", "0")
    assert "sessions     0 行" in said("stats")


def test_a_bad_name_of_a_key() -> None:
    assert isinstance(run.invoke(app, ["sessions", "key", "--id", "a:b"]).exception, BadSettings)


def test_a_cluster_needs_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    cluster = settings.load("cluster", {"home": ".", "api_keys": [{"name": "a", "sha256": "0" * 64}]})
    with pytest.raises(BadSettings, match="lexhub sessions key"):
        storage.sealing(cluster)
    monkeypatch.setenv("LEXHUB_STORAGE_KEYS", said("key").strip())
    assert storage.sealing(cluster).sealed
