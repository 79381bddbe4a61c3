"""A call as data: what is sent, how the answer is read, and whether it may be sent again. Links do the sending."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

import httpx
from pydantic import BaseModel

from deploy.sdk import errors
from deploy.sdk.errors import LexhubError

T = TypeVar("T")
Body = BaseModel | Mapping[str, Any] | None
FIRST_PAUSE_S = 0.5  # doubled with every further attempt, where the server names no time
LONGEST_PAUSE_S = 10  # who is told to wait longer is told so at once
PASSING = ("unreachable", "broken_off")


@dataclass(frozen=True)
class Request:
    """What is sent. `query` members that are None are left out."""

    method: str
    path: str
    body: Body = None
    query: Mapping[str, Any] = field(default_factory=dict)
    headers: Mapping[str, str] = field(default_factory=dict)

    def options(self, headers: Mapping[str, bytes]) -> dict[str, Any]:
        """The arguments of httpx's `build_request`, with the headers of the link."""
        body = self.body.model_dump(mode="json") if isinstance(self.body, BaseModel) else self.body
        return {
            "method": self.method,
            "url": self.path,
            "json": body,
            "params": {name: value for name, value in self.query.items() if value is not None},
            "headers": {**headers, **{name: value.encode() for name, value in self.headers.items()}},
        }


@dataclass(frozen=True)
class Call(Generic[T]):
    """A request and the reader of its answer. `repeatable`: sent twice, it does no more than sent once.

    `answers`: statuses of 400 and more whose body is an answer and no error.
    """

    request: Request
    read: Callable[[httpx.Response], T]
    repeatable: bool = True
    answers: tuple[int, ...] = ()

    def result(self, response: httpx.Response) -> T:
        """What the answer says. Raises LexhubError."""
        if not response.is_success and response.status_code not in self.answers:
            raise errors.refusal(response)
        return self.read(response)


@dataclass
class Attempts:
    """How often a request was sent, and how long to wait before it is sent again."""

    repeatable: bool
    retries: int
    made: int = 0

    def pause(self, error: httpx.HTTPError | LexhubError) -> float:
        """Seconds until the next attempt. Raises LexhubError where there is none.

        Only what passes is tried again: a server that is full (429, 503), away, or gone in the middle of its answer.
        """
        told = errors.lost(error) if isinstance(error, httpx.HTTPError) else error
        seconds = FIRST_PAUSE_S * 2**self.made if told.retry_after is None else told.retry_after
        self.made += 1
        passing = told.status in (429, 503) or told.code in PASSING
        if not self.repeatable or self.made > self.retries or not passing or seconds > LONGEST_PAUSE_S:
            raise told from (error if told is not error else None)
        return seconds
