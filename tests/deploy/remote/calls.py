"""Calls over handles that the test answers, in place of Serve's."""

import asyncio
import copy
from collections.abc import Callable, Generator, Sequence
from types import SimpleNamespace
from typing import Any


class Call:
    """A call on its way: answered, failed, or silent where the answer is None."""

    def __init__(self, answer: Any = None) -> None:
        self.answer, self.cancelled = answer, False

    def __await__(self) -> Generator[Any, None, Any]:
        return self._said().__await__()

    async def _said(self) -> Any:
        if self.answer is None:
            await asyncio.Event().wait()
        if isinstance(self.answer, Exception):
            raise self.answer
        return self.answer

    def cancel(self) -> None:
        self.cancelled = True


class Stream:
    """A streaming call; after its items it ends, or is silent, or fails."""

    def __init__(self, *items: Any, silent: bool = False, error: Exception | None = None) -> None:
        self.items, self.silent, self.error, self.cancelled = list(items), silent, error, False

    def __aiter__(self) -> "Stream":
        return self

    async def __anext__(self) -> Any:
        if self.items:
            return self.items.pop(0)
        if self.silent:
            await asyncio.Event().wait()
        if self.error is not None:
            raise self.error
        raise StopAsyncIteration

    def cancel(self) -> None:
        self.cancelled = True


class Handle:
    """A handle whose calls give the answers in order, the last one for ever after; `calls` are those made, `given` the
    options of each.
    """

    def __init__(self, answers: Sequence[Callable[[], Any]]) -> None:
        self._answers, self.calls = list(answers), list[Any]()
        self._options, self.given = dict[str, Any](), list[dict[str, Any]]()

    def options(self, **more: Any) -> "Handle":
        other = copy.copy(self)
        other._options = self._options | more
        return other

    def __getattr__(self, method: str) -> Any:
        if method.startswith("_"):
            raise AttributeError(method)

        def remote(*args: Any, carried: Any) -> Any:
            made = (self._answers.pop(0) if len(self._answers) > 1 else self._answers[0])()
            self.calls.append(made)
            self.given.append(self._options)
            return made

        return SimpleNamespace(remote=remote)
