"""The tables of validity: consistent in themselves, and, where official texts are at hand, with what these say."""

import os
from collections import Counter
from pathlib import Path

import pytest
import yaml

from retrievers import sources, tables, versions
from retrievers.contracts import plain_title

DATA = Path(os.environ.get("LEXHUB_TEST_DATA", "/nonexistent"))
official = pytest.mark.skipif(not (DATA / "laws-md.tar.xz").is_file(), reason="LEXHUB_TEST_DATA is not set")


@pytest.fixture(scope="module")
def editions() -> list[versions.Edition]:
    documents, _ = sources.documents(DATA / "laws-md.tar.xz")
    return versions.arrange(versions.editions(documents))


def test_a_law_is_gone_once() -> None:
    rows = tables.gone()
    assert Counter(row.law for row in rows).most_common(1)[0][1] == 1
    assert all(row.adopted <= row.since for row in rows)
    assert [row.law for row in rows if row.law == row.now and not row.amended] == []


def test_a_law_that_took_the_place_of_another_is_not_gone_itself() -> None:
    ended = {row.law: row for row in tables.gone() if not row.amended}
    assert [row.law for row in ended.values() if row.now in ended] == []


def test_a_change_is_adopted_before_it_holds() -> None:
    assert all(row.adopted < row.since for row in tables.changed())


def test_titles_in_the_table_of_starts_are_those_that_are_looked_up() -> None:
    table = yaml.safe_load((tables.HERE / "effective.yaml").read_text(encoding="utf-8"))
    assert [law for law in table["laws"] if law != plain_title(law)] == []
    assert all(adopted <= start for row in table["laws"].values() for adopted, start in row.items())
    assert all(row["adopted"] <= row["from"] for row in table["packages"])
    packages = [(row["adopted"], category) for row in table["packages"] for category in row["categories"]]
    assert len(packages) == len(set(packages))


def test_a_package_speaks_of_its_categories_and_not_of_its_exceptions() -> None:
    day = yaml.safe_load("2021-04-29")
    assert tables.package_start("食品安全法", day, "行政法") == day
    assert tables.package_start("海上交通安全法", day, "行政法") is None
    assert tables.package_start("食品安全法", day, "刑法") is None


@official
def test_no_text_contradicts_the_table(editions: list[versions.Edition]) -> None:
    told: dict[str, set[object]] = {}
    for edition in editions:
        for repeal in edition.repeals:
            told.setdefault(plain_title(repeal.title), set()).add(repeal.day)
    agreeing = [row for row in tables.gone() if row.since in told.get(plain_title(row.law), ())]
    silent = [row for row in tables.gone() if plain_title(row.law) not in told]
    assert len(agreeing) + len(silent) == len(tables.gone())
    assert {row.law for row in agreeing} >= {"婚姻法", "继承法", "民法通则", "收养法", "担保法", "合同法", "物权法"}


@official
def test_every_text_that_the_table_names_has_ended(editions: list[versions.Edition]) -> None:
    ended = {(text.law, text.version): text.end for text in versions.validities(editions)}
    laws = {plain_title(row.law) for row in tables.gone()}
    held = [edition for edition in editions if plain_title(edition.law) in laws]
    assert len(held) > 50
    assert [edition.law for edition in held if ended[edition.law, edition.version] is None] == []


@official
def test_no_version_takes_effect_long_before_it_was_adopted(editions: list[versions.Edition]) -> None:
    early = [e.law for e in editions if e.starts and e.version and e.starts.isoformat() < e.version]
    assert len(early) <= 1, "one notice of 1994 holds from the beginning of its year"


@official
def test_no_text_of_an_old_civil_law_is_left(editions: list[versions.Edition]) -> None:
    words = ("合同法》若", "婚姻法》", "担保法》", "物权法》", "继承法》", "民法通则》", "民法总则》", "侵权责任法》")
    ended = {text.law: text.end for text in versions.validities(editions)}
    left = [law for law in ended if any(word in law for word in words) and ended[law] is None]
    assert left == []
