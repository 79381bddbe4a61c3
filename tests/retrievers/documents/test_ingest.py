"""Corpora of private documents: import, replacement, removal, and what of them is on disk."""

import asyncio
from pathlib import Path

import pytest

from deploy.learned import knowledge
from retrievers.contracts import BadSource, CorruptIndex, DocumentHit, NoSuchDocument, Query
from retrievers.documents import corpora, files
from retrievers.documents.ingest import ingest, remove
from retrievers.embedded import Shipped
from retrievers.library import LocalLibrary
from tests.retrievers.documents import samples

pytestmark = pytest.mark.usefixtures("shipped")


@pytest.fixture
def given(tmp_path: Path) -> Path:
    return samples.folder(tmp_path / "given")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path / "home"


def search(library: LocalLibrary, text: str, *names: str) -> list[DocumentHit]:
    return asyncio.run(library.documents(Query(text=text, top=5), names))


def opened(home: Path) -> LocalLibrary:
    return LocalLibrary.open(home, knowledge())


def on_disk(home: Path, text: str) -> bool:
    return any(text.encode() in path.read_bytes() for path in corpora.folder(home).rglob("*") if path.is_file())


def test_import_finds_passages_with_their_place(home: Path, given: Path) -> None:
    report = ingest(given, home, "hr")
    assert (report.added, report.skipped, report.changed) == (["制度/差旅.md", "员工手册.docx"], [], True)
    [best, *_] = search(opened(home), "旷工几天会被解除劳动合同", "hr")
    assert best.passage.id == "hr/员工手册.docx#2"
    assert best.passage.place == "第三章 考勤 > 第十二条"
    assert best.passage.text.startswith("第十二条 员工连续旷工三日以上")
    assert 0 < best.scores["fit"] <= 1


def test_only_the_corpora_asked_for_are_searched(home: Path, given: Path) -> None:
    ingest(given, home, "hr")
    ingest(given / "制度", home, "finance")
    library = opened(home)
    assert {hit.passage.corpus for hit in search(library, "住宿", "finance", "hr")} == {"finance", "hr"}
    assert {hit.passage.corpus for hit in search(library, "住宿旷工", "finance")} == {"finance"}
    assert search(library, "旷工") == search(library, "旷工", "none", "../laws", "*") == []
    assert asyncio.run(library.document_corpora()) == ["finance", "hr"]


def test_a_corpus_that_fits_better_comes_first(home: Path, tmp_path: Path) -> None:
    for name, text in (("甲", "食堂每日中午十二点开饭。"), ("乙", "员工连续旷工三日的,公司解除劳动合同。")):
        (tmp_path / f"{name}.txt").write_text(text, encoding="utf-8")
        ingest(tmp_path / f"{name}.txt", home, name)
    hits = search(opened(home), "每日旷工,公司要解除劳动合同", "甲", "乙")
    assert hits[0].passage.corpus == "乙"
    assert hits[0].score > 2 * hits[-1].score


def test_importing_again_changes_nothing(home: Path, given: Path) -> None:
    ingest(given, home, "hr")
    before = corpora.store(home, "hr").last_swap()
    again = ingest(given, home, "hr")
    assert (again.changed, again.unchanged, again.added, again.replaced) == (False, 2, [], [])
    assert corpora.store(home, "hr").last_swap() == before


def test_a_changed_file_replaces_its_passages_and_the_others_stay(home: Path, given: Path) -> None:
    ingest(given, home, "hr")
    library = opened(home)
    assert search(library, "旷工", "hr")
    (given / "员工手册.docx").write_bytes(samples.word((0, "第一条 迟到三次记旷工一日。")))
    assert ingest(given, home, "hr").replaced == ["员工手册.docx"]
    assert {hit.passage.text for hit in search(library, "旷工打卡", "hr")} == {"第一条 迟到三次记旷工一日。"}
    assert search(library, "住宿", "hr")
    assert not on_disk(home, "上下班须打卡")


def test_a_file_that_got_worse_keeps_its_last_good_version(home: Path, given: Path) -> None:
    ingest(given, home, "hr")
    (given / "员工手册.docx").write_bytes(b"PK broken")
    report = ingest(given, home, "hr")
    assert report.skipped == [("员工手册.docx", "不是 .docx 文件,或者已损坏;仍用此前导入的版本")]
    assert search(opened(home), "旷工", "hr")


