"""models.neighbours and the keyword model that stands on it."""

import json
from pathlib import Path

import pytest
from pydantic import ValidationError

from models import schemas
from models.backends import neighbours as backend
from models.contracts import ModelUnavailable
from models.embedders.static import StaticEncoder
from models.neighbours import Neighbours
from models.training import neighbours, sources
from models.training.sources import Example
from tests.models.conftest import DIVORCE, WAGES, ask, collect

EXAMPLES = [
    *(Example(text, {"拖欠劳动报酬": 1.0, "三个月": 0.25}) for text in WAGES),
    *(Example(text, {"离婚纠纷": 1.0}) for text in DIVORCE),
]


@pytest.fixture(scope="module")
def encoder() -> StaticEncoder:
    return StaticEncoder()


@pytest.fixture
def weights(encoder: StaticEncoder, tmp_path: Path) -> Path:
    neighbours.save(neighbours.train(EXAMPLES, encoder), tmp_path, "试验", "八句话", {"written": 8}, {"top1": 1.0})
    return tmp_path


async def keywords(weights: Path, text: str, **options: object) -> dict[str, float]:
    model = backend.build({"weights": str(weights), **options})
    found, _ = await collect(model, ask("先前的话", text, schema=schemas.SCHEMAS["keywords"]))
    return {row.term: row.weight for row in schemas.read_keywords(found)}


async def test_the_terms_of_like_questions_are_given_best_first(weights: Path) -> None:
    found = await keywords(weights, "厂里三个月没发工资了")
    assert next(iter(found)) == "拖欠劳动报酬"
    assert found["拖欠劳动报酬"] == 1
    assert 0 < found["三个月"] < 0.5  # it stands in the text, but no lawyer would search with it
    assert len(await keywords(weights, "厂里三个月没发工资了", top=1)) == 1


async def test_a_term_of_lawyers_that_stands_in_the_text_is_given_whatever_the_text_is_like(weights: Path) -> None:
    found = await keywords(weights, "老板拖着工资不发,离婚纠纷另说")
    assert found["离婚纠纷"] >= 0.6


async def test_a_text_of_unknown_words_has_no_terms(weights: Path) -> None:
    assert await keywords(weights, " ") == {}


async def test_weights_that_are_missing_damaged_or_of_another_encoder_are_named(weights: Path) -> None:
    with pytest.raises(ModelUnavailable, match="lexhub train keyword"):
        await backend.build({"weights": str(weights / "none")}).check()
    layout = json.loads((weights / "labels.json").read_text("utf-8"))
    (weights / "labels.json").write_text(json.dumps({**layout, "encoder": "other"}), "utf-8")
    with pytest.raises(ModelUnavailable, match="another encoder"):
        await backend.build({"weights": str(weights)}).check()
    (weights / "labels.json").write_text(json.dumps({**layout, "labels": ["一个"]}), "utf-8")
    with pytest.raises(ModelUnavailable, match="labels"):
        await backend.build({"weights": str(weights)}).check()
    (weights / "model.safetensors").write_bytes(b"broken")
    with pytest.raises(ModelUnavailable):
        await backend.build({"weights": str(weights)}).check()


def test_what_cannot_be_learned_from_is_refused(encoder: StaticEncoder) -> None:
    with pytest.raises(ValueError, match="no examples"):
        neighbours.train([], encoder)
    with pytest.raises(ValueError, match="folds"):
        neighbours.evaluate(EXAMPLES[:2], [], encoder, folds=3)
    with pytest.raises(ValidationError):
        backend.build({"weights": "keyword", "colour": "red"})


def test_scores_are_of_questions_that_were_not_learned(encoder: StaticEncoder) -> None:
    scores = neighbours.evaluate(EXAMPLES, [], encoder, folds=4)
    assert scores["top1"] > 0.7
    assert neighbours.evaluate(EXAMPLES[:4], EXAMPLES[4:], encoder, folds=4)["recall10"] > 0.9
    alone = [Example("被狗咬了", {"饲养动物损害责任": 1.0}), *EXAMPLES]
    assert neighbours.evaluate(alone[:2], EXAMPLES[4:], encoder, folds=2)["recall10"] < 1


def test_the_shipped_model_says_what_a_lawyer_would(encoder: StaticEncoder) -> None:
    shipped = Neighbours.load(backend.WEIGHTS / "keyword", encoder)
    for text, terms in {
        "朋友欠钱不还": {"民间借贷", "返还借款", "诉讼时效"},
        "被邻居家的狗咬了": {"饲养动物损害责任"},
        "二手房交了定金房主反悔": {"定金罚则"},
    }.items():
        assert terms <= {term for term, _ in shipped.votes(text)[:12]}


def test_examples_are_read_and_bad_lines_are_named(tmp_path: Path) -> None:
    (tmp_path / "a.tsv").write_text("# 注释\n\n欠钱不还\t民间借贷、返还借款\n", "utf-8")
    assert sources.keywords(tmp_path) == [Example("欠钱不还", {"民间借贷": 1.0, "返还借款": 1.0})]
    for bad in ("欠钱不还", "欠钱不还\t", "欠钱不还\t钱", "欠钱不还\t民间借贷\n欠钱不还\t返还借款", "\t民间借贷"):
        (tmp_path / "a.tsv").write_text(bad, "utf-8")
        with pytest.raises(ValueError, match=r"a\.tsv:[12]"):
            sources.keywords(tmp_path)
