"""Whatever a call over a handle ends with becomes an error of the contract, and only our own cancellation stays one."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
from grpc import RpcError
from ray.exceptions import RayTaskError
from ray.serve.exceptions import BackPressureError

from deploy.remote.errors import ReplicaLost, answered, streamed, unwrapped
from models.contracts import ModelError, ModelOverloaded, ModelUnavailable, NoSuchAdapter


def told(error: Exception) -> ModelError:
    return unwrapped(error, ModelError, ModelOverloaded, ModelUnavailable, "dialogue")


def test_an_error_of_the_family_stays_what_it_is_wrapped_or_not() -> None:
    raised = NoSuchAdapter("no adapter x")
    for error in (raised, RayTaskError("generate", "trace", raised)):
        found = told(error)
        assert type(found) is NoSuchAdapter and str(found) == "no adapter x"
        assert found is not error  # it is raised from `error`


def test_all_else_is_overload_or_absence() -> None:
    assert type(told(BackPressureError(num_queued_requests=9, max_queued_requests=9))) is ModelOverloaded
    for error in (ValueError("broken\nsecret"), RayTaskError("generate", "trace", KeyError("x")), ReplicaLost("gone")):
        assert type(told(error)) is ModelUnavailable
    assert str(told(ValueError("broken\nsecret"))) == "dialogue: ValueError: broken"


async def _raising(error: BaseException) -> Any:
    raise error


async def _breaking(error: BaseException) -> AsyncIterator[int]:
    yield 1
    raise error


@pytest.mark.parametrize("error", [RpcError("reset"), asyncio.CancelledError()])
async def test_a_broken_connection_and_a_foreign_cancellation_mean_that_the_replica_is_lost(error: Any) -> None:
    with pytest.raises(ReplicaLost):
        await answered(_raising(error))
    got = []
    with pytest.raises(ReplicaLost):
        async for item in streamed(_breaking(error)):
            got.append(item)
    assert got == [1]


async def test_our_own_cancellation_and_deadline_stay() -> None:
    task = asyncio.create_task(answered(asyncio.sleep(60)))
    await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(answered(asyncio.sleep(60)), 0.01)
    with pytest.raises(TimeoutError):
        async with asyncio.timeout(0.01):
            await answered(asyncio.sleep(60))
