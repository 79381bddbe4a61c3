import logging
import time
from datetime import date
from pathlib import Path

import pytest

from deploy.learned import knowledge
from retrievers import generations, ingest, library, tokenise
from retrievers.contracts import CorruptIndex, NoSuchArticle, NoSuchCase, Query, Term
from retrievers.library import LocalLibrary
from tests.retrievers.conftest import LAWS

TODAY = date(2026, 11, 20)

pytestmark = pytest.mark.usefixtures("shipped")


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return tmp_path


@pytest.fixture
def shelf(home: Path) -> LocalLibrary:
    """Digests and teaching cases alone."""
    return LocalLibrary.open(home, knowledge(), today=lambda: TODAY)


@pytest.fixture
def full(home: Path) -> LocalLibrary:
    """With the invented laws imported."""
    ingest.ingest_laws(LAWS, home, knowledge())
    return LocalLibrary.open(home, knowledge(), today=lambda: TODAY)


def damage(home: Path) -> Path:
    store = generations.laws_store(home)
    file = store.generation(store.current() or "") / "dictionary.txt"
    file.write_text(file.read_text(encoding="utf-8") + "x", encoding="utf-8")
    return file


async def test_a_fresh_home_serves_the_shipped_texts(shelf: LocalLibrary) -> None:
    state = await shelf.state()
    assert (state.laws, state.articles, state.official, state.digests) == (2, 2, 0, 2)
    assert (state.cases, state.invented, state.reaches) == (2, 2, date(2023, 3, 1))
    hit = (await shelf.search_articles(Query(text="月光借了不还怎么办")))[0]
    assert (hit.passage.id, hit.passage.authority) == ("月光法#7", "digest")


async def test_articles_are_found_by_story_keyword_and_proposal(full: LocalLibrary) -> None:
    hits = await full.search_articles(Query(text="坐渡船超载了,能退渡钱吗", top=3))
    assert hits[0].passage.id == "星河法典#3"
    assert hits[0].scores["words"] > 0
    hits = await full.search_articles(Query(text="船家不让上", keywords=(Term(term="渡船", weight=0.9),)))
    assert {hit.passage.id: hit for hit in hits}["星河法典#3"].scores["keywords"] == 1
    hits = await full.search_articles(
        Query(text="木匠", proposed=(("最高人民法院关于适用《星火租赁法》的解释#1", 0.9),))
    )
    given = {hit.passage.id: hit.scores.get("proposed") for hit in hits}
    assert given["最高人民法院关于适用星火租赁法的解释#1"] == 0.9


async def test_lay_words_of_our_digests_find_the_official_text(full: LocalLibrary) -> None:
    hits = await full.search_articles(Query(text="借火种要不要写条子"))
    assert (hits[0].passage.id, hits[0].passage.kind) == ("星火租赁法#1", "official")


async def test_texts_not_in_force_come_last(full: LocalLibrary) -> None:
    hits = await full.search_articles(Query(text="灯塔的看守人收取灯油钱,渡船退还渡钱,租期", top=20))
    citable = [hit.passage.citable for hit in hits]
    assert citable == sorted(citable, reverse=True)
    assert not citable[-1]
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    hits = await full.search_articles(Query(text="租期最长几年", as_of=date(2020, 1, 1)))
    assert hits[0].passage.id == "星火租赁法@2019-05-10#2"


async def test_an_article_by_any_name_and_day(full: LocalLibrary) -> None:
    assert (await full.article("中华人民共和国星火租赁法", 2)).version == "2023-03-01"
    assert (await full.article("星火租赁法", 2, as_of=date(2020, 1, 1))).version == "2019-05-10"
    assert (await full.article("纵火罚则", 1, 1)).article == "第一条之一"


async def test_all_versions_of_an_article_by_any_name(full: LocalLibrary) -> None:
    found = await full.versions("中华人民共和国星火租赁法", 2, as_of=date(2020, 1, 1))
    assert [(row.version, row.status) for row in found] == [("2023-03-01", "not_yet"), ("2019-05-10", "in_force")]
    with pytest.raises(NoSuchArticle, match="《星火租赁法》没有第99条"):
        await full.versions("星火租赁法", 99)


async def test_passages_by_id_have_the_status_of_the_day(full: LocalLibrary) -> None:
    [past] = await full.passages(["星火租赁法@2019-05-10#1"], date(2020, 1, 1))
    [today] = await full.passages(["星火租赁法@2019-05-10#1"])
    assert (past.status, today.status) == ("in_force", "superseded")


@pytest.mark.parametrize(
    ("law", "number", "told"),
    [
        ("星河法典", 9999, "《星河法典》没有第9999条,现行《星河法典》共3条"),
        ("火星法", 3, "没有收录《火星法》"),
        ("婚姻法", 3, "《婚姻法》.*废止.*《民法典》"),
    ],
)
async def test_what_is_missing_is_said(full: LocalLibrary, law: str, number: int, told: str) -> None:
    with pytest.raises(NoSuchArticle, match=told):
        await full.article(law, number)


async def test_a_law_known_by_digests_alone_is_known_to_end(shelf: LocalLibrary) -> None:
    with pytest.raises(NoSuchArticle, match="《星火租赁法》没有第4条,现行《星火租赁法》共3条"):
        await shelf.article("星火租赁法", 4)
    with pytest.raises(NoSuchArticle, match="没有收录《星火租赁法》第2条"):
        await shelf.article("星火租赁法", 2)


