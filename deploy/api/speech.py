"""What the experts say in a chat completion, in pieces that may be sent.

- **Text** of `dialogue` is checked sentence by sentence, like any answer: a sentence whose citations fail is dropped,
  and told in the extension field `lexhub` as `rejected`, with its faults. The rest is sent inert.
- **JSON** of `dialogue` (`response_format`) is data for services: cutting sentences out would break it. It is sent as
  it is made, and the citations in its strings are judged at its end: `lexhub.citations` has a row for every sentence
  that cites, with its place (JSON pointer), `ok`, the articles and the faults. Who shows such text must read `ok`.
- **Keywords** cite nothing and are sent as they are made.

Log-probabilities are those of the tokens that spell the text sent. A token goes with the sentence in which it ends;
one that reaches into a dropped or an altered sentence is dropped, and so are those of which the text shows nothing or
not all (an end token, a stop string). So the tokens spell the content, except where it was dropped or altered.
"""

import codecs
from collections import deque
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from pydantic_core import from_json

from deploy.api.parameters import ChatRequest
from models.contracts import Chosen, Chunk, FinishReason, GenerationRequest, Message, ModelUnavailable, Usage
from models.schemas import KEYWORDS
from orchestrator import verification
from orchestrator.contracts import clean_text
from orchestrator.dispatch import Asked
from orchestrator.inert import inert
from orchestrator.services import Services
from retrievers.contracts import Library


@dataclass(frozen=True)
class Piece:
    """A piece of one choice. The last, and no other, has `finish`, the extension, and the model's own token counts."""

    text: str = ""
    tokens: tuple[Chosen, ...] = ()
    finish: FinishReason | None = None
    usage: Usage | None = None
    extension: dict[str, Any] | None = None


async def expert(services: Services, wanted: ChatRequest, choice: int) -> AsyncGenerator[Piece, None]:
    """One choice of the expert that is asked for. Raises ModelError, NoModel, RetrievalError."""
    asked = Asked(services, request_of(wanted, choice), "")
    said = _Said(asked)
    if wanted.expert == "keyword":
        pieces = _plain(said)
    elif wanted.schema_ is not None:
        pieces = _judged(said, services.library, _allowed(wanted))
    else:
        pieces = _checked(said, services.library, _allowed(wanted), _known(wanted))
    async with aclosing(pieces):
        async for piece in pieces:
            yield piece


def request_of(wanted: ChatRequest, choice: int) -> GenerationRequest:
    """The request to the model. The keyword model is asked for the last message alone."""
    sampling = wanted.sampling(choice)
    if wanted.expert == "keyword":
        text = clean_text(wanted.messages[-1].text)
        return GenerationRequest(
            task="keywords",
            messages=(Message(role="user", content=text),),
            schema_=KEYWORDS,
            sampling=sampling,
            adapter=wanted.adapter,
        )
    roles = {"developer": "system"}
    messages = tuple(
        Message.model_validate({"role": roles.get(one.role, one.role), "content": one.text}) for one in wanted.messages
    )
    return GenerationRequest(
        task="dialogue",
        messages=messages,
        schema_=wanted.schema_,
        sampling=sampling,
        adapter=wanted.adapter,
        session=_beginning(messages),
    )


def _beginning(messages: Sequence[Message]) -> str:
    """A name for all conversations that begin alike: up to the first message of the client."""
    first = next((at for at, one in enumerate(messages) if one.role == "user"), len(messages) - 1)
    return sha256("\x1f".join(one.content for one in messages[: first + 1]).encode()).hexdigest()


class Ledger:
    """Which tokens spell which part of the text, by the bytes that they stand for."""

    def __init__(self) -> None:
        self._decoder = codecs.getincrementaldecoder("utf-8")("replace")
        self._waiting: deque[tuple[int, int, Chosen]] = deque()  # the characters that a token touches: from, up to
        self._spelled = self._told = self._dropped = 0

    def add(self, tokens: Sequence[Chosen]) -> None:
        """Note tokens that were made."""
        for token in tokens:
            start = self._spelled
            self._spelled += len(self._decoder.decode(token.token))
            within = bool(self._decoder.getstate()[0])  # it ends inside a character
            self._waiting.append((start, self._spelled + within, token))

    def take(self, text: str, kept: bool = True) -> tuple[Chosen, ...]:
        """The tokens that go with `text`, the next of all that is said; none when it is not kept."""
        self._told += len(text)
        if not kept:
            self._dropped = self._told
        taken = []
        while self._waiting and self._waiting[0][1] <= self._told:
            start, _, token = self._waiting.popleft()
            if kept and start >= self._dropped:
                taken.append(token)
        return tuple(taken)


