import json
import shutil
from datetime import date
from pathlib import Path

import pytest

from deploy.learned import knowledge
from retrievers import generations, ingest
from retrievers.cases import Cases
from retrievers.contracts import BadSource, CorruptIndex
from retrievers.corpus import Corpus
from retrievers.storage import ImportRunning
from tests.retrievers.conftest import LAWS

TODAY = date(2026, 11, 20)

pytestmark = pytest.mark.usefixtures("shipped")


def corpus(home: Path) -> Corpus:
    store = generations.laws_store(home)
    return Corpus(store.generation(store.current() or ""))


def cases(home: Path) -> Cases:
    store = generations.cases_store(home)
    return Cases(store.generation(store.current() or ""))


def judgments(path: Path, *rows: object) -> Path:
    path.write_text("\n".join(row if isinstance(row, str) else json.dumps(row, ensure_ascii=False) for row in rows))
    return path


def test_a_folder_is_imported_and_the_report_counts_it(tmp_path: Path) -> None:
    report = ingest.ingest_laws(LAWS, tmp_path, knowledge())
    assert (report.laws, report.versions, report.articles, report.changed) == (7, 8, 18, True)
    assert report.skipped == ()
    assert dict(report.others) == {"目录页": 1, "案例": 1, "模版": 1, "说明": 1}
    assert corpus(tmp_path).counts() == {"laws": 8, "articles": 19, "official": 18, "digests": 1}


def test_the_same_again_changes_nothing(tmp_path: Path) -> None:
    ingest.ingest_laws(LAWS, tmp_path, knowledge())
    store = generations.laws_store(tmp_path)
    before = store.current()
    assert not ingest.ingest_laws(LAWS, tmp_path, knowledge()).changed
    assert store.current() == before
    part = ingest.ingest_laws(LAWS / "行政法规", tmp_path, knowledge())
    assert (part.laws, part.changed) == (3, False)
    one = ingest.ingest_laws(LAWS / "刑法" / "纵火罚则(2010-10-10).md", tmp_path, knowledge())
    assert (one.laws, one.changed) == (1, False)


def test_imports_add_up_and_replace_the_same_version(tmp_path: Path) -> None:
    home, more = tmp_path / "home", tmp_path / "more" / "民法商法"
    ingest.ingest_laws(LAWS, home, knowledge())
    more.mkdir(parents=True)
    old = (LAWS / "民法商法" / "星火租赁法(2023-03-01).md").read_text(encoding="utf-8")
    (more / "星火租赁法(2023-03-01).md").write_text(old.replace("二十年", "三十年"), encoding="utf-8")
    assert ingest.ingest_laws(more.parent, home, knowledge()).changed
    stored = corpus(home)
    changed = stored.article("星火租赁法", 2, 0, TODAY)
    assert changed is not None
    assert "三十年" in changed.text
    assert stored.counts()["official"] == 18


def test_a_part_of_a_code_replaces_only_that_part(tmp_path: Path) -> None:
    home, more = tmp_path / "home", tmp_path / "more" / "星河法典"
    ingest.ingest_laws(LAWS, home, knowledge())
    more.mkdir(parents=True)
    part = (LAWS / "星河法典" / "渡船编.md").read_text(encoding="utf-8")
    (more / "渡船编.md").write_text(part.replace("七人", "八人"), encoding="utf-8")
    ingest.ingest_laws(more.parent, home, knowledge())
    texts = [found.text if (found := corpus(home).article("星河法典", n, 0, TODAY)) else "" for n in (1, 3)]
    assert texts[0] == "星河归所有看星星的人。"
    assert "八人" in texts[1]


def test_bad_files_are_named_and_skipped(tmp_path: Path) -> None:
    shutil.copytree(LAWS, tmp_path / "laws")
    (tmp_path / "laws" / "行政法规" / "坏.md").write_bytes(b"\x00\x01")
    report = ingest.ingest_laws(tmp_path / "laws", tmp_path / "home", knowledge())
    assert report.skipped == (("行政法规/坏.md", "NUL bytes: not a text file"),)
    assert report.laws == 7


def test_a_source_without_laws_changes_nothing(tmp_path: Path) -> None:
    home = tmp_path / "home"
    ingest.ingest_laws(LAWS, home, knowledge())
    before = generations.laws_store(home).current()
    (tmp_path / "empty").mkdir()
    with pytest.raises(BadSource, match="no law found"):
        ingest.ingest_laws(tmp_path / "empty", home, knowledge())
    assert generations.laws_store(home).current() == before


def test_damaged_texts_are_not_added_to(tmp_path: Path) -> None:
    ingest.ingest_laws(LAWS, tmp_path, knowledge())
    store = generations.laws_store(tmp_path)
    damaged = store.generation(store.current() or "") / "passages.sqlite"
    damaged.write_bytes(damaged.read_bytes()[:-1] + b"x")
    for importing in (lambda: ingest.ingest_laws(LAWS, tmp_path, knowledge()), lambda: rebuild(tmp_path)):
        with pytest.raises(CorruptIndex, match=r"passages\.sqlite"):
            importing()


