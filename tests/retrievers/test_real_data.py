"""The whole of a real LawRefBook folder, where one is at hand (LEXHUB_TEST_DATA)."""

import json
import lzma
import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

from deploy.learned import knowledge
from retrievers import ingest
from retrievers.contracts import Query
from retrievers.library import LocalLibrary

DATA = Path(os.environ.get("LEXHUB_TEST_DATA", "/nonexistent"))
TODAY = date(2026, 11, 20)

pytestmark = pytest.mark.skipif(not (DATA / "laws-md.tar.xz").is_file(), reason="LEXHUB_TEST_DATA is not set")


def lines(name: str) -> Iterator[dict[str, object]]:
    content = (DATA / name).read_bytes()
    yield from map(json.loads, (lzma.decompress(content) if name.endswith(".xz") else content).splitlines())


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("home")
    report = ingest.ingest_laws(DATA / "laws-md.tar.xz", path, knowledge())
    assert report.laws > 1400
    assert len(report.skipped) < 5
    return path


@pytest.fixture(scope="module")
def library(home: Path) -> LocalLibrary:
    return LocalLibrary.open(home, knowledge(), today=lambda: TODAY)


async def test_ids_and_texts_agree_with_the_reference(library: LocalLibrary) -> None:
    reference = {str(row["id"]): str(row["text"]) for row in lines("articles.jsonl.xz")}
    ids = list(reference)
    found = {passage.id: passage.text for passage in await library.passages(ids)}
    assert len(found) >= 0.999 * len(ids)
    assert sum(found[id_] == reference[id_] for id_ in found) >= 0.995 * len(ids)


@pytest.mark.parametrize(
    ("law", "number", "status"),
    [
        ("民法典", 1079, "in_force"),
        ("劳动合同法", 82, "in_force"),
        ("个体工商户条例", 1, "repealed"),
        ("最高人民法院关于适用担保法若干问题的解释", 1, "repealed"),
        ("最高人民法院关于适用物权法若干问题的解释（一）", 1, "repealed"),
        ("人民检察院刑事诉讼规则（试行）", 1, "repealed"),
        ("治安管理处罚法", 43, "superseded"),
        ("增值税暂行条例", 1, "repealed"),
        ("最高人民法院关于适用刑事诉讼法的解释", 1, "in_force"),
    ],
)
async def test_known_laws_have_their_status(library: LocalLibrary, law: str, number: int, status: str) -> None:
    assert (await library.article(law, number)).status == status


async def test_versions_hold_on_their_days(library: LocalLibrary) -> None:
    assert (await library.article("公司法", 20, as_of=date(2024, 6, 30))).id == "公司法@2018-10-26#20"
    assert (await library.article("公司法", 20, as_of=date(2024, 7, 1))).id == "公司法#20"
    assert (await library.article("民事诉讼法", 1, as_of=date(2023, 12, 31))).version == "2021-12-24"


async def test_search_finds_what_lawyers_found(library: LocalLibrary) -> None:
    questions = list(lines("stard_dev.jsonl"))
    recall = 0.0
    for row in questions:
        relevant = set(row["relevant"])  # type: ignore[call-overload]
        hits = await library.search_articles(Query(text=str(row["query"]), top=10))
        recall += len({hit.passage.id for hit in hits} & relevant) / len(relevant)
    assert recall / len(questions) > 0.6


def test_importing_it_again_changes_nothing(home: Path) -> None:
    assert not ingest.ingest_laws(DATA / "laws-md.tar.xz", home, knowledge()).changed
