"""The ingress is killed at every point of every turn: no turn is lost, none doubled, and the next message works."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.killing import POINTS, STEPS, Client, consult, substance
from tests.faults.victims import Victims

KILLS = 50  # at least, in each of the four consultations below: 200 in all


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def either(
    request: pytest.FixtureRequest, own_home: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Victims]:
    """Servers over either database."""
    url = request.getfixturevalue("postgresql").emptied() if request.param == "postgresql" else "sqlite"
    with Victims(own_home, url, tmp_path_factory.mktemp("points")) as made:
        yield made


@pytest.mark.timeout(120)
def test_a_kill_after_each_step_of_the_graph_loses_nothing(victims: Victims) -> None:
    client = Client(victims)
    killed: set[str] = set()

    def rest() -> set[str]:
        killed.update(point for _, point in client.kills)
        return set(STEPS) - killed

    consult(client, rest)
    rest()
    assert killed == STEPS
    assert sum(client.kills.values()) == len(client.kills)


@pytest.mark.faults
@pytest.mark.timeout(600)
@pytest.mark.parametrize("streams", [False, True], ids=["json", "events"])
def test_kills_at_every_point_of_every_turn_lose_and_double_nothing(either: Victims, streams: bool) -> None:
    client, undisturbed = Client(either, streams), Client(either, streams)
    consult(undisturbed, lambda: ())
    consult(client, lambda: POINTS)
    assert {point for _, point in client.kills} == POINTS
    assert sum(client.kills.values()) >= KILLS
    assert substance(client) == substance(undisturbed)
