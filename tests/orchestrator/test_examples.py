"""The examples of the fields: every cause has some, and stories they do not hold come out at their causes."""

import random
from pathlib import Path

import pytest

from orchestrator import examples
from orchestrator.contracts import AND
from orchestrator.domains import packs
from orchestrator.examples import Example, Piece

FEWEST = 5


@pytest.mark.parametrize("name", packs())
def test_every_cause_has_examples_and_every_example_a_cause(name: str) -> None:
    told = examples.read(name)
    causes = [example.cause for example in told]
    assert set(causes) == {cause.id for cause in packs()[name].causes}
    assert min(map(causes.count, set(causes))) >= FEWEST
    assert len({example.text for example in told}) == len(told)


@pytest.mark.parametrize("name", packs())
def test_what_is_asked_and_told_are_elements_and_the_words_stand_in_the_message(name: str) -> None:
    elements = {element.id: element for element in packs()[name].elements}
    gone_through = [example for example in examples.read(name) if example.told is not None]
    assert gone_through
    for example in gone_through:
        assert example.asks is not None
        assert example.told is not None
        assert set(example.asks) <= elements.keys(), example
        assert not {piece.element for piece in example.told} & set(example.asks), example
        for piece in example.told:
            element = elements[piece.element]
            values = piece.value.split(AND) if piece.value else []
            assert set(values) <= {choice.value for choice in element.choices}, (example, piece)
            assert len(values) <= 1 or element.several, (example, piece)
            assert "".join(piece.words.split()) in "".join(example.text.split()), (example, piece)


def test_shares_add_up_to_one_and_follow_the_story() -> None:
    pack = packs()["民间借贷"]
    for example in random.Random(0).sample(examples.read(pack.name), 30):
        likely = examples.like(pack.name, example.text).shares(len(example.text), 60)
        assert sum(likely.values()) == pytest.approx(min(1, len(example.text) / 60))
        assert max(likely, key=lambda id: likely[id]) == example.cause


def test_a_clause_tells_what_examples_told_in_like_words() -> None:
    said = examples.like("劳动", "我在工地上干活,一直没签劳动合同,上个月把我开除了").said
    assert said["paper"] > 0.5 > said["sick_leave"]
    assert said["ended"] > 0.3 > said["award_stage"]


def test_what_was_learned_from_some_examples_knows_no_others() -> None:
    told = [
        Example("ferry", "船票钱没退给我,我等了一天", ("fare",), (Piece("back", "", "船票钱没退"),)),
        Example("ferry", "船票钱全退了,船晚了三天", ("fare", "late"), (Piece("late", "", "晚了三天"),)),
        Example("dock", "码头的木板断了"),
        Example("dock", "码头的木板滑,摔了一跤"),
    ]
    made = examples.Learned(told * 3)  # what stands in one message alone tells nothing
    like = made.like("船票钱没退,船也没来")
    assert like.causes["ferry"] > like.causes["dock"]
    assert like.said["back"] > like.said["late"]
    assert like.asked["ferry"] == pytest.approx({"fare": 1.0, "late": 0.5})
    assert like.asked["dock"] == pytest.approx({"fare": 1.0, "late": 0.5})  # nobody went through one: as in the field
    with pytest.raises(ValueError, match="no examples"):
        examples.Learned([])


def test_examples_that_nobody_went_through_tell_their_cause_only() -> None:
    told = [Example("ferry", "船不来"), Example("dock", "码头断了"), Example("ferry", "船沉了")]
    like = examples.Learned(told * 2).like("船沉了")
    assert like.causes["ferry"] > like.causes["dock"]
    assert like.said == {}
    assert like.asked == {"ferry": {}, "dock": {}}


def test_a_few_words_say_little() -> None:
    likely = examples.like("劳动", "zzz").shares(len("zzz"), 60)
    assert max(likely.values()) < 0.05


def test_a_bad_line_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "labour.tsv").write_text("wages\t欠薪了\nno tab\n", "utf-8")
    monkeypatch.setattr(examples, "FOLDER", tmp_path)
    with pytest.raises(ValueError, match=r"labour\.tsv:2"):
        examples.read("劳动")


def test_a_line_gives_what_is_asked_and_told(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    line = "wages\t欠薪了三个月\tpaper done\tpay_issue=拖欠不发:欠薪了 | owed_months:三个月\nwages\t没发钱\t-\t-\n"
    (tmp_path / "labour.tsv").write_text(line, "utf-8")
    monkeypatch.setattr(examples, "FOLDER", tmp_path)
    assert examples.read("劳动") == [
        Example(
            "wages",
            "欠薪了三个月",
            ("paper", "done"),
            (Piece("pay_issue", "拖欠不发", "欠薪了"), Piece("owed_months", "", "三个月")),
        ),
        Example("wages", "没发钱", (), ()),
    ]
