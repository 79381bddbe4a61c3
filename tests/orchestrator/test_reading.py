"""How sure a reading is: over examples, and over stories in which patterns read what nobody told."""

import random
from datetime import date

import pytest

from orchestrator import examples, recognition
from orchestrator.contracts import UNCLEAR, Fact
from orchestrator.domains import packs
from orchestrator.domains.pack import Cause, Domain
from orchestrator.facts import extract
from orchestrator.reading import FEATURES, Counts, Reading, Right, counted, reading
from orchestrator.recognition import Spoken

TODAY = date(2026, 11, 20)


def causes_of(pack: Domain, *ids: str) -> list[Cause]:
    return [cause for id in ids for cause in pack.causes if cause.id == id]


def fact(id: str, value: str, source: str = "story") -> Fact:
    return Fact.model_validate({"id": id, "label": id, "value": value, "source": source})


@pytest.mark.parametrize("name", ["劳动", "民间借贷", "房屋租赁"])
def test_what_is_believed_is_told_more_often_than_what_was_read(name: str) -> None:
    pack = packs()[name]
    read = believed = kept = right = 0
    for example in random.Random(1).sample([one for one in examples.read(name) if one.told is not None], 60):
        told = {piece.element: piece.value for piece in example.told or ()}
        causes = causes_of(pack, example.cause)
        own = [element for element in pack.elements if element.id in causes[0].elements]
        found = extract(own, example.text, TODAY)
        sure = reading(causes, *[Spoken(pack, example.text)] * 2, {}).believed(found)
        assert set(sure) <= set(found)
        for id, one in found.items():
            is_told = id in told and (not told[id] or told[id] in one.values)
            read, right = read + 1, right + is_told
            believed, kept = believed + (id in sure), kept + (id in sure and is_told)
    assert read > 80
    assert kept / believed > right / read
    assert kept > 0.85 * right


def test_replies_stand_and_so_does_what_the_client_does_not_know() -> None:
    pack = packs()["房屋租赁"]
    causes = causes_of(pack, "deposit")
    id = next(element.id for element in pack.elements if element.id in causes[0].elements and element.choices)
    value = pack.element(id).choices[0].value
    tells = reading(causes, *[Spoken(pack, "天气不错")] * 2, {})
    assert tells.believed({id: fact(id, value)}) == {}
    for stands in (fact(id, value, "reply"), fact(id, value, "confirm"), fact(id, UNCLEAR)):
        assert tells.believed({id: stands}) == {id: stands}
    strange = fact("elsewhere", "甲")
    assert tells.believed({"elsewhere": strange}) == {"elsewhere": strange}


def test_of_several_values_each_is_judged_for_itself() -> None:
    pack = packs()["婚姻家庭"]
    story = "我老公天天喝醉了打我,打得我鼻青脸肿,派出所出过告诫书,我想离婚"
    causes = causes_of(pack, "divorce")
    several = [pack.element(id) for id in causes[0].elements if pack.element(id).several]
    found = extract(several, story, TODAY)
    assert found
    [id] = [id for id, one in found.items() if any("暴" in value for value in one.values)]
    both = found[id].model_copy(update={"value": ";".join(choice.value for choice in pack.element(id).choices)})
    kept = reading(causes, *[Spoken(pack, story)] * 2, {}).believed({id: both})[id]
    assert any("暴" in value for value in kept.values)
    assert len(kept.values) < len(both.values)


def test_the_examples_propose_what_no_pattern_reads_and_nothing_that_is_known() -> None:
    pack = packs()["劳动"]
    story = next(one for one in examples.read("劳动") if one.told)
    causes = causes_of(pack, story.cause)
    spoken = Spoken(pack, story.text)
    tells = Reading(causes, spoken, recognition.probabilities(spoken, {}))
    proposed = dict(tells.proposed(()))
    told = {piece.element: piece.value for piece in story.told or () if piece.value}
    assert set(proposed.items()) & set(told.items())
    assert set(proposed) <= set(causes[0].elements)
    assert not set(dict(tells.proposed(set(proposed)))) & set(proposed)
    for id, one in tells.further(()).items():
        assert one.value == proposed[id]
        assert one.source == "story"
    assert tells.further(set(proposed)) == {}
    assert len(tells.features(*next(iter(proposed.items())))) == len(FEATURES)


def test_few_readings_say_less_than_those_of_the_element_and_of_all() -> None:
    counts = Counts(about="", counts={"甲": {"a": {"有": (0, 1), "没有": (9, 9)}}, "乙": {"b": {"": (0, 10)}}})
    right = counts.field("甲")
    assert right.all_ == pytest.approx(10 / 22)
    share, seen, any_, seen_any = right.shares("a", "有")
    assert (seen, seen_any) == (1, 10)
    assert share < any_ < right.shares("a", "没有")[0]
    assert right.shares("c", "有") == (right.all_, 0, right.all_, 0)
    assert Right({}, 0.5).shares("a", "") == (0.5, 0, 0.5, 0)


def test_a_quantity_is_counted_as_one_and_a_choice_by_its_values() -> None:
    assert counted(fact("a", "有;没有")) == ("有", "没有")
    assert counted(Fact(id="a", label="a", value="3元", number=3, source="story")) == ("",)
    assert counted(Fact(id="a", label="a", value="2到3元", low=2, high=3, source="story")) == ("",)
    assert counted(Fact(id="a", label="a", value="2024年", iso="2024", source="story")) == ("",)