@dataclass
class _Said:
    """What the model says, its tokens in a ledger, and in the end how it finished."""

    asked: Asked
    ledger: Ledger = field(default_factory=Ledger)
    last: Chunk | None = None

    async def __aiter__(self) -> AsyncGenerator[str, None]:
        async with aclosing(aiter(self.asked)) as chunks:
            async for chunk in chunks:
                self.ledger.add(chunk.tokens)
                if chunk.finish_reason is not None:
                    self.last = chunk
                yield chunk.text

    def end(self, **extension: Any) -> Piece:
        """The last piece. Raises ModelUnavailable when the model did not finish of itself."""
        if self.last is None or self.last.finish_reason == "cancelled" or self.asked.entry is None:
            raise ModelUnavailable("the model broke off its answer")
        told = {"model": self.asked.entry.model, **extension}
        return Piece(finish=self.last.finish_reason, usage=self.last.usage, extension=told)


async def _plain(said: _Said) -> AsyncGenerator[Piece, None]:
    async with aclosing(aiter(said)) as texts:
        async for text in texts:
            if piece := _piece(said, text):
                yield piece
    yield said.end()


async def _judged(said: _Said, library: Library, allowed: str) -> AsyncGenerator[Piece, None]:
    whole = ""
    async with aclosing(aiter(said)) as texts:
        async for text in texts:
            whole += text
            if piece := _piece(said, text):
                yield piece
    yield said.end(citations=await _citations(library, whole, allowed))


async def _checked(said: _Said, library: Library, allowed: str, known: str) -> AsyncGenerator[Piece, None]:
    rejected = []
    async with aclosing(verification.gathered(verification.sentences(aiter(said)))) as batches:
        async for batch in batches:
            for one in await verification.spoken(library, batch, allowed, known, None):
                text = inert(one.text)
                tokens = said.ledger.take(one.text, one.verdict.ok and text == one.text)
                if one.verdict.ok:
                    yield Piece(text, tokens)
                else:
                    rejected.append({"sentence": one.text.strip(), "faults": list(one.verdict.faults)})
    yield said.end(rejected=rejected)


def _piece(said: _Said, text: str) -> Piece | None:
    tokens = said.ledger.take(text)
    return Piece(text, tokens) if text or tokens else None


async def _citations(library: Library, written: str, allowed: str) -> list[dict[str, Any]]:
    """A row for every sentence that cites, in every string of the JSON; what was cut off at the limit is read too."""
    try:
        value = from_json(written, allow_partial="trailing-strings")
    except ValueError:
        value = written  # no model that keeps to a schema writes this; judged as the text that it is
    rows: list[tuple[str, str]] = []
    for place, text in _strings(value, ""):
        whole, rest = verification.split(text)
        rows += [(place, sentence) for sentence in (*whole, rest) if sentence]
    verdicts = await verification.check(library, [sentence for _, sentence in rows], allowed, None)
    return [
        {
            "path": place,
            "sentence": one.text.strip(),
            "ok": one.verdict.ok,
            "citations": list(one.verdict.citations),
            "faults": list(one.verdict.faults),
        }
        for (place, _), one in zip(rows, verdicts, strict=True)
        if one.verdict.citations or not one.verdict.ok
    ]


def _strings(value: Any, place: str) -> Iterator[tuple[str, str]]:
    """Every string in `value` with its JSON pointer; the names of members too."""
    if isinstance(value, str):
        yield place, value
    elif isinstance(value, list):
        for at, one in enumerate(value):
            yield from _strings(one, f"{place}/{at}")
    elif isinstance(value, dict):
        for name, one in value.items():
            inside = f"{place}/{name.replace('~', '~0').replace('/', '~1')}"
            yield inside, name
            yield from _strings(one, inside)


def _known(wanted: ChatRequest) -> str:
    """All that the caller sent, from which a number or the name of a case may come."""
    return "\n".join(message.text for message in wanted.messages)


def _allowed(wanted: ChatRequest) -> str:
    """The client's own words, whose figures need no support of the law."""
    return "\n".join(message.text for message in wanted.messages if message.role == "user")
