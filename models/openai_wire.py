"""What an OpenAI-compatible server says, in the terms of our contract: its stream of events.

Knows nothing of requests and of trying again; which errors may pass is marked by `models.openai_errors`.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import httpx
from pydantic_core import from_json

from models.contracts import BadOutput, Chosen, FinishReason, Likely, ModelError, ModelUnavailable, Usage
from models.openai_errors import Transient, failure, unreachable
from models.streams import gathered

FINISHED: dict[str, FinishReason] = {"stop": "stop", "length": "length"}
DRAIN_S = 0.5  # how long the rest of a finished stream may take; past that its connection is not worth keeping


@dataclass(frozen=True)
class Said:
    """What one event says: any of these."""

    text: str = ""
    tokens: tuple[Chosen, ...] = ()
    reason: FinishReason | None = None
    usage: Usage | None = None

    @property
    def begins(self) -> bool:
        """Whether the answer has begun, so that asking again would say things twice."""
        return bool(self.text or self.tokens or self.reason)


class Events:
    """The events of one open response. `aclose` it whatever happens."""

    def __init__(self, response: httpx.Response, where: str) -> None:
        self._response = response
        self._pieces = gathered(response.aiter_bytes())
        self._lines = _lines(self._pieces)
        self._where = where
        self._done = False
        self._fault: Exception | None = None

    async def next(self) -> Said | None:
        """What the events that came together say, in one; None after the last.

        Raises Transient, or ModelError for what the server says, after what it said before.
        """
        if self._fault is not None:
            raise self._fault
        try:
            while not self._done:
                if (lines := await anext(self._lines, None)) is None:
                    self._done = True
                elif heard := self._heard(lines):
                    return heard[0] if len(heard) == 1 else together(heard)
        except httpx.TransportError as error:
            raise unreachable(error, self._where) from error
        return None

    def _heard(self, lines: Sequence[bytes]) -> list[Said]:
        """What the lines say, up to the end or a fault, which is kept if anything was said before it."""
        heard: list[Said] = []
        for line in lines:
            if not line.startswith(b"data:"):
                continue
            data = line.removeprefix(b"data:").strip()
            if data == b"[DONE]":
                self._done = True
                break
            try:
                heard.append(said(self._event(data)))
            except (Transient, ModelError) as error:
                if not heard:
                    raise
                self._fault = error
                break
        return heard

    async def aclose(self) -> None:
        """Close the response: the server learns that nobody listens, or the connection is kept when all was read."""
        if self._done:
            # A connection whose last bytes were not read would be thrown away.
            with suppress(httpx.TransportError, TimeoutError):
                async with asyncio.timeout(DRAIN_S):
                    async for _ in self._lines:
                        pass
        await self._pieces.aclose()
        await self._response.aclose()

    def _event(self, data: bytes) -> dict[str, Any]:
        try:
            event = from_json(data)
        except ValueError as error:
            raise ModelUnavailable(f"{self._where} sent an event that is not JSON") from error
        if not isinstance(event, dict):
            raise ModelUnavailable(f"{self._where} sent an event that is not an object")
        if event.get("error"):
            raise failure(500, json.dumps({"error": event["error"]}, ensure_ascii=False), self._where)
        return event


def said(event: dict[str, Any]) -> Said:
    """What an event says; a model's hidden reasoning is not text.

    Raises BadOutput when the server withholds the answer, ModelUnavailable for an event of no known form.
    """
    try:
        choices, counted = event.get("choices") or [], event.get("usage")
        usage = None
        if counted:
            usage = Usage(
                prompt_tokens=counted.get("prompt_tokens") or 0, completion_tokens=counted.get("completion_tokens") or 0
            )
        if not choices:
            return Said(usage=usage)
        delta = choices[0].get("delta") or {}
        text, reason = delta.get("content") or "", choices[0].get("finish_reason")
        hidden = not text and (delta.get("reasoning_content") or delta.get("reasoning"))
        rows = [] if hidden else (choices[0].get("logprobs") or {}).get("content") or []
        tokens = tuple(Chosen(**_likely(row), top=tuple(map(_top, row.get("top_logprobs") or ()))) for row in rows)
    except (AttributeError, TypeError, LookupError, ValueError) as error:
        raise ModelUnavailable("the endpoint sent an event that is not a chat completion") from error
    if reason is None:
        return Said(text, tokens, None, usage)
    if reason not in FINISHED:
        raise BadOutput(f"the endpoint ended its answer with {reason!r}")
    return Said(text, tokens, FINISHED[reason], usage)


def together(heard: Sequence[Said]) -> Said:
    """What several events say, in one."""
    reasons = [one.reason for one in heard if one.reason is not None]
    counted = [one.usage for one in heard if one.usage is not None]
    return Said(
        "".join(one.text for one in heard),
        tuple(token for one in heard for token in one.tokens),
        reasons[-1] if reasons else None,
        counted[-1] if counted else None,
    )


def _likely(row: dict[str, Any]) -> dict[str, Any]:
    spelled = row.get("bytes")
    return {
        "token": str(row["token"]).encode() if spelled is None else bytes(spelled),
        "logprob": float(row["logprob"]),
    }


def _top(row: dict[str, Any]) -> Likely:
    return Likely(**_likely(row))


async def _lines(pieces: AsyncIterator[list[bytes]]) -> AsyncIterator[list[bytes]]:
    """The lines, those that came together in one list. A text may hold U+2028, at which httpx's own lines break."""
    rest = b""
    async for several in pieces:
        *whole, rest = b"".join([rest, *several]).split(b"\n")
        if whole:
            yield [line.removesuffix(b"\r") for line in whole]
    if rest:
        yield [rest]
