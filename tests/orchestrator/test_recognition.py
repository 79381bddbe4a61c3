"""Which causes a story is about: by its words, and by the articles that the search finds for it."""

from datetime import date

import pytest

from orchestrator import examples, recognition
from orchestrator.domains import packs
from orchestrator.reasoning import recognise
from orchestrator.recognition import Spoken, Stories
from retrievers.library import LocalLibrary

DAY = date(2026, 11, 20)


async def test_what_the_words_name_is_among_the_causes_and_what_else_is_added_is_told_apart(
    library: LocalLibrary,
) -> None:
    pack, story = packs()["劳动"], "老板拖欠我三个月工资，昨天又把我辞退了，一分钱补偿没有"
    named = {cause.id for cause in recognise(pack, story)}
    found = await recognition.causes(library, Spoken(pack, story), DAY)
    assert named == {"wages", "dismissal"}
    assert named <= set(found.ids)
    assert set(found.added) == set(found.ids) - named
    assert found.votes


def test_the_law_found_names_a_cause_where_words_and_examples_do_not() -> None:
    pack = packs()["劳动"]
    assert recognition.weighed(Spoken(pack, "这样做对吗"), {}).ids == []
    found = recognition.weighed(Spoken(pack, "这样做对吗"), {"dismissal": 0.8, "wages": 0.05})
    assert found.ids == found.added == ["dismissal"]


@pytest.mark.long
def test_examples_name_a_cause_in_other_words() -> None:
    for name, pack in packs().items():
        told = examples.read(name)[::24]
        by_words = sum(row.cause in {one.id for one in recognise(pack, row.text)} for row in told)
        by_all = sum(row.cause in recognition.weighed(Spoken(pack, row.text), {row.cause: 1.0}).ids for row in told)
        assert by_all >= by_words, name
        assert by_all > 0.9 * len(told), name


def test_the_likeliest_comes_first_and_an_unlikely_one_is_left_out() -> None:
    pack = packs()["劳动"]
    story = "老板拖欠我三个月工资，昨天又把我辞退了，一分钱补偿没有"
    chances = recognition.probabilities(Spoken(pack, story), {"dismissal": 0.4})
    assert sum(chances.values()) == pytest.approx(1)
    found = recognition.weighed(Spoken(pack, story), {"dismissal": 0.4}).ids
    assert found == sorted(found, key=lambda id: -chances[id])
    assert all(chances[id] >= recognition.NAMED for id in found[1:])


def test_a_few_words_are_like_many_examples_and_add_nothing() -> None:
    found = recognition.weighed(Spoken(packs()["民间借贷"], "朋友欠我三万不还"), {})
    assert found.ids == ["recover"]


async def test_words_about_nothing_of_the_field_add_no_cause(library: LocalLibrary) -> None:
    found = await recognition.causes(library, Spoken(packs()["民间借贷"], "今天天气不错，想去公园走走"), DAY)
    assert found.ids == []


def test_an_article_of_one_cause_says_more_than_one_of_many() -> None:
    pack = packs()["民间借贷"]
    votes = recognition.voted(pack, {"民法典#675": 0.5})
    assert votes["recover"] > 0
    whole = sum(votes.values())
    assert 0 < whole <= 0.5 * len(pack.causes)
    assert set(recognition.voted(pack, {"民法典#1079": 0.9}).values()) == {0.0}


def test_what_a_turn_says_is_worked_out_once() -> None:
    stories, pack = Stories(), packs()["劳动"]
    said = stories.spoken(pack, "公司把我辞退了")
    assert stories.spoken(pack, "公司把我辞退了") is said
    assert stories.spoken(packs()["合同"], "公司把我辞退了") is not said
    assert said.named == recognise(pack, "公司把我辞退了")


def test_what_the_client_asks_about_is_among_the_causes_whatever_else_is_told() -> None:
    story = (
        "老公外面有人了,还把家里的三十万存款转给了那个女的,我想离婚,孩子才两岁跟着我,"
        "房子是他婚前买的但是婚后我们一起还贷,我能要回钱吗"
    )
    family, law = packs()["婚姻家庭"], {"assets": 1.0, "mistress": 0.5}
    assert "custody" not in recognition.weighed(Spoken(family, story), law).ids
    assert "custody" in recognition.weighed(Spoken(family, f"{story},孩子能判给我吗?"), law).ids
