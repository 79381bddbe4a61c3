"""What the embedded models share: a Generator whose answer is one JSON object, there at once."""

import json
import time
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator
from typing import Any

from models import structured
from models.contracts import BadOutput, BadRequest, Chunk, DeadlineExceeded, GenerationRequest, NoSuchAdapter, Usage
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
            raise NoSuchAdapter("the embedded models have no adapters")
        if request.sampling.logprobs is not None:
            raise BadRequest("the embedded models have no tokens, and so no log-probabilities")
        texts = tuple(simplified(message.content) for message in request.messages if message.role == "user")
        if not texts:
            raise BadRequest("there is no user message")
        if request.deadline is not None and time.time() > request.deadline:
            raise DeadlineExceeded("the deadline passed before the model was asked")
        reply = self.answer(texts)
        if request.schema_ is not None and (problem := structured.fault(reply, request.schema_)):
            raise BadOutput(f"the embedded model cannot answer in the schema asked for: {problem}")
        text = json.dumps(reply, ensure_ascii=False)
        usage = Usage(prompt_tokens=sum(map(len, texts)), completion_tokens=len(text))
        yield Chunk(text=text, finish_reason="stop", usage=usage)
