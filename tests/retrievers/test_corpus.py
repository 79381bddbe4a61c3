from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from retrievers import corpus, sources, versions
from retrievers.contracts import CorruptIndex, Successor
from retrievers.corpus import Corpus, Extra
from retrievers.lawrefbook import Article
from retrievers.versions import Edition
from tests.retrievers.conftest import LAWS

TODAY = date(2026, 11, 20)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("corpus")
    documents, _ = sources.documents(LAWS)
    corpus.write(
        versions.arrange(versions.editions(documents)), {"星河法典#1": Extra("天文", questions=("看星星",))}, path
    )
    return path


@pytest.fixture(scope="module")
def stored(folder: Path) -> Corpus:
    return Corpus(folder)


def test_an_article_holds_all_that_is_known_of_it(stored: Corpus) -> None:
    passage = stored.article("星火租赁法", 1, 0, TODAY)
    assert passage is not None
    assert (passage.id, passage.name, passage.version) == ("星火租赁法#1", "《星火租赁法》第一条", "2023-03-01")
    assert (passage.kind, passage.status, passage.authority) == ("official", "in_force", "verified")
    assert (passage.effective_from, passage.effective_to) == (date(2023, 7, 1), None)
    assert (passage.category, passage.source) == ("民法商法", "民法商法/星火租赁法(2023-03-01).md")
    assert passage.text.startswith("星火租赁应当立下字据。\n字据可以")


def test_the_version_of_the_day_is_given(stored: Corpus) -> None:
    old = stored.article("星火租赁法", 2, 0, date(2022, 1, 1))
    assert old is not None
    assert (old.id, old.text, old.status) == ("星火租赁法@2019-05-10#2", "租期最长十年。", "in_force")
    early = stored.article("星火租赁法", 2, 0, date(2000, 1, 1))
    assert early is not None
    assert (early.id, early.status) == ("星火租赁法@2019-05-10#2", "not_yet")


def test_a_repealed_law_is_found_with_its_end(stored: Corpus) -> None:
    gone = stored.article("灯塔租赁条例", 1, 0, TODAY)
    assert gone is not None
    assert gone.status == "repealed"
    assert not gone.citable
    assert "星火租赁法" in gone.changed_by
    assert gone.successor == Successor(law="星火租赁法")
    assert gone.effective_to == date(2023, 7, 1)


def test_an_older_version_names_the_article_that_took_its_place(stored: Corpus) -> None:
    [old] = [row for row in stored.versions("星火租赁法", 2, 0, TODAY) if row.version == "2019-05-10"]
    assert (old.status, old.effective_to) == ("superseded", date(2023, 7, 1))
    assert old.successor == Successor(law="星火租赁法", version="2023-03-01", id="星火租赁法#2")
    [before] = stored.at([stored.positions([old.id])[old.id]], date(2023, 6, 30)).values()
    assert (before.status, before.successor, before.effective_to) == ("in_force", None, date(2023, 7, 1))


def test_an_article_that_the_newer_version_lacks_is_succeeded_by_the_law_alone(tmp_path: Path) -> None:
    article = Article(1, 0, "第一条", "一。")
    old = Edition(
        "甲法", "2010-01-01", "行政法", "x", (article, replace(article, number=2, name="第二条", text="二。"))
    )
    corpus.write(versions.arrange([old, replace(old, version="2020-01-01", articles=(article,))]), {}, tmp_path)
    [gone] = Corpus(tmp_path).versions("甲法", 2, 0, TODAY)
    assert gone.successor == Successor(law="甲法", version="2020-01-01")
    assert gone.effective_to is None, "the newer version does not say when it took effect"


def test_the_versions_of_an_article_come_newest_first(stored: Corpus) -> None:
    found = stored.versions("星火租赁法", 2, 0, TODAY)
    assert [(row.id, row.status) for row in found] == [
        ("星火租赁法#2", "in_force"),
        ("星火租赁法@2019-05-10#2", "superseded"),
    ]
    assert stored.versions("星火租赁法", 9, 0, TODAY) == stored.versions("没有", 1, 0, TODAY) == []


def test_ids_leave_marks_out_and_are_found_with_them(stored: Corpus) -> None:
    plain, marked = "最高人民法院关于适用星火租赁法的解释#1", "最高人民法院关于适用《星火租赁法》的解释#1"
    positions = stored.positions([plain, marked, "没有#1"])
    assert set(positions) == {plain, marked}
    [passage] = stored.at(list(set(positions.values())), TODAY).values()
    assert (passage.id, passage.law) == (plain, "最高人民法院关于适用《星火租赁法》的解释")


def test_missing_articles_and_the_last_one(stored: Corpus) -> None:
    assert stored.article("星河法典", 4, 0, TODAY) is None
    assert stored.article("没有", 1, 0, TODAY) is None
    assert (stored.last_article("星河法典", TODAY), stored.last_article("没有", TODAY)) == (3, None)


def test_what_was_written_can_be_imported_on(folder: Path, stored: Corpus) -> None:
    again = corpus.read_editions(folder)
    documents, _ = sources.documents(LAWS)
    known = {(e.law, e.version): e for e in versions.editions(documents)}
    assert {(e.law, e.version) for e in again} == set(known)
    for edition in again:
        assert edition.articles == known[edition.law, edition.version].articles
        assert (edition.starts, set(edition.repeals)) == (
            known[edition.law, edition.version].starts,
            set(known[edition.law, edition.version].repeals),
        )
    assert stored.counts() == {"laws": 7, "articles": 18, "official": 18, "digests": 0}
    assert stored.fields() == {"天文": list(stored.positions(["星河法典#1"]).values())}


def test_a_damaged_file_is_named(tmp_path: Path) -> None:
    (tmp_path / corpus.FILE).write_bytes(b"not a database, only some text" * 100)
    with pytest.raises(CorruptIndex, match=r"passages\.sqlite"):
        Corpus(tmp_path)
