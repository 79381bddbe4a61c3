"""deploy.api.leaving: what outlives a client. How work ends with its client is seen in test_second_server."""

import asyncio
from contextvars import ContextVar

from deploy.api import leaving

ours: ContextVar[str] = ContextVar("lexhub_test", default="")
serves: ContextVar[str] = ContextVar("Serve internal request context variable", default="")


async def test_work_that_outlives_its_client_knows_nothing_of_the_request_but_what_is_ours() -> None:
    ours.set("kept")
    serves.set("whoever cancels by this")

    async def work() -> tuple[str, str]:
        return await asyncio.create_task(inner())

    async def inner() -> tuple[str, str]:
        return ours.get(), serves.get()

    assert await leaving.outliving(work()) == ("kept", "")
