"""models.backends.ngram and models.ngrams."""

import json
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
from pydantic import ValidationError

from models import schemas
from models.backends import ngram
from models.contracts import BadOutput, BadRequest, DeadlineExceeded, GenerationRequest, Message, ModelUnavailable
from models.ngrams import Classifier, Layout, features
from tests.models.conftest import ask, collect


def model(weights: Path, task: str, **options: object) -> ngram.NgramModel:
    return ngram.build({"task": task, "weights": str(weights), **options})


def test_features_are_stable_distinct_and_blind_to_width_and_amounts() -> None:
    rows = features("工资5000元", 65536)
    assert rows.tolist() == sorted(set(rows.tolist()))
    assert np.array_equal(rows, features("工资５，０００元", 65536))
    assert features("工", 65536).tolist() == [11006, 29525, 30197, 42049, 56030]
    assert features("👍", 65536).size > 0
    assert features(" \n", 65536).size == 0


async def test_a_plan_has_the_best_route_and_field_with_scores(ngram_weights: Path) -> None:
    text, _ = await collect(model(ngram_weights, "plan"), ask("公司拖欠工资不给我"))
    plan = schemas.read_plan(text)
    assert (plan.route, plan.field) == ("consult", "劳动")
    assert sum(plan.route_scores.values()) == pytest.approx(1, abs=0.001)
    assert max(plan.field_scores, key=plan.field_scores.__getitem__) == "劳动"


async def test_earlier_messages_count_for_less_than_the_last(ngram_weights: Path) -> None:
    planner = model(ngram_weights, "plan")
    alone = schemas.read_plan((await collect(planner, ask("那怎么办")))[0])
    after = schemas.read_plan((await collect(planner, ask("我想离婚", "那怎么办")))[0])
    switched = schemas.read_plan((await collect(planner, ask("我想离婚", "公司拖欠工资")))[0])
    assert after.field_scores["婚姻家庭"] > alone.field_scores["婚姻家庭"]
    assert switched.field == "劳动"


async def test_articles_are_named_as_statutes_write_them(ngram_weights: Path) -> None:
    text, _ = await collect(model(ngram_weights, "articles", least=0.001), ask("分居两年能不能离婚"))
    rows = schemas.read_articles(text)
    assert (rows[0].law, rows[0].article) == ("民法典", "第一千零七十九条")
    assert "第一百三十三条之一" in {row.article for row in rows}


async def test_what_questions_and_stories_are_like_counts_together(ngram_weights: Path) -> None:
    text, _ = await collect(model(ngram_weights, "articles"), ask("公司拖欠工资"))
    assert [row.article for row in schemas.read_articles(text)][:2] == ["第八十五条", "第九十一条"]
    text, _ = await collect(model(ngram_weights, "articles"), ask("去年的事了，公司拖欠工资，愁死人"))
    assert schemas.read_articles(text)[0].article == "第九十一条"


async def test_a_text_without_known_wording_gives_no_article(ngram_weights: Path) -> None:
    articles = model(ngram_weights, "articles", least=0.2)
    assert schemas.read_articles((await collect(articles, ask("zzzz qqqq wwww")))[0]) == ()
    assert schemas.read_plan((await collect(model(ngram_weights, "plan"), ask("zzzz")))[0]).route


@pytest.mark.parametrize("task", ["plan", "articles"])
async def test_answers_follow_the_schema_of_their_task(ngram_weights: Path, task: str) -> None:
    request = ask("老板不发工资", schema=schemas.SCHEMAS[task])  # type: ignore[index]
    text, chunks = await collect(model(ngram_weights, task), request)
    assert json.loads(text)
    assert chunks[-1].usage is not None
    assert chunks[-1].usage.completion_tokens == len(text)


async def test_a_schema_that_cannot_be_met_is_said(ngram_weights: Path) -> None:
    planner = model(ngram_weights, "plan")
    with pytest.raises(BadOutput):
        await collect(planner, ask("你好", schema={"type": "array"}))
    with pytest.raises(BadRequest, match="schema"):
        await collect(planner, ask("你好", schema={"type": 5}))


