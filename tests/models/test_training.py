"""models.training."""

import random
from pathlib import Path

import numpy as np
import pytest

from models.ngrams import Classifier
from models.training.folds import grouped
from models.training.ngram import RECIPES, TrainingOptions, evaluate, train
from models.training.sources import UTTERANCES, Example, Trial, jsonl, trials, utterances

SMALL = TrainingOptions(buckets=2048)


def toy(count: int = 40) -> list[Example]:
    """Sentences whose label is told by one word among noise."""
    draw = random.Random(1)
    words = {"工资": "劳动", "离婚": "婚姻", "房租": "租赁"}
    examples = []
    for _ in range(count):
        word = draw.choice(sorted(words))
        noise = "".join(draw.choices("甲乙丙丁戊己庚辛壬癸天地玄黄宇宙洪荒", k=6))
        examples.append(Example(noise[:3] + word + noise[3:], {words[word]: 1.0}))
    return examples


@pytest.mark.parametrize("kind", ["ridge", "centroid"])
def test_every_kind_of_head_learns_what_is_there_to_learn(kind: str) -> None:
    options = TrainingOptions.model_validate({**SMALL.model_dump(), "kinds": {"field": kind}})
    scores = evaluate({"field": toy(150)}, options, folds=2)
    assert scores["field"]["top1"] >= 0.9
    assert scores["field"]["recall5"] == scores["field"]["known"] == 1


def test_what_is_saved_is_what_was_trained(tmp_path: Path) -> None:
    examples = {"route": toy(), "field": toy(20)}
    trained = train(examples, SMALL)
    trained.save(tmp_path, "名", "来源说明", {"route": {"top1": 0.5}})
    loaded = Classifier.load(tmp_path)
    assert loaded.ranked("route", ["他拖欠工资"]) == trained.classifier.ranked("route", ["他拖欠工资"])
    card = (tmp_path / "README.md").read_text("utf-8")
    for part in ("来源说明", "| seed | 7 |", "| route | top1 | 0.500 |", "| field | ridge | 3 | 20 |"):
        assert part in card


def test_training_twice_gives_the_same_weights() -> None:
    one, two = train({"field": toy()}, SMALL), train({"field": toy()}, SMALL)
    for name, tensor in one.tensors.items():
        assert np.array_equal(tensor, two.tensors[name])


def test_a_soft_label_draws_less_than_a_hard_one() -> None:
    examples = [Example("工资", {"主": 1.0, "次": 0.25})] * 8
    for kind in ("ridge", "centroid"):
        options = TrainingOptions.model_validate({**SMALL.model_dump(), "kinds": {"a": kind}})
        ranked = dict(train({"a": examples}, options).classifier.ranked("a", ["工资"]))
        assert ranked["主"] > ranked["次"] > 0.1


def test_a_light_example_says_less_than_a_heavy_one() -> None:
    def score(weight: float) -> float:
        against = [Example("工资", {"劳动": 1.0}), Example("工资", {"合同": 1.0}, weight)]
        others = [Example("离婚", {"劳动": 1.0}), Example("租房", {"合同": 1.0})] * 4
        return dict(train({"a": [*against, *others]}, SMALL).classifier.ranked("a", ["工资"]))["合同"]

    assert score(0.1) < score(1.0) < score(10.0)


def test_a_centroid_of_the_strongest_features_is_smaller_and_knows_as_much() -> None:
    options = TrainingOptions.model_validate({**SMALL.model_dump(), "kinds": {"field": "centroid"}})
    whole = train({"field": toy(150)}, options)
    small = train({"field": toy(150)}, options.model_copy(update={"kept": {"field": 20}}))
    entries = small.tensors["field.value"]
    labels = small.classifier.layout.heads["field"].labels
    assert 3 * 20 <= len(entries) < len(whole.tensors["field.value"]) / 2
    lengths = np.bincount(small.tensors["field.label"], weights=entries.astype(np.float64) ** 2, minlength=len(labels))
    assert lengths == pytest.approx(np.ones(len(labels)), abs=0.01)
    for text, label in (("公司拖欠工资", "劳动"), ("我要离婚", "婚姻")):
        assert small.classifier.ranked("field", [text])[0][0] == whole.classifier.ranked("field", [text])[0][0] == label


