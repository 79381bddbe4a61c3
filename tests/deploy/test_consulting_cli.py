"""`lexhub eval consult` and `lexhub eval rubric` as they are typed, against the API on a real port."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from typer.testing import CliRunner

from deploy import local, settings
from deploy.api import build_api
from deploy.cli import app
from deploy.server import free_port
from deploy.settings import BadSettings
from tests.deploy.sockets import served

RUN = CliRunner()
CLIENTS = [
    {
        "id": "lender", "who": "30岁", "must_cite": ["民法典#675", "民法典#9999"],
        "opening": "我前年三月借给朋友五万块钱,当时说好一年还,没写借条,就微信转账,现在他把我拉黑了,怎么办?",
        "holds_back": [{"fact": "利息", "asked": "利息|利率", "says": "没说过", "decisive": True}],
    },
    {"id": "thanks", "who": "58岁", "route": "smalltalk", "opening": "谢谢你"},
]  # fmt: skip


@pytest.fixture
def url(own_home: Path) -> Iterator[str]:
    loaded = settings.load("embedded", {"home": str(own_home)})
    with served(build_api(loaded, local.services(loaded))) as address:
        yield address


def test_consult_then_rubric(url: str, tmp_path: Path) -> None:
    scripts, out = tmp_path / "scripts", tmp_path / "eval"
    scripts.mkdir()
    (scripts / "a.yaml").write_text(yaml.safe_dump({"field": "民间借贷", "clients": CLIENTS}), "utf-8")
    done = RUN.invoke(app, ["eval", "consult", "--url", url, "--scripts", str(scripts), "--out", str(out)])
    assert done.exit_code == 0, done.output
    for told in ("路线准确率", "应引未引的法条", "lender"):
        assert told in done.output
    found = json.loads((out / "consult.json").read_text("utf-8"))
    assert [one["id"] for one in found["clients"]] == ["lender", "thanks"]
    assert found["clients"][0]["missing"] == ["民法典#9999"]
    assert found["corpus"]["articles"] > 0
    route = next(one for one in found["figures"] if one["name"] == "路线准确率")
    assert (route["count"], route["total"]) == (2, 2)
    assert "借给朋友五万" in (out / "transcripts" / "lender.md").read_text("utf-8")

    forms = tmp_path / "forms"
    assert RUN.invoke(app, ["eval", "rubric", "form", str(out / "transcripts"), "--out", str(forms)]).exit_code == 0
    for reader in ("reader-1", "reader-2"):
        path = forms / f"{reader}.csv"
        path.write_text(path.read_text("utf-8-sig").replace(",,,,,,,", ",5,4,4,4,3,5,"), "utf-8")
    done = RUN.invoke(app, ["eval", "rubric", "agreement", str(forms / "reader-1.csv"), str(forms / "reader-2.csv")])
    assert done.exit_code == 0, done.output
    assert "5.00" in done.output


def test_consultations_become_dialogues(url: str, tmp_path: Path) -> None:
    scripts, out = tmp_path / "scripts", tmp_path / "dialogues.jsonl"
    scripts.mkdir()
    (scripts / "a.yaml").write_text(yaml.safe_dump({"field": "民间借贷", "clients": CLIENTS}), "utf-8")
    done = RUN.invoke(app, ["train", "dialogues", "--url", url, "--scripts", str(scripts), "--out", str(out)])
    assert done.exit_code == 0, done.output
    assert "已写入 1 段对话" in done.output
    checked = RUN.invoke(app, ["train", "lora", str(out), "--check"])
    assert checked.exit_code == 0, checked.output


def test_no_server_is_said_so() -> None:
    done = RUN.invoke(app, ["eval", "consult", "--url", f"http://127.0.0.1:{free_port()}"])
    assert isinstance(done.exception, BadSettings)
    assert "no server answers there" in str(done.exception)


def test_no_transcripts(tmp_path: Path) -> None:
    done = RUN.invoke(app, ["eval", "rubric", "form", str(tmp_path)])
    assert isinstance(done.exception, BadSettings)