def rebuild(home: Path) -> bool:
    return ingest.rebuild(home, knowledge())


def test_a_rebuild_mends_indexes_and_brings_an_older_layout_up_to_date(tmp_path: Path) -> None:
    ingest.ingest_laws(LAWS, tmp_path, knowledge())
    ingest.ingest_cases(judgments(tmp_path / "a.jsonl", {"id": "甲-1", "title": "一", "facts": "旧"}), tmp_path)
    assert not rebuild(tmp_path)
    for store in (generations.laws_store(tmp_path), generations.cases_store(tmp_path)):
        before = store.verified(store.current() or "")
        folder = store.generation(before.digest)
        (folder / "dictionary.txt").write_text("")
        made = json.loads((folder / "manifest.json").read_text())
        (folder / "manifest.json").write_text(json.dumps(made | {"layout": 1}))
        assert rebuild(tmp_path)
        assert store.verified(store.current() or "").counts == before.counts


def test_two_imports_at_once_are_refused(tmp_path: Path) -> None:
    with generations.laws_store(tmp_path).writing(), pytest.raises(ImportRunning):
        ingest.ingest_laws(LAWS, tmp_path, knowledge())


def test_judgments_are_imported_line_by_line(tmp_path: Path) -> None:
    path = judgments(
        tmp_path / "cases.jsonl",
        {"id": "甲-1", "title": "渡船案", "facts": "渡船超载,乘客要求退还渡钱。", "court": "某法院", "year": 2020},
        "{broken",
        "",
        {"id": "甲-2", "title": "没有案情"},
        {"id": "甲-3", "title": "自称教学案例", "facts": "假的", "kind": "invented"},
        [1],
        {"id": " ", "title": "没有编号", "facts": "有"},
    )
    report = ingest.ingest_cases(path, tmp_path / "home")
    assert (report.cases, report.changed) == (1, True)
    assert [place for place, _ in report.skipped] == [f"cases.jsonl:{n}" for n in (2, 4, 5, 6, 7)]
    stored = cases(tmp_path / "home")
    assert stored.counts() == {"cases": 3, "invented": 2}
    case = stored.case("甲-1")
    assert case is not None
    assert (case.kind, case.year) == ("judgment", 2020)
    assert not ingest.ingest_cases(path, tmp_path / "home").changed


def test_later_cases_add_up_and_teaching_cases_stay(tmp_path: Path) -> None:
    first = judgments(tmp_path / "a.jsonl", {"id": "甲-1", "title": "一", "facts": "旧"})
    second = judgments(
        tmp_path / "b.jsonl",
        {"id": "甲-1", "title": "一", "facts": "新"},
        {"id": "甲-2", "title": "二", "facts": "又"},
        {"id": "教学案例-租赁-01", "title": "冒名", "facts": "冒名"},
    )
    ingest.ingest_cases(first, tmp_path / "home")
    ingest.ingest_cases(second, tmp_path / "home")
    stored = cases(tmp_path / "home")
    assert [case.facts for id_ in ("甲-1", "甲-2") if (case := stored.case(id_))] == ["新", "又"]
    teaching = stored.case("教学案例-租赁-01")
    assert teaching is not None
    assert teaching.kind == "invented"


def test_a_file_without_cases_is_refused(tmp_path: Path) -> None:
    with pytest.raises(BadSource, match="no case found"):
        ingest.ingest_cases(judgments(tmp_path / "a.jsonl", "{}"), tmp_path / "home")
    with pytest.raises(BadSource, match="missing"):
        ingest.ingest_cases(tmp_path / "missing.jsonl", tmp_path / "home")


def test_properties_are_derived_and_progress_is_told(tmp_path: Path) -> None:
    row = {"id": "甲-1", "title": "渡船案", "facts": "渡船超载。", "number": "（2019）京01民终1号", "charges": ["超载"]}
    seen: list[tuple[int, int, str]] = []
    ingest.ingest_cases(judgments(tmp_path / "a.jsonl", row), tmp_path / "home", lambda *step: seen.append(step))
    case = cases(tmp_path / "home").case("甲-1")
    assert case is not None
    assert (case.level, case.region, case.year, case.charges) == ("中级", "北京", 2019, ("超载罪",))
    assert {label for _, _, label in seen} == {"读取案例", "建立索引"}
    assert seen[-1][0] == seen[-1][1]


def test_of_many_faults_the_first_are_kept_and_all_counted(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ingest.reading, "FAULTS_KEPT", 2)
    path = judgments(tmp_path / "a.jsonl", *["{"] * 5, {"id": "甲-1", "title": "一", "facts": "一"})
    report = ingest.ingest_cases(path, tmp_path / "home")
    assert (report.cases, len(report.skipped), report.faulty) == (1, 2, 5)
    with pytest.raises(BadSource, match="no format"):
        ingest.ingest_cases(path, tmp_path / "home", form="pdf")
