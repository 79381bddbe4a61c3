"""Errors of a replica, as Serve brings them over, are turned here into the family that the contract promises.

A replica's own exception arrives as it was raised (calls go over gRPC, deploy/settings.py) or wrapped by Ray. That the
replica is gone may also look like a broken connection, or like the cancellation of a call that nobody here cancelled.
"""

import asyncio
import copy
import logging
from collections.abc import AsyncGenerator, AsyncIterable, Awaitable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from grpc import RpcError
from ray.exceptions import RayError, RayTaskError
from ray.serve.exceptions import BackPressureError

from models.contracts import ModelError
from retrievers.contracts import RetrievalError

logger = logging.getLogger("lexhub")
Family = TypeVar("Family", ModelError, RetrievalError)
Answer = TypeVar("Answer")


class ReplicaLost(RayError):  # type: ignore[misc]
    """The replica is gone, or on its way out, and took the call with it."""


def unwrapped(
    error: Exception, family: type[Family], overloaded: type[Family], unavailable: type[Family], name: str
) -> Family:
    """The error of the contract's family behind what a call over a handle raised; to be raised from it.

    What no replica should raise is one too for who asked, and logged with its trace for who mends it.
    """
    cause = error.cause if isinstance(error, RayTaskError) else error
    if isinstance(cause, family):
        return copy.copy(cause) if cause is error else cause  # no error is its own cause
    if isinstance(cause, BackPressureError):
        return overloaded(f"{name}: the queue is full")
    if not isinstance(cause, RayError):
        logger.error("%s raised what it should not", name, exc_info=error)
    return unavailable(f"{name}: {type(cause).__name__}: {str(cause).splitlines()[0] if str(cause) else 'no message'}")


@contextmanager
def losses() -> Iterator[None]:
    """Raises ReplicaLost for what means it. The awaiting task's own cancellation stays what it is."""
    try:
        yield
    except RpcError as error:
        raise ReplicaLost(f"the connection broke: {error}") from error
    except asyncio.CancelledError as error:
        task = asyncio.current_task()
        if task is None or task.cancelling():
            raise
        raise ReplicaLost("the replica ended the call") from error


async def answered(response: Awaitable[Answer]) -> Answer:
    """The answer to a call. Raises ReplicaLost, or what the replica raised."""
    with losses():
        return await response


async def streamed(response: AsyncIterable[Answer]) -> AsyncGenerator[Answer, None]:
    """The items of a streaming call. Raises ReplicaLost, or what the replica raised."""
    items = aiter(response)
    while True:
        with losses():
            try:
                item = await anext(items)
            except StopAsyncIteration:
                return
        yield item
