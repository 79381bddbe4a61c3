"""Two replicas over one new database, of either kind."""

from collections.abc import AsyncIterator

import pytest

from orchestrator.storage.database import Database
from orchestrator.storage.sessions import SessionStore


async def closed(store: SessionStore) -> None:
    await store.close()
    await store.database.close()


@pytest.fixture
async def store(url: str) -> AsyncIterator[SessionStore]:
    opened = SessionStore(await Database.open(url))
    yield opened
    await closed(opened)


@pytest.fixture
async def other(store: SessionStore, url: str) -> AsyncIterator[SessionStore]:
    opened = SessionStore(await Database.open(url))
    yield opened
    await closed(opened)
