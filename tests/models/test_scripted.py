"""models.backends.scripted."""

import pytest

from models.backends import scripted
from models.contracts import ModelOverloaded, ModelUnavailable
from tests.models.conftest import ask, collect


async def test_replies_come_in_turn_and_the_last_one_stays() -> None:
    model = scripted.build({"replies": ["一", "二"]})
    assert [(await collect(model, ask("x")))[0] for _ in range(3)] == ["一", "二", "二"]
    assert len(model.requests) == 3


async def test_failures_come_first_and_use_up_no_reply() -> None:
    model = scripted.build({"replies": ["一", "二"], "failures": ["ModelUnavailable", None, "ModelOverloaded"]})
    with pytest.raises(ModelUnavailable):
        await collect(model, ask("x"))
    assert (await collect(model, ask("x")))[0] == "一"
    with pytest.raises(ModelOverloaded):
        await collect(model, ask("x"))
    assert (await collect(model, ask("x")))[0] == "二"


async def test_a_failure_can_come_in_the_middle() -> None:
    model = scripted.build({"replies": ["一二三四"], "piece": 1, "failures": ["ModelUnavailable"], "after": 2})
    stream = model.generate(ask("x"))
    assert [(await anext(stream)).text for _ in range(2)] == ["一", "二"]
    with pytest.raises(ModelUnavailable):
        await anext(stream)


async def test_closing_early_is_counted() -> None:
    model = scripted.build({"replies": ["一二三四"], "piece": 1})
    stream = model.generate(ask("x"))
    await anext(stream)
    await stream.aclose()  # type: ignore[attr-defined]
    assert model.closed == 1
