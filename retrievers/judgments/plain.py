"""Our own form: one JSON object with the fields of `contracts.Case`; `kind` may be left out (judgment)."""

import json
from collections.abc import Iterator
from typing import Any

from pydantic import ValidationError

from retrievers.contracts import Case
from retrievers.judgments import charges

Row = dict[str, Any]


def fits(row: Row) -> bool:
    """Whether the object is of this form."""
    return "facts" in row and "id" in row and not isinstance(row["facts"], dict)


def cases(row: Row, place: str) -> Iterator[Case]:
    """The case. Raises ValueError with the reason in one line."""
    try:
        case = Case.model_validate_json(json.dumps({"kind": "judgment", **row}))
    except ValidationError as error:
        reasons = (f"{'.'.join(map(str, fault['loc']))}: {fault['msg']}" for fault in error.errors()[:3])
        raise ValueError("; ".join(reasons)) from error
    if case.kind == "invented":
        raise ValueError("kind invented is for the teaching cases of this project")
    if not case.id.strip() or not case.facts.strip():
        raise ValueError("id and facts must not be empty")
    yield case.model_copy(update={"charges": tuple(filter(None, map(charges.named, case.charges)))})
