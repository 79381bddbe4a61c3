import json
from datetime import date
from pathlib import Path

import pytest

from deploy.learned import knowledge
from retrievers import checking, digests, embedded, generations
from retrievers.contracts import plain_title
from retrievers.corpus import Extra
from retrievers.embedded import Shipped
from retrievers.lawrefbook import Article
from retrievers.versions import Edition


def test_every_digest_becomes_an_article_with_words_to_find_it_by() -> None:
    rows = list(digests.digests())
    shipped = embedded.shipped()
    articles = [(plain_title(e.law), a.number, a.sub) for e in shipped.editions for a in e.articles]
    assert len(articles) == len(set(articles)) == len(rows)
    asked = {row.id for row in digests.questions()}
    assert asked.isdisjoint(row.id for row in rows)
    assert set(shipped.extras) == {row.id for row in rows} | asked
    assert all(extra.questions for extra in shipped.extras.values())
    assert {case.kind for case in shipped.cases} == {"invented"}


def test_no_digest_quotes() -> None:
    """A digest is not the text of the law: the gate drops a sentence that puts words of it in quotation marks."""
    assert [row.id for row in digests.digests() if list(checking.quotations(row.digest))] == []


def test_facts_are_there_for_every_digested_law() -> None:
    missing = [e.law for e in embedded.shipped().editions if not e.version or e.last < e.articles[-1].number]
    assert missing == [], "run: python -m retrievers.embedded FOLDER_OF_OFFICIAL_TEXTS"


def test_the_civil_code_is_known_by_its_days() -> None:
    code = next(e for e in embedded.shipped().editions if e.law == "民法典")
    assert (code.version, code.starts, code.last) == ("2020-05-28", date(2021, 1, 1), 1260)
    assert code.articles[0].name.startswith("第")


def test_ensure_makes_both_corpora_once(tmp_path: Path, shipped: Shipped) -> None:
    embedded.ensure(tmp_path, knowledge())
    stores = generations.laws_store(tmp_path), generations.cases_store(tmp_path)
    manifests = [store.verified(store.current() or "") for store in stores]
    assert [(m.kind, m.imported, m.embedded) for m in manifests] == [
        ("laws", False, shipped.fingerprint),
        ("cases", False, shipped.fingerprint),
    ]
    assert manifests[0].reaches == date(2023, 3, 1)
    before = [path.stat().st_mtime_ns for path in sorted(tmp_path.rglob("*.sqlite"))]
    embedded.ensure(tmp_path, knowledge())
    assert [path.stat().st_mtime_ns for path in sorted(tmp_path.rglob("*.sqlite"))] == before


def test_other_shipped_texts_renew_what_was_made_of_them_alone(
    tmp_path: Path, shipped: Shipped, monkeypatch: pytest.MonkeyPatch
) -> None:
    embedded.ensure(tmp_path, knowledge())
    law = Edition("晨雾法", "", "社会法", "lexhub", (Article(1, 0, "第一条", "雾散了再出门。"),), "digest")
    asked = {"晨雾法#1": Extra("出行", questions=("雾天能出门吗",))}
    newer = Shipped((law,), asked, shipped.cases, (), "fedcba9876543210")
    monkeypatch.setattr(embedded, "shipped", lambda: newer)
    monkeypatch.setattr(embedded, "fingerprint", lambda: newer.fingerprint)
    embedded.ensure(tmp_path, knowledge())
    store = generations.laws_store(tmp_path)
    assert store.verified(store.current() or "").counts["articles"] == 1


def test_an_older_layout_of_the_shipped_texts_is_made_anew(tmp_path: Path, shipped: Shipped) -> None:
    embedded.ensure(tmp_path, knowledge())
    store = generations.laws_store(tmp_path)
    path = store.generation(store.current() or "") / "manifest.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "layout": 0}))
    embedded.ensure(tmp_path, knowledge())
    assert store.is_whole(store.current() or "")
