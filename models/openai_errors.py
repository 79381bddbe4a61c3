"""What went wrong at an OpenAI-compatible server, as an error of our family, and whether another try may do."""

import json
import re
import time
from email.utils import parsedate_to_datetime

import httpx

from models.contracts import (
    BadOutput,
    BadRequest,
    ContextLengthExceeded,
    DeadlineExceeded,
    ModelError,
    ModelOverloaded,
    ModelUnavailable,
    NoSuchAdapter,
    OutOfMemory,
)

SHOWN = 300  # characters of a server's message that an error repeats
# Codes that a server of our own says, and OpenAI's; they say more than the status, and come without one in a stream.
CODES: dict[str, type[ModelError]] = {
    "rate_limit_exceeded": ModelOverloaded,
    "insufficient_quota": ModelUnavailable,
    **{
        family.code: family
        for family in (
            BadOutput,
            BadRequest,
            ContextLengthExceeded,
            DeadlineExceeded,
            ModelOverloaded,
            NoSuchAdapter,
            OutOfMemory,
        )
    },
}
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


def refusal(response: httpx.Response, where: str, adapter: str | None = None) -> Exception:
    """The error, Transient or of our family, that a read response of no success stands for.

    With an `adapter` in the place of the model, a server that has no such model has no such adapter.
    """
    if adapter is not None and response.status_code == 404:
        return NoSuchAdapter(f"{where} has no adapter {adapter}")
    error = failure(response.status_code, response.text, where)
    passing = response.status_code >= 500 or response.status_code == 408
    if isinstance(error, ModelOverloaded) or (passing and isinstance(error, ModelUnavailable)):
        return Transient(error, _wait(response.headers.get("retry-after", "")))
    return error


def failure(status: int, body: str, where: str) -> ModelError:
    """The error of our family for an HTTP status and what came with it."""
    said = f"{where} answered {status}: {' '.join(body.split())[:SHOWN]}"
    code = _code(body)
    if isinstance(code, int):
        status = code  # vLLM puts the status there, also in a stream
    elif code in CODES:
        return CODES[code](said)
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


def _code(body: str) -> str | int | None:
    """The code of OpenAI's error object; None when there is none."""
    try:
        code = json.loads(body)["error"]["code"]
    except (ValueError, LookupError, TypeError):
        return None
    return code if isinstance(code, str | int) and not isinstance(code, bool) else None


def _wait(header: str) -> float:
    """The seconds that a Retry-After header asks for, which may be a number or a date; 0 when it says neither."""
    try:
        return max(0.0, float(header))
    except ValueError:
        pass
    try:
        return max(0.0, parsedate_to_datetime(header).timestamp() - time.time())
    except ValueError:
        return 0.0
