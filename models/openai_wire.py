"""What an OpenAI-compatible server says, in the terms of our contract: its stream of events, and its errors.

Knows nothing of requests and of trying again; it only marks which errors may pass.
"""

import json
import re
from typing import Any

import httpx

from models.contracts import (
    BadOutput,
    BadRequest,
    ContextLengthExceeded,
    FinishReason,
    ModelError,
    ModelOverloaded,
    ModelUnavailable,
    Usage,
)

SHOWN = 300  # characters of a server's message that an error repeats
FINISHED: dict[str, FinishReason] = {"stop": "stop", "length": "length"}

_TOO_LONG = re.compile(
    r"context_length_exceeded|(?:maximum|max)[ _](?:context|model|sequence)[ _]len|context (?:window|length)"
    r"|(?:prompt|input) (?:is )?too long",
    re.IGNORECASE,
)
_NO_MONEY = re.compile(r"insufficient_quota|billing|balance", re.IGNORECASE)


class Transient(Exception):
    """An error of our family that another try may not meet; `wait` is how many seconds the server asks for."""

    def __init__(self, error: ModelError, wait: float = 0.0) -> None:
        super().__init__(error, wait)
        self.error = error
        self.wait = wait


class Events:
    """The events of one open response. `aclose` it whatever happens."""

    def __init__(self, response: httpx.Response, where: str) -> None:
        self._response = response
        self._lines = response.aiter_lines()
        self._where = where

    async def next(self) -> dict[str, Any] | None:
        """The next event; None after the last. Raises Transient, or ModelError for an error the server sends."""
        try:
            async for line in self._lines:
                if line.startswith("data:"):
                    data = line.removeprefix("data:").strip()
                    return None if data == "[DONE]" else self._event(data)
        except httpx.TransportError as error:
            raise unreachable(error, self._where) from error
        return None

    async def aclose(self) -> None:
        """Close the response; the server learns that nobody listens any more."""
        await self._response.aclose()

    def _event(self, data: str) -> dict[str, Any]:
        try:
            event = json.loads(data)
        except ValueError as error:
            raise ModelUnavailable(f"{self._where} sent an event that is not JSON") from error
        if not isinstance(event, dict):
            raise ModelUnavailable(f"{self._where} sent an event that is not an object")
        if event.get("error"):
            raise failure(500, json.dumps(event["error"], ensure_ascii=False), self._where)
        return event


def content(event: dict[str, Any]) -> tuple[str, FinishReason | None, Usage | None]:
    """The text, the reason to finish and the usage of an event; a model's hidden reasoning is not text.

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
            return "", None, usage
        text = (choices[0].get("delta") or {}).get("content") or ""
        reason = choices[0].get("finish_reason")
    except (AttributeError, TypeError, LookupError, ValueError) as error:
        raise ModelUnavailable("the endpoint sent an event that is not a chat completion") from error
    if reason is None:
        return text, None, usage
    if reason not in FINISHED:
        raise BadOutput(f"the endpoint ended its answer with {reason!r}")
    return text, FINISHED[reason], usage


def refusal(response: httpx.Response, where: str) -> Exception:
    """The error, Transient or of our family, that a read response of no success stands for."""
    try:
        wait = float(response.headers.get("retry-after", 0))
    except ValueError:
        wait = 0.0  # a date: our own pause does
    error = failure(response.status_code, response.text, where)
    if isinstance(error, ModelOverloaded) or response.status_code >= 500 or response.status_code == 408:
        return Transient(error, wait)
    return error


def failure(status: int, body: str, where: str) -> ModelError:
    """The error of our family for an HTTP status and what came with it."""
    said = f"{where} answered {status}: {' '.join(body.split())[:SHOWN]}"
    if _TOO_LONG.search(body):
        return ContextLengthExceeded(said)
    if status == 429:
        return ModelUnavailable(said) if _NO_MONEY.search(body) else ModelOverloaded(said)
    # A key that is refused or a model that is gone is not the request's fault: another candidate may serve it.
    if status >= 500 or status in (401, 402, 403, 404, 408) or status < 400:
        return ModelUnavailable(said)
    return BadRequest(said)


def unreachable(error: httpx.TransportError, where: str) -> Transient:
    """The error for a connection that failed or fell silent."""
    if isinstance(error, httpx.PoolTimeout):
        return Transient(ModelOverloaded(f"all connections to {where} are in use"))
    return Transient(ModelUnavailable(f"{where} cannot be reached: {type(error).__name__} {error}".strip()))
