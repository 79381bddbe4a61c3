"""The law's tab: an article by any notation, or a search among articles or cases, each with why it was found."""

import re

import pytest

from deploy.page.tools import naming
from deploy.page.tools.articles import answer
from deploy.page.tools.naming import Named
from deploy.page.tools.panel import Told, answered
from deploy.sdk import AsyncLexhub
from tests.deploy.page.tools.conftest import Visiting

HOSTILE = "\"><img src=x onerror=alert(1)>'"


async def found(client: AsyncLexhub, query: str, **values: str) -> str:
    made = await answer(client, Told(action="find", values={"query": query, **values}), "zh")
    assert made.panel is not None
    return made.panel


@pytest.mark.parametrize(
    ("written", "named"),
    [
        ("民法典675", [Named("民法典", "675")]),
        ("《民法典》675", [Named("民法典", "675")]),
        ("刑法133-1", [Named("刑法", "133-1")]),
        ("民法典#675", [Named("民法典", "675")]),
        ("劳动合同法第四十七条第二款", [Named("劳动合同法", "47", 2)]),
        ("《刑法》第一百三十三条之一", [Named("刑法", "133-1")]),
        ("民法典 第 675 条", [Named("民法典", "675")]),
        ("公司法(2018修正)第20条", [Named("公司法(2018修正)", "20")]),
        ("请问民法典第六百七十五条是什么内容?", [Named("民法典", "675")]),
        ("民法典第675条、第676条", [Named("民法典", "675"), Named("民法典", "676")]),
    ],
)
def test_a_citation_alone_is_looked_up_and_not_searched(written: str, named: list[Named]) -> None:
    assert naming.read(written) == naming.Reading(tuple(named), more=False)


@pytest.mark.parametrize("written", ["加班费怎么算", "借款50000", "我2024年3月借钱给他,他不还", "民法典"])
def test_what_names_no_article_is_searched(written: str) -> None:
    reading = naming.read(written)
    assert reading.more or all(one.law == "借款" for one in reading.named)


def test_a_question_about_an_article_is_looked_up_and_searched() -> None:
    assert naming.read("民法典第675条说的合理期限一般是几天") == naming.Reading((Named("民法典", "675"),), more=True)


async def test_an_article_is_shown_with_its_version_and_status(visiting: Visiting) -> None:
    async with visiting() as client:
        made = await found(client, "民法典675")
        part = await found(client, "劳动合同法第四十七条第二款")
    assert re.search(r'data-law="民法典" data-number="675"', made)
    assert "现行有效" in made and "2021-01-01 起" in made and "要旨(非原文)" in made
    assert "不分款" in part


async def test_an_article_that_does_not_exist_is_said_to_be_none(visiting: Visiting) -> None:
    async with visiting() as client:
        made = await found(client, "民法典第9999条")
    assert "没有第9999条" in made and "lx-found" not in made


async def test_a_search_tells_its_keywords_and_why_each_was_found(visiting: Visiting) -> None:
    async with visiting() as client:
        made = await found(client, "加班费怎么算")
    assert "劳动法#44" in made
    assert '<span class="lx-term" lang="zh-CN">加班费</span>' in made
    assert made.count("为什么找到") == made.count('class="lx-found"') == 10
    assert re.search(r"字面相同：[^<]*加班", made)


async def test_invented_cases_say_so_and_the_filters_count(visiting: Visiting) -> None:
    async with visiting() as client:
        made = await found(client, "加班费怎么算", what="cases")
        charge = await found(client, "偷了邻居的电动车", what="cases", charge="盗窃")
        none = await found(client, "加班费怎么算", what="cases", level="最高")
        id = re.findall(r'data-action="case" data-id="([^"]+)"', made)[0]
        drawer = (await answer(client, Told(action="case", id=id), "zh")).drawer or ""
    assert made.count("虚构教学案例") == made.count('class="lx-found"') == 10
    assert "相同" in made and "不同" in made
    titles = re.findall(r'<p class="lx-small" lang="zh-CN">([^<]+)</p>', charge)
    assert titles and all("盗窃" in title for title in titles)
    assert "没有找到" in none
    assert "没有这样一份判决" in drawer


async def test_hostile_words_are_words(visiting: Visiting) -> None:
    async with visiting() as client:
        for lang in ("zh", "en"):
            made = await answered(answer, client, {"action": "find", "values": {"query": HOSTILE}}, lang)  # type: ignore[arg-type]
            assert "<img" not in (made.panel or "")
        day = await found(client, "民法典675", as_of="昨天")
    assert "2024-03-05" in day and "lx-found" not in day


async def test_what_the_api_would_refuse_is_shown_with_its_code(visiting: Visiting) -> None:
    async with visiting() as client:
        long = await answered(answer, client, {"action": "find", "values": {"query": "借" * 50_000}}, "zh")
        odd = await answered(answer, client, {"action": ["find"], "values": "<b>"}, "zh")
    assert "invalid_request" in (long.panel or "") or "invalid_message" in (long.panel or "")
    assert "invalid_request" in (odd.panel or "")
