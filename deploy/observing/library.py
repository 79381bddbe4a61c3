"""A library under observation."""

import inspect
import time
from typing import Any, cast

from deploy.observing import recording
from deploy.observing.observer import ServiceObserver
from retrievers.contracts import Library


class _Watched:
    def __init__(self, library: Library, observer: ServiceObserver) -> None:
        self._library, self._observer = library, observer

    def __getattr__(self, name: str) -> Any:
        method = getattr(self._library, name)
        if not inspect.iscoroutinefunction(method):
            return method

        async def call(*args: Any, **more: Any) -> Any:
            started = time.perf_counter()
            with self._observer.retrieval(name):
                result = await method(*args, **more)
            recording.searched(name, started, result)
            return result

        setattr(self, name, call)  # found at once the next time
        return call


def watched(library: Library, observer: ServiceObserver) -> Library:
    """The same library; each of its calls is timed, and a span."""
    return cast(Library, _Watched(library, observer))
