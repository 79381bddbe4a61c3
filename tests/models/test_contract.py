"""The promises of models.contracts, over every backend; a new backend fails here until it has a row in BACKENDS."""

import asyncio
import json
import pickle
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import ValidationError

from models import registry
from models.backends.http_endpoint import HttpEndpoint, Options
from models.contracts import (
    AnswerPlan,
    Generator,
    Ground,
    ModelCard,
    ModelError,
    ModelUnavailable,
    Sampling,
    Source,
)
from tests.models import tiny
from tests.models.conftest import ask, collect

SOURCE = Source(id="民法典#1079", name="《民法典》第一千零七十九条", excerpt="感情破裂的应准离婚", quoted=False)
PLAN = AnswerPlan(
    kind="brief", field="婚姻家庭", conclusions=("可以起诉离婚",), grounds=(Ground(says="感情破裂", sources=(SOURCE,)),)
)
REQUEST = ask("我想离婚", plan=PLAN, sampling=Sampling(max_tokens=16))


def spoken(request: httpx.Request) -> httpx.Response:
    """A stub of an OpenAI-compatible server."""
    if request.method == "GET":
        return httpx.Response(200, json={"data": [{"id": "m"}]})
    events: list[dict[str, Any]] = [{"choices": [{"delta": {"content": text}}]} for text in ("可以", "起诉")]
    events.append({"choices": [{"delta": {}, "finish_reason": "stop"}], "usage": {"prompt_tokens": 1}})
    return httpx.Response(200, text="".join(f"data: {json.dumps(event)}\n\n" for event in events))


def built(backend: str, options: dict[str, Any]) -> Generator:
    values = {"name": "x", "label": "x", "backend": backend, "abilities": ["dialogue"], "options": options}
    return registry.build(ModelCard.model_validate(values))


def endpoint(_: Path, __: Path) -> Generator:
    options = {"base_url": "http://model.test/v1", "backoff_s": 0}
    return HttpEndpoint(Options.model_validate(options), httpx.MockTransport(spoken))


# How to build each backend, from a folder of n-gram weights and one with a tiny checkpoint.
BACKENDS: dict[str, Callable[[Path, Path], Generator]] = {
    "composer": lambda _, __: built("composer", {}),
    "http_endpoint": endpoint,
    "neighbours": lambda _, __: built("neighbours", {"weights": "keyword"}),
    "ngram": lambda weights, _: built("ngram", {"task": "articles", "weights": str(weights)}),
    "scripted": lambda _, __: built("scripted", {"replies": ["一二三四五六七八九十"]}),
    "transformers_local": lambda _, folder: built("transformers_local", {"model": str(folder)}),
}
# Options with which a backend can be built, but not serve.
BROKEN: dict[str, dict[str, Any]] = {
    "http_endpoint": {"base_url": "http://127.0.0.1:9/v1", "attempts": 1},
    "neighbours": {"weights": "/none"},
    "ngram": {"task": "plan", "weights": "/none"},
    "transformers_local": {"model": "/none"},
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tiny.checkpoint(tmp_path_factory.mktemp("contract"), context=8192)  # the prompts are ours, and long


@pytest.fixture(params=registry.backends())
async def model(request: pytest.FixtureRequest, ngram_weights: Path, folder: Path) -> AsyncIterator[Generator]:
    generator = BACKENDS[request.param](ngram_weights, folder)
    yield generator
    if hasattr(generator, "aclose"):
        await generator.aclose()


async def test_it_can_be_checked(model: Generator) -> None:
    await model.check()
    await model.check()


async def test_the_last_chunk_and_no_other_has_a_reason_and_the_usage(model: Generator) -> None:
    text, chunks = await collect(model, REQUEST)
    assert text
    assert chunks[-1].finish_reason in ("stop", "length")
    assert chunks[-1].usage is not None
    assert all(chunk.finish_reason is None and chunk.usage is None for chunk in chunks[:-1])


async def test_closing_early_is_clean_and_the_model_still_serves(model: Generator) -> None:
    whole, _ = await collect(model, REQUEST)
    running = asyncio.all_tasks()
    for _ in range(3):
        stream = model.generate(REQUEST)
        await anext(stream)
        await stream.aclose()  # type: ignore[attr-defined]
        with pytest.raises(StopAsyncIteration):
            await anext(stream)
    assert asyncio.all_tasks() <= running
    assert (await collect(model, REQUEST))[0] == whole


async def test_a_cancelled_task_leaves_the_model_serving(model: Generator) -> None:
    await model.check()
    task = asyncio.create_task(collect(model, REQUEST))
    await asyncio.sleep(0.01)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert (await collect(model, REQUEST))[0]


async def test_concurrent_calls_do_not_mix(model: Generator) -> None:
    alone, _ = await collect(model, REQUEST)
    together = await asyncio.gather(*(collect(model, REQUEST) for _ in range(4)))
    assert [text for text, _ in together] == [alone] * 4


@pytest.mark.parametrize("backend", registry.backends())
def test_unknown_options_are_refused(backend: str) -> None:
    with pytest.raises(ModelError, match="colour"):
        built(backend, {"colour": "red"})


@pytest.mark.parametrize("backend", sorted(BROKEN))
async def test_a_model_that_cannot_serve_says_so_in_both_ways(backend: str) -> None:
    model = built(backend, BROKEN[backend])
    with pytest.raises(ModelUnavailable, match=r".{10}"):
        await model.check()
    with pytest.raises(ModelUnavailable):
        await collect(model, REQUEST)


@pytest.mark.parametrize("error", ModelError.__subclasses__())
def test_errors_survive_pickling_and_have_codes_of_their_own(error: type[ModelError]) -> None:
    back = pickle.loads(pickle.dumps(error("reason")))
    assert type(back) is error
    assert str(back) == "reason"
    assert len({one.code for one in ModelError.__subclasses__()}) == len(ModelError.__subclasses__())


def test_values_are_frozen() -> None:
    with pytest.raises(ValidationError):
        REQUEST.messages = ()  # type: ignore[misc]
