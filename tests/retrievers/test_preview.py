"""What a preview says, is what the import then does; and it leaves everything as it was."""

import hashlib
import json
import shutil
from datetime import date
from pathlib import Path

import pytest

from deploy.learned import knowledge
from retrievers import generations, ingest, preview
from retrievers.contracts import BadSource, CorruptIndex
from retrievers.preview import Laws
from tests.retrievers import wordlaws
from tests.retrievers.conftest import LAWS

TODAY = date(2026, 11, 20)

pytestmark = pytest.mark.usefixtures("shipped")


def state(home: Path) -> dict[str, tuple[str, int]]:
    """Every file and folder of a home with its content and the time of its last change."""
    return {
        path.relative_to(home.parent).as_posix(): (
            hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "",
            path.stat().st_mtime_ns,
        )
        for path in [home, *home.rglob("*")]
        if path.exists()
    }


def whats(found: Laws) -> dict[tuple[str, str], str]:
    return {(one.law, one.version): one.what for one in found.laws}


def test_into_a_home_that_is_not_there(tmp_path: Path) -> None:
    home = tmp_path / "home"
    found = preview.laws(LAWS, home, TODAY)
    assert not home.exists()
    assert found.changes
    assert set(whats(found).values()) == {"new"}
    assert dict(found.others) == {"目录页": 1, "案例": 1, "模版": 1, "说明": 1}
    report = ingest.ingest_laws(LAWS, home, knowledge())
    assert (len(found.laws), sum(one.articles for one in found.laws)) == (report.versions, report.articles)
    lease = next(one for one in found.laws if (one.law, one.version) == ("星火租赁法", "2023-03-01"))
    assert (lease.digests, lease.status) == (1, "in_force")
    older = next(one for one in found.laws if (one.law, one.version) == ("星火租赁法", "2019-05-10"))
    assert (older.status, older.ends) == ("superseded", date(2023, 7, 1))
    assert older.said


def test_each_kind_of_change_is_told_and_nothing_is_touched(tmp_path: Path) -> None:
    home, more = tmp_path / "home", tmp_path / "more" / "民法商法"
    ingest.ingest_laws(LAWS, home, knowledge())
    more.mkdir(parents=True)
    text = (LAWS / "民法商法" / "星火租赁法(2023-03-01).md").read_text(encoding="utf-8")
    (more / "星火租赁法(2023-03-01).md").write_text(text.replace("二十年", "三十年"), encoding="utf-8")
    (more / "星火租赁法(2025-01-01).md").write_text(text, encoding="utf-8")
    shutil.copy(LAWS / "民法商法" / "星火租赁法(2019-05-10).md", more)
    (more / "星光借贷法_20231229.docx").write_bytes(wordlaws.whole())
    (more / "坏.docx").write_bytes(b"x")
    before = state(home)
    found = preview.laws(more.parent, home, TODAY)
    assert state(home) == before
    assert whats(found) == {
        ("星火租赁法", "2019-05-10"): "same",
        ("星火租赁法", "2023-03-01"): "changed",
        ("星火租赁法", "2025-01-01"): "version",
        ("星光借贷法", "2023-12-29"): "new",
    }
    assert [name for name, _ in found.skipped] == ["民法商法/坏.docx"]
    changed = next(one for one in found.laws if one.what == "changed")
    assert (changed.changed, changed.added, changed.removed, changed.digests) == (1, 0, 0, 0)
    version = next(one for one in found.laws if one.what == "version")
    assert version.older == ("2019-05-10", "2023-03-01")
    assert ingest.ingest_laws(more.parent, home, knowledge()).changed
    again = preview.laws(more.parent, home, TODAY)
    assert not again.changes
    assert set(whats(again).values()) == {"same"}
    assert not ingest.ingest_laws(more.parent, home, knowledge()).changed


def test_the_same_from_word_and_from_markdown_differs_in_no_article(tmp_path: Path) -> None:
    ingest.ingest_laws(LAWS, tmp_path / "home", knowledge())
    path = LAWS / "民法商法" / "星火租赁法(2023-03-01).md"
    (tmp_path / "民法商法").mkdir()
    (tmp_path / "民法商法" / "星火租赁法_20230301.docx").write_bytes(wordlaws.of_markdown(path.read_bytes()))
    [one] = preview.laws(tmp_path / "民法商法", tmp_path / "home", TODAY).laws
    assert (one.changed, one.added, one.removed) == (0, 0, 0)


def test_what_cannot_be_imported_cannot_be_previewed(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    with pytest.raises(BadSource, match="no law found"):
        preview.laws(tmp_path / "empty", tmp_path / "home", TODAY)
    with pytest.raises(BadSource, match="no case found"):
        preview.cases(tmp_path / "empty", tmp_path / "home")
    ingest.ingest_laws(LAWS, tmp_path / "home", knowledge())
    store = generations.laws_store(tmp_path / "home")
    (store.generation(store.current() or "") / "passages.sqlite").write_bytes(b"x")
    with pytest.raises(CorruptIndex, match="passages"):
        preview.laws(LAWS, tmp_path / "home", TODAY)


def test_cases_are_compared_one_by_one(tmp_path: Path) -> None:
    home, path = tmp_path / "home", tmp_path / "a.jsonl"

    def written(*rows: dict[str, str]) -> Path:
        path.write_text("\n".join(json.dumps(row, ensure_ascii=False) for row in rows), encoding="utf-8")
        return path

    one, two = {"id": "甲-1", "title": "一", "facts": "旧"}, {"id": "甲-2", "title": "二", "facts": "又"}
    fresh = preview.cases(written(one, two), home)
    assert not home.exists()
    assert (fresh.new, fresh.changes) == (2, True)
    ingest.ingest_cases(written(one, two), home)
    teaching = {"id": "教学案例-租赁-01", "title": "冒名", "facts": "冒名"}
    rows = ({**one, "facts": "新"}, two, {"id": "甲-3", "title": "三", "facts": "三"}, teaching, {"id": "坏"})
    before = state(home)
    found = preview.cases(written(*rows), home)
    assert state(home) == before
    assert (found.new, found.replaced, found.same, found.refused, found.faulty) == (1, 1, 1, 1, 1)
    assert found.examples["new"] == [("甲-3", "三")]
    assert [place for place, _ in found.skipped] == ["a.jsonl:5"]
    ingest.ingest_cases(written(*rows), home)
    assert not preview.cases(written(*rows), home).changes
