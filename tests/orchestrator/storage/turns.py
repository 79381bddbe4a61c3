"""Turns for the tests of the store, without a graph."""

from typing import Any

from orchestrator.storage.sessions import Lease, SessionStore

SECRET = "我叫张三丰他欠我三万二"


async def begun(store: SessionStore, id: str, key: str = "k", owner: str = "甲", patience: float = 5.0) -> Lease:
    lease = await store.begin(id, owner, key, patience)
    assert isinstance(lease, Lease)
    return lease


async def keep(store: SessionStore, id: str, key: str, text: str = SECRET, owner: str = "甲") -> Lease:
    lease = await begun(store, id, key, owner)
    await commit(store, lease, key, text)
    return lease


async def commit(store: SessionStore, lease: Lease, key: str, text: str = SECRET) -> None:
    delta: dict[str, Any] = {"kind": "delta", "data": {"text": text}}
    await store.commit(lease, key, {"content": text}, {"answer": text}, [delta], text.encode() + key.encode())
