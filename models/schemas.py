"""The forms in which the roles other than dialogue answer: JSON schemas, and typed readers of the answers.

Every backend writes these forms and the orchestrator reads them. Knows nothing of prompts and of what the labels mean.
"""

from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

from pydantic import Field, ValidationError

from models.contracts import Ability, BadOutput, Value

Schema = dict[str, Any]
T = TypeVar("T", bound=Value)

_SCORES: Schema = {"type": "object", "additionalProperties": {"type": "number"}}
_WEIGHT: Schema = {"type": "number", "exclusiveMinimum": 0, "maximum": 1}
LIGHTEST = 0.4  # what the last term of a bare list weighs at least
_ARTICLE = "^第[零〇一二三四五六七八九十百千]+条(之[一二三四五六七八九十]+)?$"


def _list(name: str, most: int, **properties: Schema) -> Schema:
    """An object whose one key `name` lists at most `most` objects with these properties, all required."""
    row = {
        "type": "object",
        "properties": properties,
        "required": list(properties),
        "additionalProperties": False,
    }
    return {
        "type": "object",
        "properties": {name: {"type": "array", "items": row, "maxItems": most}},
        "required": [name],
        "additionalProperties": False,
    }


PLAN: Schema = {
    "type": "object",
    "properties": {
        "route": {"type": "string"},
        "route_scores": _SCORES,
        "field": {"type": "string"},
        "field_scores": _SCORES,
        "tasks": {"type": "array", "maxItems": 12, "items": {"type": "object"}},
    },
    "required": ["route", "field"],
    "additionalProperties": False,
}
KEYWORDS = _list("keywords", 32, term={"type": "string", "minLength": 1, "maxLength": 30}, weight=_WEIGHT)
TERMS: Schema = {
    "type": "object",
    "properties": {
        "keywords": {
            "type": "array",
            "items": {"type": "string", "minLength": 1, "maxLength": 30},
            "minItems": 1,
            "maxItems": 12,
        }
    },
    "required": ["keywords"],
    "additionalProperties": False,
}
ARTICLES = _list(
    "articles",
    32,
    law={"type": "string", "minLength": 1, "maxLength": 60},
    article={"type": "string", "pattern": _ARTICLE},
    weight=_WEIGHT,
)
SCHEMAS: dict[Ability, Schema] = {"plan": PLAN, "keywords": KEYWORDS, "articles": ARTICLES}


def plan_schema(routes: Mapping[str, str], fields: Iterable[str]) -> Schema:
    """PLAN with route and field among those given; `routes` says in a few words what each route is for.

    Scores stay optional, for models that have them.
    """
    described = "\n".join(f"- {route}：{what}" for route, what in routes.items())
    named: Schema = {
        "route": {"type": "string", "enum": list(routes), "description": described},
        "field": {"type": "string", "enum": list(fields)},
    }
    return {**PLAN, "properties": {**PLAN["properties"], **named}}


def facts_schema(elements: Mapping[str, tuple[str, Iterable[str]]]) -> Schema:
    """The form for the facts of a story: which element, its value, and the client's words that say so.

    `elements` maps each id to what it is and the values it may have (none: any text, a quantity as written).
    """
    rows = []
    for id, (_, choices) in elements.items():
        named = list(choices)
        value: Schema = {"enum": named} if named else {"type": "string", "minLength": 1, "maxLength": 40}
        rows.append(
            {
                "type": "object",
                "properties": {
                    "id": {"const": id},
                    "value": value,
                    "quote": {"type": "string", "minLength": 1, "maxLength": 80},
                },
                "required": ["id", "value", "quote"],
                "additionalProperties": False,
            }
        )
    described = "\n".join(
        f"- {id}：{what}" + (f"（{'｜'.join(choices)}）" if choices else "")
        for id, (what, choices) in ((id, (what, list(choices))) for id, (what, choices) in elements.items())
    )
    listed: Schema = {"type": "array", "maxItems": len(rows), "items": {"anyOf": rows}, "description": described}
    return {
        "type": "object",
        "properties": {"facts": listed},
        "required": ["facts"],
        "additionalProperties": False,
    }


class PlanReply(Value):
    """Which route a message takes and which field of law it belongs to; scores are probabilities, empty for an LLM.

    `tasks` is a plan of the model's own, not yet checked; null leaves the plan to the route's default.
    """

    route: str = Field(min_length=1)
    route_scores: dict[str, float] = Field(default_factory=dict)
    field: str
    field_scores: dict[str, float] = Field(default_factory=dict)
    tasks: tuple[dict[str, Any], ...] | None = None


class KeywordReply(Value):
    """A search term with its weight."""

    term: str = Field(min_length=1)
    weight: float = Field(gt=0, le=1)


class ArticleReply(Value):
    """An article that may govern, as the model names it (law's short title, 第N条[之M]); not yet resolved."""

    law: str = Field(min_length=1)
    article: str = Field(pattern=_ARTICLE)
    weight: float = Field(gt=0, le=1)


class FactReply(Value):
    """A fact as a model read it: the element, its value, and the client's words that say so; not yet checked."""

    id: str = Field(min_length=1)
    value: str = Field(min_length=1)
    quote: str = Field(min_length=1)


class _Keywords(Value):
    keywords: tuple[KeywordReply | str, ...]


class _Articles(Value):
    articles: tuple[ArticleReply, ...]


class _Facts(Value):
    facts: tuple[FactReply, ...]


def read_plan(text: str) -> PlanReply:
    """The plan that a planner wrote. Raises BadOutput when it does not follow PLAN."""
    return _read(PlanReply, text)


def read_keywords(text: str) -> tuple[KeywordReply, ...]:
    """The keywords that a keyword model wrote, heaviest first; a bare list (TERMS) weighs them by their order, from 1
    down to more than LIGHTEST. Raises BadOutput when it follows neither KEYWORDS nor TERMS.
    """
    rows = _read(_Keywords, text).keywords
    found = []
    for at, row in enumerate(rows):
        if isinstance(row, str):
            weight = 1 - (1 - LIGHTEST) * at / len(rows)
            row = _checked(KeywordReply, {"term": row, "weight": round(weight, 2)})
        found.append(row)
    return tuple(sorted(found, key=lambda row: -row.weight))


def read_articles(text: str) -> tuple[ArticleReply, ...]:
    """The articles that an article model wrote, heaviest first. Raises BadOutput unless it follows ARTICLES."""
    return tuple(sorted(_read(_Articles, text).articles, key=lambda row: -row.weight))


def read_facts(text: str) -> tuple[FactReply, ...]:
    """The facts that a model read in a story. Raises BadOutput when it does not follow a `facts_schema`."""
    return _read(_Facts, text).facts


def _read(kind: type[T], text: str) -> T:
    try:
        return kind.model_validate_json(text)
    except ValidationError as error:
        raise _misshapen(error) from error


def _checked(kind: type[T], values: dict[str, Any]) -> T:
    try:
        return kind.model_validate(values)
    except ValidationError as error:
        raise _misshapen(error) from error


def _misshapen(error: ValidationError) -> BadOutput:
    first = error.errors(include_url=False, include_input=False, include_context=False)[0]
    where = ".".join(map(str, first["loc"])) or "the output"
    return BadOutput(f"the model's answer has not the form asked for: {where}: {first['msg']}")