def test_texts_that_repeat_each_other_share_a_fold() -> None:
    texts = [
        f"{text}{end}" for text in ("公司拖欠我三个月工资", "我想和老公离婚", "房东不退我的押金") for end in "吗呢啊"
    ]
    found = grouped(texts, 3, 1).tolist()
    assert [len(set(found[start : start + 3])) for start in (0, 3, 6)] == [1, 1, 1]
    assert set(found) == {0, 1, 2}


def test_trials_may_have_several_right_labels_and_earlier_messages(tmp_path: Path) -> None:
    path = tmp_path / "a.tsv"
    path.write_text("# 注释\nmixed\tconsult\t劳动|公司\t那呢\t先前\nshort\tsmalltalk\t\t好\n", "utf-8")
    assert trials(path) == [
        Trial("mixed", frozenset({"consult"}), frozenset({"劳动", "公司"}), "那呢", ("先前",)),
        Trial("short", frozenset({"smalltalk"}), frozenset(), "好"),
    ]
    path.write_text("mixed\tconsult\t劳动\n", "utf-8")
    with pytest.raises(ValueError, match=r"a\.tsv:1"):
        trials(path)


def test_rare_labels_are_found_and_probabilities_are_honest() -> None:
    rare = [Example(f"救命有人打我{index}", {"emergency": 1.0}) for index in range(4)]
    classifier = train({"route": [*rare, *toy(200)]}, SMALL).classifier
    assert classifier.ranked("route", ["救命有人"])[0][0] == "emergency"
    told, unknown = classifier.scores("route", ["拖欠工资"]), classifier.scores("route", ["zzzzqqqqwwww"])
    assert told.sum() == pytest.approx(1, abs=1e-5)
    assert told.max() > 0.6 > unknown.max()


@pytest.mark.parametrize(
    ("examples", "options"),
    [
        ({"a": []}, {}),
        ({"a": [Example("  ", {"x": 1.0})]}, {}),
        ({"a": [Example("好", {"x": 1.0})]}, {"kinds": {"b": "centroid"}}),
        ({"a": [Example("好", {"x": 1.0})]}, {"kept": {"b": 3}}),
    ],
)
def test_data_that_cannot_be_trained_on_is_refused(
    examples: dict[str, list[Example]], options: dict[str, object]
) -> None:
    with pytest.raises(ValueError, match=r"head|kinds"):
        train(examples, TrainingOptions.model_validate(options))


def test_folds_need_examples() -> None:
    with pytest.raises(ValueError, match="folds"):
        evaluate({"a": [Example("好", {"x": 1.0})]}, SMALL)


def test_utterances_give_routes_and_fields(tmp_path: Path) -> None:
    (tmp_path / "a.tsv").write_text("# 注释\nconsult\t劳动\t不发工资\n\nsmalltalk\t\t你好\n", "utf-8")
    (tmp_path / "b.tsv").write_text("consult\t劳动\t不发工资\n", "utf-8")
    found = utterances(tmp_path)
    assert found["route"] == [Example("不发工资", {"consult": 1.0}), Example("你好", {"smalltalk": 1.0})]
    assert found["field"] == [Example("不发工资", {"劳动": 1.0})]


@pytest.mark.parametrize("text", ["consult\t劳动", "\t劳动\t好", "a\t\t好\nb\t\t好"])
def test_a_bad_utterance_is_named_by_file_and_line(tmp_path: Path, text: str) -> None:
    (tmp_path / "a.tsv").write_text(text, "utf-8")
    with pytest.raises(ValueError, match=r"a\.tsv:\d"):
        utterances(tmp_path)


def test_the_utterances_that_ship_can_be_read() -> None:
    found = utterances(UTTERANCES)
    assert len(found["route"]) >= len(found["field"])


def test_jsonl_is_read_and_bad_lines_are_named(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"text": "好", "labels": {"x": 1, "y": 0.5}}\n\n', "utf-8")
    assert jsonl(path) == [Example("好", {"x": 1.0, "y": 0.5})]
    for bad in ("{", "[]", '{"text": "", "labels": {"x": 1}}', '{"text": "a", "labels": {}}', '{"text": "a"}'):
        path.write_text(bad, "utf-8")
        with pytest.raises(ValueError, match=r"a\.jsonl:1"):
            jsonl(path)


def test_the_shipped_recipes_are_those_of_the_shipped_cards() -> None:
    assert set(RECIPES) == {"planner", "article"}
