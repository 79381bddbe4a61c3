"""What the embedded models share: a Generator whose answer is one JSON object, there at once."""

import json
import time
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator
from functools import lru_cache
from typing import Any

from jsonschema_rs import Draft202012Validator, ReferencingError, ValidationError

from models.contracts import BadOutput, BadRequest, Chunk, DeadlineExceeded, GenerationRequest, Usage
from models.scripts import simplified

Reply = dict[str, Any]


class Replying(ABC):
    """A Generator. Its usage counts characters; sampling has no effect, since the answer is always the whole JSON."""

    @abstractmethod
    def answer(self, texts: tuple[str, ...]) -> Reply:
        """The answer to the user's messages in simplified characters, the last of which is the question."""

    async def generate(self, request: GenerationRequest) -> AsyncIterator[Chunk]:
        """The JSON answer to the user's messages, in one piece."""
        if request.adapter is not None:
            raise BadRequest("the embedded models have no adapters")
        texts = tuple(simplified(message.content) for message in request.messages if message.role == "user")
        if not texts:
            raise BadRequest("there is no user message")
        if request.deadline is not None and time.time() > request.deadline:
            raise DeadlineExceeded("the deadline passed before the model was asked")
        reply = self.answer(texts)
        if request.schema_ is not None:
            _fits(reply, request.schema_)
        text = json.dumps(reply, ensure_ascii=False)
        usage = Usage(prompt_tokens=sum(map(len, texts)), completion_tokens=len(text))
        yield Chunk(text=text, finish_reason="stop", usage=usage)


def _fits(reply: Reply, schema: dict[str, Any]) -> None:
    problem = next(iter(_validator(json.dumps(schema, sort_keys=True)).iter_errors(reply)), None)
    if problem is not None:
        raise BadOutput(f"the embedded model cannot answer in the schema asked for: {problem.message}")


@lru_cache(maxsize=32)
def _validator(schema: str) -> Draft202012Validator:
    """The validator of a schema, whose own check costs more than all else that an answer needs."""
    try:
        return Draft202012Validator(json.loads(schema), retriever=_refused)
    except (ValidationError, ReferencingError) as error:
        reason = getattr(error, "message", str(error))
        raise BadRequest(f"the request's JSON schema is itself not valid: {reason}") from error


def _refused(reference: str) -> Any:
    """A schema is read alone: nothing that it refers to is fetched from a network or a disk."""
    raise ValueError(f"{reference} lies outside the schema")
