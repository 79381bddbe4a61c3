"""JSON that must follow a schema: whether it does, where a text holds it, and how a plain model is asked for it.

Knows no model. A schema is read alone: nothing that it refers to is fetched.
"""

import json
import re
from functools import lru_cache
from typing import Any

from jsonschema_rs import Draft202012Validator, ReferencingError, ValidationError

from models import prompts
from models.contracts import BadRequest, GenerationRequest, Message

Schema = dict[str, Any]
_JSON = re.compile(r"[{\[].*[}\]]", re.DOTALL)  # also out of a fenced block, or between words of courtesy


def require(schema: Schema) -> None:
    """Raise BadRequest when `schema` is itself not a JSON schema, or refers to another document."""
    _validator(json.dumps(schema, sort_keys=True))


def fault(value: Any, schema: Schema) -> str:
    """How `value` misses `schema`, empty when it does not. Raises BadRequest for a schema that is not valid."""
    problem = next(iter(_validator(json.dumps(schema, sort_keys=True)).iter_errors(value)), None)
    if problem is None:
        return ""
    where = "/".join(map(str, problem.instance_path))
    return f"{where}: {problem.message}" if where else problem.message


def text_fault(text: str, schema: Schema) -> str:
    """How `text` misses being JSON of `schema`, empty when it does not. Raises BadRequest for an invalid schema."""
    try:
        value = json.loads(text)
    except ValueError as error:
        return f"not JSON: {error}"
    return fault(value, schema)


def extracted(text: str) -> str:
    """The JSON object or array within `text`, from its first to its last brace; the text itself when it has none."""
    found = _JSON.search(text)
    return found[0] if found else text.strip()


def instructed(request: GenerationRequest) -> GenerationRequest:
    """The request with its schema told in the system message, for a model that no grammar binds."""
    told, _ = prompts.structured(json.dumps(request.schema_, ensure_ascii=False))
    first, rest = request.messages[0], request.messages[1:]
    if first.role == "system":  # many chat formats take one system message only
        said = (Message(role="system", content=f"{first.content}\n\n{told.content}"), *rest)
    else:
        said = (told, *request.messages)
    return request.model_copy(update={"messages": said})


def mending(request: GenerationRequest, output: str, problem: str) -> GenerationRequest:
    """The instructed request, going on with what the model answered and what is wrong with it."""
    _, asked = prompts.structured("", problem)
    said = (*request.messages, Message(role="assistant", content=output), asked)
    return request.model_copy(update={"messages": said})


@lru_cache(maxsize=64)
def _validator(schema: str) -> Draft202012Validator:
    """The validator of a schema, whose own check costs more than all else that an answer needs."""
    try:
        return Draft202012Validator(json.loads(schema), retriever=_refused)
    except (ValidationError, ReferencingError) as error:
        reason = getattr(error, "message", str(error))
        raise BadRequest(f"the request's JSON schema is itself not valid: {reason}") from error


def _refused(reference: str) -> Any:
    raise ValueError(f"{reference} lies outside the schema")
