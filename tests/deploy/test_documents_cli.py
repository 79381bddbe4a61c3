"""Private documents on the command line."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from deploy.cli import app
from retrievers.contracts import NoSuchDocument
from tests.retrievers.documents import samples

RUN = CliRunner()


@pytest.fixture(autouse=True)
def _home(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEXHUB_HOME", str(own_home))


def test_import_list_search_remove(tmp_path: Path) -> None:
    given = samples.folder(tmp_path / "given")
    (given / "坏.pdf").write_bytes(b"%PDF broken")
    done = RUN.invoke(app, ["ingest", "documents", str(given), "--corpus", "hr"])
    assert done.exit_code == 0, done.output
    assert "新增 2 个文件" in done.output
    assert "坏.pdf" in done.output
    assert "没有变化" in RUN.invoke(app, ["ingest", "documents", str(given), "--corpus", "hr"]).output
    assert "hr  2 个文件" in RUN.invoke(app, ["documents", "list"]).output
    assert "制度/差旅.md" in RUN.invoke(app, ["documents", "list", "hr"]).output
    found = RUN.invoke(app, ["search", "documents", "旷工几天会被解除劳动合同", "--corpus", "hr"])
    assert "hr/员工手册.docx#2" in found.output
    assert "第十二条" in found.output
    done = RUN.invoke(app, ["ingest", "documents", "--corpus", "hr", "--remove", "员工手册.docx"])
    assert "删去 1 个文件" in done.output
    assert "员工手册" not in RUN.invoke(app, ["search", "documents", "旷工"]).output


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    assert isinstance(RUN.invoke(app, ["documents", "list", "none"]).exception, NoSuchDocument)
    assert RUN.invoke(app, ["ingest", "documents", "--corpus", "hr"]).exit_code != 0


def test_ask_shows_the_documents_of_the_home(tmp_path: Path) -> None:
    RUN.invoke(app, ["ingest", "documents", str(samples.folder(tmp_path / "given")), "--corpus", "hr"])
    done = RUN.invoke(app, ["ask", "--yes", "我连续旷工三天,公司以严重违反规章制度为由解除劳动合同,合法吗"])
    assert done.exit_code == 0, done.output
    assert "贵单位内部文件的相关内容" in done.output
