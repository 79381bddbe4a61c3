"""The command line, in this process."""

import json
import tarfile
from pathlib import Path

import pytest
from typer.testing import CliRunner

from deploy.cli import app
from orchestrator.papers import fonts

RUN = CliRunner()
LAWS = Path(__file__).parents[1] / "data" / "laws"


@pytest.fixture(autouse=True)
def _home(own_home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LEXHUB_HOME", str(own_home))


def test_ask_holds_a_consultation() -> None:
    done = RUN.invoke(app, ["ask", "--yes", "借给朋友五万块钱,打了借条,去年三月到期没还,怎么办"])
    assert done.exit_code == 0, done.output
    assert "初步结论" in done.output
    assert "民法典" in done.output


def test_ask_asks_back_and_takes_a_correction() -> None:
    story = "我前年三月借给朋友五万块钱,当时说好一年还,没写借条,就微信转账,现在他把我拉黑了,怎么办?"
    done = RUN.invoke(app, ["ask", story], input="\n" * 6 + "principal=6万\n\n")
    assert done.exit_code == 0, done.output
    assert "60000元" in done.output


def test_route_batch(tmp_path: Path) -> None:
    source, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    rows = [{"id": 1, "text": "民法典第188条"}, {"id": 2, "text": "老板拖欠工资怎么办", "history": []}]
    source.write_text("\n".join(json.dumps(row) for row in rows))
    assert RUN.invoke(app, ["route", "--in", str(source), "--out", str(out)]).exit_code == 0
    found = [json.loads(line) for line in out.read_text().splitlines()]
    assert [row["route"] for row in found] == ["article_lookup", "consult"]
    assert found[1]["domain"] == "劳动"


def test_search_batch(tmp_path: Path) -> None:
    source, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    source.write_text(json.dumps({"qid": "a", "query": "没签劳动合同能要双倍工资吗"}))
    done = RUN.invoke(app, ["search", "articles", "--queries", str(source), "--top", "20", "--out", str(out)])
    assert done.exit_code == 0, done.output
    found = json.loads(out.read_text())
    assert found["qid"] == "a"
    assert len(found["hits"]) == 20
    assert "劳动合同法#82" in [hit["id"] for hit in found["hits"]]


def test_search_cases_within_a_pool(tmp_path: Path) -> None:
    source, out = tmp_path / "in.jsonl", tmp_path / "out.jsonl"
    pool = ["教学案例-劳动-01", "教学案例-刑事-01"]
    source.write_text(json.dumps({"qid": "a", "query": "没签劳动合同", "pool": pool}))
    assert RUN.invoke(app, ["search", "cases", "--queries", str(source), "--out", str(out)]).exit_code == 0
    assert {hit["id"] for hit in json.loads(out.read_text())["hits"]} <= set(pool)


def test_ingest_says_what_came_in_and_what_did_not(tmp_path: Path) -> None:
    archive = tmp_path / "laws.tar.xz"
    broken = tmp_path / "坏文件.md"
    broken.write_bytes(b"\xff\xfe\x00")
    with tarfile.open(archive, "w:xz") as tar:
        tar.add(LAWS, "laws")
        tar.add(broken, "laws/坏文件.md")
    first = RUN.invoke(app, ["ingest", "laws", str(archive)])
    assert first.exit_code == 0, first.output
    assert "坏文件.md" in first.output
    assert "已生效" in first.output
    again = RUN.invoke(app, ["ingest", "laws", str(archive)])
    assert "没有变化" in again.output


def test_doctor_reports() -> None:
    done = RUN.invoke(app, ["doctor"])
    assert "法条库" in done.output


def test_doctor_says_whether_pdf_has_a_font(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, chinese_font: Path
) -> None:
    monkeypatch.setenv("COLUMNS", "1000")  # a row of the table in one line
    monkeypatch.setattr(fonts, "system_folders", lambda: (tmp_path,))
    assert "不能生成 PDF" in RUN.invoke(app, ["doctor"]).output
    monkeypatch.setattr(fonts, "system_folders", lambda: (chinese_font.parent,))
    assert chinese_font.name in RUN.invoke(app, ["doctor"]).output


def test_judgments_are_imported_and_searched_by_their_properties(tmp_path: Path) -> None:
    source = tmp_path / "judgments.jsonl"
    row = {"id": "甲-1", "title": "渡船案", "facts": "渡船超载,乘客要求退还渡钱。", "number": "（2019）京01民终1号"}
    source.write_text(json.dumps(row, ensure_ascii=False) + "\n{broken\n", encoding="utf-8")
    done = RUN.invoke(app, ["ingest", "cases", str(source), "--format", "lexhub"])
    assert done.exit_code == 0, done.output
    assert "1 个案例" in done.output
    assert "跳过 1 个有问题的案例" in done.output
    assert "judgments.jsonl:2" in done.output
    found = RUN.invoke(
        app, ["search", "cases", "渡船超载退渡钱", "--region", "北京", "--level", "中级", "--year-from", "2019"]
    )
    assert found.exit_code == 0, found.output
    assert "甲-1" in found.output
    assert "相同" in found.output
    none = RUN.invoke(app, ["search", "cases", "渡船超载退渡钱", "--region", "上海"])
    assert "甲-1" not in none.output
    assert RUN.invoke(app, ["search", "cases", "渡船", "--level", "县级"]).exit_code != 0
