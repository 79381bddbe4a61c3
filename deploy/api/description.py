"""The API's description, made true: every error, header and way to authenticate that a client can meet."""

from collections import defaultdict
from typing import Any

from fastapi import FastAPI
from pydantic import BaseModel, ConfigDict

from deploy.api.errors import RETRY_AFTER_S, STATUS
from deploy.api.guard import guarded

RATES = {
    f"x-ratelimit-{part}-{what}": f"{text}({unit})"
    for what, unit in (("requests", "请求"), ("tokens", "词元"))
    for part, text in (("limit", "上限"), ("remaining", "剩余"), ("reset", "多久之后恢复"))
}
KEYED = {401, 403, 429}  # statuses that only guarded routes give


class Told(BaseModel):
    """What went wrong: a message in Chinese, OpenAI's kind of error, the parameter at fault, a stable code."""

    model_config = ConfigDict(extra="allow")

    message: str
    type: str
    param: str | None
    code: str


class Problem(BaseModel):
    """OpenAI's error object. Some codes have more members."""

    error: Told


def install(app: FastAPI) -> None:
    """Have the app describe itself with its errors, made once from its routes."""
    made = app.openapi

    def described() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _completed(made())
        return app.openapi_schema

    app.openapi = described  # type: ignore[method-assign]


def _completed(schema: dict[str, Any]) -> dict[str, Any]:
    parts = schema.setdefault("components", {})
    schemas = parts.setdefault("schemas", {})
    for name in ("HTTPValidationError", "ValidationError"):  # FastAPI's own, which is never given
        schemas.pop(name, None)
    problem = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas |= problem.pop("$defs") | {"Problem": problem}
    parts["headers"] = {
        "X-Request-ID": {"description": "本次请求的编号", "required": True, "schema": {"type": "string"}},
        "Retry-After": {"description": "多少秒之后重试", "schema": {"type": "string", "pattern": "^[0-9]+$"}},
        **{name: {"description": text, "schema": {"type": "string"}} for name, text in RATES.items()},
    }
    parts["responses"] = {str(status): _response(status, codes) for status, codes in _codes().items()}
    for path, methods in schema["paths"].items():
        keyed = guarded({"path": path})
        for operation in methods.values():
            responses = operation["responses"]
            responses.pop("422", None)
            for response in responses.values():
                response.setdefault("headers", {}).update(_headers("X-Request-ID", *(RATES if keyed else ())))
            for status in parts["responses"]:
                if keyed or int(status) not in KEYED:
                    responses.setdefault(status, {"$ref": f"#/components/responses/{status}"})
            if not keyed:
                operation["security"] = []
    return schema


def _codes() -> dict[int, list[str]]:
    """The codes of each error status, in order; 499 is for nobody."""
    found: dict[int, list[str]] = defaultdict(list)
    for code, status in (STATUS | {"internal_error": 500}).items():
        found[status].append(code)
    return dict(sorted(found.items()))


def _response(status: int, codes: list[str]) -> dict[str, Any]:
    retry = ("Retry-After",) if status in RETRY_AFTER_S else ()
    rates = tuple(RATES) if status not in (401,) else ()
    return {
        "description": "、".join(codes),
        "headers": _headers("X-Request-ID", *retry, *rates),
        "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
    }


def _headers(*names: str) -> dict[str, Any]:
    return {name: {"$ref": f"#/components/headers/{name}"} for name in names}