def test_removal_leaves_nothing_behind(home: Path, given: Path) -> None:
    ingest(given, home, "hr")
    library = opened(home)
    assert search(library, "旷工", "hr")
    assert on_disk(home, "旷工三日以上")
    assert remove("员工手册.docx", home, "hr").removed == ["员工手册.docx"]
    assert not on_disk(home, "旷工三日以上")
    assert search(library, "旷工打卡", "hr") == []
    remove("制度/差旅.md", home, "hr")
    assert search(library, "住宿", "hr") == []
    assert corpora.names(home) == []
    assert {path.name for path in (corpora.folder(home) / "hr").rglob("*")} == {"generations", "lock"}
    ingest(given, home, "hr")
    assert search(library, "住宿", "hr")


def test_what_is_not_there_cannot_be_removed(home: Path, given: Path) -> None:
    with pytest.raises(NoSuchDocument, match="hr"):
        remove("x.md", home, "hr")
    ingest(given, home, "hr")
    with pytest.raises(NoSuchDocument, match=r"x\.md"):
        remove("x.md", home, "hr")


def test_bad_files_are_named_and_the_rest_comes_in(home: Path, given: Path, tmp_path: Path) -> None:
    (given / "扫描.pdf").write_bytes(samples.pdf([]))
    (given / "加密.pdf").write_bytes(samples.pdf(["第一条 秘密"], password="x"))
    (given / "旧.doc").write_bytes(b"x")
    (given / "空.txt").write_text("——\n", encoding="utf-8")
    (given / "外面.md").symlink_to(tmp_path / "elsewhere.md")
    (given / "~$员工手册.docx").write_bytes(b"lock")
    report = ingest(given, home, "hr")
    assert len(report.added) == 2
    assert {name: reason[:4] for name, reason in report.skipped} == {
        "扫描.pdf": "没有文字",
        "加密.pdf": "文件有密",
        "旧.doc": "旧版 W",
        "空.txt": "没有文字",
        "外面.md": "是链接或",
    }


def test_files_over_the_limit_are_refused(home: Path, given: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(files, "LARGEST_FILE", 100)
    report = ingest(given, home, "hr")
    assert report.added == ["制度/差旅.md"]
    assert report.skipped[0][0] == "员工手册.docx"


def test_the_folder_is_closed_to_other_users(home: Path, given: Path) -> None:
    ingest(given, home, "hr")
    assert corpora.folder(home).stat().st_mode & 0o777 == 0o700
    assert (corpora.folder(home) / "hr").stat().st_mode & 0o777 == 0o700


@pytest.mark.parametrize("name", ["", "..", "a/b", "*", "-a", "a b", "x" * 41])
def test_names_that_are_no_names_are_refused(home: Path, given: Path, name: str) -> None:
    with pytest.raises(BadSource, match="名称"):
        ingest(given, home, name)


def test_a_damaged_corpus_is_named_and_mended_by_importing_anew(home: Path, given: Path) -> None:
    ingest(given, home, "hr")
    damaged = next(corpora.folder(home).rglob("documents.sqlite"))
    damaged.write_bytes(damaged.read_bytes()[:-100])
    with pytest.raises(CorruptIndex, match=r"documents\.sqlite"):
        search(opened(home), "旷工", "hr")
    with pytest.raises(CorruptIndex, match=r"documents\.sqlite"):
        ingest(given, home, "hr")
    assert ingest(given, home, "hr", anew=True).changed
    assert search(opened(home), "旷工", "hr")


def test_importing_anew_drops_what_is_not_given(home: Path, given: Path) -> None:
    ingest(given, home, "hr")
    ingest(given / "员工手册.docx", home, "hr", anew=True)
    assert [one.name for one in corpora.files(home, "hr")] == ["员工手册.docx"]


def test_nothing_to_import_makes_no_corpus(home: Path, tmp_path: Path, shipped: Shipped) -> None:
    (tmp_path / "empty").mkdir()
    assert not ingest(tmp_path / "empty", home, "hr").changed
    assert corpora.names(home) == []
    with pytest.raises(BadSource, match="没有这个"):
        ingest(tmp_path / "none", home, "hr")
