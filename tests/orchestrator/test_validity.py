"""Law that is not in force is never cited as law: through search, answer and verification, in both modes."""

import json
import os
from collections.abc import AsyncIterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from deploy.learned import knowledge
from orchestrator import finding
from orchestrator.services import Limits, Services
from retrievers import ingest
from retrievers.contracts import Query
from retrievers.library import LocalLibrary
from tests.orchestrator.doubles import Pool, card
from tests.orchestrator.offices import TODAY, Office, planner, speaker
from tests.orchestrator.test_consultations import COMPLETE
from tests.retrievers.conftest import LAWS

DATA = Path(os.environ.get("LEXHUB_TEST_DATA", "/nonexistent"))
MODES = pytest.mark.parametrize("mode", ["normal", "professional"])

TRUE = "按照《星火租赁法》第二条，租期最长二十年。\n"
REPEALED = "依据《灯塔租赁条例》第一条，灯油钱每月三十文。\n"
SUPERSEDED = "按照《星火租赁法》第二条，租期最长十年。\n"
OLD_VERSION = "按照《星火租赁法》(2019版)第二条，租期最长十年。\n"
REAL = [  # (law, article, the last day on which it was law)
    ("最高人民法院关于适用《婚姻法》若干问题的解释（二）", 24, date(2020, 12, 31)),
    ("最高人民法院关于适用《担保法》若干问题的解释", 1, date(2020, 12, 31)),
    ("个体工商户条例", 8, date(2022, 10, 31)),
    ("治安管理处罚法", 43, date(2025, 12, 31)),
    ("反不正当竞争法", 2, date(2025, 10, 14)),
    ("传染病防治法", 2, date(2025, 8, 31)),
    ("仲裁法", 2, date(2026, 2, 28)),
    ("网络安全法", 2, date(2025, 12, 31)),
    ("海商法", 2, date(2026, 4, 30)),
    ("增值税暂行条例", 1, date(2025, 12, 31)),
]


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> LocalLibrary:
    """The shipped digests and the invented laws of tests/data/laws."""
    home = tmp_path_factory.mktemp("home")
    ingest.ingest_laws(LAWS, home, knowledge())
    return LocalLibrary.open(home, knowledge(), today=lambda: TODAY)


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> LocalLibrary:
    """All official texts at hand."""
    if not (DATA / "laws-md.tar.xz").is_file():
        pytest.skip("LEXHUB_TEST_DATA is not set")
    home = tmp_path_factory.mktemp("home")
    ingest.ingest_laws(DATA / "laws-md.tar.xz", home, knowledge())
    return LocalLibrary.open(home, knowledge(), today=lambda: TODAY)


@pytest.fixture
async def office(library: LocalLibrary, tmp_path: Path) -> AsyncIterator[Office]:
    made = Office(tmp_path / "sessions.sqlite", library)
    await made.restart()
    yield made
    await made.close()


def rejected(reply: dict[str, Any]) -> list[str]:
    return [row["sentence"] for entry in reply["trace"] for row in entry["details"].get("rejected", [])]


async def said(office: Office, mode: str, text: str, **settings: Any) -> dict[str, Any]:
    """The reply of a consultation whose dialogue model says `text`."""
    office.pool.replace(speaker(text))
    return await office.say(await office.session(mode, confirm="auto", **settings), COMPLETE)


@MODES
async def test_repealed_and_superseded_law_is_dropped_from_an_answer(office: Office, mode: str) -> None:
    reply = await said(office, mode, REPEALED + SUPERSEDED + OLD_VERSION + TRUE)
    assert rejected(reply) == [REPEALED.strip(), SUPERSEDED.strip(), OLD_VERSION.strip()]
    assert [row["id"] for row in reply["citations"]] == ["星火租赁法#2"]
    assert "灯塔" not in reply["answer"]
    assert "十年" not in reply["answer"].replace("二十年", "")


@MODES
@pytest.mark.parametrize(
    ("day", "kept", "cited"),
    [
        ("2023-06-30", [REPEALED, SUPERSEDED, OLD_VERSION], ["灯塔租赁条例#1", "星火租赁法@2019-05-10#2"]),
        ("2023-07-01", [TRUE], ["星火租赁法#2"]),
        ("2019-08-31", [REPEALED], ["灯塔租赁条例#1"]),
    ],
    ids=["the day before", "the day itself", "before either version"],
)
async def test_what_is_cited_is_what_held_on_the_day(
    office: Office, mode: str, day: str, kept: list[str], cited: list[str]
) -> None:
    told = [REPEALED, SUPERSEDED, OLD_VERSION, TRUE]
    reply = await said(office, mode, "".join(told), as_of=day)
    assert rejected(reply) == [text.strip() for text in told if text not in kept]
    assert [row["id"] for row in reply["citations"]] == cited


@pytest.mark.parametrize(
    ("day", "found"),
    [
        ("2023-06-30", "星火租赁法@2019-05-10#2"),
        ("2023-07-01", "星火租赁法#2"),
        (None, "星火租赁法#2"),
    ],
)
async def test_a_search_shows_the_law_of_the_day_alone(office: Office, day: str | None, found: str) -> None:
    office.pool.replace(planner("article_search"))
    reply = await office.say(await office.session(as_of=day), "星火租赁的租期最长几年?灯塔的灯油钱每月多少文?")
    ids = [row["id"] for row in reply["citations"]]
    assert found in ids
    assert not [id for id in ids if id.startswith("星火租赁法") and "@" in id and id != found]
    assert ("灯塔租赁条例#1" in ids) == (day == "2023-06-30")