async def test_what_cannot_be_served_is_refused(ngram_weights: Path) -> None:
    planner = model(ngram_weights, "plan")
    with pytest.raises(BadRequest):
        await collect(planner, ask("你好", adapter="a"))
    with pytest.raises(BadRequest):
        await collect(planner, GenerationRequest(messages=(Message(role="system", content="你好"),)))
    with pytest.raises(DeadlineExceeded):
        await collect(planner, ask("你好", deadline=time.time() - 1))


async def test_weights_that_are_missing_broken_or_of_another_format_are_unavailable(
    ngram_weights: Path, tmp_path: Path
) -> None:
    with pytest.raises(ModelUnavailable, match="lexhub train"):
        await model(tmp_path / "none", "plan").check()
    (tmp_path / "labels.json").write_bytes((ngram_weights / "labels.json").read_bytes())
    (tmp_path / "model.safetensors").write_bytes(b"broken")
    with pytest.raises(ModelUnavailable):
        await model(tmp_path, "plan").check()
    layout = json.loads((ngram_weights / "labels.json").read_text("utf-8"))
    (tmp_path / "labels.json").write_text(json.dumps({**layout, "format": 99}), "utf-8")
    with pytest.raises(ModelUnavailable, match="99"):
        await model(tmp_path, "plan").check()


async def test_weights_without_the_head_of_the_task_are_unavailable(ngram_weights: Path, tmp_path: Path) -> None:
    layout = json.loads((ngram_weights / "labels.json").read_text("utf-8"))
    del layout["heads"]["articles"]
    (tmp_path / "labels.json").write_text(json.dumps(layout), "utf-8")
    (tmp_path / "model.safetensors").write_bytes((ngram_weights / "model.safetensors").read_bytes())
    await model(tmp_path, "plan").check()
    with pytest.raises(ModelUnavailable, match="articles"):
        await model(tmp_path, "articles").check()


def test_tensors_that_do_not_fit_their_layout_are_refused() -> None:
    heads = {"a": {"kind": "ridge", "labels": ["x"]}, "b": {"kind": "centroid", "labels": ["x"]}}
    for name, tensors in (
        ("a", {"a.idf": np.zeros(4)}),
        ("a", {"a.idf": np.zeros(4), "a.weight": np.zeros((4, 2))}),
        ("b", {"b.idf": np.zeros(4), "b.starts": np.full(5, 1), "b.label": np.array([7]), "b.value": np.zeros(1)}),
    ):
        layout = Layout.model_validate({"format": 2, "buckets": 4, "heads": {name: heads[name]}})
        with pytest.raises(ValueError, match=name):
            Classifier(layout, tensors)


def test_unknown_options_are_refused() -> None:
    with pytest.raises(ValidationError):
        ngram.build({"task": "plan", "weights": "planner", "colour": "red"})


def test_inference_does_not_import_torch(ngram_weights: Path) -> None:
    code = f"""
import asyncio, sys
from models.backends import ngram
asyncio.run(ngram.build({{"task": "plan", "weights": {str(ngram_weights)!r}}}).check())
sys.exit("torch" in sys.modules or "transformers" in sys.modules)
"""
    assert subprocess.run([sys.executable, "-c", code], check=False, timeout=60).returncode == 0


async def test_a_schema_that_refers_elsewhere_is_refused_unread(ngram_weights: Path) -> None:
    articles = model(ngram_weights, "articles")
    for reference in ("http://127.0.0.1:9/schema.json", "file:///etc/hostname"):
        with pytest.raises(BadRequest, match="not valid"):
            await collect(articles, ask("公司拖欠工资", schema={"$ref": reference}))
    with pytest.raises(BadRequest, match="not valid"):
        await collect(articles, ask("公司拖欠工资", schema={"type": "nonsense"}))
