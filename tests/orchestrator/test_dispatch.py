"""Asking models: fallback before the first chunk, none after it, deadlines, retries, and what the trace says."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from typing import Any

import pytest

from models.contracts import (
    BadOutput,
    BadRequest,
    Chunk,
    DeadlineExceeded,
    GenerationRequest,
    Message,
    ModelError,
    ModelOverloaded,
    ModelUnavailable,
    NoSuchAdapter,
)
from orchestrator import dispatch
from orchestrator.breaker import BreakerRules
from orchestrator.selection import NoModel
from orchestrator.services import Call, Limits, Services
from orchestrator.watch import Watch
from tests.orchestrator.doubles import Library, Pool, card, scripted
from tests.orchestrator.test_breaker import Clock

REQUEST = GenerationRequest(task="dialogue", messages=(Message(role="user", content="你好"),))


def services(pool: Pool, **limits: float) -> Services:
    return Services(library=Library(), models=pool, limits=Limits(**{"model": 2.0, **limits}))  # type: ignore[arg-type]


async def test_the_whole_output_and_who_gave_it() -> None:
    text, entry = await dispatch.ask(services(Pool(scripted("a", "dialogue", "您好,请讲。"))), REQUEST, "劳动", str)
    assert text == "您好,请讲。"
    assert (entry.step, entry.model, entry.details) == ("dialogue", "a", {})
    assert "通用" in entry.note


async def test_a_failure_is_tried_again_before_the_next_candidate() -> None:
    pool = Pool(scripted("a", "dialogue", "甲", failures=["ModelUnavailable"]), scripted("b", "dialogue", "乙"))
    text, entry = await dispatch.ask(services(pool), REQUEST, "劳动", str)
    assert (text, entry.model) == ("甲", "a")
    assert len(entry.details["failed"]) == 1


async def test_the_next_candidate_answers_when_the_first_cannot() -> None:
    pool = Pool(scripted("a", "dialogue", failures=["ModelOverloaded"] * 9), scripted("b", "dialogue", "乙"))
    text, entry = await dispatch.ask(services(pool), REQUEST, "劳动", str)
    assert (text, entry.model) == ("乙", "b")
    assert entry.note == "前面的候选失败,改用b"
    assert [row.partition(":")[0] for row in entry.details["failed"]] == ["a", "a"]
    assert "model_overloaded" in entry.details["failed"][0]
    assert len(pool.generator("a").requests) == 2


async def test_a_stand_in_that_cannot_do_it_at_all_does_not_hide_why_the_model_failed() -> None:
    stand_in = scripted("b", "dialogue", failures=["BadRequest"] * 9)
    busy = Pool(scripted("a", "dialogue", failures=["ModelOverloaded"] * 9), stand_in)
    with pytest.raises(ModelOverloaded):
        await dispatch.ask(services(busy), REQUEST, "劳动", str)
    with pytest.raises(NoSuchAdapter, match="tuned"):
        await dispatch.ask(
            services(Pool(scripted("a", "dialogue"), stand_in)),
            REQUEST.model_copy(update={"adapter": "tuned"}),
            "",
            str,
        )


@pytest.mark.parametrize("failure", ["BadRequest", "BadOutput"])
async def test_what_another_try_cannot_mend_is_not_tried_again(failure: str) -> None:
    pool = Pool(scripted("a", "dialogue", failures=[failure] * 9), scripted("b", "dialogue", "乙"))
    text, _ = await dispatch.ask(services(pool), REQUEST, "劳动", str)
    assert text == "乙"
    assert len(pool.generator("a").requests) == 1


async def test_after_the_first_chunk_nothing_is_swapped() -> None:
    pool = Pool(
        scripted("a", "dialogue", "您可以要求还款", piece=2, failures=["ModelUnavailable"], after=2),
        scripted("b", "dialogue"),
    )
    asked = dispatch.Asked(services(pool), REQUEST, "劳动")
    seen: list[str] = []
    with pytest.raises(ModelUnavailable):
        async for chunk in asked:
            seen.append(chunk.text)
    assert "".join(seen) == "您可以要"
    assert "b" not in pool.built
    assert asked.entry is None


async def test_when_all_fail_the_last_failure_is_raised() -> None:
    pool = Pool(
        scripted("a", "dialogue", failures=["ModelUnavailable"] * 9),
        scripted("b", "dialogue", failures=["ModelOverloaded"] * 9),
    )
    with pytest.raises(ModelOverloaded):
        await dispatch.ask(services(pool), REQUEST, "劳动", str)


async def test_nobody_able_is_no_model() -> None:
    with pytest.raises(NoModel):
        await dispatch.ask(services(Pool(card("k", "keywords"))), REQUEST, "劳动", str)


async def test_a_slow_model_is_given_up_at_its_deadline() -> None:
    pool = Pool(scripted("a", "dialogue", delay_s=5), scripted("b", "dialogue", "乙"))
    started = time.perf_counter()
    text, entry = await dispatch.ask(services(pool, model=0.1, tries=1), REQUEST, "劳动", str)
    assert text == "乙"
    assert "deadline_exceeded" in entry.details["failed"][0]
    assert time.perf_counter() - started < 2
    assert pool.generator("a").closed == 1


async def test_a_stream_that_stalls_midway_is_given_up_too() -> None:
    pool = Pool(scripted("a", "dialogue", "您可以要求还款", piece=1, delay_s=0.03))
    with pytest.raises(DeadlineExceeded):
        await dispatch.ask(services(pool, model=0.1), REQUEST, "劳动", str)


async def test_the_model_is_told_its_deadline() -> None:
    pool = Pool(scripted("a", "dialogue"))
    await dispatch.ask(services(pool, model=7), REQUEST, "劳动", str)
    [request] = pool.generator("a").requests
    assert 5 < request.deadline - time.time() <= 7
    assert request.task == "dialogue"


async def test_leaving_the_stream_closes_the_models_work() -> None:
    pool = Pool(scripted("a", "dialogue", "您可以要求还款", piece=1))
    stream = aiter(dispatch.Asked(services(pool), REQUEST, "劳动"))
    assert (await anext(stream)).text == "您"
    await stream.aclose()
    assert pool.generator("a").closed == 1


async def test_a_cancelled_asker_cancels_the_model() -> None:
    pool = Pool(scripted("a", "dialogue", delay_s=30))
    task = asyncio.create_task(dispatch.ask(services(pool, model=60), REQUEST, "劳动", str))
    await asyncio.sleep(0.05)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert pool.generator("a").closed == 1


async def test_a_fault_that_is_no_model_error_is_not_hidden() -> None:
    class Broken:
        async def generate(self, request: GenerationRequest) -> AsyncIterator[Chunk]:
            raise ZeroDivisionError
            yield

        async def check(self) -> None: ...

    pool = Pool(scripted("a", "dialogue"), scripted("b", "dialogue"))
    pool.built["a"] = Broken()
    with pytest.raises(ZeroDivisionError):
        await dispatch.ask(services(pool), REQUEST, "劳动", str)


def test_abilities_of_tasks() -> None:
    assert [dispatch.ability_of(task) for task in ("keywords", "articles", "answer", "cases", "verify")] == [
        "keywords", "articles", "dialogue", None, None,
    ]  # fmt: skip
    assert issubclass(BadOutput, ModelError)


# Breakers, deadlines, decisions


def at(deadline_in: float, pool: Pool, **limits: float) -> Services:
    """Services of a call that has so many seconds left."""
    return services(pool, **limits).serving(Call(request="r1", deadline=time.time() + deadline_in))


async def test_a_model_that_keeps_failing_is_left_alone_then_probed_and_closed_again() -> None:
    clock, pool = (
        Clock(),
        Pool(scripted("a", "dialogue", "甲", failures=["ModelUnavailable"] * 4), scripted("b", "dialogue")),
    )
    pool.watch = Watch(BreakerRules(failures=2, rest=5), clock)

    async def by() -> tuple[str, int]:
        """Who answers the next request, and how many have come to the first model by then."""
        _, entry = await dispatch.ask(services(pool), REQUEST, "劳动", str)
        return entry.model, len(pool.generator("a").requests)

    assert [await by() for _ in range(3)] == [("b", 2)] * 3  # the two tries of the first request
    clock.now += 5
    assert await by() == ("b", 3)  # the probe fails unseen, and its request tries it no second time
    clock.now += 9
    assert await by() == ("b", 3)  # its rest is doubled
    clock.now += 1
    assert await by() == ("b", 4)
    clock.now += 20
    assert [await by() for _ in range(2)] == [("a", 5), ("a", 6)]
    assert pool.load("a").breaker == "closed"


async def test_only_one_request_at_a_time_is_the_probe() -> None:
    probed = card("a", "dialogue", rank=1, options={"replies": ("甲",), "delay_s": 0.05})
    clock, pool = Clock(), Pool(probed, scripted("b", "dialogue", "乙"))
    pool.watch = Watch(BreakerRules(failures=1, rest=5), clock)
    breaker = pool.watch.tracker("a").breaker
    breaker.fail(breaker.begin(), "超时")
    clock.now += 5
    said = await asyncio.gather(*(dispatch.ask(services(pool), REQUEST, "劳动", str) for _ in range(5)))
    assert sorted(text for text, _ in said) == ["乙"] * 4 + ["甲"]


async def test_bad_output_counts_and_is_replaced_unseen() -> None:
    def read(text: str) -> str:
        if text != "乙":
            raise BadOutput("misshapen")
        return text

    pool = Pool(scripted("a", "dialogue", "甲", piece=1), scripted("b", "dialogue", "乙"))
    pool.watch = Watch(BreakerRules(failures=2))
    for _ in range(2):
        assert (await dispatch.ask(services(pool), REQUEST, "劳动", read))[0] == "乙"
    assert len(pool.generator("a").requests) == 2  # another try at the same model is pointless
    assert pool.load("a").breaker == "open"


async def test_a_failure_in_the_middle_is_replaced_unseen_where_nothing_is_passed_on() -> None:
    pool = Pool(
        scripted("a", "dialogue", "您可以要求还款", piece=2, failures=["ModelUnavailable"] * 9, after=2),
        scripted("b", "dialogue", "乙"),
    )
    text, entry = await dispatch.ask(services(pool), REQUEST, "劳动", str)
    assert (text, entry.model) == ("乙", "b")


async def test_a_stand_in_that_cannot_do_it_does_not_hide_that_the_model_is_left_alone() -> None:
    pool = Pool(scripted("a", "dialogue"), scripted("b", "dialogue", failures=["BadRequest"] * 9))
    pool.watch = Watch(BreakerRules(failures=1))
    breaker = pool.watch.tracker("a").breaker
    breaker.fail(breaker.begin(), "内存不足")
    with pytest.raises(ModelUnavailable, match="内存不足"):
        await dispatch.ask(services(pool), REQUEST, "劳动", str)


async def test_a_model_gets_no_more_than_what_remains_and_the_requests_id() -> None:
    pool = Pool(scripted("a", "dialogue"))
    served = at(1.5, pool, model=7)
    await dispatch.ask(served, REQUEST, "劳动", str)
    [request] = pool.generator("a").requests
    assert request.deadline == pytest.approx(served.deadline, abs=0.05)
    assert request.id == "r1"


async def test_past_the_deadline_no_model_is_begun_and_none_is_tried_next() -> None:
    pool = Pool(scripted("a", "dialogue"), scripted("b", "dialogue"))
    with pytest.raises(DeadlineExceeded):
        await dispatch.ask(at(-1, pool), REQUEST, "劳动", str)
    assert pool.generator("a").requests == pool.generator("b").requests == []
    slow = Pool(scripted("a", "dialogue", delay_s=5), scripted("b", "dialogue"))
    with pytest.raises(DeadlineExceeded):
        await dispatch.ask(at(0.1, slow), REQUEST, "劳动", str)
    assert slow.generator("b").requests == []


async def test_a_client_in_a_hurry_does_not_open_a_breaker() -> None:
    pool = Pool(scripted("a", "dialogue", delay_s=5))
    pool.watch = Watch(BreakerRules(failures=1))
    with pytest.raises(DeadlineExceeded):
        await dispatch.ask(at(0.05, pool), REQUEST, "劳动", str)
    assert pool.load("a").breaker == "closed"


async def test_what_is_too_long_for_a_model_goes_to_the_next_at_once() -> None:
    pool = Pool(scripted("a", "dialogue", failures=["ContextLengthExceeded"] * 9), scripted("b", "dialogue", "乙"))
    text, _ = await dispatch.ask(services(pool), REQUEST, "劳动", str)
    assert text == "乙"
    assert len(pool.generator("a").requests) == 1
    assert pool.load("a").failures == 0


async def test_a_model_that_left_meanwhile_is_replaced() -> None:
    class Leaving(Pool):
        def generator(self, name: str) -> Any:
            return super().generator(name if name != "a" else "gone")

    pool = Leaving(scripted("a", "dialogue"), scripted("b", "dialogue", "乙"))
    assert (await dispatch.ask(services(pool), REQUEST, "劳动", str))[0] == "乙"


async def test_each_decision_is_kept_and_logged_without_the_clients_words(caplog: pytest.LogCaptureFixture) -> None:
    pool = Pool(scripted("a", "dialogue", failures=["ModelOverloaded"] * 9), scripted("b", "dialogue", "乙"))
    secret = REQUEST.model_copy(update={"messages": (Message(role="user", content="我叫王小明"),)})
    with caplog.at_level("INFO", "lexhub.decisions"):
        await dispatch.ask(at(9, pool), secret, "劳动", str)
    [decision] = pool.watch.decisions.latest(10)
    assert (decision.request, decision.task, decision.chosen, decision.model) == ("r1", "dialogue", "a", "b")
    assert decision.failed == ("a: model_overloaded", "a: model_overloaded")
    assert decision.error == "" and "b" in decision.others
    [line] = [record.getMessage() for record in caplog.records]
    assert json.loads(line)["model"] == "b"
    assert "王小明" not in line


async def test_failures_and_clients_that_leave_are_told_in_the_decision() -> None:
    pool = Pool(scripted("a", "dialogue", "您可以要求还款", piece=1, failures=[None, "BadRequest"]))
    stream = aiter(dispatch.Asked(services(pool), REQUEST, "劳动"))
    await anext(stream)
    await stream.aclose()
    with pytest.raises(BadRequest):
        await dispatch.ask(services(pool), REQUEST, "劳动", str)
    assert [(one.model, one.error) for one in pool.watch.decisions.latest(10)] == [
        ("", "bad_model_request"), ("", "left"),
    ]  # fmt: skip