async def test_a_lookup_of_law_not_in_force_tells_what_governs(office: Office) -> None:
    office.pool.replace(planner("article_lookup"))
    gone = await office.say(await office.session(), "灯塔租赁条例第一条")
    assert gone["citations"] == []
    assert "《灯塔租赁条例》已被《星火租赁法》废止,自2023-07-01起失效" in gone["answer"].replace("，", ",")
    assert "三十文" not in gone["answer"]
    early = await office.say(await office.session(as_of="2019-08-31"), "星火租赁法第二条")
    assert early["citations"] == []
    assert "2019-09-01起施行" in early["answer"]
    assert "租期" not in early["answer"]


async def test_a_client_who_relies_on_repealed_law_is_told(office: Office) -> None:
    reply = await office.say(await office.session("normal"), COMPLETE + "灯塔租赁条例第一条说不用还")
    assert "法律变动提示" in reply["answer"]
    assert "星火租赁法" in reply["answer"].splitlines()[0]
    assert "灯塔租赁条例#1" not in [row["id"] for row in reply["citations"]]


async def test_an_article_model_cannot_bring_in_law_that_is_not_in_force(library: LocalLibrary) -> None:
    rows = [{"law": law, "article": "第二条", "weight": 0.9} for law in ("星火租赁法", "灯塔租赁条例")]
    named = card("proposer", "articles", options={"replies": [json.dumps({"articles": rows})] * 2})
    services = Services(library=library, models=Pool(named), limits=Limits(), today=lambda: TODAY)
    kept, missing, _ = await finding.proposals(services, "租期", as_of=date(2019, 8, 31))
    assert (kept, missing) == ((("灯塔租赁条例#2", 0.9),), 1)
    kept, missing, _ = await finding.proposals(services, "租期")
    assert (kept, missing) == ((("星火租赁法#2", 0.9),), 1)


# The real texts


@pytest.mark.parametrize(("law", "number", "last"), REAL, ids=[row[0] for row in REAL])
async def test_a_real_law_is_citable_until_its_last_day(real: LocalLibrary, law: str, number: int, last: date) -> None:
    sentence = f"依据《{law.replace('《', '〈').replace('》', '〉')}》第{number}条，应当这样。"
    for day, ok in ((last, True), (last + timedelta(days=1), False), (TODAY, False)):
        passage = await real.article(law, number, as_of=day)
        assert passage.citable == ok, passage
        assert (passage.successor is None) == ok
        [verdict] = await real.check([sentence], allowed="应当", as_of=day)
        assert verdict.ok == ok, verdict
        hits = await real.search_articles(Query(text=passage.text[:200], as_of=day, top=50))
        ranked = [hit.passage.citable for hit in hits]
        assert ranked == sorted(ranked, reverse=True)


@MODES
@pytest.mark.parametrize(("law", "number", "last"), REAL[:6], ids=[row[0] for row in REAL[:6]])
async def test_a_real_law_that_is_gone_is_dropped_from_an_answer(
    real: LocalLibrary, tmp_path: Path, mode: str, law: str, number: int, last: date
) -> None:
    office = Office(tmp_path / "sessions.sqlite", real)
    await office.restart()
    lie = f"依据《{law.replace('《', '〈').replace('》', '〉')}》第{number}条，可以这样。\n"
    after = (last + timedelta(days=1)).isoformat()
    for day in (None, after):
        reply = await said(office, mode, f"{lie}先催告。\n", as_of=day)
        assert rejected(reply) == [lie.strip()]
        assert reply["citations"] == []
    await office.close()


async def test_the_code_took_the_place_of_the_old_civil_laws(real: LocalLibrary) -> None:
    for day, ok in ((date(2020, 12, 31), False), (date(2021, 1, 1), True)):
        assert (await real.article("民法典", 577, as_of=day)).citable == ok
    for day in (date(2021, 1, 1), TODAY):
        [gone] = await real.resolve("合同法第一百零七条", as_of=day)
        assert (gone.outcome, "民法典" in gone.note) == ("repealed", True)
    [missing] = await real.resolve("合同法第一百零七条", as_of=date(2020, 12, 31))
    assert (missing.outcome, "废止" in missing.note) == ("no_such_law", False), "it was law then; its text is not here"


async def test_the_versions_of_real_laws_follow_one_another(real: LocalLibrary) -> None:
    new, old = await real.versions("公司法", 20)
    assert (old.effective_to, new.effective_from) == (date(2024, 7, 1), date(2024, 7, 1))
    assert old.successor is not None
    assert old.successor.id == new.id == "公司法#20"
    for day, id in ((date(2024, 6, 30), old.id), (date(2024, 7, 1), new.id)):
        assert (await real.article("公司法", 20, as_of=day)).id == id
    [lending] = await real.versions("民间借贷司法解释", 25)
    assert (lending.effective_from, lending.status) == (date(2021, 1, 1), "in_force")
    amended = await real.article("刑法", 133, 1, as_of=date(2024, 2, 29))
    assert amended.status == "not_yet", "the text at hand is the twelfth amendment's"
    assert (await real.article("刑法", 133, 1, as_of=date(2024, 3, 1))).citable
    [amending] = await real.versions("刑法修正案（十二）", 1)
    assert amending.effective_from == date(2024, 3, 1)