async def test_passages_keep_the_order_and_leave_unknown_ids_out(full: LocalLibrary) -> None:
    found = await full.passages(["星河法典#2", "没有#1", "星火租赁法@2019-05-10#1", "星河法典#2"])
    assert [passage.id for passage in found] == ["星河法典#2", "星火租赁法@2019-05-10#1", "星河法典#2"]


async def test_citations_are_resolved_and_checked(full: LocalLibrary) -> None:
    text = "依照《星火租赁法》第二条,租期最长二十年。《灯塔租赁条例》第一条怎么说?《星河法典》第八十条呢?"
    found = await full.resolve(text)
    assert [(row.mention.id, row.outcome) for row in found] == [
        ("星火租赁法#2", "found"),
        ("灯塔租赁条例#1", "repealed"),
        ("星河法典#80", "no_such_article"),
    ]
    right, wrong = await full.check(
        ["依照《星火租赁法》第二条,租期最长二十年。", "依照《星火租赁法》第二条,租期最长九年。"]
    )
    assert (right.ok, wrong.ok) == (True, False)
    [past] = await full.check(["依照《星火租赁法》第二条,租期最长十年。"], as_of=date(2020, 1, 1))
    assert past.ok


@pytest.mark.parametrize(
    ("sentence", "day", "ok"),
    [
        ("根据《灯塔租赁条例》,灯油钱照付。", TODAY, False),
        ("根据《灯塔租赁条例》,灯油钱照付。", date(2023, 6, 30), True),
        ("根据《合同法》,灯油钱照付。", TODAY, False),
        ("根据《中华人民共和国合同法》,灯油钱照付。", date(2020, 12, 31), True),
        ("《灯塔租赁条例》已被《星火租赁法》废止。", TODAY, True),
        ("这是原《合同法》里的说法,现在看《星火租赁法》。", TODAY, True),
        ("《星火租赁法》取代了《灯塔租赁条例》。", TODAY, True),
        ("根据《最高人民法院关于适用《合同法》若干问题的解释（二）》,灯油钱照付。", TODAY, False),
        ("根据《星火租赁法》,灯油钱照付。", TODAY, True),
    ],
)
async def test_a_law_that_is_gone_is_named_as_such_alone(
    full: LocalLibrary, sentence: str, day: date, ok: bool
) -> None:
    [verdict] = await full.check([sentence], as_of=day)
    assert verdict.ok == ok, verdict


async def test_cases_are_found_limited_and_fetched(shelf: LocalLibrary) -> None:
    [hit] = await shelf.search_cases(Query(text="借了月光没有还"))
    assert hit.case.id == "教学案例-借贷-01"
    assert await shelf.search_cases(Query(text="借了月光没有还", pool=("教学案例-租赁-01", "没有"))) == []
    both = Query(text="租了火种,借了月光", field="租赁")
    assert [hit.case.field for hit in await shelf.search_cases(both)] == ["租赁", "借贷"]
    assert (await shelf.case("教学案例-租赁-01")).title == "木板被雨淋坏"
    with pytest.raises(NoSuchCase, match="没有编号"):
        await shelf.case("没有")


async def test_an_import_takes_over_while_serving(
    shelf: LocalLibrary, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(library, "LOOK_EVERY", 0.0)
    before = (await shelf.state()).generation
    ingest.ingest_laws(LAWS, home, knowledge())
    deadline = time.monotonic() + 20
    while (state := await shelf.state()).generation == before and time.monotonic() < deadline:
        assert (await shelf.article("月光法", 7)).kind == "digest"
        time.sleep(0.01)
    assert state.official == 18


async def test_a_damaged_newer_generation_is_logged_and_left_alone(
    shelf: LocalLibrary, home: Path, caplog: pytest.LogCaptureFixture
) -> None:
    ingest.ingest_laws(LAWS, home, knowledge())
    file = damage(home)
    with caplog.at_level(logging.ERROR):
        shelf.renew()
        shelf.renew()
    assert [str(file) in record.getMessage() for record in caplog.records if record.levelno >= logging.ERROR] == [True]
    assert (await shelf.state()).official == 0


async def test_a_damaged_generation_is_taken_once_it_is_mended(shelf: LocalLibrary, home: Path) -> None:
    ingest.ingest_laws(LAWS, home, knowledge())
    file = damage(home)
    shelf.renew()
    file.write_text(file.read_text(encoding="utf-8")[:-1], encoding="utf-8")
    shelf.renew()
    assert (await shelf.state()).official == 0
    ingest.ingest_laws(LAWS, home, knowledge())  # nothing new: the pointer is not written again
    pointer = generations.laws_store(home).folder / "CURRENT"
    pointer.write_text(pointer.read_text(encoding="ascii"), encoding="ascii")
    shelf.renew()
    assert (await shelf.state()).official == 18


def test_an_index_cut_by_another_tokeniser_is_refused(
    full: LocalLibrary, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(tokenise, "VERSION", 2)
    tokenise.tokeniser.cache_clear()
    with pytest.raises(CorruptIndex, match="another tokeniser"):
        LocalLibrary(home, knowledge())
    tokenise.tokeniser.cache_clear()


def test_a_damaged_corpus_alone_is_refused(full: LocalLibrary, home: Path) -> None:
    file = damage(home)
    with pytest.raises(CorruptIndex, match=file.name):
        LocalLibrary.open(home, knowledge())
