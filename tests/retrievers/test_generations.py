from datetime import date
from pathlib import Path

import pytest

from deploy.learned import knowledge
from retrievers import generations, sources, versions
from retrievers.corpus import Corpus
from retrievers.embedded import Shipped
from retrievers.lawrefbook import Article
from retrievers.versions import Edition
from tests.retrievers.conftest import LAWS, SHIPPED

TODAY = date(2026, 11, 20)


def built(home: Path, official: list[Edition], shipped: Shipped = SHIPPED) -> Corpus:
    store = generations.laws_store(home)
    with store.writing():
        assert generations.build_laws(store, official, shipped, knowledge())
    return Corpus(store.generation(store.current() or ""))


def official(law: str, version: str, *numbers: int) -> Edition:
    articles = tuple(Article(n, 0, f"第{n}条", f"{law}原文{n}") for n in numbers)
    return Edition(law, version, "民法商法", "x.md", articles, starts=date.fromisoformat(version))


def kinds(corpus: Corpus, law: str, *numbers: int) -> list[str]:
    found = [corpus.article(law, number, 0, TODAY) for number in numbers]
    return [passage.kind if passage else "" for passage in found]


def test_official_text_takes_the_place_of_the_digest(tmp_path: Path) -> None:
    corpus = built(tmp_path, [official("星火租赁法", "2023-03-01", 1, 2)])
    assert kinds(corpus, "星火租赁法", 1, 2) == ["official", "official"]
    assert kinds(corpus, "月光法", 7) == ["digest"]


def test_digests_of_articles_that_were_not_imported_stay(tmp_path: Path) -> None:
    corpus = built(tmp_path, [official("星火租赁法", "2023-03-01", 2)])
    assert kinds(corpus, "星火租赁法", 1, 2) == ["digest", "official"]
    digest = corpus.article("星火租赁法", 1, 0, TODAY)
    assert digest is not None
    assert digest.id == "星火租赁法#1"


def test_a_digest_of_a_newer_version_outranks_an_older_import(tmp_path: Path) -> None:
    corpus = built(tmp_path, [official("星火租赁法", "2019-05-10", 1, 2)])
    assert kinds(corpus, "星火租赁法", 1) == ["digest"]
    old = corpus.article("星火租赁法", 2, 0, TODAY)
    assert old is not None
    assert (old.id, old.status) == ("星火租赁法@2019-05-10#2", "superseded")


def test_a_digest_of_an_older_version_goes(tmp_path: Path) -> None:
    corpus = built(tmp_path, [official("星火租赁法", "2025-01-01", 2)])
    assert kinds(corpus, "星火租赁法", 1, 2) == ["", "official"]


def test_the_same_content_is_the_same_generation(tmp_path: Path) -> None:
    documents, _ = sources.documents(LAWS)
    editions = versions.editions(documents)
    store = generations.laws_store(tmp_path)
    with store.writing():
        assert generations.build_laws(store, editions, SHIPPED, knowledge())
        first = store.current()
        assert not generations.build_laws(store, editions[::-1], SHIPPED, knowledge())
        assert generations.build_laws(store, editions[1:], SHIPPED, knowledge())
        assert store.current() != first


def test_progress_counts_both_indexes(tmp_path: Path) -> None:
    seen: list[tuple[int, int, str]] = []
    store = generations.cases_store(tmp_path)
    with store.writing():
        generations.build_cases(store, [], SHIPPED, lambda *step: seen.append(step))
    assert seen[0][:2] == (0, 4)
    assert seen[-1] == (4, 4, "建立索引")


def test_a_failing_build_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    built(tmp_path, [])
    store = generations.laws_store(tmp_path)
    before = store.current()

    def fail(*_: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(generations.index, "build", fail)
    with pytest.raises(OSError, match="no space"), store.writing():
        generations.build_laws(store, [official("某法", "2020-01-01", 1)], SHIPPED, knowledge())
    assert store.current() == before
    assert store.is_whole(before or "")
