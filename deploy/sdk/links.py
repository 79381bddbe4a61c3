"""The connection to a server, waited for or blocking: two executors of the same calls."""

import asyncio
import time
from collections.abc import AsyncGenerator, Generator, Mapping
from dataclasses import dataclass
from typing import TypeVar

import httpx

from deploy.sdk import errors
from deploy.sdk.calls import Attempts, Call
from deploy.sdk.errors import LexhubError
from deploy.sdk.events import Following, Row

T = TypeVar("T")


@dataclass(frozen=True)
class AsyncLink:
    """Sends calls and waits for their answers. `headers` go with every request. Concurrent calls are safe."""

    http: httpx.AsyncClient
    headers: Mapping[str, bytes]
    retries: int

    async def answer(self, call: Call[T]) -> T:
        """The answer. Raises LexhubError."""
        attempts = Attempts(call.repeatable, self.retries)
        while True:
            try:
                return call.result(await self.http.request(**call.request.options(self.headers)))
            except (httpx.HTTPError, LexhubError) as error:
                await asyncio.sleep(attempts.pause(error))

    async def rows(self, following: Following) -> AsyncGenerator[Row, None]:
        """The events to the end of the turn, gone on with where a connection breaks off. Raises LexhubError."""
        attempts = Attempts(True, self.retries)
        while not following.finished:
            try:
                async with self.http.stream(**following.request().options(self.headers)) as response:
                    if not response.is_success:
                        await response.aread()
                        raise errors.refusal(response)
                    async for line in response.aiter_lines():
                        if row := following.read(line):
                            yield row
                following.end()
                return
            except (httpx.HTTPError, LexhubError) as error:
                if not following.elsewhere(error):
                    await asyncio.sleep(attempts.pause(error))


@dataclass(frozen=True)
class Link:
    """As AsyncLink, blocking. Calls from several threads are safe."""

    http: httpx.Client
    headers: Mapping[str, bytes]
    retries: int

    def answer(self, call: Call[T]) -> T:
        """The answer. Raises LexhubError."""
        attempts = Attempts(call.repeatable, self.retries)
        while True:
            try:
                return call.result(self.http.request(**call.request.options(self.headers)))
            except (httpx.HTTPError, LexhubError) as error:
                time.sleep(attempts.pause(error))

    def rows(self, following: Following) -> Generator[Row, None, None]:
        """The events to the end of the turn, gone on with where a connection breaks off. Raises LexhubError."""
        attempts = Attempts(True, self.retries)
        while not following.finished:
            try:
                with self.http.stream(**following.request().options(self.headers)) as response:
                    if not response.is_success:
                        response.read()
                        raise errors.refusal(response)
                    for line in response.iter_lines():
                        if row := following.read(line):
                            yield row
                following.end()
                return
            except (httpx.HTTPError, LexhubError) as error:
                if not following.elsewhere(error):
                    time.sleep(attempts.pause(error))
