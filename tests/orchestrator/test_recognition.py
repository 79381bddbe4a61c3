"""Which causes a story is about: by its words, and by the articles that the search finds for it."""

from datetime import date

from orchestrator import recognition
from orchestrator.domains import packs
from orchestrator.reasoning import recognise
from retrievers.library import LocalLibrary

DAY = date(2026, 11, 20)
UNNAMED = "什么情形算是劳动者严重失职，什么情形算是不能胜任工作？"  # no word of any cause


async def test_a_story_without_the_words_of_a_cause_is_known_by_its_articles(library: LocalLibrary) -> None:
    pack = packs()["劳动"]
    assert recognise(pack, UNNAMED) == []
    found = await recognition.causes(library, pack, UNNAMED, DAY)
    assert found.ids == found.added == ["dismissal"]
    assert max(found.votes, key=lambda id: found.votes[id]) == "dismissal"


async def test_what_the_words_name_stays_first(library: LocalLibrary) -> None:
    pack, story = packs()["劳动"], "老板拖欠我三个月工资，昨天又把我辞退了，一分钱补偿没有"
    named = [cause.id for cause in recognise(pack, story)]
    found = await recognition.causes(library, pack, story, DAY)
    assert found.ids[: len(named)] == named
    assert found.ids[len(named) :] == found.added


async def test_words_about_nothing_of_the_field_add_no_cause(library: LocalLibrary) -> None:
    found = await recognition.causes(library, packs()["民间借贷"], "今天天气不错，想去公园走走", DAY)
    assert found.ids == []


def test_an_article_of_one_cause_says_more_than_one_of_many() -> None:
    pack = packs()["民间借贷"]
    votes = recognition.voted(pack, {"民法典#675": 0.5})
    assert votes["recover"] > 0
    whole = sum(votes.values())
    assert 0 < whole <= 0.5 * len(pack.causes)
    assert set(recognition.voted(pack, {"民法典#1079": 0.9}).values()) == {0.0}
