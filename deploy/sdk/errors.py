"""The one error of the client, made from what the server says or from what kept it from saying anything."""

from collections.abc import Mapping
from typing import Any

import httpx
from pydantic import ValidationError


class LexhubError(Exception):
    """A call failed. Positional arguments only, so that it survives pickling.

    `code` is the server's stable code, or one of the client's own with status 0: `unreachable`, `timeout`, `broken_off`
    (the server was gone in the middle of its answer), `invalid_request` (never sent). `bad_answer` is for what no
    Lexhub server says. The failure of a turn that was streamed has status 200, since its stream had begun.
    `retry_after`: seconds, where the server named them. `extra`: further members of its error (`missing`, `consent`).
    """

    def __init__(
        self,
        code: str,
        message: str,
        status: int = 0,
        param: str | None = None,
        retry_after: float | None = None,
        request_id: str = "",
        extra: Mapping[str, Any] | None = None,
    ) -> None:
        super().__init__(code, message, status, param, retry_after, request_id, extra)
        self.code, self.message, self.status, self.param = code, message, status, param
        self.retry_after, self.request_id, self.extra = retry_after, request_id, dict(extra or {})

    def __str__(self) -> str:
        return f"{self.code}: {self.message}"


def refusal(response: httpx.Response) -> LexhubError:
    """The error that a response of status 400 or more tells of. Its body must have been read."""
    request_id = response.headers.get("x-request-id", "")
    after = response.headers.get("retry-after", "")
    seconds = float(after) if after.isascii() and after.isdigit() else None
    try:
        told = dict(response.json()["error"])
        code, message, param = str(told.pop("code")), str(told.pop("message")), told.pop("param", None)
    except (ValueError, KeyError, TypeError):
        text = f"HTTP {response.status_code}, not in the form of a Lexhub server: {response.text[:200]}"
        return LexhubError("bad_answer", text, response.status_code, None, seconds, request_id)
    told.pop("type", None)
    return LexhubError(code, message, response.status_code, param, seconds, request_id, told)


def unfit(error: ValidationError) -> LexhubError:
    """The error of arguments that no server would take."""
    first = error.errors()[0]
    where = ".".join(map(str, first["loc"]))
    return LexhubError("invalid_request", f"{where}: {first['msg']}", 0, where or None)


def unreadable(response: httpx.Response, reason: object) -> LexhubError:
    """The error of an answer that has not the expected form."""
    request_id = response.headers.get("x-request-id", "")
    return LexhubError("bad_answer", f"unexpected answer: {reason}", response.status_code, None, None, request_id)


def lost(error: httpx.HTTPError) -> LexhubError:
    """The error of a request that came to no answer."""
    if isinstance(error, httpx.TimeoutException):
        return LexhubError("timeout", "the server did not answer in time")
    if isinstance(error, httpx.RemoteProtocolError | httpx.ReadError):
        return LexhubError("broken_off", f"the server broke off: {error}")
    return LexhubError("unreachable", f"the server cannot be reached: {error}")
