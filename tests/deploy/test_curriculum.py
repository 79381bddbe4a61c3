"""deploy.curriculum: what the planner learns from."""

from deploy import curriculum
from models.training.sources import trials
from orchestrator.domains import NAMES, OTHER
from retrievers import digests


def test_no_text_is_both_judged_and_learned_beside() -> None:
    said, others = curriculum.planner()
    known = {example.text for example in said["field"]}
    assert known.isdisjoint(example.text for example in others["field"])
    fields = {field for example in others["field"] for field in example.labels}
    assert fields == {*NAMES, OTHER}
    assert all(0 < example.weight <= 1 for example in others["field"])


def test_an_article_without_a_digest_has_the_field_of_its_neighbours() -> None:
    field_of = curriculum._fields_of_articles(list(digests.digests()))
    assert field_of("公司法#1") == "公司"
    assert field_of("海关法#3") == OTHER
    assert field_of("民法典#1140") == "继承"
    assert field_of("一部没有的法#1") is None


def test_what_is_held_out_is_not_learned() -> None:
    rows = trials()
    said, others = curriculum.planner()
    learned = {example.text for examples in (*said.values(), *others.values()) for example in examples}
    assert len(rows) >= 300
    assert not [trial.text for trial in rows if trial.text in learned and len(trial.text) > 8]
    assert {field for trial in rows for field in trial.fields} == {*NAMES, OTHER}
    assert {kind for trial in rows for kind in (trial.kind,)} >= {
        "dialect",
        "typo",
        "traditional",
        "injection",
        "short",
    }
