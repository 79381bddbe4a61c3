"""Methods made of functions that describe calls: written once, they belong to the blocking and the async client."""

import functools
from collections.abc import AsyncGenerator, Callable, Coroutine, Generator
from typing import Any, Generic, ParamSpec, Protocol, TypeVar, overload

from pydantic import ValidationError

from deploy.sdk import errors
from deploy.sdk.calls import Call
from deploy.sdk.events import Following, Row
from deploy.sdk.links import AsyncLink, Link

P = ParamSpec("P")
T = TypeVar("T")


class Blocking(Protocol):
    """What has a blocking link."""

    @property
    def link(self) -> Link:
        """The link."""


class Waiting(Protocol):
    """What has a link whose answers are waited for."""

    @property
    def link(self) -> AsyncLink:
        """The link."""


class Answered(Generic[P, T]):
    """A method that sends the described call and gives its answer."""

    def __init__(self, describe: Callable[P, Call[T]]) -> None:
        self._describe = describe

    @overload
    def __get__(self, client: Blocking, owner: Any) -> Callable[P, T]: ...
    @overload
    def __get__(self, client: Waiting, owner: Any) -> Callable[P, Coroutine[Any, Any, T]]: ...
    def __get__(self, client: Any, owner: Any) -> Any:
        """The method of this client; of the class itself, the description."""
        if client is None:
            return self._describe
        return _after(self._describe, client.link.answer)


class Streamed(Generic[P]):
    """A method that follows the described stream and gives its rows."""

    def __init__(self, describe: Callable[P, Following]) -> None:
        self._describe = describe

    @overload
    def __get__(self, client: Blocking, owner: Any) -> Callable[P, Generator[Row, None, None]]: ...
    @overload
    def __get__(self, client: Waiting, owner: Any) -> Callable[P, AsyncGenerator[Row, None]]: ...
    def __get__(self, client: Any, owner: Any) -> Any:
        """The method of this client; of the class itself, the description."""
        if client is None:
            return self._describe
        return _after(self._describe, client.link.rows)


def _after(describe: Callable[..., Any], send: Callable[[Any], Any]) -> Callable[..., Any]:
    @functools.wraps(describe)
    def method(*args: Any, **named: Any) -> Any:
        try:
            described = describe(*args, **named)
        except ValidationError as error:
            raise errors.unfit(error) from error
        return send(described)

    return method
