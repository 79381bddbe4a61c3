"""models.schemas."""

import pytest
from jsonschema import Draft202012Validator  # type: ignore[import-untyped]

from models import schemas
from models.contracts import BadOutput


@pytest.mark.parametrize("schema", [*schemas.SCHEMAS.values(), schemas.plan_schema({"a": "x"}, ["b"])])
def test_schemas_are_valid_and_closed(schema: schemas.Schema) -> None:
    Draft202012Validator.check_schema(schema)
    assert not Draft202012Validator(schema).is_valid({"extra": 1})


def test_a_free_plan_may_only_use_the_labels_given() -> None:
    checker = Draft202012Validator(schemas.plan_schema({"consult": "x"}, ["劳动"]))
    assert checker.is_valid({"route": "consult", "field": "劳动"})
    assert not checker.is_valid({"route": "dance", "field": "劳动"})


def test_readers_give_values_heaviest_first() -> None:
    assert schemas.read_plan('{"route": "consult", "field": ""}').route_scores == {}
    terms = schemas.read_keywords('{"keywords": [{"term": "a", "weight": 0.1}, {"term": "b", "weight": 1}]}')
    assert [row.term for row in terms] == ["b", "a"]
    row = '{"law": "刑法", "article": "第一百三十三条之一", "weight": 0.5}'
    assert schemas.read_articles(f'{{"articles": [{row}]}}')[0].law == "刑法"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "好的",
        '{"articles": []',
        '{"articles": [{"law": "刑法", "article": "第133条", "weight": 0.5}]}',
        '{"articles": [{"law": "刑法", "article": "第一条", "weight": 0}]}',
        '{"articles": [], "more": 1}',
    ],
)
def test_another_form_is_bad_output(text: str) -> None:
    with pytest.raises(BadOutput, match="form"):
        schemas.read_articles(text)
