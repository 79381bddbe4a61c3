"""`lexhub models live`, as it is typed, against the API of a server in this process."""

import hashlib
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner, Result

from deploy import settings
from deploy.api import build_api
from deploy.cli import app
from deploy.cli import control as command
from deploy.server import free_port
from deploy.settings import BadSettings
from orchestrator.services import Services
from tests.deploy.fleets import Cluster, LocalFleet
from tests.deploy.sockets import served
from tests.deploy.test_admin_api import NEW, pool
from tests.orchestrator.doubles import Library

RUN = CliRunner()
KEY = {"name": "op", "sha256": hashlib.sha256(b"geheim").hexdigest(), "scopes": ["admin"]}


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    home = tmp_path_factory.mktemp("home")
    given = settings.load("embedded", {"home": str(home), "shipped": False, "api_keys": [KEY]})
    models, cluster = pool(), Cluster()
    api = build_api(given, Services(library=Library(), models=models), LocalFleet(cluster, models))
    with served(api) as url:
        yield int(url.rpartition(":")[2])


@pytest.fixture(autouse=True)
def _environment(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEXHUB_PORT", str(port))
    monkeypatch.setenv("LEXHUB_API_KEY", "geheim")
    monkeypatch.setattr(command.console, "width", 200, raising=False)


def live(*words: str) -> Result:
    return RUN.invoke(app, ["models", "live", *words])


def said(*words: str) -> str:
    done = live(*words)
    assert done.exit_code == 0, done.output + repr(done.exception)
    return done.output


def until(text: str, *words: str) -> str:
    """What the command prints, once `text` is in it."""
    ends = time.monotonic() + 15
    while text not in (told := said(*words)):
        assert time.monotonic() < ends, told
        time.sleep(0.1)
    return told


def test_models_are_listed(port: int) -> None:
    told = said("list", "--url", f"http://127.0.0.1:{port}/")
    assert "talker" in told and "可用" in told and "正常" in told


def test_changes_are_made_told_and_rolled_back() -> None:
    assert "第 1 版" in said("drain", "talker", "--why", "维护")
    assert "已停用" in said("list")
    said("resume", "talker")
    said("weight", "second", "2.5")
    said("canary", "second", "20", "--why", "试用")
    assert "权重2.5、灰度20%" in said("list")
    said("weight", "second")
    said("canary", "second")
    said("pin", "dialogue", "second", "--field", "劳动", "--key", "web")
    said("chain", "dialogue", "second", "talker")
    history = said("history", "--limit", "1")
    assert '"chains": {"dialogue": ["second", "talker"]}' in history and "劳动" in history
    said("unpin", "dialogue", "--field", "劳动", "--key", "web")
    said("chain", "dialogue")
    assert said("history", "--limit", "1").strip().endswith("{}")
    said("rollback", "4", "--why", "再试")
    assert '{"weights": {"second": 2.5}, "canaries"' in said("history", "--limit", "1")
    said("rollback", "0")
    assert "维护" in said("history")


def test_a_model_is_added_from_a_file_and_removed(tmp_path: Path) -> None:
    path = tmp_path / "new.yaml"
    path.write_text(yaml.safe_dump(NEW, allow_unicode=True))
    assert "new" in said("add", str(path), "--replicas", "2")
    until("new", "list")
    failed = live("remove", "new")
    assert isinstance(failed.exception, BadSettings)
    assert "model_not_drained" in str(failed.exception)
    said("drain", "new")
    assert "移除中" in said("remove", "new")


def test_decisions_are_told() -> None:
    assert said("decisions") == ""


def test_what_goes_wrong_is_one_line(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for words, told in (
        (("drain", "nobody"), "bad_policy: 没有部署名为 nobody 的模型"),
        (("drain", "a/../b?x"), "not_found"),
        (("list", "--url", f"http://127.0.0.1:{free_port()}"), "没有应答"),
        (("add", str(tmp_path / "none.yaml")), "none.yaml"),
    ):
        failed = live(*words)
        assert isinstance(failed.exception, BadSettings), failed.output
        assert told in str(failed.exception)
    monkeypatch.setenv("LEXHUB_API_KEY", "wrong")
    assert "invalid_api_key" in str(live("list").exception)
    monkeypatch.delenv("LEXHUB_API_KEY")
    assert "missing_api_key" in str(live("list").exception)
