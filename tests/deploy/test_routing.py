"""A session keeps its replica, moves as little as possible, and does not wait behind a busy one."""

from types import SimpleNamespace
from typing import Any

import pytest

from deploy.routing import LINE, ModelRouter, preferred

SESSIONS = [f"session-{at}" for at in range(400)]
REPLICAS = ["a", "b", "c", "d"]


def idle(id: str) -> int:
    return 0


def own(session: str, replicas: list[str]) -> str:
    return preferred(session, replicas, idle)[0]


def test_every_caller_finds_the_same_replica_and_sessions_spread() -> None:
    found = [own(session, REPLICAS) for session in SESSIONS]
    assert found == [own(session, REPLICAS[::-1]) for session in SESSIONS]
    assert all(60 < found.count(id) < 140 for id in REPLICAS)


def test_only_the_sessions_of_a_replica_that_left_move() -> None:
    for session in SESSIONS:
        before, after = own(session, REPLICAS), own(session, ["a", "b", "c"])
        assert before == after or before == "d"


def test_a_much_busier_replica_is_left_alone_but_a_little_busier_one_is_not() -> None:
    first, second, *_ = preferred("x", REPLICAS, idle)
    assert preferred("x", REPLICAS, lambda id: 4 if id == first else 0)[0] == first
    busy = preferred("x", REPLICAS, lambda id: 40 if id == first else 0)
    assert busy[0] == second and busy[-1] == first


class Router(ModelRouter):
    """The router's choice over fakes, without Serve's own state."""

    def __init__(self, loads: dict[str, int]) -> None:
        self._replicas = {id: SimpleNamespace(replica_id=SimpleNamespace(unique_id=id)) for id in loads}
        self._replica_queue_len_cache = SimpleNamespace(get=lambda id: loads[id.unique_id])

    def apply_locality_routing(self, pending_request: Any = None) -> set[str]:
        return set(self._replicas)

    def apply_multiplex_routing(self, pending_request: Any = None) -> set[str]:
        return {"c", "gone"}  # Serve may name one that has left since

    async def chosen(self, session: str = "", model: str = "") -> list[list[str]]:
        asked = SimpleNamespace(metadata=SimpleNamespace(session_id=session, multiplexed_model_id=model))
        ranks = await self.choose_replicas(list(self._replicas.values()), asked)
        return [[one.replica_id.unique_id for one in rank] for rank in ranks]


async def test_a_session_is_sent_to_its_own_replica_first_and_then_to_the_next() -> None:
    assert await Router(dict.fromkeys(REPLICAS, 0)).chosen("x") == [[id] for id in preferred("x", REPLICAS, idle)]


@pytest.mark.parametrize(("session", "model", "expected"), [("x", "card/adapter", [["c"]]), ("x", f"{LINE}b", [["b"]])])
async def test_adapters_and_lines_come_before_sessions(session: str, model: str, expected: list[list[str]]) -> None:
    assert await Router(dict.fromkeys(REPLICAS, 0)).chosen(session, model) == expected


async def test_without_a_session_two_replicas_are_compared() -> None:
    [pair] = await Router(dict.fromkeys(REPLICAS, 0)).chosen()
    assert len(set(pair)) == 2
