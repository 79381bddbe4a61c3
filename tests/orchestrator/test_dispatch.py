"""Asking models: fallback before the first chunk, none after it, deadlines, retries, and what the trace says."""

import asyncio
import time
from collections.abc import AsyncIterator

import pytest

from models.contracts import (
    BadOutput,
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
from orchestrator.selection import NoModel
from orchestrator.services import Limits, Services
from tests.orchestrator.doubles import Library, Pool, card, scripted

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
            services(Pool(scripted("a", "dialogue"), stand_in)), REQUEST.model_copy(update={"adapter": "tuned"}), "", str
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
